package elm

import (
	"encoding/hex"
	"fmt"
	"slices"
	"strings"
	"time"

	"qlgraph/graph/rdf"
	"qlgraph/harvesters"
	"qlgraph/harvesters/lifting"
	"qlgraph/ontology"
)

// splitter takes a graph apart.
type splitter struct {
	*graph
	origin        string
	organisations map[int32]harvesters.Record // some of those that courses name
	cut           int32                       // the subject at which the file broke off, or 0
}

// maxRecord bounds the triples of one entry point and its helper nodes; a course
// has some KiB.
const maxRecord = 16 << 20

// errTooLarge says that an entry point is more than a record may be.
type errTooLarge struct{ subject rdf.Term }

func (e errTooLarge) Error() string {
	return fmt.Sprintf("%.200s and its helper nodes are larger than %d MiB", e.subject, maxRecord>>20)
}

// split calls emit with a record per entry point of the graph, in the order in
// which they first appear, and then with one for each subject that belongs to
// none; tooLarge with entry points that are left out. Of a broken file the record
// with the last triple is left out: it may lack something.
func split(g *graph, origin string, broken bool, emit func(harvesters.Record) error, tooLarge func(error)) error {
	s := &splitter{graph: g, origin: origin, organisations: map[int32]harvesters.Record{}}
	if err := g.flush(); err != nil {
		return err
	}
	g.infer()
	if broken {
		s.cut = g.last
	}
	for _, rest := range []bool{false, true} {
		for _, n := range g.order {
			entry := g.nodes[n].kind
			if rest && entry == none && !g.nodes[n].reached && !g.about(n).subject.IsBlank() {
				entry = resource
			} else if rest || entry == none {
				continue
			}
			rec, err := s.record(n, entry)
			if err == nil {
				err = s.attach(n, &rec)
			}
			if err == nil && rec.Body != nil {
				err = emit(rec)
			}
			if large, ok := err.(errTooLarge); ok {
				tooLarge(large)
			} else if err != nil {
				return err
			}
		}
	}
	return nil
}

// record writes the triples about an entry point and its helper nodes; the zero
// Record if the file broke off in them.
func (s *splitter) record(n int32, k kind) (harvesters.Record, error) {
	w := walk{splitter: s, seen: map[int32]bool{n: true}}
	w.visit(n, 0)
	switch {
	case s.err != nil:
		return harvesters.Record{}, s.err
	case w.size > maxRecord:
		return harvesters.Record{}, errTooLarge{s.about(n).subject}
	case w.seen[s.cut]:
		return harvesters.Record{}, nil
	}
	slices.Sort(w.lines)
	subject := s.term(s.about(n).subject)
	id := subject.Value()
	if subject.IsBlank() {
		id = "_:" + id
	}
	return harvesters.Record{
		Kind: k.String(), ID: id, Body: []byte(strings.Join(slices.Compact(w.lines), "\n") + "\n"),
		Origin: harvesters.Origin{URL: s.origin, Line: int(s.nodes[n].line)}, Modified: s.modified(n),
	}, nil
}

// walk gathers the triples about an entry point.
type walk struct {
	*splitter
	seen  map[int32]bool
	lines []string
	size  int
}

func (w *walk) visit(n int32, depth int) {
	about := *w.about(n) // what lies below may take its place
	if about.large {
		w.size = maxRecord + 1
		return
	}
	subject := w.term(about.subject)
	for _, t := range about.triples {
		line := rdf.Triple(subject, t.p, w.term(t.o)).String()
		if w.size += len(line); w.size > maxRecord {
			return
		}
		w.lines = append(w.lines, line)
		if t.p == isA || depth >= maxChain {
			continue
		}
		if o := w.find(t.o); o != 0 && !w.seen[o] && w.nodes[o].kind == none {
			w.seen[o], w.nodes[o].reached = true, true
			w.visit(o, depth+1)
		}
	}
}

// term returns a term as records have it: a blank node is labelled by its
// content, and one that is a course by its local id, so that records which
// refer to it agree on its name.
func (s *splitter) term(t rdf.Term) rdf.Term {
	if !t.IsBlank() {
		return t
	}
	if n := s.find(t); n != 0 && s.nodes[n].kind == specification {
		id := s.notation(n)
		if id == "" {
			id = s.label(t)[1:17] // as many hex digits as an IRI would give
		}
		return rdf.Blank(courseLabel + hex.EncodeToString([]byte(id)))
	}
	return rdf.Blank(s.label(t))
}

// courseLabel begins the label of a blank node that is a course; its local id
// follows in hex.
const courseLabel = "course-"

var (
	hasIdentifier = rdf.IRI(ontology.ADMS + "identifier")
	hasNotation   = rdf.IRI(ontology.SKOS + "notation")
	schemeName    = elmProperty("schemeName")
	schemeID      = elmProperty("schemeId")
	lastModified  = rdf.IRI(ontology.DCTerms + "modified")
)

// notation returns the local id of a course: the notation of its identifier.
func (s *splitter) notation(n int32) string {
	var found notations
	for _, t := range s.about(n).triples {
		if t.p != hasIdentifier {
			continue
		}
		scheme, value := false, ""
		if i := s.find(t.o); i != 0 {
			for _, u := range s.about(i).triples {
				scheme = scheme || among(u.p, schemeName) || among(u.p, schemeID)
				if u.p == hasNotation {
					value = u.o.Value()
				}
			}
		}
		found.add(value, scheme)
	}
	return found.local()
}

// modified returns when the source last changed a subject, as it says.
func (s *splitter) modified(n int32) time.Time {
	for _, t := range s.about(n).triples {
		if t.p == lastModified {
			return lifting.Time(t.o.Value())
		}
	}
	return time.Time{}
}

// maxOrganisations is how many records of organisations are kept: most courses
// name the same few.
const maxOrganisations = 32

// attach adds the organisations that a course names, so that its record says
// whose it is.
func (s *splitter) attach(n int32, rec *harvesters.Record) error {
	if rec.Kind != KindSpecification && rec.Kind != KindInstance {
		return nil
	}
	seen := map[int32]bool{}
	triples := s.about(n).triples
	for _, t := range triples {
		o := s.find(t.o)
		if o == 0 || s.nodes[o].kind != organisation || seen[o] {
			continue
		}
		seen[o] = true
		named, known := s.organisations[o]
		if !known {
			var err error
			if named, err = s.record(o, organisation); err != nil {
				return err
			}
			if len(s.organisations) >= maxOrganisations {
				clear(s.organisations)
			}
			s.organisations[o] = named
		}
		if named.Body != nil {
			rec.Attached = append(rec.Attached, named)
		}
	}
	slices.SortFunc(rec.Attached, func(a, b harvesters.Record) int { return strings.Compare(a.ID, b.ID) })
	return nil
}

// notations are the identifiers of a course.
type notations struct{ plain, schemed []string }

func (n *notations) add(notation string, scheme bool) {
	switch {
	case notation == "":
	case scheme:
		n.schemed = append(n.schemed, notation)
	default:
		n.plain = append(n.plain, notation)
	}
}

// local returns the one without a scheme, else the first in code-point order.
func (n *notations) local() string {
	for _, list := range [][]string{n.plain, n.schemed} {
		if len(list) > 0 {
			return slices.Min(list)
		}
	}
	return ""
}
