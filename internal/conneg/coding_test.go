package conneg_test

import (
	"slices"
	"testing"

	"qlgraph/internal/conneg"
)

func TestCoding(t *testing.T) {
	for _, tc := range []struct{ name, header, want string }{
		{"absent", "", ""},
		{"gzip alone", "gzip", "gzip"},
		{"zstd alone", "zstd", "zstd"},
		{"a browser", "gzip, deflate, br, zstd", "zstd"},
		{"the client's order does not matter", "gzip, zstd", "zstd"},
		{"quality does", "gzip;q=1, zstd;q=0.5", "gzip"},
		{"upper case", "GZIP", "gzip"},
		{"unknown", "br", ""},
		{"wildcard", "*", "zstd"},
		{"wildcard, one refused", "*, zstd;q=0", "gzip"},
		{"refused", "gzip;q=0, zstd;q=0", ""},
		{"everything refused is the identity all the same", "*;q=0", ""},
		{"the identity preferred", "identity, gzip;q=0.5", ""},
		{"the identity refused", "identity;q=0, gzip", "gzip"},
		{"the identity as much as another", "identity, gzip", ""},
		{"space around", " gzip ; q=0.5 , br", "gzip"},
		{"malformed quality", "gzip;q=2", ""},
		{"unknown parameter", "gzip;level=9", ""},
		{"empty elements", ",,gzip,,", "gzip"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			if got := conneg.Coding(tc.header, "zstd", "gzip"); got != tc.want {
				t.Errorf("Coding(%q) = %q, want %q", tc.header, got, tc.want)
			}
		})
	}
}

func TestProfiles(t *testing.T) {
	for _, tc := range []struct {
		name, accept, mediaType string
		want                    []string
	}{
		{"none", "application/ld+json", "application/ld+json", nil},
		{"one", `application/ld+json;profile="http://a/"`, "application/ld+json", []string{"http://a/"}},
		{"two in one", `application/ld+json;profile="http://a/ http://b/"`, "application/ld+json", []string{"http://a/", "http://b/"}},
		{"by quality", `text/turtle;profile="http://a/";q=0.1, text/turtle;profile="http://b/"`, "text/turtle", []string{"http://b/", "http://a/"}},
		{"of another type", `application/ld+json;profile="http://a/"`, "text/turtle", nil},
		{"refused", `text/turtle;profile="http://a/";q=0`, "text/turtle", nil},
	} {
		t.Run(tc.name, func(t *testing.T) {
			if got := conneg.Profiles(tc.accept, tc.mediaType); !slices.Equal(got, tc.want) {
				t.Errorf("got %q, want %q", got, tc.want)
			}
		})
	}
}

func TestAcceptProfile(t *testing.T) {
	for _, tc := range []struct {
		name, header string
		want         []string
	}{
		{"absent", "", []string{}},
		{"one", "<http://a/>", []string{"http://a/"}},
		{"by quality", "<http://a/>;q=0.2, <http://b/>;q=0.8", []string{"http://b/", "http://a/"}},
		{"refused", "<http://a/>;q=0", []string{}},
		{"no brackets", "http://a/", []string{}},
		{"malformed quality", "<http://a/>;q=x", []string{}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			if got := conneg.AcceptProfile(tc.header); !slices.Equal(got, tc.want) {
				t.Errorf("got %q, want %q", got, tc.want)
			}
		})
	}
}
