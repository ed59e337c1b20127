package lifting

import (
	"strconv"
	"strings"

	"github.com/zeebo/xxh3"

	"qlgraph/graph/rdf"
	"qlgraph/harvesters/lifting/term"
	"qlgraph/internal/jsontree"
	"qlgraph/ontology"
	"qlgraph/ontology/courseid"
)

// Subject is a course, offering or organisation under construction.
type Subject struct {
	*Lift
	Term      rdf.Term
	Course    courseid.Course
	Parent    *Subject       // the course of an offering
	Body      jsontree.Value // the record that describes it
	Languages []rdf.Term
	Offerings []rdf.Term // of a course, as far as they are published
	notes     []pendingNote
	seen      map[rdf.Term]bool // single-valued properties that are set
}

// Add writes a statement about the subject.
func (s *Subject) Add(p, o rdf.Term, from jsontree.Value) { s.add(s.Term, p, o, from) }

// AddOnce writes a statement with a property of at most one value, and keeps
// the first.
func (s *Subject) AddOnce(p, o rdf.Term, from jsontree.Value) bool {
	if s.seen[p] {
		return false
	}
	if s.seen == nil {
		s.seen = make(map[rdf.Term]bool, 4)
	}
	s.seen[p] = true
	s.Add(p, o, from)
	return true
}

// Node is a helper node under construction: one without a name of its own.
// Nodes are closed in the reverse order of their opening.
type Node struct {
	subject *Subject
	start   int // of its statements
	nodes   int // closed before it was opened
}

// Open begins a helper node of the subject.
func (s *Subject) Open() Node { return Node{s, len(s.out.Statements), len(s.nodes)} }

// Add writes a statement about the node.
func (n Node) Add(p, o rdf.Term, from jsontree.Value) { n.subject.add(rdf.Term{}, p, o, from) }

// Close names the node after what was said about it, {subject}#{kind}-{hash},
// and returns its IRI. The hash does not depend on the order of statements.
func (n Node) Close(kind string) rdf.Term {
	l := n.subject.Lift
	var sum uint64
	for _, st := range l.out.Statements[n.start:] {
		if st.S.IsZero() {
			sum += hashOf(st.P, st.O)
		}
	}
	iri := append(l.scratch[:0], n.subject.Term.Value()...)
	separator := byte('#')
	if strings.IndexByte(n.subject.Term.Value(), '#') >= 0 {
		separator = '-'
	}
	iri = append(append(append(iri, separator), kind...), '-')
	l.scratch = appendHex(iri, sum)
	node := rdf.IRI(string(l.scratch))
	h := xxh3.Hash(l.scratch)
	if _, again := l.index[h]; again {
		l.out.Statements = l.out.Statements[:n.start] // said before, word for word
		return node
	}
	l.index[h] = int32(n.start)
	l.nodes = append(l.nodes, h)
	for i := n.start; i < len(l.out.Statements); i++ {
		if st := &l.out.Statements[i]; st.S.IsZero() {
			st.S = node
		}
	}
	return node
}

// CloseOnce closes the node and writes it as the value of a property of at most
// one value; a node that comes too late is dropped.
func (n Node) CloseOnce(property rdf.Term, kind string, from jsontree.Value) {
	if n.subject.seen[property] {
		n.drop()
		return
	}
	n.subject.AddOnce(property, n.Close(kind), from)
}

// drop undoes the node and the nodes within it.
func (n Node) drop() {
	l := n.subject.Lift
	l.out.Statements = l.out.Statements[:n.start]
	for _, h := range l.nodes[n.nodes:] {
		delete(l.index, h)
	}
	l.nodes = l.nodes[:n.nodes]
}

// Has reports whether the subject has a value of the property.
func (s *Subject) Has(property rdf.Term) bool {
	for _, st := range s.out.Statements {
		if st.P == property && st.S == s.Term {
			return true
		}
	}
	return false
}

