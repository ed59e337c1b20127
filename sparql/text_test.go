package sparql_test

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"qlgraph/graph/mem"
	"qlgraph/graph/rdf"
	"qlgraph/ontology"
	"qlgraph/sparql"
	"qlgraph/sparql/syntax"
)

// textCatalogue is a few courses with texts in several languages, in two graphs.
func textCatalogue() *mem.Dataset {
	iri := func(s string) rdf.Term { return rdf.IRI("http://example.org/" + s) }
	var quads []rdf.Quad
	add := func(g, s, p string, o rdf.Term) {
		quads = append(quads, rdf.Quad{S: iri(s), P: rdf.IRI(p), O: o, G: iri(g)})
	}
	course := func(g, s string) { add(g, s, rdf.RDFType, rdf.IRI(ontology.QL+"LearningOpportunitySpecification")) }
	title, description := ontology.DCTerms+"title", ontology.DCTerms+"description"
	course("g1", "c1")
	add("g1", "c1", title, rdf.LangLiteral("Introduction to Databases", "en"))
	add("g1", "c1", title, rdf.LangLiteral("Einführung in Datenbanken", "de"))
	add("g1", "c1", description, rdf.LangLiteral("Relational databases, and how a database keeps what it promises.", "en"))
	add("g1", "c1", ontology.ELM+"learningOutcome", iri("c1-lo"))
	add("g1", "c1-lo", title, rdf.LangLiteral("Normalises schemas", "en"))
	course("g2", "c2")
	add("g2", "c2", title, rdf.LangLiteral("Machine Learning", "en"))
	add("g2", "c2", description, rdf.LangLiteral("Learning from data; no databases.", "en"))
	add("g2", "c2", ontology.ELM32+"learningOutcomeSummary", iri("c2-note"))
	add("g2", "c2-note", ontology.ELM32+"noteLiteral", rdf.LangLiteral("Trains and tests a classifier", "en"))
	course("g2", "c3")
	add("g2", "c3", title, rdf.LangLiteral("Économie de l’énergie", "fr"))
	add("g2", "c3", "http://example.org/comment", rdf.LangLiteral("With a database of prices", "en"))
	return mem.FromQuads(quads...)
}

// search runs a query on the catalogue and returns its rows, each with local
// names.
func search(t *testing.T, e *sparql.Engine, query string) []string {
	t.Helper()
	rows, err := rowsOf(e, query)
	if err != nil {
		t.Fatalf("%s\n%v", query, err)
	}
	return rows
}

func rowsOf(e *sparql.Engine, query string) (rows []string, err error) {
	q, err := e.Parse("PREFIX text: <http://jena.apache.org/text#> PREFIX dcterms: <http://purl.org/dc/terms/> PREFIX : <http://example.org/> " + query)
	if err != nil {
		return nil, err
	}
	res, err := e.Query(context.Background(), q, sparql.Params{})
	if err != nil {
		return nil, err
	}
	defer res.Close()
	for row, err := range res.Rows() {
		if err != nil {
			return nil, err
		}
		var cells []string
		for _, term := range row {
			cells = append(cells, strings.TrimPrefix(term.Value(), "http://example.org/"))
		}
		rows = append(rows, strings.Join(cells, " "))
	}
	return rows, nil
}

