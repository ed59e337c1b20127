package protocol

import (
	"context"
	"fmt"
	"net/http"
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
		return busy("queue", g.queue, fmt.Sprintf("%d queries are running and %d waiting", cap(g.slots), g.queue))
	}
	defer g.waiting.Add(-1)
	timer := time.NewTimer(g.patient)
	defer timer.Stop()
	select {
	case g.slots <- struct{}{}:
		return nil
	case <-timer.C:
		return busy("queuetime", g.patient.Seconds(), fmt.Sprintf("%d queries are running; none ended within %v", cap(g.slots), g.patient))
	case <-ctx.Done():
		return ctx.Err()
	}
}

// busy is a 503 that asks to come back.
func busy(limit string, max any, detail string) *failure {
	f := limited(http.StatusServiceUnavailable, "busy", limit, max, detail)
	f.header = map[string]string{"Retry-After": "5"}
	return f
}

func (g *gate) leave() {
	if g.slots != nil {
		<-g.slots
	}
}

func (g *gate) load() (running, waiting int) { return len(g.slots), int(g.waiting.Load()) }
