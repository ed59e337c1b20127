package exec

import (
	"context"
	"sync/atomic"
	"time"
)

// Turns lets so many queries compute at a time, while more are under way: they
// take turns, so that a short one does not wait for the end of long ones, and
// who shares the machine with them (the network, above all) finds a processor
// free. It may be used from several goroutines.
type Turns struct {
	taken   chan struct{} // first come, first served
	waiting atomic.Int64
	full    func()
}

// turnTime is how long a query computes while others wait: long beside the cost of
// changing over, short beside what people notice.
const turnTime = 5 * time.Millisecond

// longQuery is the number of turns after which a query is a long one.
const longQuery = 10

// NewTurns returns Turns of n queries at a time. full, unless nil, is called
// again and again, from several goroutines, while no turn is free and long
// queries are among those that compute.
func NewTurns(n int, full func()) *Turns { return &Turns{taken: make(chan struct{}, n), full: full} }

// Turn is a query's part in Turns. It belongs to the goroutine of the query. A
// nil Turn never waits.
type Turn struct {
	of    *Turns
	since time.Time
	ended int // turns that lasted to their end
	held  bool
}

// Enter waits until the query may compute. The caller leaves by Pause.
func (t *Turns) Enter(ctx context.Context) *Turn {
	turn := &Turn{of: t}
	turn.Resume(ctx)
	return turn
}

// Pause gives the turn away, for as long as the query waits for something else
// or for ever.
func (t *Turn) Pause() {
	if t != nil && t.held {
		t.held = false
		<-t.of.taken
	}
}

// Resume takes the turn back. It gives up when ctx ends: then the query has
// nothing more to compute.
func (t *Turn) Resume(ctx context.Context) {
	if t == nil || t.held {
		return
	}
	select {
	case t.of.taken <- struct{}{}:
	default:
		t.of.waiting.Add(1)
		defer t.of.waiting.Add(-1)
		select {
		case t.of.taken <- struct{}{}:
		case <-ctx.Done():
			return
		}
	}
	t.held, t.since = true, time.Now()
}

// Yield lets others go first where the turn has lasted long enough and one
// waits. It is cheap while a turn is free.
func (t *Turn) Yield(ctx context.Context) {
	if t == nil || !t.held || len(t.of.taken) < cap(t.of.taken) || time.Since(t.since) < turnTime {
		return
	}
	if t.ended++; t.ended > longQuery && t.of.full != nil {
		t.of.full()
	}
	if t.of.waiting.Load() == 0 {
		t.since = time.Now()
		return
	}
	t.Pause()
	t.Resume(ctx)
}
