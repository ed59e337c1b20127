package pipeline_test

import (
	"bytes"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"qlgraph/graph"
	"qlgraph/graph/rdf"
	"qlgraph/graph/store"
	"qlgraph/harvesters"
	"qlgraph/harvesters/pipeline"
)

// durable is a dataset with a history.
func durable(t *testing.T) *store.Store {
	t.Helper()
	s, err := store.Open(t.TempDir(), store.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	return s
}

// archive runs fn with the archive of the newest snapshot.
func archive(t *testing.T, d graph.Dataset, p *pipeline.Pipeline, fn func(*pipeline.Archive)) {
	t.Helper()
	s, err := d.Snapshot(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	a, err := p.Journal().Archive(s)
	if err != nil {
		t.Fatal(err)
	}
	fn(a)
}

// account tells the states of a part: "T+1h title" or "T+2h gone".
func account(t *testing.T, a *pipeline.Archive, p pipeline.Part, iri string, start time.Time) []string {
	t.Helper()
	var lines []string
	for _, s := range p.States {
		line := fmt.Sprintf("%v %s gone", s.At.Sub(start), s.Run)
		if !s.Gone {
			quads, err := a.Quads(p, s)
			if err != nil {
				t.Fatal(err)
			}
			line = fmt.Sprintf("%v %s %s", s.At.Sub(start), s.Run, titleOf(quads, iri))
			statements, record, err := a.Statements(p, s)
			if err != nil || record.Body == "" {
				t.Errorf("%s: no original: %v", line, err)
			}
			for _, st := range statements {
				if st.Rule == "" {
					t.Errorf("%s: no rule for %v", line, st.Quad)
				}
			}
		}
		lines = append(lines, line)
	}
	return lines
}

const titleIRI = "http://purl.org/dc/terms/title"

func titleOf(quads []rdf.Quad, iri string) string {
	for _, q := range quads {
		if q.S.Value() == iri && q.P.Value() == titleIRI {
			return q.O.Value()
		}
	}
	return ""
}

// The history has every state that a course had, with the run that made it, and
// is written with the graph: what a held, failed or unchanged run saw is not in
// it.
func TestHistoryOfACourse(t *testing.T) {
	course := func(id, title, more string) string {
		return fmt.Sprintf(`{"courseId": %q, "primaryCode": {"codeType": "identifier", "code": %q}, "name": [{"language": "en", "value": %q}], "teachingLanguage": "eng"%s}`, id, id, title, more)
	}
	other := course("c2", "Always there", "")
	p := newProvider(t, "load.example", "type: ooapi, version: 5")
	items, status := []string{}, http.StatusOK
	p.load(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path != "/courses" {
			http.NotFound(w, r)
			return
		}
		w.WriteHeader(status)
		fmt.Fprintf(w, `{"pageNumber": 1, "hasNextPage": false, "items": [%s]}`, strings.Join(items, ","))
	}))
	dataset := durable(t)
	start := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
	now, runs := start, 0
	pipe := testPipeline(t, dataset, func(c *pipeline.Config) {
		c.Now = func() time.Time { return now }
		c.RunID = func() string { runs++; return fmt.Sprintf("run%d", runs) }
	}, p)
	iri := base + "/course/load.example/c1"
	for i, step := range []struct {
		items  []string
		status int
		full   bool
		want   string // added to the account
	}{
		{items: []string{course("c1", "One", ""), other}, want: "0s run1 One"},
		{items: []string{course("c1", "One", ""), other}},
		{items: []string{course("c1", "Two", ""), other}, want: "2h0m0s run3 Two"},
		{items: []string{course("c1", "Two", `, "consumers": [{"nothing": "that a rule reads"}]`), other}},
		{items: []string{course("c1", "Two", ""), other}, full: true},
		{items: []string{other}, want: "5h0m0s run6 gone"},
		{items: []string{other}},
		{items: []string{course("c1", "Two", ""), other}, want: "7h0m0s run8 Two"},
		{items: []string{course("c1", "One", ""), other}, status: http.StatusInternalServerError},
		{items: []string{course("c1", "One", ""), other}, want: "9h0m0s run10 One"},
		{items: []string{course("c1", "", ""), other}, want: "10h0m0s run11 gone"}, // no title: held back
		{items: []string{course("c1", "One", ""), other}, want: "11h0m0s run12 One"},
	} {
		items, status = step.items, max(step.status, http.StatusOK)
		now = start.Add(time.Duration(i) * time.Hour)
		want := history(t, dataset, pipe, iri, start)
		if step.want != "" {
			want = append(want, step.want)
		}
		run(t, pipe, pipeline.Options{Full: step.full})
		if got := history(t, dataset, pipe, iri, start); !slices.Equal(got, want) {
			t.Fatalf("after run %d:\n%s\nwant\n%s", i+1, strings.Join(got, "\n"), strings.Join(want, "\n"))
		}
	}
	if got := history(t, dataset, pipe, base+"/course/load.example/c2", start); len(got) != 1 {
		t.Errorf("the other course has the states %v", got)
	}
}

// history is the account of the only part of a course.
func history(t *testing.T, d graph.Dataset, p *pipeline.Pipeline, iri string, start time.Time) (lines []string) {
	t.Helper()
	archive(t, d, p, func(a *pipeline.Archive) {
		parts, err := a.Parts(iri)
		if err != nil || len(parts) > 1 {
			t.Fatalf("%d parts, %v", len(parts), err)
		}
		if len(parts) == 1 {
			lines = account(t, a, parts[0], iri, start)
		}
	})
	return lines
}

