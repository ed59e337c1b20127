package turtle_test

import (
	"errors"
	"fmt"
	"io"
	"runtime"
	"strings"
	"testing"

	"qlgraph/graph/rdf"
	"qlgraph/graph/turtle"
)

// repeat reads head, then n times body, then tail, without holding them.
func repeat(head, body string, n int, tail string) io.Reader {
	return io.MultiReader(strings.NewReader(head), &repeater{text: body, left: n * len(body)}, strings.NewReader(tail))
}

type repeater struct {
	text     string
	at, left int
}

func (r *repeater) Read(p []byte) (int, error) {
	if r.left == 0 {
		return 0, io.EOF
	}
	n := copy(p[:min(len(p), r.left)], r.text[r.at:])
	r.at = (r.at + n) % len(r.text)
	r.left -= n
	return n, nil
}

// count reads a document to its end or first error and returns how many quads
// it gave, how many bytes were allocated, and the error.
func count(r io.Reader, opts turtle.Options) (n int, allocated uint64, err error) {
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	d := turtle.NewDecoder(r, opts)
	for err == nil {
		if _, err = d.Next(); err == nil {
			n++
		}
	}
	runtime.ReadMemStats(&after)
	return n, after.TotalAlloc - before.TotalAlloc, err
}

const mega = 1 << 20

// Hostile documents end in an error with a position, and in little memory,
// however long they are.
func TestDecoderLimits(t *testing.T) {
	const start = "<x:s> <x:p> "
	tests := []struct {
		name   string
		doc    io.Reader
		want   string // of the error
		memory uint64 // in MiB
	}{
		{"deep property lists", repeat(start, "[ <x:p> ", mega, ""), "1:8015: nested deeper than the limit of 1000", 2},
		{"deep collections", repeat(start, "(", mega, ""), "nested deeper than the limit of 1000", 2},
		{"deep subjects", repeat("", "[ <x:p> ", mega, ""), "nested deeper than the limit of 1000", 2},
		{"endless literal", repeat(start+`"`, "0123456789abcdef", 64*mega, ""), "1:13: literal longer than the limit of 16777216 bytes", 80},
		{"endless long literal", repeat(start+`"""`, "0123456789abcde\n", 64*mega, ""), "1:13: literal longer than the limit of 16777216 bytes", 80},
		{"endless escapes", repeat(start+`"`, `\\\"\n\t`, 128*mega, ""), "1:13: literal longer than the limit of 16777216 bytes", 80},
		{"endless quotes", repeat(start+`"""`, `""a`, 128*mega, ""), "1:13: literal longer than the limit of 16777216 bytes", 80},
		{"endless IRI", repeat(start+"<x:", "0123456789abcdef", 64*mega, ""), "1:13: IRI longer than the limit of 65536 bytes", 2},
		{"endless name", repeat("@prefix e: <x:> . e:s e:p e:", "0123456789abcdef", 64*mega, ""), "name longer than the limit of 65536 bytes", 2},
		{"endless runes", repeat("@prefix e: <x:> . e:s e:p e:", "日", 64*mega, ""), "name longer than the limit of 65536 bytes", 2},
		{"endless percent signs", repeat("@prefix e: <x:> . e:s e:p e:", "%41", 64*mega, ""), "name longer than the limit of 65536 bytes", 2},
		{"endless label of runes", repeat(start+"_:", "日", 64*mega, ""), "blank node label longer than the limit of 65536 bytes", 2},
		{"endless word", repeat(start, "abcdefghijklmnop", 64*mega, ""), "prefix longer than the limit of 65536 bytes", 2},
		{"endless dots", repeat("@prefix e: <x:> . e:s e:p e:a", ".", 64*mega, ""), "name longer than the limit of 65536 bytes", 2},
		{"endless label", repeat(start+"_:", "0123456789abcdef", 64*mega, ""), "blank node label longer than the limit of 65536 bytes", 2},
		{"endless language tag", repeat(start+`""@en`, "-abcdefgh", 64*mega, ""), "language tag longer than the limit of 65536 bytes", 2},
		{"endless number", repeat(start+"1.", "0", 64*mega, ""), "number longer than the limit of 16777216 bytes", 80},
		{"endless base", repeat("@base <x:/> . ", "@base <aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa/> . ", mega, ""), "IRI longer than the limit of 65536 bytes", 100},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			_, allocated, err := count(tt.doc, turtle.Options{})
			var syntax *rdf.SyntaxError
			if !errors.As(err, &syntax) || !strings.Contains(err.Error(), tt.want) {
				t.Errorf("got %v, want %s", err, tt.want)
			}
			if allocated > tt.memory*mega {
				t.Errorf("allocates %d MiB, want at most %d", allocated/mega, tt.memory)
			}
		})
	}
}

// prefixDeclarations reads n declarations of different prefixes, each with a
// namespace of the given length.
func prefixDeclarations(n, length int) io.Reader {
	r, w := io.Pipe()
	go func() {
		path := strings.Repeat("a", length)
		for i := range n {
			if _, err := fmt.Fprintf(w, "@prefix p%d: <x:%s> .\n", i, path); err != nil {
				return
			}
		}
		w.Close()
	}()
	return r
}

func TestDecoderLimitsPrefixes(t *testing.T) {
	tests := []struct {
		name   string
		doc    io.Reader
		want   string
		memory uint64
	}{
		{"a million prefixes", prefixDeclarations(1_000_000, 10), "100001:32: more prefixes than the limit of 100000", 60},
		{"long prefixes", prefixDeclarations(1_000_000, 60_000), "prefixes longer than the limit of 33554432 bytes together", 160},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			_, allocated, err := count(tt.doc, turtle.Options{})
			if err == nil || !strings.Contains(err.Error(), tt.want) {
				t.Errorf("got %v, want %s", err, tt.want)
			}
			if allocated > tt.memory*mega {
				t.Errorf("allocates %d MiB, want at most %d", allocated/mega, tt.memory)
			}
		})
	}
}

