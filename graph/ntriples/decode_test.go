package ntriples_test

import (
	"errors"
	"fmt"
	"io"
	"runtime"
	"strings"
	"testing"
	"testing/iotest"

	"qlgraph/graph/ntriples"
	"qlgraph/graph/rdf"
)

const good = "<x:s> <x:p> <x:o> <x:g> .\n"

func TestDecoderTerms(t *testing.T) {
	doc := "\uFEFF# a comment\n\n" +
		"\t<x:s>\t<x:p> _:b.c.1 . # behind\r\n" +
		"_:b<x:p>\"\\t\\b\\n\\r\\f\\\"\\'\\\\ \\u00E9\\U0001F600\"<x:g>.\n" +
		"<x:\\u00E9> <x:p> \"a\"@en-GB _:g .\r" +
		"<x:s> <x:p> \"1\"^^<http://www.w3.org/2001/XMLSchema#integer>."
	want := []rdf.Quad{
		rdf.Triple(rdf.IRI("x:s"), rdf.IRI("x:p"), rdf.Blank("d-b.c.1")),
		rdf.Triple(rdf.Blank("d-b"), rdf.IRI("x:p"), rdf.Literal("\t\b\n\r\f\"'\\ é😀")).In(rdf.IRI("x:g")),
		rdf.Triple(rdf.IRI("x:é"), rdf.IRI("x:p"), rdf.LangLiteral("a", "en-GB")).In(rdf.Blank("d-g")),
		rdf.Triple(rdf.IRI("x:s"), rdf.IRI("x:p"), rdf.TypedLiteral("1", rdf.XSDInteger)),
	}
	for _, r := range []io.Reader{strings.NewReader(doc), iotest.OneByteReader(strings.NewReader(doc))} {
		var got []rdf.Quad
		for q, err := range ntriples.NewDecoder(r, ntriples.Options{LabelPrefix: "d-"}).All() {
			if err != nil {
				t.Fatal(err)
			}
			got = append(got, q)
		}
		if fmt.Sprint(got) != fmt.Sprint(want) {
			t.Errorf("got %v, want %v", got, want)
		}
	}
}

func TestDecoderErrors(t *testing.T) {
	tests := []struct{ doc, want string }{
		{good + "<x:s> <x:p> <x:ö .", `2:17: expected an IRI character or ">", found ' '`},
		{good + "<x:s> <x:p> .", `2:13: expected an object, an IRI in <…>, a blank node or a literal in "…", found '.'`},
		{"<x:s> <x:p> <x:o>", `1:18: expected ".", found the end of the document`},
		{"<x:s> <x:p> <x:o> <x:g> <x:h> .", `1:25: expected ".", found '<'`},
		{"<x:s> <x:p> <x:o> \"g\" .", `1:19: expected ".", found '"'`},
		{"<x:s> _:b <x:o> .", `1:7: expected a predicate, an IRI in <…>, found '_'`},
		{"\"s\" <x:p> <x:o> .", `1:1: expected a subject, an IRI in <…> or a blank node, found '"'`},
		{"<x:s> <x:p> <x:o> . <x:s> <x:p> <x:o> .", `1:21: expected the end of the line, found '<'`},
		{"<x:s> <x:p>\n<x:o> .", `1:12: expected an object, an IRI in <…>, a blank node or a literal in "…", found '\n'`},
		{"<s> <x:p> <x:o> .", `1:2: expected an absolute IRI`},
		{"<x:s> <x:p> 'o' .", `1:13: expected an object, an IRI in <…>, a blank node or a literal in "…", found '\''`},
		{"<x:s> <x:p> \"o\n\" .", `1:15: expected the closing quote before the end of the line`},
		{"<x:s> <x:p> \"o", `1:15: expected the closing quote, found the end of the document`},
		{"<x:s> <x:p> \"\\x\" .", `1:15: expected one of t b n r f " ' \ u U after "\", found 'x'`},
		{"<x:s> <x:p> \"\"^<x:t> .", `1:16: expected "^^", found '<'`},
		{"<x:s> <x:p> \"\"^^x:t .", `1:17: expected a datatype, an IRI in <…>, found 'x'`},
		{"<x:s> <x:p> \"\"@1 .", `1:16: expected a language tag, found '1'`},
		{"<x:s> <x:p> \"\xff\" .", `1:14: expected UTF-8`},
		{"<x:s> <x:\xff> <x:o> .", `1:10: expected UTF-8`},
		{"<x:s> <x:p> _:\xff .", `1:15: expected UTF-8`},
		{"<x:s> <x:p> <x:\x00> .", `1:16: expected an IRI character or ">", found '\x00'`},
		{"\x00", `1:1: expected a subject, an IRI in <…> or a blank node, found '\x00'`},
		{"\xfe\xff\x00<", `1:1: expected UTF-8, found UTF-16`},
		{"@prefix e: <x:> .", `1:1: expected a subject, an IRI in <…> or a blank node, found '@'`},
	}
	for _, tt := range tests {
		_, err := collect([]byte(tt.doc), ntriples.Options{})
		if err == nil || err.Error() != tt.want {
			t.Errorf("%q:\n got %v\nwant %s", tt.doc, err, tt.want)
		}
	}
	if _, err := collect([]byte(good), ntriples.Options{TriplesOnly: true}); err == nil || err.Error() != `1:19: expected ".", found '<'` {
		t.Errorf("a quad in N-Triples: %v", err)
	}
}

