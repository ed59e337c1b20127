package pipeline_test

import (
	"bytes"
	"compress/gzip"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"qlgraph/harvesters"
	"qlgraph/harvesters/demo"
	"qlgraph/harvesters/fetch"
	"qlgraph/harvesters/pipeline"
	"qlgraph/internal/loopdns"
	"qlgraph/internal/netguard"
)

// body answers every request with the same text.
func body(mediaType, text string) http.HandlerFunc { return answer(200, mediaType, text) }

// endlessPages is an OOAPI or Edu-API collection without an end; id writes the
// member that identifies a record.
func endlessPages(envelope bool, id func(page, i int) string) http.HandlerFunc {
	page := 0
	return func(w http.ResponseWriter, r *http.Request) {
		page++
		var items []string
		for i := range 10 {
			items = append(items, fmt.Sprintf(`{%s "title": "x", "filler": %q}`, id(page, i), strings.Repeat("x", 200)))
		}
		text := "[" + strings.Join(items, ",") + "]"
		if envelope {
			text = `{"hasNextPage": true, "items": ` + text + `}`
		}
		w.Write([]byte(text))
	}
}

const turtle = "text/turtle"

func TestHostileFeeds(t *testing.T) {
	zipped := func(text string) http.HandlerFunc {
		var b bytes.Buffer
		z := gzip.NewWriter(&b)
		z.Write([]byte(text))
		z.Close()
		return func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Encoding", "gzip")
			w.Write(b.Bytes())
		}
	}
	laughs := `<?xml version="1.0"?><!DOCTYPE rdf:RDF [<!ENTITY a "ha">` + entities(30) + `]><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">&z29;</rdf:RDF>`
	quadratic := `<?xml version="1.0"?><!DOCTYPE rdf:RDF [<!ENTITY a "` + strings.Repeat("a", 50_000) + `">]><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">` + strings.Repeat("&a;", 50_000) + `</rdf:RDF>`
	for name, test := range map[string]struct {
		source  string
		handler http.HandlerFunc
		want    string
	}{
		"gzip bomb":                 {"type: ooapi, version: 5", zipped(`{"items": [` + strings.Repeat(" ", 64<<20) + `]}`), "100:1"},
		"gzip bomb, ELM":            {"type: elm", zipped(strings.Repeat(" ", 64<<20)), "100:1"},
		"nested encodings":          {"type: edu-api", coded("gzip, gzip"), "content coding"},
		"JSON a million deep":       {"type: ooapi, version: 5", body("application/json", strings.Repeat("[", 1_000_000)), ""},
		"endless pages, same ids":   {"type: ooapi, version: 5", endlessPages(true, func(_, i int) string { return fmt.Sprintf(`"courseId": "%d",`, i) }), ""},
		"endless pages, no ids":     {"type: edu-api", endlessPages(false, func(int, int) string { return "" }), ""},
		"endless pages, new ids":    {"type: edu-api", endlessPages(false, func(p, i int) string { return fmt.Sprintf(`"sourcedId": "%d-%d",`, p, i) }), "more than"},
		"billion laughs":            {"type: elm", body("application/rdf+xml", laughs), ""},
		"quadratic entities":        {"type: elm", body("application/rdf+xml", quadratic), ""},
		"external entity":           {"type: elm", body("application/rdf+xml", `<?xml version="1.0"?><!DOCTYPE r [<!ENTITY x SYSTEM "file:///etc/passwd">]><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">&x;</rdf:RDF>`), ""},
		"XML a million deep":        {"type: elm", body("application/rdf+xml", strings.Repeat("<a>", 1_000_000)), ""},
		"remote JSON-LD context":    {"type: elm", body("application/ld+json", `{"@context": "http://169.254.169.254/latest", "@id": "http://x.example/"}`), "context"},
		"context of a stranger":     {"type: elm", body("application/ld+json", `{"@context": ["https://evil.example/c.jsonld"], "@id": "http://x.example/"}`), "context"},
		"Turtle, broken":            {"type: elm", body(turtle, "<http://a> <http://b> .\n"), ""},
		"Turtle, nested":            {"type: elm", body(turtle, "<http://a> <http://b> "+strings.Repeat("[ <http://c> ", 1_000_000)), ""},
		"IRI with spaces":           {"type: elm", body(turtle, "<http://a b> <http://b> <javascript:alert(1)> ."), ""},
		"HTML instead":              {"type: elm", body("text/html", "<!DOCTYPE html><html><body>404</body></html>"), ""},
		"redirect to metadata":      {"type: occapi", redirect("http://169.254.169.254/"), "refused to connect"},
		"redirect to a file":        {"type: occapi", redirect("file:///etc/passwd"), "neither http nor https"},
		"redirect to gopher":        {"type: elm", redirect("gopher://127.0.0.1/"), "neither http nor https"},
		"redirect to IPv6 metadata": {"type: elm", redirect("http://[fd00:ec2::254]/"), "refused to connect"},
		"redirect to 0.0.0.0":       {"type: elm", redirect("http://0.0.0.0:8080/"), "refused to connect"},
	} {
		t.Run(name, func(t *testing.T) {
			began := time.Now()
			r := attack(t, test.source, test.handler, test.want)
			t.Logf("%v, %d requests: %.200v", time.Since(began).Round(time.Millisecond), r.Requests, r.Errors)
		})
	}
}

