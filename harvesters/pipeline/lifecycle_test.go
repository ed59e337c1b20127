package pipeline_test

import (
	"context"
	"fmt"
	"net/http"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"qlgraph/graph"
	"qlgraph/harvesters"
	"qlgraph/harvesters/demo"
	"qlgraph/harvesters/pipeline"
)

func TestWithdrawalAndReturn(t *testing.T) {
	p, l := loaded(t, harvesters.OOAPI, 20)
	dataset := memory()
	pipe := testPipeline(t, dataset, nil, p)
	harvest(t, pipe)
	all := quads(t, dataset, "/graph/source/")
	course := base + "/course/load.example/5eed0000-0000-4000-8000-000000000019"
	text := l.Text("courses", "5eed0000-0000-4000-8000-000000000019")
	l.Catalogue.Remove("courses", "5eed0000-0000-4000-8000-000000000019")

	if r := harvest(t, pipe); r.Withdrawn != 1 || r.Unchanged != 19 || r.Courses != 19 {
		t.Errorf("after the removal: %+v", r)
	}
	if strings.Contains(strings.Join(quads(t, dataset, "/graph/source/"), "\n"), "<"+course+">") {
		t.Error("the withdrawn course is still in the graph")
	}
	wantWithdrawn(t, dataset, pipe, course, true)
	if r := harvest(t, pipe); r.Status != pipeline.Unchanged || r.Withdrawn != 0 {
		t.Errorf("a withdrawn course is withdrawn again: %+v", r)
	}

	if err := l.Catalogue.Put("courses", text); err != nil {
		t.Fatal(err)
	}
	if r := harvest(t, pipe); r.Created != 1 || r.Courses != 20 {
		t.Errorf("after the return: %+v", r)
	}
	if got := quads(t, dataset, "/graph/source/"); strings.Join(got, "\n") != strings.Join(all, "\n") {
		t.Error("the returned course is not what it was")
	}
	wantWithdrawn(t, dataset, pipe, course, false)
}

// wantWithdrawn checks what is known of the record that describes a course.
func wantWithdrawn(t *testing.T, d graph.Dataset, p *pipeline.Pipeline, course string, want bool) {
	t.Helper()
	archive(t, d, p, func(a *pipeline.Archive) {
		parts, err := a.Parts(course)
		if err != nil || len(parts) != 1 || (parts[0].Row.Withdrawn != nil) != want {
			t.Errorf("withdrawn, want %v: %+v, %v", want, parts, err)
		}
	})
}

func TestImplausibleRunIsHeld(t *testing.T) {
	for name, test := range map[string]struct {
		edit func(*demo.Load)
		free func(t *testing.T, p *pipeline.Pipeline, run string)
	}{
		"withdrawals, released": {func(l *demo.Load) { l.Remove(15) }, func(t *testing.T, p *pipeline.Pipeline, run string) {
			providers, err := p.Release(t.Context(), run)
			if err != nil || len(providers) != 1 {
				t.Fatalf("release: %v, %v", providers, err)
			}
		}},
		"withdrawals, confirmed": {func(l *demo.Load) { l.Remove(15) }, func(*testing.T, *pipeline.Pipeline, string) {}},
		"changes, confirmed":     {func(l *demo.Load) { l.Change(200) }, func(*testing.T, *pipeline.Pipeline, string) {}},
	} {
		t.Run(name, func(t *testing.T) {
			p, l := loaded(t, harvesters.EduAPI, 40)
			dataset := memory()
			pipe := testPipeline(t, dataset, nil, p)
			harvest(t, pipe)
			before := quads(t, dataset, "/graph/")
			test.edit(l)
			report := run(t, pipe, pipeline.Options{})
			if r := report.Sources[0]; r.Status != pipeline.Held || len(r.Errors) == 0 || r.Quads != 0 {
				t.Fatalf("not held: %+v", r)
			}
			if after := quads(t, dataset, "/graph/"); strings.Join(after, "\n") != strings.Join(before, "\n") {
				t.Error("a held run changed the graphs")
			}
			test.free(t, pipe, report.ID)
			if r := harvest(t, pipe); r.Status != pipeline.OK || r.Withdrawn+r.Changed == 0 {
				t.Errorf("still held: %+v", r)
			}
			if _, err := pipe.Release(t.Context(), report.ID); err == nil {
				t.Error("a run that holds nothing was released")
			}
			if _, err := pipe.Release(t.Context(), "other"); err == nil || err.Error() != `no run "other"` {
				t.Errorf("a run that there is not: %v", err)
			}
		})
	}
}

func TestSmallSourcesAreNotHeld(t *testing.T) {
	p, l := loaded(t, harvesters.OOAPI, 9)
	pipe := testPipeline(t, memory(), nil, p)
	harvest(t, pipe)
	l.Remove(9)
	if r := harvest(t, pipe); r.Status != pipeline.OK || r.Withdrawn != 9 {
		t.Errorf("got %+v", r)
	}
}

