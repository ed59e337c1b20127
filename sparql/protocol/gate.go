package protocol

import (
	"context"
	"sync/atomic"
	"time"
)

// gate lets a number of requests through at a time; a bounded number waits.
type gate struct {
	slots   chan struct{}
	waiting atomic.Int64
	queue   int64
	patient time.Duration
}

func newGate(l Limits) *gate {
	g := &gate{queue: int64(max(l.Queue, 0)), patient: l.QueueTime}
	if l.Concurrent > 0 {
		g.slots = make(chan struct{}, l.Concurrent)
	}
	return g
}

// enter takes a slot; the caller gives it back by leave.
func (g *gate) enter(ctx context.Context) error {
	if g.slots == nil {
		return nil
	}
	select {
	case g.slots <- struct{}{}:
		return nil
	default:
	}
	if g.waiting.Add(1) > g.queue {
		g.waiting.Add(-1)
		return unavailable("busy", "too many queries are running and waiting")
	}
	defer g.waiting.Add(-1)
	timer := time.NewTimer(g.patient)
	defer timer.Stop()
	select {
	case g.slots <- struct{}{}:
		return nil
	case <-timer.C:
		return unavailable("busy", "too many queries are running")
	case <-ctx.Done():
		return ctx.Err()
	}
}

func (g *gate) leave() {
	if g.slots != nil {
		<-g.slots
	}
}

func (g *gate) load() (running, waiting int) { return len(g.slots), int(g.waiting.Load()) }
