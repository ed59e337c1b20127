package federation_test

import (
	"net/url"
	"testing"

	"qlgraph/sparql/protocol/federation"
)

func TestAllowList(t *testing.T) {
	list, err := federation.ParseAllowList([]string{"https://a.example/sparql", "http://b.example:8080", "https://c.example/x/", "http://[2001:DB8::1]/s"})
	if err != nil {
		t.Fatal(err)
	}
	for address, allowed := range map[string]bool{
		"https://a.example/sparql":           true,
		"https://A.Example:443/sparql":       true,
		"https://a.example/sparql?default=1": true,
		"https://a.example/sparql#part":      true,
		"https://a.example/sparql/":          true,
		"https://a.example/sparql/deeper":    true,
		"https://a.example/sparql2":          false,
		"https://a.example/SPARQL":           false,
		"https://a.example/":                 false,
		"https://a.example/%73parql":         true, // the same path, written otherwise
		"https://a.example/sparql/../admin":  false,
		"https://a.example/sparql/%2e%2e/x":  false,
		"https://a.example/sparql%2fx":       false,
		"https://a.example//sparql":          false,
		`https://a.example/sparql/..\admin`:  false,
		"http://a.example/sparql":            false,
		"https://a.example:8443/sparql":      false,
		"https://a.example.evil/sparql":      false,
		"https://x.a.example/sparql":         false,
		"https://user@a.example/sparql":      false,
		"https://a.example@evil/sparql":      false,
		"http://b.example:8080":              true,
		"http://b.example:8080/any/thing":    true,
		"http://b.example/any":               false,
		"https://c.example/x/":               true,
		"https://c.example/x/y":              true,
		"https://c.example/x":                false,
		"http://[2001:db8::1]:80/s":          true,
		"ftp://a.example/sparql":             false,
		"file:///sparql":                     false,
		"https:a.example/sparql":             false,
		"//a.example/sparql":                 false,
		"":                                   false,
	} {
		u, err := url.Parse(address)
		if err != nil {
			t.Fatal(err)
		}
		if got := list.Allows(u); got != allowed {
			t.Errorf("%s: %v, want %v", address, got, allowed)
		}
	}
	if !(federation.AllowList{}).Empty() || list.Empty() {
		t.Error("Empty")
	}
}

func TestPatternsThatMeanNothing(t *testing.T) {
	for _, pattern := range []string{"", "*", "https://*.example", "example.org/sparql", "ftp://a.example", "https://a.example/?q=1", "https://u:p@a.example/", "https://a.example/../x", "file:///etc"} {
		if _, err := federation.ParseAllowList([]string{pattern}); err == nil {
			t.Errorf("%q is taken", pattern)
		}
	}
}
