package querygen

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
)

// generator writes a query. Variables in scope are tracked roughly: enough that
// BIND and AS do not name one that is.
type generator struct {
	r     *rand.Rand
	fresh int
}

// Query returns the text of a random SELECT query, and the variable by which it
// is ordered, "" for none. It may end in LIMIT and OFFSET.
func Query(r *rand.Rand) (text, orderedBy string) {
	g := &generator{r: r}
	body := g.group(3)
	vars := []string{"a", "b", "c", "d", "e"}
	prologue := "PREFIX : <" + ns + ">\n"
	switch r.IntN(6) {
	case 0:
		if r.IntN(2) == 0 { // simple enough to be split
			body = "{ " + g.triples() + g.triples() + pick(r, "", g.triples(), "OPTIONAL { "+g.triples()+"}") + "}"
		}
		return prologue + g.aggregation(body, vars), ""
	case 1:
		return prologue + "SELECT DISTINCT " + g.columns(vars) + " WHERE " + body, ""
	case 2:
		v := pick(r, vars...)
		return prologue + "SELECT * WHERE " + body + " ORDER BY " + pick(r, "", "DESC") + "(?" + v + ")" + g.page(), v
	case 3:
		return prologue + "SELECT * WHERE " + body + g.page(), ""
	}
	return prologue + "SELECT * WHERE " + body, ""
}

// page may end a query with LIMIT and OFFSET.
func (g *generator) page() string {
	return pick(g.r, "", "", " LIMIT 0", " LIMIT 1", " LIMIT 4", " LIMIT 3 OFFSET 2", " OFFSET 2")
}

func (g *generator) columns(vars []string) string {
	var out []string
	for _, v := range vars {
		if g.r.IntN(2) == 0 {
			out = append(out, "?"+v)
		}
	}
	if out == nil {
		return "?a"
	}
	return strings.Join(out, " ")
}

func (g *generator) aggregation(body string, vars []string) string {
	key := "?" + pick(g.r, vars...)
	if other := "?" + pick(g.r, vars...); g.r.IntN(2) == 0 && other != key {
		key += " " + other
	}
	arg := pick(g.r, vars...)
	agg := fmt.Sprintf(pick(g.r, "COUNT(*)", "COUNT(?%s)", "COUNT(DISTINCT ?%s)", "SUM(?%s)", "MIN(?%s)", "MAX(?%s)", "AVG(DISTINCT ?%s)"), arg)
	agg, _, _ = strings.Cut(agg, "%!")
	q := fmt.Sprintf("SELECT %s (%s AS ?z) WHERE %s GROUP BY %s", key, agg, body, key)
	switch g.r.IntN(4) {
	case 0:
		q += " HAVING (COUNT(*) > 1)"
	case 1:
		q = fmt.Sprintf("SELECT (%s AS ?z) WHERE %s", agg, body)
	}
	return q
}

func (g *generator) group(depth int) string {
	var parts []string
	var bound []string
	for range 1 + g.r.IntN(3) {
		part, binds := g.element(depth, bound)
		parts = append(parts, part)
		bound = append(bound, binds...)
	}
	return "{ " + strings.Join(parts, " ") + " }"
}

// element returns a part of a group and the variables that it may bind.
func (g *generator) element(depth int, bound []string) (string, []string) {
	all := []string{"a", "b", "c", "d", "e"}
	if depth == 0 {
		return g.triples(), all
	}
	switch g.r.IntN(20) {
	case 0:
		return "OPTIONAL " + g.group(depth-1), all
	case 1:
		return "OPTIONAL { " + g.triples() + " FILTER(" + g.condition(0) + ") }", all
	case 2:
		return g.group(depth-1) + " UNION " + g.group(depth-1), all
	case 3:
		return "MINUS " + g.group(depth-1), nil
	case 4:
		return "GRAPH " + pick(g.r, ":g1", "?a", "?e", ":nowhere") + " " + g.group(depth-1), all
	case 5, 6:
		return "FILTER(" + g.condition(depth-1) + ")", nil
	case 7:
		return g.bind(bound)
	case 8:
		return g.values(), all
	case 9:
		return g.subquery(depth - 1), all
	case 10:
		return g.group(depth - 1), all
	case 11, 15:
		return g.end() + " " + g.path(2+g.r.IntN(2)) + " " + g.end() + " .", all
	case 12:
		return g.cycle(), all
	case 13, 14:
		return g.search(), all
	}
	return g.triples(), all
}

func (g *generator) triples() string {
	var b strings.Builder
	for range 1 + g.r.IntN(2) {
		fmt.Fprintf(&b, "%s %s %s . ", g.subject(), pick(g.r, ":p", ":p", ":q", ":q", ":r", "?d"), g.object())
	}
	return b.String()
}

// cycle returns triple patterns that lead from a variable back to it.
func (g *generator) cycle() string {
	vars := []string{"?a", "?b", "?c", "?d", "?e"}
	g.r.Shuffle(len(vars), func(i, k int) { vars[i], vars[k] = vars[k], vars[i] })
	vars = vars[:3+g.r.IntN(2)]
	var b strings.Builder
	for i, from := range vars {
		to := vars[(i+1)%len(vars)]
		if g.r.IntN(2) == 0 {
			from, to = to, from
		}
		fmt.Fprintf(&b, "%s %s %s . ", from, pick(g.r, ":p", ":q", ":r"), to)
	}
	return b.String()
}

