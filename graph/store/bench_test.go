package store_test

import (
	"bytes"
	"context"
	"fmt"
	"io"
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
