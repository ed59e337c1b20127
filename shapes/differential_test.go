package shapes_test

import (
	"context"
	"flag"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"qlgraph/graph/mem"
	"qlgraph/graph/rdf"
	"qlgraph/ontology"
	"qlgraph/shapes"
)

var cases = flag.Int("cases", 2000, "random cases of the differential tests")

// random makes small shapes graphs and data over few names, so that shapes and
// data meet.
type random struct {
	*rand.Rand
	quads  []rdf.Quad
	blanks int
}

func ex(format string, args ...any) rdf.Term {
	return rdf.IRI("http://example.org/" + fmt.Sprintf(format, args...))
}

func pick[T any](r *random, from ...T) T { return from[r.IntN(len(from))] }

func (r *random) predicate() rdf.Term { return ex("p%d", r.IntN(3)) }
func (r *random) class() rdf.Term     { return ex("C%d", r.IntN(3)) }
func (r *random) node() rdf.Term {
	if n := r.IntN(7); n < 5 {
		return ex("n%d", n)
	} else {
		return rdf.Blank(fmt.Sprint("b", n))
	}
}

func (r *random) literal() rdf.Term {
	return pick(r,
		rdf.Literal("a"), rdf.Literal("abc"), rdf.LangLiteral("a", "en"), rdf.LangLiteral("b", "en"),
		rdf.LangLiteral("a", "EN-gb"), rdf.LangLiteral("c", "de"), rdf.TypedLiteral("1", rdf.XSDInteger),
		rdf.TypedLiteral("2", rdf.XSDInteger), rdf.TypedLiteral("02", rdf.XSDInteger), rdf.TypedLiteral("x", rdf.XSDInteger),
		rdf.TypedLiteral("1.5", rdf.XSDDecimal), rdf.TypedLiteral("true", rdf.XSDBoolean),
		rdf.TypedLiteral("2026-01-01", rdf.XSDDate), rdf.TypedLiteral("2026-01-01T00:00:00", rdf.XSDDateTime))
}

func (r *random) value() rdf.Term {
	if r.IntN(2) == 0 {
		return r.node()
	}
	return r.literal()
}

func (r *random) statement() rdf.Quad {
	switch r.IntN(8) {
	case 0:
		return rdf.Triple(r.class(), rdf.IRI(ontology.RDFS+"subClassOf"), r.class())
	case 1, 2:
		return rdf.Triple(r.node(), rdf.IRI(rdf.RDFType), r.class())
	}
	return rdf.Triple(r.node(), r.predicate(), r.value())
}

func (r *random) data(n int) []rdf.Quad {
	quads := make([]rdf.Quad, n)
	for i := range quads {
		quads[i] = r.statement()
	}
	return quads
}

func (r *random) say(s rdf.Term, name string, o rdf.Term) {
	r.quads = append(r.quads, rdf.Triple(s, shacl(name), o))
}

func (r *random) blank() rdf.Term {
	r.blanks++
	return rdf.Blank(fmt.Sprint("s", r.blanks))
}

func (r *random) list(members ...rdf.Term) rdf.Term {
	head := rdf.IRI(rdf.RDFNil)
	for _, m := range slices.Backward(members) {
		cell := r.blank()
		r.quads = append(r.quads, rdf.Triple(cell, rdf.IRI(rdf.RDFFirst), m), rdf.Triple(cell, rdf.IRI(rdf.RDFRest), head))
		head = cell
	}
	return head
}

func integer(n int) rdf.Term { return rdf.TypedLiteral(fmt.Sprint(n), rdf.XSDInteger) }

var yes = rdf.TypedLiteral("true", rdf.XSDBoolean)

func (r *random) path(depth int) rdf.Term {
	if depth == 0 || r.IntN(3) > 0 {
		return r.predicate()
	}
	p := r.blank()
	switch form := pick(r, "inversePath", "alternativePath", "zeroOrMorePath", "oneOrMorePath", "zeroOrOnePath", "sequence"); form {
	case "sequence":
		return r.list(r.path(depth-1), r.path(depth-1))
	case "alternativePath":
		r.say(p, form, r.list(r.path(depth-1), r.path(depth-1)))
	default:
		r.say(p, form, r.path(depth-1))
	}
	return p
}

