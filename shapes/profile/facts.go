package profile

import (
	"context"
	"fmt"
	"slices"
	"time"

	"qlgraph/graph"
	"qlgraph/graph/rdf"
	"qlgraph/shapes"
)

// facts answers questions about the courses and offerings of a graph.
type facts struct {
	snap     graph.Snapshot
	data     graph.Graphs
	now      time.Time
	subjects []subject
	known    map[graph.ID]bool // the subjects' IDs
	batch    *graph.Batch
	terms    []rdf.Term // of two columns of a batch
}

type subject struct {
	id     graph.ID
	term   rdf.Term
	course bool
}

func newFacts(ctx context.Context, snap graph.Snapshot, data graph.Graphs, now time.Time) (*facts, error) {
	f := &facts{snap: snap, data: data, now: now, known: map[graph.ID]bool{}, batch: graph.NewBatch(), terms: make([]rdf.Term, 2*graph.BatchSize)}
	if err := f.collect(courseClasses(), true); err != nil {
		return nil, err
	}
	if err := f.collect(offeringClasses(), false); err != nil {
		return nil, err
	}
	return f, ctx.Err()
}

// collect adds the instances of the classes to the subjects.
func (f *facts) collect(classes []rdf.Term, course bool) error {
	for _, class := range classes {
		ids, err := f.subjectsOf(rdf.RDFType, class)
		if err != nil {
			return err
		}
		for _, id := range ids {
			if f.known[id] {
				continue
			}
			f.known[id] = true
			t, err := f.term(id)
			if err != nil {
				return err
			}
			f.subjects = append(f.subjects, subject{id, t, course})
		}
	}
	return nil
}

func (f *facts) term(id graph.ID) (rdf.Term, error) {
	var t [1]rdf.Term
	err := f.snap.Terms([]graph.ID{id}, t[:])
	return t[0], err
}

// subjectsOf returns the subjects of the data's statements with the predicate
// and object.
func (f *facts) subjectsOf(predicate string, object rdf.Term) ([]graph.ID, error) {
	p, ok, err := f.snap.Lookup(rdf.IRI(predicate))
	if err != nil || !ok {
		return nil, err
	}
	o, ok, err := f.snap.Lookup(object)
	if err != nil || !ok {
		return nil, err
	}
	return f.scan(graph.Pattern{P: p, O: o, Graphs: f.data})
}

// scan returns the subjects of the quads that match p.
func (f *facts) scan(p graph.Pattern) ([]graph.ID, error) {
	cursor, err := f.snap.Scan(p, graph.OrderFor(p))
	if err != nil {
		return nil, err
	}
	defer cursor.Close()
	var ids []graph.ID
	batch := graph.Batch{S: f.batch.S}
	for {
		n, err := cursor.Next(&batch)
		if err != nil || n == 0 {
			return ids, err
		}
		ids = append(ids, batch.S[:n]...)
	}
}

// findings sorts the results by the course or offering that they belong to.
func (f *facts) findings(report *shapes.Report) (map[graph.ID][]shapes.Result, error) {
	found := map[graph.ID][]shapes.Result{}
	owners := map[rdf.Term][]graph.ID{}
	for _, r := range report.Results {
		belongs, seen := owners[r.Focus]
		if !seen {
			var err error
			if belongs, err = f.owners(r.Focus); err != nil {
				return nil, err
			}
			owners[r.Focus] = belongs
		}
		for _, id := range belongs {
			found[id] = append(found[id], r)
		}
	}
	return found, nil
}

// Limits of the search for the course that a node belongs to. A helper node
// lies a few steps below its course; what hundreds of courses refer to, such as
// their institution, is nobody's own.
const (
	maxOwnerSteps = 6
	maxOwners     = 16
)

// owners returns the courses and offerings that the node is, or is a part of.
func (f *facts) owners(node rdf.Term) ([]graph.ID, error) {
	id, ok, err := f.snap.Lookup(node)
	if err != nil || !ok {
		return nil, err
	}
	var owners []graph.ID
	seen := map[graph.ID]bool{id: true}
	level := []graph.ID{id}
	for range maxOwnerSteps {
		var above []graph.ID
		for _, n := range level {
			if f.known[n] {
				owners = append(owners, n)
				continue
			}
			parents, err := f.scan(graph.Pattern{O: n, Graphs: f.data})
			if err != nil {
				return nil, err
			}
			for _, p := range parents {
				if !seen[p] {
					seen[p] = true
					above = append(above, p)
				}
			}
		}
		if len(seen) > maxOwners {
			return nil, nil
		}
		level = above
	}
	slices.Sort(owners)
	return owners, nil
}

// description is what the data say about a course or an offering.
type description struct {
	facts   *facts
	subject subject
	values  map[string][]rdf.Term // by predicate IRI
	dates   []time.Time           // of the last change and of the offerings
	offers  int
}

func (f *facts) describe(s subject) (*description, error) {
	d := &description{facts: f, subject: s}
	var err error
	if d.values, err = f.statements(s.id); err != nil {
		return nil, fmt.Errorf("read %s: %w", s.term, err)
	}
	if s.course {
		err = d.readOfferings()
	}
	return d, err
}

// statements returns what the data say about the node, by predicate.
func (f *facts) statements(id graph.ID) (map[string][]rdf.Term, error) {
	cursor, err := f.snap.Scan(graph.Pattern{S: id, Graphs: f.data}, graph.SPOG)
	if err != nil {
		return nil, err
	}
	defer cursor.Close()
	values := map[string][]rdf.Term{}
	predicates, objects := f.terms[:graph.BatchSize], f.terms[graph.BatchSize:]
	batch := graph.Batch{P: f.batch.P, O: f.batch.O}
	for {
		n, err := cursor.Next(&batch)
		if err != nil || n == 0 {
			return values, err
		}
		if err := f.snap.Terms(batch.P[:n], predicates[:n]); err != nil {
			return nil, err
		}
		if err := f.snap.Terms(batch.O[:n], objects[:n]); err != nil {
			return nil, err
		}
		for i, p := range predicates[:n] {
			values[p.Value()] = append(values[p.Value()], objects[i])
		}
	}
}
