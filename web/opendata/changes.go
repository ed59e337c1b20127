package opendata

import (
	"context"
	"slices"
	"time"

	"qlgraph/graph"
	"qlgraph/harvesters/pipeline"
)

const (
	// newest is how many changes are kept for the feed of the whole, and
	// newestOf for those of each provider.
	newest   = 1000
	newestOf = 200
	// changesAge is how long the changes that were read serve while the dataset
	// goes on changing: reading them takes a second or so for 100,000 courses.
	changesAge = time.Minute
)

// changes are the courses that changed last, the newest first.
type changes struct {
	version    uint64
	courses    int // in all
	all        []pipeline.CourseState
	byProvider map[string][]pipeline.CourseState
}

// latest returns the newest changes.
func (h *Handler) latest(ctx context.Context) (*changes, error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.changes != nil && time.Since(h.read) < changesAge {
		return h.changes, nil
	}
	err := h.view(ctx, func(snap graph.Snapshot) error {
		if h.changes != nil && h.changes.version == snap.Version() {
			return nil
		}
		archive, err := h.config.Journal.Archive(snap)
		if err != nil {
			return err
		}
		c := &changes{version: snap.Version(), byProvider: map[string][]pipeline.CourseState{}}
		for state, err := range archive.Courses() {
			if err != nil {
				return err
			}
			c.add(state)
		}
		c.sort()
		h.changes = c
		return nil
	})
	if err == nil {
		h.read = time.Now()
	}
	return h.changes, err
}

func (c *changes) add(s pipeline.CourseState) {
	if !s.Withdrawn {
		c.courses++
	}
	c.all = appendNewest(c.all, s, newest)
	c.byProvider[s.Provider] = appendNewest(c.byProvider[s.Provider], s, newestOf)
}

func (c *changes) sort() {
	c.all = keepNewest(c.all, newest)
	for code, list := range c.byProvider {
		c.byProvider[code] = keepNewest(list, newestOf)
	}
}

// appendNewest keeps the newest n of a list, and up to n others.
func appendNewest(list []pipeline.CourseState, s pipeline.CourseState, n int) []pipeline.CourseState {
	if list = append(list, s); len(list) >= 2*n {
		list = keepNewest(list, n)
	}
	return list
}

func keepNewest(list []pipeline.CourseState, n int) []pipeline.CourseState {
	slices.SortFunc(list, func(a, b pipeline.CourseState) int {
		if c := b.Since.Compare(a.Since); c != 0 {
			return c
		}
		if a.IRI < b.IRI {
			return -1
		}
		return +1
	})
	return list[:min(n, len(list))]
}
