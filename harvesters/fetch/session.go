package fetch

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"maps"
	"mime"
	"net/http"
	"net/url"
	"sync"
	"sync/atomic"

	"qlgraph/harvesters"
)

// Target says what a Session is for and how it introduces itself.
type Target struct {
	// Path is the URL of the source. Auth, Header and Query go to its origin
	// only. An empty Path has no origin: nothing of the three is ever sent.
	Path   string
	Auth   Auth // nil: none
	Header map[string]string
	Query  url.Values
	// Known are the validators of the last complete harvest, by URL: a resource
	// that still has them is harvesters.ErrNotModified. nil: unconditional.
	Known map[string]Validators
	// Spool is a directory of the session's own in which responses are kept
	// until Done, so that an interrupted run can go on; "" for none.
	Spool string
	// Keep keeps there, beyond Done, the responses that have validators: the next
	// session asks whether they still hold, and takes those that do from there.
	Keep bool
	// Full asks unconditionally, whatever was kept.
	Full bool
	// Limits, where not zero, replace those of the Client.
	Limits Limits
}

// Validators recognise an unchanged resource: by what the server said
// (RFC 9110 §8.8) and, for servers that say nothing, by the body's hash.
type Validators struct {
	ETag         string `json:"etag,omitempty"`
	LastModified string `json:"lastModified,omitempty"`
	SHA256       string `json:"sha256"` // of the body, hex
}

// Session fetches the resources of one source. It implements
// harvesters.Getter.
type Session struct {
	client *Client
	target Target
	limits Limits
	origin string

	requests     atomic.Int64
	bytes        atomic.Int64 // of bodies, decompressed
	failedInARow atomic.Int64

	mu        sync.Mutex
	seen      map[string]Validators
	paths     map[string]*pages
	unchanged bool
	truncated []string
}

// Session returns a Session for t.
func (c *Client) Session(t Target) (*Session, error) {
	s := &Session{client: c, target: t, limits: t.Limits, seen: make(map[string]Validators), paths: make(map[string]*pages)}
	if s.limits == (Limits{}) {
		s.limits = c.config.Limits
	}
	if t.Path == "" {
		return s, nil
	}
	u, err := parseURL(t.Path)
	if err != nil {
		return nil, err
	}
	s.origin = originOf(u)
	return s, nil
}

// Requests returns the number of requests sent so far: with retries, redirects
// and those for access tokens.
func (s *Session) Requests() int64 { return s.requests.Load() }

// Validators returns those of the resources fetched so far, by URL.
func (s *Session) Validators() map[string]Validators {
	s.mu.Lock()
	defer s.mu.Unlock()
	return maps.Clone(s.seen)
}

// Unchanged reports whether a resource was harvesters.ErrNotModified.
func (s *Session) Unchanged() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.unchanged
}

// Truncated returns the URLs of the responses that broke off: their bodies were
// returned as far as they came, and a harvest with one is incomplete.
func (s *Session) Truncated() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([]string(nil), s.truncated...)
}

// Get fetches a resource as harvesters.Getter describes. Besides, errors are
// *LimitError, *RedirectError, *RetryLaterError, *AuthError, a
// *netguard.RefusedError inside, or harvesters.ErrNotModified.
func (s *Session) Get(ctx context.Context, req harvesters.Request) (*harvesters.Response, error) {
	u, err := parseURL(req.URL)
	if err != nil {
		return nil, err
	}
	if s.target.Spool != "" {
		if resp := s.spool().get(u.String()); resp != nil {
			return resp, s.remember(resp.URL, req.Series, resp.Header, digestOf(resp.Body))
		}
	}
	into := newBody(s.limits.Body, nil)
	resp, err := s.fetch(ctx, u, req, into)
	if err == nil && !into.partial && s.target.Spool != "" {
		err = s.spool().put(u.String(), resp, false)
	}
	return resp, err
}

