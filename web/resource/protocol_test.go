package resource_test

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/klauspost/compress/gzip"
	"github.com/klauspost/compress/zstd"
)

const document = "/doc/course/uni.example/C1"

// TestConditions asks again with what the first answer said.
func TestConditions(t *testing.T) {
	s := serve(t, catalogue())
	for _, path := range []string{document + ".ttl", document + ".jsonld", document + ".html", document + ".csv", "/doc/provider/uni.example.nt"} {
		for _, coding := range []string{"identity", "gzip", "zstd"} {
			t.Run(path+" "+coding, func(t *testing.T) {
				first := ask(t, s, http.MethodGet, path, "Accept-Encoding", coding)
				tag := first.Header.Get("ETag")
				if weak := strings.HasPrefix(tag, "W/"); weak != strings.HasSuffix(path, ".html") {
					t.Errorf("entity tag %s", tag)
				}
				for name, tc := range map[string]struct {
					header string
					status int
				}{
					"the tag":             {tag, 304},
					"the tag among some":  {`"x", ` + tag + `, "y"`, 304},
					"the tag as weak":     {"W/" + strings.TrimPrefix(tag, "W/"), 304},
					"anything":            {"*", 304},
					"another":             {`"0123456789abcdef01234567"`, 200},
					"another coding's":    {strings.TrimSuffix(tag, `"`) + `-br"`, 200},
					"no tag at all":       {"nonsense", 200},
					"the tag cut in half": {tag[:len(tag)/2], 200},
				} {
					a := ask(t, s, http.MethodGet, path, "Accept-Encoding", coding, "If-None-Match", tc.header)
					if a.StatusCode != tc.status {
						t.Errorf("%s: status %d, want %d", name, a.StatusCode, tc.status)
					}
					if a.StatusCode == 304 && (a.body != "" || a.Header.Get("ETag") != tag || a.Header.Get("Vary") == "" ||
						a.Header.Get("Cache-Control") == "" || a.Header.Get("Content-Location") == "") {
						t.Errorf("%s: header %v and %d bytes", name, a.Header, len(a.body))
					}
				}
				head := ask(t, s, http.MethodHead, path, "Accept-Encoding", coding)
				for _, name := range []string{"ETag", "Content-Length", "Content-Type", "Content-Encoding", "Link", "Vary"} {
					if head.Header.Get(name) != first.Header.Get(name) {
						t.Errorf("HEAD: %s is %q, to GET it is %q", name, head.Header.Get(name), first.Header.Get(name))
					}
				}
			})
		}
	}
}

// TestCodings compares what is sent compressed, and its tags.
func TestCodings(t *testing.T) {
	s := serve(t, catalogue())
	plain := ask(t, s, http.MethodGet, document+".ttl")
	tags := []string{plain.Header.Get("ETag")}
	for coding, read := range map[string]func(io.Reader) (io.Reader, error){
		"gzip": func(r io.Reader) (io.Reader, error) { return gzip.NewReader(r) },
		"zstd": func(r io.Reader) (io.Reader, error) { return zstd.NewReader(r) },
	} {
		a := ask(t, s, http.MethodGet, document+".ttl", "Accept-Encoding", coding)
		if a.Header.Get("Content-Encoding") != coding || !strings.Contains(a.Header.Get("Vary"), "Accept-Encoding") {
			t.Fatalf("%s: header %v", coding, a.Header)
		}
		r, err := read(strings.NewReader(a.body))
		if err != nil {
			t.Fatal(err)
		}
		var b bytes.Buffer
		if _, err := io.Copy(&b, r); err != nil || b.String() != plain.body {
			t.Errorf("%s: %v, %d bytes, want %d", coding, err, b.Len(), len(plain.body))
		}
		tags = append(tags, a.Header.Get("ETag"))
	}
	if slices.Sort(tags); len(slices.Compact(tags)) != 3 {
		t.Errorf("codings share a tag: %v", tags)
	}
}

