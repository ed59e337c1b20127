package protocol_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/netip"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"qlgraph/graph"
	"qlgraph/sparql/protocol"
)

// unruly is a dataset whose reads of whole quads do what a test wants.
type unruly struct {
	graph.Dataset
	// next is called before each read, with the number of reads before it.
	next func(ctx context.Context, n int) error
	// endless starts a scan again when it ends.
	endless bool
}

type unrulySnapshot struct {
	graph.Snapshot
	*unruly
	ctx context.Context
}

type unrulyCursor struct {
	graph.Cursor
	*unrulySnapshot
	open  func() (graph.Cursor, error)
	reads int
}

func (u *unruly) Snapshot(ctx context.Context) (graph.Snapshot, error) {
	s, err := u.Dataset.Snapshot(ctx)
	return &unrulySnapshot{s, u, ctx}, err
}

func (s *unrulySnapshot) Scan(p graph.Pattern, o graph.Order) (graph.Cursor, error) {
	open := func() (graph.Cursor, error) { return s.Snapshot.Scan(p, o) }
	c, err := open()
	return &unrulyCursor{c, s, open, 0}, err
}

func (c *unrulyCursor) Next(b *graph.Batch) (int, error) {
	if b.Len() == 1 { // only asks whether there is anything
		return c.Cursor.Next(b)
	}
	if c.next != nil {
		if err := c.next(c.ctx, c.reads); err != nil {
			return 0, err
		}
	}
	c.reads++
	n, err := c.Cursor.Next(b)
	if n == 0 && err == nil && c.endless && c.reads < 10_000 { // a gigabyte, should nothing stop it
		if c.Cursor, err = c.open(); err != nil {
			return 0, err
		}
		return c.Cursor.Next(b)
	}
	return n, err
}

// many is Turtle of n triples with long literals: about n × 100 bytes.
func many(n int) string {
	var b strings.Builder
	for i := range n {
		fmt.Fprintf(&b, "<http://e/%d> <http://e/p> \"%080d\" .\n", i, i)
	}
	return b.String()
}

const someGraph = "/data?graph=http://e/g"

// serveUnruly serves a graph of n triples from an unruly dataset.
func serveUnruly(t *testing.T, n int, u *unruly, change func(*protocol.Config)) *fixture {
	t.Helper()
	f := serve(t, func(c *protocol.Config) {
		u.Dataset = c.Dataset
		c.Dataset = u
		if change != nil {
			change(c)
		}
	})
	f.load("http://e/g", many(n))
	return f
}

// await waits until a record with the outcome is there.
func (f *fixture) await(outcome string) protocol.Record {
	f.Helper()
	for range 1000 {
		f.mu.Lock()
		for _, r := range f.records {
			if r.Outcome == outcome {
				f.mu.Unlock()
				return r
			}
		}
		f.mu.Unlock()
		time.Sleep(10 * time.Millisecond)
	}
	f.Fatalf("no request with the outcome %s; there are %+v", outcome, f.records)
	return protocol.Record{}
}

func TestEarlyFailureHasItsStatus(t *testing.T) {
	f := serveUnruly(t, 5000, &unruly{next: func(_ context.Context, n int) error {
		if n == 3 { // 3,072 triples are less than is held back
			return errors.New("page 7 is damaged")
		}
		return nil
	}}, nil)
	f.problem("GET", f.do("GET", someGraph, ""), 500, "evaluation")
	if r := f.last(); r.Status != 500 || r.Err == nil || r.Bytes != 0 {
		t.Errorf("record %+v", r)
	}
}

