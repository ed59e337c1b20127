package timeline_test

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"qlgraph/graph"
	"qlgraph/graph/store"
	"qlgraph/harvesters"
	"qlgraph/harvesters/discover"
	"qlgraph/harvesters/fetch"
	"qlgraph/harvesters/pipeline"
	"qlgraph/harvesters/registry"
	"qlgraph/internal/netguard"
	"qlgraph/web/resource"
	"qlgraph/web/timeline"
)

const base = "http://data.quality-link.eu"

// catalogue is what a provider publishes as a file, harvested on request into a
// store whose past the tests ask for.
type catalogue struct {
	t         testing.TB
	text      string
	now       time.Time
	data      *store.Store
	pipe      *pipeline.Pipeline
	past      *timeline.Timeline
	documents *resource.Handler
}

func newCatalogue(t testing.TB) *catalogue {
	t.Helper()
	c := &catalogue{t: t, now: time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)}
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/manifest" {
			fmt.Fprintf(w, "sources: [{id: s, type: elm, path: 'http://%s/feed.ttl'}]", r.Host)
			return
		}
		w.Header().Set("Content-Type", "text/turtle")
		fmt.Fprint(w, c.text)
	}))
	t.Cleanup(server.Close)
	var err error
	if c.data, err = store.Open(t.TempDir(), store.Options{}); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { c.data.Close() })
	network := netguard.New(netguard.Config{AllowPrivate: true})
	client := fetch.New(fetch.Config{Network: network, Sleep: func(ctx context.Context, _ time.Duration) error { return ctx.Err() }})
	t.Cleanup(client.Close)
	institution := registry.Institution{Provider: harvesters.Provider{SCHAC: "uni.example", Names: map[string]string{"en": "University"}}, Manifest: server.URL + "/manifest"}
	c.pipe, err = pipeline.New(pipeline.Config{
		BaseIRI: base, Dataset: c.data, Client: client,
		Finder:     &discover.Finder{Client: client, Resolver: network.Resolver()},
		Registry:   registry.Registry{Institutions: []registry.Institution{institution}},
		Background: []pipeline.Background{}, Now: func() time.Time { return c.now },
	})
	if err != nil {
		t.Fatal(err)
	}
	c.past = timeline.New(c.data, c.pipe.Journal(), base)
	c.documents = resource.New(resource.Config{Dataset: c.data, BaseIRI: base, Past: c.past})
	return c
}

const prefixes = `@prefix ql: <http://data.quality-link.eu/ontology/v1#> . @prefix dcterms: <http://purl.org/dc/terms/> .
@prefix elm: <http://data.europa.eu/snb/model/ontology/> . @prefix adms: <http://www.w3.org/ns/adms#> . @prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix : <https://uni.example/id/> .
`

func course(id, title, more string) string {
	return fmt.Sprintf(":%s a ql:LearningOpportunitySpecification ; dcterms:title %q@en ; adms:identifier [ a elm:Identifier ; skos:notation %q ] %s .\n", id, title, id, more)
}

func offering(id, course, title string) string {
	return fmt.Sprintf(":%s a ql:LearningOpportunityInstance ; dcterms:title %q@en ; elm:learningAchievementSpecification :%s .\n", id, title, course)
}

// publish harvests a file an hour after the last one.
func (c *catalogue) publish(parts ...string) {
	c.t.Helper()
	c.text = prefixes + strings.Join(parts, "")
	c.now = c.now.Add(time.Hour)
	report, err := c.pipe.Run(c.t.Context(), pipeline.Options{})
	if err != nil || report.FailedSources() > 0 {
		c.t.Fatalf("%v: %+v", err, report)
	}
}

func (c *catalogue) target(path string) resource.Target {
	c.t.Helper()
	t, err := c.documents.Target(path)
	if err != nil {
		c.t.Fatal(err)
	}
	return t
}

// view runs fn with a snapshot and the history of what a path names.
func (c *catalogue) view(path string, fn func(graph.Snapshot, *timeline.History)) {
	c.t.Helper()
	snap, err := c.data.Snapshot(c.t.Context())
	if err != nil {
		c.t.Fatal(err)
	}
	defer snap.Close()
	h, err := c.past.History(snap, c.target(path))
	if err != nil {
		c.t.Fatal(err)
	}
	fn(snap, h)
}

// account tells the versions: hours since the first harvest, and the titles.
func (c *catalogue) account(path string) (lines []string) {
	c.t.Helper()
	c.view(path, func(_ graph.Snapshot, h *timeline.History) {
		if h == nil {
			return
		}
		for _, v := range h.Versions {
			titles := []string{}
			if !v.Gone {
				for _, q := range v.Document.Quads {
					if q.P.Value() == "http://purl.org/dc/terms/title" {
						titles = append(titles, q.O.Value())
					}
				}
			}
			slices.Sort(titles)
			lines = append(lines, fmt.Sprintf("%d %v", v.At.Hour(), titles))
		}
	})
	return lines
}

