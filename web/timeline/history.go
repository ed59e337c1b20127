package timeline

import (
	"crypto/sha256"
	"encoding/hex"
	"slices"
	"strings"
	"time"

	"qlgraph/graph"
	"qlgraph/graph/canon"
	"qlgraph/graph/rdf"
	"qlgraph/harvesters/pipeline"
	"qlgraph/ontology/courseid"
	"qlgraph/web/resource"
)

// History is the versions of a course or offering, in one snapshot.
type History struct {
	Archive  *pipeline.Archive
	Versions []Version // oldest first
	target   resource.Target
	base     string
	snap     graph.Snapshot
	iri      string // of the thing in its sources
	parts    []pipeline.Part
	quads    map[origin][]rdf.Quad // of states, as far as they were read
}

// Version is what a thing was for some time.
type Version struct {
	Number int
	At     time.Time // when it came into force, to the millisecond
	Until  time.Time // when the next one did; zero: it is the present
	Run    string    // the harvest that made it
	By     rdf.Term  // the activity of that harvest in the provenance graph
	Gone   bool      // no source described the thing
	Hash   string    // SHA-256 of its canonical N-Quads, in hex; "" where Gone
	// Document is what the sources said, without labels; nil where Gone.
	Document *resource.Document
	// Origins are the records that it is made of.
	Origins []Origin
	memento string // digits of its address
}

// Origin is a record in one of its states.
type Origin struct {
	Part  pipeline.Part
	State pipeline.State
}

// origin is a state by the numbers of part and state.
type origin struct{ part, state int }

// History returns the versions of t, nil where no source ever described it.
func (l *Timeline) History(snap graph.Snapshot, t resource.Target) (*History, error) {
	if t.Kind != resource.Course && t.Kind != resource.Offering {
		return nil, nil
	}
	archive, err := l.journal.Archive(snap)
	if err != nil {
		return nil, err
	}
	h := &History{Archive: archive, target: t, base: l.base, snap: snap, quads: map[origin][]rdf.Quad{}}
	if h.iri, h.parts, err = l.parts(snap, archive, t); err != nil || len(h.parts) == 0 {
		return nil, err
	}
	for _, at := range h.moments() {
		if err := h.add(at); err != nil {
			return nil, err
		}
	}
	if len(h.Versions) == 0 {
		return nil, nil
	}
	h.address()
	return h, nil
}

// parts returns the records that describe t, under the name that the sources
// have for it: the present one before the one that was withdrawn.
func (l *Timeline) parts(snap graph.Snapshot, archive *pipeline.Archive, t resource.Target) (string, []pipeline.Part, error) {
	subject, err := resource.Subject(snap, l.base, t.IRI)
	if err != nil {
		return "", nil, err
	}
	iri := subject.Value()
	if iri == "" {
		if iri, err = archive.Withdrawn(t.IRI); err != nil || iri == "" {
			return "", nil, err
		}
	}
	parts, err := archive.Parts(iri)
	return iri, parts, err
}

// maxVersions bounds the versions that are looked at, newest first: one takes a
// tenth of a millisecond or more, and three years of daily changes are a thousand.
const maxVersions = 2000

// moments are the times at which a record changed, in order.
func (h *History) moments() []time.Time {
	var times []time.Time
	for _, p := range h.parts {
		for _, s := range p.States {
			times = append(times, s.At)
		}
	}
	slices.SortFunc(times, time.Time.Compare)
	times = slices.CompactFunc(times, time.Time.Equal)
	return times[max(0, len(times)-maxVersions):]
}

// add appends the version of a time, unless nothing changed: another course of
// the record did, or a record that no longer counts.
func (h *History) add(at time.Time) error {
	v := Version{Number: len(h.Versions) + 1, At: at}
	var quads []rdf.Quad
	for i, p := range h.parts {
		j := inForce(p.States, at)
		if j < 0 {
			continue
		}
		s := p.States[j]
		if s.At.Equal(at) && v.Run == "" {
			v.Run = s.Run
			v.By = rdf.IRI(h.base + "/run/" + courseid.Escape(s.Run) + "#" + courseid.Escape(p.Source.Provider.Key()) + "." + courseid.Escape(p.Source.ID))
		}
		if s.Gone {
			continue
		}
		own, err := h.read(origin{i, j})
		if err != nil {
			return err
		}
		quads = append(quads, own...)
		v.Origins = append(v.Origins, Origin{p, s})
	}
	var err error
	if v.Document, err = resource.AssembleThen(h.snap, h.base, h.iri, quads); err != nil {
		return err
	}
	if v.Gone = v.Document == nil; v.Gone {
		v.Origins = nil
	} else {
		if h.iri != h.target.IRI {
			v.Document.Alias = rdf.IRI(h.target.IRI)
		}
		if v.Hash, err = hash(v.Document.Quads); err != nil {
			return err
		}
	}
	if n := len(h.Versions); n == 0 && v.Gone || n > 0 && h.Versions[n-1].Hash == v.Hash {
		return nil
	}
	h.Versions = append(h.Versions, v)
	return nil
}

