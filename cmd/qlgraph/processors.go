package main

import (
	"runtime"
	"runtime/debug"
	"sync"
	"time"

	"qlgraph/sparql"
)

// spareRest is how long Go keeps the spare processor after it was wanted.
const spareRest = 100 * time.Millisecond

// newTurns lets as many queries compute at a time as there are processors. While
// that many do, Go gets a processor more: where each of its processors computes,
// the network is looked at once in ten milliseconds and what it brings waits
// behind all that compute; a free one waits for the network, and the operating
// system gives it a core at once. It is not kept for longer, as the garbage
// collector would make use of it too.
func newTurns() *sparql.Turns {
	n := runtime.GOMAXPROCS(0)
	var mu sync.Mutex
	spare := false
	give := func(want bool) {
		mu.Lock()
		defer mu.Unlock()
		if spare == want {
			return
		}
		if spare = want; want {
			runtime.GOMAXPROCS(n + 1)
		} else {
			runtime.GOMAXPROCS(n)
		}
	}
	take := time.AfterFunc(spareRest, func() { give(false) })
	return sparql.NewTurns(n, func() {
		give(true)
		take.Reset(spareRest)
	})
}

const (
	// largeQuery is the memory from which on a query leaves behind what is worth
	// to be given back to the system.
	largeQuery = 64 << 20
	// memoryRest is how long after the last large query that is done: while they
	// keep coming, the memory is used again.
	memoryRest = time.Second
)

// memoryReturn gives back to the system what large queries have used, which Go
// by itself keeps for minutes.
type memoryReturn struct{ after *time.Timer }

func newMemoryReturn() *memoryReturn {
	t := time.AfterFunc(time.Hour, debug.FreeOSMemory)
	t.Stop()
	return &memoryReturn{t}
}

// used notes how much memory a query held.
func (m *memoryReturn) used(bytes int64) {
	if bytes >= largeQuery {
		m.after.Reset(memoryRest)
	}
}
