package w3ctest

import (
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"qlgraph/internal/external"
)

// Suite is a manifest with what is known about it.
type Suite struct {
	// Manifest is the manifest's path below the root, slash-separated.
	Manifest string
	// Select, if set, tells which entries belong to the suite.
	Select func(Entry) bool
	// Entries is how many entries the suite has, so that no defect of the
	// manifest reader drops a test unseen.
	Entries int
	// Passes is how many of them pass.
	Passes int
	// Fails lists by IRI the entries that do not pass, with the reason.
	Fails map[string]string
}

// Run runs each entry as a subtest: run returns nil if the entry passes. An
// entry in s.Fails has to fail.
func (s Suite) Run(t *testing.T, run func(Entry) error) {
	entries, err := Load(external.Suites(t), s.Manifest)
	if err != nil {
		t.Fatal(err)
	}
	n, ran, passes := 0, 0, 0
	for _, e := range entries {
		if s.Select != nil && !s.Select(e) {
			continue
		}
		n++
		t.Run(e.Name, func(t *testing.T) {
			ran++
			err := run(e)
			passed, problem := s.verdict(e, err)
			if passed {
				passes++
			}
			if problem != "" {
				t.Error(problem)
			} else if err != nil {
				t.Logf("fails as listed (%s): %v", s.Fails[e.IRI()], err)
			}
		})
	}
	if n != s.Entries {
		t.Errorf("%s has %d entries, want %d", s.Manifest, n, s.Entries)
	}
	if ran == n && passes != s.Passes { // not under -run
		t.Errorf("%s: %d entries pass, want %d", s.Manifest, passes, s.Passes)
	}
}

// verdict tells whether an entry passes that ended with err, and what is wrong
// about that, if anything.
func (s Suite) verdict(e Entry, err error) (passes bool, problem string) {
	reason, listed := s.Fails[e.IRI()]
	switch {
	case err == nil && listed:
		return true, fmt.Sprintf("%s passes, but is listed to fail: %s", e.IRI(), reason)
	case err != nil && !listed:
		return false, fmt.Sprintf("%s: %v", e.IRI(), err)
	}
	return err == nil, ""
}

// Seeds adds the content of the files below dir, a slash-separated path below
// the root, that have one of the endings to the seeds of a fuzz target. Without
// the suites it adds nothing: targets have seeds of their own too.
func Seeds(f *testing.F, dir string, endings ...string) {
	root := os.Getenv("W3C_TESTS")
	if root == "" {
		return
	}
	err := filepath.WalkDir(filepath.Join(root, filepath.FromSlash(dir)), func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || !slices.Contains(endings, filepath.Ext(path)) {
			return err
		}
		data, err := os.ReadFile(path)
		f.Add(data)
		return err
	})
	if err != nil {
		f.Fatal(err)
	}
}
