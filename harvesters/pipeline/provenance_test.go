package pipeline_test

import (
	"crypto/sha256"
	"fmt"
	"net/http"
	"strings"
	"testing"

	"qlgraph/harvesters/pipeline"
)

// A run that changes something leaves in the provenance graph what it fetched,
// with status, hash and time, and what was wrong, with its place. One that
// changes nothing leaves nothing.
func TestProvenance(t *testing.T) {
	const good, bad = `{"courseId": "c1", "name": [{"language": "en", "value": "C1"}]}`, `{"courseId": "c2"}`
	page := `{"pageNumber": 1, "hasNextPage": false, "items": [` + good + `, ` + bad + `]}`
	p := newProvider(t, "load.example", "type: ooapi, version: 5, queryParameters: {key: k3y}")
	p.load(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path != "/courses" {
			http.NotFound(w, r)
			return
		}
		w.WriteHeader(http.StatusNonAuthoritativeInfo)
		fmt.Fprint(w, page)
	}))
	dataset := memory()
	pipe := testPipeline(t, dataset, nil, p)
	report := run(t, pipe, pipeline.Options{})
	prov := strings.Join(quads(t, dataset, "/graph/provenance"), "\n")
	activity := base + "/run/" + report.ID + "#load.example.s"
	address := p.server.URL + "/feed/courses?pageNumber=1&pageSize=250"
	for _, want := range []string{
		"<" + activity + "> <http://www.w3.org/ns/prov#used> <" + activity + ".response0>",
		"<" + activity + ".response0> <http://www.w3.org/ns/prov#atLocation> <" + address + ">",
		"<" + activity + `.response0> <http://www.w3.org/2011/http#statusCodeValue> "203"`,
		"<" + activity + `.response0> <http://purl.org/dc/terms/identifier> "sha256:` + fmt.Sprintf("%x", sha256.Sum256([]byte(page))) + `"`,
		"<" + activity + ".response0> <http://www.w3.org/ns/prov#generatedAtTime>",
		"<" + activity + `.error0> <http://www.w3.org/2000/01/rdf-schema#comment> "The course has no name and is not published."`,
		"<" + activity + ".error0> <" + base + `/run#at> "` + address + `#/items/1"`,
		`http#statusCodeValue> "404"`,
		"<" + activity + "> <" + base + `/run#created> "1"`,
	} {
		if !strings.Contains(prov, want) {
			t.Errorf("not in the provenance graph: %s", want)
		}
	}
	if strings.Contains(prov, "k3y") {
		t.Error("the provenance graph tells the manifest's parameters")
	}
	if t.Failed() {
		t.Log(prov)
	}
	if r := report.Sources[0]; len(r.Responses) == 0 || r.Responses[0].Changed != 2 || r.Responses[0].Status != 203 {
		t.Errorf("responses: %+v", report.Sources[0].Responses)
	}
	before := len(prov)
	if r := harvest(t, pipe); r.Status != pipeline.Unchanged || len(r.Responses) != 0 {
		t.Errorf("unchanged: %+v", r)
	}
	if after := strings.Join(quads(t, dataset, "/graph/provenance"), "\n"); len(after) != before {
		t.Errorf("an unchanged run left something: %s", after[before:])
	}
}
