package formats_test

import (
	"testing"

	"qlgraph/harvesters"
	"qlgraph/harvesters/formats"
	"qlgraph/harvesters/lifting/lifttest"
)

// foreignCourses name another institution as their own, in each format.
var foreignCourses = map[harvesters.Format]string{
	harvesters.OOAPI:  `{"courseId": "c1", "name": "Course", "organization": {"organizationId": "o", "otherCodes": [{"codeType": "schacHome", "code": "Other.example"}]}}`,
	harvesters.EduAPI: `{"sourcedId": "c1", "courseType": "standard", "title": [{"recordLanguage": "en", "value": "Course"}], "organization": {"primaryCode": {"identifier": "other.example", "identifierType": "ext:schac"}}}`,
	harvesters.ELM: `<http://c.example/1> a <http://data.europa.eu/snb/model/ontology/Qualification> ; <http://purl.org/dc/terms/title> "Course"@en ;
		<http://www.w3.org/ns/adms#identifier> [ <http://www.w3.org/2004/02/skos/core#notation> "c1" ] ; <http://purl.org/dc/terms/publisher> <http://c.example/org> .
		<http://c.example/org> <http://www.w3.org/ns/adms#identifier> [ <http://www.w3.org/2004/02/skos/core#notation> "other.example" ] .`,
}

// TestOwner shows that a course of another institution is recognised, and that
// an authoritative source publishes it as theirs.
func TestOwner(t *testing.T) {
	for format, payload := range foreignCourses {
		for _, class := range []harvesters.Class{harvesters.Own, harvesters.Authoritative} {
			t.Run(string(format)+" "+string(class), func(t *testing.T) {
				f, err := formats.Of(string(format))
				if err != nil {
					t.Fatal(err)
				}
				records, err := f.Records([]byte(payload), "")
				if err != nil {
					t.Fatal(err)
				}
				src := harvesters.Source{Provider: harvesters.Provider{SCHAC: "uni.example", ETER: "AT0001", Class: class}}
				l := f.Lifter.Lift(records[0], lifttest.Format{Source: src}.Context())
				if l.Owner == "" {
					t.Fatalf("no owner; findings %v", l.Findings)
				}
				published := false
				for _, st := range l.Statements {
					published = published || st.O.Value() == lifttest.Base+"/course/other.example/c1" || st.S.Value() == lifttest.Base+"/course/other.example/c1"
				}
				if published != (class == harvesters.Authoritative) {
					t.Errorf("published as the owner's: %t", published)
				}
			})
		}
	}
}

// TestOrderOfRecords shows that what a record becomes does not depend on which
// records were lifted before it.
func TestOrderOfRecords(t *testing.T) {
	f, err := formats.Of("ooapi")
	if err != nil {
		t.Fatal(err)
	}
	records, err := f.Records([]byte(`[{"courseId": "a", "name": "A", "level": "bachelor"}, {"courseId": "b", "name": "B", "recordLanguage": "nl"}, {"courseId": "c"}]`), "")
	if err != nil {
		t.Fatal(err)
	}
	in := lifttest.Format{}.Context()
	forwards := map[string]int{}
	for _, rec := range records {
		for _, st := range f.Lifter.Lift(rec, in).Statements {
			forwards[st.Quad.String()+st.Rule+st.Pointer]++
		}
	}
	for i := len(records) - 1; i >= 0; i-- {
		for _, st := range f.Lifter.Lift(records[i], in).Statements {
			forwards[st.Quad.String()+st.Rule+st.Pointer]--
		}
	}
	for statement, n := range forwards {
		if n != 0 {
			t.Errorf("%+d %s", n, statement)
		}
	}
}
