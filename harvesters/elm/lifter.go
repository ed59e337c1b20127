package elm

import (
	"bytes"
	"encoding/hex"
	"fmt"
	"regexp"
	"strings"

	"github.com/zeebo/xxh3"

	"qlgraph/graph/iri"
	"qlgraph/graph/ntriples"
	"qlgraph/graph/rdf"
	"qlgraph/harvesters"
	"qlgraph/harvesters/lifting/term"
	"qlgraph/ontology"
	"qlgraph/ontology/courseid"
)

// Lifter passes records on.
type Lifter struct{}

// Lift implements harvesters.Lifter.
func (Lifter) Lift(rec harvesters.Record, in harvesters.Context) harvesters.Lifted {
	l := &lift{rec: rec, in: in, key: in.Source.Provider.Key(), reported: map[string]bool{}}
	l.about = l.parse(rec, 0)
	l.out.Statements = make([]harvesters.Statement, 0, 2*len(l.about))
	var subject rdf.Term
	if len(l.about) > 0 {
		subject = l.subject()
	}
	switch rec.Kind {
	case KindSpecification:
		l.specification(subject)
	case KindInstance:
		l.instance(subject)
	default:
		l.pass()
	}
	l.out.Statements = unique(l.out.Statements)
	return l.out
}

// lift is the lifting of one record.
type lift struct {
	rec      harvesters.Record
	in       harvesters.Context
	key      string // of the provider
	about    []rdf.Quad
	line     int      // of the record's body that is passed on, 0 outside
	also     rdf.Term // the source's own name for the provider
	out      harvesters.Lifted
	reported map[string]bool
}

// parse reads the N-Triples of a record or of what is attached to it.
func (l *lift) parse(rec harvesters.Record, part int) []rdf.Quad {
	var quads []rdf.Quad
	for q, err := range ntriples.NewDecoder(bytes.NewReader(rec.Body), ntriples.Options{TriplesOnly: true, AnyIRI: true}).All() {
		if err != nil {
			l.report(harvesters.Violation, "elm.syntax", fmt.Sprintf("The record is not N-Triples: %v.", err))
			return nil
		}
		s, p, o := l.name(q.S), l.name(q.P), l.name(q.O)
		if illegal(s) || illegal(p) || illegal(o) {
			l.report(harvesters.Warning, "elm.iri", "An IRI has characters that no IRI may have; what is said with it is left out.")
			continue
		}
		quads = append(quads, rdf.Triple(s, p, o))
	}
	return quads
}

// illegal reports whether a term is, or has as its datatype, an IRI that is none
// (RFC 3987): nobody could read again what is published with it.
func illegal(t rdf.Term) bool {
	switch {
	case t.IsIRI():
		return iri.Check(t.Value()) != nil
	case t.IsLiteral() && t.Lang() == "" && t.Datatype() != rdf.XSDString:
		return iri.Check(t.Datatype()) != nil
	}
	return false
}

// legal returns an IRI with a percent sign that begins no escape as an escape:
// that is what people forget.
func legal(s string) string {
	if !strings.Contains(s, "%") || iri.Check(s) == nil {
		return s
	}
	return strayPercent.ReplaceAllString(s, "%25$1")
}

// strayPercent is a percent sign without two hexadecimal digits behind it.
var strayPercent = regexp.MustCompile(`%([^0-9A-Fa-f]|[0-9A-Fa-f](?:[^0-9A-Fa-f]|$)|$)`)

// subject returns what the record is about.
func (l *lift) subject() rdf.Term {
	if label, blank := strings.CutPrefix(l.rec.ID, "_:"); blank {
		return l.name(rdf.Blank(label))
	}
	return l.name(rdf.IRI(l.rec.ID))
}

// name returns the term under which a node is published: blank nodes get an
// IRI, that of the course where the node is one.
func (l *lift) name(t rdf.Term) rdf.Term {
	switch {
	case t.IsIRI():
		return rdf.IRI(canonical(legal(t.Value())))
	case !t.IsBlank():
		return t
	}
	if encoded, ok := strings.CutPrefix(t.Value(), courseLabel); ok {
		if id, err := hex.DecodeString(encoded); err == nil && len(id) > 0 {
			return rdf.IRI(courseid.Course{SCHAC: l.key, ID: string(id)}.IRI(l.in.BaseIRI))
		}
	}
	return rdf.IRI(courseid.Skolem(l.in.BaseIRI, strings.TrimLeft(t.Value(), "hx")))
}

func (l *lift) add(rule string, s, p, o rdf.Term) {
	l.out.Statements = append(l.out.Statements, harvesters.Statement{Quad: rdf.Triple(s, p, o), Rule: rule, Line: l.line})
}

// report adds a finding, once per code.
func (l *lift) report(severity harvesters.Severity, code, message string) {
	if !l.reported[code] {
		l.reported[code] = true
		l.out.Findings = append(l.out.Findings, harvesters.Finding{Severity: severity, Code: code, Message: message, At: l.rec.Origin})
	}
}

// node writes a helper node of the lifter's own and returns its IRI.
func (l *lift) node(rule string, owner rdf.Term, triples ...[2]rdf.Term) rdf.Term {
	h := xxh3.New()
	h.WriteString(owner.Value())
	for _, t := range triples {
		h.WriteString(t[0].String() + t[1].String())
	}
	sum := h.Sum128().Bytes()
	n := rdf.IRI(courseid.Skolem(l.in.BaseIRI, hex.EncodeToString(sum[:])))
	for _, t := range triples {
		l.add(rule, n, t[0], t[1])
	}
	return n
}

