package store

import (
	"context"

	"qlgraph/graph"
)

// Stats says how large a store is and where its bytes are.
type Stats struct {
	Version   uint64
	Totals    graph.Totals
	Terms     int64            // in the dictionary
	FileBytes int64            // that the file uses, free pages included
	Parts     map[string]int64 // bytes of the pages of each part; free pages are the rest
}

// Activity is what a Store can tell about itself at hardly any cost, for those
// who watch it.
type Activity struct {
	Version   uint64
	Quads     int64
	Terms     int64  // in the dictionary
	FileBytes int64  // free pages included
	Snapshots int    // that are open
	Commits   uint64 // since Open: changes, of which several may share one, and files written anew
}

// Activity returns the numbers as they stand.
func (s *Store) Activity(ctx context.Context) (Activity, error) {
	snap, err := s.View(ctx)
	if err != nil {
		return Activity{}, err
	}
	defer snap.Close()
	a := Activity{Version: snap.state.version, Quads: snap.state.totals().Quads, Commits: s.commits.Load()}
	for _, n := range snap.state.counts {
		a.Terms += int64(n)
	}
	snap.file.mu.Lock()
	a.Snapshots = len(snap.file.snapshots) - 1
	snap.file.mu.Unlock()
	return a, guarded(func() error {
		a.FileBytes = snap.bolt.Size()
		return nil
	})
}

// Stats reads the sizes of the newest version; it looks at every page.
func (s *Store) Stats(ctx context.Context) (Stats, error) {
	snap, err := s.View(ctx)
	if err != nil {
		return Stats{}, err
	}
	defer snap.Close()
	st := Stats{Version: snap.state.version, Totals: snap.state.totals(), Parts: map[string]int64{}}
	for _, n := range snap.state.counts {
		st.Terms += int64(n)
	}
	err = guarded(func() error {
		st.FileBytes = snap.bolt.Size()
		for n, name := range bucketNames {
			b := snap.bucket(n).Stats()
			st.Parts[name] = int64(b.LeafAlloc + b.BranchAlloc)
		}
		return nil
	})
	return st, err
}
