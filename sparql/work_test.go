package sparql_test

import (
	"context"
	"fmt"
	"testing"

	"qlgraph/graph"
	"qlgraph/graph/mem"
	"qlgraph/graph/rdf"
	"qlgraph/sparql"
)

// work counts what a query asks of its snapshot.
type work struct {
	scans, seeks, quads int
	terms               int // that were decoded
}

// counting is a dataset that counts work.
type counting struct {
	described
	*work
}

func (d counting) Snapshot(ctx context.Context) (graph.Snapshot, error) {
	s, err := d.described.Snapshot(ctx)
	if err != nil {
		return nil, err
	}
	return countingSnapshot{s.(describedSnapshot), d.work}, nil
}

type countingSnapshot struct {
	describedSnapshot
	*work
}

func (s countingSnapshot) Scan(p graph.Pattern, o graph.Order) (graph.Cursor, error) {
	s.scans++
	c, err := s.describedSnapshot.Scan(p, o)
	return countingCursor{c, s.work}, err
}

func (s countingSnapshot) Terms(ids []graph.ID, dst []rdf.Term) error {
	s.terms += len(ids)
	return s.describedSnapshot.Terms(ids, dst)
}

type countingCursor struct {
	graph.Cursor
	*work
}

func (c countingCursor) Seek(q graph.Quad) error {
	c.seeks++
	return c.Cursor.Seek(q)
}

func (c countingCursor) Next(b *graph.Batch) (int, error) {
	n, err := c.Cursor.Next(b)
	c.quads += n
	return n, err
}

// TestWork pins the order of magnitude of the work for shapes of queries, over
// 20,000 courses: what is counted does not depend on the machine.
func TestWork(t *testing.T) {
	const courses = 20_000
	data := catalogue(courses)
	tests := map[string]struct {
		query string
		most  work
	}{
		"a star of rare and common patterns seeks the rare": {
			"SELECT * { ?c :level :rare ; :title ?t ; :field ?f }", work{scans: 3, seeks: 3 * courses / 1000, quads: 200 * courses / 1000}},
		"a star of common patterns merges": {
			"SELECT * { ?c a :Course ; :title ?t ; :field ?f }", work{scans: 3, seeks: 2 * courses / 500, quads: 4 * courses}},
		"a limit stops the scan": {
			"SELECT * { ?c a :Course ; :title ?t } LIMIT 10", work{scans: 2, seeks: 20, quads: 4096}},
		"counting needs no scan": {
			"SELECT (COUNT(*) AS ?n) { ?s ?p ?o }", work{scans: 0, seeks: 0, quads: 0}},
		"not exists asks for the rows at hand": {
			"SELECT * { ?c :level :rare FILTER NOT EXISTS { ?c :title ?t } }", work{scans: 2, seeks: courses / 1000, quads: 64 * courses / 1000}},
		"so it is in an expression": {
			"SELECT * { ?c :level :rare FILTER(?c = :c0 || EXISTS { ?x :title ?t . ?x :field ?f }) }", work{scans: 3, seeks: 1024, quads: 4096}},
		"exists that shares nothing is asked once": {
			"SELECT * { ?c :level :rare FILTER EXISTS { ?x :title ?t . ?x :field ?f } }", work{scans: 3, seeks: 1024, quads: 4096}},
		"optional asks for the rows at hand": {
			"SELECT * { ?c :level :rare OPTIONAL { ?c :title ?t FILTER(STRLEN(?t) > 3) } }", work{scans: 2, seeks: courses / 1000, quads: 64 * courses / 1000}},
		"a path from a constant walks what it reaches": {
			"SELECT * { ?x :next* :c30 }", work{scans: 40, seeks: 40, quads: 200}},
		"paths from many rows read each node once": {
			"SELECT ?b (COUNT(*) AS ?n) { ?c :field/:broader+ ?b } GROUP BY ?b", work{scans: 1 + 4*3, seeks: 1 + 2*56, quads: 2 * courses}},
		"and a level of them in one pass": {
			"SELECT (COUNT(*) AS ?n) { ?c :level :rare . ?c :next+ ?d }", work{scans: 1 + 3*100, seeks: 21 * 100, quads: 64 * 21 * 100}},
		"a path from everywhere reads on as it is asked": {
			"SELECT * { ?c :next* ?d } LIMIT 10", work{scans: 2 + 100, seeks: 1 + 100, quads: 4000}},
		"a walk ends where it was to lead": {
			"ASK { :c0 :next* :c5 }", work{scans: 6, seeks: 6, quads: 6}},
		"a path in a small graph does not pass the large one": {
			"SELECT * { GRAPH :g { ?c :next+ ?d } }", work{scans: 2, seeks: 0, quads: 8}},
		"alternatives of sequences are joined": {
			"SELECT (COUNT(*) AS ?n) { ?c (:field/:broader|:level) ?x }", work{scans: 3, seeks: 64, quads: 3 * courses}},
		"a negated set is a filter": {
			"SELECT * { ?s !(:title|:level) ?o } LIMIT 10", work{scans: 1, seeks: 0, quads: 1024}},
		"a constant behind a variable does not send a cursor through the index": {
			"SELECT * { :c77 !:title ?o . :c77 ?p ?o }", work{scans: 2, seeks: 2, quads: 40}},
		"a term that is not there costs nothing": {
			"SELECT * { ?c a :Course ; :title ?t ; :level :unknown }", work{scans: 0, seeks: 0, quads: 0}},
		"distinct predicates skip from one to the next": {
			"SELECT DISTINCT ?p { ?s ?p ?o }", work{scans: 1, seeks: 5, quads: 512}},
		"distinct objects are counted by runs": {
			"SELECT ?f (COUNT(*) AS ?n) { ?c :field ?f } GROUP BY ?f", work{scans: 1, seeks: 50, quads: 50 * 64}},
		"a point look-up": {
			"SELECT * { :c77 ?p ?o }", work{scans: 1, seeks: 1, quads: 20}},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			spent := &work{}
			engine := sparql.New(counting{describe(data), spent}, sparql.Options{DefaultGraphUnion: true})
			if err := drain(engine, "PREFIX : <http://example.org/>\n"+tt.query); err != nil {
				t.Fatal(err)
			}
			if spent.scans > tt.most.scans || spent.seeks > tt.most.seeks || spent.quads > tt.most.quads {
				t.Errorf("got %+v, want at most %+v", *spent, tt.most)
			}
		})
	}
}

