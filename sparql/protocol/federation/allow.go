package federation

import (
	"errors"
	"fmt"
	"net/url"
	"path"
	"slices"
	"strings"
)

// AllowList holds addresses that may be asked. The zero value allows nothing.
type AllowList struct{ patterns []address }

// address is an http or https URL taken apart: a request's or a pattern's.
type address struct {
	origin string // "https://example.org:8443", the default port left out
	path   string // without escapes, beginning with "/"
}

// ParseAllowList reads patterns. A pattern is an origin with a path:
// "https://example.org/sparql" allows that path and what is below it
// ("/sparql/x", not "/sparql2"), "https://example.org" everything there. Scheme,
// host and port have to be the same; the query part of an address does not
// matter. There are no wildcards.
func ParseAllowList(patterns []string) (AllowList, error) {
	var l AllowList
	for _, p := range patterns {
		u, err := url.Parse(p)
		if err == nil && (u.RawQuery != "" || u.Fragment != "") {
			err = errors.New("only an origin and a path can be allowed")
		}
		var a address
		if err == nil {
			a, err = addressOf(u)
		}
		if err == nil && strings.Contains(p, "*") {
			err = errors.New("there are no wildcards")
		}
		if err != nil {
			return AllowList{}, fmt.Errorf("%q: %w", p, err)
		}
		l.patterns = append(l.patterns, a)
	}
	return l, nil
}

// Empty reports whether l allows nothing.
func (l AllowList) Empty() bool { return len(l.patterns) == 0 }

// Allows reports whether u may be asked.
func (l AllowList) Allows(u *url.URL) bool {
	a, err := addressOf(u)
	return err == nil && slices.ContainsFunc(l.patterns, a.below)
}

func (a address) below(p address) bool {
	if a.origin != p.origin {
		return false
	}
	return a.path == p.path || strings.HasPrefix(a.path, strings.TrimSuffix(p.path, "/")+"/")
}

// addressOf refuses what could be read in two ways: other schemes, user names,
// paths with dot segments or escaped slashes.
func addressOf(u *url.URL) (address, error) {
	port := map[string]string{"http": "80", "https": "443"}[u.Scheme]
	host := strings.ToLower(u.Hostname())
	switch {
	case port == "":
		return address{}, errors.New("want an http or https address")
	case host == "" || u.Opaque != "":
		return address{}, errors.New("the address has no host")
	case u.User != nil:
		return address{}, errors.New("the address has a user name")
	}
	p := u.Path
	if p == "" {
		p = "/"
	}
	if clean := path.Clean(p); strings.TrimSuffix(p, "/") != strings.TrimSuffix(clean, "/") || strings.Contains(strings.ToLower(u.EscapedPath()), "%2f") || strings.Contains(p, `\`) {
		return address{}, errors.New("the path of the address is not a plain one")
	}
	if strings.Contains(host, ":") {
		host = "[" + host + "]"
	}
	origin := u.Scheme + "://" + host
	if given := u.Port(); given != "" && given != port {
		origin += ":" + given
	}
	return address{origin: origin, path: p}, nil
}
