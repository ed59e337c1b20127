package elm

import (
	"encoding/hex"
	"slices"
	"strings"

	"qlgraph/graph/rdf"
	"qlgraph/harvesters"
	"qlgraph/ontology"
)

// The kinds of records.
const (
	KindSpecification = "specification"
	KindInstance      = "instance"
	KindOrganisation  = "organisation"
	KindConcept       = "concept"
	// KindResource is what belongs to none of the others.
	KindResource = "resource"
)

// kinds are the classes of the entry points, under the names of ELM 3.3.
var kinds = map[string]string{
	ontology.QL + "LearningOpportunitySpecification":  KindSpecification,
	ontology.ELM + "LearningAchievementSpecification": KindSpecification,
	ontology.ELM + "Qualification":                    KindSpecification,
	ontology.QL + "LearningOpportunityInstance":       KindInstance,
	ontology.ELM + "LearningOpportunity":              KindInstance,
	ontology.QL + "HigherEducationInstitution":        KindOrganisation,
	ontology.QL + "GroupOfHEIs":                       KindOrganisation,
	ontology.QL + "EuropeanUniversityAlliance":        KindOrganisation,
	ontology.ELM + "Organisation":                     KindOrganisation,
	ontology.SKOS + "Concept":                         KindConcept,
	ontology.SKOS + "ConceptScheme":                   KindConcept,
}

// splitter takes a graph apart.
type splitter struct {
	*graph
	kind    map[int32]string // of the entry points
	reached map[int32]bool
	records map[int32]harvesters.Record
	cut     int32 // the subject at which the file broke off, or -1
}

// split returns a record per entry point of the graph, in the order in which
// they first appear, and one for each subject that belongs to none. Of a broken
// file the record with the last triple is left out: it may lack something.
func split(g *graph, origin string, broken bool) []harvesters.Record {
	s := &splitter{graph: g, kind: map[int32]string{}, reached: map[int32]bool{}, records: map[int32]harvesters.Record{}, cut: -1}
	s.classify()
	if broken {
		s.cut = g.last
	}
	for _, n := range g.order {
		if s.kind[n] != "" {
			s.records[n] = s.record(n, s.kind[n], origin)
		}
	}
	var out []harvesters.Record
	for _, n := range g.order {
		switch {
		case s.kind[n] != "":
			out = append(out, s.attach(n))
		case !s.reached[n] && !g.terms[n].IsBlank():
			out = append(out, s.record(n, KindResource, origin))
		}
	}
	return slices.DeleteFunc(out, func(r harvesters.Record) bool { return r.Body == nil })
}

// classify finds the entry points: by their types, and where they have none, by
// how others refer to them.
func (s *splitter) classify() {
	isA := s.known(rdf.RDFType)
	for _, n := range s.order {
		for _, t := range s.triples[n] {
			if t.p != isA {
				continue
			}
			kind := kinds[canonical(s.terms[t.o].Value())]
			if kind != "" && (s.kind[n] == "" || s.kind[n] == KindConcept) {
				s.kind[n] = kind
			}
		}
	}
	spec, provided := s.elmProperty("learningAchievementSpecification"), s.elmProperty("providedBy")
	publisher := [2]int32{s.known(ontology.DCTerms + "publisher"), s.known(elements + "publisher")}
	field, outcome := s.elmProperty("ISCEDFCode"), s.elmProperty("learningOutcome")
	for _, n := range s.order {
		typed := slices.ContainsFunc(s.triples[n], func(t pair) bool { return t.p == isA })
		for _, t := range s.triples[n] {
			switch {
			case among(t.p, spec):
				s.infer(t.o, KindSpecification)
				if !typed {
					s.infer(n, KindInstance)
				}
			case among(t.p, provided), among(t.p, publisher):
				s.infer(t.o, KindOrganisation)
			case !typed && (among(t.p, field) || among(t.p, outcome)):
				s.infer(n, KindSpecification)
			}
		}
	}
}

func among(n int32, numbers [2]int32) bool { return n >= 0 && (n == numbers[0] || n == numbers[1]) }

