package lifting

import (
	"math"
	"strconv"
	"strings"

	"qlgraph/graph/rdf"
	"qlgraph/harvesters"
	"qlgraph/harvesters/lifting/term"
	"qlgraph/internal/jsontree"
	"qlgraph/ontology"
)

// Conversion is what a Row does with the value at its source.
type Conversion = func(s *Subject, v jsontree.Value)

// Texts writes each text in its language, one per tag; a second text under a
// tag, which the profile forbids, becomes an additional note with that label.
func Texts(property rdf.Term, label string) Conversion {
	return func(s *Subject, v jsontree.Value) {
		var buf [8]Text
		texts := s.AppendTexts(buf[:0], v)
		if len(texts) == 0 {
			return
		}
		for i, t := range texts {
			if tagged(texts[:i], t.Lang) {
				s.Note(term.AdditionalNote, label, t)
				continue
			}
			s.Add(property, t.Literal(), t.From)
		}
		s.sameText(texts, v)
	}
}

// AllTexts writes each text in its language, however many per tag.
func AllTexts(property rdf.Term) Conversion {
	return func(s *Subject, v jsontree.Value) {
		for _, t := range s.AppendTexts(nil, v) {
			s.Add(property, t.Literal(), t.From)
		}
	}
}

func tagged(texts []Text, lang string) bool {
	for _, t := range texts {
		if t.Lang == lang {
			return true
		}
	}
	return false
}

// sameText reports a text that stands under two tags: one of them is wrong.
func (s *Subject) sameText(texts []Text, v jsontree.Value) {
	for i, t := range texts {
		for _, u := range texts[:i] {
			if t.Value == u.Value && len(t.Value) > 40 {
				s.Report(harvesters.Info, s.rule+".untranslated",
					"The same text is given as "+u.Lang+" and as "+t.Lang+": leave the untranslated one out.", v)
				return
			}
		}
	}
}

// Note writes the texts as a note. A property that allows one note only gets
// what several rules have to say in one.
func Note(property rdf.Term, label string) Conversion {
	return func(s *Subject, v jsontree.Value) {
		s.Note(property, label, s.AppendTexts(nil, v)...)
	}
}

// Codes writes identifiers: objects with a code and its type, or bare strings,
// which get the scheme given.
func Codes(codeName, typeName, scheme string) Conversion {
	return func(s *Subject, v jsontree.Value) {
		Each(v, func(e jsontree.Value) {
			code, kind := e, scheme
			if e.Kind() == jsontree.Object {
				code = e.Get(codeName)
				if t := e.Get(typeName).Text(); t != "" {
					kind = t
				}
			}
			if text := code.Text(); !missing(text) {
				s.Identifier(text, kind, code)
			}
		})
	}
}

// Each calls do for the elements of an array that say something, or for v
// itself where it is none.
func Each(v jsontree.Value, do func(e jsontree.Value)) {
	if v.Kind() != jsontree.Array {
		if !Absent(v) {
			do(v)
		}
		return
	}
	for e := range v.All() {
		if !Absent(e) {
			do(e)
		}
	}
}

// Concepts writes the concept that a table of codes gives for each code. A code
// that the table has without a concept is understood and has none.
func Concepts(property rdf.Term, table map[string]rdf.Term, expected string) Conversion {
	return func(s *Subject, v jsontree.Value) {
		Each(v, func(e jsontree.Value) {
			concept, ok := table[Fold(e.Text())]
			if !ok {
				s.Warn(e, expected)
			} else if !concept.IsZero() {
				s.Add(property, concept, e)
			}
		})
	}
}

// Fold makes "Full-time", "full time" and "full_time" one.
func Fold(code string) string {
	for i := 0; i < len(code); i++ {
		if c := code[i]; c == '-' || c == ' ' || 'A' <= c && c <= 'Z' {
			b := []byte(code)
			for j, c := range b {
				switch {
				case c == '-' || c == ' ':
					b[j] = '_'
				case 'A' <= c && c <= 'Z':
					b[j] = c + 'a' - 'A'
				}
			}
			return string(b)
		}
	}
	return code
}

