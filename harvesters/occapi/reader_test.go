package occapi_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"qlgraph/harvesters"
	"qlgraph/harvesters/lifting/lifttest"
	"qlgraph/harvesters/occapi"
)

const root = "https://api.uni.example/occapi/v2"

// resource writes a resource with links to the given relations of its own path.
func resource(kind, id, path string, relations ...string) string {
	links := []string{fmt.Sprintf(`"self": {"href": "http://elsewhere.example/v2%s"}`, path)}
	for _, r := range relations {
		links = append(links, fmt.Sprintf(`%q: {"href": "http://elsewhere.example/v2%s/%s"}`, r, path, r))
	}
	return fmt.Sprintf(`{"type": %q, "id": %q, "attributes": {"title": "T", "heiId": "uni.example"}, "links": {%s}}`, kind, id, strings.Join(links, ", "))
}

func data(resources ...string) string { return `{"data": [` + strings.Join(resources, ",") + `]}` }

func one(resource string) string { return `{"data": ` + resource + `}` }

func TestReader(t *testing.T) {
	const hei = "/hei/uni.example"
	course := func(id string, relations ...string) string {
		return resource("course", id, hei+"/course/"+id, relations...)
	}
	instance := `{"type": "instance", "id": "i1", "attributes": {}, "relationships": {"course": {"data": {"id": "c1"}}}}`
	tests := []struct {
		name        string
		path        string
		bodies      map[string]string
		want, codes []string
		fails       bool
	}{
		{
			name: "links of another server are followed on this one, courses get their instances and programmes", path: hei,
			bodies: map[string]string{
				hei:                         one(resource("hei", "uni.example", hei, "course", "programme", "ounit")),
				hei + "/ounit":              data(resource("ounit", "u1", hei+"/ounit/u1")),
				hei + "/programme":          data(resource("programme", "p1", hei+"/programme/p1")),
				hei + "/course":             data(course("c1", "instance"), course("c2")),
				hei + "/course/c1":          one(`{"type": "course", "id": "c1", "attributes": {"title": "Full"}, "meta": {"relatedProgramme": [{"programmeId": "p1"}]}, "links": {"instance": "` + root + hei + `/course/c1/instance"}}`),
				hei + "/course/c1/instance": data(instance),
			},
			want: []string{"hei uni.example", "ounit u1", "programme p1", "course c1[instance i1, programme p1]", "course c2"},
		},
		{
			name: "courses of units, once each", path: hei,
			bodies: map[string]string{
				hei:                         one(resource("hei", "uni.example", hei, "ounit")),
				hei + "/ounit":              data(resource("ounit", "u1", hei+"/ounit/u1"), resource("ounit", "u2", hei+"/ounit/u2")),
				hei + "/ounit/u1":           one(resource("ounit", "u1", hei+"/ounit/u1", "course")),
				hei + "/ounit/u2":           one(resource("ounit", "u2", hei+"/ounit/u2", "course", "programme")),
				hei + "/ounit/u1/course":    data(course("c1"), course("c2")),
				hei + "/ounit/u2/course":    data(course("c2"), course("c3")),
				hei + "/ounit/u2/programme": data(),
			},
			want: []string{"hei uni.example", "ounit u1", "ounit u2", "course c1", "course c2", "course c3"},
		},
		{
			name: "courses of programmes only", path: hei,
			bodies: map[string]string{
				hei:                          one(resource("hei", "uni.example", hei, "programme")),
				hei + "/programme":           data(resource("programme", "p1", hei+"/programme/p1")),
				hei + "/programme/p1":        one(resource("programme", "p1", hei+"/programme/p1", "course")),
				hei + "/programme/p1/course": data(course("c1")),
			},
			want: []string{"hei uni.example", "programme p1", "course c1"},
		},
		{
			name: "from the server's root, through the list of institutions", path: "",
			bodies: map[string]string{
				"":              `{"data": {"type": "server", "id": "s", "attributes": {}, "links": {"hei": {"href": "` + root + `/hei"}}}}`,
				"/hei":          data(resource("hei", "other.example", "/hei/other.example"), resource("hei", "x", hei)),
				hei:             one(resource("hei", "uni.example", hei, "course")),
				hei + "/course": data(course("c1")),
			},
			want: []string{"hei uni.example", "course c1"},
		},
		{
			name: "a foreign institution goes with its courses", path: "/hei/other.example",
			bodies: map[string]string{
				"/hei/other.example":        `{"data": {"type": "hei", "id": "1", "attributes": {"heiId": "other.example"}}, "links": {"course": "` + root + `/hei/other.example/course"}}`,
				"/hei/other.example/course": data(`{"type": "course", "id": "c1", "attributes": {"title": "T"}}`),
			},
			want: []string{"hei 1", "course c1[hei 1]"},
		},
		{
			name: "a course that fails is left as it was, and so is one whose instances fail", path: hei,
			bodies: map[string]string{
				hei:                         one(resource("hei", "uni.example", hei, "course")),
				hei + "/course":             data(course("c1"), course("c2", "instance"), course("c3")),
				hei + "/course/c1":          "500",
				hei + "/course/c2/instance": "502",
			},
			want: []string{"hei uni.example", "course c3"}, codes: []string{"occapi.resource", "occapi.resource"},
		},
		{
			name: "what stands before a break survives", path: hei,
			bodies: map[string]string{
				hei:             one(resource("hei", "uni.example", hei, "course")),
				hei + "/course": `{"data": [` + course("c1") + `, {"type": "cou`,
			},
			want: []string{"hei uni.example", "course c1"}, codes: []string{"occapi.page.syntax"},
		},
		{name: "no institution", path: hei, bodies: map[string]string{hei: `{"data": []}`}, fails: true},
		{name: "HTML", path: hei, bodies: map[string]string{hei: "<html>"}, fails: true},
		{name: "not found", path: hei, fails: true},
		{
			name: "the list of courses fails", path: hei, fails: true,
			bodies: map[string]string{hei: one(resource("hei", "uni.example", hei, "course")), hei + "/course": "500"},
		},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			get := &lifttest.Answers{Root: root, Bodies: tt.bodies}
			src := harvesters.Source{Path: root + tt.path, Provider: harvesters.Provider{SCHAC: "uni.example"}}
			records, findings, err := lifttest.Harvest(occapi.Reader{}, src, get)
			if (err != nil) != tt.fails {
				t.Fatalf("error %v; requests %q", err, get.Requests)
			}
			if got := lifttest.Names(records); !tt.fails && !slices.Equal(got, tt.want) {
				t.Errorf("records %q\nwant    %q\nrequests %q", got, tt.want, get.Requests)
			}
			if got := lifttest.Codes(findings); !slices.Equal(got, tt.codes) {
				t.Errorf("findings %q, want %q", got, tt.codes)
			}
		})
	}
}
