package algebra

import (
	"fmt"
	"strconv"
	"strings"

	"qlgraph/graph/rdf"
	"qlgraph/graph/text"
	"qlgraph/ontology"
	"qlgraph/sparql/syntax"
)

// Full-text search is a property function in the form of Apache Jena's: where
// the verb is text:query, subject and object are lists of variables and of what
// is looked for, and no triple is meant.
//
//	subject (?s [?score [?literal [?graph [?property]]]]), or ?s alone
//	object  ([property …] "text" [limit] ["lang:…"] ["as:course"]), or "text" alone
//
// It stands for the triples ?s ?property ?literal of the active graph whose
// object matches, one solution for each:
//
//	Join(TextMatch(?literal, ?score), BGP(?s ?property ?literal))
//
// With a limit it is the so many with the highest score. "as:course" makes ?s
// the course that has what matches: as its own property or in an outcome.
const textQuery = ontology.Text + "query"

// The lists' longest forms. A query that names more properties than there are is
// no search.
const (
	maxSearchSubject    = 5
	maxSearchProperties = 50
)

// isSearch reports whether a verb is text:query.
func (x *expander) isSearch(v syntax.Verb) bool {
	i, ok := v.(*syntax.IRI)
	return ok && !x.template && x.t.resolve(i) == textQuery
}

// refuseSearch reports text:query within a property path.
func (x *expander) refuseSearch(p syntax.Path) {
	switch p := p.(type) {
	case *syntax.IRI:
		if x.isSearch(p) {
			x.t.fail(p.Pos, "text:query cannot be part of a property path")
		}
	case *syntax.PathInverse:
		x.refuseSearch(p.Path)
	case *syntax.PathRepeat:
		x.refuseSearch(p.Path)
	case *syntax.PathSequence:
		for _, part := range p.Paths {
			x.refuseSearch(part)
		}
	case *syntax.PathAlternative:
		for _, part := range p.Paths {
			x.refuseSearch(part)
		}
	}
}

// search is what one use of text:query says.
type search struct {
	subject, score, literal Term
	graph, property         Term // zero: not asked for
	properties              []rdf.Term
	match                   *TextMatch
	limit                   int64 // negative: none
	course                  bool
}

// searches translates triples whose subject is a list and whose verbs are
// text:query; ok is false for any other.
func (x *expander) searches(s *syntax.Triples) (ok bool) {
	list, ok := s.Subject.(*syntax.Collection)
	if !ok {
		return false
	}
	n := 0
	for _, p := range s.Properties {
		if x.isSearch(p.Verb) {
			n++
		}
	}
	if n > 0 && n < len(s.Properties) {
		x.t.fail(list.Pos, "a list that is the subject of text:query can have no other properties")
	}
	if n == 0 {
		return false
	}
	for _, p := range s.Properties {
		for _, o := range p.Objects {
			x.search(list.Items, list.Pos, o)
		}
	}
	return true
}

// search translates one text:query whose subject is a list.
func (x *expander) search(subject []syntax.Term, at syntax.Pos, object syntax.Term) {
	if len(subject) == 0 || len(subject) > maxSearchSubject {
		x.t.fail(at, "the subject of text:query is ?s or (?s ?score ?literal ?graph ?property), from the left as far as wanted")
	}
	var terms []Term
	for i, item := range subject {
		terms = append(terms, x.node(item))
		if i > 0 && !terms[i].IsVar() {
			x.t.fail(at, "of the subject of text:query only the first can be anything but a variable")
		}
	}
	x.found(terms[0], object, terms[1:]...)
}

// found translates one text:query; rest is what its subject has after ?s.
func (x *expander) found(subject Term, object syntax.Term, rest ...Term) {
	terms := append(append([]Term{subject}, rest...), make([]Term, maxSearchSubject)...)
	s := &search{subject: terms[0], score: terms[1], literal: terms[2], graph: terms[3], property: terms[4], limit: -1}
	if s.score.IsZero() {
		s.score = Term{Var: x.t.freshVar("score")}
	}
	if s.literal.IsZero() {
		s.literal = Term{Var: x.t.freshVar("literal")}
	}
	x.searchObject(s, object)
	x.out = append(x.out, s.node(x.t))
}

// searchObject reads what is looked for, where and how.
func (x *expander) searchObject(s *search, object syntax.Term) {
	items := []syntax.Term{object}
	if list, ok := object.(*syntax.Collection); ok {
		items = list.Items
	}
	for _, item := range items {
		switch item := item.(type) {
		case *syntax.IRI:
			if s.match != nil || len(s.properties) == maxSearchProperties {
				x.t.fail(item.Pos, fmt.Sprintf("properties, at most %d, stand before the text that is looked for", maxSearchProperties))
			}
			s.properties = append(s.properties, rdf.IRI(x.t.resolve(item)))
		case *syntax.Literal:
			if s.match == nil {
				x.searchText(s, item)
			} else {
				x.searchOption(s, item)
			}
		default:
			x.t.fail(posOf(item, object), "the object of text:query is a text or (property … text limit option …), without variables")
		}
	}
	if s.match == nil {
		x.t.fail(posOf(object, object), "text:query needs a text to look for")
	}
}