// specification passes a course on and gives it what every course has.
func (l *lift) specification(subject rdf.Term) {
	if !l.has(subject, term.Title) {
		l.report(harvesters.Violation, "elm.title.missing", "The specification has no title and is not published.")
		return
	}
	l.out.Subjects = append(l.out.Subjects, subject)
	l.add(ruleType, subject, term.Type, term.Specification)
	own := l.owner(subject, term.Publisher)
	l.pass()
	if own {
		l.add(rulePublisher, subject, term.Publisher, l.provider())
		l.declareProvider()
	}
	l.identity(subject, own)
	l.fields(subject)
}

// instance passes an offering on.
func (l *lift) instance(subject rdf.Term) {
	l.out.Subjects = append(l.out.Subjects, subject)
	l.add(ruleType, subject, term.Type, term.Instance)
	own := l.owner(subject, term.ProvidedBy)
	l.pass()
	if own {
		l.add(rulePublisher, subject, term.ProvidedBy, l.provider())
		l.declareProvider()
	}
	if !l.has(subject, term.SpecificationOf) {
		l.report(harvesters.Warning, "elm.instance.specification", "The learning opportunity names no specification (elm:learningAchievementSpecification).")
	}
}

// provider returns the IRI of the source's provider.
func (l *lift) provider() rdf.Term { return rdf.IRI(courseid.Provider(l.in.BaseIRI, l.key)) }

func (l *lift) declareProvider() {
	p, schac, eter := l.provider(), l.in.Source.Provider.SCHAC, l.in.Source.Provider.ETER
	if l.key != l.in.Source.Provider.Key() {
		schac, eter = l.key, ""
	}
	l.add(ruleProvider, p, term.Type, term.Institution)
	for _, id := range []struct {
		class, scheme rdf.Term
		notation      string
	}{
		{term.SchacIdentifier, term.Schac, schac},
		{term.OrgRegIdentifier, term.OrgReg, eter},
	} {
		if id.notation != "" {
			n := l.node(ruleProvider, p, [2]rdf.Term{term.Type, id.class}, [2]rdf.Term{term.SchemeID, id.scheme}, [2]rdf.Term{term.Notation, rdf.Literal(id.notation)})
			l.add(ruleProvider, p, term.HasIdentifier, n)
		}
	}
}

// values returns the objects of a property of a subject.
func (l *lift) values(subject, property rdf.Term) []rdf.Term {
	var objects []rdf.Term
	for _, q := range l.about {
		if q.S == subject && q.P == property {
			objects = append(objects, q.O)
		}
	}
	return objects
}

func (l *lift) has(subject, property rdf.Term) bool { return len(l.values(subject, property)) > 0 }

// identity gives a course its identifiers, in addition to the provider's IRI.
func (l *lift) identity(subject rdf.Term, own bool) {
	var found notations
	for _, n := range l.values(subject, term.HasIdentifier) {
		for _, value := range l.values(n, term.Notation) {
			found.add(value.Value(), l.has(n, term.SchemeName) || l.has(n, term.SchemeID))
		}
	}
	if !own {
		return // whose it is, and so what it is called, is not for this source to say
	}
	id := found.local()
	minted, ours := strings.CutPrefix(subject.Value(), courseid.Course{SCHAC: l.key, ID: ""}.IRI(l.in.BaseIRI))
	switch {
	case id == "" && ours:
		id, _ = courseid.Unescape(minted)
		l.identifier(subject, id, "")
	case id == "":
		id = courseid.FromIRI(subject.Value())
		l.report(harvesters.Warning, "elm.identifier.missing", "The specification has no identifier; its IRI stands in for one.")
		l.identifier(subject, subject.Value(), "")
	}
	course := courseid.Course{SCHAC: l.key, ID: id}
	l.identifier(subject, course.URN(), "urn:schac:uniqueCourseId")
	for _, name := range []string{course.IRI(l.in.BaseIRI), course.URN(), course.DID(), course.UUID(l.in.BaseIRI)} {
		if name != subject.Value() {
			l.add(ruleIdentity, subject, term.SameAs, rdf.IRI(name))
		}
	}
}

func (l *lift) identifier(subject rdf.Term, notation, scheme string) {
	triples := [][2]rdf.Term{{term.Type, term.Identifier}, {term.Notation, rdf.Literal(notation)}}
	if scheme != "" {
		triples = append(triples, [2]rdf.Term{term.SchemeName, rdf.Literal(scheme)})
	}
	l.add(ruleIdentity, subject, term.HasIdentifier, l.node(ruleIdentity, subject, triples...))
}

// fields derives the broad and narrow fields.
func (l *lift) fields(subject rdf.Term) {
	for _, st := range l.out.Statements {
		if st.S != subject || st.P != term.ISCEDFCode {
			continue
		}
		f, ok := ontology.ISCEDField(st.O.Value())
		if !ok {
			l.report(harvesters.Warning, "elm.field.unknown", "The field "+st.O.Value()+" is no code of ISCED-F 2013.")
			continue
		}
		l.add(ruleField, subject, term.BroadField, rdf.IRI(f.Broad))
		if f.Narrow != "" {
			l.add(ruleField, subject, term.NarrowField, rdf.IRI(f.Narrow))
		}
	}
}

// unique drops statements that say again what an earlier one said.
func unique(statements []harvesters.Statement) []harvesters.Statement {
	seen := make(map[rdf.Quad]struct{}, len(statements))
	kept := statements[:0]
	for _, st := range statements {
		if _, again := seen[st.Quad]; !again {
			seen[st.Quad] = struct{}{}
			kept = append(kept, st)
		}
	}
	return kept
}
