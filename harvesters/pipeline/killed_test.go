package pipeline_test

import (
	"context"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"syscall"
	"testing"

	"qlgraph/graph"
	"qlgraph/graph/store"
	"qlgraph/harvesters"
	"qlgraph/harvesters/demo"
	"qlgraph/harvesters/pipeline"
	"qlgraph/harvesters/registry"
)

// The child process of TestKilledHarvest is told by the environment what to do.
const (
	killData     = "QLGRAPH_TEST_KILL_DATA"
	killManifest = "QLGRAPH_TEST_KILL_MANIFEST"
	killPhase    = "QLGRAPH_TEST_KILL_PHASE"
)

// lethal is a store that kills its process when a transaction is written, but
// not committed.
type lethal struct {
	graph.Writer
	armed bool
}

func (l *lethal) Update(ctx context.Context, fn func(graph.Tx) error) (uint64, error) {
	return l.Writer.Update(ctx, func(tx graph.Tx) error {
		err := fn(tx)
		if l.armed {
			die()
		}
		return err
	})
}

// die is kill -9.
func die() {
	if err := syscall.Kill(os.Getpid(), syscall.SIGKILL); err != nil {
		panic(err)
	}
	select {} // until it arrives
}

// TestHarvestToBeKilled is the child process: it harvests, and kills itself in
// the phase that it is told.
func TestHarvestToBeKilled(t *testing.T) {
	data := os.Getenv(killData)
	if data == "" {
		t.Skip("the child process of TestKilledHarvest: nothing to do by itself")
	}
	s, err := store.Open(data, store.Options{})
	if err != nil {
		t.Fatal(err)
	}
	phase := os.Getenv(killPhase)
	writer := &lethal{Writer: s}
	pipe := testPipeline(t, writer, func(c *pipeline.Config) {
		c.Spool = filepath.Join(data, "spool")
		c.Registry.Institutions = []registry.Institution{{Provider: harvesters.Provider{SCHAC: "load.example"}, Manifest: os.Getenv(killManifest)}}
	})
	_, err = pipe.Run(t.Context(), pipeline.Options{Progress: func(p pipeline.Progress) {
		switch {
		case phase == "written" && p.Stage == "commit":
			writer.armed = true
		case p.Stage == phase:
			die()
		}
	}})
	t.Fatalf("survived the phase %q: %v", phase, err)
}

// killedIn harvests in a process of its own that is killed in a phase.
func killedIn(t *testing.T, phase, data string, p *provider) {
	t.Helper()
	child := exec.Command(os.Args[0], "-test.run=^TestHarvestToBeKilled$", "-test.timeout=60s")
	child.Env = append(os.Environ(), killData+"="+data, killManifest+"="+p.server.URL+"/manifest", killPhase+"="+phase)
	out, err := child.CombinedOutput()
	status, ok := child.ProcessState.Sys().(syscall.WaitStatus)
	if !ok || !status.Signaled() || status.Signal() != syscall.SIGKILL {
		t.Fatalf("%s: the child was not killed: %v\n%s", phase, err, out)
	}
}

// A harvest that is killed, in whatever phase, has committed all of a source or
// nothing, and the one after it goes on with what was fetched.
func TestKilledHarvest(t *testing.T) {
	const courses, pageSize = 120, "20"
	for _, test := range []struct {
		phase     string
		committed bool
		spared    bool // no page is fetched again
	}{{"read", false, false}, {"validate", false, true}, {"commit", false, true}, {"written", false, true}, {"done", true, false}} {
		t.Run(test.phase, func(t *testing.T) {
			t.Parallel()
			var mu sync.Mutex
			var asked []string
			sinceLast := func() []string { // what was asked for since the last call
				mu.Lock()
				defer mu.Unlock()
				requests := asked
				asked = nil
				return requests
			}
			l := demo.NewLoad(harvesters.EduAPI, 1, courses)
			feed := demo.Handler(harvesters.EduAPI, l.Catalogue)
			p := newProvider(t, "load.example", "type: edu-api, pageSize: "+pageSize)
			p.load(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				mu.Lock()
				asked = append(asked, r.URL.Path+"?"+r.URL.RawQuery)
				mu.Unlock()
				feed.ServeHTTP(w, r)
			}))
			data := t.TempDir()
			resume := func(want []string, quietly bool) {
				t.Helper()
				s, err := store.Open(data, store.Options{})
				if err != nil {
					t.Fatal(err)
				}
				defer s.Close()
				if _, err := s.Verify(t.Context()); err != nil {
					t.Error(err)
				}
				if got := quads(t, s, "/graph/source/"); !slices.Equal(got, want) {
					t.Errorf("after the kill there are %d quads, want %d", len(got), len(want))
				}
				fetched := sinceLast()
				pipe := testPipeline(t, s, func(c *pipeline.Config) { c.Spool = filepath.Join(data, "spool") }, p)
				if r := harvest(t, pipe); r.Status != pipeline.OK && !test.committed || r.Status != pipeline.Unchanged && test.committed || r.Courses != courses {
					t.Errorf("resumed: %+v", r)
				}
				if again := repeated(fetched, sinceLast()); quietly && len(again) > 0 {
					t.Errorf("fetched again: %v", again)
				}
				if got := quads(t, s, "/graph/source/"); !slices.Equal(got, harvested(t, p)) {
					t.Errorf("resumed: %d quads, not those of a harvest that was not killed", len(got))
				}
				sinceLast()
			}
			before := []string(nil)
			if test.committed {
				before = harvested(t, p)
				sinceLast()
			}
			killedIn(t, test.phase, data, p)
			resume(before, test.spared)

			// The same with something that is published: it stays as it was.
			before = harvested(t, p)
			l.Change(20)
			if test.committed {
				before = harvested(t, p)
			}
			sinceLast()
			killedIn(t, test.phase, data, p)
			resume(before, test.spared)
		})
	}
}

// harvested returns the graph of a harvest into a dataset of its own.
func harvested(t *testing.T, p *provider) []string {
	t.Helper()
	dataset := memory()
	harvest(t, testPipeline(t, dataset, nil, p))
	return quads(t, dataset, "/graph/source/")
}

// repeated returns the successful requests that were made twice.
func repeated(first, second []string) []string {
	var again []string
	for _, request := range second {
		// What is not there is not kept, and asked for again.
		if slices.Contains(first, request) && !strings.HasPrefix(request, "/organizations") && !strings.HasPrefix(request, "/collection") {
			again = append(again, request)
		}
	}
	return again
}