// CodeList writes concepts of a European code list, given by their local ids or
// their IRIs. A concept that the bundled list does not have may be newer: it is
// written with a Warning.
func CodeList(property rdf.Term, base string) Conversion {
	return func(s *Subject, v jsontree.Value) {
		Each(v, func(e jsontree.Value) {
			if concept, ok := s.InList(base, e); ok {
				s.Add(property, concept, e)
			}
		})
	}
}

// InList returns the concept of a European code list that e names.
func (s *Subject) InList(base string, e jsontree.Value) (rdf.Term, bool) {
	code := e.Text()
	if iri, ok := ontology.ConceptIn(base, code); ok {
		return rdf.IRI(iri), true
	}
	if !localID(code) {
		s.Warn(e, "a concept of "+base)
		return rdf.Term{}, false
	}
	s.Report(harvesters.Warning, s.rule+".newer", excerpt(e)+" is not in the bundled list "+base+
		": it is published, but nothing is known about it.", e)
	return rdf.IRI(base + code), true
}

// localID recognises the ids of Europass concepts: ten hex digits, or "c_" and
// eight.
func localID(code string) bool {
	if len(code) != 10 {
		return false
	}
	if code[:2] == "c_" {
		code = code[2:]
	}
	for _, c := range code {
		if !('0' <= c && c <= '9' || 'a' <= c && c <= 'f') {
			return false
		}
	}
	return true
}

// Languages writes the languages of instruction.
func Languages(s *Subject, v jsontree.Value) {
	Each(v, func(e jsontree.Value) {
		if iri, ok := ontology.LanguageConcept(e.Text()); ok {
			s.Teach(rdf.IRI(iri), e)
		} else {
			s.Warn(e, "a language as BCP 47 tag or ISO 639 code")
		}
	})
}

// Fields writes fields of education, ISCED-F 2013 codes.
func Fields(s *Subject, v jsontree.Value) {
	Each(v, func(e jsontree.Value) {
		if f, ok := isced(e); ok {
			s.Field(f, e)
		} else if text := e.Text(); text != "0" && text != "0000" {
			s.Warn(e, "an ISCED-F 2013 code of 2 to 4 digits, as a string")
		}
	})
}

// isced reads a code; one that came as a JSON number has lost its leading zero.
func isced(v jsontree.Value) (ontology.Field, bool) {
	if v.Kind() != jsontree.Number {
		return ontology.ISCEDField(v.Text())
	}
	n, ok := Count(v)
	if !ok || len(n) > 6 {
		return ontology.Field{}, false
	}
	value := 0
	for _, c := range n {
		value = 10*value + int(c-'0')
	}
	return ontology.ISCEDNumber(value)
}

// EQF returns a conversion that writes the level which a table gives for a
// code; 0 in the table is "understood, but no level".
func EQF(table map[string]int, expected string) Conversion {
	return func(s *Subject, v jsontree.Value) {
		level, ok := table[Fold(v.Text())]
		if !ok {
			s.Warn(v, expected)
			return
		}
		s.Level(level, v)
	}
}

// Level writes an EQF level, unless one is written already; 0 is none.
func (s *Subject) Level(level int, from jsontree.Value) {
	if iri, ok := ontology.EQFConcept(level); ok {
		s.AddOnce(term.EQFLevel, rdf.IRI(iri), from)
	}
}

// Homepages writes web pages, with the language that a page is in where it is
// given.
func Homepages(s *Subject, v jsontree.Value) {
	Each(v, func(e jsontree.Value) {
		address := e
		if e.Kind() == jsontree.Object {
			address = first(e, textNames)
		}
		url, ok := URL(address.Text())
		if !ok {
			s.Warn(address, "a web address")
			return
		}
		s.Add(term.Homepage, s.WebResource(url, first(e, languageNames), address), address)
	})
}

// WebResource returns the node of a web page.
func (s *Subject) WebResource(url string, language, from jsontree.Value) rdf.Term {
	n := s.Open()
	n.Add(term.Type, term.WebResource, from)
	n.Add(term.ContentURL, rdf.TypedLiteral(url, rdf.XSDAnyURI), from)
	if iri, ok := ontology.LanguageConcept(language.Text()); ok {
		n.Add(term.Language, rdf.IRI(iri), language)
	}
	return n.Close("page")
}

