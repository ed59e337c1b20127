package syntax_test

import (
	"testing"

	"qlgraph/sparql/syntax"
)

// FuzzQuery checks that parsing never panics, and that what parses prints to
// something that parses to the same print.
func FuzzQuery(f *testing.F) {
	for _, text := range []string{
		"SELECT * { ?s ?p ?o }",
		"PREFIX : <http://e/> SELECT ?a (COUNT(*) AS ?n) { ?a :p/^:q* [ :r (1 -2.5 \"x\"@en) ] OPTIONAL { ?a !(:p|^a) ?b FILTER(?b IN (1, 2) && -?b + 3 * (2 - 1) > 0) } } GROUP BY ?a HAVING(SUM(?b) > 1) ORDER BY DESC(?n) LIMIT 1 OFFSET 2 VALUES ?a { UNDEF <x:y> }",
		"CONSTRUCT WHERE { ?s <x:p> '''long''' }",
		"DESCRIBE <x:\\u0041> FROM NAMED <x:g> WHERE { GRAPH ?g { ?s ?p ?o } MINUS { ?s a ?c } }",
		"ASK { { SELECT ?x { BIND(IF(BOUND(?y), 1e3, .5) AS ?x) } } UNION { SERVICE SILENT ?s { } } FILTER NOT EXISTS { } }",
	} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) { fixpoint(t, text, query) })
}

// FuzzUpdate does the same for updates.
func FuzzUpdate(f *testing.F) {
	for _, text := range []string{
		"INSERT DATA { <x:s> <x:p> _:b GRAPH <x:g> { <x:s> <x:p> 1 } }",
		"PREFIX : <x:> WITH :g DELETE { ?s ?p ?o } INSERT { GRAPH ?g { ?s :q [] } } USING NAMED :h WHERE { ?s ?p ?o } ; DELETE WHERE { ?s :p ?o }",
		"LOAD SILENT <x:y> INTO GRAPH <x:g> ; DROP ALL ; CLEAR NAMED ; CREATE GRAPH <x:g> ; MOVE DEFAULT TO <x:g> ; COPY GRAPH <x:a> TO DEFAULT",
	} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) { fixpoint(t, text, update) })
}

func fixpoint(t *testing.T, text string, parse func(string) (string, error)) {
	printed, err := parse(text)
	if err != nil {
		if e, ok := err.(*syntax.Error); ok {
			_ = e.Snippet() // must not panic wherever the error is
		}
		return
	}
	again, err := parse(printed)
	if err != nil {
		t.Fatalf("%v in the printed form of %q:\n%s", err, text, printed)
	}
	if again != printed {
		t.Fatalf("%q printed as\n%s\nand then as\n%s", text, printed, again)
	}
}
