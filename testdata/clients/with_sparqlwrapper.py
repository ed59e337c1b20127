"""SPARQLWrapper against URL with TOKEN."""
from SPARQLWrapper import BASIC, CSV, GET, JSON, N3, POST, POSTDIRECTLY, RDFXML, TSV, TURTLE, XML, SPARQLWrapper, SPARQLWrapper2
from SPARQLWrapper.SPARQLExceptions import QueryBadFormed, Unauthorized

from checks import TOKEN, URL, check, raises


def wrapper(query, path="/sparql", form=None, method=None):
    w = SPARQLWrapper(URL + path)
    w.setQuery(query)
    if form:
        w.setReturnFormat(form)
    if method:
        w.setMethod(method)
    return w


title = 'SELECT ?t { ?c <http://example.org/title> ?t FILTER(LANG(?t) = "ja") }'
read = {
    JSON: lambda r: r["results"]["bindings"][0]["t"]["value"],
    XML: lambda r: r.getElementsByTagName("literal")[0].firstChild.data,
    CSV: lambda r: r.decode().splitlines()[1],
    TSV: lambda r: r.decode().splitlines()[1][1:-4],
}
for form, value in read.items():
    for method in (GET, POST):
        check(f"SELECT as {form} by {method}", lambda: value(wrapper(title, form=form, method=method).queryAndConvert()), "日本語")
for form in (TURTLE, N3, RDFXML, XML):
    def triples():
        r = wrapper("CONSTRUCT WHERE { ?s <http://example.org/next> ?o }", form=form).queryAndConvert()
        if isinstance(r, bytes):
            from rdflib import Graph
            r = Graph().parse(data=r, format="turtle")
        return len(r)
    check("CONSTRUCT as " + form, triples, 2)
check("ASK", lambda: wrapper("ASK { ?s ?p 5 }", form=JSON).queryAndConvert()["boolean"], True)
check("DESCRIBE", lambda: len(wrapper("DESCRIBE <http://example.org/c2>", form=RDFXML).queryAndConvert()), 5)
def second():
    w = SPARQLWrapper2(URL + "/sparql")
    w.setQuery("SELECT ?n { ?c <http://example.org/credits> ?n } ORDER BY ?c")
    return [b["n"].value for b in w.query().bindings]
check("SPARQLWrapper2", second, ["5", "10", "1.0e1"])
def graph():
    w = wrapper("SELECT * { ?s ?p ?o }", form=JSON)
    w.addParameter("default-graph-uri", "http://example.org/none")
    return len(w.queryAndConvert()["results"]["bindings"])
check("default-graph-uri", graph, 0)
check("long query", lambda: wrapper(title + " #" + "x" * 100_000, form=JSON, method=POST).queryAndConvert()["results"]["bindings"][0]["t"]["value"], "日本語")


def update(text, direct=False, basic=False, path="/update", token=TOKEN):
    w = wrapper(text, path=path, method=POST)
    if basic:
        w.setHTTPAuth(BASIC)
        w.setCredentials("any", token)
    elif token:
        w.addCustomHttpHeader("Authorization", "Bearer " + token)
    if direct:
        w.setRequestMethod(POSTDIRECTLY)
    return w.query().response.status


insert = "INSERT DATA { GRAPH <http://example.org/g> { <http://example.org/w> <http://example.org/c> 1 } }"
check("update by form", lambda: update(insert), 204)
check("update, direct", lambda: update(insert.replace("INSERT", "DELETE"), direct=True), 204)
check("update, Basic", lambda: update(insert, basic=True, path="/qualitylink/update"), 204)
check("what was inserted", lambda: wrapper("ASK { GRAPH <http://example.org/g> { ?s ?p 1 } }", form=JSON).queryAndConvert()["boolean"], True)
raises("update without a token", lambda: update(insert, token=None), Unauthorized)
raises("bad query", lambda: wrapper("SELECT ?s {", form=JSON).query(), QueryBadFormed)
