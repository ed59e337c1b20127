package resource

import (
	"slices"
	"strings"

	"qlgraph/graph"
	"qlgraph/graph/rdf"
	"qlgraph/ontology"
)

// maxFindings bounds the validation results that a document brings along.
const maxFindings = 1_000

// statementsAbout returns what the aggregator says about the statements of a
// document, in the graphs that say it: the sources and the run that brought
// them, and the findings of validation.
func statementsAbout(snap graph.Snapshot, base string, doc *Document) ([]rdf.Quad, error) {
	r := newReader(snap)
	origin, err := r.origin(base, doc)
	if err != nil {
		return nil, err
	}
	quads := origin
	if doc.Memento == "" { // findings are kept for the present only
		findings, err := r.findings(base, doc)
		if err != nil {
			return nil, err
		}
		quads = append(quads, findings...)
	}
	slices.SortFunc(quads, rdf.CompareQuads)
	return slices.Compact(quads), nil
}

// origin returns, from the provenance graph, where the source graphs of the
// document come from: the source, and the latest run that changed it, or the one
// that made a past state.
func (r *reader) origin(base string, doc *Document) ([]rdf.Quad, error) {
	provenance := rdf.IRI(base + "/graph/provenance")
	var quads []rdf.Quad
	take := func(s rdf.Term) ([]rdf.Quad, error) {
		about, err := r.aboutIn(provenance, s)
		quads = append(quads, about...)
		return about, err
	}
	for _, g := range doc.Graphs {
		about, err := take(g)
		if err != nil {
			return nil, err
		}
		for _, q := range about {
			if q.P.Value() == ontology.PROV+"wasDerivedFrom" {
				if _, err := take(q.O); err != nil {
					return nil, err
				}
			}
		}
		if !doc.Run.IsZero() {
			if _, err := take(doc.Run); err != nil {
				return nil, err
			}
			continue
		}
		runs, err := r.matchIn(provenance, rdf.Term{}, rdf.IRI(ontology.PROV+"generated"), g)
		if err != nil || len(runs) == 0 {
			return quads, err
		}
		latest := slices.MaxFunc(runs, func(a, b rdf.Quad) int { return rdf.Compare(a.S, b.S) }) // ids begin with the time
		if _, err := take(latest.S); err != nil {
			return nil, err
		}
	}
	return quads, nil
}

// findings returns, from the validation graphs, the results about the nodes of
// the document.
func (r *reader) findings(base string, doc *Document) ([]rdf.Quad, error) {
	focus, found, err := r.lookup(rdf.IRI(ontology.SHACL + "focusNode"))
	if err != nil || !found {
		return nil, err
	}
	var quads []rdf.Quad
	results := 0
	for i, q := range doc.Quads {
		if i > 0 && doc.Quads[i-1].S == q.S {
			continue
		}
		node, found, err := r.lookup(q.S)
		if err != nil {
			return nil, err
		}
		if !found {
			continue
		}
		about, err := r.scan(graph.Pattern{P: focus, O: node, Graphs: graph.EachNamed()})
		if err != nil {
			return nil, err
		}
		for _, result := range about {
			if !strings.HasPrefix(result.G.Value(), base+"/graph/validation/") {
				continue
			}
			if results++; results > maxFindings {
				return quads, nil
			}
			statements, err := r.aboutIn(result.G, result.S)
			if err != nil {
				return nil, err
			}
			quads = append(quads, statements...)
		}
	}
	return quads, nil
}