// hashOf hashes a property with its value.
func hashOf(p, o rdf.Term) uint64 {
	h := xxh3.HashString(p.Value())
	h = h*1099511628211 + xxh3.HashString(o.Value())
	h = h*1099511628211 + uint64(o.Kind())
	if o.IsLiteral() {
		h = h*1099511628211 + xxh3.HashString(o.Datatype())
		h = h*1099511628211 + xxh3.HashString(o.Lang())
	}
	h ^= h >> 32 // the sum of the hashes must not be linear in their parts
	h *= 0x9E3779B97F4A7C15
	return h ^ h>>29
}

func appendHex(b []byte, n uint64) []byte {
	for shift := 60; shift >= 0; shift -= 4 {
		b = append(b, "0123456789abcdef"[n>>shift&15])
	}
	return b
}

// NewCourse begins the course with the provider's own id: its type, publisher
// and identifiers. scheme names the id, as in the source.
func (l *Lift) NewCourse(id, scheme string, from jsontree.Value) *Subject {
	course := courseid.Course{SCHAC: l.schac, ID: id}
	base := l.Context.BaseIRI
	s := &Subject{Lift: l, Term: rdf.IRI(course.IRI(base)), Course: course}
	l.out.Subjects = append(l.out.Subjects, s.Term)
	l.By(RuleCourse, func() {
		s.Add(term.Type, term.Specification, from)
		s.Add(term.Publisher, l.provider, jsontree.Value{})
	})
	l.By(RuleIdentity, func() {
		s.Identifier(id, scheme, from)
		s.Identifier(course.URN(), "urn:schac:uniqueCourseId", from)
		s.Add(term.SameAs, rdf.IRI(course.URN()), from)
		s.Add(term.SameAs, rdf.IRI(course.DID()), from)
		s.Add(term.SameAs, rdf.IRI(course.UUID(base)), from)
	})
	s.declareProvider()
	return s
}

// NewOffering begins an offering of the course.
func (l *Lift) NewOffering(course *Subject, id, scheme string, from jsontree.Value) *Subject {
	s := &Subject{
		Lift:   l,
		Term:   rdf.IRI(course.Course.Offering(l.Context.BaseIRI, id)),
		Course: course.Course,
		Parent: course,
	}
	l.out.Subjects = append(l.out.Subjects, s.Term)
	course.Offerings = append(course.Offerings, s.Term)
	l.By(RuleOffering, func() {
		s.Add(term.Type, term.Instance, from)
		s.Add(term.SpecificationOf, course.Term, from)
		s.Add(term.ProvidedBy, l.provider, jsontree.Value{})
		s.Identifier(id, scheme, from)
	})
	s.declareProvider()
	return s
}

// CourseOf is the course of an offering that comes without its course's record.
func (l *Lift) CourseOf(id string) *Subject {
	course := courseid.Course{SCHAC: l.schac, ID: id}
	return &Subject{Lift: l, Term: rdf.IRI(course.IRI(l.Context.BaseIRI)), Course: course}
}

// NewInstitution begins a description of the provider itself.
func (l *Lift) NewInstitution() *Subject {
	l.declareProvider()
	return &Subject{Lift: l, Term: l.provider}
}

// NewUnit begins a description of a unit of the provider, a faculty perhaps.
func (l *Lift) NewUnit(id string) *Subject {
	return &Subject{Lift: l, Term: rdf.IRI(l.provider.Value() + "#unit-" + courseid.Escape(id))}
}

// declareProvider says once per record what the publisher is, so that each
// record is understood on its own.
func (l *Lift) declareProvider() {
	if l.declared {
		return
	}
	l.declared = true
	p := l.Context.Source.Provider
	s := &Subject{Lift: l, Term: l.provider}
	l.By(RuleProvider, func() {
		s.Add(term.Type, term.Institution, jsontree.Value{})
		own := l.schac == p.Key()
		if p.SCHAC != "" || !own {
			s.institutionID(term.SchacIdentifier, term.Schac, l.schac)
		}
		if p.ETER != "" && own {
			s.institutionID(term.OrgRegIdentifier, term.OrgReg, p.ETER)
		}
	})
}

