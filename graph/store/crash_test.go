package store_test

import (
	"bufio"
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"testing"
	"time"

	"qlgraph/graph"
	"qlgraph/graph/graphtest"
	"qlgraph/graph/rdf"
	"qlgraph/graph/store"
)

const (
	childSeed = "STORE_TEST_SEED"
	childFrom = "STORE_TEST_FROM"
)

// numbered returns what commit n of a crash test does: it replaces a graph. The
// ledger says which commit was the last.
func numbered(seed, n uint64) (g rdf.Term, quads []rdf.Quad) {
	r := graphtest.Random{Rand: rand.New(rand.NewPCG(seed, n)), Size: 200}
	return r.Graph(), r.Quads(r.IntN(150))
}

func commitNumbered(s *store.Store, seed, n uint64) error {
	g, quads := numbered(seed, n)
	_, err := s.Write(context.Background(), func(tx *store.Tx) error {
		_, err := tx.Replace(g, source(quads))
		return errors.Join(err, tx.SetValue("commit", "last", binary.BigEndian.AppendUint64(nil, n)))
	})
	return err
}

func applyNumbered(m graphtest.Model, seed, n uint64) {
	g, quads := numbered(seed, n)
	for q := range m {
		if q.G == g {
			delete(m, q)
		}
	}
	for _, q := range quads {
		m[q.In(g)] = true
	}
}

func lastCommit(t testing.TB, s *store.Store) uint64 {
	t.Helper()
	b, err := view(t, s).Value("commit", "last")
	if err != nil {
		t.Fatal(err)
	}
	if b == nil {
		return 0
	}
	return binary.BigEndian.Uint64(b)
}

// TestKill kills a child that writes, at random instants, and asks that every
// commit that it acknowledged is there, and no part of any other.
func TestKill(t *testing.T) {
	if dir := os.Getenv(childDir); dir != "" {
		runChild(t, dir)
		return
	}
	seed := uint64(time.Now().UnixNano())
	t.Logf("seed %d", seed)
	r := rand.New(rand.NewPCG(seed, 0))
	dir := t.TempDir()
	m := graphtest.Model{}
	var known, inFlight uint64
	for round := range rounds(12, 500) {
		acknowledged := killedChild(t, dir, seed, known, time.Duration(5+r.IntN(250))*time.Millisecond)
		s, err := store.Open(dir, store.Options{})
		if err != nil {
			t.Fatalf("round %d: %v", round, err)
		}
		last := lastCommit(t, s)
		if acknowledged = max(acknowledged, known); last != acknowledged && last != acknowledged+1 {
			t.Fatalf("round %d: last commit is %d, acknowledged was %d", round, last, acknowledged)
		}
		if last == acknowledged+1 {
			inFlight++
		}
		for ; known < last; known++ {
			applyNumbered(m, seed, known+1)
		}
		check(t, s, m)
		verify(t, s)
		if err := s.Close(); err != nil {
			t.Fatal(err)
		}
	}
	t.Logf("%d commits; %d times one was complete that was not acknowledged", known, inFlight)
}

// killedChild runs the child for a while and returns the last commit that it
// acknowledged.
func killedChild(t *testing.T, dir string, seed, known uint64, after time.Duration) (acknowledged uint64) {
	t.Helper()
	child := exec.Command(os.Args[0], "-test.run=^TestKill$")
	child.Env = append(os.Environ(), childDir+"="+dir, childSeed+"="+fmt.Sprint(seed), childFrom+"="+fmt.Sprint(known))
	out, err := child.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := child.Start(); err != nil {
		t.Fatal(err)
	}
	var timer *time.Timer
	for lines := bufio.NewScanner(out); lines.Scan(); {
		if lines.Text() == "open" {
			timer = time.AfterFunc(after, func() { child.Process.Kill() })
		}
		if n, err := strconv.ParseUint(strings.TrimPrefix(lines.Text(), "commit "), 10, 64); err == nil {
			acknowledged = n
		}
	}
	err = child.Wait()
	if timer == nil || child.ProcessState.Exited() {
		t.Fatalf("the child ended by itself: %v", err)
	}
	return acknowledged
}

func runChild(t *testing.T, dir string) {
	seed, _ := strconv.ParseUint(os.Getenv(childSeed), 10, 64)
	from, _ := strconv.ParseUint(os.Getenv(childFrom), 10, 64)
	s, err := store.Open(dir, store.Options{})
	if err != nil {
		t.Fatal(err)
	}
	store.SetMaxTail(s, 20)
	fmt.Println("open")
	for n := from + 1; ; n++ {
		if err := commitNumbered(s, seed, n); err != nil {
			t.Fatal(err)
		}
		fmt.Println("commit", n)
		if n%20 == 0 { // bulk loads die as well
			if _, err := s.Load(context.Background(), store.LoadOptions{}, source(nil)); err != nil {
				t.Fatal(err)
			}
			if err := s.Compact(context.Background(), store.LoadOptions{}); err != nil {
				t.Fatal(err)
			}
		}
	}
}

// diskWrite is a write to the file; those of one epoch have no sync between
// them.
type diskWrite struct {
	data   []byte
	offset int64
	epoch  int
	commit uint64 // that it belongs to
	meta   bool   // it ends the commit
}