func TestDecoderReportsReadErrors(t *testing.T) {
	broken := errors.New("connection lost")
	for _, lenient := range []bool{false, true} {
		for _, doc := range []string{"", good, "<x:s", "<x:s> <x:p> \"abc", "# comment"} {
			r := io.MultiReader(strings.NewReader(doc), iotest.ErrReader(broken))
			d := ntriples.NewDecoder(r, ntriples.Options{Lenient: lenient})
			var err error
			for err == nil {
				_, err = d.Next()
			}
			if !errors.Is(err, broken) {
				t.Errorf("lenient %t, behind %q: got %v", lenient, doc, err)
			}
		}
	}
}

func TestDecoderLenient(t *testing.T) {
	doc := good +
		"this is no statement\n" + good +
		"<x:s> <x:p> \"unterminated .\r\n" + good +
		"<x:s> <x:p> \"\xff\" .\n" + good +
		"<x:s> <x:p> <x:o> . <x:s> <x:p> <x:o> .\n" + good +
		"<x:s\n" + good +
		"# a comment that is not UTF-8: \xff\n" + good +
		"<x:s> <x:p> \"" + strings.Repeat("long ", 100_000) + "\" .\n" + good +
		"the last line"
	d := ntriples.NewDecoder(strings.NewReader(doc), ntriples.Options{Lenient: true, Limits: rdf.Limits{Literal: 1000}})
	n := 0
	for _, err := range d.All() {
		if err != nil {
			t.Fatal(err)
		}
		n++
	}
	if n != 8 {
		t.Errorf("%d quads, want 8", n)
	}
	var lines []int
	skipped, reported := d.Skipped()
	for _, e := range reported {
		lines = append(lines, e.Line)
	}
	if want := []int{2, 4, 6, 8, 10, 12, 14, 16}; skipped != len(want) || fmt.Sprint(lines) != fmt.Sprint(want) {
		t.Errorf("skipped %d, in lines %v, want %v", skipped, lines, want)
	}
}

func TestDecoderLenientReportsTheFirst(t *testing.T) {
	const bad = 1000
	d := ntriples.NewDecoder(strings.NewReader(strings.Repeat("bad\n", bad)+good), ntriples.Options{Lenient: true})
	if _, err := d.Next(); err != nil {
		t.Fatal(err)
	}
	skipped, reported := d.Skipped()
	if skipped != bad || len(reported) != 100 || reported[99].Line != 100 {
		t.Errorf("skipped %d, reported %d", skipped, len(reported))
	}
}

// endless gives text without end.
type endless struct {
	text string
	at   int
}

