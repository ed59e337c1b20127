package main

import (
	"bytes"
	"compress/gzip"
	"encoding/json"
	"encoding/xml"
	"io"
	"net/http"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"qlgraph/graph/rdf"
	"qlgraph/graph/rdfio"
	"qlgraph/ontology"
)

// describes returns the triples of a description that is served.
func (s *site) describes(path, accept string) []rdf.Quad {
	s.t.Helper()
	resp, body := s.get(path, "Accept", accept)
	if resp.StatusCode != http.StatusOK {
		s.t.Fatalf("GET %s: %d %s", path, resp.StatusCode, body)
	}
	mediaType, _, _ := strings.Cut(resp.Header.Get("Content-Type"), ";")
	dec, err := rdfio.NewDecoder(strings.NewReader(body), rdfio.ByMediaType(mediaType), rdfio.DecoderOptions{})
	if err != nil {
		s.t.Fatalf("GET %s: %s: %v", path, mediaType, err)
	}
	var quads []rdf.Quad
	for q, err := range dec.All() {
		if err != nil {
			s.t.Fatalf("GET %s: %v", path, err)
		}
		quads = append(quads, q)
	}
	return quads
}

func objectsOf(quads []rdf.Quad, s, p string) []string {
	var values []string
	for _, q := range quads {
		if (s == "" || q.S.Value() == s) && q.P.Value() == p {
			values = append(values, q.O.Value())
		}
	}
	slices.Sort(values)
	return values
}

// TestDescriptions: VoID and DCAT are the same in every syntax, and their counts
// are those of SPARQL.
func TestDescriptions(t *testing.T) {
	f := newFeed(t)
	f.courses = []string{fixtureCourse("C1", "One"), fixtureCourse("C2", "Two")}
	s := newSite(t, f)
	const dataset = defaultBaseIRI + "/.well-known/void#dataset"
	for _, path := range []string{"/.well-known/void", "/catalog", "/prefixes"} {
		turtle := len(s.describes(path, "text/turtle"))
		for _, mediaType := range []string{"application/ld+json", "application/rdf+xml", "application/n-triples"} {
			if n := len(s.describes(path, mediaType)); n != turtle || n == 0 {
				t.Errorf("%s: %d triples as %s, %d as Turtle", path, n, mediaType, turtle)
			}
		}
		if resp, _ := s.get(path, "Accept", "image/png"); resp.StatusCode != http.StatusNotAcceptable {
			t.Errorf("%s as an image: %d", path, resp.StatusCode)
		}
		resp, _ := s.get(path)
		if again, _ := s.get(path, "If-None-Match", resp.Header.Get("ETag")); again.StatusCode != http.StatusNotModified {
			t.Errorf("%s: %d for its own entity tag", path, again.StatusCode)
		}
	}
	void := s.describes("/void.ttl", "")
	_, triples := s.get("/sparql?format=csv&query=SELECT+(COUNT(*)+AS+%3Fn)+%7B%3Fs+%3Fp+%3Fo%7D")
	if got := objectsOf(void, dataset, ontology.VOID+"triples"); len(got) != 1 || "n\r\n"+got[0]+"\r\n" != triples {
		t.Errorf("VoID counts %v triples, SPARQL %q", got, triples)
	}
	for _, partition := range void {
		if partition.P.Value() == ontology.VOID+"class" && partition.O.Value() == ontology.QL+"LearningOpportunitySpecification" {
			if n := objectsOf(void, partition.S.Value(), ontology.VOID+"entities"); !slices.Equal(n, []string{"2"}) {
				t.Errorf("%v courses", n)
			}
		}
	}
}

// TestDumpsOfSite publishes beside the server and takes everything home.
func TestDumpsOfSite(t *testing.T) {
	f := newFeed(t)
	f.courses = []string{fixtureCourse("C1", "One"), fixtureCourse("C2", "Two")}
	s := newSite(t, f)
	if resp, _ := s.get("/dumps/qualitylink.nq.gz"); resp.StatusCode != http.StatusNotFound {
		t.Errorf("before the first publication: %d", resp.StatusCode)
	}
	s.command("publish")
	var index struct {
		Collections []struct {
			Kind  string
			Files []struct{ Path, SHA256 string }
		}
	}
	_, text := s.get("/dumps/", "Accept", "application/json")
	if err := json.Unmarshal([]byte(text), &index); err != nil || len(index.Collections) != 2 {
		t.Fatalf("%v: %s", err, text)
	}
	for _, c := range index.Collections {
		for _, file := range c.Files {
			resp, _ := s.get("/dumps/"+file.Path, "Range", "bytes=0-1")
			if resp.StatusCode != http.StatusPartialContent || resp.Header.Get("ETag") != `"`+file.SHA256+`"` {
				t.Errorf("%s: %d %s", file.Path, resp.StatusCode, resp.Header.Get("ETag"))
			}
		}
	}
	for _, path := range []string{"/dumps/../quads.db", "/dumps/%2e%2e/quads.db", "/dumps/.lock", "/dumps/deltas/x", "/dumps/provider/"} {
		if resp, _ := s.get(path); resp.StatusCode != http.StatusNotFound {
			t.Errorf("%s: %d", path, resp.StatusCode)
		}
	}
	whole := s.unzipped("/dumps/qualitylink.nq.gz")
	home := t.TempDir()
	s.load(home, whole)
	if _, again, _ := command(t, "dump", "--data", home); again != whole {
		t.Error("the dump, loaded into an empty store and dumped, has other bytes")
	}
	lines := strings.Split(strings.TrimSuffix(s.unzipped("/dumps/qualitylink.jsonl.gz"), "\n"), "\n")
	if len(lines) != 2 || !json.Valid([]byte(lines[0])) {
		t.Errorf("%d lines of JSON", len(lines))
	}
	if got := len(s.describes("/catalog", "text/turtle")); got < 100 {
		t.Errorf("the catalogue has %d triples", got)
	}
	f.courses = f.courses[:1]
	s.harvest()
	s.command("publish")
	s.want("/dumps/", 200, "What changed", "/dumps/deltas/")
}

