package opendata

import (
	"errors"
	"maps"
	"net/http"
	"slices"
	"strings"
	"time"

	"qlgraph/graph"
	"qlgraph/graph/rdf"
	"qlgraph/graph/rdfio"
	"qlgraph/ontology"
	"qlgraph/ontology/courseid"
	"qlgraph/web/dumps"
)

// Void describes the dataset in VoID, with the counts that the store keeps.
func (h *Handler) Void(w http.ResponseWriter, r *http.Request) {
	s := choose(w, r)
	if s == nil {
		return
	}
	d := &description{base: h.config.BaseIRI}
	err := h.view(r.Context(), func(snap graph.Snapshot) error { return h.void(d, snap) })
	if err != nil {
		fail(w, r, err)
		return
	}
	send(w, r, s, "/void", d.quads, time.Time{})
}

func (h *Handler) void(d *description, snap graph.Snapshot) error {
	statistics, ok := snap.(interface {
		graph.Statistics
		graph.DatasetStatistics
	})
	if !ok {
		return errors.New("the store keeps no statistics")
	}
	edition, _, err := dumps.Current(h.config.Dumps)
	if err != nil {
		return err
	}
	whole := d.dataset("", "")
	document := rdf.IRI(d.base + "/.well-known/void")
	d.iri(document, rdf.RDFType, ontology.VOID+"DatasetDescription")
	d.add(document, ontology.FOAF+"primaryTopic", whole)
	d.iri(whole, rdf.RDFType, ontology.VOID+"Dataset")
	d.text(whole, ontology.DCTerms+"title", datasetTitle)
	d.text(whole, ontology.DCTerms+"description", datasetAbout)
	d.iri(whole, ontology.DCTerms+"license", h.config.License)
	d.iri(whole, ontology.FOAF+"homepage", d.base+"/")
	d.iri(whole, ontology.VOID+"sparqlEndpoint", d.base+"/sparql")
	d.iri(whole, ontology.VOID+"uriLookupEndpoint", d.base+"/resolve?id=")
	d.add(whole, ontology.VOID+"uriSpace", rdf.Literal(d.base+"/"))
	for _, name := range []string{"Turtle", "JSON-LD", "RDF_XML", "N-Triples", "N-Quads", "TriG"} {
		d.iri(whole, ontology.VOID+"feature", formats+name)
	}
	for _, vocabulary := range []string{ontology.QL, ontology.ELM, ontology.DCTerms, ontology.SKOS, ontology.ADMS, ontology.PROV, ontology.SHACL} {
		d.iri(whole, ontology.VOID+"vocabulary", vocabulary)
	}
	if err := d.totals(whole, statistics); err != nil {
		return err
	}
	if err := d.partitions(whole, snap, statistics); err != nil {
		return err
	}
	if edition != nil {
		d.dumped(edition)
	}
	return d.subsets(whole, snap, statistics)
}

func (d *description) totals(whole rdf.Term, statistics graph.DatasetStatistics) error {
	totals, err := statistics.Totals()
	d.count(whole, ontology.VOID+"triples", totals.Triples)
	d.count(whole, ontology.VOID+"distinctSubjects", totals.Subjects)
	d.count(whole, ontology.VOID+"distinctObjects", totals.Objects)
	return err
}

// partitions counts the uses of each property and the instances of each class.
func (d *description) partitions(whole rdf.Term, snap graph.Snapshot, statistics graph.Statistics) error {
	predicates, err := statistics.Predicates()
	if err != nil {
		return err
	}
	classes, err := statistics.Classes()
	if err != nil {
		return err
	}
	d.count(whole, ontology.VOID+"properties", int64(len(predicates)))
	d.count(whole, ontology.VOID+"classes", int64(len(classes)))
	terms := make([]rdf.Term, len(predicates)+len(classes))
	if err := snap.Terms(append(predicates[:len(predicates):len(predicates)], classes...), terms); err != nil {
		return err
	}
	for i, p := range predicates {
		counts, err := statistics.Predicate(p)
		if err != nil {
			return err
		}
		node := d.node()
		d.add(whole, ontology.VOID+"propertyPartition", node)
		d.add(node, ontology.VOID+"property", terms[i])
		d.count(node, ontology.VOID+"triples", counts.Quads)
		d.count(node, ontology.VOID+"distinctSubjects", counts.Subjects)
		d.count(node, ontology.VOID+"distinctObjects", counts.Objects)
	}
	for i, class := range classes {
		n, err := statistics.Instances(class)
		if err != nil {
			return err
		}
		node := d.node()
		d.add(whole, ontology.VOID+"classPartition", node)
		d.add(node, ontology.VOID+"class", terms[len(predicates)+i])
		d.count(node, ontology.VOID+"entities", n)
	}
	return nil
}

// dumped names the RDF dumps of each share.
func (d *description) dumped(e *dumps.Edition) {
	for _, c := range e.Collections {
		for _, f := range c.Files {
			if rdfio.ByMediaType(f.MediaType) != 0 {
				d.iri(d.dataset(c.Kind, courseid.Escape(c.ID)), ontology.VOID+"dataDump", d.base+dumpPath(f.Path))
			}
		}
	}
}

// subsets describes what each provider publishes: its source graphs together.
func (d *description) subsets(whole rdf.Term, snap graph.Snapshot, statistics graph.DatasetStatistics) error {
	ids, err := graph.NamedGraphs(snap)
	if err != nil {
		return err
	}
	names := make([]rdf.Term, len(ids))
	if err := snap.Terms(ids, names); err != nil {
		return err
	}
	quads := map[string]int64{}
	for i, name := range names {
		rest, published := strings.CutPrefix(name.Value(), d.base+"/graph/source/")
		code, _, named := strings.Cut(rest, "/")
		if !published || !named {
			continue
		}
		counts, err := statistics.Graph(ids[i])
		if err != nil {
			return err
		}
		if _, known := quads[code]; !known {
			subset := d.dataset(dumps.Provider, code)
			d.add(whole, ontology.VOID+"subset", subset)
			d.iri(subset, rdf.RDFType, ontology.VOID+"Dataset")
			d.iri(subset, ontology.DCTerms+"publisher", d.base+"/provider/"+code)
		}
		quads[code] += counts.Quads
	}
	for _, code := range slices.Sorted(maps.Keys(quads)) {
		d.count(d.dataset(dumps.Provider, code), ontology.VOID+"triples", quads[code])
	}
	return nil
}
