package pipeline

import (
	"context"
	"sync"
)

// Locks let one harvest at a time work on a source. Pipelines that write into
// one dataset share them.
type Locks struct {
	mu   sync.Mutex
	busy map[string]chan struct{} // by source key: its harvest is under way
}

// NewLocks returns Locks of which none is taken.
func NewLocks() *Locks { return &Locks{busy: map[string]chan struct{}{}} }

// lock waits until nobody else harvests the source, and returns the release.
func (l *Locks) lock(ctx context.Context, key string) (func(), error) {
	for {
		l.mu.Lock()
		other, taken := l.busy[key]
		if !taken {
			mine := make(chan struct{})
			l.busy[key] = mine
			l.mu.Unlock()
			return func() {
				l.mu.Lock()
				delete(l.busy, key)
				l.mu.Unlock()
				close(mine)
			}, nil
		}
		l.mu.Unlock()
		select {
		case <-other:
		case <-ctx.Done():
			return nil, context.Cause(ctx)
		}
	}
}
