"""RDFLib's SPARQLStore and SPARQLUpdateStore against URL with TOKEN."""
from rdflib import Dataset, Graph, Literal, Namespace, URIRef, XSD
from rdflib.plugins.stores.sparqlstore import SPARQLStore, SPARQLUpdateStore

from checks import TOKEN, URL, check, raises

E = Namespace("http://example.org/")

count = "SELECT (COUNT(?c) AS ?n) { ?c a <http://example.org/Course> }"
for fmt in ("xml", "json", "csv", "tsv"):
    g = Graph(SPARQLStore(URL + "/sparql", returnFormat=fmt))
    check("SELECT as " + fmt, lambda: int(list(g.query(count))[0][0]), 3)
for method in ("GET", "POST", "POST_FORM"):
    g = Graph(SPARQLStore(URL + "/sparql", method=method))
    check("by " + method, lambda: int(list(g.query(count))[0][0]), 3)

g = Graph(SPARQLStore(URL + "/sparql"))
check("len", lambda: len(g), 17)
check("triples", lambda: len(list(g.triples((E.c1, None, None)))), 7)
check("value", lambda: g.value(E.c2, E.title), Literal("Chemie", lang="de"))
check("contains", lambda: (E.c2, E.open, Literal(True)) in g, True)
check("ASK", lambda: g.query("ASK { ?s ?p 5 }").askAnswer, True)
check("CONSTRUCT", lambda: len(g.query("CONSTRUCT WHERE { ?s <http://example.org/next> ?o }").graph), 2)
check("DESCRIBE", lambda: len(g.query("DESCRIBE <http://example.org/c1>").graph), 8)
check("initBindings", lambda: len(list(g.query("SELECT ?p ?o { ?s ?p ?o }", initBindings={"s": E.c2}))), 5)
check("objects in order", lambda: sorted(str(o) for o in g.objects(E.c1, E.title)), ["Physics", 'Physique "générale"\nI'])
check("transitive path", lambda: len(list(g.query("SELECT ?x { <http://example.org/c3> <http://example.org/next>+ ?x }"))), 2)
raises("syntax error", lambda: g.query("SELECT * { ?s"), "wrong formulating")

store = SPARQLUpdateStore(URL + "/sparql", URL + "/update", headers={"Authorization": "Bearer " + TOKEN})
h = Graph(store, identifier=E.g)
values = [Literal('é "q" \\ \n\t', lang="fr"), Literal(5), Literal("2026-09-01", datatype=XSD.date), Literal("1.50", datatype=XSD.decimal), URIRef("http://example.org/ü"), Literal("")]
for v in values:
    h.add((E.s, E.p, v))
check("add, and read back", lambda: set(h.objects(E.s, E.p)) == set(values), True)
h.remove((E.s, E.p, Literal(5)))
check("remove", lambda: len(h), len(values) - 1)
h.addN([(E.s, E.q, Literal(i), h) for i in range(500)])
check("addN", lambda: len(h), len(values) + 499)
check("contexts", lambda: E.g in [c.identifier if hasattr(c, "identifier") else c for c in Dataset(store=SPARQLStore(URL + "/sparql")).store.contexts()], True)
store.update("DELETE WHERE { GRAPH <http://example.org/g> { ?s <http://example.org/q> ?o } }")
check("update", lambda: len(h), len(values) - 1)
store.update("CLEAR GRAPH <http://example.org/g>")
check("clear", lambda: len(h), 0)
late = SPARQLUpdateStore(URL + "/sparql", URL + "/update", headers={"Authorization": "Bearer " + TOKEN}, autocommit=False)
k = Graph(late, identifier=E.g)
k.add((E.s, E.p, E.o))
late.rollback()
check("rollback", lambda: len(h), 0)
k.add((E.s, E.p, E.o))
late.commit()
check("commit", lambda: len(h), 1)
check("Basic", lambda: SPARQLUpdateStore(URL + "/qualitylink/sparql", URL + "/qualitylink/update", auth=("any", TOKEN)).update("INSERT DATA {}"), None)
raises("no token", lambda: SPARQLUpdateStore(URL + "/sparql", URL + "/update").update("CLEAR ALL"), "401")
for fmt in ("turtle", "xml", "nt", "json-ld"):
    check("graph store as " + fmt, lambda: len(Graph().parse(URL + "/data?default", format=fmt)), 17)
check("graph store, negotiated", lambda: len(Graph().parse(URL + "/data?default")), 17)
