package main

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"
)

// feed is an OOAPI server with courses that a test changes.
type feed struct {
	*httptest.Server
	courses []string
	turtle  string // served at /elm, a second source where it is not empty
	secret  string // in the manifest, and asked for
}

func newFeed(t *testing.T) *feed {
	t.Helper()
	f := &feed{secret: "c4n4ry-0f-4-s3cr3t"}
	f.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch r.URL.Path {
		case "/manifest":
			fmt.Fprintf(w, "sources: [{id: s, type: ooapi, version: 5, path: '%s/api', headers: {X-Key: '%s'}, queryParameters: {apikey: '%s'}}", f.URL, f.secret, f.secret)
			if f.turtle != "" {
				fmt.Fprintf(w, ", {id: elm, type: elm, path: '%s/elm.ttl'}", f.URL)
			}
			fmt.Fprint(w, "]")
		case "/elm.ttl":
			w.Header().Set("Content-Type", "text/turtle")
			fmt.Fprint(w, f.turtle)
		case "/api/courses":
			if r.Header.Get("X-Key") != f.secret || r.URL.Query().Get("apikey") != f.secret {
				http.Error(w, "no", http.StatusForbidden)
				return
			}
			w.Header().Set("Content-Type", "application/json")
			fmt.Fprintf(w, `{"pageNumber": 1, "hasNextPage": false, "items": [%s]}`, strings.Join(f.courses, ", "))
		default:
			http.NotFound(w, r)
		}
	}))
	t.Cleanup(f.Close)
	return f
}

// site is a running server with one provider.
type site struct {
	t       *testing.T
	url     string
	config  string // its file, in the data directory
	harvest func()
}

