package fetch

import (
	"context"
	"crypto/tls"
	"net/http"
	"sync"
	"time"

	"qlgraph/internal/netguard"
)

// Config says how a Client behaves. The zero value of every field but Network
// is usable.
type Config struct {
	Network   *netguard.Network
	UserAgent string // names the aggregator to providers: "qlgraph (+http://…)"
	Limits    Limits // zero: DefaultLimits
	TLS       *tls.Config
	// PlainTokens allows token endpoints without TLS: for tests and intranets.
	PlainTokens bool
	// Now and Sleep stand in for the clock in tests.
	Now   func() time.Time
	Sleep func(context.Context, time.Duration) error
}

// Client is what all requests of a process share.
type Client struct {
	config    Config
	transport *http.Transport

	mu     sync.Mutex
	hosts  map[string]*host
	tokens map[tokenKey]*tokenSlot
}

// New returns a Client. Proxies of the environment are not used: they would
// resolve names behind the guard's back.
func New(c Config) *Client {
	if c.UserAgent == "" {
		c.UserAgent = "qlgraph"
	}
	if c.Limits == (Limits{}) {
		c.Limits = DefaultLimits()
	}
	if c.Now == nil {
		c.Now = time.Now
	}
	if c.Sleep == nil {
		c.Sleep = sleep
	}
	return &Client{
		config: c,
		transport: &http.Transport{
			DialContext:            c.Network.Dial,
			TLSClientConfig:        c.TLS,
			TLSHandshakeTimeout:    10 * time.Second,
			ResponseHeaderTimeout:  c.Limits.FirstByte,
			MaxResponseHeaderBytes: maxHeader,
			MaxConnsPerHost:        connectionsPerHost,
			MaxIdleConnsPerHost:    connectionsPerHost,
			MaxIdleConns:           64,
			IdleConnTimeout:        30 * time.Second,
			DisableCompression:     true, // body.go decompresses and counts
		},
		hosts:  make(map[string]*host),
		tokens: make(map[tokenKey]*tokenSlot),
	}
}

// Close drops the idle connections.
func (c *Client) Close() { c.transport.CloseIdleConnections() }

func sleep(ctx context.Context, d time.Duration) error {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return context.Cause(ctx)
	}
}

// host is what we owe one server: few connections, and the pause it asked for.
type host struct {
	slots chan struct{}

	mu    sync.Mutex
	until time.Time // no request before
}

func (c *Client) host(name string) *host {
	c.mu.Lock()
	defer c.mu.Unlock()
	h := c.hosts[name]
	if h == nil {
		h = &host{slots: make(chan struct{}, connectionsPerHost)}
		c.hosts[name] = h
	}
	return h
}

// enter waits for a free connection and for the end of a pause.
func (c *Client) enter(ctx context.Context, h *host) error {
	select {
	case h.slots <- struct{}{}:
	case <-ctx.Done():
		return context.Cause(ctx)
	}
	h.mu.Lock()
	wait := h.until.Sub(c.config.Now())
	h.mu.Unlock()
	if wait <= 0 {
		return nil
	}
	if err := c.config.Sleep(ctx, wait); err != nil {
		h.leave()
		return err
	}
	return nil
}

func (h *host) leave() { <-h.slots }

// pause lets no request start before until.
func (h *host) pause(until time.Time) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if until.After(h.until) {
		h.until = until
	}
}
