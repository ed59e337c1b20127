package resource

import (
	"fmt"
	"maps"
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
	Offerings []rdf.Term // its instances, or the parts of a run, sorted
	Quads     []rdf.Quad // sorted, without graph: closure, offerings, labels
	Graphs    []rdf.Term // the source graphs that it comes from, sorted; none for other things than courses
	labels    []rdf.Quad // the part of Quads that only names what is pointed to

	// What follows is nobody's statement but the answer's own.
	Status  int       // HTTP status where it is not 200: of a tombstone 410
	Changed time.Time // when the thing got this state; zero: not known
	Moment  time.Time // of a past state: when it came into force
	Memento string    // of a past state: the path of its document
	Run     rdf.Term  // of a past state or a tombstone: the activity that made it
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
	base    string
	doc     *Document
	quads   []rdf.Quad // triples, with repetitions
	seen    map[rdf.Term]bool
	pointed map[rdf.Term]bool
	memo    map[rdf.Term][]rdf.Quad // what about returned
}

// Assemble returns the document of the thing with the aggregator's IRI iri, and
// nil where no graph that has to say describes it. base is the aggregator's
// base IRI.
func Assemble(snap graph.Snapshot, base, iri string) (*Document, error) {
	return assemble(newReader(snap), base, iri)
}

func assemble(r *reader, base, iri string) (*Document, error) {
	a := newAssembly(r, base)
	if err := a.thing(iri); err != nil || a.doc.Subject.IsZero() {
		return nil, err
	}
	if err := a.publishers(); err != nil {
		return nil, err
	}
	if err := a.labels(); err != nil {
		return nil, err
	}
	a.finish()
	return a.doc, nil
}

func newAssembly(r *reader, base string) *assembly {
	return &assembly{
		reader: r, base: base, doc: &Document{},
		seen: map[rdf.Term]bool{}, pointed: map[rdf.Term]bool{}, memo: map[rdf.Term][]rdf.Quad{},
	}
}

// thing collects what the graphs that have to say state of the thing, nothing
// where they do not describe it.
func (a *assembly) thing(iri string) error {
	says := authority(a.base, iri)
	subject, err := a.subject(rdf.IRI(iri), says)
	if err != nil || subject.IsZero() {
		return err
	}
	a.doc.Subject = subject
	if subject.Value() != iri {
		a.doc.Alias = rdf.IRI(iri)
	}
	if err := a.describe(subject, says); err != nil {
		return err
	}
	return a.offerings(subject, says)
}

// about is the reader's, but reads each node once.
func (a *assembly) about(s rdf.Term) ([]rdf.Quad, error) {
	if quads, read := a.memo[s]; read {
		return quads, nil
	}
	quads, err := a.reader.about(s)
	a.memo[s] = quads
	return quads, err
}

// subject finds the node that stands for alias in the graphs that have to say:
// the IRI itself or, where a provider's own IRI is the subject, the one that is
// owl:sameAs it.
func (a *assembly) subject(alias rdf.Term, says string) (rdf.Term, error) {
	quads, err := a.about(alias)
	if err != nil {
		return rdf.Term{}, err
	}
	if slices.ContainsFunc(published(quads, says), func(q rdf.Quad) bool { return isDescription(q) }) {
		return alias, nil
	}
	same, err := a.match(rdf.Term{}, rdf.IRI(ontology.OWL+"sameAs"), alias)
	same = published(same, says)
	if err != nil || len(same) == 0 {
		return rdf.Term{}, err
	}
	return slices.MinFunc(same, func(x, y rdf.Quad) int { return rdf.Compare(x.S, y.S) }).S, nil
}

// isDescription reports whether a quad says what its subject is: a thing that
// is merely mentioned has no document. Sources and runs have no type.
func isDescription(q rdf.Quad) bool {
	switch q.P.Value() {
	case rdf.RDFType, ontology.DCAT + "accessURL":
		return true
	}
	return false
}

// published returns the quads of the graphs that have to say.
func published(quads []rdf.Quad, says string) []rdf.Quad {
	var own []rdf.Quad
	for _, q := range quads {
		if strings.HasPrefix(q.G.Value(), says) {
			own = append(own, q)
		}
	}
	return own
}