// TestMethods reads, is asked what is allowed, and refuses the rest; pages of
// any origin may.
func TestMethods(t *testing.T) {
	s := serve(t, catalogue())
	for _, path := range []string{document, "/course/uni.example/C1", "/resolve?id=ENV-101"} {
		if a := ask(t, s, http.MethodOptions, path, "Origin", "https://elsewhere.example", "Access-Control-Request-Headers", "accept"); a.StatusCode != 204 ||
			a.Header.Get("Allow") != "GET, HEAD, OPTIONS" || !strings.Contains(a.Header.Get("Access-Control-Allow-Headers"), "Accept") {
			t.Errorf("OPTIONS %s: status %d, header %v", path, a.StatusCode, a.Header)
		}
		for _, method := range []string{http.MethodPost, http.MethodPut, http.MethodDelete, http.MethodPatch, "QUERY"} {
			if a := ask(t, s, method, path); a.StatusCode != 405 || a.Header.Get("Allow") == "" {
				t.Errorf("%s %s: status %d", method, path, a.StatusCode)
			}
		}
		a := ask(t, s, http.MethodGet, path, "Origin", "https://elsewhere.example")
		if a.Header.Get("Access-Control-Allow-Origin") != "*" || !strings.Contains(a.Header.Get("Access-Control-Expose-Headers"), "Link") {
			t.Errorf("GET %s: header %v", path, a.Header)
		}
	}
}

// TestRedirects follows things to documents, resolves identifiers and takes
// codes of before.
func TestRedirects(t *testing.T) {
	s := serve(t, catalogue())
	id := func(text string) string { return "/resolve?id=" + url.QueryEscape(text) }
	for _, tc := range []struct {
		name, path string
		status     int
		location   string
	}{
		{"thing", "/course/uni.example/C1", 303, document},
		{"thing with a query", "/course/uni.example/C1?asOf=2026-01-01", 303, document + "?asOf=2026-01-01"},
		{"thing with a slash", "/course/uni.example/C1/", 308, "/course/uni.example/C1"},
		{"thing in another spelling", "/course/UNI.Example/%43%31", 303, document},
		{"offering", "/course/uni.example/C1/offerings/O1", 303, document + "/offerings/O1"},
		{"alliance", "/alliance/A1", 303, "/doc/alliance/A1"},
		{"source", "/source/Uni.Example/main", 303, "/doc/source/uni.example/main"},
		{"run", "/run/20260101T000000Z-1", 303, "/doc/run/20260101T000000Z-1"},
		{"id that ends like a format", "/doc/course/uni.example/dotted.ttl", 200, ""},
		{"the same in Turtle", "/doc/course/uni.example/dotted.ttl.ttl", 200, ""},
		{"renamed institution", "/doc/provider/old.example", 308, "/doc/provider/uni.example"},
		{"course under the code of before", "/doc/course/old.example/C1", 308, document},
		{"the same in Turtle, with a query", "/doc/course/old.example/C1.ttl?elm=3.2", 308, document + ".ttl?elm=3.2"},
		{"offering under the code of before", "/doc/course/old.example/C1/offerings/O1", 308, document + "/offerings/O1"},
		{"source under the code of before", "/doc/source/old.example/main", 308, "/doc/source/uni.example/main"},
		{"IRI", id(course), 303, document},
		{"IRI with another scheme", id("https://data.quality-link.eu/course/uni.example/C1"), 303, document},
		{"IRI of an offering", id(course + "/offerings/O1"), 303, document + "/offerings/O1"},
		{"IRI of an institution", id(base + "/provider/uni.example"), 303, "/doc/provider/uni.example"},
		{"URN", id("urn:schac:uniqueCourseId:uni.example:C1"), 303, document},
		{"URN in another case", id("URN:SCHAC:uniqueCourseId:UNI.example:C1"), 303, document},
		{"URN, percent-encoded", id("urn:schac:uniqueCourseId:uni.example:%43%31"), 303, document},
		{"URN under the code of before", id("urn:schac:uniqueCourseId:old.example:C1"), 303, document},
		{"DID", id("did:web:uni.example:courseId:C1"), 303, document},
		{"UUID", id("urn:uuid:5EED0000-0000-4000-8000-000000000001"), 303, document},
		{"provider's own IRI", id(foreign), 303, "/doc/course/uni.example/C2"},
		{"provider's own IRI, host in upper case", id("HTTPS://UNI.example/id/course/1"), 303, "/doc/course/uni.example/C2"},
		{"space around", id("  " + course + " "), 303, document},
		{"a code that two courses have", id("ENV-101"), 300, ""},
		{"unknown URN", id("urn:schac:uniqueCourseId:uni.example:none"), 404, ""},
		{"unknown IRI", id("https://elsewhere.example/course"), 404, ""},
		{"unknown UUID", id("urn:uuid:5eed0000-0000-4000-8000-00000000ffff"), 404, ""},
		{"nothing", "/resolve", 400, ""},
		{"empty", "/resolve?id=", 400, ""},
		{"no identifier", id("nonsense"), 400, ""},
		{"half a URN", id("urn:schac:uniqueCourseId:uni.example"), 400, ""},
		{"no UUID", id("urn:uuid:1234"), 400, ""},
		{"DID of something else", id("did:web:uni.example"), 400, ""},
		{"broken escape", id("urn:schac:uniqueCourseId:uni.example:%4"), 400, ""},
		{"space within", id("http://e/a b"), 400, ""},
		{"brackets", id("http://e/<script>"), 400, ""},
		{"line break", id("http://e/\r\nSet-Cookie: x=1"), 400, ""},
		{"far too long", id("http://e/" + strings.Repeat("x", 5000)), 400, ""},
		{"malformed course", "/doc/course/uni.example", 400, ""},
		{"malformed source", "/doc/source/uni.example", 400, ""},
		{"malformed escape", "/doc/course/uni.example/%FF", 400, ""},
		{"control character", "/doc/course/uni.example/%0D%0Ax", 400, ""},
		{"unknown run", "/doc/run/none", 404, ""},
		{"unknown part", document + "/nonsense", 400, ""},
	} {
		t.Run(tc.name, func(t *testing.T) {
			a := ask(t, s, http.MethodGet, tc.path)
			if a.StatusCode != tc.status || a.Header.Get("Location") != tc.location {
				t.Errorf("status %d to %q, want %d to %q: %.200s", a.StatusCode, a.Header.Get("Location"), tc.status, tc.location, a.body)
			}
		})
	}
}

