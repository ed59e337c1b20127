package main

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"qlgraph/graph/rdf"
	"qlgraph/graph/rdfio"
	"qlgraph/harvesters/evidence"
)

const fixtureTurtle = `@prefix ql: <http://data.quality-link.eu/ontology/v1#> . @prefix dcterms: <http://purl.org/dc/terms/> .
@prefix elm: <http://data.europa.eu/snb/model/ontology/> . @prefix adms: <http://www.w3.org/ns/adms#> . @prefix skos: <http://www.w3.org/2004/02/skos/core#> .
<https://uni.example/id/e1> a elm:LearningAchievementSpecification ; dcterms:title "From a file"@en ;
  adms:identifier [ a elm:Identifier ; skos:notation "E1" ] ; elm:creditPoint [ a elm:CreditPoint ; elm:point "5" ] .
<https://uni.example/id/o1> a elm:LearningOpportunity ; dcterms:title "In spring"@en ; elm:learningAchievementSpecification <https://uni.example/id/e1> .
`

// TestWhereItComesFrom follows the values of courses, one from an API and one
// from a file, back to the bytes that the provider sent.
func TestWhereItComesFrom(t *testing.T) {
	f := newFeed(t)
	first, second := fixtureCourse("C1", "Title <1> & more"), fixtureCourse("C1", "Second title")
	f.courses, f.turtle = []string{first, fixtureCourse("C2", "Another")}, fixtureTurtle
	s := newSite(t, f)
	before := time.Now()
	time.Sleep(5 * time.Millisecond)
	f.courses[0] = second
	s.harvest()
	then := "?asOf=" + url.QueryEscape(before.UTC().Format(time.RFC3339Nano))
	t.Run("API", func(t *testing.T) { s.lineage(t, "/doc/course/uni.example/C1", then, first) })
	t.Run("file", func(t *testing.T) { s.fileLineage(t, "/doc/course/uni.example/E1") })
	t.Run("validation", func(t *testing.T) { s.validation(t, "/doc/course/uni.example/C1", then) })
	t.Run("evidence", func(t *testing.T) { s.evidence(t, "/doc/course/uni.example/C1", then, first) })
	t.Run("credential", func(t *testing.T) {
		s.want("/doc/course/uni.example/C1/edc", 200, "specifiedBy", "LearningAchievementSpecification")
		s.want("/doc/course/uni.example/C1/edc.jsonld", 200, "model/context/edc-ap", `"type": "LearningAchievementSpecification"`, "Second title")
		s.want("/doc/course/uni.example/C1/edc.jsonld"+then, 200, "Title <1> & more")
		s.want("/doc/course/uni.example/C1/edc.ttl", 200, "http://data.europa.eu/snb/model/elm/")
		s.want("/doc/course/uni.example/E1/edc.jsonld", 200, "From a file", `"id": "https://uni.example/id/e1"`)
	})
	t.Run("page", func(t *testing.T) {
		s.want("/doc/course/uni.example/C1", 200, "/C1/versions", "/C1/lineage", "/C1/raw", "/C1/validation", "/C1/evidence", "/C1/edc")
	})
	t.Run("secrets", func(t *testing.T) { s.noSecret(t, f.secret, then) })
	f.courses = f.courses[1:]
	s.harvest()
	t.Run("withdrawn", func(t *testing.T) {
		for _, part := range []string{"lineage", "raw", "validation", "evidence", "edc"} {
			resp, _ := s.get("/doc/course/uni.example/C1/" + part)
			if resp.StatusCode != 410 || !strings.Contains(resp.Header.Get("Link"), "predecessor-version") {
				t.Errorf("%s: status %d, Link %q", part, resp.StatusCode, resp.Header.Get("Link"))
			}
			if resp, _ := s.get("/doc/course/uni.example/C1/" + part + then); resp.StatusCode != 200 {
				t.Errorf("%s as it was: status %d", part, resp.StatusCode)
			}
			if resp, _ := s.get("/doc/course/uni.example/C1/" + part + "?asOf=2001-01-01"); resp.StatusCode != 404 {
				t.Errorf("%s before: status %d", part, resp.StatusCode)
			}
			s.want("/doc/course/uni.example/none/"+part, 404)
		}
	})
}

// lineageDocument is what a test reads of lineage.json.
type lineageDocument struct {
	Records []struct {
		URL, Pointer, SHA256, MediaType, Raw, Run string
		Status                                    int
		Fetched                                   time.Time
	}
	Rules  map[string]struct{ Conversion string }
	Values []struct {
		Subject, Property, Object, Rule, Pointer string
		Record                                   *int
		Line                                     int
	}
}

func (s *site) readLineage(t *testing.T, path string) (d lineageDocument) {
	t.Helper()
	resp, body := s.get(path)
	if err := json.Unmarshal([]byte(body), &d); err != nil || resp.StatusCode != 200 {
		t.Fatalf("status %d, %v: %s", resp.StatusCode, err, body)
	}
	return d
}