// posOf returns the place of the first of the terms that has one.
func posOf(terms ...syntax.Term) syntax.Pos {
	for _, t := range terms {
		switch t := t.(type) {
		case *syntax.Collection:
			return t.Pos
		case *syntax.IRI:
			return t.Pos
		case *syntax.Var:
			return t.Pos
		case *syntax.Blank:
			return t.Pos
		case *syntax.BlankProperties:
			return t.Pos
		case *syntax.Literal:
			return t.Pos
		}
	}
	return 0
}

func (x *expander) searchText(s *search, l *syntax.Literal) {
	if l.Bare != 0 || l.Datatype != nil {
		x.t.fail(l.Pos, "text:query looks for a text")
	}
	if _, err := text.Parse(l.Lexical); err != nil {
		x.t.fail(l.Pos, err.Error())
	}
	s.match = &TextMatch{Text: l.Lexical, Range: l.Lang, Literal: s.literal, Score: s.score}
}

// searchOption reads a limit, "lang:…" or "as:course".
func (x *expander) searchOption(s *search, l *syntax.Literal) {
	name, value, _ := strings.Cut(l.Lexical, ":")
	switch {
	case l.Bare == syntax.BareInteger && s.limit < 0:
		n, err := strconv.ParseInt(l.Lexical, 10, 64)
		if err != nil || n < 0 {
			x.t.fail(l.Pos, "the limit of text:query is a number of matches, 0 or more")
		}
		s.limit = n
	case l.Bare == 0 && name == "lang" && value != "" && s.match.Range == "":
		s.match.Range = value
	case l.Bare == 0 && l.Lexical == "as:course" && !s.course:
		s.course = true
	default:
		x.t.fail(l.Pos, `after its text text:query knows, each once, a limit, "lang:…" (or a language tag of the text) and "as:course"`)
	}
}

// searchedProperties are those that a search without properties looks at: where
// titles, descriptions and outcomes have their texts.
var searchedProperties = []rdf.Term{
	rdf.IRI(ontology.DCTerms + "title"), rdf.IRI(ontology.DCTerms + "description"),
	rdf.IRI(ontology.ELM + "noteLiteral"), rdf.IRI(ontology.ELM32 + "noteLiteral"),
}

// outcomeLinks lead from a course to its outcomes and what sums them up.
var outcomeLinks = []Path{
	&Link{rdf.IRI(ontology.ELM + "learningOutcome")}, &Link{rdf.IRI(ontology.ELM32 + "learningOutcome")},
	&Link{rdf.IRI(ontology.ELM + "learningOutcomeSummary")}, &Link{rdf.IRI(ontology.ELM32 + "learningOutcomeSummary")},
}

// Wanted returns what n looks for, as it could be written.
func (n *TextMatch) Wanted() rdf.Term {
	if n.Range == "" {
		return rdf.Literal(n.Text)
	}
	return rdf.LangLiteral(n.Text, n.Range)
}

// node is what the search stands for.
func (s *search) node(t *translator) Node {
	holder := s.subject
	if s.course {
		holder = Term{Var: t.freshVar("holder")}
	}
	properties := s.properties
	if len(properties) == 0 {
		properties = searchedProperties
	}
	var n Node = s.match
	if len(properties) == 1 && s.property.IsZero() {
		n = &Join{Left: n, Right: &BGP{Triples: []Triple{{S: holder, P: Term{Value: properties[0]}, O: s.literal}}}}
	} else {
		n = s.anyOf(t, n, holder, properties)
	}
	if s.course {
		kind := Triple{S: s.subject, P: Term{Value: rdf.IRI(rdf.RDFType)}, O: Term{Value: rdf.IRI(ontology.QL + "LearningOpportunitySpecification")}}
		n = &Join{Left: n, Right: &PathPattern{S: s.subject, Path: &ZeroOrOne{&Alternative{outcomeLinks}}, O: holder}}
		n = &Join{Left: n, Right: &BGP{Triples: []Triple{kind}}}
	}
	if !s.graph.IsZero() {
		n = &Graph{Name: s.graph, Input: n}
	}
	if s.limit < 0 {
		return n
	}
	best := &OrderBy{Input: n, Conditions: []Condition{{Expr: &Var{s.score.Var}, Desc: true}}}
	visible := &Project{Input: best}
	seen := map[string]bool{}
	for _, v := range []Term{s.subject, s.score, s.literal, s.graph, s.property} {
		if v.IsVar() && !seen[v.Var] {
			seen[v.Var] = true
			visible.Vars = append(visible.Vars, v.Var)
		}
	}
	return &Slice{Input: visible, Limit: s.limit}
}

// anyOf joins n with the triples of several properties.
func (s *search) anyOf(t *translator, n Node, holder Term, properties []rdf.Term) Node {
	p := s.property
	if p.IsZero() {
		p = Term{Var: t.freshVar("property")}
	}
	list := &Table{Vars: []string{p.Var}}
	seen := map[rdf.Term]bool{}
	for _, iri := range properties {
		if !seen[iri] {
			seen[iri] = true
			list.Rows = append(list.Rows, []rdf.Term{iri})
		}
	}
	n = &Join{Left: n, Right: &BGP{Triples: []Triple{{S: holder, P: p, O: s.literal}}}}
	return &Join{Left: n, Right: list}
}