func newSite(t *testing.T, f *feed) *site {
	t.Helper()
	data := t.TempDir()
	config := filepath.Join(data, "qlgraph.yaml")
	text := "network: {allow_private: true}\nproviders: [{schac: uni.example, name: {en: Example University}, manifest: '" + f.URL + "/manifest'}]\n"
	if err := os.WriteFile(config, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	harvest := func() {
		t.Helper()
		if status, out, messages := command(t, "harvest", "--data", data, "--config", config, "--json"); status != statusDone {
			t.Fatalf("harvest: status %d: %s %s", status, out, messages)
		}
	}
	harvest() // before the server, whose schedule would do it else
	return &site{t: t, url: strings.TrimSuffix(startServer(t, data), "/"), config: config, harvest: harvest}
}

// get returns the answer to a request, redirects not followed.
func (s *site) get(path string, header ...string) (*http.Response, string) {
	s.t.Helper()
	req, err := http.NewRequestWithContext(context.Background(), http.MethodGet, s.url+path, nil)
	if err != nil {
		s.t.Fatal(err)
	}
	for i := 0; i < len(header); i += 2 {
		req.Header.Set(header[i], header[i+1])
		if header[i] == "Host" {
			req.Host = header[i+1]
		}
	}
	client := http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	resp, err := client.Do(req)
	if err != nil {
		s.t.Fatal(err)
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	if err != nil {
		s.t.Fatal(err)
	}
	return resp, string(body)
}

// want checks the status and that the body has some texts.
func (s *site) want(path string, status int, texts ...string) {
	s.t.Helper()
	resp, body := s.get(path)
	if resp.StatusCode != status {
		s.t.Errorf("GET %s: status %d, want %d: %s", path, resp.StatusCode, status, body)
	}
	for _, text := range texts {
		if !strings.Contains(body, text) {
			s.t.Errorf("GET %s: no %q in %s", path, text, body)
		}
	}
}

func fixtureCourse(id, title string) string {
	return fmt.Sprintf(`{"courseId": %q, "primaryCode": {"codeType": "identifier", "code": %q}, "name": [{"language": "en", "value": %q}], "teachingLanguage": "eng", "studyLoad": {"studyLoadUnit": "ects", "value": 5}}`, id, id, title)
}

// TestLifeOfACourse takes a course from its first harvest through a change, a
// withdrawal and its return, and asks for every state afterwards.
func TestLifeOfACourse(t *testing.T) {
	const doc, thing = "/doc/course/uni.example/C1", "/course/uni.example/C1"
	const urn = "/resolve?id=urn:schac:uniqueCourseId:uni.example:C1"
	f := newFeed(t)
	other := fixtureCourse("C2", "Another")
	f.courses = []string{fixtureCourse("C1", "First title"), other}
	s := newSite(t, f)
	times := []time.Time{time.Now()}
	for _, courses := range [][]string{
		{fixtureCourse("C1", "Second title"), other},
		{other},
		{fixtureCourse("C1", "Second title"), other},
	} {
		time.Sleep(5 * time.Millisecond)
		f.courses = courses
		s.harvest()
		times = append(times, time.Now())
		switch len(times) {
		case 2:
			s.want(doc+".ttl", 200, "Second title")
		case 3:
			s.withdrawn(doc, thing, urn)
		case 4:
			s.want(doc+".ttl", 200, "Second title")
			s.want(doc, 200, "Second title")
			s.want(urn, 303)
		}
	}
	at := func(i int) string { return "?asOf=" + url.QueryEscape(times[i].UTC().Format(time.RFC3339Nano)) }
	s.want(doc+".ttl?asOf="+times[0].Add(-time.Hour).UTC().Format(time.RFC3339), 404)
	s.want(doc+".ttl?asOf=2020-01-01", 404)
	s.want(doc+".ttl?asOf=yesterday", 400)
	s.want(doc+".ttl"+at(0), 200, "First title")
	s.want(doc+".ttl"+at(1), 200, "Second title")
	s.want(doc+".ttl"+at(2), 410, "Second title", "invalidatedAtTime")
	s.want(doc+at(2), 410, "Withdrawn")
	s.want(doc+".ttl"+at(3), 200, "Second title")
	s.want(doc+".ttl?asOf=2999-12-31", 200, "Second title")
	s.versions(doc)
	s.mementos(doc, thing, times)
	s.difference(doc)
}

// withdrawn checks what is left of a withdrawn course.
func (s *site) withdrawn(doc, thing, urn string) {
	s.t.Helper()
	s.want(thing, 303)
	s.want(doc, 410, "Second title", "Withdrawn", "Example University", "/memento/")
	for _, path := range []string{doc + ".ttl", doc + ".jsonld", doc + ".rdf", doc + ".nt", urn, "/resolve?id=did:web:uni.example:courseId:C1"} {
		s.want(path, 410, "Second title")
	}
	s.want(doc+".nt", 410, "http://purl.org/adms/status/Withdrawn", "generatedAtTime", "invalidatedAtTime", "/provider/uni.example", "Example University", "uniqueCourseId:uni.example:C1", "/memento/")
	s.want("/doc/course/uni.example/none", 404)
	s.want("/resolve?id=urn:schac:uniqueCourseId:uni.example:none", 404)
}

type versionList []struct {
	Number    int
	Since     time.Time
	Run       string
	Memento   string
	SHA256    string
	Withdrawn bool
	Changes   []struct {
		Property       []string
		Removed, Added []struct{ Value string }
	}
}

// versions checks the list, and that each hash is that of the document.
func (s *site) versions(doc string) {
	s.t.Helper()
	_, body := s.get(doc + "/versions.json")
	var list versionList
	if err := json.Unmarshal([]byte(body), &list); err != nil || len(list) != 4 {
		s.t.Fatalf("%v in %s", err, body)
	}
	runs := map[string]bool{}
	for i, v := range list {
		runs[v.Run] = true
		if v.Number != i+1 || v.Withdrawn != (i == 2) || v.Memento == "" {
			s.t.Errorf("version %+v", v)
		}
		if v.Withdrawn {
			continue
		}
		_, nt := s.get(v.Memento + ".nt")
		lines := strings.SplitAfter(strings.TrimSuffix(nt, "\n"), "\n")
		lines[len(lines)-1] += "\n"
		slices.Sort(lines)
		sum := sha256.Sum256([]byte(strings.Join(lines, "")))
		if got := hex.EncodeToString(sum[:]); got != v.SHA256 {
			s.t.Errorf("version %d: its sorted N-Triples have the SHA-256 %s, not %s", v.Number, got, v.SHA256)
		}
	}
	if len(runs) != 4 || list[0].SHA256 == list[1].SHA256 || list[1].SHA256 != list[3].SHA256 {
		s.t.Errorf("versions %+v", list)
	}
	if c := list[1].Changes; len(c) != 1 || c[0].Property[0] != "http://purl.org/dc/terms/title" || c[0].Removed[0].Value != "First title" || c[0].Added[0].Value != "Second title" {
		s.t.Errorf("changes %+v", c)
	}
	s.want(doc+"/versions", 200, "First seen", "Withdrawn", "Published again", "<del lang=\"en\">First title</del>")
	s.want(doc+"/versions.ttl", 200, "prov:wasRevisionOf", list[3].SHA256)
	if resp, _ := s.get(doc + "/versions.nope"); resp.StatusCode != 404 {
		s.t.Errorf("an unknown ending: status %d", resp.StatusCode)
	}
	if resp, _ := s.get(doc+"/versions", "Accept", "image/png"); resp.StatusCode != 406 {
		s.t.Errorf("nothing acceptable: status %d", resp.StatusCode)
	}
	s.want("/doc/course/uni.example/none/versions", 404)
}

// mementos follows the links of RFC 7089.
func (s *site) mementos(doc, thing string, times []time.Time) {
	s.t.Helper()
	resp, _ := s.get(doc + ".ttl")
	links := strings.Join(resp.Header.Values("Link"), ", ")
	for _, want := range []string{`</timegate` + thing + `>; rel="timegate"`, `</timemap` + thing + `>; rel="timemap"; type="application/link-format"`} {
		if !strings.Contains(links, want) {
			s.t.Errorf("the document does not link to %s: %s", want, links)
		}
	}
	resp, _ = s.get("/timegate" + thing)
	if resp.StatusCode != 302 || !strings.EqualFold(resp.Header.Get("Vary"), "accept-datetime") {
		s.t.Errorf("time gate: status %d, Vary %q", resp.StatusCode, resp.Header.Get("Vary"))
	}
	last := resp.Header.Get("Location")
	if resp, body := s.get(last, "Accept", "text/turtle"); resp.StatusCode != 200 || !strings.Contains(body, "Second title") {
		s.t.Errorf("the last memento: status %d: %s", resp.StatusCode, body)
	}
	resp, _ = s.get("/timegate"+thing, "Accept-Datetime", times[0].Add(-time.Hour).UTC().Format(http.TimeFormat))
	first := resp.Header.Get("Location")
	resp, body := s.get(first + ".ttl")
	at, err := http.ParseTime(resp.Header.Get("Memento-Datetime"))
	if resp.StatusCode != 200 || err != nil || times[0].Sub(at) > time.Minute || !strings.Contains(body, "First title") {
		s.t.Errorf("the first memento: status %d, Memento-Datetime %q: %s", resp.StatusCode, resp.Header.Get("Memento-Datetime"), body)
	}
	links = strings.Join(resp.Header.Values("Link"), ", ")
	for _, want := range []string{`rel="original"`, `rel="timegate"`, `rel="timemap"`, `<` + first + `>; rel="first memento"`, `rel="next memento"`, `<` + last + `>; rel="last memento"; datetime="`} {
		if !strings.Contains(links, want) {
			s.t.Errorf("the first memento has no link %s: %s", want, links)
		}
	}
	if _, quads := s.get(first + ".nq"); !strings.Contains(quads, "/graph/provenance> .") || strings.Contains(quads, "/graph/validation/") || strings.Count(quads, "startedAtTime") != 1 {
		s.t.Errorf("the first memento has the provenance %s", quads)
	}
	s.want(first+"/linkset", 400)
	if location := resp.Header.Get("Content-Location"); location != first+".ttl" {
		s.t.Errorf("Content-Location %s", location)
	}
	s.timeMap(doc, thing, first, last)
	for path, status := range map[string]int{
		"/memento/19990101000000" + thing: 404, "/memento/29990101000000" + thing: 302, "/memento/yesterday" + thing: 400,
		"/memento/20260101000000/nothing": 400, "/timegate/course/uni.example/none": 404, "/timemap/course/uni.example/none": 404,
	} {
		s.want(path, status)
	}
	if resp, _ := s.get("/timegate"+thing, "Accept-Datetime", "yesterday"); resp.StatusCode != 400 {
		s.t.Errorf("a malformed time: status %d", resp.StatusCode)
	}
}

func (s *site) timeMap(doc, thing, first, last string) {
	s.t.Helper()
	resp, body := s.get("/timemap" + thing)
	if resp.Header.Get("Content-Type") != "application/link-format" || strings.Count(body, "memento\"") != 4 {
		s.t.Errorf("time map %s: %s", resp.Header.Get("Content-Type"), body)
	}
	for _, want := range []string{`<` + doc + `>; rel="original"`, `<` + first + `>; rel="first memento"; datetime="`, `<` + last + `>; rel="last memento"; datetime="`, `rel="self"`} {
		if !strings.Contains(body, want) {
			s.t.Errorf("the time map has no %s: %s", want, body)
		}
	}
	_, body = s.get("/timemap"+thing, "Accept", "application/json")
	var m struct {
		Mementos struct {
			List []struct {
				URI       string
				Withdrawn bool
			}
		}
	}
	if err := json.Unmarshal([]byte(body), &m); err != nil || len(m.Mementos.List) != 4 || m.Mementos.List[0].URI != first {
		s.t.Fatalf("time map: %v in %s", err, body)
	}
	for _, v := range m.Mementos.List {
		status := 200
		if v.Withdrawn {
			status = 410
		}
		resp, _ := s.get(v.URI)
		if resp.StatusCode != status || resp.Header.Get("Memento-Datetime") == "" {
			s.t.Errorf("%s: status %d, want %d; Memento-Datetime %q", v.URI, resp.StatusCode, status, resp.Header.Get("Memento-Datetime"))
		}
	}
}

// difference checks what two versions differ in.
func (s *site) difference(doc string) {
	s.t.Helper()
	s.want(doc+"/versions?from=1&to=2", 200, "First title", "Second title")
	resp, body := s.get(doc+"/versions?from=1&to=2", "Accept", "application/rdf-patch")
	if resp.Header.Get("Content-Type") != "application/rdf-patch" || !strings.HasPrefix(body, "TX .\nD <") || !strings.Contains(body, "\nA <") || !strings.HasSuffix(body, "TC .\n") {
		s.t.Errorf("patch %s", body)
	}
	s.want(doc+"/versions.json?from=1&to=2", 200, `"First title"`, `"Second title"`)
	s.want(doc+"/versions?from=2&to=3", 200, "<del")
	s.want(doc+"/versions?from=2&to=4", 200, "Nothing differs")
	s.want(doc+"/versions?from=0", 400)
	s.want(doc+"/versions?from=yesterday", 400)
}