// recordCommits returns the writes of some commits, and the file before them.
func recordCommits(t *testing.T, seed uint64, commits int) (image []byte, writes []diskWrite) {
	dir := t.TempDir()
	s := open(t, dir)
	path := dir + "/" + store.FileName
	image, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	image = bytes.TrimRight(image, "\x00") // the file grows ahead of what is written
	epoch, commit := 0, uint64(1)
	store.OnWrite(s, func(b []byte, offset int64) {
		// bbolt syncs before and after it writes one of the two meta pages.
		meta := offset < 2*store.PageSize
		if meta {
			epoch++
		}
		writes = append(writes, diskWrite{append([]byte(nil), b...), offset, epoch, commit, meta})
		if meta {
			epoch++
			commit++
		}
	})
	for n := 1; n <= commits; n++ {
		if err := commitNumbered(s, seed, uint64(n)); err != nil {
			t.Fatal(err)
		}
		if commit != uint64(n)+1 {
			t.Fatalf("commit %d wrote %d meta pages", n, commit-uint64(n))
		}
	}
	return image, writes
}

// TestPowerCut replays the page writes of real commits into images of the disk
// after a power cut: of the writes since the last sync some are missing, some
// torn, in no order. The store must show the last commit whose end was synced,
// or the one whose end was under way if it arrived.
func TestPowerCut(t *testing.T) {
	seed := uint64(time.Now().UnixNano())
	t.Logf("seed %d", seed)
	const commits = 60
	image, writes := recordCommits(t, seed, commits)
	r := rand.New(rand.NewPCG(seed, 1))
	models := []graphtest.Model{{}}
	for n := uint64(1); n <= commits; n++ {
		m := graphtest.Model{}
		for q := range models[n-1] {
			m[q] = true
		}
		applyNumbered(m, seed, n)
		models = append(models, m)
	}
	dir := t.TempDir()
	cuts := rounds(2000, 50_000)
	at := 0
	arrived := 0
	for cut := range cuts {
		// The cuts go through the writes in order, so that the image grows with them.
		for ; at < len(writes)*cut/cuts; at++ {
			image = persist(image, writes[at].data, writes[at].offset)
		}
		unsynced := at
		for unsynced > 0 && writes[unsynced-1].epoch == writes[at].epoch {
			unsynced--
		}
		end := at
		for end < len(writes) && writes[end].epoch == writes[at].epoch {
			end++
		}
		if got := cutPower(t, dir, image, writes[unsynced:end], r); got == writes[at].commit {
			arrived++
			openImage(t, dir, models, seed, got, cut)
		} else {
			openImage(t, dir, models, seed, writes[at].commit-1, cut)
		}
	}
	t.Logf("%d cuts in %d writes of %d commits; %d times the commit's end had arrived", cuts, len(writes), commits, arrived)
}

// persist writes data into the image.
func persist(image, data []byte, offset int64) []byte {
	if need := offset + int64(len(data)); need > int64(len(image)) {
		image = append(image, make([]byte, need-int64(len(image)))...)
	}
	copy(image[offset:], data)
	return image
}

// sector is what a disk writes as a whole.
const sector = 512

// cutPower writes an image in which only a part of the unsynced writes is, and
// returns the commit of which the end is.
func cutPower(t *testing.T, dir string, image []byte, unsynced []diskWrite, r *rand.Rand) (ended uint64) {
	t.Helper()
	disk := append([]byte(nil), image...)
	keep := r.Float64()
	for _, w := range unsynced {
		whole := true
		for i := 0; i < len(w.data); i += sector {
			part := w.data[i:min(i+sector, len(w.data))]
			if r.Float64() < keep {
				disk = persist(disk, part, w.offset+int64(i))
			} else {
				// What the image has here already may be from an earlier cut
				// within these writes: it is as if it had never arrived.
				whole = whole && string(disk[min(len(disk), int(w.offset)+i):min(len(disk), int(w.offset)+i+len(part))]) == string(part)
			}
		}
		if w.meta && whole {
			ended = w.commit
		}
	}
	if err := os.WriteFile(dir+"/"+store.FileName, disk, 0o644); err != nil {
		t.Fatal(err)
	}
	return ended
}

// openImage opens the image, which must show the commit.
func openImage(t *testing.T, dir string, models []graphtest.Model, seed, commit uint64, cut int) {
	t.Helper()
	s, err := store.Open(dir, store.Options{NoSync: true, InitialMmapSize: 1 << 26})
	if err != nil {
		t.Fatalf("cut %d: %v", cut, err)
	}
	defer s.Close()
	if last := lastCommit(t, s); last != commit {
		t.Fatalf("cut %d: last commit is %d, want %d", cut, last, commit)
	}
	verify(t, s)
	if n, _, err := view(t, s).Count(graph.Pattern{Graphs: graph.EveryQuad()}); err != nil || n != int64(len(models[commit])) {
		t.Fatalf("cut %d: %d quads, error %v, want %d", cut, n, err, len(models[commit]))
	}
	if cut%20 > 0 || commit+1 == uint64(len(models)) {
		return
	}
	check(t, s, models[commit])
	// What follows must not disturb pages that are in use.
	store.SetMaxTail(s, 20)
	if err := commitNumbered(s, seed, commit+1); err != nil {
		t.Fatalf("cut %d: %v", cut, err)
	}
	check(t, s, models[commit+1])
	verify(t, s)
	if err := store.CheckPages(s); err != nil {
		t.Fatalf("cut %d: %v", cut, err)
	}
}