// fetch gets a resource with its body in the given place.
func (s *Session) fetch(ctx context.Context, u *url.URL, req harvesters.Request, into *body) (*harvesters.Response, error) {
	if n := s.failedInARow.Load(); s.limits.FailedInARow > 0 && n >= int64(s.limits.FailedInARow) {
		return nil, &LimitError{req.URL, fmt.Sprintf("not tried: the %d requests before it all failed", n)}
	}
	resp, err := s.retried(ctx, func() (*harvesters.Response, error) { return s.follow(ctx, u, req, into) })
	if err != nil && !errors.Is(err, harvesters.ErrNotModified) {
		if partial, ok := s.partial(resp, into.size, err); ok {
			into.partial = true
			return partial, nil
		}
		if passing(err) {
			s.failedInARow.Add(1)
		}
		return nil, err
	}
	s.failedInARow.Store(0)
	return resp, err
}

func (s *Session) spool() spool { return spool{s.target.Spool, s.client.config.Now} }

// partial accepts a body that broke off, after the retries, so that its good
// records are not lost.
func (s *Session) partial(resp *harvesters.Response, size int64, err error) (*harvesters.Response, bool) {
	if resp == nil || size == 0 || !Unreachable(err) || errors.Is(err, errSlow) || errors.Is(err, context.Canceled) {
		return nil, false
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.truncated = append(s.truncated, resp.URL.String())
	return resp, true
}

// follow makes one try: the request and the redirects that it leads through.
// Each hop is a request of its own, with what its own origin may see.
func (s *Session) follow(ctx context.Context, u *url.URL, req harvesters.Request, into *body) (*harvesters.Response, error) {
	for hop := 0; ; hop++ {
		resp, location, err := s.hop(ctx, u, req, into)
		if err == nil && location == nil {
			return resp, s.remember(resp.URL, req.Series, resp.Header, into.digestOf(resp))
		}
		if err != nil {
			return resp, err
		}
		switch {
		case hop >= s.limits.Redirects:
			return nil, &RedirectError{req.URL, location.Redacted(), fmt.Sprintf("more than %d redirects", s.limits.Redirects)}
		case location.Scheme != "http" && location.Scheme != "https":
			return nil, &RedirectError{req.URL, location.Redacted(), "neither http nor https"}
		case u.Scheme == "https" && location.Scheme == "http":
			return nil, &RedirectError{req.URL, location.Redacted(), "it leads from https to http"}
		}
		u = location
	}
}

// hop sends one request, twice where the first was refused for credentials that
// can be renewed.
func (s *Session) hop(ctx context.Context, u *url.URL, req harvesters.Request, into *body) (*harvesters.Response, *url.URL, error) {
	r, err := s.request(ctx, u, req)
	if err != nil {
		return nil, nil, err
	}
	resp, location, err := s.send(u, r, into)
	var status *harvesters.StatusError
	if !errors.As(err, &status) || status.Status != http.StatusUnauthorized || !s.own(u) || s.target.Auth == nil || !s.target.Auth.renew(s, r) {
		return resp, location, err
	}
	if r, err = s.request(ctx, u, req); err != nil {
		return nil, nil, err
	}
	return s.send(u, r, into)
}

// send sends one request and reads the answer.
func (s *Session) send(u *url.URL, r *http.Request, into *body) (*harvesters.Response, *url.URL, error) {
	ctx, cancelTime := context.WithTimeoutCause(r.Context(), s.limits.Response, errSlow)
	defer cancelTime()
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)

	host := s.client.host(r.URL.Host)
	if err := s.client.enter(ctx, host); err != nil {
		return nil, nil, err
	}
	defer host.leave()
	answer, err := s.roundTrip(r.WithContext(ctx))
	if err != nil {
		return nil, nil, s.failed(ctx, u, err)
	}
	defer answer.Body.Close()
	return s.answer(ctx, cancel, host, u, answer, into)
}

