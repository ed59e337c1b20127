package results

import (
	"bufio"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"iter"
	"strings"

	"qlgraph/graph/rdf"
)

// Result is a document being read: solutions, or the answer to an ASK.
type Result struct {
	// Vars are the variables, without "?"; nil for a boolean.
	Vars []string
	// Boolean tells that the document answers an ASK, with the value Bool.
	Boolean, Bool bool

	rows iter.Seq2[[]rdf.Term, error]
}

// Rows yields the solutions as they are read: a term per variable of Vars, the
// zero Term where it is unbound. A row is valid until the next one. An error
// comes last, with a nil row. Rows can be ranged over once.
func (r *Result) Rows() iter.Seq2[[]rdf.Term, error] { return r.rows }

// ErrSyntax is wrapped by the errors of a document that its format does not
// allow.
var ErrSyntax = errors.New("malformed SPARQL results")

func malformed(format string, args ...any) error {
	return fmt.Errorf("%w: %s", ErrSyntax, fmt.Sprintf(format, args...))
}

// Decode reads the head of a document; the Result's rows read on from r. CSV
// does not tell kinds of terms apart: every cell is a simple literal, an empty
// one unbound.
func Decode(r io.Reader, f Format) (*Result, error) {
	switch f {
	case JSON:
		return decodeJSON(r)
	case XML:
		return decodeXML(r)
	case CSV:
		return decodeCSV(r)
	case TSV:
		return decodeTSV(r)
	}
	return nil, fmt.Errorf("no results format %d", f)
}

// noRows is the rows of a boolean.
func noRows(func([]rdf.Term, error) bool) {}

func booleanResult(truth bool) *Result { return &Result{Boolean: true, Bool: truth, rows: noRows} }

func decodeCSV(r io.Reader) (*Result, error) {
	reader := csv.NewReader(r)
	reader.ReuseRecord = true
	head, err := reader.Read()
	if err == io.EOF { // a header without variables is an empty line
		return &Result{Vars: []string{}, rows: noRows}, nil
	}
	if err != nil {
		return nil, malformed("%v", err)
	}
	if len(head) == 1 && (head[0] == "true" || head[0] == "false") {
		return booleanResult(head[0] == "true"), nil
	}
	vars := make([]string, len(head))
	for i, v := range head {
		vars[i] = strings.Clone(v)
	}
	return &Result{Vars: vars, rows: func(yield func([]rdf.Term, error) bool) {
		row := make([]rdf.Term, len(vars))
		for {
			record, err := reader.Read()
			if err == io.EOF {
				return
			}
			if err != nil {
				yield(nil, malformed("%v", err))
				return
			}
			for i, cell := range record {
				row[i] = rdf.Term{}
				if cell != "" {
					row[i] = rdf.Literal(strings.Clone(cell))
				}
			}
			if !yield(row, nil) {
				return
			}
		}
	}}, nil
}

// readLine returns the next line without its end, and io.EOF after the last.
func readLine(r *bufio.Reader) (string, error) {
	line, err := r.ReadString('\n')
	if err == io.EOF && line != "" {
		err = nil
	}
	return strings.TrimSuffix(strings.TrimSuffix(line, "\n"), "\r"), err
}

func decodeTSV(r io.Reader) (*Result, error) {
	reader := bufio.NewReader(r)
	head, err := readLine(reader)
	if err != nil {
		return nil, malformed("no header: %v", err)
	}
	if head == "true" || head == "false" {
		return booleanResult(head == "true"), nil
	}
	vars := []string{}
	if head != "" {
		vars = strings.Split(head, "\t")
	}
	for i, v := range vars {
		if len(v) < 2 || v[0] != '?' && v[0] != '$' {
			return nil, malformed("%q is no variable", v)
		}
		vars[i] = v[1:]
	}
	return &Result{Vars: vars, rows: func(yield func([]rdf.Term, error) bool) {
		row := make([]rdf.Term, len(vars))
		for number := 2; ; number++ {
			line, err := readLine(reader)
			if err == io.EOF {
				return
			}
			if err == nil {
				err = parseTSVRow(line, row)
			}
			if err != nil {
				yield(nil, fmt.Errorf("line %d: %w", number, err))
				return
			}
			if !yield(row, nil) {
				return
			}
		}
	}}, nil
}

