package exec_test

import (
	"context"
	"sync/atomic"
	"testing"
	"time"

	"qlgraph/sparql/exec"
)

// TestTurnsAreHandedOn has queries that never end compute beside one that needs
// a moment: it gets its turn, and no more compute at a time than may.
func TestTurnsAreHandedOn(t *testing.T) {
	const atOnce, endless = 2, 5
	var wanted atomic.Int64
	turns := exec.NewTurns(atOnce, func() { wanted.Add(1) })
	ctx, stop := context.WithCancel(t.Context())
	var running, most atomic.Int64
	ended := make(chan struct{})
	for range endless {
		go func() {
			turn := turns.Enter(ctx)
			for ctx.Err() == nil {
				n := running.Add(1)
				most.Store(max(most.Load(), n))
				time.Sleep(time.Millisecond) // computes
				running.Add(-1)
				turn.Yield(ctx)
			}
			turn.Pause()
			ended <- struct{}{}
		}()
	}
	for range 5 {
		turn := turns.Enter(t.Context())
		turn.Pause()
	}
	for wanted.Load() == 0 {
		time.Sleep(time.Millisecond) // long queries are noticed
	}
	stop()
	for range endless {
		<-ended
	}
	if most.Load() > atOnce {
		t.Errorf("%d computed at a time", most.Load())
	}
}

// TestTurnEndsWithItsContext waits for a turn that nobody gives away.
func TestTurnEndsWithItsContext(t *testing.T) {
	turns := exec.NewTurns(1, nil)
	held := turns.Enter(t.Context())
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Millisecond)
	defer cancel()
	late := turns.Enter(ctx) // returns without the turn
	late.Yield(ctx)
	late.Pause()
	held.Pause()
	held.Pause()
	turns.Enter(t.Context()).Pause()
	var none *exec.Turn
	none.Resume(ctx)
	none.Yield(ctx)
	none.Pause()
}
