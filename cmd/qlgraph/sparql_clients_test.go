package main

import (
	"context"
	"fmt"
	"io"
	"net"
	"net/url"
	"sync"
	"testing"
	"time"
)

// TestClientsOfDeath has clients that leave, and more of them than are served.
func TestClientsOfDeath(t *testing.T) {
	b := besiege(t)
	const endless = "SELECT (COUNT(DISTINCT *) AS ?n) { ?a ?b ?c . ?d ?e ?f FILTER(STRLEN(CONCAT(STR(?a), STR(?d))) < 3) }"
	t.Run("leaves", func(t *testing.T) {
		ctx, cancel := context.WithTimeout(t.Context(), 100*time.Millisecond)
		defer cancel()
		if got, err := b.attack(ctx, "/sparql", "query", endless); err == nil {
			t.Fatalf("%s before the client left", got)
		}
		b.rests(t, deathTime)
	})
	const rows = "SELECT * { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }"
	t.Run("vanishes", func(t *testing.T) {
		conn := b.ask(t, rows)
		if _, err := io.CopyN(io.Discard, conn, 1<<10); err != nil {
			t.Fatal(err)
		}
		conn.SetLinger(0) // as if its machine was switched off
		conn.Close()
		b.rests(t, deathTime)
	})
	t.Run("drips", func(t *testing.T) {
		before := heap()
		var conns []*net.TCPConn
		for range 4 { // all there is room for
			conn := b.ask(t, rows)
			defer conn.Close()
			conns = append(conns, conn)
		}
		taken := make(chan error, len(conns))
		for _, conn := range conns {
			go func() { taken <- drip(conn) }()
		}
		b.rests(t, deathTime+deathWrite)
		if got, err := b.attack(t.Context(), "/sparql", "query", "ASK {}"); got != "answered" || err != nil {
			t.Errorf("another client meanwhile: %s, %v", got, err)
		}
		if after := heap(); after > before+deathHeap {
			t.Errorf("heap grew from %d to %d bytes", before, after)
		}
		for _, conn := range conns {
			conn.Close()
		}
		for range conns {
			if err := <-taken; err == nil {
				t.Error("a cut answer ended as if it were whole")
			}
		}
	})
	t.Run("crowd", func(t *testing.T) {
		ctx, stop := context.WithCancel(t.Context())
		pulse := b.pulse(ctx, t)
		outcomes := make(chan string, 200)
		var wait sync.WaitGroup
		for range cap(outcomes) {
			wait.Go(func() {
				got, err := b.attack(ctx, "/sparql", "query", endless)
				if err != nil {
					got = err.Error()
				}
				outcomes <- got
			})
		}
		wait.Wait()
		stop()
		beats := pulse()
		close(outcomes)
		counts := map[string]int{}
		for got := range outcomes {
			counts[got]++
		}
		t.Logf("%v; %v", counts, beats)
		if counts["time"] < 4 || counts["queue"] == 0 || counts["time"]+counts["memory"]+counts["queue"]+counts["queuetime"] != cap(outcomes) {
			t.Errorf("outcomes %v, want time for those admitted and a limit of the queue for the others", counts)
		}
		if beats.longest() > healthBound {
			t.Errorf("healthz took %v", beats.longest())
		}
	})
}

// ask sends a query over a connection of its own with small buffers.
func (b *besieged) ask(t *testing.T, query string) *net.TCPConn {
	t.Helper()
	conn, err := net.Dial("tcp", b.Listener.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	tcp := conn.(*net.TCPConn)
	if err := tcp.SetReadBuffer(4096); err != nil {
		t.Fatal(err)
	}
	fmt.Fprintf(tcp, "GET /sparql?query=%s HTTP/1.1\r\nHost: e\r\n\r\n", url.QueryEscape(query))
	return tcp
}

// drip reads the answer byte by byte.
func drip(conn *net.TCPConn) error {
	for one := make([]byte, 1); ; time.Sleep(10 * time.Millisecond) {
		if _, err := conn.Read(one); err != nil {
			return err
		}
	}
}

// rests waits until no query runs any more, which is to be so after the time
// within.
func (b *besieged) rests(t *testing.T, within time.Duration) {
	t.Helper()
	start := time.Now()
	for running, _ := b.endpoint.Load(); running > 0; running, _ = b.endpoint.Load() {
		if time.Since(start) > within+deathGrace {
			t.Fatalf("the query runs on after %v", time.Since(start))
		}
		time.Sleep(time.Millisecond)
	}
	t.Logf("at rest after %v", time.Since(start).Round(time.Millisecond))
}
