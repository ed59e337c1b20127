package store

import (
	"bytes"
	"iter"
	"runtime/debug"

	"qlgraph/graph"
)

var (
	_ graph.Ledger   = (*Snapshot)(nil)
	_ graph.LedgerTx = (*Tx)(nil)
)

// Keys of the ledger are table, zero byte, key, in one bucket: a bucket per
// table would have to be opened by readers, which bbolt does not let two
// goroutines of one transaction do.
func ledgerKey(table, key string) []byte { return []byte(table + "\x00" + key) }

// maxLedgerKey bounds a key, as graph.LedgerTx says.
const maxLedgerKey = 1 << 10

// Value implements graph.Ledger.
func (s *Snapshot) Value(table, key string) (value []byte, err error) {
	if err := s.begin(); err != nil {
		return nil, err
	}
	defer s.finish(debug.SetPanicOnFault(true), &err)
	return s.value(table, key)
}

func (v *view) value(table, key string) ([]byte, error) {
	k := ledgerKey(table, key)
	stored := v.bucket(bucketLedger).Get(k)
	if stored == nil {
		return nil, nil
	}
	value, err := checked(checksumLedger, k, stored)
	if err != nil {
		return nil, &DamageError{Where: "ledger table " + table, Err: err}
	}
	return append([]byte{}, value...), nil
}

// Values implements graph.Ledger. Between entries the reader may do what it
// likes, writing to the table included.
func (s *Snapshot) Values(table, prefix string) iter.Seq2[graph.Entry, error] {
	return func(yield func(graph.Entry, error) bool) {
		from := prefix
		for {
			entries, err := s.values(table, prefix, from)
			if err != nil {
				yield(graph.Entry{}, err)
				return
			}
			for _, e := range entries {
				if !yield(e, nil) {
					return
				}
			}
			if len(entries) == 0 {
				return
			}
			from = entries[len(entries)-1].Key + "\x00"
		}
	}
}

// entriesAtOnce and bytesAtOnce bound what one read of Values holds.
const (
	entriesAtOnce = 256
	bytesAtOnce   = 1 << 20
)

func (s *Snapshot) values(table, prefix, from string) (entries []graph.Entry, err error) {
	if err := s.begin(); err != nil {
		return nil, err
	}
	defer s.finish(debug.SetPanicOnFault(true), &err)
	c := s.bucket(bucketLedger).Cursor()
	within := ledgerKey(table, prefix)
	total := 0
	for k, stored := c.Seek(ledgerKey(table, from)); k != nil && bytes.HasPrefix(k, within); k, stored = c.Next() {
		value, err := checked(checksumLedger, k, stored)
		if err != nil {
			return nil, &DamageError{Where: "ledger table " + table, Err: err}
		}
		entries = append(entries, graph.Entry{Key: string(k[len(table)+1:]), Value: bytes.Clone(value)})
		if total += len(value); total > bytesAtOnce || len(entries) == entriesAtOnce {
			break
		}
	}
	return entries, nil
}

// SetValue implements graph.LedgerTx.
func (tx *Tx) SetValue(table, key string, value []byte) (err error) {
	if err := tx.begin(); err != nil {
		return err
	}
	defer tx.finish(debug.SetPanicOnFault(true), &err)
	if err := checkLedgerKey(table, key); err != nil {
		return err
	}
	old, err := tx.value(table, key)
	if err != nil {
		return err
	}
	if (old == nil) == (value == nil) && bytes.Equal(old, value) {
		return nil
	}
	k := ledgerKey(table, key)
	if value == nil {
		return tx.put(bucketLedger, k, nil)
	}
	stored := append(make([]byte, 0, len(value)+slack), value...)
	return tx.put(bucketLedger, k, appendChecksum(stored, 0, checksumLedger, k))
}
