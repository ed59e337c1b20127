package pipeline_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"qlgraph/harvesters"
	"qlgraph/harvesters/pipeline"
)

// texts serves a text that a test changes.
type served struct{ mediaType, text string }

func (s *served) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if s.mediaType == "application/json" && r.URL.Path != "/courses" {
		http.NotFound(w, r)
		return
	}
	w.Header().Set("Content-Type", s.mediaType)
	fmt.Fprint(w, s.text)
}

// kinds lists what the identity guard found, kind and subject.
func kinds(r pipeline.SourceResult) string {
	var found []string
	for _, f := range r.Identity {
		found = append(found, f.Kind+" "+f.Subject[strings.LastIndexAny(f.Subject, "/#")+1:])
	}
	return strings.Join(found, ", ")
}

// What changes under an id is published, and told.
func TestIdentityOfAChangedCourse(t *testing.T) {
	course := func(credits, outcomes string) string {
		return `{"pageNumber": 1, "hasNextPage": false, "items": [{"courseId": "c1", "name": [{"language": "en", "value": "C"}],
			"studyLoad": {"studyLoadUnit": "ects", "value": ` + credits + `}, "learningOutcomes": [` + outcomes + `]}]}`
	}
	outcome := func(s string) string { return `[{"language": "en", "value": "` + s + `"}]` }
	feed := &served{"application/json", course("5", outcome("can swim")+","+outcome("can dive"))}
	p := newProvider(t, "load.example", "type: ooapi, version: 5")
	p.load(feed)
	dataset := memory()
	pipe := testPipeline(t, dataset, nil, p)
	harvest(t, pipe)
	for _, step := range []struct{ name, text, want string }{
		{"one outcome is reworded", course("5", outcome("can swim")+","+outcome("can dive deep")), ""},
		{"all outcomes are others", course("5", outcome("can sing")), "outcomes c1"},
		{"credits", course("7.5", outcome("can sing")), "credits c1"},
		{"both", course("5", outcome("can dance")), "credits c1, outcomes c1"},
	} {
		feed.text = step.text
		r := harvest(t, pipe)
		if got := kinds(r); got != step.want || r.Changed != 1 {
			t.Errorf("%s: %q, want %q: %+v", step.name, got, step.want, r)
		}
		if prov := strings.Join(quads(t, dataset, "/graph/provenance"), "\n"); step.want != "" && !strings.Contains(prov, "identity "+strings.Fields(step.want)[0]) {
			t.Errorf("%s is not in the provenance graph", step.name)
		}
	}
}

// Of two records with one id the first is kept, in every run.
func TestReusedID(t *testing.T) {
	one, other := `{"courseId": "c1", "name": [{"language": "en", "value": "First"}]}`, `{"courseId": "c1", "name": [{"language": "en", "value": "Second"}]}`
	feed := &served{"application/json", `{"pageNumber": 1, "hasNextPage": false, "items": [` + one + "," + other + "," + one + "]}"}
	p := newProvider(t, "load.example", "type: ooapi, version: 5")
	p.load(feed)
	dataset := memory()
	pipe := testPipeline(t, dataset, nil, p)
	for i := range 3 {
		r := run(t, pipe, pipeline.Options{Full: i == 2}).Sources[0]
		if r.Courses != 1 || r.Findings["identity.reused"] != 1 || r.Findings["identity.repeated"] != 2 || kinds(r) != "reused c1" {
			t.Errorf("run %d: %+v", i, r)
		}
		if len(r.Errors) != 1 || !strings.Contains(r.Errors[0].Message, `"c1" is used for two different records`) || !strings.HasSuffix(r.Errors[0].At, "#/items/1") {
			t.Errorf("run %d: errors %v", i, r.Errors)
		}
		graph := strings.Join(quads(t, dataset, "/graph/source/"), "\n")
		if !strings.Contains(graph, `"First"@en`) || strings.Contains(graph, `"Second"@en`) {
			t.Errorf("run %d: the second record won:\n%s", i, graph)
		}
		if i > 0 && r.Quads != 0 {
			t.Errorf("run %d wrote %d quads", i, r.Quads)
		}
	}
}

