package store_test

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"qlgraph/graph"
	"qlgraph/graph/ntriples"
	"qlgraph/graph/rdf"
	"qlgraph/graph/store"
)

// The benchmarks use the N-Quads file that this variable names, and without it
// a small data set of the same shape.
const benchData = "QLGRAPH_BENCH_NQUADS"

// benchFile returns the path of the data.
func benchFile(b testing.TB) string {
	if path := os.Getenv(benchData); path != "" {
		return path
	}
	path := filepath.Join(b.TempDir(), "data.nq")
	f, err := os.Create(path)
	if err != nil {
		b.Fatal(err)
	}
	enc := ntriples.NewEncoder(f)
	for n := range 2000 {
		for _, q := range course(n, n%20) {
			if err := enc.Encode(q); err != nil {
				b.Fatal(err)
			}
		}
	}
	if err := enc.Close(); err != nil {
		b.Fatal(err)
	}
	if err := f.Close(); err != nil {
		b.Fatal(err)
	}
	return path
}

const (
	elm    = "http://data.europa.eu/snb/model/elm/"
	ql     = "http://data.quality-link.eu/ontology/v1#"
	dct    = "http://purl.org/dc/terms/"
	lorem  = "In this course students learn to analyse, to design and to assess the methods of the field, with examples from practice."
	people = 25
)

// course returns the quads of a made-up course of a provider.
func course(n, provider int) []rdf.Quad {
	g := rdf.IRI(fmt.Sprintf("http://data.quality-link.eu/graph/source/uni-%d.example/%d", provider, provider))
	s := rdf.IRI(fmt.Sprintf("http://data.quality-link.eu/course/uni-%d.example/C%05d", provider, n))
	id := rdf.IRI(s.Value() + "#identifier")
	var quads []rdf.Quad
	add := func(s rdf.Term, p string, o rdf.Term) {
		quads = append(quads, rdf.Quad{S: s, P: rdf.IRI(p), O: o, G: g})
	}
	add(s, rdf.RDFType, rdf.IRI(ql+"LearningOpportunitySpecification"))
	add(s, rdf.RDFType, rdf.IRI(elm+"LearningOpportunity"))
	add(s, dct+"title", rdf.LangLiteral(fmt.Sprintf("Introduction to subject %d", n), "en"))
	add(s, dct+"title", rdf.LangLiteral(fmt.Sprintf("Einführung in Fach %d", n), "de"))
	add(s, dct+"description", rdf.LangLiteral(fmt.Sprintf("%s Number %d.", lorem, n), "en"))
	add(s, dct+"language", rdf.IRI(fmt.Sprintf("http://publications.europa.eu/resource/authority/language/%d", n%people)))
	add(s, dct+"publisher", rdf.IRI(fmt.Sprintf("http://data.quality-link.eu/provider/uni-%d.example", provider)))
	add(s, elm+"volume", rdf.TypedLiteral(fmt.Sprint(n%300), rdf.XSDInteger))
	add(s, dct+"modified", rdf.TypedLiteral(fmt.Sprintf("2025-%02d-%02dT00:00:00Z", 1+n%12, 1+n%28), rdf.XSDDateTime))
	add(s, "http://www.w3.org/ns/adms#identifier", id)
	add(id, rdf.RDFType, rdf.IRI("http://www.w3.org/ns/adms#Identifier"))
	add(id, "http://www.w3.org/2004/02/skos/core#notation", rdf.Literal(fmt.Sprintf("C%05d", n)))
	return quads
}

// parts cuts an N-Quads file at line ends into n sources.
func parts(b testing.TB, path string, n int64) []store.Source {
	f, err := os.Open(path)
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { f.Close() })
	info, err := f.Stat()
	if err != nil {
		b.Fatal(err)
	}
	var sources []store.Source
	start := int64(0)
	for i := range n {
		end := lineEnd(b, f, info.Size()*(i+1)/n, info.Size())
		sources = append(sources, ntriples.NewDecoder(io.NewSectionReader(f, start, end-start), ntriples.Options{}).All())
		start = end
	}
	return sources
}

func lineEnd(b testing.TB, f *os.File, at, size int64) int64 {
	buf := make([]byte, 1<<20)
	for at < size {
		n, err := f.ReadAt(buf, at)
		if n == 0 && err != nil {
			b.Fatal(err)
		}
		if i := bytes.IndexByte(buf[:n], '\n'); i >= 0 {
			return at + int64(i) + 1
		}
		at += int64(n)
	}
	return size
}