func TestTextQuery(t *testing.T) {
	e := sparql.New(textCatalogue(), sparql.Options{DefaultGraphUnion: true})
	for _, tt := range []struct {
		name, query string
		want        []string
	}{
		{"text alone", `SELECT ?s { ?s text:query "datenbank" }`, []string{"c1"}},
		{"a solution per triple", `SELECT ?s { ?s text:query "databases" }`, []string{"c1", "c1", "c2"}},
		{"a property", `SELECT ?s { ?s text:query (dcterms:title "databases") }`, []string{"c1"}},
		{"another property", `SELECT ?s { ?s text:query (:comment "databases") }`, []string{"c3"}},
		{"several properties", `SELECT ?s { ?s text:query (dcterms:title :comment "database") }`, []string{"c1", "c3"}},
		{"a list as subject", `SELECT ?s ?l { (?s ?score ?l) text:query (dcterms:title "learning") }`, []string{"c2 Machine Learning"}},
		{"graph and property", `SELECT ?s ?g ?p { (?s ?score ?l ?g ?p) text:query "learning" }`, []string{"c2 g2 http://purl.org/dc/terms/description", "c2 g2 http://purl.org/dc/terms/title"}},
		{"places without a name", `SELECT ?g { ([] [] [] ?g) text:query "energie" }`, []string{"g2"}},
		{"a constant subject", `SELECT ?l { (:c2 ?score ?l) text:query (dcterms:title "learning") }`, []string{"Machine Learning"}},
		{"language option", `SELECT ?s { ?s text:query ("einfuhrung" "lang:de") }`, []string{"c1"}},
		{"language tag", `SELECT ?s { ?s text:query "einführung"@en }`, nil},
		{"ranked", `SELECT ?s ?l { (?s ?score ?l) text:query (dcterms:title dcterms:description "databases") } ORDER BY DESC(?score)`,
			[]string{"c1 Introduction to Databases", "c1 Relational databases, and how a database keeps what it promises.", "c2 Learning from data; no databases."}},
		{"the best one", `SELECT ?l { (?s ?score ?l) text:query ("databases" 1) }`, []string{"Introduction to Databases"}},
		{"none of the best", `SELECT ?l { (?s ?score ?l) text:query ("databases" 0) }`, nil},
		{"limit before the join", `SELECT ?s { ?s text:query ("databases" 1) . ?s dcterms:title "Machine Learning"@en }`, nil},
		{"in an outcome", `SELECT ?s { ?s text:query "schema" }`, []string{"c1-lo"}},
		{"the course of an outcome", `SELECT ?s { ?s text:query ("schema" "as:course") }`, []string{"c1"}},
		{"the course of a summary", `SELECT ?s ?l { (?s ?score ?l) text:query ("classifier" 5 "as:course") }`, []string{"c2 Trains and tests a classifier"}},
		{"the course itself", `SELECT ?s { ?s text:query ("learning" "as:course" 1) }`, []string{"c2"}},
		{"in GRAPH", `SELECT ?s { GRAPH :g2 { ?s text:query "databases" } }`, []string{"c2"}},
		{"in any GRAPH", `SELECT ?g ?s { GRAPH ?g { ?s text:query (dcterms:description "databases") } }`, []string{"g1 c1", "g2 c2"}},
		{"in OPTIONAL", `SELECT ?s ?score { ?s dcterms:title ?t FILTER(LANG(?t) != "de") OPTIONAL { ?s text:query (dcterms:title "introduction") BIND("found" AS ?score) } }`,
			[]string{"c1 found", "c1-lo ", "c2 ", "c3 "}},
		{"in EXISTS", `SELECT ?s { ?s a ?class FILTER NOT EXISTS { ?s text:query "databases" } }`, []string{"c3"}},
		{"in MINUS", `SELECT ?s { ?s a ?class MINUS { ?s text:query "databases" } }`, []string{"c3"}},
		{"in a subquery", `SELECT ?s ?n { { SELECT ?s (COUNT(*) AS ?n) { ?s text:query "databases" } GROUP BY ?s } FILTER(?n > 1) }`, []string{"c1 2"}},
		{"joined", `SELECT ?t { ?s text:query "data" ; dcterms:title ?t ; a ?class }`, []string{"Machine Learning"}},
		{"two of them", `SELECT ?s { ?s text:query (dcterms:title "databases") . ?s text:query (dcterms:title "datenbanken") }`, []string{"c1"}},
		{"a phrase or a prefix", `SELECT ?s { ?s text:query '"machine learning" OR econom*' }`, []string{"c2", "c3"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			got := search(t, e, tt.query)
			if !strings.Contains(tt.query, "ORDER BY") {
				slices.Sort(got)
			}
			if !slices.Equal(got, tt.want) {
				t.Errorf("%q, want %q", got, tt.want)
			}
		})
	}
}

// TestTextQueryJoins compares searches that are joined to other patterns with the
// reference evaluator.
func TestTextQueryJoins(t *testing.T) {
	iri := func(s string) rdf.Term { return rdf.IRI("http://example.org/" + s) }
	quads := []rdf.Quad{
		rdf.Triple(iri("a"), iri("p"), rdf.LangLiteral("rote Bäume", "de-AT")),
		rdf.Triple(iri("c"), iri("q"), rdf.LangLiteral("rote Bäume", "de")),
		rdf.Triple(iri("a"), iri("q"), rdf.LangLiteral("s", "de")),
		rdf.Triple(iri("d"), iri("p"), rdf.LangLiteral("red apples", "en")).In(iri("g")),
		rdf.Triple(iri("b"), iri("q"), rdf.TypedLiteral("1", rdf.XSDInteger)).In(iri("g")),
	}
	for _, query := range []string{
		"{ :a :p ?a OPTIONAL { OPTIONAL { ?d :q ?e FILTER(isIRI(?c)) } (?b ?e ?a ?d) text:query (:p :q :r \"r* OR baum\") } }",
		"{ :a :p ?a . GRAPH ?d { (?b ?e ?a) text:query (:p \"r*\") } }",
		"{ { SELECT ?a { :a :p ?a } } (?b ?e ?a) text:query (:p :q \"r*\") }",
		"{ VALUES ?a { \"red\" } { (?b ?e ?a) text:query \"r*\" } UNION { (?b ?e ?a) text:query \"baum\" } }",
	} {
		for _, union := range []bool{false, true} {
			query := "PREFIX text: <http://jena.apache.org/text#> PREFIX : <http://example.org/> SELECT * " + query
			if diff := difference(t, quads, query, "", union); diff != "" {
				t.Errorf("union %v: %s\n%.2000s", union, query, diff)
			}
		}
	}
}

