package protocol

import (
	"net/http"
	"strconv"

	"qlgraph/graph"
	"qlgraph/graph/rdf"
	"qlgraph/graph/rdfio"
	"qlgraph/ontology"
	"qlgraph/sparql/expr"
	"qlgraph/sparql/results"
)

// sd is the namespace of SPARQL 1.1 Service Description.
const sd = "http://www.w3.org/ns/sparql-service-description#"

// ServiceNode is the label of the blank node that Config.Description describes.
const ServiceNode = "service"

// formats is the namespace of the W3C's IRIs for file formats.
const formats = "http://www.w3.org/ns/formats/"

var resultFormatIRIs = map[results.Format]string{
	results.JSON: formats + "SPARQL_Results_JSON",
	results.XML:  formats + "SPARQL_Results_XML",
	results.CSV:  formats + "SPARQL_Results_CSV",
	results.TSV:  formats + "SPARQL_Results_TSV",
}

var rdfFormatIRIs = map[rdfio.Format]string{
	rdfio.Turtle:   formats + "Turtle",
	rdfio.TriG:     formats + "TriG",
	rdfio.NTriples: formats + "N-Triples",
	rdfio.NQuads:   formats + "N-Quads",
	rdfio.RDFXML:   formats + "RDF_XML",
	rdfio.JSONLD:   formats + "JSON-LD",
}

// describe answers with the service description (SPARQL 1.1 Service
// Description §2).
func (x *exchange) describe(o operation) error {
	format, content, err := x.chooseRDF(o.format())
	if err != nil {
		return err
	}
	h := x.out.w.Header()
	h.Set("Content-Type", content)
	h.Set("Cache-Control", "no-cache")
	quads, err := x.description()
	if err != nil {
		return err
	}
	w := x.graphWriter(format)
	for _, q := range quads {
		if err := w.encode(q); err != nil {
			return err
		}
	}
	if err := w.close(); err != nil {
		return err
	}
	return x.out.finish()
}

// description lists what the service can do.
func (x *exchange) description() ([]rdf.Quad, error) {
	var d serviceDescription
	service, say, typed := rdf.Blank(ServiceNode), d.say, d.typed
	typed(service, "Service")
	say(service, "endpoint", rdf.IRI(x.requestURL()))
	say(service, "supportedLanguage", rdf.IRI(sd+"SPARQL11Query"))
	if x.config.Writer != nil {
		say(service, "supportedLanguage", rdf.IRI(sd+"SPARQL11Update"))
	}
	if x.config.DefaultGraphUnion {
		say(service, "feature", rdf.IRI(sd+"UnionDefaultGraph"))
	}
	if x.config.Federation {
		say(service, "feature", rdf.IRI(sd+"BasicFederatedQuery"))
	}
	for _, f := range results.Formats {
		say(service, "resultFormat", rdf.IRI(resultFormatIRIs[f]))
	}
	said := map[rdfio.Format]bool{}
	for _, offer := range x.graphs {
		if !said[offer.format] {
			said[offer.format] = true
			say(service, "resultFormat", rdf.IRI(rdfFormatIRIs[offer.format]))
			say(service, "inputFormat", rdf.IRI(rdfFormatIRIs[offer.format]))
		}
	}
	for _, f := range expr.ExtensionIRIs() {
		typed(rdf.IRI(f), "Function")
		say(service, "extensionFunction", rdf.IRI(f))
	}
	if ok, err := x.searchable(); err != nil {
		return nil, err
	} else if ok {
		typed(rdf.IRI(ontology.Text+"query"), "Feature")
		say(service, "propertyFeature", rdf.IRI(ontology.Text+"query"))
	}
	graphs, err := x.namedGraphs()
	if err != nil {
		return nil, err
	}
	d.dataset(service, graphs)
	return append(d.quads, x.config.Description...), nil
}

// serviceDescription is being written.
type serviceDescription struct{ quads []rdf.Quad }

func (d *serviceDescription) say(s rdf.Term, property string, o rdf.Term) {
	d.quads = append(d.quads, rdf.Triple(s, rdf.IRI(sd+property), o))
}

func (d *serviceDescription) typed(s rdf.Term, class string) {
	d.quads = append(d.quads, rdf.Triple(s, rdf.IRI(rdf.RDFType), rdf.IRI(sd+class)))
}

// dataset describes the graphs that are asked without FROM.
func (d *serviceDescription) dataset(of rdf.Term, graphs []rdf.Term) {
	dataset, unnamed := rdf.Blank("dataset"), rdf.Blank("default")
	d.say(of, "defaultDataset", dataset)
	d.typed(dataset, "Dataset")
	d.say(dataset, "defaultGraph", unnamed)
	d.typed(unnamed, "Graph")
	for i, name := range graphs {
		node := rdf.Blank("graph" + strconv.Itoa(i))
		d.say(dataset, "namedGraph", node)
		d.typed(node, "NamedGraph")
		d.say(node, "name", name)
	}
}

// searchable reports whether the dataset has a full-text index.
func (x *exchange) searchable() (bool, error) {
	s, err := x.config.Dataset.Snapshot(x.r.Context())
	if err != nil {
		return false, err
	}
	_, ok := s.(graph.TextIndex)
	return ok, s.Close()
}

// maxNamedGraphs bounds the graphs that a description lists; a dataset with more
// is asked by a query.
const maxNamedGraphs = 1000

func (x *exchange) namedGraphs() ([]rdf.Term, error) {
	s, err := x.config.Dataset.Snapshot(x.r.Context())
	if err != nil {
		return nil, err
	}
	defer s.Close()
	ids, err := graph.NamedGraphs(s)
	if err != nil {
		return nil, err
	}
	ids = ids[:min(len(ids), maxNamedGraphs)]
	names := make([]rdf.Term, len(ids))
	return names, s.Terms(ids, names)
}

// requestURL is where the request was sent: what a client calls the endpoint.
func (x *exchange) requestURL() string {
	scheme := "http"
	if x.r.TLS != nil {
		scheme = "https"
	}
	u := *x.r.URL
	u.Scheme, u.Host, u.RawQuery, u.Fragment = scheme, x.r.Host, "", ""
	return u.String()
}

// isRead reports whether a method changes nothing.
func isRead(method string) bool { return method == http.MethodGet || method == http.MethodHead }