func (s *site) unzipped(path string) string {
	s.t.Helper()
	_, body := s.get(path)
	z, err := gzip.NewReader(strings.NewReader(body))
	if err != nil {
		s.t.Fatal(err)
	}
	text, err := io.ReadAll(z)
	if err != nil {
		s.t.Fatal(err)
	}
	return string(text)
}

// load loads quads into an empty data directory.
func (s *site) load(data, nquads string) {
	s.t.Helper()
	file := tempFile(s.t, "dump.nq", nquads)
	if status, _, messages := command(s.t, "load", "--data", data, file); status != statusDone {
		s.t.Fatal(messages)
	}
}

type feedDocument struct {
	Entries []struct {
		ID       string `xml:"id"`
		Title    string `xml:"title"`
		Category struct {
			Term string `xml:"term,attr"`
		} `xml:"category"`
	} `xml:"entry"`
}

// TestFeeds: what changed last comes first; what was withdrawn says so.
func TestFeeds(t *testing.T) {
	f := newFeed(t)
	f.courses = []string{fixtureCourse("C1", "One"), fixtureCourse("C2", "Two <&>"), fixtureCourse("C3", "Three")}
	s := newSite(t, f)
	f.courses = []string{fixtureCourse("C1", "One"), fixtureCourse("C3", "Three!")}
	s.harvest()
	for _, path := range []string{"/feed.atom", "/provider/uni.example/feed.atom"} {
		_, body := s.get(path)
		var feed feedDocument
		if err := xml.Unmarshal([]byte(body), &feed); err != nil {
			t.Fatal(err)
		}
		var seen []string
		for _, e := range feed.Entries {
			seen = append(seen, e.ID[strings.LastIndexByte(e.ID, '/')+1:]+" "+e.Category.Term+" "+e.Title)
		}
		want := []string{"C2 withdrawn Withdrawn: Two <&>", "C3 published Three!", "C1 published One"}
		if !slices.Equal(seen, want) {
			t.Errorf("%s: %q, want %q", path, seen, want)
		}
	}
	for path, status := range map[string]int{
		"/provider/nobody.example/feed.atom": 404, "/alliance/none/feed.atom": 404, "/feed.atom?page=2": 404, "/feed.atom?page=x": 400, "/sitemap/0.xml": 404,
	} {
		s.want(path, status)
	}
	_, sitemap := s.get("/sitemap/1.xml")
	if strings.Count(sitemap, "<url>") != 2 || strings.Contains(sitemap, "C2") {
		t.Errorf("sitemap: %s", sitemap)
	}
	s.want("/robots.txt", 200, "Sitemap: "+defaultBaseIRI+"/sitemap.xml")
}

var pathParameter = regexp.MustCompile(`\{(\w+)\}`)

// TestOpenAPI: every path of the description is answered, and every route of the
// server is in the description or a further name of one that is.
func TestOpenAPI(t *testing.T) {
	f := newFeed(t)
	f.courses = []string{fixtureCourse("C1", "One")}
	s := newSite(t, f)
	_, body := s.get("/openapi.json")
	var description struct {
		OpenAPI string
		Paths   map[string]map[string]any
	}
	if err := json.NewDecoder(bytes.NewReader([]byte(body))).Decode(&description); err != nil {
		t.Fatal(err)
	}
	if !strings.HasPrefix(description.OpenAPI, "3.1.") || len(description.Paths) < 30 {
		t.Fatalf("OpenAPI %s with %d paths", description.OpenAPI, len(description.Paths))
	}
	examples := map[string]string{"schac": "uni.example", "id": "C1", "source": "s", "datetime": "29990101000000", "file": "qualitylink.nq.gz"}
	s.command("publish")
	for path, operations := range description.Paths {
		if operations["get"] == nil {
			continue
		}
		concrete := pathParameter.ReplaceAllStringFunc(path, func(p string) string { return examples[strings.Trim(p, "{}")] })
		if strings.Contains(concrete, "//") || strings.HasSuffix(concrete, "/") && path != "/dumps/" {
			continue // about a thing that this site has not got
		}
		switch path {
		case "/resolve":
			concrete += "?id=urn:schac:uniqueCourseId:uni.example:C1"
		case "/data":
			concrete += "?default"
		}
		if resp, text := s.get(concrete, "Host", "uni.example"); resp.StatusCode >= 400 {
			t.Errorf("GET %s (%s): %d %s", concrete, path, resp.StatusCode, text)
		}
	}
}

// command runs a command beside the server.
func (s *site) command(name string) {
	s.t.Helper()
	if status, _, messages := command(s.t, name, "--data", filepath.Dir(s.config), "--config", s.config); status != statusDone {
		s.t.Fatalf("%s: status %d: %s", name, status, messages)
	}
}
