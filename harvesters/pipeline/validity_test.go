package pipeline_test

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"qlgraph/harvesters/pipeline"
)

// validCourses serves OOAPI courses with the members given.
func validCourses(t *testing.T, members ...string) *provider {
	t.Helper()
	var items []string
	for i, m := range members {
		items = append(items, fmt.Sprintf(`{"courseId": "c%d", "name": [{"language": "en", "value": "C%d"}]%s}`, i, i, m))
	}
	p := newProvider(t, "load.example", "type: ooapi, version: 5")
	p.load(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path != "/courses" {
			http.NotFound(w, r)
			return
		}
		fmt.Fprintf(w, `{"pageNumber": 1, "hasNextPage": false, "items": [%s]}`, strings.Join(items, ","))
	}))
	return p
}

// active returns what is said of the activity of the course.
func active(t *testing.T, lines []string, id string) string {
	t.Helper()
	var found []string
	for _, line := range lines {
		if strings.HasPrefix(line, "<"+base+"/course/load.example/"+id+"> <http://data.quality-link.eu/ontology/v1#isActive>") {
			found = append(found, strings.Split(line, `"`)[1])
		}
	}
	return strings.Join(found, " ")
}

// A course is active in its period of validity. The day on which that ends
// changes it, once, although its source sends the same; all other days, and an
// hour later, nothing is written.
func TestValidityTurnsOnItsDay(t *testing.T) {
	p := validCourses(t, `, "validFrom": "2026-01-01", "validTo": "2026-08-31"`, `, "validFrom": "2026-09-01"`, ``)
	day := func(s string) time.Time {
		d, err := time.Parse("2006-01-02 15", s)
		if err != nil {
			t.Fatal(err)
		}
		return d
	}
	var now time.Time
	dataset, anew := memory(), memory()
	clock := func(c *pipeline.Config) { c.Now = func() time.Time { return now } }
	pipe, full := testPipeline(t, dataset, clock, p), testPipeline(t, anew, clock, p)
	for _, step := range []struct {
		at      string
		changed int
		active  [3]string
	}{
		{"2026-08-30 12", 0, [3]string{"true", "false", ""}},
		{"2026-08-31 23", 0, [3]string{"true", "false", ""}},
		{"2026-09-01 00", 2, [3]string{"false", "true", ""}},
		{"2026-09-01 01", 0, [3]string{"false", "true", ""}},
		{"2030-09-01 01", 0, [3]string{"false", "true", ""}},
	} {
		now = day(step.at)
		r := harvest(t, pipe)
		if r.Changed != step.changed || step.changed == 0 && r.Created == 0 && (r.Quads != 0 || r.Status != pipeline.Unchanged) {
			t.Errorf("%s: %+v", step.at, r)
		}
		if step.changed > 0 && r.Quads != 4 {
			t.Errorf("%s: %d quads written, want 2 removed and 2 added", step.at, r.Quads)
		}
		stored := quads(t, dataset, "/graph/source/")
		for i, want := range step.active {
			if got := active(t, stored, fmt.Sprintf("c%d", i)); got != want {
				t.Errorf("%s: c%d is active: %q, want %q", step.at, i, got, want)
			}
		}
		run(t, full, pipeline.Options{Full: true})
		if !slices.Equal(stored, quads(t, anew, "/graph/source/")) {
			t.Errorf("%s: a full run gives another graph", step.at)
		}
	}
}

// The end of a term for most of a catalogue is no reason to hold a run.
func TestCalendarHoldsNothing(t *testing.T) {
	members := make([]string, 20)
	for i := range members {
		members[i] = `, "validTo": "2026-08-31T23:59:59Z"`
	}
	p := validCourses(t, members...)
	now := time.Date(2026, 8, 1, 0, 0, 0, 0, time.UTC)
	pipe := testPipeline(t, memory(), func(c *pipeline.Config) { c.Now = func() time.Time { return now } }, p)
	harvest(t, pipe)
	now = now.AddDate(0, 1, 0)
	if r := harvest(t, pipe); r.Status != pipeline.OK || r.Changed != 20 {
		t.Errorf("got %+v", r)
	}
}

// The points for a recent offering are given by the run's clock, and taken away
// when they are due, without a quad of the source being written.
func TestFreshnessIsOfTheRunsDay(t *testing.T) {
	p := validCourses(t, ``)
	p.mux.HandleFunc("/feed/courses/c0/offerings", func(w http.ResponseWriter, _ *http.Request) {
		fmt.Fprint(w, `{"pageNumber": 1, "hasNextPage": false, "items": [{"offeringId": "o", "offeringType": "course", "course": "c0",
			"name": [{"language": "en", "value": "C"}], "startDate": "2026-01-01", "endDate": "2026-06-30"}]}`)
	})
	now := time.Date(2026, 3, 1, 0, 0, 0, 0, time.UTC)
	pipe := testPipeline(t, memory(), func(c *pipeline.Config) { c.Now = func() time.Time { return now } }, p)
	score := func() (score int) {
		err := pipe.Journal().Records(t.Context(), "load.example", "s", func(r pipeline.Row) { score = r.Score })
		if err != nil {
			t.Fatal(err)
		}
		return score
	}
	harvest(t, pipe)
	fresh := score()
	now = time.Date(2027, 8, 3, 23, 0, 0, 0, time.UTC) // 400 days after its end
	harvest(t, pipe)
	if got := score(); got != fresh {
		t.Errorf("score %d before its day, want %d", got, fresh)
	}
	now = now.AddDate(0, 0, 1)
	if r := harvest(t, pipe); r.Status != pipeline.Unchanged || r.Quads != 0 {
		t.Errorf("got %+v", r)
	}
	if got := score(); got != fresh-6 {
		t.Errorf("score %d afterwards, want %d", got, fresh-6)
	}
}
