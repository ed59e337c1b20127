package elm_test

import (
	"archive/zip"
	"bytes"
	"compress/gzip"
	"slices"
	"strings"
	"testing"

	"qlgraph/harvesters"
	"qlgraph/harvesters/elm"
	"qlgraph/harvesters/lifting/lifttest"
)

const turtleFile = `@prefix elm: <http://data.europa.eu/snb/model/elm/> .
@prefix dct: <http://purl.org/dc/terms/> .
<http://c.example/1> a elm:Qualification ; dct:title "One"@en ; dct:publisher <http://c.example/org> ; elm:learningOutcome [ dct:title "Know"@en ] .
<http://c.example/i> a elm:LearningOpportunity ; elm:learningAchievementSpecification <http://c.example/1> .
<http://c.example/org> a elm:Organisation .
`

// sameFile says what turtleFile does, in another order and with other labels.
const sameFile = `@prefix e: <http://data.europa.eu/snb/model/elm/> .
<http://c.example/org> a e:Organisation .
_:x <http://purl.org/dc/terms/title> "Know"@en .
<http://c.example/i> e:learningAchievementSpecification <http://c.example/1> ; a e:LearningOpportunity .
<http://c.example/1> <http://purl.org/dc/terms/publisher> <http://c.example/org> ; e:learningOutcome _:x ; a e:Qualification ; <http://purl.org/dc/terms/title> "One"@en .
`

const xmlFile = `<?xml version="1.0"?>
<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:elm="http://data.europa.eu/snb/model/elm/" xmlns:dct="http://purl.org/dc/terms/">
<elm:Qualification rdf:about="http://c.example/1"><dct:title xml:lang="en">One</dct:title><dct:publisher rdf:resource="http://c.example/org"/>
<elm:learningOutcome rdf:parseType="Resource"><dct:title xml:lang="en">Know</dct:title></elm:learningOutcome></elm:Qualification>
<elm:LearningOpportunity rdf:about="http://c.example/i"><elm:learningAchievementSpecification rdf:resource="http://c.example/1"/></elm:LearningOpportunity>
<elm:Organisation rdf:about="http://c.example/org"/>
</rdf:RDF>`

const jsonFile = `{"@context": {"elm": "http://data.europa.eu/snb/model/elm/", "dct": "http://purl.org/dc/terms/", "title": {"@id": "dct:title", "@container": "@language"}},
"@graph": [
 {"@id": "http://c.example/1", "@type": "elm:Qualification", "title": {"en": "One"}, "dct:publisher": {"@id": "http://c.example/org"}, "elm:learningOutcome": {"title": {"en": "Know"}}},
 {"@id": "http://c.example/i", "@type": "elm:LearningOpportunity", "elm:learningAchievementSpecification": {"@id": "http://c.example/1"}},
 {"@id": "http://c.example/org", "@type": "elm:Organisation"}]}`

// nameFile uses the namespace as if it were a context, as a library does.
const nameFile = `[{"@context": "http://data.europa.eu/snb/model/elm/", "id": "http://c.example/1", "type": "Qualification", "title": {"en": "One"},
 "publisher": {"id": "http://c.example/org", "type": "Organisation"}, "learningOutcome": {"title": {"en": "Know"}}},
 {"@context": "http://data.europa.eu/snb/model/elm/", "id": "http://c.example/i", "type": "LearningOpportunity", "learningAchievementSpecification": {"id": "http://c.example/1"}}]`

