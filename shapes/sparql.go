package shapes

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"qlgraph/graph"
	"qlgraph/graph/rdf"
	"qlgraph/sparql"
)

// SPARQL-based constraints (SHACL §5).

var sparqlComponent = rdf.IRI(sh + "SPARQLConstraintComponent")

// query is a SELECT or ASK of a constraint, parsed with its prefixes.
type query struct {
	parsed     *sparql.Query
	usesShapes bool // it mentions $shapesGraph
}

// compileSPARQL compiles sh:sparql (SHACL §5.2).
func compileSPARQL(c *compiler, s *shape, v rdf.Term) {
	if d, ok := c.single(v, "deactivated"); ok && c.boolean(v, "deactivated", d) {
		return
	}
	q, ok := c.query(s, v, "select", []string{"this"})
	if !ok {
		return
	}
	k := c.constrain(s, sparqlComponent, selectCheck(q, nil), "")
	k.source = v
	if messages := c.texts(v, "message"); len(messages) > 0 && len(s.messages) == 0 {
		k.messages = messages
	}
	s.opaque = true
}

// query parses the query of the constraint or validator v, whose property name
// is select or ask. The variables are bound before it runs.
func (c *compiler) query(s *shape, v rdf.Term, name string, bound []string) (query, bool) {
	text, ok := c.single(v, name)
	if !ok || text.Datatype() != rdf.XSDString {
		c.illFormed(v, "sh:%s is a string with a query", name)
		return query{}, false
	}
	body := text.Value()
	if strings.Contains(body, "$PATH") || strings.Contains(body, "?PATH") {
		if s.path.IsZero() {
			c.illFormed(v, "$PATH is for property shapes")
			return query{}, false
		}
		path := "(" + s.path.String() + ")"
		if s.path.op == predicatePath {
			path = s.path.String()
		}
		body = strings.NewReplacer("$PATH", path, "?PATH", path).Replace(body)
	}
	prologue, ok := c.prologue(v)
	if !ok {
		return query{}, false
	}
	if err := checkPreBinding(prologue+body, append([]string{"this", "shapesGraph", "currentShape"}, bound...)); err != nil {
		c.illFormed(v, "sh:%s: %v", name, err)
		return query{}, false
	}
	parsed, err := c.out.parser.Parse(prologue + body)
	if err != nil {
		c.illFormed(v, "sh:%s: %v", name, err)
		return query{}, false
	}
	if want := map[string]sparql.Form{"select": sparql.Select, "ask": sparql.Ask}[name]; parsed.Form() != want {
		c.illFormed(v, "sh:%s holds another form of query", name)
		return query{}, false
	}
	q := query{parsed, strings.Contains(body, "shapesGraph")}
	c.out.usesShapes = c.out.usesShapes || q.usesShapes
	return q, true
}

// prologue returns the PREFIX declarations of v: those that its sh:prefixes
// declare, and what these import (SHACL §5.2.1).
func (c *compiler) prologue(v rdf.Term) (string, bool) {
	namespaces := map[string]string{}
	seen := map[rdf.Term]bool{}
	next := slices.Clone(c.src.values(v, "prefixes"))
	for len(next) > 0 {
		o := next[0]
		next = next[1:]
		if seen[o] {
			continue
		}
		seen[o] = true
		next = append(next, c.src.objects[key{o, owlImports}]...)
		for _, d := range c.src.values(o, "declare") {
			prefix, okPrefix := c.single(d, "prefix")
			namespace, okNamespace := c.single(d, "namespace")
			if !okPrefix || !okNamespace {
				c.illFormed(o, "a prefix declaration has one sh:prefix and one sh:namespace")
				return "", false
			}
			if other, ok := namespaces[prefix.Value()]; ok && other != namespace.Value() {
				c.illFormed(v, "the prefix %s is declared for two namespaces", prefix.Value())
				return "", false
			}
			namespaces[prefix.Value()] = namespace.Value()
		}
	}
	var b strings.Builder
	for prefix, namespace := range namespaces {
		fmt.Fprintf(&b, "PREFIX %s: %s\n", prefix, rdf.IRI(namespace))
	}
	return b.String(), true
}

// selectCheck returns the check that a SELECT finds nothing (SHACL §5.3):
// every solution is a result.
func selectCheck(q query, parameters map[string]rdf.Term) check {
	return func(e *evaluation) {
		result, err := e.ask(q, parameters, nil)
		if err != nil {
			e.w.fail(err)
			return
		}
		defer result.Close()
		for row, err := range result.Rows() {
			if err != nil {
				e.w.fail(e.failure(err))
				return
			}
			e.solution(result.Vars, row)
		}
	}
}