// loaded returns a store with the data of the benchmarks.
func loaded(b testing.TB) (*store.Store, string) {
	dir := os.Getenv("QLGRAPH_BENCH_STORE")
	kept := dir != ""
	if !kept {
		dir = b.TempDir()
	}
	s := open(b, dir)
	snap, err := s.View(context.Background())
	if err != nil {
		b.Fatal(err)
	}
	defer snap.Close()
	if n, _, err := snap.Count(graph.Pattern{Graphs: graph.EveryQuad()}); err != nil {
		b.Fatal(err)
	} else if n > 0 {
		return s, dir
	}
	if _, err := s.Load(context.Background(), store.LoadOptions{}, parts(b, benchFile(b), 16)...); err != nil {
		b.Fatal(err)
	}
	return s, dir
}

func BenchmarkLoad(b *testing.B) {
	path := benchFile(b)
	var quads, size int64
	for b.Loop() {
		dir := b.TempDir()
		s, err := store.Open(dir, store.Options{})
		if err != nil {
			b.Fatal(err)
		}
		start := cpuSeconds(b)
		stage, since := "", b.Elapsed()
		l, err := s.Load(context.Background(), store.LoadOptions{Progress: func(p store.Progress) {
			if p.Stage != stage && testing.Verbose() {
				b.Logf("%6.2fs %s", (b.Elapsed() - since).Seconds(), p.Stage)
				stage = p.Stage
			}
		}}, parts(b, path, 16)...)
		if err != nil {
			b.Fatal(err)
		}
		b.ReportMetric(cpuSeconds(b)-start, "cpu-s")
		quads += l.Added
		info, err := os.Stat(filepath.Join(dir, "quads.db"))
		if err != nil {
			b.Fatal(err)
		}
		size = info.Size()
		stats, err := s.Stats(context.Background())
		if err != nil {
			b.Fatal(err)
		}
		b.Logf("%+v", stats)
		if err := s.Close(); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(quads)/b.Elapsed().Seconds(), "quads/s")
	b.ReportMetric(float64(size)*float64(b.N)/float64(quads), "bytes/quad")
	b.ReportMetric(peakMB(b), "peak-MB")
}

// peakMB returns the process's largest resident set, where /proc tells.
func peakMB(b testing.TB) float64 {
	status, err := os.ReadFile("/proc/self/status")
	if err != nil {
		return 0
	}
	for line := range strings.Lines(string(status)) {
		var kb float64
		if n, _ := fmt.Sscanf(line, "VmHWM: %f kB", &kb); n == 1 {
			return kb / 1024
		}
	}
	return 0
}

// subjects returns the IDs of n subjects of the class that has the most.
func subjects(b *testing.B, snap *store.Snapshot, n int) []graph.ID {
	typ, ok, err := snap.Lookup(rdf.IRI(rdf.RDFType))
	if !ok || err != nil {
		b.Fatal(ok, err)
	}
	c, err := snap.Scan(graph.Pattern{P: typ, Graphs: graph.Union()}, graph.PSOG)
	if err != nil {
		b.Fatal(err)
	}
	defer c.Close()
	var all []graph.ID
	batch := &graph.Batch{S: make([]graph.ID, graph.BatchSize)}
	for {
		k, err := c.Next(batch)
		if err != nil {
			b.Fatal(err)
		}
		if k == 0 {
			break
		}
		all = append(all, batch.S[:k]...)
	}
	rand.Shuffle(len(all), func(i, j int) { all[i], all[j] = all[j], all[i] })
	return all[:min(n, len(all))]
}

// view opens a snapshot that is closed with the benchmark.
func view(b testing.TB, s *store.Store) *store.Snapshot {
	snap, err := s.View(context.Background())
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { snap.Close() })
	return snap
}

func BenchmarkScan(b *testing.B) {
	s, _ := loaded(b)
	snap := view(b, s)
	for o := graph.SPOG; o <= graph.GSPO; o++ {
		for name, batch := range map[string]*graph.Batch{"all": graph.NewBatch(), "S": {S: make([]graph.ID, graph.BatchSize)}} {
			b.Run(o.String()+"/"+name, func(b *testing.B) {
				total := 0
				for b.Loop() {
					total += drain(b, snap, graph.Pattern{Graphs: graph.EveryQuad()}, o, batch)
				}
				b.ReportMetric(float64(total)/b.Elapsed().Seconds()/1e6, "Mquads/s")
			})
		}
	}
}

func drain(b testing.TB, snap graph.Snapshot, p graph.Pattern, o graph.Order, batch *graph.Batch) (total int) {
	c, err := snap.Scan(p, o)
	if err != nil {
		b.Fatal(err)
	}
	defer c.Close()
	for {
		n, err := c.Next(batch)
		if err != nil {
			b.Fatal(err)
		}
		if n == 0 {
			return total
		}
		total += n
	}
}