// infer makes a described subject without a kind an entry point.
func (s *splitter) infer(n int32, kind string) {
	if _, described := s.triples[n]; described && s.kind[n] == "" {
		s.kind[n] = kind
	}
}

// record writes the triples about an entry point and its helper nodes; the zero
// Record if the file broke off in them.
func (s *splitter) record(n int32, kind, origin string) harvesters.Record {
	var lines []string
	seen := map[int32]bool{n: true}
	isA := s.known(rdf.RDFType)
	var walk func(subject int32, depth int)
	walk = func(subject int32, depth int) {
		for _, t := range s.triples[subject] {
			lines = append(lines, rdf.Triple(s.term(subject), s.terms[t.p], s.term(t.o)).String())
			if _, described := s.triples[t.o]; described && t.p != isA && !seen[t.o] && s.kind[t.o] == "" && depth < maxChain {
				seen[t.o], s.reached[t.o] = true, true
				walk(t.o, depth+1)
			}
		}
	}
	walk(n, 0)
	if seen[s.cut] {
		return harvesters.Record{}
	}
	slices.Sort(lines)
	lines = slices.Compact(lines)
	subject := s.term(n)
	id := subject.Value()
	if subject.IsBlank() {
		id = "_:" + id
	}
	return harvesters.Record{
		Kind: kind, ID: id, Body: []byte(strings.Join(lines, "\n") + "\n"),
		Origin: harvesters.Origin{URL: origin}, Modified: s.modified(n),
	}
}

// term returns a term as records have it: a blank node is labelled by its
// content, and one that is a course by its local id, so that records which
// refer to it agree on its name.
func (s *splitter) term(n int32) rdf.Term {
	t := s.terms[n]
	if !t.IsBlank() {
		return t
	}
	if s.kind[n] == KindSpecification {
		id := s.notation(n)
		if id == "" {
			id = s.label(n)[1:17] // as many hex digits as an IRI would give
		}
		return rdf.Blank(courseLabel + hex.EncodeToString([]byte(id)))
	}
	return rdf.Blank(s.label(n))
}

// courseLabel begins the label of a blank node that is a course; its local id
// follows in hex.
const courseLabel = "course-"

// notation returns the local id of a course: the notation of its identifier.
func (s *splitter) notation(n int32) string {
	hasIdentifier, notation := s.known(ontology.ADMS+"identifier"), s.known(ontology.SKOS+"notation")
	name, id := s.elmProperty("schemeName"), s.elmProperty("schemeId")
	var found notations
	for _, t := range s.triples[n] {
		if t.p != hasIdentifier {
			continue
		}
		scheme, value := false, ""
		for _, u := range s.triples[t.o] {
			scheme = scheme || among(u.p, name) || among(u.p, id)
			if u.p == notation && notation >= 0 {
				value = s.terms[u.o].Value()
			}
		}
		found.add(value, scheme)
	}
	return found.local()
}

// attach adds the organisations that a course names, so that its record says
// whose it is.
func (s *splitter) attach(n int32) harvesters.Record {
	rec := s.records[n]
	if rec.Kind != KindSpecification && rec.Kind != KindInstance {
		return rec
	}
	seen := map[int32]bool{}
	for _, t := range s.triples[n] {
		if s.kind[t.o] == KindOrganisation && !seen[t.o] {
			seen[t.o] = true
			rec.Attached = append(rec.Attached, s.records[t.o])
		}
	}
	slices.SortFunc(rec.Attached, func(a, b harvesters.Record) int { return strings.Compare(a.ID, b.ID) })
	return rec
}

// notations are the identifiers of a course.
type notations struct{ plain, schemed []string }

func (n *notations) add(notation string, scheme bool) {
	switch {
	case notation == "":
	case scheme:
		n.schemed = append(n.schemed, notation)
	default:
		n.plain = append(n.plain, notation)
	}
}

// local returns the one without a scheme, else the first in code-point order.
func (n *notations) local() string {
	for _, list := range [][]string{n.plain, n.schemed} {
		if len(list) > 0 {
			return slices.Min(list)
		}
	}
	return ""
}
