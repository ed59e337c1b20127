package protocol

import (
	"cmp"
	"fmt"
	"net/http"
	"net/netip"
	"strconv"
	"strings"
	"sync"
	"time"

	"golang.org/x/time/rate"
)

const (
	// maxClients bounds the table of clients: about 300 bytes each. Those beyond
	// share one entry.
	maxClients = 20_000
	// clientIdle is after how long a client is forgotten; by then its allowances
	// are full again.
	clientIdle = 3 * time.Minute
)

// clients meters each client: requests per second, time of evaluation, requests
// at a time. A client is an IPv4 address or an IPv6 network of 64 bits.
type clients struct {
	limits Limits
	mu     sync.Mutex
	table  map[netip.Prefix]*client
	others *client
}

// client is one of them. A nil client is not metered.
type client struct {
	owner    *clients
	requests *rate.Limiter
	work     *rate.Limiter // in milliseconds
	running  int
	seen     time.Time
}

func newClients(l Limits) *clients {
	c := &clients{limits: l, table: map[netip.Prefix]*client{}}
	c.others = c.newClient()
	return c
}

func (c *clients) newClient() *client {
	return &client{
		owner:    c,
		requests: rate.NewLimiter(rate.Limit(c.limits.Rate), c.limits.Burst),
		work:     rate.NewLimiter(1000, int(c.limits.Work.Milliseconds())),
	}
}

// enter admits a request or refuses it with 429.
func (c *clients) enter(x *exchange) (*client, error) {
	address := x.address()
	if address.IsLoopback() && !c.limits.Loopback {
		return nil, nil
	}
	if x.token == Stranger {
		x.token = x.permission()
	}
	if x.token >= Known && !c.limits.Tokens {
		return nil, nil
	}
	now := time.Now()
	c.mu.Lock()
	defer c.mu.Unlock()
	k := c.find(address, now)
	refusal := k.admit(now)
	k.announce(x.out.w.Header(), now)
	if refusal != nil {
		return nil, refusal
	}
	k.running++
	return k, nil
}

// admit takes the request from the client's allowances or returns a 429;
// c.mu is held.
func (k *client) admit(now time.Time) error {
	l := k.owner.limits
	switch {
	case l.PerClient > 0 && k.running >= l.PerClient:
		return tooMany("perclient", l.PerClient, time.Second, fmt.Sprintf("you have %d requests running already", k.running))
	case l.Work > 0 && k.work.TokensAt(now) < 1:
		return tooMany("work", l.Work.Seconds(), k.untilWork(now), fmt.Sprintf("your queries have used up the %v of evaluation that clients have in advance", l.Work))
	case l.Rate > 0 && !k.requests.AllowN(now, 1):
		return tooMany("rate", l.Rate, k.untilRequest(now), fmt.Sprintf("more than %g requests per second", l.Rate))
	}
	return nil
}

// untilRequest and untilWork tell when the client is admitted again.
func (k *client) untilRequest(now time.Time) time.Duration {
	return seconds((1 - k.requests.TokensAt(now)) / k.owner.limits.Rate)
}

func (k *client) untilWork(now time.Time) time.Duration {
	return seconds((1 - k.work.TokensAt(now)) / 1000)
}

func seconds(s float64) time.Duration { return time.Duration(s * float64(time.Second)) }

// announce tells the client its allowances and what is left of them
// (draft-ietf-httpapi-ratelimit-headers-10). A policy's time t is until it admits
// again where nothing is left, else until all of it is back.
func (k *client) announce(h http.Header, now time.Time) {
	l := k.owner.limits
	var policies, left []string
	if l.Rate > 0 {
		tokens, full := k.requests.TokensAt(now), seconds(float64(l.Burst)/l.Rate)
		until := seconds((float64(l.Burst) - tokens) / l.Rate)
		if tokens < 1 {
			until = k.untilRequest(now)
		}
		policies = append(policies, fmt.Sprintf(`"rate";q=%d;w=%d`, l.Burst, wholeSeconds(full)))
		left = append(left, fmt.Sprintf(`"rate";r=%d;t=%d`, int(max(tokens, 0)), wholeSeconds(until)))
	}
	if l.Work > 0 {
		spare := time.Duration(k.work.TokensAt(now)) * time.Millisecond
		until := l.Work - spare
		if spare <= 0 {
			until = k.untilWork(now)
		}
		policies = append(policies, fmt.Sprintf(`"work";q=%d;w=%d;qu="qlgraph-seconds"`, wholeSeconds(l.Work), wholeSeconds(l.Work)))
		left = append(left, fmt.Sprintf(`"work";r=%d;t=%d`, max(spare, 0)/time.Second, wholeSeconds(until)))
	}
	if l.PerClient > 0 {
		policies = append(policies, fmt.Sprintf(`"perclient";q=%d;qu="concurrent-requests"`, l.PerClient))
	}
	if len(policies) > 0 {
		h.Set("RateLimit-Policy", strings.Join(policies, ", "))
	}
	if len(left) > 0 {
		h.Set("RateLimit", strings.Join(left, ", "))
	}
}

// wholeSeconds rounds up.
func wholeSeconds(d time.Duration) int { return int((d + time.Second - 1) / time.Second) }

// find returns the entry of an address; c.mu is held.
func (c *clients) find(address netip.Addr, now time.Time) *client {
	length := 32
	if address.Is6() {
		length = 64
	}
	key, err := address.Prefix(length)
	if err != nil {
		return c.others
	}
	k := c.table[key]
	if k == nil {
		if len(c.table) >= maxClients {
			c.forget(now)
		}
		if len(c.table) >= maxClients {
			return c.others
		}
		k = c.newClient()
		c.table[key] = k
	}
	k.seen = now
	return k
}

// forget drops the clients that are idle; c.mu is held.
func (c *clients) forget(now time.Time) {
	for key, k := range c.table {
		if k.running == 0 && now.Sub(k.seen) > clientIdle {
			delete(c.table, key)
		}
	}
}

// leave ends a request that was evaluated for the time spent.
func (k *client) leave(spent time.Duration) {
	if k == nil {
		return
	}
	k.owner.mu.Lock()
	defer k.owner.mu.Unlock()
	k.running--
	if burst := k.work.Burst(); burst > 0 {
		k.work.ReserveN(time.Now(), min(int(spent.Milliseconds()), burst))
	}
}

// tooMany is a 429 that tells when to come back, and which policy was violated
// (draft-ietf-httpapi-ratelimit-headers-10, "violated-policies").
func tooMany(policy string, max any, wait time.Duration, detail string) *failure {
	f := limited(http.StatusTooManyRequests, "rate", policy, max, detail)
	f.extra["violated-policies"] = []string{policy}
	f.header = map[string]string{"Retry-After": strconv.Itoa(cmp.Or(wholeSeconds(wait), 1))}
	return f
}

// address returns who sent the request, an invalid address where nobody knows.
func (x *exchange) address() netip.Addr {
	if x.config.Client != nil {
		return x.config.Client(x.r).Unmap()
	}
	port, err := netip.ParseAddrPort(x.r.RemoteAddr)
	if err != nil {
		return netip.Addr{}
	}
	return port.Addr().Unmap()
}
