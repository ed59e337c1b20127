package courseid_test

import (
	"testing"

	"qlgraph/ontology/courseid"
)

const base = "http://data.quality-link.eu"

func TestNames(t *testing.T) {
	tests := []struct {
		name                string
		course              courseid.Course
		iri, urn, did, uuid string
	}{
		{"plain", courseid.Course{SCHAC: "uni-lj.si", ID: "63801"},
			base + "/course/uni-lj.si/63801", "urn:schac:uniqueCourseId:uni-lj.si:63801",
			"did:web:uni-lj.si:courseId:63801", "urn:uuid:963dc9a1-2141-52c8-97e3-cfae881c7bf6"},
		{"every reserved byte is encoded, in upper-case hex", courseid.Course{SCHAC: "uni.example", ID: "A/1 #é;:~"},
			base + "/course/uni.example/A%2F1%20%23%C3%A9%3B%3A~", "urn:schac:uniqueCourseId:uni.example:A%2F1%20%23%C3%A9%3B%3A~",
			"did:web:uni.example:courseId:A%2F1%20%23%C3%A9%3B%3A~", "urn:uuid:521da889-23f9-5676-8162-3d7edbe4734c"},
		{"an id that is a UUID is the UUID, in lower case", courseid.Course{SCHAC: "tue.nl", ID: "2B0E22FB-3C19-48a0-a48c-046c7211e9e9"},
			base + "/course/tue.nl/2B0E22FB-3C19-48a0-a48c-046c7211e9e9", "urn:schac:uniqueCourseId:tue.nl:2B0E22FB-3C19-48a0-a48c-046c7211e9e9",
			"did:web:tue.nl:courseId:2B0E22FB-3C19-48a0-a48c-046c7211e9e9", "urn:uuid:2b0e22fb-3c19-48a0-a48c-046c7211e9e9"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			for _, got := range [][2]string{
				{tt.course.IRI(base), tt.iri}, {tt.course.URN(), tt.urn}, {tt.course.DID(), tt.did}, {tt.course.UUID(base), tt.uuid},
			} {
				if got[0] != got[1] {
					t.Errorf("got %s, want %s", got[0], got[1])
				}
			}
			for _, s := range []string{tt.iri, tt.urn, tt.did} {
				id, err := courseid.Parse(base, s)
				if err != nil || id.Course != tt.course {
					t.Errorf("Parse(%s) = %+v, %v", s, id, err)
				}
			}
		})
	}
}

func TestParse(t *testing.T) {
	course := courseid.Identifier{Course: courseid.Course{SCHAC: "uni.example", ID: "a b"}}
	offering := courseid.Identifier{Course: course.Course, Offering: "2026/1"}
	tests := []struct {
		in   string
		want courseid.Identifier
		ok   bool
	}{
		{"URN:Schac:uniqueCourseId:UNI.example:a%20b", course, true},
		{"did:web:uni.example:courseId:a%20b", course, true},
		{"https://elsewhere.example:8443/course/uni.example/a%20b", course, true},
		{"/course/uni.example/a b", course, true},
		{base + "/course/uni.example/a%20b/offerings/2026%2f1", offering, true},
		{"urn:uuid:2B0E22FB-3C19-48A0-A48C-046C7211E9E9", courseid.Identifier{UUID: "urn:uuid:2b0e22fb-3c19-48a0-a48c-046c7211e9e9"}, true},
		{"", courseid.Identifier{}, false},
		{"63801", courseid.Identifier{}, false},
		{"urn:uuid:1", courseid.Identifier{}, false},
		{"urn:schac:uniqueCourseId:uni.example", courseid.Identifier{}, false},
		{"urn:schac:uniqueCourseId:uni.example:a%2", courseid.Identifier{}, false},
		{"urn:schac:uniqueCourseId:uni.example:%FF", courseid.Identifier{}, false},
		{base + "/course/uni.example/", courseid.Identifier{}, false},
		{base + "/course/uni.example/a/b", courseid.Identifier{}, false},
		{base + "/course/uni.example/a/offerings/", courseid.Identifier{}, false},
		{base + "/provider/uni.example", courseid.Identifier{}, false},
	}
	for _, tt := range tests {
		t.Run(tt.in, func(t *testing.T) {
			got, err := courseid.Parse(base, tt.in)
			if (err == nil) != tt.ok || got != tt.want {
				t.Errorf("Parse = %+v, %v; want %+v, ok %t", got, err, tt.want, tt.ok)
			}
		})
	}
}

func TestSourceNames(t *testing.T) {
	id := courseid.SourceID("", "ooapi", "https://api.uni.example/v5")
	if len(id) != 12 || id == courseid.SourceID("", "elm", "https://api.uni.example/v5") {
		t.Errorf("SourceID = %q", id)
	}
	if got, want := courseid.SourceGraph(base, "uni.example", "../b"), base+"/graph/source/uni.example/..%2Fb"; got != want {
		t.Errorf("SourceGraph = %s, want %s", got, want)
	}
	if got, want := courseid.ValidationGraph(base, "uni.example", "courses"), base+"/graph/validation/uni.example/courses"; got != want {
		t.Errorf("ValidationGraph = %s, want %s", got, want)
	}
	if got := courseid.FromIRI("http://course.are.cool/123"); len(got) != 16 {
		t.Errorf("FromIRI = %q", got)
	}
}

func FuzzEscape(f *testing.F) {
	f.Add("A/1 #é")
	f.Fuzz(func(t *testing.T, id string) {
		escaped := courseid.Escape(id)
		back, err := courseid.Unescape(escaped)
		if err == nil && back != id {
			t.Errorf("%q → %q → %q", id, escaped, back)
		}
	})
}