func TestTextQueryErrors(t *testing.T) {
	e := sparql.New(textCatalogue(), sparql.Options{})
	for _, tt := range []struct{ query, want string }{
		{`SELECT * { ?s text:query ?q }`, "without variables"},
		{`SELECT * { ?s text:query () }`, "needs a text"},
		{`SELECT * { ?s text:query (dcterms:title) }`, "needs a text"},
		{`SELECT * { ?s text:query 5 }`, "looks for a text"},
		{`SELECT * { ?s text:query ("a" dcterms:title) }`, "stand before the text"},
		{`SELECT * { ?s text:query ("a" 5 6) }`, "each once"},
		{`SELECT * { ?s text:query ("a" "highlight:") }`, "each once"},
		{`SELECT * { ?s text:query ("a" -1) }`, "0 or more"},
		{`SELECT * { (?s 5) text:query "a" }`, "but a variable"},
		{`SELECT * { () text:query "a" }`, "the subject of text:query"},
		{`SELECT * { (?a ?b ?c ?d ?e ?f) text:query "a" }`, "the subject of text:query"},
		{`SELECT * { (?s ?x) text:query "a" ; dcterms:title ?t }`, "no other properties"},
		{`SELECT * { ?s ^text:query "a" }`, "part of a property path"},
		{`SELECT * { ?s dcterms:title/text:query "a" }`, "part of a property path"},
		{`SELECT * { ?s text:query "" }`, "no word to look for"},
		{`SELECT * { ?s text:query "-data" }`, "only excluded words"},
		{`SELECT * { ?s text:query "title:data" }`, "has no meaning here"},
	} {
		_, err := rowsOf(e, tt.query)
		var bad *syntax.Error
		if !errors.As(err, &bad) || !strings.Contains(err.Error(), tt.want) {
			t.Errorf("%s: %v, want %q", tt.query, err, tt.want)
		}
	}
}

// TestTextQueryBest compares searches that end early with those that find all.
func TestTextQueryBest(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	var quads []rdf.Quad
	words := strings.Fields("data design theory analysis method system learner course model practice")
	for n := range 4000 {
		var text []string
		for range 1 + r.IntN(12) {
			text = append(text, words[min(r.IntN(10), r.IntN(10))])
		}
		s := rdf.IRI(fmt.Sprintf("http://example.org/%d", n))
		quads = append(quads, rdf.Triple(s, rdf.IRI(ontology.DCTerms+"title"), rdf.LangLiteral(strings.Join(text, " "), "en")),
			rdf.Triple(s, rdf.IRI("http://example.org/provider"), rdf.IRI(fmt.Sprintf("http://example.org/p%d", r.IntN(40)))))
	}
	e := sparql.New(mem.FromQuads(quads...), sparql.Options{})
	for _, pattern := range []string{
		`(?s ?score) text:query (dcterms:title "data") `,
		`(?s ?score) text:query "data theory" . ?s :provider ?p `,
		`(?s ?score) text:query "practice OR model" . ?s :provider :p7 `,
		`(?s ?score) text:query (dcterms:title "analysis") OPTIONAL { ?s :provider ?p FILTER(?p = :p3) } FILTER(STRLEN(STR(?s)) = 22) `,
	} {
		for _, limit := range []int{1, 10, 300, 3000} {
			all := search(t, e, `SELECT ?score { `+pattern+`} ORDER BY DESC(?score)`)
			got := search(t, e, fmt.Sprintf(`SELECT ?score { %s} ORDER BY DESC(?score) LIMIT %d`, pattern, limit))
			if want := all[:min(limit, len(all))]; !slices.Equal(got, want) {
				t.Errorf("%s, %d: %d scores, want %d; %v", pattern, limit, len(got), len(want), got[:min(5, len(got))])
			}
			tied := search(t, e, fmt.Sprintf(`SELECT ?score ?s { %s} ORDER BY DESC(?score) ?s LIMIT %d`, pattern, limit))
			every := search(t, e, `SELECT ?score ?s { `+pattern+`} ORDER BY DESC(?score) ?s`)
			if !slices.Equal(tied, every[:min(limit, len(every))]) {
				t.Errorf("%s, %d, by ?s as well: not the first of all", pattern, limit)
			}
		}
	}
}
