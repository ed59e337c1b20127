package mem

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"sync/atomic"

	"qlgraph/graph"
	"qlgraph/graph/rdf"
)

// Dataset is an RDF dataset in memory. It implements graph.Writer.
type Dataset struct {
	terms   dictionary
	writing sync.Mutex
	current atomic.Pointer[version]
}

var _ graph.Writer = (*Dataset)(nil)

// New returns an empty dataset.
func New() *Dataset {
	d := &Dataset{}
	d.current.Store(newVersion(0, nil))
	return d
}

// FromQuads returns a dataset that holds the given quads.
func FromQuads(quads ...rdf.Quad) *Dataset {
	d := New()
	ids := make([]graph.Quad, len(quads))
	for i, q := range quads {
		ids[i] = d.terms.quad(q)
	}
	slices.SortFunc(ids, graph.SPOG.Compare)
	if ids = slices.Compact(ids); len(ids) > 0 {
		d.current.Store(newVersion(1, ids))
	}
	return d
}

// Snapshot implements graph.Dataset.
func (d *Dataset) Snapshot(ctx context.Context) (graph.Snapshot, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	v := d.current.Load()
	return &snapshot{ctx: ctx, terms: &d.terms, version: v, ledger: v.ledger}, nil
}

// Update implements graph.Writer. The change is as durable as the process.
func (d *Dataset) Update(ctx context.Context, fn func(graph.Tx) error) (uint64, error) {
	d.writing.Lock()
	defer d.writing.Unlock()
	base := d.current.Load()
	tx := &tx{snapshot: snapshot{ctx: ctx, terms: &d.terms, version: base}, base: base, changes: map[graph.Quad]bool{}}
	tx.refresh = tx.rebuild
	tx.ledger = base.ledger
	defer tx.closed.Store(true)
	if err := ctx.Err(); err != nil {
		return base.number, err
	}
	if err := fn(tx); err != nil {
		return base.number, err
	}
	if err := ctx.Err(); err != nil {
		return base.number, err
	}
	if len(tx.changes) == 0 && !tx.recorded {
		return base.number, nil
	}
	number := base.number
	if len(tx.changes) > 0 {
		number++
	}
	next := base.apply(number, tx.changes)
	next.ledger = tx.ledger
	d.current.Store(next)
	return next.number, nil
}

// errClosed is what reads of a closed snapshot or an ended transaction return.
var errClosed = errors.New("mem: snapshot is closed")

// dictionary numbers terms in the order in which they come. It only grows, so
// all versions share it.
type dictionary struct {
	mu    sync.RWMutex
	ids   map[rdf.Term]graph.ID
	terms []rdf.Term // by payload - 1
	text  textIndex
}

func (d *dictionary) quad(q rdf.Quad) graph.Quad {
	return graph.Quad{S: d.add(q.S), P: d.add(q.P), O: d.add(q.O), G: d.add(q.G)}
}

// add returns the ID of t, which it learns if need be.
func (d *dictionary) add(t rdf.Term) graph.ID {
	if id, ok := d.lookup(t); ok {
		return id
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	if id, ok := d.ids[t]; ok {
		return id
	}
	if d.ids == nil {
		d.ids = map[rdf.Term]graph.ID{}
	}
	d.terms = append(d.terms, t)
	id := graph.MakeID(kindOf(t), uint64(len(d.terms)))
	d.ids[t] = id
	return id
}

func kindOf(t rdf.Term) graph.IDKind {
	switch t.Kind() {
	case rdf.KindBlank:
		return graph.IDBlank
	case rdf.KindIRI:
		return graph.IDIRI
	}
	return graph.IDLiteral
}

// lookup returns the ID of t if it is known; that of no term is zero.
func (d *dictionary) lookup(t rdf.Term) (graph.ID, bool) {
	if t.IsZero() {
		return 0, true
	}
	if id, ok := graph.Inline(t); ok {
		return id, true
	}
	d.mu.RLock()
	defer d.mu.RUnlock()
	id, ok := d.ids[t]
	return id, ok
}

func (d *dictionary) resolve(ids []graph.ID, dst []rdf.Term) error {
	d.mu.RLock()
	defer d.mu.RUnlock()
	for i, id := range ids {
		switch n := id.Payload(); {
		case id == 0:
			dst[i] = rdf.Term{}
		case id.Inlined():
			dst[i] = id.InlinedTerm()
		case n == 0 || n > uint64(len(d.terms)) || kindOf(d.terms[n-1]) != id.Kind():
			return fmt.Errorf("mem: unknown term ID %#x", uint64(id))
		default:
			dst[i] = d.terms[n-1]
		}
	}
	return nil
}
