package fetch_test

import (
	"bytes"
	"compress/gzip"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"qlgraph/harvesters"
	"qlgraph/harvesters/fetch"
	"qlgraph/internal/netguard"
)

// clock is a clock that tests move; sleeping moves it too.
type clock struct {
	mu    sync.Mutex
	now   time.Time
	slept []time.Duration
}

func newClock() *clock { return &clock{now: time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)} }

func (c *clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

func (c *clock) Sleep(_ context.Context, d time.Duration) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = c.now.Add(d)
	c.slept = append(c.slept, d)
	return nil
}

func newClient(t *testing.T, c *clock, limits fetch.Limits) *fetch.Client {
	t.Helper()
	client := fetch.New(fetch.Config{
		Network:     network(),
		Limits:      limits,
		PlainTokens: true,
		Now:         c.Now,
		Sleep:       c.Sleep,
	})
	t.Cleanup(client.Close)
	return client
}

func network() *netguard.Network { return netguard.New(netguard.Config{AllowPrivate: true}) }

func session(t *testing.T, target fetch.Target) *fetch.Session {
	t.Helper()
	s, err := newClient(t, newClock(), fetch.Limits{}).Session(target)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func serve(t *testing.T, h http.HandlerFunc) *httptest.Server {
	t.Helper()
	server := httptest.NewServer(h)
	t.Cleanup(server.Close)
	return server
}

func get(t *testing.T, s *fetch.Session, url string) (*harvesters.Response, error) {
	t.Helper()
	return s.Get(t.Context(), harvesters.Request{URL: url})
}

func TestSecretsStayWithTheirOrigin(t *testing.T) {
	leaks := make(chan http.Header, 8)
	other := serve(t, func(w http.ResponseWriter, r *http.Request) {
		if r.URL.RawQuery != "" {
			t.Errorf("the other origin saw the query %q", r.URL.RawQuery)
		}
		leaks <- r.Header
	})
	own := serve(t, func(w http.ResponseWriter, r *http.Request) {
		if r.Header.Get("X-Api-Key") != "s3cret" || r.Header.Get("X-Consumer") != "ql" || r.URL.Query().Get("consumer") != "ql" {
			t.Errorf("the source's own origin misses something: %v %v", r.Header, r.URL)
		}
		if r.URL.Path == "/away" {
			http.Redirect(w, r, other.URL+"/", http.StatusFound)
		}
	})
	s := session(t, fetch.Target{
		Path:   own.URL + "/courses",
		Auth:   fetch.Header{Field: "X-Api-Key", Value: "s3cret"},
		Header: map[string]string{"X-Consumer": "ql", "X-Api-Key": "from the manifest's headers"},
		Query:  url.Values{"consumer": {"ql"}},
	})
	for _, u := range []string{own.URL + "/courses", own.URL + "/away", other.URL + "/link"} {
		if _, err := get(t, s, u); err != nil {
			t.Errorf("%s: %v", u, err)
		}
	}
	close(leaks)
	for header := range leaks {
		for _, name := range []string{"X-Api-Key", "X-Consumer", "Authorization"} {
			if header.Get(name) != "" {
				t.Errorf("the other origin got %s", name)
			}
		}
	}
	if s.Requests() != 4 {
		t.Errorf("%d requests counted, want 4", s.Requests())
	}
}

func TestRedirects(t *testing.T) {
	server := serve(t, func(w http.ResponseWriter, r *http.Request) {
		switch r.URL.Path {
		case "/loop":
			http.Redirect(w, r, "/loop", http.StatusFound)
		case "/file":
			w.Header().Set("Location", "file:///etc/passwd")
			w.WriteHeader(http.StatusFound)
		case "/once":
			http.Redirect(w, r, "/end", http.StatusMovedPermanently)
		}
	})
	s := session(t, fetch.Target{Path: server.URL})
	resp, err := get(t, s, server.URL+"/once")
	if err != nil || resp.URL.Path != "/end" {
		t.Errorf("one redirect: %v, %v", resp, err)
	}
	for path, reason := range map[string]string{"/loop": "more than 5", "/file": "neither http nor https"} {
		_, err := get(t, s, server.URL+path)
		var redirect *fetch.RedirectError
		if !errors.As(err, &redirect) || !strings.Contains(err.Error(), reason) {
			t.Errorf("%s: %v", path, err)
		}
	}
}

func TestRedirectFromHTTPSToHTTP(t *testing.T) {
	plain := serve(t, func(http.ResponseWriter, *http.Request) { t.Error("the redirect was followed") })
	secure := httptest.NewTLSServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		http.Redirect(w, r, plain.URL, http.StatusFound)
	}))
	defer secure.Close()
	client := fetch.New(fetch.Config{
		Network: network(),
		TLS:     secure.Client().Transport.(*http.Transport).TLSClientConfig,
	})
	s, err := client.Session(fetch.Target{Path: secure.URL})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := get(t, s, secure.URL); err == nil || !strings.Contains(err.Error(), "https to http") {
		t.Errorf("got %v", err)
	}
}