// A hostile record does not harm those beside it on its page.
func TestHostileRecords(t *testing.T) {
	l := demo.NewLoad(harvesters.EduAPI, 1, 5)
	hostile := ""
	p := newProvider(t, "load.example", "type: edu-api")
	feed := demo.Handler(harvesters.EduAPI, l.Catalogue)
	p.load(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if hostile == "" || !strings.HasSuffix(r.URL.Path, "courseTemplates") {
			feed.ServeHTTP(w, r)
			return
		}
		fmt.Fprintf(w, "[%s, %s, %s]", hostile, strings.Join(l.Texts("courseTemplates"), ","), hostile)
	}))
	dataset := memory()
	pipe := testPipeline(t, dataset, nil, p)
	harvest(t, pipe)
	for name, text := range map[string]string{
		"null":                       "null",
		"number":                     "17",
		"array":                      "[[], [[]], {}]",
		"a million digits":           `{"sourcedId": ` + strings.Repeat("9", 1_000_000) + `}`,
		"a NUL":                      `{"sourcedId": "a\u0000b", "title": [{"recordLanguage": "en", "value": "\u0000"}]}`,
		"lone surrogates":            `{"sourcedId": "\ud800", "title": [{"recordLanguage": "en", "value": "\udfff"}]}`,
		"duplicate keys":             `{"sourcedId": "a", "sourcedId": "b", "title": 1, "title": 2}`,
		"wrong types":                `{"sourcedId": {"a": []}, "title": 7, "teachingLanguage": [[]], "creditsAwarded": {}, "dateLastModified": "tomorrow", "recordStatus": 0}`,
		"impossible values":          `{"sourcedId": "x1", "title": [{"recordLanguage": "@english", "value": "X"}], "creditsAwarded": "-1e400 ECTS", "dateLastModified": "2026-02-31T99:99:99Z", "level": "ext:eqf:99"}`,
		"an id of 64 KiB":            `{"sourcedId": "` + strings.Repeat("x", 64<<10) + `", "title": [{"recordLanguage": "en", "value": "X"}]}`,
		"a title of a MiB":           `{"sourcedId": "x2", "title": [{"recordLanguage": "en", "value": "` + strings.Repeat("x", 1<<20) + `"}]}`,
		"an id with bidi and spaces": `{"sourcedId": "a b/..%2f#?\u202e<>\"{}|^", "title": [{"recordLanguage": "en", "value": "\u202eX"}]}`,
		"the id of another":          `{"sourcedId": "5eed0000-0000-4000-8000-000000000001", "title": [{"recordLanguage": "en", "value": "usurper"}]}`,
		"ten thousand languages":     `{"sourcedId": "x3", "title": [` + strings.Repeat(`{"recordLanguage": "en", "value": "x"},`, 10_000) + `{"recordLanguage": "de", "value": "x"}]}`,
	} {
		t.Run(name, func(t *testing.T) {
			hostile = text
			r := harvest(t, pipe)
			if r.Status == pipeline.Failed || r.Courses < 5 || r.Withdrawn > 1 {
				t.Errorf("got %.600v", fmt.Sprintf("%+v", r))
			}
			for _, q := range quads(t, dataset, "/graph/source/") {
				if strings.ContainsAny(q, "\x00") {
					t.Errorf("stored: %.200q", q)
				}
			}
		})
	}
}

func entities(n int) string {
	var b strings.Builder
	last := "a"
	for i := range n {
		name := fmt.Sprintf("z%d", i)
		fmt.Fprintf(&b, `<!ENTITY %s "&%s;&%s;&%s;&%s;&%s;&%s;&%s;&%s;&%s;&%s;">`, name, last, last, last, last, last, last, last, last, last, last)
		last = name
	}
	return b.String()
}

func coded(coding string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Encoding", coding)
		w.Write([]byte("x"))
	}
}

func redirect(to string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Location", to)
		w.WriteHeader(http.StatusFound)
	}
}

// Without allow_private nothing reaches this machine, whatever name a manifest
// or a redirect uses for it, and whatever the name resolved to before.
func TestNamesThatLeadHome(t *testing.T) {
	p := newProvider(t, "uni-a.example", "type: elm")
	p.load(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { t.Error("the feed was reached") }))
	_, port, _ := strings.Cut(strings.TrimPrefix(p.server.URL, "http://"), ":")
	dns, err := loopdns.Listen(loopdns.Zone{
		"rebind.example": {A: [4]byte{127, 0, 0, 1}}, "private.example": {A: [4]byte{10, 0, 0, 1}}, "meta.example": {A: [4]byte{169, 254, 169, 254}},
	})
	if err != nil {
		t.Fatal(err)
	}
	defer dns.Close()
	network := netguard.New(netguard.Config{Resolver: dns.Addr()})
	client := fetch.New(fetch.Config{Network: network})
	for _, host := range []string{"rebind.example", "private.example", "meta.example", "127.0.0.1", "[::1]", "[::ffff:127.0.0.1]"} {
		p.manifest = "sources: [{type: elm, path: 'http://" + host + ":" + port + "/feed'}]"
		pipe := testPipeline(t, memory(), func(c *pipeline.Config) {
			c.Finder = testFinder() // the manifest itself may be local
			c.Client = client
		}, p)
		if r := harvest(t, pipe); r.Status != pipeline.Failed || !strings.Contains(fmt.Sprint(r.Errors), "refused to connect") {
			t.Errorf("%s: %+v", host, r)
		}
	}
}

func TestAliasBombInAManifest(t *testing.T) {
	p := newProvider(t, "uni-a.example", "type: elm")
	p.manifest = "a: &a [x,x,x,x,x,x,x,x,x]\nb: &b [*a,*a,*a,*a,*a,*a,*a,*a,*a]\nc: &c [*b,*b,*b,*b,*b,*b,*b,*b,*b]\nsources: [*c,*c,*c,*c,*c]\n"
	if r := harvest(t, testPipeline(t, memory(), nil, p)); r.Status != pipeline.Failed || !strings.Contains(fmt.Sprint(r.Errors), "aliases") {
		t.Errorf("got %+v", r)
	}
}