// A source that fails, in whatever way, leaves its stored data and the other
// sources alone, and says what is wrong and where.
func TestFailingSource(t *testing.T) {
	for name, test := range map[string]struct {
		source  string
		handler http.HandlerFunc // nil: the server is down
		want    string
	}{
		"down":          {"type: ooapi, version: 5", nil, "connection refused"},
		"HTML":          {"type: ooapi, version: 5", answer(200, "text/html", "<html><h1>Welcome</h1></html>"), ""},
		"broken JSON":   {"type: edu-api", answer(200, "application/json", `[{"sourcedId": "1", "title": `), "JSON"},
		"empty object":  {"type: occapi", answer(200, "application/json", `{}`), ""},
		"gone":          {"type: occapi", answer(404, "application/json", `{}`), "404"},
		"forbidden":     {"type: ooapi, version: 5", answer(403, "application/json", `{"title":"no key"}`), "403"},
		"server error":  {"type: edu-api", answer(500, "text/plain", `oops`), "500"},
		"redirect loop": {"type: ooapi, version: 5", func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, r.RequestURI, http.StatusFound) }, "redirects"},
		"other version": {"type: ooapi, version: 4", answer(200, "application/json", `{}`), "version"},
		"metadata": {"type: ooapi, version: 5", func(w http.ResponseWriter, r *http.Request) {
			http.Redirect(w, r, "http://169.254.169.254/", http.StatusFound)
		}, "refused to connect"},
		"wrong types":    {"type: edu-api", answer(200, "application/json", `[1, "two", null, [3], {"sourcedId": {"a": 1}, "title": 7}]`), ""},
		"deep JSON":      {"type: edu-api", answer(200, "application/json", strings.Repeat("[", 100_000)), ""},
		"wrong encoding": {"type: ooapi, version: 5", answer(200, "application/json", "\xff\xfe{\x00}\x00"), ""},
	} {
		t.Run(name, func(t *testing.T) {
			attack(t, test.source, test.handler, test.want)
		})
	}
}

// attack harvests a source, breaks it, and harvests it again, beside another
// one. The run has to say what is wrong; what was stored, and the other source,
// must not suffer.
func attack(t *testing.T, source string, handler http.HandlerFunc, want string) pipeline.SourceResult {
	t.Helper()
	format := harvesters.Format(strings.Fields(strings.ReplaceAll(source, ",", ""))[1])
	bad := newProvider(t, "load.example", source)
	good, _ := loaded(t, harvesters.OOAPI, 5)
	good.schac = "good.example"
	feed := demo.Handler(format, demo.NewLoad(format, 1, 5).Catalogue)
	broken := false
	bad.load(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if broken {
			handler(w, r)
		} else {
			feed.ServeHTTP(w, r)
		}
	}))
	dataset := memory()
	pipe := testPipeline(t, dataset, nil, bad, good)
	run(t, pipe, pipeline.Options{})
	before := quads(t, dataset, "/graph/source/load.example/")
	if len(before) == 0 && !strings.Contains(source, "version: 4") {
		t.Fatal("nothing was stored before the attack")
	}
	broken = true
	if handler == nil {
		bad.manifest = strings.Replace(bad.manifest, bad.server.URL, "http://127.0.0.1:1024", 1)
	}
	report := run(t, pipe, pipeline.Options{})
	r := report.Sources[0]
	if r.Status != pipeline.Failed && r.Status != pipeline.Partial {
		t.Errorf("the broken source is %s: %+v", r.Status, r)
	}
	if len(r.Errors) == 0 || !strings.Contains(fmt.Sprint(r.Errors), want) {
		t.Errorf("errors %v, want one with %q", r.Errors, want)
	}
	if r.Withdrawn != 0 {
		t.Errorf("a failure withdrew %d records", r.Withdrawn)
	}
	after := quads(t, dataset, "/graph/source/load.example/")
	for _, q := range before {
		if _, found := slices.BinarySearch(after, q); !found {
			t.Errorf("the stored data lost %s", q)
			break
		}
	}
	if g := report.Sources[1]; g.Status != pipeline.Unchanged {
		t.Errorf("the other source: %+v", g)
	}
	return r
}

func answer(status int, mediaType, body string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", mediaType)
		w.WriteHeader(status)
		w.Write([]byte(body))
	}
}