// shape describes s with constraints; deeper shapes are simpler, and refer to
// deeper ones only.
func (r *random) shape(s rdf.Term, depth int, property bool) {
	if property {
		r.say(s, "path", r.path(2))
	}
	for range 1 + r.IntN(2) {
		r.constraint(s, depth, property)
	}
	if r.IntN(20) == 0 {
		r.say(s, "deactivated", yes)
	}
}

// once are the parameters that a shape has one value of at most.
func (r *random) once(s rdf.Term, name string, o rdf.Term) {
	if len(objects(r.quads, s, shacl(name))) == 0 {
		r.say(s, name, o)
	}
}

func (r *random) constraint(s rdf.Term, depth int, property bool) {
	nested := func(property bool) rdf.Term {
		n := r.blank()
		r.shape(n, depth-1, property)
		return n
	}
	switch n := r.IntN(22); {
	case n == 0:
		r.say(s, "class", r.class())
	case n == 1:
		r.once(s, "datatype", rdf.IRI(pick(r, rdf.XSDInteger, rdf.XSDString, rdf.RDFLangString, rdf.XSDDate)))
	case n == 2:
		r.once(s, "nodeKind", shacl(pick(r, "IRI", "BlankNode", "Literal", "BlankNodeOrIRI", "BlankNodeOrLiteral", "IRIOrLiteral")))
	case n == 3:
		r.once(s, pick(r, "minExclusive", "minInclusive", "maxExclusive", "maxInclusive"), r.literal())
	case n == 4:
		r.once(s, pick(r, "minLength", "maxLength"), integer(r.IntN(4)))
	case n == 5:
		r.say(s, "pattern", rdf.Literal(pick(r, "^a", "1", "n[12]$")))
	case n == 6:
		r.once(s, "languageIn", r.list(rdf.Literal("en"), rdf.Literal("fr")))
	case n == 7:
		r.say(s, pick(r, "equals", "disjoint"), r.predicate())
	case n == 8:
		r.say(s, "hasValue", r.value())
	case n == 9:
		r.once(s, "in", r.list(r.value(), r.value(), r.value()))
	case n == 10 && len(objects(r.quads, s, shacl("closed"))) == 0:
		r.say(s, "closed", yes)
		if r.IntN(2) == 0 {
			r.say(s, "ignoredProperties", r.list(rdf.IRI(rdf.RDFType), r.predicate()))
		}
	case n < 14 && property:
		switch pick(r, "minCount", "maxCount", "uniqueLang", "lessThan", "lessThanOrEquals") {
		case "minCount":
			r.once(s, "minCount", integer(r.IntN(3)))
		case "maxCount":
			r.once(s, "maxCount", integer(r.IntN(3)))
		case "uniqueLang":
			r.once(s, "uniqueLang", yes)
		case "lessThan":
			r.say(s, "lessThan", r.predicate())
		default:
			r.say(s, "lessThanOrEquals", r.predicate())
		}
	case depth == 0:
		r.say(s, "class", r.class())
	case n == 14:
		r.say(s, "not", nested(r.IntN(2) == 0))
	case n == 15:
		r.say(s, pick(r, "and", "or", "xone"), r.list(nested(false), nested(true)))
	case n == 16:
		r.say(s, "node", nested(false))
	case n == 17 && property && len(objects(r.quads, s, shacl("qualifiedValueShape"))) == 0:
		r.say(s, "qualifiedValueShape", nested(r.IntN(2) == 0))
		r.say(s, pick(r, "qualifiedMinCount", "qualifiedMaxCount"), integer(r.IntN(2)))
		if r.IntN(2) == 0 {
			r.say(s, "qualifiedValueShapesDisjoint", yes)
		}
	default:
		r.say(s, "property", nested(true))
	}
}

func (r *random) shapes() []rdf.Quad {
	r.quads, r.blanks = nil, 0
	for i := range 1 + r.IntN(2) {
		s := ex("S%d", i)
		r.quads = append(r.quads, rdf.Triple(s, rdf.IRI(rdf.RDFType), shacl("NodeShape")))
		switch r.IntN(4) {
		case 0:
			r.say(s, "targetNode", pick(r, ex("n%d", r.IntN(6)), r.literal()))
		case 1:
			r.say(s, "targetClass", r.class())
		case 2:
			r.say(s, "targetSubjectsOf", r.predicate())
		default:
			r.say(s, "targetObjectsOf", r.predicate())
		}
		r.shape(s, 2, false)
	}
	return r.quads
}