func TestDecoderLimitsCanBeSet(t *testing.T) {
	limits := rdf.Limits{Depth: 2, Literal: 10, IRI: 8, Prefixes: 1}
	tests := []struct{ ok, bad, want string }{
		{"<x:s> <x:p> [ <x:p> [ <x:p> 1 ] ] .", "<x:s> <x:p> [ <x:p> [ <x:p> [ <x:p> 1 ] ] ] .", "nested deeper than the limit of 2"},
		{`<x:s> <x:p> "123456789" .`, `<x:s> <x:p> "12345678901" .`, "literal longer than the limit of 10 bytes"},
		{"<x:s> <x:p> 1234567890 .", "<x:s> <x:p> 12345678901 .", "number longer than the limit of 10 bytes"},
		{"<x:34567> <x:p> 1 .", "<x:3456789> <x:p> 1 .", "IRI longer than the limit of 8 bytes"},
		{"<x:s> <x:p> _:345678 .", "<x:s> <x:p> _:3456789 .", "blank node label longer than the limit of 8 bytes"},
		{"@prefix e: <x:45678> . @prefix e: <x:> .", "@prefix e: <x:> . @prefix f: <x:> .", "more prefixes than the limit of 1"},
		{"@prefix e: <x:4567> . e:8 e:8 e:8 .", "@prefix e: <x:4567> . e:890 e:8 e:8 .", "IRI longer than the limit of 8 bytes"},
		{`<x:s> <x:p> ""@en-5678 .`, `<x:s> <x:p> ""@en-567-90 .`, "language tag longer than the limit of 8 bytes"},
	}
	for _, tt := range tests {
		if _, _, err := count(strings.NewReader(tt.ok), turtle.Options{Limits: limits}); err != io.EOF {
			t.Errorf("%s: %v", tt.ok, err)
		}
		_, _, err := count(strings.NewReader(tt.bad), turtle.Options{Limits: limits})
		if err == nil || !strings.Contains(err.Error(), tt.want) {
			t.Errorf("%s: got %v, want %s", tt.bad, err, tt.want)
		}
	}
}

// Memory does not follow the length of the document.
func TestDecoderStreams(t *testing.T) {
	const n = 200_000
	tests := map[string]io.Reader{
		"statements":  repeat("", "<x:s> <x:p> <x:o> .\n", n, ""),
		"objects":     repeat("<x:s> <x:p> <x:o>", ", <x:o>", n-1, " ."),
		"collection":  repeat("<x:s> <x:p> (", " <x:o>", n/2, ") ."),
		"one graph":   repeat("<x:g> {", "<x:s> <x:p> <x:o> .\n", n, "}"),
		"white space": repeat("<x:s> <x:p> ", " \n", 10*n, " <x:o> ."),
		"comment":     repeat("<x:s> <x:p> # ", "comment ", 10*n, "\n <x:o> ."),
	}
	for name, doc := range tests {
		t.Run(name, func(t *testing.T) {
			quads, allocated, err := count(doc, turtle.Options{TriG: true})
			if err != io.EOF {
				t.Fatal(err)
			}
			// Collections make a blank node, and so a label, for each element.
			if limit := uint64(mega/2 + 32*quads); name == "collection" && allocated > limit || name != "collection" && allocated > mega/2 {
				t.Errorf("allocates %d bytes for %d quads", allocated, quads)
			}
		})
	}
}

// A quad of known terms costs no allocation, and one with terms of its own what
// these need. (A few come on top: until the table of known terms has grown.)
func TestDecoderAllocations(t *testing.T) {
	const n = 10_000
	tests := []struct {
		name, doc string
		quads     float64 // in each statement
		want      float64 // allocations for each quad
	}{
		{"known terms", "@prefix e: <http://example.org/> .\n" + strings.Repeat("e:s a e:T ; e:p e:o, <http://example.org/o>, _:b .\n", n), 4, 0.1},
		{"literals", "@prefix e: <http://example.org/> .\n" + strings.Repeat("e:s e:p \"text\"@en, \"x\"^^e:t, 12345, 'a\\nb' .\n", n), 4, 1.1},
		{"nodes", "@prefix e: <http://example.org/> .\n" + strings.Repeat("e:s e:p [ e:p e:o ] .\n", n), 2, 0.6},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			allocs := testing.AllocsPerRun(5, func() {
				d := turtle.NewDecoder(strings.NewReader(tt.doc), turtle.Options{})
				for {
					if _, err := d.Next(); err == io.EOF {
						return
					} else if err != nil {
						t.Fatal(err)
					}
				}
			})
			if perQuad := allocs / (n * tt.quads); perQuad > tt.want {
				t.Errorf("%.2f allocations for each quad, want at most %.2f", perQuad, tt.want)
			}
		})
	}
}

// A stream is written without any allocation for a quad.
func TestEncoderStreamAllocations(t *testing.T) {
	list := parse(t, layouts["terms"], false)
	e := turtle.NewEncoder(io.Discard, turtle.EncoderOptions{Prefixes: prefixes, Stream: true})
	allocs := testing.AllocsPerRun(100, func() {
		for _, q := range list {
			if err := e.Encode(q); err != nil {
				t.Fatal(err)
			}
		}
	})
	if allocs > 0 {
		t.Errorf("%.0f allocations for %d quads, want none", allocs, len(list))
	}
}
