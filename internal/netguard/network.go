package netguard

import (
	"context"
	"fmt"
	"net"
	"net/netip"
	"syscall"
	"time"
)

// connectTimeout bounds one connection attempt, name resolution included: a
// server that does not accept within ten seconds will not serve a catalogue.
const connectTimeout = 10 * time.Second

// Config says how a Network reaches the outside.
type Config struct {
	// AllowPrivate opens loopback, private (RFC 1918) and unique local
	// (RFC 4193) addresses; link-local and metadata addresses stay closed.
	AllowPrivate bool
	// Resolver is the "host:port" of the DNS server to ask, "" for the
	// system's. It is exempt from the guard: the operator named it.
	Resolver string
	// Routes redirects connections by the "host:port" that was asked for,
	// before name resolution; the guard applies to the new address. An empty
	// target refuses the connection. The sample providers use it to have
	// hosts with the standard ports on a machine where those are taken.
	Routes map[string]string
}

// Network resolves names and opens connections under the guard's policy.
type Network struct {
	routes   map[string]string
	policy   policy
	resolver *net.Resolver
	dialer   net.Dialer
}

// New returns the Network that c describes.
func New(c Config) *Network {
	n := &Network{routes: c.Routes, policy: newPolicy(c.AllowPrivate), resolver: net.DefaultResolver}
	if c.Resolver != "" {
		server := c.Resolver
		n.resolver = &net.Resolver{
			PreferGo: true, // the system's library would ask the system's servers
			Dial: func(ctx context.Context, network, _ string) (net.Conn, error) {
				var d net.Dialer
				return d.DialContext(ctx, network, server)
			},
		}
	}
	n.dialer = net.Dialer{
		Timeout:  connectTimeout,
		Resolver: n.resolver,
		Control: func(_, address string, _ syscall.RawConn) error {
			return n.Check(address)
		},
	}
	return n
}

// Check judges an address "ip:port" as Dial does in the moment of connecting.
// A *RefusedError says why it may not be connected to.
func (n *Network) Check(address string) error {
	target, err := netip.ParseAddrPort(address)
	if err != nil {
		return fmt.Errorf("refused to connect to %q: %w", address, err)
	}
	refused := n.policy.check(target.Addr())
	if refused == nil {
		refused = checkPort(target.Port())
	}
	if refused == nil {
		return nil
	}
	refused.Address = address
	return refused
}

// Dial connects to the address "host:port", as net.Dialer.DialContext does. The
// error for an address that the policy excludes is a *RefusedError; where a
// name has several addresses the others are tried.
func (n *Network) Dial(ctx context.Context, network, address string) (net.Conn, error) {
	if to, routed := n.routes[address]; routed {
		if to == "" {
			return nil, &net.OpError{Op: "dial", Net: network, Err: syscall.ECONNREFUSED}
		}
		address = to
	}
	return n.dialer.DialContext(ctx, network, address)
}

// Resolver returns the resolver that the network uses, for records other than
// addresses. Its errors are *net.DNSError.
func (n *Network) Resolver() *net.Resolver { return n.resolver }