// Counts writes a number of people.
func Counts(property rdf.Term) Conversion {
	return func(s *Subject, v jsontree.Value) {
		if n, ok := Count(v); ok {
			s.AddOnce(property, rdf.TypedLiteral(n, rdf.XSDNonNegativeInteger), v)
		} else {
			s.Warn(v, "a whole number, 0 or more")
		}
	}
}

// DateTimes writes points in time.
func DateTimes(property rdf.Term) Conversion {
	return func(s *Subject, v jsontree.Value) {
		if lit, ok := DateTime(v.Text()); ok {
			s.Add(property, lit, v)
		} else {
			s.Warn(v, "a date, YYYY-MM-DD, or a point in time as in RFC 3339")
		}
	}
}

// Durations writes an ISO 8601 duration.
func Durations(property rdf.Term) Conversion {
	return func(s *Subject, v jsontree.Value) {
		if lit, ok := Duration(v.Text()); ok {
			s.AddOnce(property, lit, v)
		} else {
			s.Warn(v, "an ISO 8601 duration, as in P6M")
		}
	}
}

// References writes references to other courses, by their ids or as expanded
// objects that have the id under one of the names.
func References(property rdf.Term, idNames ...string) Conversion {
	return func(s *Subject, v jsontree.Value) {
		Each(v, func(e jsontree.Value) {
			if id, at := RefID(e, idNames...); id != "" {
				s.Reference(property, id, at)
			}
		})
	}
}

// RefID returns the id in a reference: a string, or an expanded object that has
// it under one of the names. What else the object holds counts as used: it is
// the business of its own record.
func RefID(v jsontree.Value, idNames ...string) (string, jsontree.Value) {
	if v.Kind() == jsontree.Object {
		v.Use()
		v = first(v, idNames)
	}
	return v.Text(), v
}

// Ignore is the conversion of what is left out on purpose; the rule's text says
// why.
func Ignore(_ *Subject, v jsontree.Value) { v.Use() }

// Period writes a period: its dates, and labels such as the name of a term.
func (s *Subject) Period(property rdf.Term, start, end jsontree.Value, labels []Text) {
	n := s.Open()
	from := start
	for _, d := range []struct {
		property rdf.Term
		at       jsontree.Value
	}{{term.StartDate, start}, {term.EndDate, end}} {
		if Absent(d.at) {
			continue
		}
		if lit, ok := DateTime(d.at.Text()); ok {
			n.Add(d.property, lit, d.at)
		} else {
			s.Warn(d.at, "a date, YYYY-MM-DD, or a point in time as in RFC 3339")
		}
	}
	for _, t := range labels {
		if !from.Exists() {
			from = t.From
		}
		n.Add(term.PrefLabel, t.Literal(), t.From)
	}
	if len(s.out.Statements) == n.start {
		return
	}
	n.Add(term.Type, term.Period, from)
	n.CloseOnce(property, "period", from)
}

// Portal writes the address where learners register; there is one.
func (s *Subject) Portal(v jsontree.Value) {
	if url, ok := URL(v.Text()); ok {
		s.AddOnce(term.RegistrationPortal, rdf.TypedLiteral(url, rdf.XSDAnyURI), v)
	} else {
		s.Warn(v, "a web address")
	}
}

// Point returns the node of a place on earth, from an object with latitude and
// longitude (WGS 84), as GeoSPARQL writes it.
func (s *Subject) Point(v jsontree.Value) (rdf.Term, bool) {
	lat, latOK := coordinate(v.Get("latitude"), 90)
	lon, lonOK := coordinate(v.Get("longitude"), 180)
	if !latOK || !lonOK {
		s.Warn(v, "latitude and longitude in degrees")
		return rdf.Term{}, false
	}
	n := s.Open()
	n.Add(term.Type, term.Geometry, v)
	n.Add(term.AsWKT, rdf.TypedLiteral("POINT("+lon+" "+lat+")", term.WKT), v)
	return n.Close("point"), true
}

func coordinate(v jsontree.Value, limit float64) (string, bool) {
	f, err := strconv.ParseFloat(strings.TrimSpace(v.Text()), 64)
	if err != nil || math.IsNaN(f) || math.Abs(f) > limit {
		return "", false
	}
	return strconv.FormatFloat(f, 'f', -1, 64), true
}