func TestAddressesAreGuardedThroughRedirects(t *testing.T) {
	server := serve(t, func(w http.ResponseWriter, r *http.Request) {
		http.Redirect(w, r, "http://169.254.169.254/latest/meta-data/", http.StatusFound)
	})
	s := session(t, fetch.Target{Path: server.URL})
	var refused *netguard.RefusedError
	if _, err := get(t, s, server.URL); !errors.As(err, &refused) {
		t.Errorf("got %v, want a refusal", err)
	}
	if s.Requests() != 2 {
		t.Errorf("%d requests, want 2: a refused address is not tried again", s.Requests())
	}

	guarded := fetch.New(fetch.Config{Network: netguard.New(netguard.Config{})})
	s, err := guarded.Session(fetch.Target{Path: server.URL})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := get(t, s, server.URL); !errors.As(err, &refused) {
		t.Errorf("loopback without allow_private: %v", err)
	}
}

func TestRetries(t *testing.T) {
	var calls int
	server := serve(t, func(w http.ResponseWriter, r *http.Request) {
		calls++
		switch {
		case r.URL.Path == "/missing":
			http.Error(w, "no such course", http.StatusNotFound)
		case r.URL.Path == "/tomorrow":
			w.Header().Set("Retry-After", "86400")
			w.WriteHeader(http.StatusServiceUnavailable)
		case r.URL.Path == "/busy" && calls < 3:
			w.Header().Set("Retry-After", "17")
			w.WriteHeader(http.StatusTooManyRequests)
		case r.URL.Path == "/broken":
			w.WriteHeader(http.StatusBadGateway)
		}
	})
	for _, test := range []struct {
		path   string
		calls  int
		status int // 0: success
	}{
		{"/missing", 1, 404},
		{"/tomorrow", 1, 503},
		{"/busy", 3, 0},
		{"/broken", 4, 502},
	} {
		calls = 0
		clock := newClock()
		s, err := newClient(t, clock, fetch.Limits{}).Session(fetch.Target{Path: server.URL})
		if err != nil {
			t.Fatal(err)
		}
		_, err = get(t, s, server.URL+test.path)
		if calls != test.calls {
			t.Errorf("%s: %d requests, want %d", test.path, calls, test.calls)
		}
		var status *harvesters.StatusError
		var later *fetch.RetryLaterError
		switch {
		case test.status == 0 && err != nil:
			t.Errorf("%s: %v", test.path, err)
		case test.path == "/tomorrow" && !errors.As(err, &later):
			t.Errorf("%s: %v, want a RetryLaterError", test.path, err)
		case test.path != "/tomorrow" && test.status != 0 && (!errors.As(err, &status) || status.Status != test.status):
			t.Errorf("%s: %v, want status %d", test.path, err, test.status)
		}
		if test.path == "/busy" && clock.slept[0] < 17*time.Second {
			t.Errorf("waited %v after Retry-After: 17", clock.slept[0])
		}
	}
}

func TestServerThatIsDownIsGivenUpOn(t *testing.T) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	address := "http://" + listener.Addr().String()
	listener.Close()
	s := session(t, fetch.Target{Path: address})
	for range 5 {
		if _, err := get(t, s, address); err == nil || !fetch.Unreachable(err) {
			t.Fatalf("got %v, want an unreachable server", err)
		}
	}
	before := s.Requests()
	if _, err := get(t, s, address); err == nil || s.Requests() != before {
		t.Errorf("still asking: %v after %d requests", err, s.Requests())
	}
}

