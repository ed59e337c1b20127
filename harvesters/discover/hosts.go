package discover

import (
	"net/netip"
	"net/url"
	"slices"
	"strings"

	"golang.org/x/net/idna"
	"golang.org/x/net/publicsuffix"
)

// genericLabels are the first labels of a website's name that say nothing about
// whose it is; the specification names www, "or similar".
const genericLabels = " www www1 www2 www3 w3 web portal home en m "

// Hosts returns the hosts to probe, in the order of the specification: the
// SCHAC code, the website's host, that without a generic first label, and its
// registrable domain. Bare public suffixes and addresses are left out.
func Hosts(schac, website string) []string {
	var hosts []string
	add := func(host string) {
		if probeable(host) && !slices.Contains(hosts, host) {
			hosts = append(hosts, host)
		}
	}
	add(hostName(schac))
	host := hostName(website)
	add(host)
	if first, rest, ok := strings.Cut(host, "."); ok && strings.Contains(genericLabels, " "+first+" ") {
		add(rest)
	}
	if domain, err := publicsuffix.EffectiveTLDPlusOne(host); err == nil {
		add(domain)
	}
	return hosts
}

// hostName extracts a host from a URL or from what people write instead of one:
// without port and user, lower case, in A-labels, "" where there is none.
func hostName(s string) string {
	s = strings.TrimSpace(s)
	if !strings.Contains(s, "://") {
		s = "//" + s
	}
	u, err := url.Parse(s)
	if err != nil {
		return ""
	}
	name, err := idna.Lookup.ToASCII(strings.TrimSuffix(u.Hostname(), "."))
	if err != nil {
		return ""
	}
	return strings.ToLower(name)
}

// probeable reports whether host may be an institution's: a name of its own
// under a public suffix.
func probeable(host string) bool {
	if _, err := netip.ParseAddr(host); err == nil || !strings.Contains(host, ".") {
		return false
	}
	_, err := publicsuffix.EffectiveTLDPlusOne(host)
	return err == nil
}
