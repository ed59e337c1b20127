package results

import (
	"bufio"
	"fmt"
	"io"
	"iter"
	"sort"
	"strings"
	"unicode"

	"github.com/rivo/uniseg"

	"qlgraph/graph/rdf"
)

// Table lays solutions out for people: aligned columns, long cells cut, IRIs
// shortened by prefixes. It is not meant to be read back.
type Table struct {
	// Width is the width of the terminal in cells; 0 cuts nothing.
	Width int
	// Prefixes shorten IRIs: prefix, without the colon, to namespace IRI.
	Prefixes map[string]string
}

const (
	// tableSample is the number of rows that decide the columns' widths; those
	// after them stream.
	tableSample = 1000
	// minColumn is the width below which no column is cut.
	minColumn = 8
	columnGap = 2
)

// Write writes a header, a line and the rows, and returns how many there were.
// An error of rows is returned after the rows before it.
func (t Table) Write(w io.Writer, vars []string, rows iter.Seq2[[]rdf.Term, error]) (n int, err error) {
	out := bufio.NewWriter(w)
	defer func() {
		if flushed := out.Flush(); err == nil {
			err = flushed
		}
	}()
	shorten := newShortener(t.Prefixes)
	var sample [][]string
	var widths []int
	for row, failed := range rows {
		if failed != nil {
			err = failed
			break
		}
		n++
		cells := shorten.row(row)
		if widths != nil {
			writeRow(out, cells, widths)
			continue
		}
		if sample = append(sample, cells); len(sample) == tableSample {
			widths = t.start(out, vars, sample)
		}
	}
	if widths == nil {
		t.start(out, vars, sample)
	}
	return n, err
}

// WriteBoolean writes the answer to an ASK.
func (t Table) WriteBoolean(w io.Writer, truth bool) error {
	_, err := fmt.Fprintln(w, truth)
	return err
}

// start writes the header and the sample, and returns the columns' widths.
func (t Table) start(out *bufio.Writer, vars []string, sample [][]string) []int {
	widths := make([]int, len(vars))
	header := make([]string, len(vars))
	for i, v := range vars {
		header[i] = "?" + printable(v)
		widths[i] = uniseg.StringWidth(header[i])
		for _, cells := range sample {
			widths[i] = max(widths[i], uniseg.StringWidth(cells[i]))
		}
	}
	t.fit(widths)
	writeRow(out, header, widths)
	rules := make([]string, len(vars))
	for i, width := range widths {
		rules[i] = strings.Repeat("─", width)
	}
	writeRow(out, rules, widths)
	for _, cells := range sample {
		writeRow(out, cells, widths)
	}
	return widths
}

// fit shrinks the widest columns to one width, so that the table fits.
func (t Table) fit(widths []int) {
	if t.Width <= 0 || len(widths) == 0 {
		return
	}
	room := t.Width - columnGap*(len(widths)-1)
	sorted := append([]int(nil), widths...)
	sort.Ints(sorted)
	limit := room
	for i, width := range sorted { // narrow columns leave their share to the others
		share := room / (len(sorted) - i)
		if width > share {
			limit = share
			break
		}
		room -= width
	}
	for i := range widths {
		widths[i] = min(widths[i], max(limit, minColumn))
	}
}

func writeRow(out *bufio.Writer, cells []string, widths []int) {
	for i, cell := range cells {
		cell, width := cut(cell, widths[i])
		out.WriteString(cell)
		if i < len(cells)-1 {
			for range widths[i] - width + columnGap {
				out.WriteByte(' ')
			}
		}
	}
	out.WriteByte('\n')
}

// cut shortens s to a width, with an ellipsis where something is left out, and
// returns the width that it takes.
func cut(s string, limit int) (string, int) {
	width := uniseg.StringWidth(s)
	if width <= limit {
		return s, width
	}
	if strings.HasPrefix(s, "<") && strings.HasSuffix(s, ">") { // of an IRI the end tells most
		return cutIRI(s, limit)
	}
	taken, used := 0, 0
	for rest, state := s, -1; rest != ""; {
		var cluster string
		var w int
		cluster, rest, w, state = uniseg.FirstGraphemeClusterInString(rest, state)
		if used+w > limit-1 {
			break
		}
		used += w
		taken += len(cluster)
	}
	return s[:taken] + "…", used + 1
}

// cutIRI shortens s, which is in angle brackets, at its beginning.
func cutIRI(s string, limit int) (string, int) {
	const left = "<…"
	room := limit - 2
	width := uniseg.StringWidth(s)
	for rest, state := s, -1; rest != ""; {
		var w int
		_, rest, w, state = uniseg.FirstGraphemeClusterInString(rest, state)
		if width -= w; width <= room {
			return left + rest, 2 + width
		}
	}
	return left, 2
}

// shortener writes terms for people.
type shortener struct {
	namespaces []namespace // longest first
}

type namespace struct{ prefix, iri string }

func newShortener(prefixes map[string]string) shortener {
	var s shortener
	for prefix, iri := range prefixes {
		s.namespaces = append(s.namespaces, namespace{prefix, iri})
	}
	sort.Slice(s.namespaces, func(i, j int) bool {
		a, b := s.namespaces[i], s.namespaces[j]
		if len(a.iri) != len(b.iri) {
			return len(a.iri) > len(b.iri)
		}
		return a.prefix < b.prefix
	})
	return s
}

func (s shortener) row(row []rdf.Term) []string {
	cells := make([]string, len(row))
	for i, t := range row {
		cells[i] = printable(s.term(t))
	}
	return cells
}

// term writes literals without quotes: a language tag follows, a datatype only
// where the text would not tell it.
func (s shortener) term(t rdf.Term) string {
	switch t.Kind() {
	case rdf.NoTerm:
		return ""
	case rdf.KindBlank:
		return "_:" + t.Value()
	case rdf.KindIRI:
		return s.iri(t.Value())
	}
	if lang := t.Lang(); lang != "" {
		return t.Value() + "@" + lang
	}
	switch t.Datatype() {
	case rdf.XSDString, rdf.XSDInteger, rdf.XSDDecimal, rdf.XSDDouble, rdf.XSDBoolean, rdf.XSDDate, rdf.XSDDateTime:
		return t.Value()
	}
	return t.Value() + "^^" + s.iri(t.Datatype())
}

func (s shortener) iri(iri string) string {
	for _, n := range s.namespaces {
		if local, ok := strings.CutPrefix(iri, n.iri); ok && isLocalName(local) {
			return n.prefix + ":" + local
		}
	}
	return "<" + iri + ">"
}

// isLocalName accepts what can follow a prefix without escapes; it is narrower
// than PN_LOCAL (SPARQL 1.1 §19.8 [169]).
func isLocalName(s string) bool {
	for i, r := range s {
		word := r == '_' || unicode.IsLetter(r) || unicode.IsDigit(r)
		if !word && (r != '-' && r != '.' || i == 0 || i == len(s)-1) {
			return false
		}
	}
	return true
}

// printable replaces what would move a terminal's cursor or turn its text
// around: control and format characters.
func printable(s string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r == '\n' || r == '\r' || r == '\t':
			return ' '
		case r == '\u200d' || r == '\u200c': // joiners belong to scripts and emoji
			return r
		case unicode.Is(unicode.Cc, r) || unicode.Is(unicode.Cf, r) || r == '\u2028' || r == '\u2029':
			return '\uFFFD'
		}
		return r
	}, s)
}