func (c *catalogue) want(path string, want ...string) {
	c.t.Helper()
	if got := c.account(path); !slices.Equal(got, want) {
		c.t.Errorf("%s:\n%s\nwant\n%s", path, strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
}

// A course's versions follow what its document has: also the offerings that are
// records of their own, and no other record.
func TestVersionsOfParts(t *testing.T) {
	c := newCatalogue(t)
	c.publish(course("c1", "One", ""), course("c2", "Other", ""), offering("o1", "c1", "Spring"))
	c.publish(course("c1", "One", ""), course("c2", "Changed", ""), offering("o1", "c1", "Spring"))
	c.publish(course("c1", "One", ""), course("c2", "Changed", ""), offering("o1", "c1", "Summer"))
	c.publish(course("c1", "One", ""), course("c2", "Changed", ""), offering("o1", "c1", "Summer"), offering("o2", "c1", "Autumn"))
	c.publish(course("c1", "New", ""), course("c2", "Changed", ""), offering("o1", "c2", "Summer"))
	c.publish(course("c2", "Changed", ""), offering("o1", "c2", "Summer"))
	c.want("/course/uni.example/c1", "1 [One Spring]", "3 [One Summer]", "4 [Autumn One Summer]", "5 [New]", "6 []")
	c.want("/course/uni.example/c2", "1 [Other]", "2 [Changed]", "5 [Changed Summer]")
	c.want("/course/uni.example/none")
	c.want("/provider/uni.example")
}

// Of a file too, all names of a withdrawn course lead to its tombstone.
func TestNamesOfAFile(t *testing.T) {
	c := newCatalogue(t)
	c.publish(course("c1", "One", ""), course("c2", "Other", ""))
	c.publish(course("c2", "Other", ""))
	snap, err := c.data.Snapshot(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer snap.Close()
	for _, name := range []string{
		"https://uni.example/id/c1", base + "/course/uni.example/c1", "urn:schac:uniqueCourseId:uni.example:c1",
		"URN:schac:uniqueCourseId:UNI.example:c1", "did:web:uni.example:courseId:c1",
	} {
		if got, err := c.past.Named(snap, name); err != nil || got != base+"/course/uni.example/c1" {
			t.Errorf("%s names %q, %v", name, got, err)
		}
	}
	if got, err := c.past.Named(snap, "https://uni.example/id/nobody"); err != nil || got != "" {
		t.Errorf("nobody's name names %q, %v", got, err)
	}
	doc, err := c.past.Withdrawn(snap, c.target("/course/uni.example/c1"))
	if err != nil || doc == nil || doc.Status != http.StatusGone || doc.Subject.Value() != "https://uni.example/id/c1" {
		t.Errorf("tombstone %+v, %v", doc, err)
	}
	if doc, err := c.past.Withdrawn(snap, c.target("/course/uni.example/c2")); doc != nil || err != nil {
		t.Errorf("a course that is there has the tombstone %+v, %v", doc, err)
	}
}

// A tombstone leads to the successor, whoever names it and however.
func TestSuccessors(t *testing.T) {
	reference := `[ a ql:LearningOpportunitySpecificationReference ; elm:providedBy <` + base + `/provider/uni.example> ; adms:identifier [ a elm:Identifier ; skos:notation %q ] ]`
	for name, tc := range map[string]struct{ old, successor, want string }{
		"by itself":          {"; ql:supersededBy :new", "", "https://uni.example/id/new"},
		"by itself, Dublin":  {"; dcterms:isReplacedBy :new", "", "https://uni.example/id/new"},
		"by itself, its id":  {"; ql:supersededBy " + fmt.Sprintf(reference, "new"), "", base + "/course/uni.example/new"},
		"by itself, its URN": {"; ql:supersededBy " + fmt.Sprintf(reference, "urn:schac:uniqueCourseId:uni.example:new"), "", base + "/course/uni.example/new"},
		"by the other":       {"", "; ql:superseded :old", "https://uni.example/id/new"},
		"by the other's URI": {"", "; ql:superseded <" + base + "/course/uni.example/old>", "https://uni.example/id/new"},
		"by the other's id":  {"", "; ql:superseded " + fmt.Sprintf(reference, "old"), "https://uni.example/id/new"},
		"another's id":       {"", "; ql:superseded " + fmt.Sprintf(reference, "elder"), ""},
		"by nobody":          {"", "", ""},
	} {
		t.Run(name, func(t *testing.T) {
			c := newCatalogue(t)
			c.publish(course("old", "Old", tc.old), course("new", "New", tc.successor))
			c.publish(course("new", "New", tc.successor))
			c.view("/course/uni.example/old", func(snap graph.Snapshot, _ *timeline.History) {
				doc, err := c.past.Withdrawn(snap, c.target("/course/uni.example/old"))
				if err != nil || doc == nil {
					t.Fatalf("%+v, %v", doc, err)
				}
				got := ""
				for _, q := range doc.Quads {
					if q.P.Value() == "http://purl.org/dc/terms/isReplacedBy" {
						got += q.O.Value()
					}
				}
				if got != tc.want {
					t.Errorf("replaced by %q, want %q", got, tc.want)
				}
				linked := slices.ContainsFunc(doc.Links, func(l resource.Link) bool { return l.Rel == "successor-version" })
				if linked != (tc.want != "") {
					t.Errorf("links %v", doc.Links)
				}
			})
		})
	}
}

// BenchmarkHistory is what a course costs that changed a hundred times.
func BenchmarkHistory(b *testing.B) {
	c := newCatalogue(b)
	for i := range 100 {
		c.publish(course("c1", fmt.Sprint("Title ", i), ""))
	}
	target := c.target("/course/uni.example/c1")
	snap, err := c.data.Snapshot(b.Context())
	if err != nil {
		b.Fatal(err)
	}
	defer snap.Close()
	b.Run("versions", func(b *testing.B) {
		for b.Loop() {
			if h, err := c.past.History(snap, target); err != nil || len(h.Versions) != 100 {
				b.Fatal(err)
			}
		}
	})
	b.Run("changed", func(b *testing.B) {
		for b.Loop() {
			if at, err := c.past.Changed(snap, target); err != nil || at.IsZero() {
				b.Fatal(err)
			}
		}
	})
}
