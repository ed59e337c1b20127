package netguard_test

import (
	"errors"
	"net"
	"strings"
	"testing"

	"qlgraph/internal/netguard"
)

func refusal(t *testing.T, n *netguard.Network, address string) *netguard.RefusedError {
	t.Helper()
	err := n.Check(address)
	var refused *netguard.RefusedError
	if err != nil && !errors.As(err, &refused) {
		t.Errorf("%s: %v", address, err)
	}
	return refused
}

func TestRefusesWhatIsNotPublic(t *testing.T) {
	addresses := map[string]string{
		"127.0.0.1:80":                   "loopback",
		"127.255.255.254:443":            "loopback",
		"[::1]:80":                       "loopback",
		"[::ffff:127.0.0.1]:80":          "loopback",
		"[::ffff:7f00:1]:80":             "loopback",
		"[::127.0.0.1]:80":               "loopback",
		"[64:ff9b::127.0.0.1]:80":        "loopback",
		"[64:ff9b::a9fe:a9fe]:80":        "link-local",
		"[2002:7f00:1::]:80":             "loopback",
		"[2002:a00:1::1]:80":             "private",
		"10.1.2.3:80":                    "private",
		"172.16.0.1:80":                  "private",
		"172.31.255.255:80":              "private",
		"192.168.1.1:80":                 "private",
		"[fd12:3456::1]:80":              "unique local",
		"169.254.169.254:80":             "link-local",
		"[fe80::1]:80":                   "link-local",
		"[::ffff:169.254.169.254]:80":    "link-local",
		"[fd00:ec2::254]:80":             "metadata",
		"100.100.100.200:80":             "metadata",
		"100.64.0.1:80":                  "carrier-grade",
		"0.0.0.0:80":                     "this host",
		"[::]:80":                        "this host",
		"224.0.0.1:80":                   "multicast",
		"[ff02::1]:80":                   "multicast",
		"255.255.255.255:80":             "reserved",
		"192.0.2.1:80":                   "documentation",
		"[2001:db8::1]:80":               "documentation",
		"198.18.0.1:80":                  "benchmarking",
		"[2001:0:4136:e378::1]:80":       "Teredo",
		"[fec0::1]:80":                   "not a global",
		"[100::1]:80":                    "not a global",
		"[64:ff9b:1::1]:80":              "not a global",
		"[2001:4860:4860::8888]:25":      "port",
		"8.8.8.8:22":                     "port",
		"8.8.8.8:1023":                   "port",
		"[::ffff:0:127.0.0.1]:80":        "not a global",
		"[2002:c0a8:101::c0a8:101]:8080": "private",
	}
	n := netguard.New(netguard.Config{})
	for address, reason := range addresses {
		refused := refusal(t, n, address)
		if refused == nil {
			t.Errorf("%s: not refused", address)
		} else if !strings.Contains(refused.Reason, reason) {
			t.Errorf("%s: reason %q, want one with %q", address, refused.Reason, reason)
		}
	}
}

func TestAllowPrivate(t *testing.T) {
	n := netguard.New(netguard.Config{AllowPrivate: true})
	for _, address := range []string{"127.0.0.1:8080", "10.1.2.3:80", "192.168.1.1:443", "[::1]:9000", "[fd12::1]:80"} {
		if refused := refusal(t, n, address); refused != nil {
			t.Errorf("%s: %v", address, refused)
		}
	}
	for _, address := range []string{
		"169.254.169.254:80", "[fe80::1]:80", "[::ffff:169.254.169.254]:80", "[fd00:ec2::254]:80",
		"0.0.0.0:80", "224.0.0.1:80", "100.64.0.1:80", "127.0.0.1:25",
	} {
		if refusal(t, n, address) == nil {
			t.Errorf("%s: not refused with allow_private", address)
		}
	}
}

func TestPublicAddressesAreNotRefused(t *testing.T) {
	n := netguard.New(netguard.Config{})
	for _, address := range []string{"8.8.8.8:80", "8.8.8.8:443", "8.8.8.8:8443", "[2001:4860:4860::8888]:443", "[64:ff9b::8.8.8.8]:80"} {
		if refused := refusal(t, n, address); refused != nil {
			t.Errorf("%s: %v", address, refused)
		}
	}
}

// A name is judged by the address that it has when the connection is made.
func TestNameThatLeadsToLoopback(t *testing.T) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer listener.Close()
	_, port, _ := net.SplitHostPort(listener.Addr().String())
	for _, name := range []string{"localhost", "127.0.0.1", "[::ffff:127.0.0.1]"} {
		conn, err := netguard.New(netguard.Config{}).Dial(t.Context(), "tcp", name+":"+port)
		if err == nil {
			conn.Close()
		}
		var refused *netguard.RefusedError
		if !errors.As(err, &refused) {
			t.Errorf("%s: %v, want a refusal", name, err)
		}
	}
}

func TestRoutes(t *testing.T) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer listener.Close()
	routes := map[string]string{"uni-a.example:80": listener.Addr().String(), "uni-a.example:443": ""}

	open := netguard.New(netguard.Config{AllowPrivate: true, Routes: routes})
	conn, err := open.Dial(t.Context(), "tcp", "uni-a.example:80")
	if err != nil {
		t.Fatalf("routed dial: %v", err)
	}
	conn.Close()
	if _, err := open.Dial(t.Context(), "tcp", "uni-a.example:443"); err == nil {
		t.Error("an empty route connected")
	}

	closed := netguard.New(netguard.Config{Routes: routes})
	var refused *netguard.RefusedError
	if _, err := closed.Dial(t.Context(), "tcp", "uni-a.example:80"); !errors.As(err, &refused) {
		t.Errorf("a route around the guard: %v", err)
	}
}
