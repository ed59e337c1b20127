package pipeline_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"qlgraph/harvesters"
	"qlgraph/harvesters/demo"
	"qlgraph/harvesters/pipeline"
)

// occFeed counts the requests for single courses.
type occFeed struct {
	next  http.Handler
	asked map[string]int
}

func (f *occFeed) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if id, ok := strings.CutPrefix(r.URL.Path, "/course/"); ok && !strings.Contains(id, "/") {
		f.asked[id]++
	}
	f.next.ServeHTTP(w, r)
}

// OCCAPI lists say when their courses changed: one that did not is not asked for
// by itself. A deprecated course leaves the list: it is asked for once, stays as
// an inactive one, and is not asked for again; one that is gone is withdrawn.
func TestOCCAPIAsksForWhatChanged(t *testing.T) {
	l := demo.NewLoad(harvesters.OCCAPI, 1, 8)
	feed := &occFeed{next: demo.Handler(harvesters.OCCAPI, l.Catalogue), asked: map[string]int{}}
	p := newProvider(t, "load.example", "type: occapi")
	p.load(feed)
	dataset := memory()
	pipe := testPipeline(t, dataset, nil, p)
	ids := make([]string, 8)
	for i := range ids {
		ids[i] = fmt.Sprintf("5eed0000-0000-4000-8000-%012d", i)
	}
	edit := func(id, old, replacement string) func() {
		return func() {
			text := string(l.Text("course", id))
			changed := strings.Replace(text, old, replacement, 1)
			if changed == text {
				t.Fatalf("no %s in %s", old, text)
			}
			if err := l.Put("course", []byte(changed)); err != nil {
				t.Fatal(err)
			}
		}
	}
	for _, step := range []struct {
		name               string
		edit               func()
		changed, withdrawn int
		asked              []string
		full               bool
	}{
		{name: "first", edit: func() {}, asked: ids},
		{name: "unchanged", edit: func() {}},
		{name: "changed", edit: edit(ids[1], "2026-02-01T00:00:00Z", "2026-02-02T00:00:00Z"), changed: 1, asked: ids[1:2]},
		{name: "changed without saying when", edit: edit(ids[2], "Edition 0", "Edition 1"), changed: 1, asked: ids[2:3]},
		{name: "deprecated", edit: edit(ids[3], `"attributes":{`, `"attributes":{"deprecated":true,`), changed: 1, asked: ids[3:4]},
		{name: "still deprecated", edit: func() {}},
		{name: "gone", edit: func() { l.Catalogue.Remove("course", ids[4]) }, withdrawn: 1, asked: ids[4:5]},
		{name: "still gone", edit: func() {}},
		{name: "in full", edit: func() {}, full: true, asked: append(append([]string{}, ids[:4]...), ids[5:]...)},
	} {
		step.edit()
		clear(feed.asked)
		r := run(t, pipe, pipeline.Options{Full: step.full}).Sources[0]
		if r.Changed != step.changed || r.Withdrawn != step.withdrawn {
			t.Errorf("%s: %+v", step.name, r)
		}
		for _, id := range step.asked {
			if feed.asked[id] != 1 {
				t.Errorf("%s: %s was asked for %d times", step.name, id, feed.asked[id])
			}
		}
		if len(feed.asked) != len(step.asked) {
			t.Errorf("%s: asked for %v", step.name, feed.asked)
		}
		if step.name == "deprecated" || step.name == "in full" {
			if got := active(t, quads(t, dataset, "/graph/source/"), ids[3]); got != "false" {
				t.Errorf("%s: the deprecated course is active: %q", step.name, got)
			}
		}
	}
	if r := harvest(t, pipe); r.Courses != 7 || r.Status != pipeline.Unchanged {
		t.Errorf("in the end: %+v", r)
	}
}
