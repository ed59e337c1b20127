package rdfio_test

import (
	"bytes"
	"io"
	"strings"
	"testing"

	"github.com/klauspost/compress/gzip"
	"github.com/klauspost/compress/zstd"

	"qlgraph/graph/canon"
	"qlgraph/graph/rdf"
	"qlgraph/graph/rdfio"
)

func TestFormats(t *testing.T) {
	tests := []struct {
		format             rdfio.Format
		name, media, file  string
		graphs             bool
		otherMedia, oddity string
	}{
		{rdfio.Turtle, "turtle", "text/turtle", "a.ttl", false, "text/turtle; charset=UTF-8", "A.TTL"},
		{rdfio.TriG, "trig", "application/trig", "a.trig", true, "application/x-trig", "dir.nt/a.trig"},
		{rdfio.NTriples, "ntriples", "application/n-triples", "a.nt", false, "Application/N-Triples", "a.ttl.nt"},
		{rdfio.NQuads, "nquads", "application/n-quads", "a.nq", true, "text/x-nquads", "a.nquads"},
		{rdfio.RDFXML, "rdfxml", "application/rdf+xml", "a.rdf", false, "application/xml", "a.owl"},
		{rdfio.JSONLD, "jsonld", "application/ld+json", "a.jsonld", true, `application/ld+json;profile="http://www.w3.org/ns/json-ld#compacted"`, "a.json"},
	}
	if len(tests) != len(rdfio.Formats()) {
		t.Errorf("%d formats, want %d", len(rdfio.Formats()), len(tests))
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			f := tt.format
			if f.String() != tt.name || f.MediaType() != tt.media || f.MediaTypes()[0] != tt.media || "a"+f.Ending() != tt.file || f.Graphs() != tt.graphs {
				t.Errorf("%v: media type %s, ending %s, graphs %t", f, f.MediaType(), f.Ending(), f.Graphs())
			}
			if got, err := rdfio.ByName(tt.name); got != f || err != nil {
				t.Errorf("ByName: %v, %v", got, err)
			}
			for _, m := range []string{tt.media, tt.otherMedia} {
				if got := rdfio.ByMediaType(m); got != f {
					t.Errorf("ByMediaType(%q) = %v", m, got)
				}
			}
			for _, file := range []string{tt.file, tt.oddity} {
				for ending, compression := range map[string]rdfio.Compression{"": rdfio.Plain, ".gz": rdfio.Gzip, ".zst": rdfio.Zstd} {
					if got, c := rdfio.ByPath(file + ending); got != f || c != compression {
						t.Errorf("ByPath(%q) = %v, %v", file+ending, got, c)
					}
				}
			}
		})
	}
}

// No media type and no ending belongs to two formats.
func TestFormatsDoNotOverlap(t *testing.T) {
	for _, f := range rdfio.Formats() {
		for _, m := range f.MediaTypes() {
			if got := rdfio.ByMediaType(m); got != f {
				t.Errorf("%s is of %v and %v", m, f, got)
			}
		}
	}
}

func TestUnknownFormats(t *testing.T) {
	if _, err := rdfio.ByName("hdt"); err == nil || !strings.Contains(err.Error(), "turtle, trig, ntriples, nquads, rdfxml, jsonld") {
		t.Errorf("ByName: %v", err)
	}
	for _, m := range []string{"", "text/html", "*/*", ";;"} {
		if f := rdfio.ByMediaType(m); f != 0 {
			t.Errorf("ByMediaType(%q) = %v", m, f)
		}
	}
	for _, p := range []string{"", "a", "a.html", "a.gz", "ttl", "-"} {
		if f, _ := rdfio.ByPath(p); f != 0 {
			t.Errorf("ByPath(%q) = %v", p, f)
		}
	}
	var none rdfio.Format
	if none.String() != "" || none.MediaType() != "" || none.Ending() != "" {
		t.Error("the zero Format has names")
	}
	if _, err := rdfio.NewDecoder(strings.NewReader(""), none, rdfio.DecoderOptions{}); err == nil {
		t.Error("a reader for no format")
	}
	if _, err := rdfio.NewEncoder(io.Discard, none, rdfio.EncoderOptions{}); err == nil {
		t.Error("a writer for no format")
	}
}

const dataset = `
@prefix e: <http://example.org/> .
e:s a e:T ; e:p "text"@en, 1, [ e:q (1 2) ] .
e:g { e:s e:p "in a graph" . }
`