// solution turns a solution into a result (SHACL §5.3.2).
func (e *evaluation) solution(vars []string, row []rdf.Term) {
	get := func(name string) rdf.Term {
		if i := slices.Index(vars, name); i >= 0 {
			return row[i]
		}
		return rdf.Term{}
	}
	if get("failure").Value() == "true" {
		e.w.fail(e.failure(errors.New("the query reports ?failure")))
		return
	}
	path := e.shape.path
	if p := get("path"); p.IsIRI() && path.IsZero() {
		path = PredicatePath(p)
	}
	value := get("value")
	if value.IsZero() && e.shape.path.IsZero() {
		value = e.w.term(e.focus.id)
	}
	if !e.reportTerm(value, path) {
		return
	}
	r := &e.w.results[len(e.w.results)-1]
	if m := get("message"); m.IsLiteral() {
		r.Messages = []rdf.Term{m}
		return
	}
	r.Messages = fillMessages(r.Messages, func(name string) (rdf.Term, bool) {
		t := get(name)
		if t.IsZero() {
			t = e.constraint.parameters[name]
		}
		return t, !t.IsZero()
	})
}

// askCheck returns the check that an ASK is true of every value node
// (SHACL §6.2.3).
func askCheck(q query, parameters map[string]rdf.Term) check {
	return func(e *evaluation) {
		for i := range e.values {
			value := e.term(i)
			result, err := e.ask(q, parameters, &value)
			if err != nil {
				e.w.fail(err)
				return
			}
			ok := result.Bool
			result.Close()
			if !ok && e.reportTerm(value, e.shape.path) {
				r := &e.w.results[len(e.w.results)-1]
				r.Messages = fillMessages(r.Messages, func(name string) (rdf.Term, bool) {
					if name == "value" {
						return value, true
					}
					t, ok := parameters[name]
					return t, ok
				})
			}
		}
	}
}

// ask runs q with its variables bound.
func (e *evaluation) ask(q query, parameters map[string]rdf.Term, value *rdf.Term) (*sparql.Result, error) {
	engine, params, err := e.w.engine()
	if err != nil {
		return nil, err
	}
	params.Bindings = map[string]rdf.Term{
		"this":         e.w.term(e.focus.id),
		"currentShape": e.shape.term,
		"shapesGraph":  shapesGraphName,
	}
	for name, t := range parameters {
		params.Bindings[name] = t
	}
	if value != nil {
		params.Bindings["value"] = *value
	}
	result, err := engine.Query(e.w.ctx, q.parsed, params)
	if err != nil {
		return nil, e.failure(err)
	}
	return result, nil
}

// failure names the constraint whose query failed.
func (e *evaluation) failure(err error) error {
	return fmt.Errorf("SPARQL constraint of %s at %s: %w", e.shape.term, e.w.term(e.focus.id), err)
}

// reportTerm is report for a value that may be no node of the data. It returns
// whether a result was added.
func (e *evaluation) reportTerm(value rdf.Term, path Path) bool {
	before := len(e.w.results)
	e.report(0, path)
	if len(e.w.results) == before {
		return false
	}
	e.w.results[before].Value = value
	return true
}

// fillMessages replaces {?name} and {$name} in the messages by values.
func fillMessages(messages []rdf.Term, value func(name string) (rdf.Term, bool)) []rdf.Term {
	filled := make([]rdf.Term, len(messages))
	for i, m := range messages {
		var b strings.Builder
		rest := m.Value()
		for {
			before, after, found := strings.Cut(rest, "{")
			b.WriteString(before)
			if !found {
				break
			}
			name, tail, closed := strings.Cut(after, "}")
			t, ok := rdf.Term{}, false
			if closed && len(name) > 1 && (name[0] == '?' || name[0] == '$') {
				t, ok = value(name[1:])
			}
			if !ok {
				b.WriteByte('{')
				rest = after
				continue
			}
			b.WriteString(t.Value())
			rest = tail
		}
		if m.Lang() != "" {
			filled[i] = rdf.LangLiteral(b.String(), m.Lang())
		} else {
			filled[i] = rdf.Literal(b.String())
		}
	}
	return filled
}

// shapesGraphName names the shapes graph for queries that ask for it.
var shapesGraphName = rdf.IRI("urn:x-qlgraph:shapes")

// engine returns the engine for the run's queries and the parameters that make
// the view their default graph.
func (r *run) engine() (*sparql.Engine, sparql.Params, error) {
	r.querying.Do(func() { r.querier, r.params, r.queryErr = r.newEngine() })
	return r.querier, r.params, r.queryErr
}

func (r *run) newEngine() (*sparql.Engine, sparql.Params, error) {
	var params sparql.Params
	options := sparql.Options{}
	data, err := r.dataset()
	if err != nil {
		return nil, params, err
	}
	ids, listed := r.view.Set()
	switch {
	case r.shapes.usesShapes: // dataset holds the view in the unnamed graph
	case !listed:
		options.DefaultGraphUnion = true
	case len(ids) != 1 || ids[0] != 0:
		names := make([]rdf.Term, len(ids))
		if err := r.snap.Terms(ids, names); err != nil {
			return nil, params, err
		}
		for _, n := range names {
			params.DefaultGraphs = append(params.DefaultGraphs, n.Value())
		}
	}
	return sparql.New(data, options), params, nil
}

// dataset returns what queries are asked of: the snapshot, or where a query
// reads the shapes graph a copy of the view beside the shapes graph.
func (r *run) dataset() (graph.Dataset, error) {
	if !r.shapes.usesShapes {
		return pinned{r.snap}, nil
	}
	return r.copyWithShapes()
}

// pinned is the dataset that is one snapshot, which its users cannot close.
type pinned struct{ snap graph.Snapshot }