func TestConditionalRequests(t *testing.T) {
	body, etag, modified := "<a> <b> <c> .", `"v1"`, "Mon, 02 Feb 2026 10:00:00 GMT"
	var conditions http.Header
	server := serve(t, func(w http.ResponseWriter, r *http.Request) {
		conditions = r.Header
		if r.URL.Path == "/validating" {
			w.Header().Set("ETag", etag)
			w.Header().Set("Last-Modified", modified)
			if r.Header.Get("If-None-Match") == etag {
				w.WriteHeader(http.StatusNotModified)
				return
			}
		}
		io.WriteString(w, body)
	})
	for _, path := range []string{"/validating", "/plain"} {
		first := session(t, fetch.Target{Path: server.URL})
		if _, err := get(t, first, server.URL+path); err != nil {
			t.Fatal(err)
		}
		again := session(t, fetch.Target{Path: server.URL, Known: first.Validators()})
		if _, err := get(t, again, server.URL+path); !errors.Is(err, harvesters.ErrNotModified) || !again.Unchanged() {
			t.Errorf("%s: %v, want not modified", path, err)
		}
		if again.Requests() != 1 {
			t.Errorf("%s: %d requests for an unchanged resource", path, again.Requests())
		}
		if path == "/validating" && conditions.Get("If-Modified-Since") != modified {
			t.Errorf("If-Modified-Since: %q", conditions.Get("If-Modified-Since"))
		}
		if again.Validators()[server.URL+path] != first.Validators()[server.URL+path] {
			t.Errorf("%s: validators lost", path)
		}
	}
}

func gzipped(t *testing.T, size int) []byte {
	t.Helper()
	var buf bytes.Buffer
	w := gzip.NewWriter(&buf)
	chunk := make([]byte, 1<<20)
	for ; size > 0; size -= len(chunk) {
		if _, err := w.Write(chunk[:min(size, len(chunk))]); err != nil {
			t.Fatal(err)
		}
	}
	w.Close()
	return buf.Bytes()
}

func TestHostileBodies(t *testing.T) {
	bomb := gzipped(t, 64<<20)
	coded := func(coding string, body []byte) http.HandlerFunc {
		return func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Encoding", coding)
			w.Write(body)
		}
	}
	endless := func(pause time.Duration, chunk int) http.HandlerFunc {
		return func(w http.ResponseWriter, r *http.Request) {
			for r.Context().Err() == nil {
				if _, err := w.Write(make([]byte, chunk)); err != nil {
					return
				}
				w.(http.Flusher).Flush()
				time.Sleep(pause)
			}
		}
	}
	limits := fetch.DefaultLimits()
	limits.Body, limits.RatioFree, limits.Tries = 32<<20, 1<<20, 1
	limits.FirstByte = 300 * time.Millisecond
	for name, test := range map[string]struct {
		handler http.HandlerFunc
		want    string
	}{
		"gzip bomb":          {coded("gzip", bomb), "compressed more than 100:1"},
		"nested gzip":        {coded("gzip, gzip", bomb), "content coding"},
		"unasked zstd":       {coded("zstd", []byte("x")), "content coding"},
		"unasked deflate":    {coded("deflate", []byte("x")), "content coding"},
		"no gzip at all":     {coded("gzip", []byte("<html><body>no</body></html>")), "gzip"},
		"endless body":       {endless(0, 1<<20), "body of more than 32 MiB"},
		"slow drip":          {endless(50*time.Millisecond, 1), "too slowly"},
		"no answer":          {func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() }, "awaiting response headers"},
		"header of a MiB":    {func(w http.ResponseWriter, _ *http.Request) { w.Header().Set("X", strings.Repeat("x", 1<<20)) }, "header"},
		"many small headers": {func(w http.ResponseWriter, _ *http.Request) { manyHeaders(w) }, "header"},
	} {
		t.Run(name, func(t *testing.T) {
			limits := limits
			if name == "slow drip" { // elsewhere a busy machine would look like one
				limits.RateWindow, limits.RateBytes = 200*time.Millisecond, 1<<10
			}
			server := serve(t, test.handler)
			s, err := newClient(t, newClock(), limits).Session(fetch.Target{Path: server.URL})
			if err != nil {
				t.Fatal(err)
			}
			resp, err := get(t, s, server.URL)
			if err == nil || !strings.Contains(err.Error(), test.want) {
				t.Errorf("got %v and error %v, want one with %q", resp, err, test.want)
			}
		})
	}
}

func manyHeaders(w http.ResponseWriter) {
	for i := range 10_000 {
		w.Header().Set(fmt.Sprintf("X-%d", i), "0123456789")
	}
}

