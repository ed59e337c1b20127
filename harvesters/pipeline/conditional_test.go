package pipeline_test

import (
	"crypto/sha256"
	"fmt"
	"net/http"
	"net/http/httptest"
	"testing"

	"qlgraph/harvesters"
	"qlgraph/harvesters/demo"
	"qlgraph/harvesters/pipeline"
)

// validating gives every answer of a feed an ETag, and answers 304 where the
// client has it.
type validating struct {
	next         http.Handler
	bodies, held int
}

func (v *validating) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	answer := httptest.NewRecorder()
	v.next.ServeHTTP(answer, r)
	etag := fmt.Sprintf(`"%x"`, sha256.Sum256(answer.Body.Bytes()))
	if answer.Code == http.StatusOK && r.Header.Get("If-None-Match") == etag {
		v.held++
		w.WriteHeader(http.StatusNotModified)
		return
	}
	for name, values := range answer.Header() {
		w.Header()[name] = values
	}
	w.Header().Set("ETag", etag)
	if answer.Code == http.StatusOK {
		v.bodies++
	}
	w.WriteHeader(answer.Code)
	w.Write(answer.Body.Bytes())
}

// An API whose pages have validators sends those again that changed.
func TestPagesOfAPIsAreConditional(t *testing.T) {
	for _, format := range []harvesters.Format{harvesters.OOAPI, harvesters.EduAPI, harvesters.OCCAPI} {
		l := demo.NewLoad(format, 1, 10)
		feed := &validating{next: demo.Handler(format, l.Catalogue)}
		p := newProvider(t, "load.example", "type: "+string(format)+", pageSize: 4")
		p.load(feed)
		spool := t.TempDir()
		pipe := testPipeline(t, memory(), func(c *pipeline.Config) { c.Spool = spool }, p)
		for _, step := range []struct {
			name             string
			edit             func()
			changed          int
			status           pipeline.Status
			nothing, anybody bool
		}{
			{name: "unchanged", edit: func() {}, status: pipeline.Unchanged, nothing: true},
			{name: "changed", edit: func() { l.Change(1) }, changed: 1, status: pipeline.OK, anybody: true},
			{name: "unchanged again", edit: func() {}, status: pipeline.Unchanged, nothing: true},
		} {
			if step.name == "unchanged" {
				harvest(t, pipe)
			}
			step.edit()
			feed.bodies, feed.held = 0, 0
			r := harvest(t, pipe)
			if r.Status != step.status || r.Changed != step.changed || r.Courses < 10 || feed.held == 0 {
				t.Errorf("%s, %s: %+v", format, step.name, r)
			}
			// Edu-API is asked for changes, whose addresses are new each time.
			if format == harvesters.EduAPI {
				continue
			}
			if step.nothing && feed.bodies != 0 || step.anybody && (feed.bodies == 0 || feed.bodies >= feed.held+feed.bodies) {
				t.Errorf("%s, %s: %d bodies sent, %d not", format, step.name, feed.bodies, feed.held)
			}
		}
		feed.held = 0
		if run(t, pipe, pipeline.Options{Full: true}); feed.held != 0 {
			t.Errorf("%s: a full run asked for %d pages conditionally", format, feed.held)
		}
	}
}
