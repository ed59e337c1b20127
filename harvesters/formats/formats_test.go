package formats_test

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"qlgraph/graph/ntriples"
	"qlgraph/graph/rdf"
	"qlgraph/harvesters"
	"qlgraph/harvesters/formats"
	"qlgraph/harvesters/lifting/lifttest"
	"qlgraph/harvesters/lifting/term"
	"qlgraph/internal/external"
)

func TestOf(t *testing.T) {
	for name, want := range map[string]harvesters.Format{
		"elm": harvesters.ELM, "OOAPI": harvesters.OOAPI, "eduapi": harvesters.EduAPI, "Edu_API": harvesters.EduAPI, "edu-api": harvesters.EduAPI, "occapi": harvesters.OCCAPI,
	} {
		if f, err := formats.Of(name); err != nil || f.Name != want {
			t.Errorf("Of(%q) = %q, %v", name, f.Name, err)
		}
	}
	if _, err := formats.Of("rss"); err == nil || !strings.Contains(err.Error(), "elm, ooapi, edu-api, occapi") {
		t.Errorf("Of(rss): %v", err)
	}
}

// lifted counts what became of a file.
type lifted struct{ records, courses, offerings, statements int }

func lift(t *testing.T, f formats.Format, src harvesters.Source, records []harvesters.Record) (counts lifted, subjects map[string]bool) {
	t.Helper()
	subjects = map[string]bool{}
	suite := lifttest.Format{Lifter: f.Lifter, Rules: f.Rules, Source: src}
	var out bytes.Buffer
	counts.records = len(records)
	for _, rec := range records {
		l := f.Lifter.Lift(rec, suite.Context())
		lifttest.Invariants(t, suite, rec, l)
		counts.statements += len(l.Statements)
		for _, st := range l.Statements {
			out.Write(append(rdf.AppendQuad(nil, st.Quad), '\n'))
			switch {
			case st.P == term.Type && st.O == term.Specification:
				counts.courses++
				subjects[st.S.Value()] = true
			case st.P == term.Type && st.O == term.Instance:
				counts.offerings++
			}
		}
	}
	for _, err := range ntriples.NewDecoder(&out, ntriples.Options{TriplesOnly: true}).All() {
		if err != nil {
			t.Fatal(err)
		}
	}
	return counts, subjects
}

func TestSamples(t *testing.T) {
	dir := external.Samples(t)
	tests := []struct {
		format    string
		path      string
		records   int
		courses   int
		offerings int
		course    string // local id, or IRI, of one of the courses
	}{
		{"ooapi", "ooapi/v5-tue-osiris/courses.items.json", 10, 10, 0, "2b0e22fb-3c19-48a0-a48c-046c7211e9e9"},
		{"ooapi", "ooapi/v5-tue-osiris/education-specifications.items.json", 10, 10, 0, "39b4a603-deaa-4d88-951e-e2078bc7cede"},
		{"ooapi", "ooapi/v5-oeapi-quickstart/2-Program.json", 1, 1, 0, "123e4567-e89b-12d3-a456-426614174000"},
		{"ooapi", "ooapi/v5-oeapi-quickstart/3-Course.json", 1, 1, 0, "1668dd09-660f-4303-a2bf-14bea154b39d"},
		{"ooapi", "ooapi/v5-oeapi-quickstart/4-Offering.json", 1, 0, 1, ""},
		{"ooapi", "ooapi/v5-oeapi-quickstart/organizations.json", 1, 0, 0, ""},
		{"ooapi", "ooapi/v5-oeapi-quickstart/program-demo04.json", 1, 1, 0, "58095060-d18c-fcd2-04df-c20b156736f6"},
		{"ooapi", "ooapi/v5-oeapi-quickstart/test-course.json", 1, 1, 0, ""},
		{"ooapi", "ooapi/v5-oeapi-quickstart/test-program.json", 1, 1, 0, "0cd7a366-8a6f-4463-9203-60abc19d10f8"},
		{"ooapi", "ooapi/v5-from-spec-examples/courses.json", 1, 1, 0, "123e4567-e89b-12d3-a456-426614174000"},
		{"ooapi", "ooapi/v5-from-spec-examples/programs.json", 1, 1, 0, "123e4567-e89b-12d3-a456-426614174000"},
		{"ooapi", "ooapi/v5-from-spec-examples/education-specifications.json", 1, 1, 0, "123e4567-e89b-12d3-a456-426614174000"},
		{"ooapi", "ooapi/v6-from-spec-examples/courses.json", 1, 1, 0, "123e4567-e89b-12d3-a456-426614174000"},
		{"ooapi", "ooapi/v6-from-spec-examples/programmes.json", 1, 1, 0, "123e4567-e89b-12d3-a456-426614174000"},
		{"ooapi", "ooapi/v6-from-spec-examples/course-offerings.json", 1, 0, 1, ""},
		{"ooapi", "ooapi/v6-from-spec-examples/programme-offerings.json", 1, 0, 1, ""},
		{"ooapi", "ooapi/v6-from-spec-examples/learning-outcomes.json", 1, 0, 0, ""},
		{"edu-api", "eduapi/synthetic/courseTemplates.json", 2, 2, 0, "6f1c1a10-0000-4000-8000-0000000000c1"},
		{"edu-api", "eduapi/synthetic/collectionTemplates.json", 1, 1, 0, "6f1c1a10-0000-4000-8000-0000000000a1"},
		{"edu-api", "eduapi/synthetic/courseOfferings.json", 1, 0, 1, ""},
		{"edu-api", "eduapi/synthetic/organizations.json", 2, 0, 0, ""},
		{"edu-api", "eduapi/sunet-doc/collectionOfferings.json", 1, 0, 1, ""},
		{"edu-api", "eduapi/bootcamp/courseOfferings.json", 1, 0, 1, ""},
		{"occapi", "occapi/v2-openapi-examples/CourseCollection.json", 1, 1, 0, "aabbccdd-eeff-1122-3344-556677889900"},
		{"occapi", "occapi/v2-openapi-examples/CourseResource.json", 1, 1, 0, "aabbccdd-eeff-1122-3344-556677889900"},
		{"occapi", "occapi/v2-openapi-examples/ProgrammeCollection.json", 1, 1, 0, "abcdef12-3456-7890-abcd-ef1234567890"},
		{"occapi", "occapi/v2-openapi-examples/CourseInstanceCollection.json", 1, 0, 1, ""},
		{"occapi", "occapi/v1-example-server/hei/domain.tld/course/index.json", 1, 1, 0, "aabbccdd-eeff-1122-3344-556677889900"},
		{"occapi", "occapi/v1-example-server/hei/domain.tld/programme/index.json", 1, 1, 0, "abcdef12-3456-7890-abcd-ef1234567890"},
		{"elm", "elm/AT0002.ttl", 4, 2, 1, "urn:schac:courseId:uni-lj.si:123"},
		{"elm", "elm/SI0001.ttl", 6, 2, 1, "http://course.are.cool/123"},
		{"elm", "elm/alliance.ttl", 17, 0, 0, ""},
	}
	for _, tt := range tests {
		t.Run(tt.path, func(t *testing.T) {
			body, err := os.ReadFile(filepath.Join(dir, filepath.FromSlash(tt.path)))
			if err != nil {
				t.Fatal(err)
			}
			f, err := formats.Of(tt.format)
			if err != nil {
				t.Fatal(err)
			}
			records, err := f.Records(body, "")
			if err != nil {
				t.Fatal(err)
			}
			got, subjects := lift(t, f, harvesters.Source{}, records)
			if got.records != tt.records || got.courses != tt.courses || got.offerings != tt.offerings {
				t.Errorf("%+v, want %d records, %d courses, %d offerings", got, tt.records, tt.courses, tt.offerings)
			}
			course := tt.course
			if !strings.Contains(course, ":") {
				course = lifttest.Base + "/course/uni.example/" + course
			}
			if tt.course != "" && !subjects[course] {
				t.Errorf("no course %s among %v", course, subjects)
			}
		})
	}
}