// Whatever named a course names it after its withdrawal.
func TestWithdrawnNames(t *testing.T) {
	p, l := loaded(t, harvesters.OOAPI, 3)
	dataset := durable(t)
	pipe := testPipeline(t, dataset, nil, p)
	harvest(t, pipe)
	const id = "5eed0000-0000-4000-8000-000000000001"
	l.Catalogue.Remove("courses", id)
	harvest(t, pipe)
	iri := base + "/course/load.example/" + id
	archive(t, dataset, pipe, func(a *pipeline.Archive) {
		for _, name := range []string{iri, "urn:schac:uniqueCourseId:load.example:" + id, "did:web:load.example:courseId:" + id, "urn:uuid:" + id} {
			if got, err := a.Withdrawn(name); err != nil || got != iri {
				t.Errorf("%s names %q, %v", name, got, err)
			}
		}
		if got, err := a.Withdrawn("urn:uuid:5eed0000-0000-4000-8000-000000000002"); err != nil || got != "" {
			t.Errorf("a course that was never withdrawn: %q, %v", got, err)
		}
	})
}

// A course that moves to another source of its provider is one course, and so
// is one whose offerings are records of their own.
func TestPartsOfACourse(t *testing.T) {
	const prefixes = "@prefix ql: <http://data.quality-link.eu/ontology/v1#> . @prefix dcterms: <http://purl.org/dc/terms/> . @prefix elm: <http://data.europa.eu/snb/model/ontology/> .\n"
	const course = `<http://load.example/c> a ql:LearningOpportunitySpecification ; dcterms:title "C"@en .` + "\n"
	const offering = `<http://load.example/o> a ql:LearningOpportunityInstance ; dcterms:title "O"@en ; elm:learningAchievementSpecification <http://load.example/c> .` + "\n"
	text := prefixes + course + offering
	p := newProvider(t, "load.example", "type: elm")
	p.load(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/turtle")
		w.Write([]byte(text))
	}))
	dataset := durable(t)
	pipe := testPipeline(t, dataset, nil, p)
	harvest(t, pipe)
	archive(t, dataset, pipe, func(a *pipeline.Archive) {
		parts, err := a.Parts("http://load.example/c")
		if err != nil || len(parts) != 2 || parts[0].Row.Kind != "specification" || parts[1].Row.Kind != "instance" {
			t.Errorf("parts %+v, %v", parts, err)
		}
	})
	p.manifest = strings.Replace(p.manifest, "id: s,", "id: other,", 1)
	run(t, pipe, pipeline.Options{})
	archive(t, dataset, pipe, func(a *pipeline.Archive) {
		parts, err := a.Parts("http://load.example/c")
		if err != nil || len(parts) != 4 {
			t.Fatalf("%d parts, %v", len(parts), err)
		}
		if p := parts[0]; p.Source.ID != "other" || p.Row.Kind != "specification" || p.Row.Withdrawn != nil {
			t.Errorf("the course is described by %+v", p)
		}
	})
}

// What a server repeats of the manifest's parameters is in no address, and the
// record is kept as it came.
func TestArchiveIsPublic(t *testing.T) {
	const secret = "c4n4ry-0f-4-k3y"
	p := newProvider(t, "load.example", "type: edu-api, queryParameters: {apikey: "+secret+"}")
	p.load(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Query().Get("apikey") != secret {
			http.Error(w, "no", http.StatusForbidden)
			return
		}
		offset := r.URL.Query().Get("offset")
		if !strings.HasSuffix(r.URL.Path, "courseTemplates") || offset > "1" {
			w.Write([]byte("[]"))
			return
		}
		body := []byte(`[{"sourcedId": "1", "recordLanguage": "en", "title": [{"recordLanguage": "en", "string": "One"}], "x": `)
		if offset == "0" {
			w.Header().Set("Link", `<`+p.server.URL+`/feed`+r.URL.Path+`?offset=1&apikey=`+r.URL.Query().Get("apikey")+`>; rel="next"`)
		} else {
			body = bytes.Replace(body, []byte(`"1"`), []byte(`"2"`), 1)
		}
		w.WriteHeader(http.StatusNonAuthoritativeInfo)
		w.Write(append(body, "1.50}]"...))
	}))
	dataset := durable(t)
	pipe := testPipeline(t, dataset, nil, p)
	r := harvest(t, pipe)
	if r.Courses != 2 {
		t.Fatalf("got %+v", r)
	}
	archive(t, dataset, pipe, func(a *pipeline.Archive) {
		parts, err := a.Parts(base + "/course/load.example/2")
		if err != nil || len(parts) != 1 {
			t.Fatalf("%d parts, %v", len(parts), err)
		}
		record, err := a.Raw(parts[0].States[0])
		if err != nil || !strings.Contains(record.Body, `"x": 1.50}`) {
			t.Errorf("the record is %s, %v", record.Body, err)
		}
		if row := parts[0].Row; strings.Contains(row.URL+record.URL, secret) || !strings.Contains(row.URL, "offset=1") {
			t.Errorf("its address is %s", row.URL)
		} else if record.Status != http.StatusNonAuthoritativeInfo || record.Fetched.IsZero() {
			t.Errorf("read at %v with status %d", record.Fetched, record.Status)
		}
	})
}
