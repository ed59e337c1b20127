package store_test

import (
	"bytes"
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"testing"
	"time"

	"qlgraph/graph"
	"qlgraph/graph/graphtest"
	"qlgraph/graph/rdf"
	"qlgraph/graph/store"
)

// verify fails the test unless the store is in order.
func verify(t testing.TB, s *store.Store) {
	t.Helper()
	if _, err := s.Verify(context.Background()); err != nil {
		t.Fatal(err)
	}
}

// contents returns the quads of a store as a model.
func contents(t testing.TB, s *store.Store) graphtest.Model {
	t.Helper()
	snap, err := s.View(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	defer snap.Close()
	m := graphtest.Model{}
	for _, q := range graphtest.Resolve(t, snap, graphtest.Scan(t, snap, graph.Pattern{Graphs: graph.EveryQuad()}, graph.SPOG, graph.BatchSize)) {
		m[q] = true
	}
	return m
}

func TestBackup(t *testing.T) {
	r := graphtest.NewRandom(t, 500)
	s := open(t, t.TempDir())
	ctx := context.Background()
	write := func() {
		quads := r.Quads(500)
		if _, err := s.Update(ctx, func(tx graph.Tx) error {
			_, err := tx.Replace(quads[0].G, source(quads))
			return err
		}); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := s.Load(ctx, store.LoadOptions{}, source(r.Quads(5000))); err != nil {
		t.Fatal(err)
	}
	write()
	m := contents(t, s)
	var copied bytes.Buffer
	begun := make(chan bool)
	var version uint64
	var err error
	finished := make(chan bool)
	go func() {
		version, err = s.Backup(ctx, writerFunc(func(b []byte) (int, error) {
			if copied.Len() == 0 {
				close(begun)
				time.Sleep(10 * time.Millisecond)
			}
			return copied.Write(b)
		}))
		close(finished)
	}()
	<-begun
	for range 5 {
		write() // the copy is of the version before
	}
	<-finished
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	other := open(t, dir)
	if _, err := other.Update(ctx, func(tx graph.Tx) error { return tx.Insert(r.Quad()) }); err != nil {
		t.Fatal(err)
	}
	before := contents(t, other)
	if err := other.Close(); err != nil {
		t.Fatal(err)
	}
	if err := store.Restore(dir, bytes.NewReader([]byte("no store")), store.Options{}); err == nil {
		t.Error("nonsense was restored")
	}
	kept, err := store.Open(dir, store.Options{})
	if err != nil {
		t.Fatal(err)
	}
	check(t, kept, before)
	if err := kept.Close(); err != nil {
		t.Fatal(err)
	}
	if err := store.Restore(dir, bytes.NewReader(copied.Bytes()), store.Options{}); err != nil {
		t.Fatal(err)
	}
	restored := open(t, dir)
	check(t, restored, m)
	verify(t, restored)
	if v := view(t, restored).Version(); v != version {
		t.Errorf("version %d, want %d", v, version)
	}
}

type writerFunc func([]byte) (int, error)

func (f writerFunc) Write(b []byte) (int, error) { return f(b) }

func TestHistory(t *testing.T) {
	s := open(t, t.TempDir())
	ctx := context.Background()
	resource := "http://example.org/course/1"
	day := func(n int) time.Time { return time.Date(2025, 1, n, 0, 0, 0, 0, time.UTC) }
	state := func(n int) []byte { return bytes.Repeat([]byte(fmt.Sprintf("state %d ", n)), 50) }
	for n := 1; n <= 5; n++ {
		for _, again := range []bool{false, true} {
			if _, err := s.Write(ctx, func(tx *store.Tx) error {
				record, err := tx.Archive([]byte(fmt.Sprint("record ", n)), day(n))
				if err != nil {
					return err
				}
				recorded, err := tx.Record(resource, graph.Revision{Hash: sha256.Sum256(state(n)), At: day(n), Run: fmt.Sprint("run ", n), Record: record, Gone: n == 5}, state(n))
				if recorded == again {
					t.Errorf("revision %d: recorded %v", n, recorded)
				}
				_, otherErr := tx.Record(resource+"/2", graph.Revision{At: day(n)}, nil)
				return errors.Join(err, otherErr)
			}); err != nil {
				t.Fatal(err)
			}
		}
	}
	failed := errors.New("failed")
	if _, err := s.Write(ctx, func(tx *store.Tx) error {
		if _, err := tx.Record(resource, graph.Revision{At: day(9)}, nil); err != nil {
			return err
		}
		return failed
	}); !errors.Is(err, failed) {
		t.Fatal(err)
	}
	if v := view(t, s).Version(); v != 0 {
		t.Errorf("version %d after history alone", v)
	}
	if err := s.Compact(ctx, store.LoadOptions{}); err != nil {
		t.Fatal(err)
	}
	checkHistory := func(numbers ...uint32) {
		t.Helper()
		snap := view(t, s)
		revisions, err := snap.Revisions(resource)
		if err != nil || len(revisions) != len(numbers) {
			t.Fatalf("%d revisions, error %v, want %v", len(revisions), err, numbers)
		}
		for i, r := range revisions {
			n := int(numbers[i])
			got, err := snap.RevisionState(resource, r.Number)
			record, recordErr := snap.Archived(r.Record)
			if r.Number != numbers[i] || !r.At.Equal(day(n)) || r.Run != fmt.Sprint("run ", n) || r.Gone != (n == 5) || err != nil || !bytes.Equal(got, state(n)) ||
				recordErr != nil || string(record) != fmt.Sprint("record ", n) {
				t.Errorf("revision %d: %+v, state of %d bytes, errors %v, %v", n, r, len(got), err, recordErr)
			}
		}
	}
	checkHistory(1, 2, 3, 4, 5)
	if revisions, records, err := s.Prune(ctx, graph.Retention{Before: day(3)}); revisions != 2 || records != 2 || err != nil {
		t.Errorf("pruned %d revisions, %d records, error %v", revisions, records, err)
	}
	checkHistory(3, 4, 5)
	if revisions, _, err := s.Prune(ctx, graph.Retention{Revisions: 1}); revisions != 2 || err != nil {
		t.Errorf("pruned %d revisions, error %v", revisions, err)
	}
	checkHistory(5)
	if others, err := view(t, s).Revisions("http://example.org/course"); len(others) != 0 || err != nil {
		t.Errorf("%d revisions of another resource, error %v", len(others), err)
	}
	if record, err := view(t, s).Archived(sha256.Sum256([]byte("record 1"))); record != nil || err != nil {
		t.Errorf("a pruned record: %q, error %v", record, err)
	}
	verify(t, s)
}

func TestStats(t *testing.T) {
	s := open(t, t.TempDir())
	var quads []rdf.Quad
	for n := range 500 {
		quads = append(quads, course(n, n%10)...)
	}
	if _, err := s.Load(context.Background(), store.LoadOptions{}, source(quads)); err != nil {
		t.Fatal(err)
	}
	st, err := s.Stats(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	sum := int64(0)
	for name, n := range st.Parts {
		if sum += n; name != "ledger" && name != "history" && name != "archive" && name != "qualifiers" && name != "state" && n == 0 {
			t.Errorf("%s takes no bytes", name)
		}
	}
	if st.Totals.Quads != int64(len(quads)) || st.Terms == 0 || sum > st.FileBytes || sum < st.FileBytes/2 {
		t.Errorf("%+v", st)
	}
}

func TestSnapshotLimit(t *testing.T) {
	s, err := store.Open(t.TempDir(), store.Options{NoSync: true, SnapshotLimit: 20 * time.Millisecond})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	snap := view(t, s)
	p := graph.Pattern{Graphs: graph.EveryQuad()}
	c, err := snap.Scan(p, graph.SPOG)
	if err != nil {
		t.Fatal(err)
	}
	deadline := time.Now().Add(10 * time.Second)
	for err = nil; err == nil && time.Now().Before(deadline); time.Sleep(time.Millisecond) {
		_, _, err = snap.Count(p)
	}
	if !errors.Is(err, store.ErrExpired) {
		t.Errorf("Count: error %v", err)
	}
	if _, err := c.Next(graph.NewBatch()); !errors.Is(err, store.ErrExpired) {
		t.Errorf("Next: error %v", err)
	}
}

func TestClose(t *testing.T) {
	s := open(t, t.TempDir())
	snap := view(t, s)
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	if _, _, err := snap.Count(graph.Pattern{}); !errors.Is(err, store.ErrClosed) {
		t.Errorf("Count: error %v", err)
	}
	if _, err := s.View(context.Background()); !errors.Is(err, store.ErrClosed) {
		t.Errorf("View: error %v", err)
	}
	if _, err := s.Write(context.Background(), func(*store.Tx) error { return nil }); !errors.Is(err, store.ErrClosed) {
		t.Errorf("Write: error %v", err)
	}
	if _, err := s.Load(context.Background(), store.LoadOptions{}, source([]rdf.Quad{})); !errors.Is(err, store.ErrClosed) {
		t.Errorf("Load: error %v", err)
	}
}

// childDir, in the environment of a child that runs this test binary, is the
// data directory that it opens.
const childDir = "STORE_TEST_DIR"

// TestOneOwner asks a second process to open the directory of the first.
func TestOneOwner(t *testing.T) {
	if dir := os.Getenv(childDir); dir != "" {
		_, err := store.Open(dir, store.Options{})
		var locked *store.LockedError
		if !errors.As(err, &locked) {
			t.Fatalf("Open: %v", err)
		}
		fmt.Printf("owner %d %s\n", locked.PID, locked.Owner)
		return
	}
	dir := t.TempDir()
	s, err := store.Open(dir, store.Options{NoSync: true, Owner: "the test"})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	child := exec.Command(os.Args[0], "-test.run=^TestOneOwner$")
	child.Env = append(os.Environ(), childDir+"="+dir)
	start := time.Now()
	out, err := child.CombinedOutput()
	if err != nil || !bytes.Contains(out, []byte(fmt.Sprintf("owner %d the test\n", os.Getpid()))) {
		t.Errorf("the child says %q, error %v", out, err)
	}
	t.Logf("it took %v", time.Since(start))
}