// TestExampleServer harvests the example server's tree, whose links name
// another host.
func TestExampleServer(t *testing.T) {
	dir := filepath.Join(external.Samples(t), "occapi", "v1-example-server")
	bodies := map[string]string{}
	err := filepath.WalkDir(dir, func(path string, entry os.DirEntry, err error) error {
		if err != nil || entry.Name() != "index.json" {
			return err
		}
		body, err := os.ReadFile(path)
		rel, _ := filepath.Rel(dir, filepath.Dir(path))
		bodies["/"+filepath.ToSlash(rel)] = string(body)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	f, err := formats.Of("occapi")
	if err != nil {
		t.Fatal(err)
	}
	get := &lifttest.Answers{Root: "http://127.0.0.1:1234/occapi/v1", Bodies: bodies}
	src := harvesters.Source{Path: get.Root + "/hei/domain.tld", Provider: harvesters.Provider{SCHAC: "domain.tld"}}
	records, findings, err := lifttest.Harvest(f.Reader, src, get)
	if err != nil || len(findings) > 0 {
		t.Fatal(err, findings)
	}
	want := "[hei 12345678-90ab-cdef-1234-567890abcdef ounit 11223344-5566-7788-9900-aabbccddeeff programme abcdef12-3456-7890-abcd-ef1234567890 " +
		"course aabbccdd-eeff-1122-3344-556677889900[programme abcdef12-3456-7890-abcd-ef1234567890]]"
	if got := fmt.Sprint(lifttest.Names(records)); got != want {
		t.Errorf("records %s", got)
	}
	if counts, _ := lift(t, f, src, records); counts.courses != 2 {
		t.Errorf("%+v", counts)
	}
	for _, request := range get.Requests {
		if strings.HasPrefix(request, "https://") {
			t.Errorf("asked another host: %s", request)
		}
	}
}

func TestUploadFormatIsRecognised(t *testing.T) {
	f, err := formats.Of("elm")
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"qdr-loq-3.1.0-generated.xml", "qdr-loq-with-LAS-3.1.0-generated.xml"} {
		body, err := os.ReadFile(filepath.Join(external.Samples(t), "elm", name))
		if err != nil {
			t.Fatal(err)
		}
		if _, err := f.Records(body, ""); err == nil || !strings.Contains(err.Error(), "Qualification Dataset Register") {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// TestRules holds for every table: ids are unique, and each rule says what it
// does.
func TestRules(t *testing.T) {
	for _, f := range formats.All() {
		seen := map[string]harvesters.Rule{}
		for _, r := range f.Rules {
			if r.ID == "" || r.Target == "" || r.Conversion == "" {
				t.Errorf("%s: a rule that says too little: %+v", f.Name, r)
			}
			if _, again := seen[r.ID]; again {
				t.Errorf("%s: two rules %s", f.Name, r.ID)
			}
			seen[r.ID] = r
		}
	}
}
