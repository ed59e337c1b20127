package pipeline_test

import (
	"context"
	"iter"
	"maps"
	"slices"
	"strings"
	"sync"

	"qlgraph/graph"
)

// withLedger gives a dataset that keeps no ledger one in memory.
func withLedger(w graph.Writer) graph.Writer {
	return &ledgered{Writer: w, tables: map[string]map[string][]byte{}}
}

type ledgered struct {
	graph.Writer
	mu     sync.RWMutex
	tables map[string]map[string][]byte
}

func (d *ledgered) Snapshot(ctx context.Context) (graph.Snapshot, error) {
	s, err := d.Writer.Snapshot(ctx)
	if err != nil {
		return nil, err
	}
	return ledgeredSnapshot{s, d}, nil
}

type ledgeredSnapshot struct {
	graph.Snapshot
	graph.Ledger
}

type ledgeredTx struct {
	graph.Tx
	d       *ledgered
	changes map[string]map[string][]byte
}

func (d *ledgered) Update(ctx context.Context, fn func(graph.Tx) error) (uint64, error) {
	changes := map[string]map[string][]byte{}
	return d.Writer.Update(ctx, func(tx graph.Tx) error {
		if err := fn(ledgeredTx{tx, d, changes}); err != nil {
			return err
		}
		d.mu.Lock()
		defer d.mu.Unlock()
		for table, entries := range changes {
			if d.tables[table] == nil {
				d.tables[table] = map[string][]byte{}
			}
			maps.Copy(d.tables[table], entries)
			maps.DeleteFunc(d.tables[table], func(_ string, v []byte) bool { return v == nil })
		}
		return nil
	})
}

func (d *ledgered) Value(table, key string) ([]byte, error) {
	d.mu.RLock()
	defer d.mu.RUnlock()
	return slices.Clone(d.tables[table][key]), nil
}

func (d *ledgered) Values(table, prefix string) iter.Seq2[graph.Entry, error] {
	d.mu.RLock()
	defer d.mu.RUnlock()
	return entries(maps.Clone(d.tables[table]), prefix)
}

func entries(table map[string][]byte, prefix string) iter.Seq2[graph.Entry, error] {
	return func(yield func(graph.Entry, error) bool) {
		for _, key := range slices.Sorted(maps.Keys(table)) {
			if value := table[key]; value != nil && strings.HasPrefix(key, prefix) && !yield(graph.Entry{Key: key, Value: value}, nil) {
				return
			}
		}
	}
}

func (t ledgeredTx) Value(table, key string) ([]byte, error) {
	if value, changed := t.changes[table][key]; changed {
		return value, nil
	}
	return t.d.Value(table, key)
}

func (t ledgeredTx) Values(table, prefix string) iter.Seq2[graph.Entry, error] {
	t.d.mu.RLock()
	merged := maps.Clone(t.d.tables[table])
	t.d.mu.RUnlock()
	if merged == nil {
		merged = map[string][]byte{}
	}
	maps.Copy(merged, t.changes[table])
	return entries(merged, prefix)
}

func (t ledgeredTx) SetValue(table, key string, value []byte) error {
	if t.changes[table] == nil {
		t.changes[table] = map[string][]byte{}
	}
	t.changes[table][key] = slices.Clone(value)
	return nil
}