func (s *site) lineage(t *testing.T, doc, then, original string) {
	d := s.readLineage(t, doc+"/lineage.json"+then)
	r := d.Records[0]
	if !strings.Contains(r.URL, "/api/courses") || r.Pointer != "/items/0" || r.Status != 200 || time.Since(r.Fetched) > time.Minute || r.MediaType != "application/json" {
		t.Errorf("record %+v", r)
	}
	found := false
	for _, v := range d.Values {
		if v.Rule == "" {
			t.Errorf("no rule for %+v", v)
		}
		if d.Rules[v.Rule].Conversion == "" {
			t.Errorf("no text of the rule %s", v.Rule)
		}
		if v.Property == "<http://purl.org/dc/terms/title>" && v.Object == `"Title <1> & more"@en` {
			found = v.Pointer == "/name/0/value" && v.Record != nil && *v.Record == 0
		}
	}
	if !found {
		t.Errorf("the title does not lead to its place: %+v", d.Values)
	}
	resp, body := s.get(r.Raw)
	sum := sha256.Sum256([]byte(body))
	if body != original || hex.EncodeToString(sum[:]) != r.SHA256 {
		t.Errorf("the original is %s", body)
	}
	for name, want := range map[string]string{
		"Content-Type": "application/json", "X-Content-Type-Options": "nosniff", "Content-Security-Policy": "sandbox; default-src 'none'",
		"Content-Disposition": `inline; filename="record-0.json"`,
	} {
		if got := resp.Header.Get(name); got != want {
			t.Errorf("%s: %q, want %q", name, got, want)
		}
	}
	s.want(doc+"/raw", 200, "Second title")
	s.want(doc+"/raw?record=1", 404)
	s.want(doc+"/raw?record=x", 404)
	s.want(doc+"/raw.ttl", 404)
	s.want(doc+"/lineage"+then, 200, "Title &lt;1&gt; &amp; more", "/name/0/value", "api/courses")
	s.parses(t, doc+"/lineage", then, "wasDerivedFrom")
}

// parses checks that a part is the same graph in every syntax.
func (s *site) parses(t *testing.T, path, query, property string) {
	t.Helper()
	counts := map[int]bool{}
	for _, format := range []rdfio.Format{rdfio.Turtle, rdfio.JSONLD, rdfio.RDFXML, rdfio.NTriples} {
		resp, body := s.get(path+query, "Accept", format.MediaType())
		if resp.StatusCode != 200 || resp.Header.Get("Content-Location") == "" {
			t.Errorf("%v: status %d", format, resp.StatusCode)
		}
		dec, err := rdfio.NewDecoder(strings.NewReader(body), format, rdfio.DecoderOptions{})
		if err != nil {
			t.Fatal(err)
		}
		var quads []rdf.Quad
		for q, err := range dec.All() {
			if err != nil {
				t.Fatalf("%v: %v", format, err)
			}
			quads = append(quads, q)
		}
		if !slices.ContainsFunc(quads, func(q rdf.Quad) bool { return strings.HasSuffix(q.P.Value(), property) }) {
			t.Errorf("%v: nothing with %s", format, property)
		}
		counts[len(quads)] = true
	}
	if len(counts) != 1 {
		t.Errorf("the syntaxes have different numbers of triples: %v", counts)
	}
}

func (s *site) fileLineage(t *testing.T, doc string) {
	d := s.readLineage(t, doc+"/lineage.json")
	if len(d.Records) < 2 || d.Records[0].MediaType != "application/n-triples" {
		t.Fatalf("records %+v", d.Records)
	}
	resp, body := s.get(d.Records[0].Raw)
	if resp.Header.Get("Content-Type") != "application/n-triples" || !strings.HasPrefix(resp.Header.Get("Content-Disposition"), "attachment") {
		t.Errorf("headers %v", resp.Header)
	}
	lines := strings.Split(body, "\n")
	checked := 0
	for _, v := range d.Values {
		if v.Line == 0 || *v.Record != 0 || !strings.HasPrefix(v.Object, `"`) {
			continue
		}
		checked++
		if !strings.Contains(lines[v.Line-1], v.Object) {
			t.Errorf("line %d is %s, not %s", v.Line, lines[v.Line-1], v.Object)
		}
	}
	if checked == 0 {
		t.Errorf("no value has a line: %+v", d.Values)
	}
	s.want(doc+"/lineage", 200, "In spring", "line 1")
	s.want(doc+"/versions", 200, "First seen")
}

