package shapes_test

import (
	"cmp"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"qlgraph/graph/rdf"
	"qlgraph/graph/xsd"
	"qlgraph/ontology"
)

// naive is a validator written from the text of SHACL, clause by clause, with
// no thought of speed: it interprets the shapes graph anew at every node. The
// differential test compares the compiled validator with it.
type naive struct {
	data, shapes []rdf.Quad
	found        []string
}

func shacl(name string) rdf.Term { return rdf.IRI(ontology.SHACL + name) }

func objects(quads []rdf.Quad, s, p rdf.Term) []rdf.Term {
	var found []rdf.Term
	for _, q := range quads {
		if q.S == s && q.P == p && !slices.Contains(found, q.O) {
			found = append(found, q.O)
		}
	}
	return found
}

func subjects(quads []rdf.Quad, p, o rdf.Term) []rdf.Term {
	var found []rdf.Term
	for _, q := range quads {
		if q.O == o && q.P == p && !slices.Contains(found, q.S) {
			found = append(found, q.S)
		}
	}
	return found
}

func (v *naive) list(head rdf.Term) []rdf.Term {
	var members []rdf.Term
	for head != rdf.IRI(rdf.RDFNil) {
		members = append(members, objects(v.shapes, head, rdf.IRI(rdf.RDFFirst))[0])
		head = objects(v.shapes, head, rdf.IRI(rdf.RDFRest))[0]
	}
	return members
}

// instances of a class: rdf:type/rdfs:subClassOf*.
func (v *naive) isInstance(n, class rdf.Term) bool {
	seen := map[rdf.Term]bool{}
	next := objects(v.data, n, rdf.IRI(rdf.RDFType))
	for len(next) > 0 {
		t := next[0]
		next = next[1:]
		if t == class {
			return true
		}
		if !seen[t] {
			seen[t] = true
			next = append(next, objects(v.data, t, rdf.IRI(ontology.RDFS+"subClassOf"))...)
		}
	}
	return false
}

func unique(terms []rdf.Term) []rdf.Term {
	slices.SortFunc(terms, rdf.Compare)
	return slices.Compact(terms)
}

// path evaluates the path at p from the nodes.
func (v *naive) path(p rdf.Term, from []rdf.Term) []rdf.Term {
	var to []rdf.Term
	if p.IsIRI() {
		for _, n := range from {
			to = append(to, objects(v.data, n, p)...)
		}
		return unique(to)
	}
	if len(objects(v.shapes, p, rdf.IRI(rdf.RDFFirst))) > 0 {
		for _, m := range v.list(p) {
			from = v.path(m, from)
		}
		return from
	}
	for _, arg := range objects(v.shapes, p, shacl("inversePath")) {
		candidates := slices.Clone(from)
		for _, q := range v.data {
			candidates = append(candidates, q.S, q.O)
		}
		for _, n := range unique(candidates) {
			if slices.ContainsFunc(v.path(arg, []rdf.Term{n}), func(t rdf.Term) bool { return slices.Contains(from, t) }) {
				to = append(to, n)
			}
		}
	}
	for _, arg := range objects(v.shapes, p, shacl("alternativePath")) {
		for _, m := range v.list(arg) {
			to = append(to, v.path(m, from)...)
		}
	}
	for _, arg := range objects(v.shapes, p, shacl("zeroOrOnePath")) {
		to = append(slices.Clone(from), v.path(arg, from)...)
	}
	for _, name := range []string{"zeroOrMorePath", "oneOrMorePath"} {
		for _, arg := range objects(v.shapes, p, shacl(name)) {
			if name == "zeroOrMorePath" {
				to = slices.Clone(from)
			}
			for reached := -1; reached != len(to); {
				reached = len(to)
				to = unique(append(to, v.path(arg, append(slices.Clone(from), to...))...))
			}
		}
	}
	return unique(to)
}

func (v *naive) validate() []string {
	var shapes []rdf.Term
	for _, q := range v.shapes {
		shapes = append(shapes, q.S)
	}
	for _, s := range unique(shapes) {
		focus := objects(v.shapes, s, shacl("targetNode"))
		for _, class := range objects(v.shapes, s, shacl("targetClass")) {
			for _, q := range v.data {
				if v.isInstance(q.S, class) {
					focus = append(focus, q.S)
				}
			}
		}
		for _, q := range v.data {
			if slices.Contains(objects(v.shapes, s, shacl("targetSubjectsOf")), q.P) {
				focus = append(focus, q.S)
			}
			if slices.Contains(objects(v.shapes, s, shacl("targetObjectsOf")), q.P) {
				focus = append(focus, q.O)
			}
		}
		for _, n := range unique(focus) {
			v.shape(s, n, func(r string) { v.found = append(v.found, r) })
		}
	}
	slices.Sort(v.found)
	return v.found
}

