package server_test

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"strings"
	"testing"
	"time"

	"qlgraph/internal/problem"
	"qlgraph/sparql/protocol"
	"qlgraph/web/server"
)

func quiet() *slog.Logger { return slog.New(slog.NewTextHandler(io.Discard, nil)) }

func handler(ready error, trusted ...netip.Prefix) http.Handler {
	return server.New(server.Config{
		Log: quiet(), Ready: func() error { return ready }, TrustedProxies: trusted,
		Routes: []server.Route{
			{Pattern: "/hello/*", Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				io.WriteString(w, server.Client(r).String())
			})},
			{Pattern: "/panic", Handler: http.HandlerFunc(func(http.ResponseWriter, *http.Request) { panic("a defect") })},
		},
	})
}

func do(h http.Handler, path string, header ...string) *httptest.ResponseRecorder {
	r := httptest.NewRequest(http.MethodGet, path, nil)
	r.RemoteAddr = "192.0.2.7:1234"
	for i := 0; i < len(header); i += 2 {
		r.Header.Set(header[i], header[i+1])
	}
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	return w
}

func TestAnswers(t *testing.T) {
	for _, tc := range []struct {
		name, path string
		ready      error
		status     int
		body       string
	}{
		{"healthy", "/healthz", nil, 200, "ok"},
		{"ready", "/readyz", nil, 200, "ready"},
		{"not ready", "/readyz", errors.New("the store is not open"), 503, "the store is not open"},
		{"route", "/hello/world", nil, 200, "192.0.2.7"},
		{"no route", "/none", nil, 404, problem.MediaType},
		{"panic", "/panic", nil, 500, problem.MediaType},
	} {
		t.Run(tc.name, func(t *testing.T) {
			w := do(handler(tc.ready), tc.path)
			if w.Code != tc.status || !strings.Contains(w.Body.String()+w.Header().Get("Content-Type"), tc.body) {
				t.Errorf("status %d, body %q", w.Code, w.Body)
			}
			if w.Header().Get("Content-Security-Policy") == "" || w.Header().Get("X-Content-Type-Options") != "nosniff" {
				t.Errorf("security headers %v", w.Header())
			}
			if strings.Contains(w.Body.String(), "a defect") {
				t.Error("the answer tells what panicked")
			}
		})
	}
}

// TestClient believes X-Forwarded-For from trusted proxies only.
func TestClient(t *testing.T) {
	forwarded := []string{"X-Forwarded-For", "198.51.100.9"}
	if got := do(handler(nil), "/hello/x", forwarded...).Body.String(); got != "192.0.2.7" {
		t.Errorf("a stranger was believed: %s", got)
	}
	proxy := netip.MustParsePrefix("192.0.2.0/24")
	if got := do(handler(nil, proxy), "/hello/x", forwarded...).Body.String(); got != "198.51.100.9" {
		t.Errorf("a trusted proxy was not believed: %s", got)
	}
}

// TestServeDrains ends with the context, and lets a running request finish.
func TestServeDrains(t *testing.T) {
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	entered, ended := make(chan struct{}), make(chan error, 1)
	slow := http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		close(entered)
		time.Sleep(100 * time.Millisecond)
		io.WriteString(w, "whole")
	})
	go func() { ended <- server.Serve(ctx, ln, slow, quiet()) }()
	answer := make(chan string, 1)
	go func() {
		resp, err := http.Get("http://" + ln.Addr().String())
		if err != nil {
			answer <- err.Error()
			return
		}
		defer resp.Body.Close()
		body, _ := io.ReadAll(resp.Body)
		answer <- string(body)
	}()
	<-entered
	cancel()
	if got := <-answer; got != "whole" {
		t.Errorf("the running request got %q", got)
	}
	if err := <-ended; err != nil {
		t.Error(err)
	}
}

func TestMetrics(t *testing.T) {
	m := server.NewMetrics()
	m.Gauge("qlgraph_test", "A value.", func() float64 { return 7 })
	m.Observe(protocol.Record{Operation: "query", Outcome: "ok", Rows: 3, Took: time.Millisecond})
	body := do(m.Handler(), "/metrics").Body.String()
	for _, want := range []string{
		`qlgraph_sparql_requests_total{operation="query",outcome="ok"} 1`,
		`qlgraph_sparql_rows_total{operation="query"} 3`,
		`qlgraph_sparql_request_duration_seconds_count{operation="query"} 1`,
		`qlgraph_test 7`, `go_goroutines`,
	} {
		if !strings.Contains(body, want) {
			t.Errorf("the metrics lack %s", want)
		}
	}
}
