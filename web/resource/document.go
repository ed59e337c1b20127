package resource

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"qlgraph/graph"
	"qlgraph/graph/rdf"
	"qlgraph/ontology"
)

// maxDocumentQuads bounds a document. A course with all its offerings takes a
// few hundred quads; a source that hangs half its catalogue under one node must
// not make a page of it.
const maxDocumentQuads = 50_000

// Document is what the graph says of one thing.
type Document struct {
	Subject   rdf.Term   // the thing, as the graph names it
	Alias     rdf.Term   // the aggregator's own IRI of it, where that is another
	Offerings []rdf.Term // its instances, sorted
	Quads     []rdf.Quad // sorted, without graph: closure, offerings, labels
	Graphs    []rdf.Term // the source graphs that it comes from, sorted
	labels    []rdf.Quad // the part of Quads that only names what is pointed to

	// What follows is nobody's statement but the answer's own.
	Status  int       // HTTP status where it is not 200: of a tombstone 410
	Changed time.Time // when the thing got this state; zero: not known
	Moment  time.Time // of a past state: when it came into force
	Memento string    // of a past state: the path of its document
	Links   []Link    // besides those that every document has
	Notes   []Note    // for people: what is particular about this document
}

// Note is a remark above a page: that a course was withdrawn, that a state is
// past, with where to go instead.
type Note struct {
	Text  string
	Links []Link // shown by their Title
}

// assembly collects a Document.
type assembly struct {
	*reader
	base      string
	authority string // see authority
	doc       *Document
	quads     map[rdf.Quad]bool
	seen      map[rdf.Term]bool
	pointed   map[rdf.Term]bool
}

// Assemble returns the document of the course, offering or institution with the
// aggregator's IRI iri, and nil where no source describes it. base is the
// aggregator's base IRI.
func Assemble(snap graph.Snapshot, base, iri string) (*Document, error) {
	a := newAssembly(snap, base, iri)
	if err := a.thing(iri); err != nil || a.doc.Subject.IsZero() {
		return nil, err
	}
	if err := a.labels(); err != nil {
		return nil, err
	}
	a.finish()
	return a.doc, nil
}

func newAssembly(snap graph.Snapshot, base, iri string) *assembly {
	return &assembly{
		reader: newReader(snap), base: base, authority: authority(base, iri), doc: &Document{},
		quads: map[rdf.Quad]bool{}, seen: map[rdf.Term]bool{}, pointed: map[rdf.Term]bool{},
	}
}

// thing collects what the sources say of the thing, nothing where they do not
// describe it.
func (a *assembly) thing(iri string) error {
	subject, err := a.subject(rdf.IRI(iri))
	if err != nil || subject.IsZero() {
		return err
	}
	a.doc.Subject = subject
	if subject.Value() != iri {
		a.doc.Alias = rdf.IRI(iri)
	}
	if err := a.describe(subject); err != nil {
		return err
	}
	return a.offerings(subject)
}

// subject finds the node that stands for alias in the published sources: the
// IRI itself or, where a provider's own IRI is the subject, the one that is
// owl:sameAs it.
func (a *assembly) subject(alias rdf.Term) (rdf.Term, error) {
	quads, err := a.published(a.about(alias))
	if err != nil {
		return rdf.Term{}, err
	}
	if slices.ContainsFunc(quads, func(q rdf.Quad) bool { return q.P.Value() == rdf.RDFType }) {
		return alias, nil
	}
	same, err := a.published(a.match(rdf.Term{}, rdf.IRI(ontology.OWL+"sameAs"), alias))
	if err != nil || len(same) == 0 {
		return rdf.Term{}, err
	}
	return slices.MinFunc(same, func(x, y rdf.Quad) int { return rdf.Compare(x.S, y.S) }).S, nil
}

// published keeps the quads of the graphs that are the authority on the thing:
// source graphs for courses, the reference graph for institutions. What the
// aggregator found about it is in others.
func (a *assembly) published(quads []rdf.Quad, err error) ([]rdf.Quad, error) {
	return slices.DeleteFunc(quads, func(q rdf.Quad) bool { return !strings.HasPrefix(q.G.Value(), a.authority) }), err
}

// authority is the IRI, or the beginning of the IRIs, of the graphs that
// describe the thing.
func authority(base, iri string) string {
	if strings.HasPrefix(iri, base+"/provider/") {
		return base + "/graph/reference"
	}
	return base + "/graph/source/"
}

