//go:build linux

package store_test

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"qlgraph/graph"
	"qlgraph/graph/graphtest"
	"qlgraph/graph/rdf"
	"qlgraph/graph/store"
)

// TestFlippedByte changes single bytes of a store's file. Whatever is read then
// is right or an error; nothing else may happen.
func TestFlippedByte(t *testing.T) {
	seed := uint64(time.Now().UnixNano())
	t.Logf("seed %d", seed)
	r := rand.New(rand.NewPCG(seed, 0))
	dir := t.TempDir()
	s := open(t, dir)
	var quads []rdf.Quad
	for n := range 600 {
		quads = append(quads, course(n, n%10)...)
	}
	if _, err := s.Load(context.Background(), store.LoadOptions{}, source(quads)); err != nil {
		t.Fatal(err)
	}
	for n := range 20 { // so that there are free pages, and pages half full
		g := quads[0].G
		if _, err := s.Update(context.Background(), func(tx graph.Tx) error {
			_, err := tx.Replace(g, source(course(n, 0)))
			return err
		}); err != nil {
			t.Fatal(err)
		}
	}
	m := contents(t, s)
	terms := map[rdf.Term]bool{}
	for q := range m {
		terms[q.S], terms[q.O] = true, true
	}
	snap := view(t, s)
	want := graphtest.Scan(t, snap, graph.Pattern{Graphs: graph.EveryQuad()}, graph.SPOG, graph.BatchSize)
	texts := graphtest.Resolve(t, snap, want)
	found, _ := graphtest.FindText(t, snap, damagedSearch, "")
	if len(found) < 600 {
		t.Fatalf("%q finds %d texts", damagedSearch, len(found))
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	path := dir + "/" + store.FileName
	file, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	used := len(strings.TrimRight(string(file), "\x00"))
	caught, before := 0, 0
	for range rounds(300, 10_000) {
		at := r.IntN(used)
		if r.IntN(4) == 0 { // the pages' headers and elements, which have no checksum
			at = at/store.PageSize*store.PageSize + r.IntN(160)
		}
		flip := byte(1 + r.IntN(255))
		writeByte(t, path, at, file[at]^flip)
		err := readDamaged(dir, want, texts, len(found))
		var damaged *store.DamageError
		var locked *store.LockedError
		switch {
		case errors.As(err, &locked):
			t.Fatalf("after a byte at %d was changed: %v", before, err)
		case errors.Is(err, errWrongAnswer):
			t.Fatalf("byte %d changed by %#x: %v", at, flip, err)
		case errors.As(err, &damaged):
			caught++
		case err != nil:
			t.Logf("byte %d changed by %#x: %v", at, flip, err)
			caught++
		}
		// Opening and closing write: only the whole file is as it was.
		if err := os.WriteFile(path, file, 0o644); err != nil {
			t.Fatal(err)
		}
		before = at
	}
	t.Logf("%d of %d changes mattered", caught, rounds(300, 10_000))
	if caught == 0 {
		t.Error("no change mattered: the test does not read what it changes")
	}
}

func writeByte(t *testing.T, path string, at int, b byte) {
	t.Helper()
	f, err := os.OpenFile(path, os.O_WRONLY, 0)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if _, err := f.WriteAt([]byte{b}, int64(at)); err != nil {
		t.Fatal(err)
	}
}

const damagedSearch = "introduction OR fach OR analys*"

var errWrongAnswer = errors.New("wrong answer")

// readDamaged reads everything in every way and compares.
func readDamaged(dir string, want []graph.Quad, texts []rdf.Quad, found int) error {
	s, err := store.Open(dir, store.Options{NoSync: true, InitialMmapSize: 1 << 26})
	if err != nil {
		return err
	}
	defer s.Close()
	snap, err := s.View(context.Background())
	if err != nil {
		return err
	}
	defer snap.Close()
	for o := graph.SPOG; o <= graph.GSPO; o++ {
		got, scanErr := scanAll(snap, o)
		err = errors.Join(err, scanErr)
		slices.SortFunc(got, graph.SPOG.Compare)
		if scanErr == nil && !slices.Equal(got, want) {
			return fmt.Errorf("%w: %v gives %d quads, not %d", errWrongAnswer, o, len(got), len(want))
		}
	}
	for i := 0; i < len(want); i += 37 {
		q, term := want[i], texts[i]
		ids := []graph.ID{q.S, q.P, q.O, q.G}
		got := make([]rdf.Term, 4)
		if termErr := snap.Terms(ids, got); termErr != nil {
			err = errors.Join(err, termErr)
		} else if !slices.Equal(got, []rdf.Term{term.S, term.P, term.O, term.G}) {
			return fmt.Errorf("%w: %v reads %v", errWrongAnswer, term, got)
		}
		id, ok, lookupErr := snap.Lookup(term.O)
		err = errors.Join(err, lookupErr)
		if lookupErr == nil && (!ok || id != q.O) {
			return fmt.Errorf("%w: %v has ID %x (found: %v), not %x", errWrongAnswer, term.O, id, ok, q.O)
		}
		p := graph.Pattern{S: q.S, O: q.O, Graphs: graph.OneGraph(q.G)}
		n, _, countErr := snap.Count(p)
		err = errors.Join(err, countErr)
		if countErr == nil && n == 0 {
			return fmt.Errorf("%w: %v is not found", errWrongAnswer, term)
		}
	}
	matches, searchErr := snap.SearchText(graph.TextQuery{Text: damagedSearch}, func(int64) error { return nil })
	if err = errors.Join(err, searchErr); searchErr == nil && len(matches) != found {
		return fmt.Errorf("%w: %d texts are found, not %d", errWrongAnswer, len(matches), found)
	}
	if totals, _ := snap.Totals(); totals.Quads != int64(len(want)) {
		return fmt.Errorf("%w: %d quads in all", errWrongAnswer, totals.Quads)
	}
	return err
}

func scanAll(snap *store.Snapshot, o graph.Order) (quads []graph.Quad, err error) {
	c, err := snap.Scan(graph.Pattern{Graphs: graph.EveryQuad()}, o)
	if err != nil {
		return nil, err
	}
	defer c.Close()
	for b := graph.NewBatch(); ; {
		n, err := c.Next(b)
		if n == 0 || err != nil {
			return quads, err
		}
		for i := range n {
			quads = append(quads, graph.Quad{S: b.S[i], P: b.P[i], O: b.O[i], G: b.G[i]})
		}
		if len(quads) > 1_000_000 {
			return quads, nil // a scan without an end is a wrong answer, not a full memory
		}
	}
}

// TestDiskFull fills a small file system: reads go on, writes say why they
// fail, and work resumes when there is room.
func TestDiskFull(t *testing.T) {
	dir := t.TempDir()
	if err := syscall.Mount("tmpfs", dir, "tmpfs", 0, "size=12m"); err != nil {
		t.Skipf("NOT TESTED: a full disk; mounting a small file system needs root: %v", err)
	}
	defer syscall.Unmount(dir, syscall.MNT_DETACH)
	filler := dir + "/filler"
	if err := os.WriteFile(filler, make([]byte, 6<<20), 0o644); err != nil {
		t.Fatal(err)
	}
	s, err := store.Open(dir+"/data", store.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	m := graphtest.Model{}
	insert := func(n int) error {
		var quads []rdf.Quad
		for i := range 200 {
			quads = append(quads, course(200*n+i, n)...)
		}
		_, err := s.Update(context.Background(), func(tx graph.Tx) error { return tx.Insert(quads...) })
		if err == nil {
			add(m, quads...)
		}
		return err
	}
	// Behind a commit that did not fit a smaller one may: each time the file
	// system is filled until one does not.
	n := 0
	for range 4 {
		for err = nil; err == nil && n < 100_000; n++ {
			err = insert(n)
		}
		if !errors.Is(err, syscall.ENOSPC) {
			t.Fatalf("after %d commits: %v", n, err)
		}
	}
	if _, err := s.Load(context.Background(), store.LoadOptions{}, source(course(1, 99))); !errors.Is(err, syscall.ENOSPC) {
		t.Errorf("load: %v", err)
	}
	check(t, s, m)
	if err := os.Remove(filler); err != nil {
		t.Fatal(err)
	}
	if err := insert(n); err != nil {
		t.Fatalf("with room again: %v", err)
	}
	check(t, s, m)
	verify(t, s)
	if err := store.CheckPages(s); err != nil {
		t.Error(err)
	}
}