func parseTSVRow(line string, row []rdf.Term) error {
	if len(row) == 0 {
		if line != "" {
			return malformed("a cell without a variable")
		}
		return nil
	}
	cells := strings.Split(line, "\t")
	if len(cells) != len(row) {
		return malformed("%d cells for %d variables", len(cells), len(row))
	}
	for i, cell := range cells {
		t, ok := parseTSVTerm(cell)
		if !ok {
			return malformed("%.80q is no term", cell)
		}
		row[i] = t
	}
	return nil
}

// parseTSVTerm reads a term as SPARQL and Turtle write it, without prefixes and
// long quotes.
func parseTSVTerm(s string) (rdf.Term, bool) {
	switch {
	case s == "":
		return rdf.Term{}, true
	case s[0] == '<':
		iri, ok := unescape(strings.TrimSuffix(s[1:], ">"))
		return rdf.IRI(iri), ok && strings.HasSuffix(s, ">") && !strings.ContainsAny(s[1:len(s)-1], "<> ")
	case strings.HasPrefix(s, "_:"):
		return rdf.Blank(s[2:]), len(s) > 2 && !strings.ContainsAny(s, " \"<>")
	case s == "true" || s == "false":
		return rdf.TypedLiteral(s, rdf.XSDBoolean), true
	case s[0] != '"' && s[0] != '\'':
		datatype, ok := numberSyntax(s)
		return rdf.TypedLiteral(s, datatype), ok
	}
	return parseTSVLiteral(s)
}

func parseTSVLiteral(s string) (rdf.Term, bool) {
	end := closingQuote(s)
	if end < 0 {
		return rdf.Term{}, false
	}
	lexical, ok := unescape(s[1:end])
	suffix := s[end+1:]
	switch {
	case !ok:
		return rdf.Term{}, false
	case suffix == "":
		return rdf.Literal(lexical), true
	case suffix[0] == '@':
		return rdf.LangLiteral(lexical, suffix[1:]), len(suffix) > 1 && !strings.ContainsAny(suffix, " \"<>")
	case strings.HasPrefix(suffix, "^^<") && strings.HasSuffix(suffix, ">") && len(suffix) > 4:
		iri, ok := unescape(suffix[3 : len(suffix)-1])
		return rdf.TypedLiteral(lexical, iri), ok && !strings.ContainsAny(suffix[3:len(suffix)-1], "<> \"")
	}
	return rdf.Term{}, false
}

// closingQuote returns the position of the quote that ends the literal s.
func closingQuote(s string) int {
	for i := 1; i < len(s); i++ {
		switch s[i] {
		case '\\':
			i++
		case s[0]:
			return i
		}
	}
	return -1
}

// unescape resolves ECHAR and UCHAR (SPARQL 1.1 §19.2, §19.8 [160]).
func unescape(s string) (string, bool) {
	if !strings.Contains(s, `\`) {
		return s, true
	}
	var b strings.Builder
	for i := 0; i < len(s); i++ {
		if s[i] != '\\' {
			b.WriteByte(s[i])
			continue
		}
		i++
		if i == len(s) {
			return "", false
		}
		if at := strings.IndexByte(`tbnrf"'\`, s[i]); at >= 0 {
			b.WriteByte("\t\b\n\r\f\"'\\"[at])
			continue
		}
		length := map[byte]int{'u': 4, 'U': 8}[s[i]]
		r, ok := hexRune(s[i+1:], length)
		if !ok {
			return "", false
		}
		b.WriteRune(r)
		i += length
	}
	return b.String(), true
}

func hexRune(s string, length int) (rune, bool) {
	if length == 0 || len(s) < length {
		return 0, false
	}
	var r rune
	for i := range length {
		digit := strings.IndexByte("0123456789abcdef", s[i]|0x20)
		if s[i] >= '0' && s[i] <= '9' {
			digit = int(s[i] - '0')
		}
		if digit < 0 || r > 0x10FFFF {
			return 0, false
		}
		r = r<<4 | rune(digit)
	}
	return r, r <= 0x10FFFF && (r < 0xD800 || r > 0xDFFF)
}
