package pipeline

import (
	"maps"
	"slices"
	"strings"

	"qlgraph/graph"
	"qlgraph/graph/rdf"
	"qlgraph/ontology/courseid"
)

// smallShare is the part of a source, and smallEdits the number of its records,
// up to which a change is written triple by triple, which holds them in memory.
// Replacing the graph reads all of it, which pays beyond.
const (
	smallShare = 4
	smallEdits = 5000
)

// small reports whether a run changes little enough to be written triple by
// triple.
func (h *harvest) small(edits int) bool {
	return !h.fresh && !h.relift && edits*smallShare <= h.roll.known && edits <= smallEdits
}

// writeDelta writes what changed triple by triple, which gives the same graphs
// as replacing them.
func (h *harvest) writeDelta(tx graph.Tx, l graph.Ledger) error {
	d := delta{harvest: h, ledger: l, shared: map[rdf.Quad]bool{}}
	for e := range h.roll.changed() {
		if e.same && !e.validated {
			continue
		}
		if err := d.add(e); err != nil {
			return err
		}
	}
	if err := d.settle(); err != nil {
		return err
	}
	d.head()
	source := rdf.IRI(courseid.SourceGraph(h.run.pipeline.config.BaseIRI, h.plan.institution.Key(), h.plan.source.ID))
	if err := d.write(tx, source, d.triples); err != nil {
		return err
	}
	return d.write(tx, h.validationGraph(), d.results)
}

// delta is the triples to remove from and to add to a graph.
type delta struct {
	harvest *harvest
	ledger  graph.Ledger
	triples difference
	results difference
	shared  map[rdf.Quad]bool // removed from a record, but perhaps another's too
}

type difference struct{ removed, added []rdf.Quad }

// add compares a record before and after.
func (d *delta) add(e *entry) error {
	before, err := d.harvest.before(d.ledger, e)
	if err != nil {
		return err
	}
	removed, added, err := d.compare(tableQuads, e)
	if err != nil {
		return err
	}
	for _, q := range removed {
		if ownTriple(q, before.Subjects) {
			d.triples.removed = append(d.triples.removed, q)
		} else {
			d.shared[q] = true
		}
	}
	d.triples.added = append(d.triples.added, added...)
	// Results have names made from their focus nodes, which are the record's.
	removed, added, err = d.compare(tableReport, e)
	d.results.removed = append(d.results.removed, removed...)
	d.results.added = append(d.results.added, added...)
	return err
}

// settle removes the shared triples that no record states any more. Mostly the
// first record that is looked at states them: they are about the provider.
func (d *delta) settle() error {
	for _, e := range d.harvest.roll.inOrder() {
		if len(d.shared) == 0 {
			return nil
		}
		if !e.published {
			continue
		}
		quads, err := d.decode(d.harvest.packed(d.ledger, tableQuads, e))
		if err != nil {
			return err
		}
		for _, q := range quads {
			delete(d.shared, q)
		}
	}
	d.triples.removed = slices.AppendSeq(d.triples.removed, maps.Keys(d.shared))
	return nil
}

func (d *delta) compare(table string, e *entry) (removed, added []rdf.Quad, err error) {
	var was, is []rdf.Quad
	if e.wasPublished {
		if was, err = d.decode(d.ledger.Value(table, d.harvest.keyOf(e))); err != nil {
			return nil, nil, err
		}
	}
	if e.published {
		if is, err = d.decode(d.harvest.packed(d.ledger, table, e)); err != nil {
			return nil, nil, err
		}
	}
	return minus(was, is), minus(is, was), nil
}

func (d *delta) decode(packed []byte, err error) ([]rdf.Quad, error) {
	if err != nil || packed == nil {
		return nil, err
	}
	return d.harvest.run.pipeline.unpackQuads(nil, packed)
}

// head keeps what the report says of itself.
func (d *delta) head() {
	if d.harvest.run.pipeline.config.Validator == nil {
		return
	}
	name := d.harvest.validationGraph()
	was, is := d.harvest.roll.reportHead(name, true), d.harvest.roll.reportHead(name, false)
	d.results.removed = append(d.results.removed, minus(was, is)...)
	d.results.added = append(d.results.added, minus(is, was)...)
}

func (d *delta) write(tx graph.Tx, name rdf.Term, diff difference) error {
	for _, quads := range [][]rdf.Quad{diff.removed, diff.added} {
		for i := range quads {
			quads[i].G = name
		}
	}
	d.harvest.result.Quads += int64(len(diff.removed) + len(diff.added))
	if err := tx.Delete(diff.removed...); err != nil {
		return err
	}
	return tx.Insert(diff.added...)
}

// minus returns the triples of a that are not in b; both are sorted.
func minus(a, b []rdf.Quad) []rdf.Quad {
	var out []rdf.Quad
	for _, q := range a {
		if _, found := slices.BinarySearchFunc(b, q, rdf.CompareQuads); !found {
			out = append(out, q)
		}
	}
	return out
}

// ownTriple reports whether no other record can state q: its subject is one of
// the record's or a node below it.
func ownTriple(q rdf.Quad, subjects []string) bool {
	s := q.S.Value()
	return slices.ContainsFunc(subjects, func(own string) bool {
		rest, ok := strings.CutPrefix(s, own)
		return ok && (rest == "" || rest[0] == '#' || rest[0] == '/')
	})
}
