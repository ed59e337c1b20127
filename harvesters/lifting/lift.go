package lifting

import (
	"fmt"
	"hash/maphash"
	"strings"
	"sync"

	"qlgraph/graph/rdf"
	"qlgraph/harvesters"
	"qlgraph/internal/jsontree"
	"qlgraph/ontology/courseid"
)

// Lift collects what becomes of one record.
type Lift struct {
	Context  harvesters.Context
	Record   harvesters.Record
	Language string // the record's declared language, for texts without a tag; "" is undetermined

	out      harvesters.Lifted
	docs     []*jsontree.Doc // the record's body, then those of what is attached
	rule     string
	pointers pointerCache
	scratch  []byte
	seed     maphash.Seed
	index    map[uint64]int32 // hash of a statement or of a closed node's IRI → where it is
	nodes    []uint64         // the hashes of the closed nodes
	schac    string           // of the institution whose course it is
	provider rdf.Term         // its IRI
	declared bool             // its own statements are written
	full     bool             // there are as many statements as there may be
}

// lifts keeps the trees and buffers of finished Lifts.
var lifts = sync.Pool{New: func() any { return &Lift{seed: maphash.MakeSeed(), index: map[uint64]int32{}} }}

// maxPooled is the largest index that is kept for the next record.
const maxPooled = 4096

// Limits of what is made of one record; a course gives some hundred statements.
const (
	maxStatements = 200_000
	maxFindings   = 1000
	maxUnmapped   = 1000
)

// expectedStatements is the first guess of how many statements a record gives;
// a course with one offering has about 90.
const expectedStatements = 128

// Run lifts rec: body is called with the record's tree, unless that cannot be
// parsed, which is a Violation. Attached records that cannot be parsed are left
// out with a Finding of their own.
func Run(rec harvesters.Record, in harvesters.Context, body func(l *Lift, root jsontree.Value)) harvesters.Lifted {
	l := lifts.Get().(*Lift)
	defer lifts.Put(l)
	l.reset(rec, in)
	if l.parse(0, rec) {
		for i, a := range rec.Attached {
			l.parse(i+1, a)
		}
		body(l, l.docs[0].Root())
		l.countUnused()
		if l.full {
			l.out.Findings = nil
			l.Discard("record.size", fmt.Sprintf("The %s %.100q would give more than %d statements.", rec.Kind, rec.ID, maxStatements), jsontree.Value{})
		}
	}
	out := l.out
	l.out, l.Record = harvesters.Lifted{}, harvesters.Record{}
	return out
}

func (l *Lift) reset(rec harvesters.Record, in harvesters.Context) {
	for len(l.docs) < 1+len(rec.Attached) {
		l.docs = append(l.docs, &jsontree.Doc{Tag: len(l.docs)})
	}
	l.Context, l.Record, l.Language = in, rec, ""
	l.out = harvesters.Lifted{Statements: make([]harvesters.Statement, 0, expectedStatements)}
	l.rule, l.declared, l.full, l.nodes = "", false, false, l.nodes[:0]
	if len(l.index) > maxPooled {
		l.index = map[uint64]int32{}
	}
	clear(l.index)
	l.pointers = pointerCache{}
	l.publishedBy(in.Source.Provider.Key())
}

func (l *Lift) parse(part int, rec harvesters.Record) bool {
	if err := l.docs[part].Parse(rec.Body); err != nil {
		l.out.Findings = append(l.out.Findings, harvesters.Finding{
			Severity: harvesters.Violation,
			Code:     "record.syntax",
			Message:  fmt.Sprintf("The %s is not JSON: %v.", rec.Kind, err),
			At:       rec.Origin,
		})
		return false
	}
	return true
}

// Attached yields the attached records of a kind, in the order of the record.
func (l *Lift) Attached(kind string) func(yield func(jsontree.Value) bool) {
	return func(yield func(jsontree.Value) bool) {
		for i, a := range l.Record.Attached {
			if a.Kind != kind {
				continue
			}
			if root := l.docs[i+1].Root(); root.Exists() && !yield(root) {
				return
			}
		}
	}
}

// AttachedByID returns the attached record of a kind with the given id, the
// zero Value where there is none.
func (l *Lift) AttachedByID(kind, id string) jsontree.Value {
	for i, a := range l.Record.Attached {
		if a.Kind == kind && a.ID == id {
			return l.docs[i+1].Root()
		}
	}
	return jsontree.Value{}
}

// Provider returns the IRI of the institution that publishes the record.
func (l *Lift) Provider() rdf.Term { return l.provider }

