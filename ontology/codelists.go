package ontology

import (
	"strings"
	"sync"

	"qlgraph/graph/rdf"
)

// Concept is an entry of a code list.
type Concept struct {
	IRI    string
	Scheme string // IRI of the concept scheme, "" for individuals outside any
	Labels []rdf.Term
}

// Label returns the concept's label in the language lang, in English where
// there is none, and its IRI where it has no label at all.
func (c Concept) Label(lang string) string {
	label := c.IRI
	for _, l := range c.Labels {
		switch l.Lang() {
		case lang:
			return l.Value()
		case "en":
			label = l.Value()
		}
	}
	return label
}

// codeLists is the index of the bundled lists.
type codeLists struct {
	concepts  map[string]Concept // by IRI
	bases     map[string]int     // base IRI → number of concepts under it
	notations map[notation]string
}

// notation is a code as data write it, in lower case, with the base IRI of the
// list that it belongs to.
type notation struct{ base, code string }

// lists reads the bundled lists once, when the first of them is needed.
var lists = sync.OnceValue(func() *codeLists { return indexConcepts(VocabularyGraph()) })

func indexConcepts(quads []rdf.Quad) *codeLists {
	l := &codeLists{
		concepts:  make(map[string]Concept),
		bases:     make(map[string]int),
		notations: make(map[notation]string),
	}
	for _, q := range quads {
		if q.P.Value() == rdf.RDFType && q.O.Value() == SKOS+"Concept" {
			iri := q.S.Value()
			l.concepts[iri] = Concept{IRI: iri}
			base, code := splitConcept(iri)
			l.bases[base]++
			l.notations[notation{base, strings.ToLower(code)}] = iri
		}
	}
	for _, q := range quads {
		l.describe(q)
	}
	return l
}

// describe adds what q says about a concept.
func (l *codeLists) describe(q rdf.Quad) {
	iri := q.S.Value()
	c, ok := l.concepts[iri]
	if !ok {
		return
	}
	switch q.P.Value() {
	case SKOS + "inScheme":
		c.Scheme = q.O.Value()
	case SKOS + "prefLabel":
		c.Labels = append(c.Labels, q.O)
	case SKOS + "notation":
		base, _ := splitConcept(iri)
		l.notations[notation{base, strings.ToLower(q.O.Value())}] = iri
	}
	l.concepts[iri] = c
}

// splitConcept splits a concept's IRI into its list's base and its code.
func splitConcept(iri string) (base, code string) {
	i := strings.LastIndexAny(iri, "/#") + 1
	return iri[:i], iri[i:]
}

// LookupConcept returns the bundled concept with the given IRI.
func LookupConcept(iri string) (Concept, bool) {
	c, ok := lists().concepts[iri]
	return c, ok
}

// IsConcept reports whether iri is a concept of a bundled code list.
func IsConcept(iri string) bool {
	_, ok := lists().concepts[iri]
	return ok
}

// ConceptIn returns the IRI of the concept with the given code in the list
// with the given base (EQF, Mode, CurrencyTable, …). Codes are compared
// without regard to case; a full IRI of the list is accepted as a code.
func ConceptIn(base, code string) (iri string, ok bool) {
	code = strings.TrimPrefix(strings.TrimSpace(code), base)
	iri, ok = lists().notations[notation{base, strings.ToLower(code)}]
	return iri, ok
}

// LanguageConcept returns the concept of the EU language table for a BCP 47
// tag or an ISO 639-1, 639-2/B, 639-2/T or 639-3 code: its primary subtag
// decides ("de-AT" is German). Serbo-Croatian ("sh", "hbs") has no concept.
func LanguageConcept(tag string) (iri string, ok bool) {
	tag = strings.TrimPrefix(strings.TrimSpace(tag), LanguageTable)
	if i := strings.IndexAny(tag, "-_"); i >= 0 {
		tag = tag[:i]
	}
	return ConceptIn(LanguageTable, tag)
}

// CountryConcept returns the concept of the EU country table for an ISO 3166-1
// alpha-2 or alpha-3 code; EL, UK, XK and EU are understood.
func CountryConcept(code string) (iri string, ok bool) {
	return ConceptIn(CountryTable, code)
}

// CurrencyConcept returns the concept of the EU currency table for an ISO 4217
// code.
func CurrencyConcept(code string) (iri string, ok bool) {
	return ConceptIn(CurrencyTable, code)
}

// EQFConcept returns the concept of an EQF level, 1 to 8.
func EQFConcept(level int) (iri string, ok bool) {
	if level < 1 || level > 8 {
		return "", false
	}
	return EQF + string(rune('0'+level)), true
}
