package pipeline_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"qlgraph/harvesters"
	"qlgraph/harvesters/demo"
	"qlgraph/harvesters/pipeline"
)

// eduFeed serves an Edu-API catalogue as more or less able servers do, and notes
// what it was asked for.
type eduFeed struct {
	next            http.Handler
	deaf, uncounted bool // it ignores filters; it does not say how many records there are
	refusing        bool // it refuses filters
	asked           []string
}

func (f *eduFeed) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	query := r.URL.Query()
	f.asked = append(f.asked, r.URL.Path+"?"+query.Encode())
	if f.refusing && query.Has("filter") {
		http.Error(w, "{}", http.StatusUnprocessableEntity)
		return
	}
	if f.deaf {
		query.Del("filter")
		r.URL.RawQuery = query.Encode()
	}
	if f.uncounted {
		w = uncounted{w}
	}
	f.next.ServeHTTP(w, r)
}

type uncounted struct{ http.ResponseWriter }

func (u uncounted) WriteHeader(status int) {
	u.Header().Del("X-Total-Count")
	u.ResponseWriter.WriteHeader(status)
}

func (u uncounted) Write(b []byte) (int, error) {
	u.Header().Del("X-Total-Count")
	return u.ResponseWriter.Write(b)
}

// filtered and whole count the requests for changes, and for further pages of
// everything.
func (f *eduFeed) count() (filtered, whole int) {
	for _, request := range f.asked {
		switch {
		case strings.Contains(request, "filter=dateLastModified"):
			filtered++
		case strings.Contains(request, "offset=10"):
			whole++
		}
	}
	f.asked = nil
	return filtered, whole
}

// A source that says when its records changed is asked for changes. Wherever
// these may not be all, it is read as a whole.
func TestEduAPIIsAskedForChanges(t *testing.T) {
	type step struct {
		name               string
		edit               func(*demo.Load)
		after              time.Duration
		changed, withdrawn int
		whole              bool // everything is read
	}
	nothing, change, remove := func(*demo.Load) {}, func(l *demo.Load) { l.Change(2) }, func(l *demo.Load) { l.Remove(1) }
	for _, test := range []struct {
		name      string
		feed      eduFeed
		scheduled bool
		steps     []step
	}{
		{"able", eduFeed{}, false, []step{
			{"unchanged", nothing, time.Hour, 0, 0, false},
			{"changed", change, time.Hour, 2, 0, false},
			{"changed again", change, time.Hour, 2, 0, false},
			{"added", func(l *demo.Load) { l.Add(1) }, time.Hour, 0, 0, false},
			{"removed", remove, time.Hour, 0, 1, true},
			{"unchanged after that", nothing, time.Hour, 0, 0, false},
			{"a week later", nothing, 8 * 24 * time.Hour, 0, 0, true},
		}},
		{"deaf", eduFeed{deaf: true}, false, []step{
			{"unchanged", nothing, time.Hour, 0, 0, true},
			{"changed", change, time.Hour, 2, 0, true},
			{"removed", remove, time.Hour, 0, 1, true},
		}},
		{"refusing", eduFeed{refusing: true}, false, []step{
			{"changed", change, time.Hour, 2, 0, true},
			{"removed", remove, time.Hour, 0, 1, true},
		}},
		{"uncounted", eduFeed{uncounted: true}, false, []step{
			{"changed", change, time.Hour, 2, 0, true},
			{"removed", remove, time.Hour, 0, 1, true},
		}},
		{"uncounted, scheduled", eduFeed{uncounted: true}, true, []step{
			{"changed", change, 25 * time.Hour, 2, 0, false},
			{"removed", remove, 25 * time.Hour, 0, 0, false},
			{"a week later", nothing, 7 * 24 * time.Hour, 0, 1, true},
		}},
		{"a session changes", eduFeed{}, false, []step{
			{"session", func(l *demo.Load) {
				text := l.Texts("academicSessions")[0]
				if err := l.Put("academicSessions", []byte(strings.ReplaceAll(text, "Spring", "Summer"))); err != nil {
					panic(err)
				}
			}, time.Hour, 40, 0, true},
		}},
		{"marked as deleted", eduFeed{}, false, []step{
			{"deleted", func(l *demo.Load) {
				text := l.Texts("courseTemplates")[3]
				text = strings.Replace(text, `"recordStatus":"active"`, `"recordStatus":"deleted"`, 1)
				text = strings.Replace(text, `"dateLastModified":"2026-01-01T02`, `"dateLastModified":"2026-01-01T06`, 1)
				if err := l.Put("courseTemplates", []byte(text)); err != nil {
					panic(err)
				}
			}, time.Hour, 0, 1, false},
			{"still listed", nothing, time.Hour, 0, 0, false},
			{"changed", change, time.Hour, 2, 0, false},
		}},
	} {
		t.Run(test.name, func(t *testing.T) {
			l := demo.NewLoad(harvesters.EduAPI, 1, 30)
			l.Add(10) // so that not all records are of one time
			feed := test.feed
			feed.next = demo.Handler(harvesters.EduAPI, l.Catalogue)
			p := newProvider(t, "load.example", "type: edu-api, pageSize: 10")
			p.load(&feed)
			now := time.Date(2026, 3, 1, 0, 0, 0, 0, time.UTC)
			pipe := testPipeline(t, memory(), func(c *pipeline.Config) {
				calm(c)
				c.Now = func() time.Time { return now }
			}, p)
			if r := harvest(t, pipe); r.Created != 40 {
				t.Fatalf("got %+v", r)
			}
			if filtered, whole := feed.count(); filtered != 0 || whole == 0 {
				t.Errorf("first: %d requests for changes, %d for everything", filtered, whole)
			}
			for _, step := range test.steps {
				now = now.Add(step.after)
				step.edit(l)
				r := run(t, pipe, pipeline.Options{Due: test.scheduled}).Sources[0]
				if r.Changed != step.changed || r.Withdrawn != step.withdrawn || r.Courses != l.Courses()-deleted(l) && step.withdrawn > 0 {
					t.Errorf("%s: %+v", step.name, r)
				}
				filtered, whole := feed.count()
				if (whole > 0) != step.whole || !step.whole && filtered == 0 {
					t.Errorf("%s: %d requests for changes, %d for everything", step.name, filtered, whole)
				}
			}
		})
	}
}

func deleted(l *demo.Load) (n int) {
	for _, text := range l.Texts("courseTemplates") {
		if strings.Contains(text, `"recordStatus":"deleted"`) {
			n++
		}
	}
	return n
}