func (s *Subject) institutionID(class, scheme rdf.Term, notation string) {
	n := s.Open()
	n.Add(term.Type, class, jsontree.Value{})
	n.Add(term.SchemeID, scheme, jsontree.Value{})
	n.Add(term.Notation, rdf.Literal(notation), jsontree.Value{})
	s.Add(term.HasIdentifier, n.Close("identifier"), jsontree.Value{})
}

// Identifier adds an elm:Identifier.
func (s *Subject) Identifier(notation, scheme string, from jsontree.Value) {
	s.Add(term.HasIdentifier, s.IdentifierNode(notation, scheme, from), from)
}

// IdentifierNode returns the node of an identifier.
func (s *Subject) IdentifierNode(notation, scheme string, from jsontree.Value) rdf.Term {
	n := s.Open()
	n.Add(term.Type, term.Identifier, from)
	n.Add(term.Notation, rdf.Literal(notation), from)
	if scheme != "" {
		n.Add(term.SchemeName, rdf.Literal(scheme), from)
	}
	return n.Close("identifier")
}

// Reference links to another course of the same provider by its local id. The
// profile wants a reference node there; rdfs:seeAlso leads on to the course.
func (s *Subject) Reference(p rdf.Term, id string, from jsontree.Value) {
	n := s.Open()
	n.Add(term.Type, term.SpecificationReference, from)
	n.Add(term.ProvidedBy, s.provider, from)
	n.Add(term.HasIdentifier, s.IdentifierNode(id, "", from), from)
	other := courseid.Course{SCHAC: s.schac, ID: id}
	n.Add(term.SeeAlso, rdf.IRI(other.IRI(s.Context.BaseIRI)), from)
	s.Add(p, n.Close("reference"), from)
}

// Close writes what had to wait for the whole record: the notes, and an
// offering's language.
func (s *Subject) Close() {
	s.writeNotes()
	if s.Parent == nil {
		return
	}
	if len(s.Languages) == 0 && len(s.Parent.Languages) > 0 {
		s.By(RuleOffering, func() { s.AddOnce(term.DefaultLanguage, s.Parent.Languages[0], jsontree.Value{}) })
	}
}

// Teach adds a language of instruction: of a course dct:language, of an
// offering the one elm:defaultLanguage, and its further ones on the course.
func (s *Subject) Teach(language rdf.Term, from jsontree.Value) {
	s.Languages = append(s.Languages, language)
	switch {
	case s.Parent == nil:
		s.Add(term.Language, language, from)
	case !s.AddOnce(term.DefaultLanguage, language, from):
		s.Parent.Add(term.Language, language, from)
	}
}

// ECTS adds credits of the European Credit Transfer System.
func (s *Subject) ECTS(points string, from jsontree.Value) {
	n := s.Open()
	n.Add(term.Type, term.CreditPointClass, from)
	n.Add(term.Framework, term.ECTS, from)
	n.Add(term.Point, rdf.Literal(points), from)
	s.Add(term.CreditPoint, n.Close("credit"), from)
}

// Field adds a field of education with the fields above it.
func (s *Subject) Field(f ontology.Field, from jsontree.Value) {
	s.Add(term.ISCEDFCode, rdf.IRI(f.Concept), from)
	s.Add(term.BroadField, rdf.IRI(f.Broad), from)
	if f.Narrow != "" {
		s.Add(term.NarrowField, rdf.IRI(f.Narrow), from)
	}
}

// Active states whether the course is still offered.
func (s *Subject) Active(active bool, from jsontree.Value) {
	s.AddOnce(term.IsActive, rdf.TypedLiteral(strconv.FormatBool(active), rdf.XSDBoolean), from)
}
