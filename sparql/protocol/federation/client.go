package federation

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"os"
	"time"

	"qlgraph/internal/netguard"
)

// Config says whom a Client may ask, and how.
type Config struct {
	// Services may be asked by SERVICE, Documents be read by LOAD.
	Services, Documents AllowList
	// Dial opens connections, and refuses addresses that nobody may reach.
	Dial func(ctx context.Context, network, address string) (net.Conn, error)
	// UserAgent names the server to those that it asks.
	UserAgent string
	Limits    Limits
}

// Limits bound what another server may cost. A zero field means the default
// beside it.
type Limits struct {
	Time          time.Duration // 10 s for one answer of a service, to its end
	Bytes         int64         // 16 MiB of one answer, decompressed
	Rows          int           // 100,000 solutions of one answer
	DocumentTime  time.Duration // 25 s for a document: less than an update has
	DocumentBytes int64         // 64 MiB of a document, decompressed
}

func (l Limits) withDefaults() Limits {
	return Limits{
		Time:          cmp.Or(l.Time, 10*time.Second),
		Bytes:         cmp.Or(l.Bytes, 16<<20),
		Rows:          cmp.Or(l.Rows, 100_000),
		DocumentTime:  cmp.Or(l.DocumentTime, 25*time.Second),
		DocumentBytes: cmp.Or(l.DocumentBytes, 64<<20),
	}
}

// Client asks other servers. It implements sparql.Service; Load is for
// sparql.Options.Load.
type Client struct {
	config    Config
	limits    Limits
	transport *http.Transport
}

const (
	maxRedirects = 5
	maxHeader    = 64 << 10
	idleTime     = 30 * time.Second
)

// New returns a Client. Proxies of the environment are not used: they would
// resolve names behind the dialer's back.
func New(c Config) *Client {
	return &Client{config: c, limits: c.Limits.withDefaults(), transport: &http.Transport{
		DialContext:            c.Dial,
		TLSHandshakeTimeout:    10 * time.Second,
		MaxResponseHeaderBytes: maxHeader,
		MaxConnsPerHost:        8,
		MaxIdleConnsPerHost:    2,
		IdleConnTimeout:        idleTime,
	}}
}

// NotAllowedError is the refusal to ask an address that no list allows, or that
// the dialer does not.
type NotAllowedError struct {
	Address string
	Setting string                 // the list: "service_allow" or "load_allow"
	Guard   *netguard.RefusedError // of the dialer; nil where it is the list's
}

// Error says which setting would allow the address.
func (e *NotAllowedError) Error() string {
	if e.Guard != nil {
		return e.Address + ": " + e.Guard.Error()
	}
	return fmt.Sprintf("%s is not among the addresses that the setting sparql.%s allows", e.Address, e.Setting)
}

// RemoteError is the failure of another server: it cannot be reached, refuses,
// answers with something else than results, or exceeds a limit.
type RemoteError struct {
	Timeout bool   // it took too long
	Limit   string // the limit that its answer exceeds: "remotebytes", "remoterows", …; "" as a rule
	Max     int64  // of Limit: bytes, rows, nanoseconds
	Err     error
}

// Error tells what the other server did.
func (e *RemoteError) Error() string { return e.Err.Error() }

// Unwrap returns the cause.
func (e *RemoteError) Unwrap() error { return e.Err }

// reach says how far a request may go.
type reach struct {
	list    AllowList
	setting string
	limit   string // the name of the limit of time
	time    time.Duration
}

// do sends a request. ends is to be called when the body was read; it ends the
// time for it.
func (c *Client) do(req *http.Request, to reach) (resp *http.Response, ends context.CancelFunc, err error) {
	if !to.list.Allows(req.URL) {
		return nil, nil, &NotAllowedError{Address: req.URL.Redacted(), Setting: to.setting}
	}
	ctx, cancel := context.WithTimeoutCause(req.Context(), to.time, errTooSlow)
	client := &http.Client{Transport: c.transport, CheckRedirect: func(next *http.Request, via []*http.Request) error {
		switch {
		case len(via) > maxRedirects:
			return fmt.Errorf("more than %d redirects", maxRedirects)
		case next.Method != req.Method: // 301 to 303 drop a query's body
			return fmt.Errorf("it redirects to %s without the query", next.URL.Redacted())
		case !to.list.Allows(next.URL):
			return &NotAllowedError{Address: next.URL.Redacted(), Setting: to.setting}
		}
		next.Header.Del("Referer")
		return nil
	}}
	req.Header.Set("User-Agent", cmp.Or(c.config.UserAgent, "qlgraph"))
	resp, err = client.Do(req.WithContext(ctx))
	if err != nil {
		err = failed(ctx, err, to)
		cancel()
		return nil, nil, err
	}
	if resp.StatusCode != http.StatusOK {
		resp.Body.Close()
		cancel()
		return nil, nil, &RemoteError{Err: fmt.Errorf("it answered %s", resp.Status)}
	}
	return resp, cancel, nil
}

var errTooSlow = errors.New("the time for another server is over")

// failed makes an error of the network a *RemoteError; a refusal of ours and the
// end of the query itself stay what they are.
func failed(ctx context.Context, err error, to reach) error {
	var refused *NotAllowedError
	var remote *RemoteError
	var guard *netguard.RefusedError
	var inURL *url.Error
	switch {
	case errors.As(err, &refused):
		return refused
	case errors.As(err, &guard):
		return &NotAllowedError{Address: guard.Address, Setting: to.setting, Guard: guard}
	case errors.As(err, &remote):
		return remote
	case errors.Is(context.Cause(ctx), errTooSlow):
		return &RemoteError{Timeout: true, Limit: to.limit, Max: int64(to.time), Err: fmt.Errorf("no complete answer within %v", to.time)}
	case ctx.Err() != nil:
		return context.Cause(ctx)
	case errors.As(err, &inURL):
		err = inURL.Err // the address stands before it already
	}
	return &RemoteError{Timeout: errors.Is(err, os.ErrDeadlineExceeded), Err: err}
}

// body reads at most max bytes, and fails beyond.
type body struct {
	io.Reader
	left, max int64
	limit     string
	exceeded  *RemoteError
}

func newBody(r io.Reader, limit string, max int64) *body {
	return &body{Reader: r, left: max, max: max, limit: limit}
}

// Read fails with a *RemoteError once the limit is exceeded.
func (b *body) Read(p []byte) (int, error) {
	if b.exceeded != nil {
		return 0, b.exceeded
	}
	if int64(len(p)) > b.left+1 {
		p = p[:b.left+1]
	}
	n, err := b.Reader.Read(p)
	if b.left -= int64(n); b.left < 0 {
		b.exceeded = &RemoteError{Limit: b.limit, Max: b.max, Err: fmt.Errorf("it sends more than %d bytes", b.max)}
		return 0, b.exceeded
	}
	return n, err
}

// cause returns why a decoder of b failed.
func (b *body) cause(err error) error {
	if b.exceeded != nil {
		return b.exceeded
	}
	return err
}