func (s *site) validation(t *testing.T, doc, then string) {
	var now, past []struct{ Severity, FocusNode, Path string }
	for path, into := range map[string]any{doc + "/validation.json": &now, doc + "/validation.json" + then: &past} {
		_, body := s.get(path)
		if err := json.Unmarshal([]byte(body), into); err != nil {
			t.Fatal(err)
		}
	}
	if len(now) == 0 || now[0].Severity == "" || !slices.Equal(now, past) {
		t.Errorf("findings %+v; validated again %+v", now, past)
	}
	_, body := s.get("/sparql?format=csv&query=" + url.QueryEscape(
		`SELECT (COUNT(?r) AS ?n) { GRAPH <http://data.quality-link.eu/graph/validation/uni.example/s> { ?r <http://www.w3.org/ns/shacl#focusNode> ?f } FILTER(STRSTARTS(STR(?f), "http://data.quality-link.eu/course/uni.example/C1")) }`))
	if lines := strings.Fields(body); len(lines) != 2 || lines[1] != itoa(len(now)) {
		t.Errorf("the graph has %q findings, the part %d", body, len(now))
	}
	s.want(doc+"/validation", 200, "violation")
	s.parses(t, doc+"/validation", "", "focusNode")
}

func itoa(n int) string { text, _ := json.Marshal(n); return string(text) }

func (s *site) evidence(t *testing.T, doc, then, original string) {
	resp, body := s.get(doc + "/evidence" + then)
	if resp.Header.Get("Content-Type") != "application/zip" || !strings.HasPrefix(resp.Header.Get("Content-Disposition"), "attachment") {
		t.Errorf("headers %v", resp.Header)
	}
	if _, again := s.get(doc + "/evidence.zip" + then); again != body {
		t.Error("the same version gives other bytes")
	}
	pack, err := evidence.Open([]byte(body))
	if err != nil {
		t.Fatal(err)
	}
	if m := pack.Manifest; m.Version.Number != 1 || m.Version.Until == nil || string(pack.File(evidence.RawFile(0, ".json"))) != original {
		t.Errorf("manifest %+v", m)
	}
	file := filepath.Join(t.TempDir(), "pack.zip")
	if err := os.WriteFile(file, []byte(body), 0o600); err != nil {
		t.Fatal(err)
	}
	if status, out, messages := command(t, "verify-evidence", file); status != statusDone || !strings.Contains(out, "NOT CHECKED") || !strings.Contains(out, "/keys") {
		t.Errorf("status %d: %s %s", status, out, messages)
	}
	if status, out, messages := command(t, "verify-evidence", file, "--key", s.url+"/keys"); status != statusDone || !strings.Contains(out, "that you trust") {
		t.Errorf("with the keys: status %d: %s %s", status, out, messages)
	}
	s.pinned(t, file, pack)
	for at := 0; at < len(body); at += len(body) / 8 { // every byte: harvesters/evidence
		changed := []byte(body)
		changed[at] ^= 1
		if err := os.WriteFile(file, changed, 0o600); err != nil {
			t.Fatal(err)
		}
		if status, out, messages := command(t, "verify-evidence", file); status != statusFailed || out != "" || messages == "" {
			t.Fatalf("a changed byte: status %d: %s %s", status, out, messages)
		}
	}
}

// pinned checks a pack against keys in files.
func (s *site) pinned(t *testing.T, file string, pack *evidence.Pack) {
	t.Helper()
	key := filepath.Join(t.TempDir(), "key.pem")
	if err := os.WriteFile(key, pack.File(evidence.KeyFile), 0o600); err != nil {
		t.Fatal(err)
	}
	if status, _, messages := command(t, "verify-evidence", file, "--key", key); status != statusDone {
		t.Errorf("with its key: status %d: %s", status, messages)
	}
	const stranger = "-----BEGIN PUBLIC KEY-----\nMCowBQYDK2VwAyEA11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=\n-----END PUBLIC KEY-----\n"
	if err := os.WriteFile(key, []byte(stranger), 0o600); err != nil {
		t.Fatal(err)
	}
	if status, out, _ := command(t, "verify-evidence", "--json", file, "--key", key); status != statusFailed || !strings.Contains(out, `"trusted": false`) {
		t.Errorf("with another key: status %d: %s", status, out)
	}
	if status, _, _ := command(t, "verify-evidence", file, "--key", file); status != statusFailed {
		t.Errorf("with no key: status %d", status)
	}
}

// noSecret looks for the provider's credentials wherever its courses are told of.
func (s *site) noSecret(t *testing.T, secret, then string) {
	for _, path := range []string{
		"", ".ttl", ".nq", "/versions", "/versions.ttl", "/lineage", "/lineage.json", "/lineage.nt", "/raw", "/validation", "/validation.ttl", "/evidence", "/edc", "/edc.jsonld",
	} {
		for _, query := range []string{"", then} {
			if _, body := s.get("/doc/course/uni.example/C1" + path + query); strings.Contains(body, secret) || body == "" {
				t.Errorf("%s%s tells the secret, or nothing", path, query)
			}
		}
	}
}