// describe adds s and, to full depth, the helper nodes that exist only to
// describe it.
func (a *assembly) describe(s rdf.Term) error {
	if a.seen[s] {
		return nil
	}
	a.seen[s] = true
	quads, err := a.published(a.about(s))
	if err != nil {
		return err
	}
	for _, q := range quads {
		a.add(q)
		if len(a.quads) > maxDocumentQuads {
			return fmt.Errorf("%s: more than %d statements", a.doc.Subject.Value(), maxDocumentQuads)
		}
	}
	for _, q := range quads {
		if q.O.IsLiteral() || q.P.Value() == rdf.RDFType {
			continue
		}
		helper, err := a.isHelper(q)
		if err != nil {
			return err
		}
		if !helper {
			a.pointed[q.O] = true
		} else if err := a.describe(q.O); err != nil {
			return err
		}
	}
	return nil
}

func (a *assembly) add(q rdf.Quad) {
	a.quads[rdf.Triple(q.S, q.P, q.O)] = true
	if !slices.Contains(a.doc.Graphs, q.G) {
		a.doc.Graphs = append(a.doc.Graphs, q.G)
	}
}

// things are the classes whose instances have a document of their own, so that
// a description stops at them.
var things = []string{
	ontology.QL + "LearningOpportunitySpecification", ontology.QL + "LearningOpportunityInstance",
	ontology.QL + "HigherEducationInstitution", ontology.QL + "GroupOfHEIs",
	ontology.QL + "EuropeanUniversityAlliance", ontology.ELM + "Organisation", ontology.SKOS + "Concept",
}

// isHelper reports whether the object of q is described as a part of its
// subject: a blank node, an IRI minted below it, or a provider's own IRI in the
// same graph that is none of things.
func (a *assembly) isHelper(q rdf.Quad) (bool, error) {
	if q.O.IsBlank() {
		return true, nil
	}
	iri := q.O.Value()
	if strings.HasPrefix(iri, q.S.Value()+"#") || strings.HasPrefix(iri, a.base+"/.well-known/genid/") {
		return true, nil
	}
	quads, err := a.about(q.O)
	if err != nil {
		return false, err
	}
	inSameGraph := false
	for _, o := range quads {
		if o.P.Value() == rdf.RDFType && slices.Contains(things, o.O.Value()) {
			return false, nil
		}
		inSameGraph = inSameGraph || o.G == q.G
	}
	return inSameGraph, nil
}

// offerings describes the instances of the course s.
func (a *assembly) offerings(s rdf.Term) error {
	quads, err := a.published(a.match(rdf.Term{}, rdf.IRI(ontology.ELM+"learningAchievementSpecification"), s))
	if err != nil {
		return err
	}
	for _, q := range quads {
		if a.seen[q.S] {
			continue
		}
		a.doc.Offerings = append(a.doc.Offerings, q.S)
		delete(a.pointed, q.S)
		if err := a.describe(q.S); err != nil {
			return err
		}
	}
	slices.SortFunc(a.doc.Offerings, rdf.Compare)
	return nil
}

// labelling are the properties that name a thing, best first.
var labelling = []string{
	ontology.SKOS + "prefLabel", ontology.ROV + "legalName", ontology.DCTerms + "title", ontology.RDFS + "label",
}

// labels adds what names the things that the document points to.
func (a *assembly) labels() error {
	for o := range a.pointed {
		if a.seen[o] {
			continue
		}
		quads, err := a.about(o)
		if err != nil {
			return err
		}
		for _, q := range quads {
			triple := rdf.Triple(q.S, q.P, q.O)
			if slices.Contains(labelling, q.P.Value()) && !a.quads[triple] {
				a.quads[triple] = true
				a.doc.labels = append(a.doc.labels, triple)
			}
		}
	}
	return nil
}

func (a *assembly) finish() {
	a.doc.Quads = make([]rdf.Quad, 0, len(a.quads))
	for q := range a.quads {
		a.doc.Quads = append(a.doc.Quads, q)
	}
	slices.SortFunc(a.doc.Quads, rdf.CompareQuads)
	slices.SortFunc(a.doc.labels, rdf.CompareQuads)
	slices.SortFunc(a.doc.Graphs, rdf.Compare)
}

// publisher returns the IRI of who publishes the thing, "" where nobody is
// named.
func (d *Document) publisher() string {
	for _, property := range []string{ontology.DCTerms + "publisher", ontology.ELM + "providedBy"} {
		for _, q := range d.Quads {
			if q.S == d.Subject && q.P.Value() == property && q.O.IsIRI() {
				return q.O.Value()
			}
		}
	}
	return ""
}
