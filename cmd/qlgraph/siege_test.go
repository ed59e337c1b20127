package main

import (
	"context"
	"flag"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"
)

// siege and siegeTime make TestSiege attack a server that runs already, over
// course data, with its own limits.
var (
	siege     = flag.String("siege", "", "URL of a server with course data to attack in TestSiege")
	siegeTime = flag.Duration("siegetime", 30*time.Second, "its limit of time for a query (sparql.time)")
)

// TestSiege sends the queries of death to a server in its own process, two at a
// time: each is to end within a second of its limits, while /healthz answers.
func TestSiege(t *testing.T) {
	if *siege == "" {
		t.Skip("no server to attack: give -args -siege URL")
	}
	b := &besieged{Server: httptest.NewServer(http.NotFoundHandler())}
	defer b.Close()
	b.URL = strings.TrimSuffix(*siege, "/")
	// What the queries are about, among courses: chains, hubs, texts, numbers.
	courses := strings.NewReplacer(
		":next", "<http://data.europa.eu/snb/model/elm/hasPart>", ":hub", "<http://purl.org/dc/terms/language>",
		":title", "<http://purl.org/dc/terms/title>", ":size", "<http://data.europa.eu/snb/model/elm/point>",
		":centre", "<http://publications.europa.eu/resource/authority/language/ENG>", ":n1 ", "<http://data.quality-link.eu/id/course/0000001> ",
	)
	ctx, stop := context.WithCancel(t.Context())
	pulse := b.pulse(ctx, t)
	outcomes := map[string]int{}
	late, latest := "", time.Duration(0)
	gate := make(chan struct{}, 2)
	type end struct {
		name, outcome string
		took          time.Duration
	}
	ends := make(chan end)
	queries := deathQueries()
	for _, q := range queries {
		go func() {
			gate <- struct{}{}
			defer func() { <-gate }()
			start := time.Now()
			outcome, err := b.attack(t.Context(), "/sparql", "query", courses.Replace(q.text))
			if err != nil {
				outcome = err.Error()
			}
			ends <- end{q.name, outcome, time.Since(start)}
		}()
	}
	for range queries {
		e := <-ends
		t.Logf("%v %s: %s", e.took.Round(time.Millisecond), e.name, e.outcome)
		outcomes[e.outcome]++
		if e.took > latest {
			late, latest = e.name, e.took
		}
		if e.took > *siegeTime+time.Second {
			t.Errorf("%s ended after %v", e.name, e.took)
		}
	}
	stop()
	t.Logf("%d queries: %v; latest %v (%s); %v", len(queries), outcomes, latest, late, pulse())
}
