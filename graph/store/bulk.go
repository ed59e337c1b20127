package store

import (
	"context"
	"fmt"
	"iter"
	"os"
	"strings"
	"time"

	"github.com/zeebo/xxh3"

	"qlgraph/graph"
	"qlgraph/graph/rdf"
)

var (
	_ graph.BulkWriter = (*Store)(nil)
	_ graph.BulkTx     = (*Bulk)(nil)
	_ graph.HistoryTx  = (*Bulk)(nil)
)

// Above txQuads changed quads a transaction's pages would take too much memory.
// Below bulkQuads nothing is gained by writing a new file, and between the two
// it costs more than it gains where the file is more than bulkShare times as
// large: a transaction changes some 100,000 quads per second, a new file takes
// a second for every million.
const (
	txQuads   = 1_500_000
	bulkQuads = 100_000
	bulkShare = 8
)

// BulkPays implements graph.BulkWriter.
func (s *Store) BulkPays(quads int64) bool {
	snap, err := s.View(context.Background())
	if err != nil {
		return false // Update will say why
	}
	defer snap.Close()
	return quads > txQuads || quads > bulkQuads && quads > int64(snap.state.quads)/bulkShare
}

// Bulk is a transaction whose changes wait on disk; see graph.BulkTx. It belongs
// to one goroutine.
type Bulk struct {
	*Snapshot
	load     *load
	filled   map[graph.ID]bool // graphs that the file has and that are replaced
	revised  map[xxh3.Uint128]graph.Revision
	recorded bool
}

// Bulk implements graph.BulkWriter. As Load does it writes a new file; snapshots
// stay what they are, other writers wait.
func (s *Store) Bulk(ctx context.Context, fn func(graph.BulkTx) error) (graph.Change, error) {
	l, err := newLoad(ctx, s.dir, LoadOptions{})
	if err != nil {
		return graph.Change{}, err
	}
	defer l.close()
	s.lockAlone()
	defer s.writing.Unlock()
	snap, err := s.open(ctx, noLimit)
	if err != nil {
		return graph.Change{}, err
	}
	defer snap.Close()
	b := &Bulk{Snapshot: snap, load: l, filled: map[graph.ID]bool{}, revised: map[xxh3.Uint128]graph.Revision{}}
	if err := fn(b); err != nil {
		return graph.Change{}, err
	}
	if err := l.readHeld(ctx, snap, b.filled); err != nil {
		return graph.Change{}, err
	}
	if _, err := l.build(ctx, s, snap); err != nil {
		return graph.Change{}, err
	}
	if l.change == (graph.Change{}) && !b.recorded {
		return l.change, os.Remove(l.newFile())
	}
	return l.change, s.replaceFile(l.newFile())
}

// Fill implements graph.BulkTx.
func (b *Bulk) Fill(g rdf.Term, quads iter.Seq2[rdf.Quad, error]) error {
	id, known, err := b.Lookup(g)
	if err != nil {
		return err
	}
	if known || g.IsZero() {
		b.filled[id] = true
	}
	in := func(yield func(rdf.Quad, error) bool) {
		for q, err := range quads {
			if !yield(q.In(g), err) {
				return
			}
		}
	}
	return b.load.read(b.ctx, input{in, rowsNew})
}

// SetValue implements graph.LedgerTx.
func (b *Bulk) SetValue(table, key string, value []byte) error {
	if err := checkLedgerKey(table, key); err != nil {
		return err
	}
	k := ledgerKey(table, key)
	if value == nil {
		return b.put(bucketLedger, k, nil)
	}
	stored := append(make([]byte, 0, len(value)+slack), value...)
	return b.put(bucketLedger, k, appendChecksum(stored, 0, checksumLedger, k))
}

// Record implements graph.HistoryTx.
func (b *Bulk) Record(resource string, r graph.Revision, state []byte) (bool, error) {
	if err := checkResource(resource); err != nil {
		return false, err
	}
	name := xxh3.HashString128Seed(resource, b.state.seed)
	newest, ok := b.revised[name]
	if !ok {
		err := guarded(func() (err error) {
			newest, err = b.newest(resource)
			return err
		})
		if err != nil {
			return false, err
		}
	}
	if newest.Number > 0 && newest.Hash == r.Hash && newest.Gone == r.Gone {
		return false, nil
	}
	r.Number = newest.Number + 1
	b.revised[name] = graph.Revision{Number: r.Number, Hash: r.Hash, Gone: r.Gone}
	key := revisionKey(resource, r.Number)
	return true, b.put(bucketHistory, key, b.file.codec.appendRevision(nil, key, r, state))
}

// Archive implements graph.HistoryTx.
func (b *Bulk) Archive(record []byte, at time.Time) (hash [32]byte, err error) {
	var value []byte
	err = guarded(func() error {
		hash, value = b.archived(record, at)
		return nil
	})
	if err != nil || value == nil {
		return hash, err
	}
	return hash, b.put(bucketArchive, hash[:], value)
}

func (b *Bulk) put(bucket int, key, value []byte) error {
	b.recorded = true
	return b.load.beside.add(bucket, key, value)
}

// checkLedgerKey reports what graph.LedgerTx does not allow.
func checkLedgerKey(table, key string) error {
	if key == "" || len(key) > maxLedgerKey || table == "" || len(table) > maxLedgerKey || strings.Contains(table, "\x00") {
		return fmt.Errorf("store: bad ledger key %q in table %q", key, table)
	}
	return nil
}

// checkResource reports what graph.HistoryTx does not allow.
func checkResource(resource string) error {
	if resource == "" || len(resource) > maxResource || strings.Contains(resource, "\x00") {
		return fmt.Errorf("store: bad name of a resource with history, %.100q", resource)
	}
	return nil
}