func TestTruncatedPageKeepsItsGoodRecords(t *testing.T) {
	p, l := loaded(t, harvesters.EduAPI, 10)
	dataset := memory()
	cut := false
	feed := demo.Handler(harvesters.EduAPI, l.Catalogue)
	other := newProvider(t, "load.example", "type: edu-api")
	other.load(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if cut && strings.HasSuffix(r.URL.Path, "courseTemplates") {
			text := strings.Join(l.Texts("courseTemplates"), ",")
			w.Write([]byte("[" + text[:len(text)-200]))
			return
		}
		feed.ServeHTTP(w, r)
	}))
	_ = p
	pipe := testPipeline(t, dataset, nil, other)
	harvest(t, pipe)
	l.Change(40)
	cut = true
	r := harvest(t, pipe)
	if r.Status != pipeline.Partial && r.Status != pipeline.Held {
		t.Fatalf("got %+v", r)
	}
	if r.Withdrawn != 0 || r.Courses != 10 {
		t.Errorf("got %+v", r)
	}
}

func TestOwnership(t *testing.T) {
	course := `{"courseId": "c1", "primaryCode": {"codeType": "identifier", "code": "C1"}, "name": [{"language": "en", "value": "Mine"}], "teachingLanguage": "eng"}`
	others := `{"courseId": "c2", "primaryCode": {"codeType": "identifier", "code": "C2"}, "name": [{"language": "en", "value": "Theirs"}], "teachingLanguage": "eng",
		"organization": {"organizationId": "o2", "organizationType": "root", "name": [{"language": "en", "value": "B"}], "otherCodes": [{"codeType": "schacHome", "code": "uni-b.example"}]}}`
	for class, want := range map[harvesters.Class]int{harvesters.Own: 1, harvesters.Authoritative: 2} {
		p := newProvider(t, "uni-a.example", "type: ooapi, version: 5")
		p.load(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if r.URL.Path != "/courses" {
				http.NotFound(w, r)
				return
			}
			fmt.Fprintf(w, `{"pageNumber": 1, "hasNextPage": false, "items": [%s, %s]}`, course, others)
		}))
		dataset := memory()
		pipe := testPipeline(t, dataset, func(c *pipeline.Config) { c.Registry.Institutions[0].Class = class }, p)
		r := harvest(t, pipe)
		if r.Courses != want {
			t.Errorf("%s: %d courses, want %d: %+v", class, r.Courses, want, r)
		}
		if class == harvesters.Own && (r.Withheld != 1 || !strings.Contains(fmt.Sprint(r.Errors), "uni-b.example")) {
			t.Errorf("the record of another institution: %+v", r)
		}
	}
}

func TestIdentityGuard(t *testing.T) {
	p, l := loaded(t, harvesters.OOAPI, 3)
	dataset := memory()
	pipe := testPipeline(t, dataset, nil, p)
	harvest(t, pipe)
	id := "5eed0000-0000-4000-8000-000000000001"
	text := string(l.Text("courses", id))
	before := strings.Index(text, `"studyLoad":{"studyLoadUnit":"ects","value":`)
	if before < 0 {
		t.Fatalf("no credits in %s", text)
	}
	changed := strings.Replace(text, `"studyLoadUnit":"ects","value":`, `"studyLoadUnit":"ects","value":9`, 1)
	if err := l.Catalogue.Put("courses", []byte(changed)); err != nil {
		t.Fatal(err)
	}
	r := harvest(t, pipe)
	if r.Changed != 1 || len(r.Identity) != 1 || r.Identity[0].Kind != "credits" || !strings.HasSuffix(r.Identity[0].Subject, id) {
		t.Errorf("got %+v", r)
	}
	if prov := strings.Join(quads(t, dataset, "/graph/provenance"), "\n"); !strings.Contains(prov, id) {
		t.Errorf("the finding is not in the provenance graph:\n%s", prov)
	}
}

// A source that the manifest stops naming is withdrawn; one that only cannot be
// looked up is not.
func TestSourceLeavesTheManifest(t *testing.T) {
	p, _ := loaded(t, harvesters.OOAPI, 5)
	named := p.manifest
	dataset := memory()
	pipe := testPipeline(t, dataset, nil, p)
	harvest(t, pipe)

	p.manifest = "<html>maintenance</html>"
	if r := harvest(t, pipe); r.Status != pipeline.Unchanged || r.Courses != 5 || !strings.Contains(fmt.Sprint(r.Errors), "is used") {
		t.Errorf("with a broken manifest: %+v", r)
	}
	p.manifest = strings.Replace(named, "id: s,", "id: other,", 1)
	sources := run(t, pipe, pipeline.Options{}).Sources
	if len(sources) != 2 || sources[0].Source != "other" || sources[0].Created != 5 || sources[1].Source != "s" || sources[1].Withdrawn != 5 {
		t.Errorf("with another source: %+v", sources)
	}
	if sources = run(t, pipe, pipeline.Options{}).Sources; len(sources) != 1 || sources[0].Status != pipeline.Unchanged {
		t.Errorf("afterwards: %+v", sources)
	}
	if got := quads(t, dataset, "/graph/source/load.example/s"); len(got) != 0 {
		t.Errorf("%d quads are left", len(got))
	}
	if runs, err := pipe.Journal().Runs(t.Context(), 10); err != nil || !strings.Contains(fmt.Sprint(runs[1].Manifests), "source s is gone") {
		t.Errorf("the change of the manifest is not in the run: %+v, %v", runs, err)
	}
	versions, err := pipe.Journal().Manifests(t.Context(), "load.example")
	if err != nil || len(versions) != 2 || !strings.Contains(string(versions[0].Body), "other") {
		t.Errorf("manifest versions: %+v, %v", versions, err)
	}
}

