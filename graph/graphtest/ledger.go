package graphtest

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"qlgraph/graph"
)

// testLedger compares the tables of a dataset that has them with maps.
func testLedger(t *testing.T, w graph.Writer) {
	r, m := fill(t, w, 100)
	if _, ok := snapshot(t, w).(graph.Ledger); !ok {
		t.Skip("the dataset has no ledger (an optional extra)")
	}
	version := snapshot(t, w).Version()
	tables := map[string]map[string]string{"run": {}, "runs": {}, "validator": {}}
	for range 20 {
		update(t, w, func(tx graph.Tx) error {
			for range 40 {
				table := []string{"run", "runs", "validator"}[r.IntN(3)]
				key := strings.Repeat("k", r.IntN(3)) + fmt.Sprint(1+r.IntN(50))
				if err := setRandom(r, tx.(graph.LedgerTx), tables[table], table, key); err != nil {
					return err
				}
			}
			checkLedger(t, tx.(graph.Ledger), tables)
			return nil
		})
		checkLedger(t, snapshot(t, w).(graph.Ledger), tables)
	}
	before := snapshot(t, w)
	if before.Version() != version {
		t.Errorf("version %d after the ledger changed, want %d", before.Version(), version)
	}
	testLedgerLimits(t, w)
	failed := errors.New("failed")
	if _, err := w.Update(context.Background(), func(tx graph.Tx) error {
		return errors.Join(tx.(graph.LedgerTx).SetValue("run", "1", nil), tx.(graph.LedgerTx).SetValue("run", "new", []byte("x")), tx.Insert(r.Quads(10)...), failed)
	}); !errors.Is(err, failed) {
		t.Errorf("Update: error %v", err)
	}
	checkLedger(t, snapshot(t, w).(graph.Ledger), tables)
	m.Check(t, snapshot(t, w))
	update(t, w, func(tx graph.Tx) error { return tx.(graph.LedgerTx).SetValue("run", "later", []byte("x")) })
	checkLedger(t, before.(graph.Ledger), tables)
}

func setRandom(r Random, tx graph.LedgerTx, model map[string]string, table, key string) error {
	if r.IntN(4) == 0 {
		delete(model, key)
		return tx.SetValue(table, key, nil)
	}
	value := strings.Repeat("v", r.IntN(5)) + fmt.Sprint(r.IntN(10))
	if r.IntN(10) == 0 {
		value = ""
	}
	if r.IntN(30) == 0 {
		value = strings.Repeat("large ", 100_000)
	}
	model[key] = value
	return tx.SetValue(table, key, []byte(value))
}

func checkLedger(t *testing.T, l graph.Ledger, tables map[string]map[string]string) {
	t.Helper()
	for table, model := range tables {
		for _, prefix := range []string{"", "k", "kk1", "zz"} {
			want := slices.DeleteFunc(slices.Sorted(maps.Keys(model)), func(k string) bool { return !strings.HasPrefix(k, prefix) })
			var got []string
			for e, err := range l.Values(table, prefix) {
				if err != nil {
					t.Fatal(err)
				}
				got = append(got, e.Key)
				if string(e.Value) != model[e.Key] {
					t.Fatalf("%s %s: %d bytes, want %d", table, e.Key, len(e.Value), len(model[e.Key]))
				}
			}
			if !slices.Equal(got, want) {
				t.Fatalf("%s: keys %v, want %v", table, got, want)
			}
		}
		for _, key := range []string{"1", "k2", "kk3", "none"} {
			want, ok := model[key]
			if got, err := l.Value(table, key); err != nil || (got != nil) != ok || string(got) != want {
				t.Fatalf("%s %s: %q, error %v, want %q (there: %v)", table, key, got, err, want, ok)
			}
		}
	}
}

func testLedgerLimits(t *testing.T, w graph.Writer) {
	for _, key := range []string{"", strings.Repeat("k", 1025)} {
		if _, err := w.Update(context.Background(), func(tx graph.Tx) error {
			return tx.(graph.LedgerTx).SetValue("run", key, []byte("x"))
		}); err == nil {
			t.Errorf("a key of %d bytes is accepted", len(key))
		}
	}
}