// authority is the IRI, or the beginning of the IRIs, of the graphs that have to
// say what a thing is: source graphs for courses, the reference graph for
// institutions and alliances, the provenance graph for sources and runs. What
// others state about it is no part of its document.
func authority(base, iri string) string {
	kind, _, _ := strings.Cut(strings.TrimPrefix(iri, base+"/"), "/")
	switch Kind(kind) {
	case Provider, Alliance:
		return base + "/graph/reference"
	case Source, Run:
		return base + "/graph/provenance"
	}
	return base + "/graph/source/"
}

// describe adds s and, to full depth, the helper nodes that exist only to
// describe it.
func (a *assembly) describe(s rdf.Term, says string) error {
	if a.seen[s] {
		return nil
	}
	a.seen[s] = true
	all, err := a.about(s)
	if err != nil {
		return err
	}
	quads := published(all, says)
	for _, q := range quads {
		a.add(q)
	}
	if len(a.quads) > maxDocumentQuads {
		return fmt.Errorf("%s: more than %d statements", a.doc.Subject.Value(), maxDocumentQuads)
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
		} else if err := a.describe(q.O, says); err != nil {
			return err
		}
	}
	return nil
}

func (a *assembly) add(q rdf.Quad) {
	a.quads = append(a.quads, q.In(rdf.Term{}))
	if !slices.Contains(a.doc.Graphs, q.G) && strings.HasPrefix(q.G.Value(), a.base+"/graph/source/") {
		a.doc.Graphs = append(a.doc.Graphs, q.G)
	}
}

// publishers describes the institutions that publish and provide the thing.
func (a *assembly) publishers() error {
	says := authority(a.base, a.base+"/provider/")
	for _, o := range slices.SortedFunc(maps.Keys(a.pointed), rdf.Compare) {
		if !strings.HasPrefix(o.Value(), a.base+"/provider/") || !a.publishes(o) {
			continue
		}
		if err := a.describe(o, says); err != nil {
			return err
		}
	}
	return nil
}

// publishes reports whether the document names o as publisher or provider.
func (a *assembly) publishes(o rdf.Term) bool {
	return slices.ContainsFunc(a.quads, func(q rdf.Quad) bool {
		return q.O == o && slices.Contains(publishing[:], q.P.Value()) && (q.S == a.doc.Subject || slices.Contains(a.doc.Offerings, q.S))
	})
}

// publishing are the properties that lead to who answers for a thing, surest
// first.
var publishing = [...]string{ontology.DCTerms + "publisher", ontology.ELM + "providedBy"}

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
func (a *assembly) offerings(s rdf.Term, says string) error {
	quads, err := a.match(rdf.Term{}, rdf.IRI(ontology.ELM+"learningAchievementSpecification"), s)
	if err != nil {
		return err
	}
	for _, q := range published(quads, says) {
		if a.seen[q.S] {
			continue
		}
		a.doc.Offerings = append(a.doc.Offerings, q.S)
		delete(a.pointed, q.S)
		if err := a.describe(q.S, says); err != nil {
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

func isLabelling(property string) bool { return slices.Contains(labelling, property) }

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
			if isLabelling(q.P.Value()) {
				a.doc.labels = append(a.doc.labels, q.In(rdf.Term{}))
			}
		}
	}
	return nil
}

func (a *assembly) finish() {
	slices.SortFunc(a.doc.labels, rdf.CompareQuads)
	a.doc.labels = slices.Compact(a.doc.labels)
	a.quads = append(a.quads, a.doc.labels...)
	slices.SortFunc(a.quads, rdf.CompareQuads)
	a.doc.Quads = slices.Compact(a.quads)
	slices.SortFunc(a.doc.Graphs, rdf.Compare)
}

// publisher returns the IRI of who publishes the thing, "" where nobody is
// named.
func (d *Document) publisher() string {
	for _, property := range publishing {
		for _, q := range d.Quads {
			if q.S == d.Subject && q.P.Value() == property && q.O.IsIRI() {
				return q.O.Value()
			}
		}
	}
	return ""
}
