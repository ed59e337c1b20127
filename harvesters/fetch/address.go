package fetch

import (
	"fmt"
	"net/url"
	"strings"

	"golang.org/x/net/idna"
)

// withQuery adds the source's parameters to those of u, which win: the link to
// a next page already carries what it needs.
func withQuery(u *url.URL, extra url.Values) string {
	if len(extra) == 0 {
		return u.RawQuery
	}
	present := u.Query()
	missing := url.Values{}
	for name, values := range extra {
		if !present.Has(name) {
			missing[name] = values
		}
	}
	return strings.Trim(u.RawQuery+"&"+missing.Encode(), "&")
}

// parseURL accepts what may be requested at all.
func parseURL(raw string) (*url.URL, error) {
	u, err := url.Parse(raw)
	switch {
	case err != nil:
		return nil, fmt.Errorf("not a URL: %q", raw)
	case u.Scheme != "http" && u.Scheme != "https", u.Host == "":
		return nil, fmt.Errorf("not an http or https URL: %q", raw)
	case u.User != nil:
		return nil, fmt.Errorf("a URL with a user name or password is not requested: %q", u.Redacted())
	}
	return u, canonical(u)
}

// canonical gives u the host as RFC 9421 §2.2.3 signs it (lower case, without
// the scheme's default port, in A-labels) and takes its fragment away.
func canonical(u *url.URL) error {
	u.Fragment = ""
	name, port := u.Hostname(), u.Port()
	if !strings.Contains(name, ":") {
		ascii, err := idna.Lookup.ToASCII(name)
		if err != nil {
			return fmt.Errorf("not a host name: %q", name)
		}
		name = ascii
	} else {
		name = "[" + strings.ToLower(name) + "]"
	}
	if port != "" && (u.Scheme != "http" || port != "80") && (u.Scheme != "https" || port != "443") {
		name += ":" + port
	}
	u.Host = name
	return nil
}

// originOf returns the origin of a canonical URL.
func originOf(u *url.URL) string { return u.Scheme + "://" + u.Host }

// display is u for messages: our own parameters were never in it, a password
// is blotted out.
func display(u *url.URL) string { return u.Redacted() }