func (v *naive) conforms(s, n rdf.Term) bool {
	ok := true
	v.shape(s, n, func(string) { ok = false })
	return ok
}

func (v *naive) shape(s, n rdf.Term, report func(string)) {
	get := func(name string) []rdf.Term { return objects(v.shapes, s, shacl(name)) }
	if d := get("deactivated"); len(d) > 0 && d[0].Value() == "true" {
		return
	}
	values, path := []rdf.Term{n}, ""
	if p := get("path"); len(p) > 0 {
		values = v.path(p[0], values)
		path = p[0].String()
	}
	result := func(component string) func(value rdf.Term) {
		return func(value rdf.Term) {
			report(strings.Join([]string{n.String(), path, value.String(), s.String(), component}, " "))
		}
	}
	none := rdf.Term{}
	each := func(component, parameter string, broken func(value, x rdf.Term) bool) {
		for _, x := range get(parameter) {
			for _, value := range values {
				if broken(value, x) {
					result(component)(value)
				}
			}
		}
	}
	v.valueTypes(each)
	v.ranges(each)
	v.texts(each)
	v.logic(each)
	number := func(t rdf.Term) int { i, _ := strconv.Atoi(t.Value()); return i }
	for _, x := range get("minCount") {
		if len(values) < number(x) {
			result("MinCount")(none)
		}
	}
	for _, x := range get("maxCount") {
		if len(values) > number(x) {
			result("MaxCount")(none)
		}
	}
	for _, x := range get("hasValue") {
		if !slices.Contains(values, x) {
			result("HasValue")(none)
		}
	}
	if u := get("uniqueLang"); len(u) > 0 && u[0].Value() == "true" {
		counts := map[string]int{}
		for _, value := range values {
			if value.Lang() != "" {
				counts[strings.ToLower(value.Lang())]++
			}
		}
		for _, count := range counts {
			if count > 1 {
				result("UniqueLang")(none)
			}
		}
	}
	v.pairs(n, values, get, result)
	v.qualified(s, values, get, result)
	v.closed(n, values, s, get, report)
	for _, p := range get("property") {
		for _, value := range values {
			v.shape(p, value, report)
		}
	}
}

type eachFunc = func(component, parameter string, broken func(value, x rdf.Term) bool)

func (v *naive) valueTypes(each eachFunc) {
	each("Class", "class", func(value, x rdf.Term) bool { return !v.isInstance(value, x) })
	each("Datatype", "datatype", func(value, x rdf.Term) bool {
		return value.Datatype() != x.Value() || !xsd.Valid(value.Value(), x.Value())
	})
	each("NodeKind", "nodeKind", func(value, x rdf.Term) bool {
		kind := map[rdf.Kind]string{rdf.KindIRI: "IRI", rdf.KindBlank: "BlankNode", rdf.KindLiteral: "Literal"}[value.Kind()]
		return !slices.Contains(strings.Split(strings.TrimPrefix(x.Value(), ontology.SHACL), "Or"), kind)
	})
	each("In", "in", func(value, x rdf.Term) bool { return !slices.Contains(v.list(x), value) })
}

// order compares as SPARQL's < does; ok is false for a type error.
func order(a, b rdf.Term) (o int, ok bool) {
	if a.Datatype() == rdf.XSDString && b.Datatype() == rdf.XSDString {
		return cmp.Compare(a.Value(), b.Value()), true
	}
	va, okA := xsd.Parse(a.Value(), a.Datatype())
	vb, okB := xsd.Parse(b.Value(), b.Datatype())
	if !okA || !okB {
		return 0, false
	}
	switch xsd.Compare(va, vb) {
	case xsd.Less:
		return -1, true
	case xsd.Equal:
		return 0, true
	case xsd.Greater:
		return 1, true
	}
	return 0, false
}

func (v *naive) ranges(each eachFunc) {
	for component, holds := range map[string]func(int) bool{
		"MinExclusive": func(o int) bool { return o > 0 },
		"MinInclusive": func(o int) bool { return o >= 0 },
		"MaxExclusive": func(o int) bool { return o < 0 },
		"MaxInclusive": func(o int) bool { return o <= 0 },
	} {
		parameter := strings.ToLower(component[:1]) + component[1:]
		each(component, parameter, func(value, x rdf.Term) bool {
			o, ok := order(value, x)
			return !ok || !holds(o)
		})
	}
}