// inForce returns the index of the state at a time, -1 before the first.
func inForce(states []pipeline.State, at time.Time) int {
	i, found := slices.BinarySearchFunc(states, at, func(s pipeline.State, at time.Time) int { return s.At.Compare(at) })
	if found {
		return i
	}
	return i - 1
}

func (h *History) read(o origin) ([]rdf.Quad, error) {
	if quads, ok := h.quads[o]; ok {
		return quads, nil
	}
	p := h.parts[o.part]
	quads, err := h.Archive.Quads(p, p.States[o.state])
	h.quads[o] = quads
	return quads, err
}

// hash names the content of a version.
func hash(quads []rdf.Quad) (string, error) {
	form, err := canon.Canonicalize(quads)
	if err != nil {
		return "", err
	}
	sum := sha256.Sum256(form.NQuads)
	return hex.EncodeToString(sum[:]), nil
}

const (
	secondDigits = "20060102150405"
	milliDigits  = "20060102150405.000"
)

// address gives the versions their ends and their addresses.
func (h *History) address() {
	for i := range h.Versions {
		v := &h.Versions[i]
		v.memento = v.At.UTC().Format(secondDigits)
		if i+1 == len(h.Versions) {
			break
		}
		v.Until = h.Versions[i+1].At
		if v.Until.UTC().Format(secondDigits) == v.memento {
			v.memento += v.At.UTC().Format(milliDigits)[len(secondDigits)+1:]
		}
	}
}

// At returns the version at a time, nil before the first.
func (h *History) At(at time.Time) *Version {
	i, found := slices.BinarySearchFunc(h.Versions, at, func(v Version, at time.Time) int { return v.At.Compare(at) })
	if !found {
		i--
	}
	if i < 0 {
		return nil
	}
	return &h.Versions[i]
}

// Last returns the newest version in which the thing was described.
func (h *History) Last(until *Version) *Version {
	for i := until.Number - 1; i >= 0; i-- {
		if !h.Versions[i].Gone {
			return &h.Versions[i]
		}
	}
	return nil
}

// Now returns the present version.
func (h *History) Now() *Version { return &h.Versions[len(h.Versions)-1] }

// Memento returns the path of the version's document.
func (h *History) Memento(v *Version) string { return mementos + v.memento + h.target.Thing() }

// mementos is what paths of past documents begin with.
const mementos = "/memento/"

// endOfSecond is the last moment that a time without a fraction stands for:
// whoever names a second means what was in force when it was over.
func endOfSecond(at time.Time) time.Time {
	if at.Nanosecond() == 0 {
		return at.Add(time.Second - time.Millisecond)
	}
	return at
}

// Match returns the quads of every graph of the snapshot that match the pattern;
// zero terms match everything.
func (h *History) Match(s, p, o rdf.Term) ([]rdf.Quad, error) { return resource.Match(h.snap, s, p, o) }

// Describe returns the triples about a node in the graphs whose names begin with
// prefix, and those about the nodes below it.
func (h *History) Describe(node rdf.Term, prefix string) ([]rdf.Quad, error) {
	return h.describe(node, prefix, map[rdf.Term]bool{})
}

// maxDescribed bounds the nodes of one description.
const maxDescribed = 1000

func (h *History) describe(node rdf.Term, prefix string, seen map[rdf.Term]bool) ([]rdf.Quad, error) {
	if seen[node] || len(seen) == maxDescribed {
		return nil, nil
	}
	seen[node] = true
	quads, err := h.Match(node, rdf.Term{}, rdf.Term{})
	if err != nil {
		return nil, err
	}
	var out []rdf.Quad
	for _, q := range quads {
		if !strings.HasPrefix(q.G.Value(), prefix) {
			continue
		}
		out = append(out, rdf.Triple(q.S, q.P, q.O))
		if q.O.IsBlank() || strings.HasPrefix(q.O.Value(), node.Value()+"#") || strings.HasPrefix(q.O.Value(), h.base+"/.well-known/genid/") {
			below, err := h.describe(q.O, prefix, seen)
			if err != nil {
				return nil, err
			}
			out = append(out, below...)
		}
	}
	return out, nil
}