// BenchmarkSubject reads all quads of a random subject as terms, in a snapshot
// of its own.
func BenchmarkSubject(b *testing.B) {
	s, _ := loaded(b)
	all := subjects(b, view(b, s), 1000)
	batch := graph.NewBatch()
	terms := make([]rdf.Term, 4*graph.BatchSize)
	quads, n := 0, 0
	for b.Loop() {
		snap, err := s.View(context.Background())
		if err != nil {
			b.Fatal(err)
		}
		quads += describe(b, snap, all[n%len(all)], batch, terms)
		snap.Close()
		n++
	}
	b.ReportMetric(float64(quads)/float64(n), "quads/op")
}

func describe(b testing.TB, snap *store.Snapshot, s graph.ID, batch *graph.Batch, terms []rdf.Term) (quads int) {
	c, err := snap.Scan(graph.Pattern{S: s, Graphs: graph.EveryQuad()}, graph.SPOG)
	if err != nil {
		b.Fatal(err)
	}
	defer c.Close()
	for {
		n, err := c.Next(batch)
		if err != nil {
			b.Fatal(err)
		}
		if n == 0 {
			return quads
		}
		for i, column := range [4][]graph.ID{batch.S, batch.P, batch.O, batch.G} {
			if err := snap.Terms(column[:n], terms[i*n:]); err != nil {
				b.Fatal(err)
			}
		}
		quads += n
	}
}

// BenchmarkStar joins class, publisher and language of courses by merging.
func BenchmarkStar(b *testing.B) {
	s, _ := loaded(b)
	snap := view(b, s)
	id := func(iri string) graph.ID {
		id, ok, err := snap.Lookup(rdf.IRI(iri))
		if err != nil {
			b.Fatal(err)
		}
		if !ok {
			b.Skipf("the data do not have %s", iri)
		}
		return id
	}
	typ, class := id(rdf.RDFType), id(ql+"LearningOpportunitySpecification")
	publisher, language := id(dct+"publisher"), id(dct+"language")
	rows := 0
	for b.Loop() {
		rows = star(b, snap, graph.Pattern{P: typ, O: class, Graphs: graph.Union()},
			graph.Pattern{P: publisher, Graphs: graph.Union()}, graph.Pattern{P: language, Graphs: graph.Union()})
	}
	b.ReportMetric(float64(rows), "rows")
	b.ReportMetric(b.Elapsed().Seconds()*1e3/float64(b.N)/float64(rows)*7000, "ms/7000rows")
}

// star counts the rows of a join on the subject, by a merge of three cursors.
func star(b *testing.B, snap graph.Snapshot, class graph.Pattern, others ...graph.Pattern) (rows int) {
	lead := newSubjectCursor(b, snap, class, graph.POSG)
	var rest []*subjectCursor
	for _, p := range others {
		rest = append(rest, newSubjectCursor(b, snap, p, graph.PSOG))
	}
	for {
		s, ok := lead.peek(b)
		if !ok {
			return rows
		}
		product := lead.take(b, s)
		for _, c := range rest {
			product *= c.take(b, s)
		}
		rows += product
	}
}

type subjectCursor struct {
	graph.Cursor
	batch *graph.Batch
	n, at int
}

func newSubjectCursor(b *testing.B, snap graph.Snapshot, p graph.Pattern, o graph.Order) *subjectCursor {
	c, err := snap.Scan(p, o)
	if err != nil {
		b.Fatal(err)
	}
	return &subjectCursor{Cursor: c, batch: &graph.Batch{S: make([]graph.ID, graph.BatchSize), O: make([]graph.ID, graph.BatchSize)}}
}

func (c *subjectCursor) peek(b *testing.B) (graph.ID, bool) {
	if c.at == c.n {
		var err error
		if c.n, err = c.Next(c.batch); err != nil {
			b.Fatal(err)
		}
		c.at = 0
	}
	return c.batch.S[min(c.at, graph.BatchSize-1)], c.at < c.n
}

// take skips to the subject s and counts its rows.
func (c *subjectCursor) take(b *testing.B, s graph.ID) (rows int) {
	for {
		next, ok := c.peek(b)
		if !ok || next > s {
			return rows
		}
		if next == s {
			rows++
		}
		c.at++
	}
}

func BenchmarkOpen(b *testing.B) {
	s, dir := loaded(b)
	if err := s.Close(); err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		s, err := store.Open(dir, store.Options{})
		if err != nil {
			b.Fatal(err)
		}
		b.StopTimer()
		if err := s.Close(); err != nil {
			b.Fatal(err)
		}
		b.StartTimer()
	}
}
