package resource

import (
	"errors"
	"fmt"
	"net/http"
	"strings"
	"time"

	"qlgraph/graph"
)

// Past knows what became of things and what they were.
type Past interface {
	// Changed returns when the thing got the state that the sources publish
	// now, the zero Time where that is not recorded.
	Changed(snap graph.Snapshot, t Target) (time.Time, error)
	// Withdrawn returns the tombstone of a thing that no source describes any
	// more, with its Status (410), and nil where none ever did.
	Withdrawn(snap graph.Snapshot, t Target) (*Document, error)
	// At returns the document of a thing as it was at a time, with its Moment,
	// and nil where no source described it then.
	At(snap graph.Snapshot, t Target, at time.Time) (*Document, error)
	// Named returns the aggregator's IRI of a withdrawn thing that an identifier
	// named, "" where none is known.
	Named(snap graph.Snapshot, identifier string) (string, error)
	// Links lead from the present document to earlier ones (RFC 7089 §2.2).
	Links(t Target) []Link
}

// Part serves a further document about a thing, under the path of its document:
// {document}/lineage, with an ending or without.
type Part interface {
	// ServePart answers a GET or HEAD request. t.Part is set; whether there is
	// such a thing is for the part to find out (Handler.Find).
	ServePart(w http.ResponseWriter, r *http.Request, t Target)
}

// Mount makes p answer for the part of every document with the given name. It
// must not be called once requests are served.
func (h *Handler) Mount(name string, p Part) { h.parts[name] = p }

// part returns who answers for the path, percent-encoded and without "/doc",
// nil where it names no part.
func (h *Handler) part(path string) (Target, Part) {
	i := strings.LastIndexByte(path, '/')
	if i < 0 {
		return Target{}, nil
	}
	name, ending := path[i+1:], ""
	if dot := strings.IndexByte(name, '.'); dot >= 0 {
		name, ending = name[:dot], name[dot:]
	}
	p := h.parts[name]
	if p == nil {
		return Target{}, nil
	}
	t, err := target(h.base, path[:i])
	if err != nil { // the name is an id: /course/uni.example/lineage
		return Target{}, nil
	}
	t.Part, t.Ending = name, ending
	return t, p
}

// Find returns the document of t as the sources publish it now, the tombstone
// where it was withdrawn (Document.Status), and nil where nobody ever described
// it.
func (h *Handler) Find(snap graph.Snapshot, t Target) (*Document, error) {
	return h.state(snap, t, time.Time{})
}

// Target reads the path of a thing, percent-encoded: "/course/uni.example/C1".
func (h *Handler) Target(path string) (Target, error) { return target(h.base, path) }

// reader reads from a snapshot with the handler's memory, until it is released.
func (h *Handler) reader(snap graph.Snapshot) *reader {
	r, reused := h.readers.Get().(*reader)
	if !reused {
		r = newReader(snap)
		r.shelf = h.shelf
	}
	r.snap = snap
	return r
}

// release makes the reader, but not the quads that it read, ready for reuse.
func (h *Handler) release(r *reader) {
	if len(r.terms) > maxReused {
		return
	}
	r.reset(nil)
	h.readers.Put(r)
}

// maxReused bounds the memory of an idle reader, and what clearing it costs.
const maxReused = 4_000

// state decides what a thing is now or, with a time, was then.
func (h *Handler) state(snap graph.Snapshot, t Target, at time.Time) (*Document, error) {
	if !at.IsZero() && h.past != nil {
		return h.past.At(snap, t, at)
	}
	r := h.reader(snap)
	defer h.release(r)
	if t.Kind == Run {
		return h.runDocument(r, t)
	}
	doc, err := assemble(r, h.base, t.IRI)
	if err != nil || h.past == nil {
		return doc, err
	}
	if doc == nil {
		return h.past.Withdrawn(snap, t)
	}
	if doc.Changed, err = h.past.Changed(snap, t); err != nil {
		return nil, err
	}
	doc.Links = append(doc.Links, h.past.Links(t)...)
	return doc, nil
}

// asOf reads the parameter asOf: a date, which means its end, or a time.
func asOf(r *http.Request) (time.Time, error) {
	text := query(r).Get("asOf")
	if text == "" {
		return time.Time{}, nil
	}
	at, err := ParseTime(text)
	if err != nil {
		return at, fmt.Errorf("%w: asOf: %w", errMalformed, err)
	}
	return at, nil
}

// ParseTime reads a date, which means its end, or a time with its zone.
func ParseTime(text string) (time.Time, error) {
	if day, err := time.Parse(time.DateOnly, text); err == nil {
		return day.Add(24*time.Hour - time.Millisecond), nil
	}
	at, err := time.Parse(time.RFC3339, strings.Replace(text, " ", "+", 1)) // a plus sign in a query is a space
	if err != nil {
		return at, errors.New("want a date or a time with its zone, like 2026-03-31 or 2026-03-31T12:00:00Z")
	}
	return at, nil
}
