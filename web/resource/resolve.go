package resource

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"qlgraph/graph"
	"qlgraph/graph/rdf"
	"qlgraph/ontology"
	"qlgraph/ontology/courseid"
)

// resolve returns the aggregator's IRI of the course that text identifies, ""
// where no published course has the identifier. Identifiers that are not of the
// known forms may be the IRIs that providers use themselves.
func resolve(snap graph.Snapshot, base, text string) (string, error) {
	a := newAssembly(newReader(snap), base)
	id, err := courseid.Parse(base, text)
	switch {
	case err == nil && id.UUID == "":
		return a.known(id.IRI(base))
	case err == nil:
		return a.byName(id.UUID)
	case strings.Contains(text, ":") && !strings.ContainsAny(text, " <>\"{}|\\^`"):
		return a.byName(text)
	}
	return "", errors.Join(errMalformed, fmt.Errorf("resolve: %w", err))
}

// known returns iri where a source describes it.
func (a *assembly) known(iri string) (string, error) {
	subject, err := a.subject(rdf.IRI(iri), authority(a.base, iri))
	if err != nil || subject.IsZero() {
		return "", err
	}
	return iri, nil
}

// byName finds the course with the given IRI as a subject or as owl:sameAs.
func (a *assembly) byName(name string) (string, error) {
	subject, err := a.subject(rdf.IRI(name), a.base+"/graph/source/")
	if err != nil || subject.IsZero() {
		return "", err
	}
	prefix := a.base + "/course/"
	if strings.HasPrefix(subject.Value(), prefix) {
		return subject.Value(), nil
	}
	quads, err := a.match(subject, rdf.IRI(ontology.OWL+"sameAs"), rdf.Term{})
	quads = published(quads, a.base+"/graph/source/")
	if err != nil {
		return "", err
	}
	i := slices.IndexFunc(quads, func(q rdf.Quad) bool { return strings.HasPrefix(q.O.Value(), prefix) })
	if i < 0 {
		return "", nil
	}
	return quads[i].O.Value(), nil
}
