package mem

import (
	"bytes"
	"fmt"
	"iter"
	"maps"
	"slices"
	"strings"

	"qlgraph/graph"
)

var (
	_ graph.Ledger   = (*snapshot)(nil)
	_ graph.LedgerTx = (*tx)(nil)
)

// ledger is the tables of a version. It does not change once committed.
type ledger map[ledgerKey][]byte

type ledgerKey struct{ table, key string }

func (s *snapshot) Value(table, key string) ([]byte, error) {
	if err := s.err(); err != nil {
		return nil, err
	}
	return bytes.Clone(s.ledger[ledgerKey{table, key}]), nil
}

func (s *snapshot) Values(table, prefix string) iter.Seq2[graph.Entry, error] {
	return func(yield func(graph.Entry, error) bool) {
		var keys []string
		for k := range s.ledger {
			if k.table == table && strings.HasPrefix(k.key, prefix) {
				keys = append(keys, k.key)
			}
		}
		slices.Sort(keys)
		for _, key := range keys {
			if err := s.err(); err != nil {
				yield(graph.Entry{}, err)
				return
			}
			value, ok := s.ledger[ledgerKey{table, key}]
			if ok && !yield(graph.Entry{Key: key, Value: bytes.Clone(value)}, nil) {
				return // a transaction may have removed others meanwhile
			}
		}
	}
}

// maxLedgerKey bounds a key, as graph.LedgerTx says.
const maxLedgerKey = 1 << 10

func (t *tx) SetValue(table, key string, value []byte) error {
	if err := t.err(); err != nil {
		return err
	}
	if key == "" || len(key) > maxLedgerKey || table == "" {
		return fmt.Errorf("mem: bad ledger key %q in table %q", key, table)
	}
	if !t.recorded {
		if t.ledger = maps.Clone(t.ledger); t.ledger == nil {
			t.ledger = ledger{}
		}
		t.recorded = true
	}
	if value == nil {
		delete(t.ledger, ledgerKey{table, key})
	} else {
		t.ledger[ledgerKey{table, key}] = append([]byte{}, value...)
	}
	return nil
}