func zipped(t *testing.T, files map[string]string) string {
	t.Helper()
	var b bytes.Buffer
	w := zip.NewWriter(&b)
	for name, content := range files {
		f, err := w.Create(name)
		if err == nil {
			_, err = f.Write([]byte(content))
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func gzipped(t *testing.T, content string) string {
	t.Helper()
	var b bytes.Buffer
	w := gzip.NewWriter(&b)
	if _, err := w.Write([]byte(content)); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func read(t *testing.T, body, mediaType, contentType string) ([]harvesters.Record, []harvesters.Finding, error) {
	t.Helper()
	get := &lifttest.Answers{Root: "https://uni.example", Bodies: map[string]string{"/courses": body}, MediaType: mediaType}
	return lifttest.Harvest(elm.Reader{}, harvesters.Source{Path: get.Root + "/courses", ContentType: contentType}, get)
}

// TestReaderDropped: what JSON-LD leaves out is told.
func TestReaderDropped(t *testing.T) {
	body := strings.Replace(jsonFile, "{", `{"http://e/note": {"@value": "x", "@language": "no tag"},`, 1)
	records, findings, err := read(t, body, "application/ld+json", "")
	if err != nil || len(records) == 0 || len(findings) != 1 || findings[0].Code != "elm.jsonld.dropped" || !strings.HasSuffix(findings[0].Message, ": 1.") {
		t.Errorf("%d records, %+v, %v", len(records), findings, err)
	}
}

func TestReaderSyntaxes(t *testing.T) {
	names := []string{
		"instance http://c.example/i", "organisation http://c.example/org",
		"specification http://c.example/1[organisation http://c.example/org]",
	}
	tests := []struct{ name, body, mediaType, contentType string }{
		{"Turtle", turtleFile, "text/turtle", ""},
		{"Turtle as plain text", turtleFile, "text/plain", ""},
		{"Turtle said to be JSON-LD", turtleFile, "application/ld+json", ""},
		{"the manifest overrides", turtleFile, "text/html", "text/turtle; charset=utf-8"},
		{"RDF/XML", xmlFile, "application/rdf+xml", ""},
		{"RDF/XML as generic XML", "\n" + xmlFile, "text/xml", ""},
		{"RDF/XML said to be Turtle", xmlFile, "text/turtle", "text/turtle"},
		{"JSON-LD", jsonFile, "application/ld+json", ""},
		{"JSON-LD as JSON", "\n " + jsonFile, "application/json; charset=utf-8", ""},
		{"JSON-LD with a namespace for a context", nameFile, "application/ld+json", ""},
		{"JSON-LD said to be Turtle", jsonFile, "text/turtle", ""},
		{"gzip", gzipped(t, turtleFile), "application/octet-stream", ""},
		{"zip", zipped(t, map[string]string{"a.ttl": turtleFile}), "application/zip", ""},
		{"a byte-order mark", "\ufeff" + turtleFile, "text/turtle", ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			records, findings, err := read(t, tt.body, tt.mediaType, tt.contentType)
			if err != nil || len(findings) > 0 {
				t.Fatal(err, findings)
			}
			got := lifttest.Names(records)
			slices.Sort(got)
			if !slices.Equal(got, names) {
				t.Errorf("records %q, want %q", got, names)
			}
		})
	}
}

// TestRecordsAreCanonical shows that a record does not depend on how and where
// its subject is written.
func TestRecordsAreCanonical(t *testing.T) {
	bodies := func(file string) map[string]string {
		records, _, err := read(t, file, "text/turtle", "")
		if err != nil {
			t.Fatal(err)
		}
		m := map[string]string{}
		for _, r := range records {
			m[r.Kind+" "+r.ID] = string(r.Body)
		}
		return m
	}
	want := bodies(turtleFile)
	for name, file := range map[string]string{"reordered": sameFile, "RDF/XML": xmlFile, "JSON-LD": jsonFile} {
		got := bodies(file)
		for id, body := range want {
			if got[id] != body {
				t.Errorf("%s, %s:\n%swant:\n%s", name, id, got[id], body)
			}
		}
	}
}

func TestReaderFails(t *testing.T) {
	tests := []struct{ name, body, mediaType, want string }{
		{"empty", " \n", "text/turtle", "the file is empty"},
		{"HTML", "<!DOCTYPE html><html><body>Not found</body></html>", "text/turtle", "HTML page"},
		{"the register's upload format", `<?xml version="1.0"?><Courses xmlns="http://data.europa.eu/snb/model/ap/loq-constraints/"/>`, "application/xml", "Qualification Dataset Register"},
		{"broken Turtle", "@prefix elm: <http://x/> \n elm:a elm:b", "text/turtle", "2:"},
		{"broken RDF/XML", "<rdf:RDF xmlns:rdf='http://www.w3.org/1999/02/22-rdf-syntax-ns#'><a>", "application/rdf+xml", "rdfxml"},
		{"JSON-LD with a remote context", `{"@context": "https://contexts.example/elm", "title": "x"}`, "application/ld+json", "https://contexts.example/elm"},
		{"JSON that is not LD", `{"items": []}`, "application/json", "no statement"},
		{"an empty archive", zipped(t, nil), "application/zip", "the archive is empty"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			_, findings, err := read(t, tt.body, tt.mediaType, "")
			if err == nil || !strings.Contains(err.Error(), tt.want) {
				t.Errorf("error %v, findings %v; want %q", err, findings, tt.want)
			}
		})
	}
}

func TestWhatStandsBeforeABreakSurvives(t *testing.T) {
	records, findings, err := read(t, turtleFile+"<http://c.example/2> a elm:Qualification ; dct:title \"Tw", "text/turtle", "")
	if err != nil {
		t.Fatal(err)
	}
	if got := lifttest.Names(records); len(got) != 3 || slices.ContainsFunc(got, func(n string) bool { return strings.Contains(n, "/2") }) {
		t.Errorf("records %q", got)
	}
	if len(findings) != 1 || findings[0].Code != "elm.syntax" || findings[0].At.Line != 6 {
		t.Errorf("findings %+v", findings)
	}
}

// TestHostileBlankNodes shows that long chains and cycles of blank nodes end.
func TestHostileBlankNodes(t *testing.T) {
	var b strings.Builder
	b.WriteString("<http://c.example/1> a <http://data.europa.eu/snb/model/elm/Qualification> ; <http://purl.org/dc/terms/title> \"One\"@en ; <http://x.example/p> _:n0 .\n")
	for i := range 2000 {
		b.WriteString("_:n" + strings.Repeat("a", i%7) + string(rune('0'+i%10)) + " <http://x.example/p> _:n" + strings.Repeat("a", (i+1)%7) + string(rune('0'+(i+1)%10)) + " .\n")
	}
	records, _, err := read(t, b.String(), "text/turtle", "")
	if err != nil || len(records) != 1 {
		t.Fatalf("%d records, %v", len(records), err)
	}
	f := format()
	lifttest.Invariants(t, f, records[0], f.Lifter.Lift(records[0], f.Context()))
}