// roundTrip counts and sends.
func (s *Session) roundTrip(r *http.Request) (*http.Response, error) {
	if n := s.requests.Add(1); n > s.limits.Requests {
		return nil, &LimitError{display(r.URL), fmt.Sprintf("more than %d requests for one source", s.limits.Requests)}
	}
	return s.client.transport.RoundTrip(r)
}

// failed gives a transport's error the URL as the source has it, and the cause
// where we cancelled.
func (s *Session) failed(ctx context.Context, u *url.URL, err error) error {
	var limit *LimitError
	if errors.As(err, &limit) {
		return limit
	}
	if cause := context.Cause(ctx); cause != nil {
		err = cause
	}
	return &transportError{display(u), err}
}

// answer turns a response into what Get returns, or into a redirect's target.
func (s *Session) answer(ctx context.Context, cancel context.CancelCauseFunc, host *host, u *url.URL, a *http.Response, into *body) (*harvesters.Response, *url.URL, error) {
	switch {
	case a.StatusCode == http.StatusNotModified:
		resp, err := s.notModified(u, a.Header)
		return resp, nil, err
	case a.StatusCode >= 300 && a.StatusCode < 400 && a.Header.Get("Location") != "":
		location, err := u.Parse(a.Header.Get("Location"))
		if err != nil {
			return nil, nil, &RedirectError{display(u), "an invalid address", "the Location header cannot be read"}
		}
		location.User = nil
		return nil, location, canonical(location)
	case a.StatusCode < 200 || a.StatusCode > 299:
		return nil, nil, s.refused(host, u, a)
	}
	err := into.read(s, a, display(u), cancel)
	if s.bytes.Add(into.size) > s.limits.Total {
		return nil, nil, &LimitError{display(u), "more than " + bytesText(s.limits.Total) + " for one source"}
	}
	resp := &harvesters.Response{URL: u, Status: a.StatusCode, Header: a.Header, Body: into.bytes()}
	resp.MediaType, _, _ = mime.ParseMediaType(a.Header.Get("Content-Type"))
	if err != nil {
		return resp, nil, s.failed(ctx, u, err)
	}
	return resp, nil, nil
}

// refused makes the error for a status that is not a success.
func (s *Session) refused(host *host, u *url.URL, a *http.Response) error {
	head, _ := io.ReadAll(io.LimitReader(a.Body, 4<<10)) // a cut-off detail is still one
	status := &harvesters.StatusError{URL: display(u), Status: a.StatusCode, Detail: detail(head)}
	if s.target.Auth != nil && s.own(u) {
		// The body may echo what was sent.
		status.Detail = s.target.Auth.explain(a.StatusCode)
	}
	if a.StatusCode != http.StatusTooManyRequests && a.StatusCode != http.StatusServiceUnavailable {
		return status
	}
	now := s.client.config.Now()
	wait, ok := retryAfter(a.Header.Get("Retry-After"), now)
	if !ok {
		return status
	}
	host.pause(now.Add(min(wait, s.limits.RetryAfter)))
	return &waitError{status, wait}
}

// notModified is for an answer that what we know still holds: of the whole
// source, or of a page that an earlier session kept.
func (s *Session) notModified(u *url.URL, h http.Header) (*harvesters.Response, error) {
	s.mu.Lock()
	known, ok := s.target.Known[u.String()]
	if ok {
		s.seen[u.String()] = known
		s.unchanged = true
	}
	s.mu.Unlock()
	if ok {
		return nil, harvesters.ErrNotModified
	}
	if kept := s.spool().kept(u.String()); kept != nil && s.conditional() {
		for _, name := range spooledHeaders { // RFC 9111 §3.2
			if values := h[name]; len(values) > 0 {
				kept.Header[name] = values
			}
		}
		return kept, nil
	}
	return nil, &harvesters.StatusError{URL: display(u), Status: http.StatusNotModified, Detail: "to a request without conditions"}
}

// conditional reports whether what earlier sessions kept counts.
func (s *Session) conditional() bool {
	return s.target.Spool != "" && s.target.Keep && !s.target.Full
}

