package lineage

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"strconv"
	"strings"
	"time"

	"qlgraph/graph/rdf"
	"qlgraph/harvesters"
	"qlgraph/harvesters/pipeline"
	"qlgraph/internal/jsontree"
	"qlgraph/web/timeline"
)

// account is where the statements of a version come from.
type account struct {
	history    *timeline.History
	version    *timeline.Version
	records    []record
	statements []statement // those of the version's document, in its order
	rules      []harvesters.Rule
}

// record is an original.
type record struct {
	Number    int       `json:"number"`
	Provider  string    `json:"provider"`
	Source    string    `json:"source"`
	Format    string    `json:"format"`
	Kind      string    `json:"kind"`
	ID        string    `json:"id,omitempty"`
	URL       string    `json:"url,omitempty"`     // of the response that held it
	Pointer   string    `json:"pointer,omitempty"` // in that response
	Line      int       `json:"line,omitempty"`
	Fetched   time.Time `json:"fetched"`
	Status    int       `json:"status"` // HTTP
	Run       string    `json:"run"`    // that published what it says
	SHA256    string    `json:"sha256"`
	Size      int       `json:"size"`
	MediaType string    `json:"mediaType"`
	Raw       string    `json:"raw"` // path of the original
	body      string
	ending    string
	tree      *jsontree.Doc // of a body in JSON, once it is asked for
	lines     []string      // of one that has lines
}

// statement is a triple with its origin.
type statement struct {
	rdf.Quad
	rule    string
	record  int // number; -1 where none is known
	pointer string
	line    int
}

// tell makes the account of a version.
func tell(h *timeline.History, v *timeline.Version, path string) (*account, error) {
	a := &account{history: h, version: v}
	found := map[rdf.Quad]statement{}
	rules := map[string]bool{}
	for _, o := range v.Origins {
		statements, original, err := h.Archive.Statements(o.Part, o.State)
		if err != nil {
			return nil, err
		}
		first := len(a.records)
		a.add(o, original, original, path)
		for _, part := range original.Attached {
			a.add(o, original, part, path)
		}
		for _, st := range statements {
			triple := rdf.Triple(st.S, st.P, st.O)
			if _, known := found[triple]; known {
				continue
			}
			s := statement{Quad: triple, rule: st.Rule, record: first + st.Part, pointer: st.Pointer, line: st.Line}
			if st.Rule == "" || first+st.Part >= len(a.records) {
				s.record = -1
			}
			found[triple] = s
		}
		for _, r := range h.Archive.Rules(o.Part.Source.Format) {
			if !rules[r.ID] {
				rules[r.ID] = true
				a.rules = append(a.rules, r)
			}
		}
	}
	for _, q := range v.Document.Quads {
		s, ok := found[q]
		if !ok {
			s = statement{Quad: q, record: -1}
		}
		a.statements = append(a.statements, s)
	}
	return a, nil
}

// add appends an original; main is the record that it is or belongs to, which
// knows when both were fetched.
func (a *account) add(o timeline.Origin, main, r pipeline.ArchivedRecord, path string) {
	sum := sha256.Sum256([]byte(r.Body))
	rec := record{
		Number: len(a.records), Provider: o.Part.Source.Provider.Key(), Source: o.Part.Source.ID, Format: string(o.Part.Source.Format),
		Kind: r.Kind, ID: r.ID, URL: r.URL, Pointer: r.Pointer, Line: r.Line,
		Fetched: main.Fetched, Status: main.Status, Run: o.State.Run,
		SHA256: hex.EncodeToString(sum[:]), Size: len(r.Body), body: r.Body,
		MediaType: "application/json", ending: ".json",
	}
	if o.Part.Source.Format == harvesters.ELM {
		rec.MediaType, rec.ending = "application/n-triples", ".nt"
	}
	rec.Raw = path + "/raw?" + a.version.AsOf()
	if rec.Number > 0 {
		rec.Raw += "&record=" + strconv.Itoa(rec.Number)
	}
	a.records = append(a.records, rec)
}

// rule returns the rule with an id.
func (a *account) rule(id string) harvesters.Rule {
	for _, r := range a.rules {
		if r.ID == id {
			return r
		}
	}
	return harvesters.Rule{ID: id}
}

// maxExcerpt bounds what is shown of an original beside a value.
const maxExcerpt = 200

// excerpt returns the text in the original that a statement comes from, cut to
// a length that can be shown.
func (a *account) excerpt(s statement) string {
	if s.record < 0 {
		return ""
	}
	r := &a.records[s.record]
	text := ""
	switch {
	case s.line > 0:
		text = r.atLine(s.line)
	case s.pointer != "":
		text = r.at(s.pointer)
	}
	if runes := []rune(text); len(runes) > maxExcerpt {
		text = string(runes[:maxExcerpt]) + "…"
	}
	return text
}

// atLine returns a line of the body, "" where there is none.
func (r *record) atLine(number int) string {
	if r.lines == nil {
		r.lines = strings.Split(r.body, "\n")
	}
	if number > len(r.lines) {
		return ""
	}
	return r.lines[number-1]
}

// at returns the JSON text at a pointer (RFC 6901), "" where there is none.
func (r *record) at(pointer string) string {
	if r.tree == nil {
		r.tree = &jsontree.Doc{}
		if r.tree.Parse([]byte(r.body)) != nil {
			r.tree = &jsontree.Doc{}
		}
	}
	v := r.tree.Root()
	for _, token := range strings.Split(pointer, "/")[1:] {
		token = strings.NewReplacer("~1", "/", "~0", "~").Replace(token)
		if i, err := strconv.Atoi(token); err == nil && v.Kind() == jsontree.Array {
			v = v.Index(i)
		} else {
			v = v.Get(token)
		}
	}
	if !v.Exists() {
		return ""
	}
	return v.Raw()
}

// place says where in its record a statement is from, "" where no single place
// made it.
func (s statement) place() string {
	switch {
	case s.line > 0:
		return fmt.Sprintf("line %d", s.line)
	case s.pointer != "":
		return s.pointer
	}
	return ""
}
