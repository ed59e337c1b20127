package protocol

import (
	"net/http"
	"net/netip"
	"strconv"
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
	switch {
	case c.limits.PerClient > 0 && k.running >= c.limits.PerClient:
		return nil, tooMany(time.Second, "you have %s requests running already", strconv.Itoa(k.running))
	case c.limits.Work > 0 && k.work.TokensAt(now) < 1:
		missing := time.Duration(1-k.work.TokensAt(now)) * time.Millisecond
		return nil, tooMany(missing, "your queries have used up the time that %s gives you", "a minute")
	case c.limits.Rate > 0 && !k.requests.AllowN(now, 1):
		return nil, tooMany(time.Duration(float64(time.Second)/c.limits.Rate), "more than %s requests per second", strconv.FormatFloat(c.limits.Rate, 'g', 3, 64))
	}
	k.running++
	return k, nil
}

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

func tooMany(wait time.Duration, format, arg string) *failure {
	f := badRequest(format, arg)
	f.status, f.kind = http.StatusTooManyRequests, "rate"
	f.header = map[string]string{"Retry-After": strconv.Itoa(max(1, int((wait+time.Second-1)/time.Second)))}
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
