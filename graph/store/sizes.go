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