// catalogue is n courses; one in a thousand is rare, and each has a next one, which
// a small named graph repeats of two. Their fields are below five broader ones.
func catalogue(n int) *mem.Dataset {
	iri := func(name string, n ...any) rdf.Term { return rdf.IRI("http://example.org/" + fmt.Sprintf(name, n...)) }
	var quads []rdf.Quad
	for i := range n {
		c := iri("c%d", i)
		level := iri("common")
		if i%1000 == 0 {
			level = iri("rare")
		}
		quads = append(quads,
			rdf.Triple(c, rdf.IRI(rdf.RDFType), iri("Course")),
			rdf.Triple(c, iri("title"), rdf.Literal(fmt.Sprint("course ", i))),
			rdf.Triple(c, iri("level"), level),
			rdf.Triple(c, iri("field"), iri("f%d", i%50)),
		)
		if i%100 > 0 {
			quads = append(quads, rdf.Triple(iri("c%d", i-1), iri("next"), c))
		}
	}
	for i := range 50 {
		quads = append(quads, rdf.Triple(iri("f%d", i), iri("broader"), iri("b%d", i%5)))
	}
	for i := range 5 {
		quads = append(quads, rdf.Triple(iri("b%d", i), iri("broader"), iri("all")))
	}
	for i := range 2 {
		quads = append(quads, rdf.Triple(iri("c%d", i), iri("next"), iri("c%d", i+1)).In(iri("g")))
	}
	return mem.FromQuads(quads...)
}

// TestAllocations checks that operators do not allocate per row: twice the rows
// cost hardly more allocations.
func TestAllocations(t *testing.T) {
	queries := map[string]string{
		"scan":   "SELECT (COUNT(?t) AS ?n) { ?c :title ?t OPTIONAL { ?c :absent ?x } }",
		"join":   "SELECT (COUNT(?f) AS ?n) { ?c a :Course ; :title ?t ; :field ?f }",
		"runs":   "SELECT DISTINCT ?c { ?c ?p ?o }",
		"filter": "SELECT (COUNT(?c) AS ?n) { ?c :field ?f ; :level ?l FILTER(?f != :f7) }",
	}
	small, large := catalogue(10_000), catalogue(20_000)
	for name, query := range queries {
		t.Run(name, func(t *testing.T) {
			allocs := func(d *mem.Dataset) float64 {
				engine := sparql.New(d, sparql.Options{})
				return testing.AllocsPerRun(3, func() {
					if err := drain(engine, "PREFIX : <http://example.org/>\n"+query); err != nil {
						t.Fatal(err)
					}
				})
			}
			if perRow := (allocs(large) - allocs(small)) / 10_000; perRow > 0.05 {
				t.Errorf("%.3f allocations per row", perRow)
			}
		})
	}
}