func TestLateFailureBreaksTheConnection(t *testing.T) {
	f := serveUnruly(t, 30_000, &unruly{next: func(_ context.Context, n int) error {
		if n == 25 {
			return errors.New("page 7 is damaged")
		}
		return nil
	}}, nil)
	for _, accept := range []string{"application/n-triples", "text/turtle"} {
		a := f.do("GET", someGraph, "", "Accept: "+accept)
		if a.status != 200 || !errors.Is(a.err, io.ErrUnexpectedEOF) || len(a.body) < 1<<20 {
			t.Errorf("%s: %d, %d bytes, error %v", accept, a.status, len(a.body), a.err)
		}
		if r := f.last(); r.Outcome != "broken" || r.Status != 200 || r.Err == nil {
			t.Errorf("record %+v", r)
		}
	}
}

func TestSlowClientIsCutOff(t *testing.T) {
	f := serveUnruly(t, 3000, &unruly{endless: true}, func(c *protocol.Config) { c.Limits.WriteTime = 100 * time.Millisecond })
	conn, err := net.Dial("tcp", f.server.Listener.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	fmt.Fprintf(conn, "GET %s HTTP/1.1\r\nHost: x\r\n\r\n", someGraph)
	if r := f.await("slow"); r.Bytes == 0 {
		t.Errorf("record %+v", r)
	}
}

func TestWorkStopsWhenTheClientLeaves(t *testing.T) {
	var reads atomic.Int64
	f := serveUnruly(t, 3000, &unruly{endless: true, next: func(context.Context, int) error { reads.Add(1); return nil }}, nil)
	ctx, cancel := context.WithCancel(context.Background())
	r, err := http.NewRequestWithContext(ctx, "GET", f.server.URL+someGraph, nil)
	if err != nil {
		t.Fatal(err)
	}
	response, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := io.CopyN(io.Discard, response.Body, 1<<20); err != nil {
		t.Fatal(err)
	}
	cancel()
	response.Body.Close()
	f.await("canceled")
	before := reads.Load()
	time.Sleep(50 * time.Millisecond)
	if reads.Load() != before {
		t.Error("it still reads")
	}
}

// blocked is an unruly dataset whose readers wait until the test lets them go,
// and tell when they do.
func blocked() (u *unruly, entered chan struct{}, release func()) {
	gate, entered := make(chan struct{}), make(chan struct{}, 100)
	return &unruly{next: func(_ context.Context, n int) error {
		if n == 0 {
			entered <- struct{}{}
			<-gate
		}
		return nil
	}}, entered, func() { close(gate) }
}

func TestCrowdsWaitAndAreTurnedAway(t *testing.T) {
	u, entered, release := blocked()
	f := serveUnruly(t, 1, u, func(c *protocol.Config) {
		c.Limits.Concurrent, c.Limits.Queue, c.Limits.QueueTime = 2, 1, time.Hour
	})
	answers := make(chan answer, 3)
	get := func() { answers <- f.do("GET", someGraph, "") }
	go get()
	go get()
	<-entered
	<-entered
	go get()
	for _, waiting := f.endpoint.Load(); waiting == 0; _, waiting = f.endpoint.Load() {
		time.Sleep(time.Millisecond)
	}
	turnedAway := f.do("GET", someGraph, "")
	f.problem("the fourth request", turnedAway, 503, "busy")
	if turnedAway.header.Get("Retry-After") == "" {
		t.Error("it is not told when to come back")
	}
	release()
	for range 3 {
		if a := <-answers; a.status != 200 {
			t.Errorf("a request that waited: %d %s", a.status, a.body)
		}
	}
}

func TestWaitingEnds(t *testing.T) {
	u, entered, release := blocked()
	f := serveUnruly(t, 1, u, func(c *protocol.Config) {
		c.Limits.Concurrent, c.Limits.Queue, c.Limits.QueueTime = 1, 5, 20*time.Millisecond
	})
	done := make(chan answer)
	go func() { done <- f.do("GET", someGraph, "") }()
	<-entered
	f.problem("the second request", f.do("GET", someGraph, ""), 503, "busy")
	release()
	if a := <-done; a.status != 200 {
		t.Errorf("the first request: %d", a.status)
	}
}

// fromHeader takes the client's address from a header, as behind a proxy.
func fromHeader(c *protocol.Config) {
	c.Client = func(r *http.Request) netip.Addr { return netip.MustParseAddr(r.Header.Get("X-Client")) }
}

func TestRates(t *testing.T) {
	f := serve(t, func(c *protocol.Config) {
		fromHeader(c)
		c.Limits.Rate, c.Limits.Burst = 0.001, 2
	})
	f.load("http://e/g", many(1))
	get := func(client string, headers ...string) answer {
		return f.do("GET", someGraph, "", append(headers, "X-Client: "+client)...)
	}
	for range 2 {
		if a := get("192.0.2.1"); a.status != 200 {
			t.Fatalf("within the rate: %d %s", a.status, a.body)
		}
	}
	a := get("192.0.2.1")
	f.problem("beyond the rate", a, 429, "rate")
	if seconds, err := strconv.Atoi(a.header.Get("Retry-After")); err != nil || seconds != 1000 {
		t.Errorf("Retry-After %q", a.header.Get("Retry-After"))
	}
	for what, a := range map[string]answer{
		"another client":          get("192.0.2.2"),
		"the client, as IPv6":     get("2001:db8::1"),
		"a client of the network": get("2001:db8::2"),
		"loopback":                get("127.0.0.1"),
		"a token":                 get("192.0.2.1", "Authorization: Bearer reader"),
	} {
		if a.status != 200 {
			t.Errorf("%s: %d", what, a.status)
		}
	}
	f.problem("a third client of the IPv6 network", get("2001:db8::3"), 429, "rate")
	f.problem("the same in IPv6 notation", get("::ffff:192.0.2.1"), 429, "rate")
	f.problem("an unknown token", get("192.0.2.1", "Authorization: Bearer guess"), 429, "rate")
	for range 50 {
		if a := get("::1"); a.status != 200 {
			t.Fatalf("loopback: %d", a.status)
		}
	}
}

func TestLoopbackAndTokensCanBeLimited(t *testing.T) {
	f := serve(t, func(c *protocol.Config) {
		c.Limits.Rate, c.Limits.Burst, c.Limits.Loopback, c.Limits.Tokens = 0.001, 1, true, true
	})
	f.load("http://e/g", many(1))
	if a := f.do("GET", someGraph, ""); a.status != 200 {
		t.Errorf("the first: %d", a.status)
	}
	f.problem("the second", f.do("GET", someGraph, "", "Authorization: Bearer reader"), 429, "rate")
}

func TestRequestsOfOneClientAtATime(t *testing.T) {
	u, entered, release := blocked()
	f := serveUnruly(t, 1, u, func(c *protocol.Config) {
		fromHeader(c)
		c.Limits.Concurrent, c.Limits.PerClient = 10, 1
	})
	done := make(chan answer)
	go func() { done <- f.do("GET", someGraph, "", "X-Client: 192.0.2.1") }()
	<-entered
	f.problem("a second at the same time", f.do("GET", someGraph, "", "X-Client: 192.0.2.1"), 429, "rate")
	release()
	if a := <-done; a.status != 200 {
		t.Errorf("the first: %d", a.status)
	}
	if a := f.do("GET", someGraph, "", "X-Client: 192.0.2.1"); a.status != 200 {
		t.Errorf("afterwards: %d", a.status)
	}
}

func TestTimeOfEvaluationIsMetered(t *testing.T) {
	f := serveUnruly(t, 1, &unruly{next: func(_ context.Context, n int) error {
		time.Sleep(300 * time.Millisecond) // so much is owed that a slow machine cannot earn it back in between
		return nil
	}}, func(c *protocol.Config) {
		fromHeader(c)
		c.Limits.Work = 5 * time.Millisecond
	})
	if a := f.do("GET", someGraph, "", "X-Client: 192.0.2.1"); a.status != 200 {
		t.Fatalf("the first: %d", a.status)
	}
	f.problem("the second", f.do("GET", someGraph, "", "X-Client: 192.0.2.1"), 429, "rate")
}