func TestTruncatedTransferKeepsWhatArrived(t *testing.T) {
	server := serve(t, func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Length", "1000")
		io.WriteString(w, `{"items":[{"id":1},`)
	})
	s := session(t, fetch.Target{Path: server.URL})
	resp, err := get(t, s, server.URL)
	if err != nil || string(resp.Body) != `{"items":[{"id":1},` {
		t.Fatalf("got %v, %v", resp, err)
	}
	if len(s.Truncated()) != 1 {
		t.Errorf("truncated: %v", s.Truncated())
	}
	if s.Requests() != 4 {
		t.Errorf("%d requests, want 4 tries", s.Requests())
	}
}

func TestRequestsAreBounded(t *testing.T) {
	limits := fetch.DefaultLimits()
	limits.Requests = 3
	server := serve(t, func(w http.ResponseWriter, r *http.Request) { io.WriteString(w, r.URL.Path) })
	s, err := newClient(t, newClock(), limits).Session(fetch.Target{Path: server.URL})
	if err != nil {
		t.Fatal(err)
	}
	for i := range 4 {
		_, err := get(t, s, fmt.Sprintf("%s/page/%d", server.URL, i))
		var limit *fetch.LimitError
		if errors.As(err, &limit) != (i == 3) {
			t.Errorf("request %d: %v", i, err)
		}
	}
}

func TestPagesThatDoNotEnd(t *testing.T) {
	limits := fetch.DefaultLimits()
	limits.Pages = 50
	same := true
	server := serve(t, func(w http.ResponseWriter, r *http.Request) {
		io.WriteString(w, "page")
		if !same {
			io.WriteString(w, r.URL.RawQuery)
		}
	})
	for name, test := range map[string]struct {
		same  bool
		pages int
	}{"the same one": {true, 2}, "ever new ones": {false, 50}} {
		same = test.same
		s, err := newClient(t, newClock(), limits).Session(fetch.Target{Path: server.URL})
		if err != nil {
			t.Fatal(err)
		}
		page := 0
		for ; err == nil; page++ {
			_, err = get(t, s, fmt.Sprintf("%s/courses?page=%d", server.URL, page))
		}
		var limit *fetch.LimitError
		if !errors.As(err, &limit) || page-1 != test.pages {
			t.Errorf("%s: %v after %d pages", name, err, page-1)
		}
	}
}

func TestTwoConnectionsPerHost(t *testing.T) {
	var mu sync.Mutex
	var now, most int
	server := serve(t, func(http.ResponseWriter, *http.Request) {
		mu.Lock()
		now++
		most = max(most, now)
		mu.Unlock()
		time.Sleep(10 * time.Millisecond)
		mu.Lock()
		now--
		mu.Unlock()
	})
	s := session(t, fetch.Target{Path: server.URL})
	var wg sync.WaitGroup
	for range 12 {
		wg.Go(func() {
			if _, err := s.Get(t.Context(), harvesters.Request{URL: server.URL}); err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	if most > 2 {
		t.Errorf("%d requests at once", most)
	}
}

func TestErrorsDoNotTellParameters(t *testing.T) {
	server := serve(t, func(w http.ResponseWriter, r *http.Request) { http.Error(w, r.URL.String(), http.StatusForbidden) })
	s := session(t, fetch.Target{Path: server.URL, Query: url.Values{"key": {"c4n4ry"}}, Auth: fetch.Header{Field: "X-Key", Value: "c4n4ry"}})
	_, err := get(t, s, server.URL+"/courses")
	if err == nil || strings.Contains(err.Error(), "c4n4ry") {
		t.Errorf("got %v", err)
	}
	server.Close()
	s = session(t, fetch.Target{Path: server.URL, Query: url.Values{"key": {"c4n4ry"}}})
	if _, err := get(t, s, server.URL+"/courses"); err == nil || strings.Contains(err.Error(), "c4n4ry") {
		t.Errorf("got %v", err)
	}
}

func TestURLs(t *testing.T) {
	s := session(t, fetch.Target{})
	for _, u := range []string{"file:///etc/passwd", "gopher://x/", "http://", "//x/", "http://user:pass@localhost/", "%zz", "http://a b/"} {
		_, err := get(t, s, u)
		if err == nil || strings.Contains(err.Error(), "pass@") {
			t.Errorf("%s: %v", u, err)
		}
	}
}
