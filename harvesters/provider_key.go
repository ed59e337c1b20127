package harvesters

import (
	"net/url"
	"strings"
)

// Key returns what the provider is known by: its SCHAC code, or its website's
// host without "www" where it has none yet.
func (p Provider) Key() string {
	if p.SCHAC != "" {
		return p.SCHAC
	}
	u, err := url.Parse(p.Website)
	if err != nil {
		return ""
	}
	return strings.TrimPrefix(strings.ToLower(u.Hostname()), "www.")
}