// TestChoices lists the courses that share a code.
func TestChoices(t *testing.T) {
	s := serve(t, catalogue())
	for accept, want := range map[string]string{
		"text/html":        `<a href="/doc/course/uni.example/C1">Ocean currents</a>`,
		"application/json": `"document": "/doc/course/other.example/C9"`,
		"text/uri-list":    base + "/course/other.example/C9\r\n" + base + "/course/uni.example/C1\r\n",
		"image/png":        `"document": "/doc/course/other.example/C9"`,
	} {
		a := ask(t, s, http.MethodGet, "/resolve?id=ENV-101", "Accept", accept)
		if a.StatusCode != 300 || !strings.Contains(a.body, want) || len(withRel(linksOf(t, a.Header), "alternate")) != 2 {
			t.Errorf("%s: status %d, Link %q: %s", accept, a.StatusCode, a.Header.Get("Link"), a.body)
		}
	}
}

// TestNear suggests what may have been meant.
func TestNear(t *testing.T) {
	s := serve(t, catalogue())
	for path, want := range map[string]string{
		"/doc/course/uni.example/ENV-101": "/course/uni.example/C1", // a code instead of the id
		"/doc/provider/uni.exampel":       "/provider/uni.example",
		"/doc/provider/zzz":               "",
	} {
		a := ask(t, s, http.MethodGet, path)
		var problem struct{ Near []string }
		if err := json.Unmarshal([]byte(a.body), &problem); err != nil || a.StatusCode != 404 {
			t.Fatalf("%s: %d %v", path, a.StatusCode, err)
		}
		if want == "" && len(problem.Near) > 0 || want != "" && !slices.Contains(problem.Near, want) {
			t.Errorf("%s: near %v, want %q", path, problem.Near, want)
		}
	}
}

// TestDID reads DID documents where did:web finds them.
func TestDID(t *testing.T) {
	s := serve(t, catalogue())
	for _, tc := range []struct{ path, host string }{{"/course/uni.example/C1/did.json", ""}, {"/courseId/C1/did.json", "Uni.example:443"}} {
		header := []string{"Accept", "application/did+ld+json"}
		if tc.host != "" {
			header = append(header, "Host", tc.host)
		}
		a := ask(t, s, http.MethodGet, tc.path, header...)
		var did struct {
			ID          string
			AlsoKnownAs []string
			Service     []struct{ ServiceEndpoint string }
		}
		if err := json.Unmarshal([]byte(a.body), &did); err != nil {
			t.Fatalf("%s: status %d: %v", tc.path, a.StatusCode, err)
		}
		if did.ID != "did:web:uni.example:courseId:C1" || did.AlsoKnownAs[0] != course || did.Service[0].ServiceEndpoint != base+document {
			t.Errorf("%s: %+v", tc.path, did)
		}
		if got := a.Header.Get("Content-Type"); got != "application/did+ld+json" {
			t.Errorf("%s: Content-Type %s", tc.path, got)
		}
	}
	for path, status := range map[string]int{"/course/uni.example/none/did.json": 404, "/course/uni.example/did.json": 400, "/courseId/x": 404} {
		if a := ask(t, s, http.MethodGet, path); a.StatusCode != status {
			t.Errorf("%s: status %d, want %d", path, a.StatusCode, status)
		}
	}
}