func (r *endless) Read(p []byte) (int, error) {
	n := copy(p, r.text[r.at:])
	r.at = (r.at + n) % len(r.text)
	return n, nil
}

func TestDecoderLimits(t *testing.T) {
	const mega = 1 << 20
	tests := []struct {
		name, start, text, want string
		memory                  uint64 // in MiB
	}{
		{"literal", `<x:s> <x:p> "`, "0123456789abcdef", "1:13: literal longer than the limit of 16777216 bytes", 80},
		{"escapes", `<x:s> <x:p> "`, `\\\"\n\t`, "1:13: literal longer than the limit of 16777216 bytes", 80},
		{"IRI", "<x:", "0123456789abcdef", "1:1: IRI longer than the limit of 65536 bytes", 2},
		{"label", "_:", "0123456789abcdef", "1:1: blank node label longer than the limit of 65536 bytes", 2},
		{"label of runes", "_:", "日", "1:1: blank node label longer than the limit of 65536 bytes", 2},
		{"language tag", `<x:s> <x:p> ""@en`, "-abcdefgh", "1:16: language tag longer than the limit of 65536 bytes", 2},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			var before, after runtime.MemStats
			runtime.ReadMemStats(&before)
			_, err := ntriples.NewDecoder(io.MultiReader(strings.NewReader(tt.start), &endless{text: tt.text}), ntriples.Options{}).Next()
			runtime.ReadMemStats(&after)
			if err == nil || err.Error() != tt.want {
				t.Errorf("got %v, want %s", err, tt.want)
			}
			if allocated := after.TotalAlloc - before.TotalAlloc; allocated > tt.memory*mega {
				t.Errorf("allocates %d MiB, want at most %d", allocated/mega, tt.memory)
			}
		})
	}
}

// A quad of known terms costs no allocation, and one with terms of its own what
// these need. (A few come on top: until the table of known terms has grown.)
func TestDecoderAllocations(t *testing.T) {
	const n = 10_000
	tests := []struct {
		name, line string
		want       float64
	}{
		{"known terms", good + "_:b <x:p> _:c .\n", 0.1},
		{"literals", "<x:s> <x:p> \"text\"@en <x:g> .\n<x:s> <x:p> \"a\\nb\"^^<x:t> <x:g> .\n", 1.1},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			doc := strings.Repeat(tt.line, n)
			allocs := testing.AllocsPerRun(5, func() {
				d := ntriples.NewDecoder(strings.NewReader(doc), ntriples.Options{})
				for {
					if _, err := d.Next(); err == io.EOF {
						return
					} else if err != nil {
						t.Fatal(err)
					}
				}
			})
			if perQuad := allocs / (2 * n); perQuad > tt.want {
				t.Errorf("%.2f allocations for each quad, want at most %.2f", perQuad, tt.want)
			}
		})
	}
}

func TestEncoderAllocations(t *testing.T) {
	q := rdf.Triple(rdf.IRI("x:s"), rdf.IRI("x:p"), rdf.LangLiteral("a \"quoted\" text\n", "en")).In(rdf.IRI("x:g"))
	e := ntriples.NewEncoder(io.Discard)
	if allocs := testing.AllocsPerRun(10_000, func() { e.Encode(q) }); allocs > 0 {
		t.Errorf("%.2f allocations for each quad, want none", allocs)
	}
}

type failingWriter struct{}

func (failingWriter) Write([]byte) (int, error) { return 0, io.ErrClosedPipe }

func TestEncoderReportsWriteErrors(t *testing.T) {
	e := ntriples.NewEncoder(failingWriter{})
	q := rdf.Triple(rdf.IRI("x:s"), rdf.IRI("x:p"), rdf.Literal(strings.Repeat("o", 100_000)))
	if err := e.Encode(q); err != io.ErrClosedPipe {
		t.Errorf("Encode returns %v", err)
	}
	if err := e.Close(); err != io.ErrClosedPipe {
		t.Errorf("Close returns %v", err)
	}
}