// keys returns the results as the naive validator writes them.
func keys(report *shapes.Report, shapesGraph []rdf.Quad) []string {
	var all []string
	for _, r := range report.Results {
		path := ""
		if r.Component == shacl("ClosedConstraintComponent") {
			path = r.Path.String()
		} else if p := objects(shapesGraph, r.Shape, shacl("path")); len(p) > 0 {
			path = p[0].String()
		}
		component := strings.TrimSuffix(strings.TrimPrefix(r.Component.Value(), ontology.SHACL), "ConstraintComponent")
		all = append(all, strings.Join([]string{r.Focus.String(), path, r.Value.String(), r.Shape.String(), component}, " "))
	}
	slices.Sort(all)
	return all
}

// The compiled validator finds what the naive one does.
func TestDifferential(t *testing.T) {
	results := 0
	for seed := range *cases {
		r := &random{Rand: rand.New(rand.NewPCG(uint64(seed), 1))}
		data, graph := distinct(r.data(10+r.IntN(30))), distinct(r.shapes())
		report, err := validate(data, graph)
		if err != nil {
			t.Fatalf("seed %d: %v\n%s", seed, err, lines(graph))
		}
		got, want := keys(report, graph), (&naive{data: data, shapes: graph}).validate()
		results += len(want)
		if !slices.Equal(got, want) {
			t.Fatalf("seed %d\nshapes\n%sdata\n%sgot\n  %s\nwant\n  %s", seed, lines(graph), lines(data),
				strings.Join(got, "\n  "), strings.Join(want, "\n  "))
		}
	}
	if results < *cases {
		t.Errorf("%d cases gave %d results only", *cases, results)
	}
}

func distinct(quads []rdf.Quad) []rdf.Quad {
	slices.SortFunc(quads, rdf.CompareQuads)
	return slices.Compact(quads)
}

// After any change, revalidating what it can affect gives the report that
// validating everything gives.
func TestRevalidateEqualsFull(t *testing.T) {
	ctx := context.Background()
	changes := 0
	for seed := range *cases {
		r := &random{Rand: rand.New(rand.NewPCG(uint64(seed), 2))}
		graph, data := distinct(r.shapes()), distinct(r.data(30))
		compiled, err := shapes.Compile(graph, shapes.CompileOptions{})
		if err != nil {
			t.Fatal(err)
		}
		var previous *shapes.Report
		var before *mem.Dataset
		for step := range 5 {
			next, changed := r.change(data)
			dataset := mem.FromQuads(next...)
			after, _ := dataset.Snapshot(ctx)
			full, err := compiled.Validate(ctx, after, shapes.Options{})
			if err != nil {
				t.Fatal(err)
			}
			if previous != nil {
				old, _ := before.Snapshot(ctx)
				delta, err := compiled.Revalidate(ctx, old, after, changed, shapes.Options{})
				if err != nil {
					t.Fatal(err)
				}
				got := delta.Apply(previous)
				changes++
				if a, b := keys(got, graph), keys(full, graph); !slices.Equal(a, b) || got.Conforms != full.Conforms {
					t.Fatalf("seed %d step %d\nshapes\n%sbefore\n%schanged\n%sgot\n  %s\nwant\n  %s", seed, step, lines(graph),
						lines(data), lines(changed), strings.Join(a, "\n  "), strings.Join(b, "\n  "))
				}
				for i := range full.Coverage {
					if got.Coverage[i].FocusNodes != full.Coverage[i].FocusNodes {
						t.Fatalf("seed %d step %d: focus nodes of %s: %d, want %d", seed, step, full.Coverage[i].Shape,
							got.Coverage[i].FocusNodes, full.Coverage[i].FocusNodes)
					}
				}
				previous = got
			} else {
				previous = full
			}
			before, data = dataset, next
		}
	}
	if changes < 4**cases {
		t.Errorf("%d changes only", changes)
	}
}

// change adds and removes a few statements.
func (r *random) change(data []rdf.Quad) (next, changed []rdf.Quad) {
	next = slices.Clone(data)
	for range 1 + r.IntN(3) {
		q := r.statement()
		if r.IntN(2) == 0 && len(next) > 0 {
			q = next[r.IntN(len(next))]
		}
		if i := slices.Index(next, q); i >= 0 {
			next = slices.Delete(next, i, i+1)
		} else {
			next = append(next, q)
		}
		changed = append(changed, q)
	}
	return distinct(next), changed
}