// add writes a statement with its lineage, unless it says again what an earlier
// one said. Those of a node that is still open (the subject is no term yet) are
// compared as a whole when it is closed.
func (l *Lift) add(s, p, o rdf.Term, from jsontree.Value) {
	if len(l.out.Statements) >= maxStatements {
		l.full = true
		return
	}
	if !s.IsZero() && l.said(s, p, o) {
		return
	}
	l.out.Statements = append(l.out.Statements, harvesters.Statement{})
	st := &l.out.Statements[len(l.out.Statements)-1]
	st.S, st.P, st.O, st.Rule = s, p, o, l.rule
	if from.Exists() {
		st.Pointer = l.pointers.of(from)
		st.Part = from.Doc().Tag
	}
}

// said reports whether a statement was made before, and notes it if not. Of
// statements whose hashes collide, both are taken for new.
func (l *Lift) said(s, p, o rdf.Term) bool {
	h := maphash.String(l.seed, s.Value())
	h = h*31 + maphash.String(l.seed, p.Value())
	h = h*31 + maphash.String(l.seed, o.Value())
	if at, known := l.index[h]; known {
		if int(at) >= len(l.out.Statements) {
			l.index[h] = int32(len(l.out.Statements)) // that one was dropped
			return false
		}
		st := &l.out.Statements[at]
		return st.O == o && st.P == p && st.S == s
	}
	l.index[h] = int32(len(l.out.Statements))
	return false
}

// Add writes a statement about any subject.
func (l *Lift) Add(s, p, o rdf.Term, from jsontree.Value) { l.add(s, p, o, from) }

// pointerCache remembers the last place: most values make several statements.
type pointerCache struct {
	at      jsontree.Value
	pointer string
}

func (c *pointerCache) of(v jsontree.Value) string {
	if c.at != v {
		c.at, c.pointer = v, v.Pointer()
	}
	return c.pointer
}

// By makes rule the rule of what do writes.
func (l *Lift) By(rule string, do func()) {
	outer := l.rule
	l.rule = rule
	do()
	l.rule = outer
}

// Report adds a Finding about the value at v.
func (l *Lift) Report(severity harvesters.Severity, code, message string, v jsontree.Value) {
	if len(l.out.Findings) >= maxFindings {
		return
	}
	at := l.Record.Origin
	if v.Exists() {
		if part := v.Doc().Tag; part > 0 {
			at = l.Record.Attached[part-1].Origin
		}
		at.Pointer += v.Pointer()
	}
	l.out.Findings = append(l.out.Findings, harvesters.Finding{Severity: severity, Code: code, Message: message, At: at})
}

// reportOnce is Report, unless the last Finding is of the same code.
func (l *Lift) reportOnce(severity harvesters.Severity, code, message string, v jsontree.Value) {
	if n := len(l.out.Findings); n == 0 || l.out.Findings[n-1].Code != code {
		l.Report(severity, code, message, v)
	}
}

// Warn adds a Warning about a value that no conversion understands. The code is
// the rule's with ".unknown".
func (l *Lift) Warn(v jsontree.Value, expected string) {
	l.Report(harvesters.Warning, l.rule+".unknown",
		fmt.Sprintf("%s is not understood: expected %s.", excerpt(v), expected), v)
}

// excerpt is the text of v, short enough for a message.
func excerpt(v jsontree.Value) string {
	s := v.Raw()
	if len(s) > 60 {
		s = strings.ToValidUTF8(s[:60], "") + "…"
	}
	return s
}

// Own names the institution that the record itself gives as the course's own,
// by its SCHAC code. Where that is another than the source's provider, and the
// source is one that may speak for others, the course is published as theirs.
// To be called before anything is written.
func (l *Lift) Own(owner string) {
	if owner == "" || strings.EqualFold(owner, l.schac) {
		return
	}
	l.out.Owner = owner
	if l.Context.Source.Provider.Class == harvesters.Authoritative {
		l.publishedBy(strings.ToLower(owner))
	}
}

func (l *Lift) publishedBy(schac string) {
	l.schac = schac
	l.provider = rdf.IRI(courseid.Provider(l.Context.BaseIRI, schac))
}

// Discard drops what was written: the record cannot be published.
func (l *Lift) Discard(code, message string, v jsontree.Value) {
	l.out.Subjects, l.out.Statements = nil, nil
	l.Report(harvesters.Violation, code, message, v)
}

// countUnused fills Unmapped.
func (l *Lift) countUnused() {
	for part := range 1 + len(l.Record.Attached) {
		kind := l.Record.Kind
		if part > 0 {
			kind = l.Record.Attached[part-1].Kind
		}
		for path, v := range l.docs[part].Unused() {
			if Absent(v) {
				continue
			}
			if l.out.Unmapped == nil {
				l.out.Unmapped = make(map[string]int)
			}
			if len(l.out.Unmapped) >= maxUnmapped {
				return
			}
			l.out.Unmapped[kind+path]++
		}
	}
}