func (g *generator) variable() string { return "?" + pick(g.r, "a", "b", "c", "d", "e") }

func (g *generator) subject() string {
	if g.r.IntN(6) == 0 {
		return pick(g.r, ":a", ":b", "_:n"+fmt.Sprint(g.next()))
	}
	return g.variable()
}

func (g *generator) object() string {
	if g.r.IntN(5) == 0 {
		return g.constant()
	}
	return g.variable()
}

func (g *generator) end() string {
	if g.r.IntN(3) == 0 {
		return pick(g.r, ":a", ":b", ":nothing")
	}
	return g.variable()
}

func (g *generator) constant() string {
	return pick(g.r, ":a", ":b", ":c", "1", "2", "1.5", `"s"`, `"s"@en`, `"s"^^:type`, "true", `"2020-01-01T00:00:00Z"^^<http://www.w3.org/2001/XMLSchema#dateTime>`)
}

func (g *generator) next() int {
	g.fresh++
	return g.fresh
}

func (g *generator) bind(bound []string) (string, []string) {
	for _, v := range []string{"a", "b", "c", "d", "e"} {
		if !slices.Contains(bound, v) {
			return "BIND(" + g.expression(2) + " AS ?" + v + ")", []string{v}
		}
	}
	return g.triples(), nil
}

func (g *generator) values() string {
	var b strings.Builder
	v, w := g.variable(), g.variable()
	if v == w {
		fmt.Fprintf(&b, "VALUES %s { ", v)
		for range g.r.IntN(4) {
			b.WriteString(pick(g.r, g.constant(), "UNDEF") + " ")
		}
		return b.String() + "}"
	}
	fmt.Fprintf(&b, "VALUES (%s %s) { ", v, w)
	for range g.r.IntN(4) {
		fmt.Fprintf(&b, "(%s %s) ", pick(g.r, g.constant(), g.constant(), "UNDEF"), pick(g.r, g.constant(), "UNDEF"))
	}
	return b.String() + "}"
}

func (g *generator) subquery(depth int) string {
	body := g.group(depth)
	switch g.r.IntN(4) {
	case 0:
		return "{ SELECT ?a (COUNT(?b) AS ?c) WHERE " + body + " GROUP BY ?a }"
	case 1:
		return "{ SELECT DISTINCT ?a ?b WHERE " + body + " }"
	case 2:
		return "{ SELECT (MAX(?b) AS ?a) WHERE " + body + " }"
	}
	return "{ SELECT ?a ?b WHERE " + body + " }"
}

func (g *generator) path(depth int) string {
	if depth == 0 {
		return pick(g.r, ":p", ":q", "^:p", "!:p", "!(:p|^:q)", "!^:r")
	}
	switch g.r.IntN(7) {
	case 0:
		return "(" + g.path(depth-1) + ")*"
	case 1:
		return "(" + g.path(depth-1) + ")+"
	case 2:
		return "(" + g.path(depth-1) + ")?"
	case 3:
		return "(" + g.path(depth-1) + "/" + g.path(depth-1) + ")"
	case 4:
		return "(" + g.path(depth-1) + "|" + g.path(depth-1) + ")"
	case 5:
		return "^(" + g.path(depth-1) + ")"
	}
	return g.path(0)
}

// condition returns an expression that is likely to have a truth value.
func (g *generator) condition(depth int) string {
	switch g.r.IntN(12) {
	case 0:
		return "BOUND(" + g.variable() + ")"
	case 1:
		return "!(" + g.condition(0) + ")"
	case 2:
		return g.condition(0) + " && " + g.condition(0)
	case 3:
		return g.condition(0) + " || " + g.condition(0)
	case 4, 5:
		if depth > 0 {
			return pick(g.r, "EXISTS ", "NOT EXISTS ") + g.group(depth-1)
		}
	case 6:
		return g.variable() + pick(g.r, " IN (", " NOT IN (") + g.constant() + ", " + pick(g.r, g.constant(), g.expression(0)) + ")"
	case 7:
		return pick(g.r, "isIRI", "isLiteral", "isBlank", "isNumeric") + "(" + g.variable() + ")"
	case 8:
		return "sameTerm(" + g.variable() + ", " + g.expression(0) + ")"
	case 9:
		return `LANG(` + g.variable() + `) = "en"`
	}
	return g.expression(1) + pick(g.r, " = ", " != ", " < ", " >= ", " > ", " <= ") + g.expression(1)
}

func (g *generator) expression(depth int) string {
	if depth == 0 {
		if g.r.IntN(3) == 0 {
			return g.constant()
		}
		return g.variable()
	}
	switch g.r.IntN(9) {
	case 0:
		return "(" + g.expression(depth-1) + pick(g.r, " + ", " - ", " * ", " / ") + g.expression(depth-1) + ")"
	case 1:
		return "STR(" + g.expression(depth-1) + ")"
	case 2:
		return "IF(" + g.condition(0) + ", " + g.expression(depth-1) + ", " + g.expression(depth-1) + ")"
	case 3:
		return "COALESCE(" + g.expression(depth-1) + ", " + g.expression(depth-1) + ")"
	case 4:
		return "DATATYPE(" + g.expression(depth-1) + ")"
	case 5:
		return "STRLEN(STR(" + g.expression(depth-1) + "))"
	}
	return g.expression(0)
}
