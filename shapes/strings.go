package shapes

import (
	"strings"
	"unicode/utf8"

	"qlgraph/graph"
	"qlgraph/graph/rdf"
)

// compileMinLength compiles sh:minLength (SHACL §4.4.1).
func compileMinLength(c *compiler, s *shape, v rdf.Term) (check, message) {
	n, ok := c.count(s, "minLength", v)
	if !ok {
		return nil, ""
	}
	return eachString(func(text string) bool { return utf8.RuneCountInString(text) >= n }),
		message("is shorter than " + v.Value() + " characters")
}

// compileMaxLength compiles sh:maxLength (SHACL §4.4.2).
func compileMaxLength(c *compiler, s *shape, v rdf.Term) (check, message) {
	n, ok := c.count(s, "maxLength", v)
	if !ok {
		return nil, ""
	}
	return eachString(func(text string) bool { return utf8.RuneCountInString(text) <= n }),
		message("is longer than " + v.Value() + " characters")
}

// compilePattern compiles sh:pattern with sh:flags (SHACL §4.4.3).
func compilePattern(c *compiler, s *shape, v rdf.Term) (check, message) {
	flags, _ := c.single(s.term, "flags")
	if v.Datatype() != rdf.XSDString || !flags.IsZero() && flags.Datatype() != rdf.XSDString {
		c.illFormed(s.term, "sh:pattern and sh:flags are strings")
		return nil, ""
	}
	pattern, err := compileRegex(v.Value(), flags.Value())
	if err != nil {
		c.illFormed(s.term, "sh:pattern: %v", err)
		return nil, ""
	}
	return eachString(pattern.MatchString), message("does not match the pattern " + v.Value())
}

// eachString returns the check that the string of every value node passes
// test: the lexical form of a literal, an IRI as such. Blank nodes fail.
func eachString(test func(string) bool) check {
	return func(e *evaluation) {
		for i, id := range e.values {
			if t := e.term(i); t.IsBlank() || !test(t.Value()) {
				e.fail(id)
			}
		}
	}
}

// compileLanguageIn compiles sh:languageIn (SHACL §4.4.4).
func compileLanguageIn(c *compiler, s *shape, v rdf.Term) (check, message) {
	members, ok := c.src.list(v)
	ranges := make([]string, len(members))
	for i, m := range members {
		ok = ok && m.Datatype() == rdf.XSDString
		ranges[i] = m.Value()
	}
	if !ok {
		c.illFormed(s.term, "sh:languageIn is a list of strings")
		return nil, ""
	}
	return func(e *evaluation) {
		for i, id := range e.values {
			if !matchesLanguage(e.term(i).Lang(), ranges) {
				e.fail(id)
			}
		}
	}, message("is in none of the languages " + strings.Join(ranges, ", "))
}

// matchesLanguage is SPARQL's langMatches (basic filtering of RFC 4647 §3.3.1)
// over several ranges.
func matchesLanguage(tag string, ranges []string) bool {
	for _, r := range ranges {
		if tag != "" && (r == "*" || len(tag) >= len(r) && strings.EqualFold(tag[:len(r)], r) && (len(tag) == len(r) || tag[len(r)] == '-')) {
			return true
		}
	}
	return false
}

// compileUniqueLang compiles sh:uniqueLang (SHACL §4.4.5): one result for each
// language tag that several values have.
func compileUniqueLang(c *compiler, s *shape, v rdf.Term) (check, message) {
	if !c.boolean(s.term, "uniqueLang", v) || v.Value() != "true" {
		return nil, "" // "1" is not the node true, which the definition asks for
	}
	return func(e *evaluation) {
		if len(e.values) < 2 {
			return
		}
		var repeated []string
		for i := range e.values {
			tag := e.term(i).Lang()
			if tag != "" && e.tagBefore(i, tag) && !containsFold(repeated, tag) {
				repeated = append(repeated, tag)
				e.failFocus()
			}
		}
	}, "has several values in one language"
}

// tagBefore reports whether a value before the i-th has the language tag.
func (e *evaluation) tagBefore(i int, tag string) bool {
	for j := range i {
		if strings.EqualFold(e.term(j).Lang(), tag) {
			return true
		}
	}
	return false
}

func containsFold(list []string, s string) bool {
	for _, l := range list {
		if strings.EqualFold(l, s) {
			return true
		}
	}
	return false
}

// compileHasValue compiles sh:hasValue (SHACL §4.8.2).
func compileHasValue(c *compiler, s *shape, v rdf.Term) (check, message) {
	wanted := c.constant(v)
	return func(e *evaluation) {
		id := e.w.constantID(wanted)
		for _, have := range e.values {
			if have == id {
				return
			}
		}
		e.failFocus()
	}, message("does not have the value " + c.out.prefixes.shorten(v))
}

// compileIn compiles sh:in (SHACL §4.8.3).
func compileIn(c *compiler, s *shape, v rdf.Term) (check, message) {
	members, ok := c.src.list(v)
	if !ok {
		c.illFormed(s.term, "sh:in is a well-formed list")
		return nil, ""
	}
	allowed := c.constantsOf(members)
	names := make([]string, len(members))
	for i, m := range members {
		names[i] = c.out.prefixes.shorten(m)
	}
	return eachValue(func(e *evaluation, id graph.ID) bool {
		for _, k := range allowed {
			if e.w.constantID(k) == id {
				return true
			}
		}
		return false
	}), message("is none of " + strings.Join(names, ", "))
}
