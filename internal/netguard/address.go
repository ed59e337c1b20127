package netguard

import (
	"fmt"
	"net/netip"
)

// RefusedError is the reason for which a connection was not made. It reaches
// callers wrapped (in *net.OpError, *url.Error): use errors.As.
type RefusedError struct {
	Address string // "127.0.0.1:80"
	Reason  string // "a loopback address"
	Private bool   // network.allow_private would allow it
}

// Error names the address and the reason, and the setting where one would help.
func (e *RefusedError) Error() string {
	msg := fmt.Sprintf("refused to connect to %s: %s", e.Address, e.Reason)
	if e.Private {
		msg += " (allowed only with network.allow_private)"
	}
	return msg
}

// class says what kind of special address a prefix holds.
type class struct {
	prefix  netip.Prefix
	reason  string
	private bool // an operator can allow it
}

// special lists the IPv4 blocks and the IPv6 blocks that are not public, the
// narrower before the wider where they differ in private.
func special() []class {
	return []class{
		// Cloud metadata services live in ranges that allow_private opens.
		{netip.MustParsePrefix("fd00:ec2::254/128"), "a cloud metadata service", false},
		{netip.MustParsePrefix("100.100.100.200/32"), "a cloud metadata service", false},

		{netip.MustParsePrefix("127.0.0.0/8"), "a loopback address", true},
		{netip.MustParsePrefix("10.0.0.0/8"), "a private address", true},
		{netip.MustParsePrefix("172.16.0.0/12"), "a private address", true},
		{netip.MustParsePrefix("192.168.0.0/16"), "a private address", true},
		{netip.MustParsePrefix("::1/128"), "a loopback address", true},
		{netip.MustParsePrefix("fc00::/7"), "a unique local address", true},

		{netip.MustParsePrefix("169.254.0.0/16"), "a link-local address", false},
		{netip.MustParsePrefix("fe80::/10"), "a link-local address", false},
		{netip.MustParsePrefix("0.0.0.0/8"), "an address of this host", false},
		{netip.MustParsePrefix("100.64.0.0/10"), "a carrier-grade NAT address", false},
		{netip.MustParsePrefix("192.0.0.0/24"), "a protocol assignment", false},
		{netip.MustParsePrefix("192.0.2.0/24"), "a documentation address", false},
		{netip.MustParsePrefix("198.51.100.0/24"), "a documentation address", false},
		{netip.MustParsePrefix("203.0.113.0/24"), "a documentation address", false},
		{netip.MustParsePrefix("192.88.99.0/24"), "a 6to4 relay address", false},
		{netip.MustParsePrefix("198.18.0.0/15"), "a benchmarking address", false},
		{netip.MustParsePrefix("224.0.0.0/4"), "a multicast address", false},
		{netip.MustParsePrefix("240.0.0.0/4"), "a reserved address", false},
		{netip.MustParsePrefix("ff00::/8"), "a multicast address", false},
		{netip.MustParsePrefix("2001::/32"), "a Teredo address", false},
		{netip.MustParsePrefix("2001:2::/48"), "a benchmarking address", false},
		{netip.MustParsePrefix("2001:db8::/32"), "a documentation address", false},
		{netip.MustParsePrefix("3fff::/20"), "a documentation address", false},
	}
}

// embedding lists the IPv6 prefixes that carry an IPv4 address and where in the
// sixteen bytes it stands; such an address is as special as the one it carries.
func embedding() []struct {
	prefix netip.Prefix
	at     int
} {
	return []struct {
		prefix netip.Prefix
		at     int
	}{
		{netip.MustParsePrefix("::/96"), 12},        // IPv4-compatible, RFC 4291 §2.5.5.1
		{netip.MustParsePrefix("64:ff9b::/96"), 12}, // NAT64, RFC 6052 §2.1
		{netip.MustParsePrefix("2002::/16"), 2},     // 6to4, RFC 3056 §2
	}
}

// policy is the compiled form of the lists above, made once per Network.
type policy struct {
	classes      []class
	global6      netip.Prefix
	allowPrivate bool
}

func newPolicy(allowPrivate bool) policy {
	return policy{classes: special(), global6: netip.MustParsePrefix("2000::/3"), allowPrivate: allowPrivate}
}

// check returns why addr may not be connected to, and nil where it may.
func (p policy) check(addr netip.Addr) *RefusedError {
	addr = addr.WithZone("").Unmap()
	for _, c := range p.classes {
		if c.prefix.Contains(addr) {
			if c.private && p.allowPrivate {
				return nil
			}
			return &RefusedError{Reason: c.reason, Private: c.private}
		}
	}
	if addr.Is4() {
		return nil
	}
	for _, e := range embedding() {
		if e.prefix.Contains(addr) {
			bytes := addr.As16()
			return p.check(netip.AddrFrom4([4]byte(bytes[e.at : e.at+4])))
		}
	}
	if !p.global6.Contains(addr) {
		return &RefusedError{Reason: "not a global IPv6 address"}
	}
	return nil
}

// checkPort refuses the system ports other than those of HTTP: they belong to
// other protocols (mail, directories, shells), which a request could address
// with text of a stranger's choosing. Universities do run APIs on high ports.
func checkPort(port uint16) *RefusedError {
	if port == 80 || port == 443 || port >= 1024 {
		return nil
	}
	return &RefusedError{Reason: "port not used for HTTP"}
}