const turtleHead = "@prefix ql: <http://data.quality-link.eu/ontology/v1#> . @prefix dcterms: <http://purl.org/dc/terms/> .\n"

// An id that is another institution's course already is held back, with the
// reason, until that one withdraws it.
func TestOneIDAtTwoProviders(t *testing.T) {
	course := turtleHead + `<http://alliance.example/c> a ql:LearningOpportunitySpecification ; dcterms:title "C"@en .` + "\n"
	other := turtleHead + `<http://alliance.example/d> a ql:LearningOpportunitySpecification ; dcterms:title "D"@en .` + "\n"
	first, second := &served{"text/turtle", course}, &served{"text/turtle", course + strings.TrimPrefix(other, turtleHead)}
	a, b := newProvider(t, "a.example", "type: elm"), newProvider(t, "b.example", "type: elm")
	a.load(first)
	b.load(second)
	dataset := memory()
	pipe := testPipeline(t, dataset, nil, a, b)
	run(t, pipe, pipeline.Options{Providers: []string{"a.example"}})
	for i := range 2 {
		r := run(t, pipe, pipeline.Options{Providers: []string{"b.example"}}).Sources[0]
		if r.Courses != 1 || i == 0 && (r.Withheld != 1 || !strings.Contains(fmt.Sprint(r.Errors), "is a course of a.example already") || kinds(r) != "elsewhere c") {
			t.Errorf("run %d: %+v", i, r)
		}
	}
	first.text = other
	if r := run(t, pipe, pipeline.Options{Providers: []string{"a.example"}}).Sources[0]; r.Withdrawn != 1 {
		t.Errorf("a: %+v", r)
	}
	second.text = course
	if r := run(t, pipe, pipeline.Options{Providers: []string{"b.example"}}).Sources[0]; r.Courses != 1 || r.Created != 1 || r.Withheld != 0 {
		t.Errorf("b, after a withdrew it: %+v", r)
	}
	// An authoritative source may say something of anybody's courses.
	pipe = testPipeline(t, dataset, func(c *pipeline.Config) { c.Registry.Institutions[0].Class = harvesters.Authoritative }, a, b)
	first.text = course
	if r := run(t, pipe, pipeline.Options{Providers: []string{"a.example"}}).Sources[0]; r.Withheld != 0 || !strings.Contains(kinds(r), "shared c") {
		t.Errorf("authoritative: %+v", r)
	}
}

// Successions are told to their end, and circles as what they are.
func TestSupersededChains(t *testing.T) {
	course := func(id, more string) string {
		return `<http://load.example/` + id + `> a ql:LearningOpportunitySpecification ; dcterms:title "` + id + `"@en` + more + " .\n"
	}
	feed := &served{"text/turtle", turtleHead + course("a", " ; ql:supersededBy <http://load.example/b>") + course("b", "") +
		course("c", " ; ql:superseded <http://load.example/b>") +
		course("x", " ; ql:supersededBy <http://load.example/y>") + course("y", " ; ql:supersededBy <http://load.example/x>")}
	p := newProvider(t, "load.example", "type: elm")
	p.load(feed)
	r := harvest(t, testPipeline(t, memory(), nil, p))
	if got := kinds(r); got != "superseded a, superseded b, superseded x, superseded y" {
		t.Fatalf("found %q", got)
	}
	if got := r.Identity[0].After; got != "http://load.example/b → http://load.example/c" {
		t.Errorf("after a: %s", got)
	}
	if !strings.HasSuffix(r.Identity[2].After, "(a circle)") || r.Findings["identity.circle"] != 2 {
		t.Errorf("x: %+v", r.Identity[2])
	}
}
