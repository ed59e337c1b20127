package iri_test

import (
	"errors"
	"strings"
	"testing"

	"qlgraph/graph/iri"
)

// RFC 3986 §5.4.1 and §5.4.2, strict.
func TestResolveExamplesOfRFC3986(t *testing.T) {
	const base = "http://a/b/c/d;p?q"
	tests := []struct{ ref, want string }{
		{"g:h", "g:h"},
		{"g", "http://a/b/c/g"},
		{"./g", "http://a/b/c/g"},
		{"g/", "http://a/b/c/g/"},
		{"/g", "http://a/g"},
		{"//g", "http://g"},
		{"?y", "http://a/b/c/d;p?y"},
		{"g?y", "http://a/b/c/g?y"},
		{"#s", "http://a/b/c/d;p?q#s"},
		{"g#s", "http://a/b/c/g#s"},
		{"g?y#s", "http://a/b/c/g?y#s"},
		{";x", "http://a/b/c/;x"},
		{"g;x", "http://a/b/c/g;x"},
		{"g;x?y#s", "http://a/b/c/g;x?y#s"},
		{"", "http://a/b/c/d;p?q"},
		{".", "http://a/b/c/"},
		{"./", "http://a/b/c/"},
		{"..", "http://a/b/"},
		{"../", "http://a/b/"},
		{"../g", "http://a/b/g"},
		{"../..", "http://a/"},
		{"../../", "http://a/"},
		{"../../g", "http://a/g"},
		{"../../../g", "http://a/g"},
		{"../../../../g", "http://a/g"},
		{"/./g", "http://a/g"},
		{"/../g", "http://a/g"},
		{"g.", "http://a/b/c/g."},
		{".g", "http://a/b/c/.g"},
		{"g..", "http://a/b/c/g.."},
		{"..g", "http://a/b/c/..g"},
		{"./../g", "http://a/b/g"},
		{"./g/.", "http://a/b/c/g/"},
		{"g/./h", "http://a/b/c/g/h"},
		{"g/../h", "http://a/b/c/h"},
		{"g;x=1/./y", "http://a/b/c/g;x=1/y"},
		{"g;x=1/../y", "http://a/b/c/y"},
		{"g?y/./x", "http://a/b/c/g?y/./x"},
		{"g?y/../x", "http://a/b/c/g?y/../x"},
		{"g#s/./x", "http://a/b/c/g#s/./x"},
		{"g#s/../x", "http://a/b/c/g#s/../x"},
		{"http:g", "http:g"},
	}
	for _, tt := range tests {
		if got := iri.Resolve(base, tt.ref); got != tt.want {
			t.Errorf("Resolve(%q, %q) = %q, want %q", base, tt.ref, got, tt.want)
		}
	}
}

func TestResolveAgainstOtherBases(t *testing.T) {
	tests := []struct{ base, ref, want string }{
		{"", "rel", "rel"},
		{"http://a", "g", "http://a/g"},
		{"http://a?q", "g", "http://a/g"},
		{"http://a", "", "http://a"},
		{"urn:isbn:1", "#f", "urn:isbn:1#f"},
		{"urn:isbn:1", "g", "urn:g"},
		{"file:///d/f", "g", "file:///d/g"},
		{"file:///d/f", "//h/g", "file://h/g"},
		{"http://a/b#old", "", "http://a/b"},
		{"http://é/ü", "ö?ß#ñ", "http://é/ö?ß#ñ"},
	}
	for _, tt := range tests {
		if got := iri.Resolve(tt.base, tt.ref); got != tt.want {
			t.Errorf("Resolve(%q, %q) = %q, want %q", tt.base, tt.ref, got, tt.want)
		}
	}
}

func TestSplitKeepsEmptyComponents(t *testing.T) {
	for _, s := range []string{"", "http://a/b?c#d", "http://?#", "//", "?", "#", "urn:a:b", "a/b:c", "s:", "mailto:a@b", "http:///p"} {
		if got := iri.Split(s).String(); got != s {
			t.Errorf("Split(%q).String() = %q", s, got)
		}
	}
}

func TestCheck(t *testing.T) {
	valid := []string{
		"http://example.org/", "http://example.org", "urn:isbn:0451450523", "mailto:a@example.org", "s:", "a+b-c.1:x",
		"http://user:pw@host:80/p;a=1/q?k=v&l=w/?#frag/?", "http://[::1]:8080/", "http://[v7.a]/", "http://é.example/ü?ö#ß",
		"http://a/%41%c3%a4", "tag:example.org,2026:x", "file:///C:/x", "http://a/?%20",
	}
	for _, s := range valid {
		if err := iri.Check(s); err != nil {
			t.Errorf("Check(%q) = %v", s, err)
		}
	}
	invalid := []struct {
		iri    string
		offset int
	}{
		{"", 0}, {"relative", 0}, {"//host/p", 0}, {"1s:x", 0}, {":x", 0}, {"s s:x", 0},
		{"http://a/b c", 10}, {"http://a/<", 9}, {"http://a/%4", 9}, {"http://a/%zz", 9}, {"http://a/?%", 10}, {"http://a/#%", 10},
		{"http://a/#b#c", 11}, {"http://a/[x]", 9}, {"http://a/?x[]", 11}, {"http://[::1", 11}, {"http://[::1]x", 12}, {"http://[g]/", 8},
		{"http://a b/", 8}, {"http://a/\x00", 9}, {"http://a/\x7f", 9}, {"http://a/\xff", 9}, {"http://a/\xc2\x80", 9}, {"http://a/\\", 9}, {"http://a/^`{|}", 9},
	}
	for _, tt := range invalid {
		err := iri.Check(tt.iri)
		var e *iri.Error
		if !errors.As(err, &e) {
			t.Errorf("Check(%q) = %v, want an error", tt.iri, err)
			continue
		}
		if e.Offset != tt.offset || !strings.Contains(e.Error(), e.Msg) {
			t.Errorf("Check(%q) = %v, want byte %d", tt.iri, e, tt.offset)
		}
	}
}

func TestCheckRef(t *testing.T) {
	for _, s := range []string{"", "a", "../b?c#d", "//host", "./a:b", "?a:b", "#a:b", "http://a/"} {
		if err := iri.CheckRef(s); err != nil {
			t.Errorf("CheckRef(%q) = %v", s, err)
		}
	}
	for _, s := range []string{"1a:b", "a b", "%", ":"} {
		if err := iri.CheckRef(s); err == nil {
			t.Errorf("CheckRef(%q) accepts", s)
		}
	}
}

// What is resolved from an IRI and a reference is an IRI, and resolving it again
// changes nothing, once the base has no dot segments.
func FuzzResolve(f *testing.F) {
	f.Add("http://a/b/c/d;p?q", "../../g;x=1/./y?q#f")
	f.Add("urn:a", "//h")
	f.Fuzz(func(t *testing.T, base, ref string) {
		if iri.Check(base) != nil || iri.CheckRef(ref) != nil {
			return
		}
		base = iri.Resolve(base, base)
		got := iri.Resolve(base, ref)
		if err := iri.Check(got); err != nil {
			t.Fatalf("Resolve(%q, %q) = %q: %v", base, ref, got, err)
		}
		if again := iri.Resolve(base, got); again != got {
			t.Fatalf("Resolve(%q, %q) = %q, then %q", base, ref, got, again)
		}
	})
}
