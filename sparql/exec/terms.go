package exec

import (
	"qlgraph/graph"
	"qlgraph/graph/rdf"
	"qlgraph/sparql/expr"
)

// Terms gives IDs to terms that a query computes or mentions. It belongs to one
// query.
//
// A term that the dataset holds has the dataset's ID, so that IDs can be
// compared; one that it does not hold gets an ID of the kind graph.IDLocal.
type Terms struct {
	snap  graph.Snapshot
	ids   map[rdf.Term]graph.ID // answers of ID
	alone map[rdf.Term]graph.ID // answers of Alone
	local []rdf.Term            // by payload
	mem   *accountant           // nil before the query runs
	cache []cached
	// of resolve, kept from call to call
	missing []graph.ID
	at      []int
	found   []rdf.Term
}

// cached is a decoded term; repeated IDs are common in results.
type cached struct {
	id   graph.ID
	term rdf.Term
}

// The sizes of the cache, powers of two: a look-up of one resource should not
// pay for clearing memory; 4,096 terms are a few hundred KiB and hold the
// publishers, languages and levels of a listing.
const (
	smallCache = 64
	largeCache = 4096
)

// NewTerms returns an empty table over snap.
func NewTerms(snap graph.Snapshot) *Terms {
	return &Terms{snap: snap, ids: map[rdf.Term]graph.ID{}, alone: map[rdf.Term]graph.ID{}}
}

// ID returns the ID of t: the dataset's or one of the query's own.
func (t *Terms) ID(term rdf.Term) (graph.ID, error) {
	if term.IsZero() {
		return 0, nil
	}
	if id, ok := graph.Inline(term); ok {
		return id, nil
	}
	if id, ok := t.ids[term]; ok {
		return id, nil
	}
	id, ok, err := t.snap.Lookup(term)
	if err != nil {
		return 0, err
	}
	if !ok {
		id = t.add(term)
	}
	t.ids[term] = id
	return id, t.charge(term)
}

// ofValue returns the ID of what an expression gave.
func (t *Terms) ofValue(v expr.Value) (graph.ID, error) {
	if id, ok := v.Inlined(); ok {
		return id, nil
	}
	return t.ID(v.Term())
}

// aloneOfValue is Alone for what an expression gave.
func (t *Terms) aloneOfValue(v expr.Value) (graph.ID, error) {
	if id, ok := v.Inlined(); ok {
		return id, nil
	}
	return t.Alone(v.Term())
}

// Alone returns an ID for a term that is compared only with other answers of
// Alone: it spares the look-up in the dataset.
func (t *Terms) Alone(term rdf.Term) (graph.ID, error) {
	if term.IsZero() {
		return 0, nil
	}
	if id, ok := graph.Inline(term); ok {
		return id, nil
	}
	if id, ok := t.alone[term]; ok {
		return id, nil
	}
	id := t.add(term)
	t.alone[term] = id
	return id, t.charge(term)
}

func (t *Terms) add(term rdf.Term) graph.ID {
	t.local = append(t.local, term)
	return graph.MakeID(graph.IDLocal, uint64(len(t.local)-1))
}

// Local reports whether a term got an ID of the query's own.
func (t *Terms) Local() bool { return len(t.local) > 0 }

// entryBytes is about what a term costs beside its text: it stands in a map and
// in a slice.
const entryBytes = 160

func (t *Terms) charge(term rdf.Term) error {
	if t.mem == nil {
		return nil
	}
	return t.mem.charge(int64(len(term.Value()) + entryBytes))
}

// resolve sets dst[i] to the term of ids[i].
func (t *Terms) resolve(snap graph.Snapshot, ids []graph.ID, dst []rdf.Term) error {
	t.sizeCache(len(ids))
	missing, at := t.missing[:0], t.at[:0]
	for i, id := range ids {
		switch c := &t.cache[t.slot(id)]; {
		case id == 0:
			dst[i] = rdf.Term{}
		case c.id == id:
			dst[i] = c.term
		case id.Kind() == graph.IDLocal:
			dst[i] = t.local[id.Payload()]
		default:
			missing = append(missing, id)
			at = append(at, i)
		}
	}
	t.missing, t.at = missing, at
	if len(missing) == 0 {
		return nil
	}
	if len(t.found) < len(missing) {
		t.found = make([]rdf.Term, len(missing))
	}
	found := t.found[:len(missing)]
	if err := snap.Terms(missing, found); err != nil {
		return err
	}
	for i, term := range found {
		dst[at[i]] = term
		t.cache[t.slot(missing[i])] = cached{id: missing[i], term: term}
	}
	return nil
}

// sizeCache makes the cache fit the number of terms that are asked for.
func (t *Terms) sizeCache(n int) {
	size := smallCache
	if n > smallCache {
		size = largeCache
	}
	if len(t.cache) < size {
		t.cache = make([]cached, size)
	}
}

func (t *Terms) slot(id graph.ID) int {
	return slotOf(id, len(t.cache))
}