// keptHead returns what is known of the response from u that an earlier session
// kept, nil where there is none.
func (s *Session) keptHead(u *url.URL) *spooled {
	if !s.conditional() {
		return nil
	}
	return readHead(s.spool().file(u.String()) + keptSuffix)
}

// remember keeps the validators of a body, and recognises one that is known.
func (s *Session) remember(u *url.URL, series string, h http.Header, digest string) error {
	now := Validators{ETag: h.Get("ETag"), LastModified: h.Get("Last-Modified"), SHA256: digest}
	s.mu.Lock()
	defer s.mu.Unlock()
	if err := s.turn(u, series, now.SHA256); err != nil {
		return err
	}
	if len(s.seen) < maxRemembered {
		s.seen[u.String()] = now
	}
	if known, ok := s.target.Known[u.String()]; ok && known.SHA256 == now.SHA256 {
		s.unchanged = true
		return harvesters.ErrNotModified
	}
	return nil
}

func digestOf(text []byte) string {
	sum := sha256.Sum256(text)
	return hex.EncodeToString(sum[:])
}

// maxRemembered is of how many resources a session remembers validators, and of
// how many paths their pages, at some 400 bytes each: an API may need two requests
// for each course.
const maxRemembered = 50_000

// pages is what came of one path.
type pages struct {
	count, same int
	last        string // digest of the latest body
	url         string // of the latest body
}

// turn notes a page of a list. It fails where pages do not end, or do not
// differ.
func (s *Session) turn(u *url.URL, series, digest string) error {
	name := u.Host + u.Path + " " + series
	p := s.paths[name]
	if p == nil && len(s.paths) >= maxRemembered {
		return nil // the number of requests bounds what comes
	}
	if p == nil {
		p = &pages{}
		s.paths[name] = p
	}
	if p.count++; p.count > s.limits.Pages {
		return &LimitError{display(u), fmt.Sprintf("more than %d pages", s.limits.Pages)}
	}
	if p.last != digest || p.url == u.String() {
		p.last, p.url, p.same = digest, u.String(), 1
		return nil
	}
	p.url = u.String()
	if p.same++; p.same > s.limits.SamePage {
		return &LimitError{display(u), "the same page again and again, whatever page is asked for"}
	}
	return nil
}

// own reports whether u has the origin that the source's secrets belong to.
func (s *Session) own(u *url.URL) bool { return s.origin != "" && originOf(u) == s.origin }

// request builds the HTTP request for u.
func (s *Session) request(ctx context.Context, u *url.URL, req harvesters.Request) (*http.Request, error) {
	sent := *u
	own := s.own(u)
	if own {
		sent.RawQuery = withQuery(u, s.target.Query)
	}
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, sent.String(), nil)
	if err != nil {
		return nil, fmt.Errorf("GET %s: %w", display(u), err)
	}
	r.Header.Set("User-Agent", s.client.config.UserAgent)
	r.Header.Set("Accept-Encoding", "gzip")
	if req.Accept != "" {
		r.Header.Set("Accept", req.Accept)
	}
	if known, ok := s.target.Known[u.String()]; ok {
		setUnlessEmpty(r.Header, "If-None-Match", known.ETag)
		setUnlessEmpty(r.Header, "If-Modified-Since", known.LastModified)
	} else if kept := s.keptHead(u); kept != nil {
		setUnlessEmpty(r.Header, "If-None-Match", http.Header(kept.Header).Get("ETag"))
		setUnlessEmpty(r.Header, "If-Modified-Since", http.Header(kept.Header).Get("Last-Modified"))
	}
	if !own {
		return r, nil
	}
	for name, value := range s.target.Header {
		r.Header.Set(name, value)
	}
	// Last, so that no header of the manifest replaces the credentials.
	if s.target.Auth != nil {
		if err := s.target.Auth.apply(ctx, s, r); err != nil {
			return nil, err
		}
	}
	return r, nil
}

func setUnlessEmpty(h http.Header, name, value string) {
	if value != "" {
		h.Set(name, value)
	}
}