func decode(t *testing.T, r io.Reader, f rdfio.Format, opts rdfio.DecoderOptions) []rdf.Quad {
	t.Helper()
	d, err := rdfio.NewDecoder(r, f, opts)
	if err != nil {
		t.Fatal(err)
	}
	var quads []rdf.Quad
	for q, err := range d.All() {
		if err != nil {
			t.Fatalf("%v: %v", f, err)
		}
		quads = append(quads, q)
	}
	return quads
}

// What one codec writes it reads again; formats without graphs write the
// triples of all.
func TestCodecs(t *testing.T) {
	quads := decode(t, strings.NewReader(dataset), rdfio.TriG, rdfio.DecoderOptions{})
	var merged []rdf.Quad
	for _, q := range quads {
		merged = append(merged, q.In(rdf.Term{}))
	}
	for _, f := range rdfio.Formats() {
		for _, stream := range []bool{false, true} {
			t.Run(f.String(), func(t *testing.T) {
				var doc bytes.Buffer
				e, err := rdfio.NewEncoder(&doc, f, rdfio.EncoderOptions{Prefixes: map[string]string{"e": "http://example.org/"}, Stream: stream})
				if err != nil {
					t.Fatal(err)
				}
				for _, q := range quads {
					if err := e.Encode(q); err != nil {
						t.Fatal(err)
					}
				}
				if err := e.Close(); err != nil {
					t.Fatal(err)
				}
				want := quads
				if !f.Graphs() {
					want = merged
				}
				got := decode(t, &doc, f, rdfio.DecoderOptions{})
				if same, err := canon.Isomorphic(got, want); err != nil || !same {
					t.Errorf("got %v, want %v (%v)", got, want, err)
				}
			})
		}
	}
}

func TestDecoderOptionsReachTheSyntax(t *testing.T) {
	docs := map[rdfio.Format]string{
		rdfio.Turtle:   `<rel> <x:p> _:b .`,
		rdfio.TriG:     `<rel> <x:p> _:b .`,
		rdfio.NTriples: `<http://a/rel> <x:p> _:b .`,
		rdfio.NQuads:   `<http://a/rel> <x:p> _:b .`,
		rdfio.RDFXML:   `<r:RDF xmlns:r="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:x="x:"><r:Description r:about="rel"><x:p r:nodeID="b"/></r:Description></r:RDF>`,
		rdfio.JSONLD:   `{"@id": "rel", "x:p": {"@id": "_:b"}}`,
	}
	for f, doc := range docs {
		got := decode(t, strings.NewReader(doc), f, rdfio.DecoderOptions{Base: "http://a/b", LabelPrefix: "d1-"})
		want := rdf.Triple(rdf.IRI("http://a/rel"), rdf.IRI("x:p"), rdf.Blank("d1-b"))
		if f == rdfio.JSONLD { // labels are made anew
			want.O = rdf.Blank("d1-b0")
		}
		if len(got) != 1 || got[0] != want {
			t.Errorf("%v: got %v", f, got)
		}
	}
}

// compress returns the text as files hold it.
func compress(t *testing.T, c rdfio.Compression, text string) *bytes.Buffer {
	t.Helper()
	var file bytes.Buffer
	var w io.WriteCloser
	switch c {
	case rdfio.Plain:
		return bytes.NewBufferString(text)
	case rdfio.Gzip:
		w = gzip.NewWriter(&file)
	case rdfio.Zstd:
		w, _ = zstd.NewWriter(&file) // fails for wrong options only
	}
	if _, err := io.WriteString(w, text); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return &file
}

func TestCompression(t *testing.T) {
	for _, c := range []rdfio.Compression{rdfio.Plain, rdfio.Gzip, rdfio.Zstd} {
		text := strings.Repeat(dataset, 1000)
		r, err := rdfio.Decompress(compress(t, c, text), c)
		if err != nil {
			t.Fatal(err)
		}
		got, err := io.ReadAll(r)
		if err != nil || string(got) != text {
			t.Errorf("compression %d: %d bytes, %v", c, len(got), err)
		}
		if err := r.Close(); err != nil {
			t.Error(err)
		}
	}
}

// What is not compressed, or cut short, is an error and not a shorter document.
func TestDecompressRefuses(t *testing.T) {
	for _, c := range []rdfio.Compression{rdfio.Gzip, rdfio.Zstd} {
		file := compress(t, c, strings.Repeat(dataset, 1000))
		for _, data := range [][]byte{[]byte(dataset), file.Bytes()[:file.Len()/2]} {
			r, err := rdfio.Decompress(bytes.NewReader(data), c)
			if err == nil {
				_, err = io.ReadAll(r)
			}
			if err == nil {
				t.Errorf("compression %d accepts %d bytes", c, len(data))
			}
		}
	}
}