func TestScheduledRunsKeepTheRefresh(t *testing.T) {
	p, _ := loaded(t, harvesters.OOAPI, 3)
	now := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
	pipe := testPipeline(t, memory(), func(c *pipeline.Config) { c.Now = func() time.Time { return now } }, p)
	for _, step := range []struct {
		after   time.Duration
		due     bool
		sources int
	}{{0, true, 1}, {time.Hour, true, 0}, {time.Hour, false, 1}, {23 * time.Hour, true, 0}, {2 * time.Hour, true, 1}} {
		now = now.Add(step.after)
		if n := len(run(t, pipe, pipeline.Options{Due: step.due}).Sources); n != step.sources {
			t.Errorf("at %v: %d sources, want %d", now, n, step.sources)
		}
	}
}

// Offerings of a file may be records of their own; what they refer to counts
// when it comes and goes.
func TestReferencesWithinAFile(t *testing.T) {
	const prefixes = "@prefix ql: <http://data.quality-link.eu/ontology/v1#> . @prefix dcterms: <http://purl.org/dc/terms/> . @prefix elm: <http://data.europa.eu/snb/model/ontology/> .\n"
	const course = `<http://load.example/c> a ql:LearningOpportunitySpecification ; dcterms:title "C"@en .` + "\n"
	const offering = `<http://load.example/o> a ql:LearningOpportunityInstance ; dcterms:title "O"@en ; elm:learningAchievementSpecification <http://load.example/c> ; elm:defaultLanguage <http://publications.europa.eu/resource/authority/language/ENG> .` + "\n"
	text := prefixes + course + offering
	p := newProvider(t, "load.example", "type: elm")
	p.load(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/turtle")
		w.Write([]byte(text))
	}))
	incremental, full := memory(), memory()
	little, everything := testPipeline(t, incremental, nil, p), testPipeline(t, full, nil, p)
	for i, step := range []string{prefixes + course + offering, prefixes + offering, prefixes + course + offering, prefixes + course} {
		text = step
		run(t, little, pipeline.Options{})
		run(t, everything, pipeline.Options{Full: true})
		got, want := quads(t, incremental, "/graph/validation/"), quads(t, full, "/graph/validation/")
		if !slices.Equal(got, want) {
			t.Errorf("step %d: %d quads of the report, want %d: %s", i, len(got), len(want), firstDifference(got, want))
		}
	}
}

// A run that is interrupted goes on where it was; an orderly end leaves nothing
// behind.
func TestResumption(t *testing.T) {
	l := demo.NewLoad(harvesters.EduAPI, 1, 30)
	feed := demo.Handler(harvesters.EduAPI, l.Catalogue)
	ctx, interrupt := context.WithCancel(t.Context())
	var asked []string
	p := newProvider(t, "load.example", "type: edu-api, pageSize: 5")
	p.load(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		asked = append(asked, r.URL.Path+"?"+r.URL.RawQuery)
		if len(asked) == 8 {
			interrupt()
		}
		feed.ServeHTTP(w, r)
	}))
	dataset, spool := memory(), t.TempDir()
	config := func(c *pipeline.Config) { c.Spool = spool }
	if _, err := testPipeline(t, dataset, config, p).Run(ctx, pipeline.Options{}); err == nil {
		t.Fatal("an interrupted run is no error")
	}
	if got := quads(t, dataset, "/graph/source/"); len(got) != 0 {
		t.Errorf("an interrupted run committed %d quads", len(got))
	}
	before := slices.Clone(asked[:6]) // two more may have been under way
	asked = asked[:0]
	r := harvest(t, testPipeline(t, dataset, config, p))
	if r.Status != pipeline.OK || r.Courses != 30 {
		t.Errorf("got %+v", r)
	}
	for _, again := range asked {
		// What the server does not have is not kept, and asked for again.
		if slices.Contains(before, again) && !strings.HasPrefix(again, "/organizations") {
			t.Errorf("asked again for %s", again)
		}
	}
	if left, err := os.ReadDir(spool); err != nil || len(left) != 0 {
		t.Errorf("left behind: %v, %v", left, err)
	}
}