func (v *naive) texts(each eachFunc) {
	each("MinLength", "minLength", func(value, x rdf.Term) bool {
		n, _ := strconv.Atoi(x.Value())
		return value.IsBlank() || utf8.RuneCountInString(value.Value()) < n
	})
	each("MaxLength", "maxLength", func(value, x rdf.Term) bool {
		n, _ := strconv.Atoi(x.Value())
		return value.IsBlank() || utf8.RuneCountInString(value.Value()) > n
	})
	each("Pattern", "pattern", func(value, x rdf.Term) bool {
		return value.IsBlank() || !regexp.MustCompile(x.Value()).MatchString(value.Value())
	})
	each("LanguageIn", "languageIn", func(value, x rdf.Term) bool {
		tag := strings.ToLower(value.Lang())
		return tag == "" || !slices.ContainsFunc(v.list(x), func(r rdf.Term) bool {
			return tag == r.Value() || strings.HasPrefix(tag, r.Value()+"-")
		})
	})
}

func (v *naive) logic(each eachFunc) {
	count := func(list, value rdf.Term) (conforming, all int) {
		for _, s := range v.list(list) {
			all++
			if v.conforms(s, value) {
				conforming++
			}
		}
		return conforming, all
	}
	each("Not", "not", func(value, x rdf.Term) bool { return v.conforms(x, value) })
	each("Node", "node", func(value, x rdf.Term) bool { return !v.conforms(x, value) })
	each("And", "and", func(value, x rdf.Term) bool { n, all := count(x, value); return n != all })
	each("Or", "or", func(value, x rdf.Term) bool { n, _ := count(x, value); return n == 0 })
	each("Xone", "xone", func(value, x rdf.Term) bool { n, _ := count(x, value); return n != 1 })
}

type getFunc = func(name string) []rdf.Term

type resultFunc = func(component string) func(value rdf.Term)

func (v *naive) pairs(n rdf.Term, values []rdf.Term, get getFunc, result resultFunc) {
	for _, p := range get("equals") {
		others := objects(v.data, n, p)
		for _, value := range values {
			if !slices.Contains(others, value) {
				result("Equals")(value)
			}
		}
		for _, other := range others {
			if !slices.Contains(values, other) {
				result("Equals")(other)
			}
		}
	}
	for _, p := range get("disjoint") {
		for _, value := range values {
			if slices.Contains(objects(v.data, n, p), value) {
				result("Disjoint")(value)
			}
		}
	}
	for component, limit := range map[string]int{"LessThan": -1, "LessThanOrEquals": 0} {
		for _, p := range get(strings.ToLower(component[:1]) + component[1:]) {
			for _, value := range values {
				for _, other := range objects(v.data, n, p) {
					if o, ok := order(value, other); !ok || o > limit {
						result(component)(value)
					}
				}
			}
		}
	}
}

func (v *naive) qualified(s rdf.Term, values []rdf.Term, get getFunc, result resultFunc) {
	for _, q := range get("qualifiedValueShape") {
		var siblings []rdf.Term
		if d := get("qualifiedValueShapesDisjoint"); len(d) > 0 && d[0].Value() == "true" {
			for _, parent := range subjects(v.shapes, shacl("property"), s) {
				for _, p := range objects(v.shapes, parent, shacl("property")) {
					for _, sibling := range objects(v.shapes, p, shacl("qualifiedValueShape")) {
						if sibling != q {
							siblings = append(siblings, sibling)
						}
					}
				}
			}
		}
		n := 0
		for _, value := range values {
			if v.conforms(q, value) && !slices.ContainsFunc(siblings, func(o rdf.Term) bool { return v.conforms(o, value) }) {
				n++
			}
		}
		for _, x := range get("qualifiedMinCount") {
			if limit, _ := strconv.Atoi(x.Value()); n < limit {
				result("QualifiedMinCount")(rdf.Term{})
			}
		}
		for _, x := range get("qualifiedMaxCount") {
			if limit, _ := strconv.Atoi(x.Value()); n > limit {
				result("QualifiedMaxCount")(rdf.Term{})
			}
		}
	}
}

func (v *naive) closed(n rdf.Term, values []rdf.Term, s rdf.Term, get getFunc, report func(string)) {
	if c := get("closed"); len(c) == 0 || c[0].Value() != "true" {
		return
	}
	var allowed []rdf.Term
	for _, head := range get("ignoredProperties") {
		allowed = append(allowed, v.list(head)...)
	}
	for _, p := range get("property") {
		allowed = append(allowed, objects(v.shapes, p, shacl("path"))...)
	}
	for _, value := range values {
		for _, q := range v.data {
			if q.S == value && !slices.Contains(allowed, q.P) {
				report(strings.Join([]string{n.String(), q.P.String(), q.O.String(), s.String(), "Closed"}, " "))
			}
		}
	}
}
