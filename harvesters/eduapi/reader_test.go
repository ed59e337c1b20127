package eduapi_test

import (
	"slices"
	"strings"
	"testing"

	"qlgraph/harvesters"
	"qlgraph/harvesters/eduapi"
	"qlgraph/harvesters/lifting/lifttest"
)

func list(items ...string) string { return "[" + strings.Join(items, ",") + "]" }

func template(id string) string {
	return `{"sourcedId": "` + id + `", "courseType": "standard", "organization": "org", "dateLastModified": "2026-01-02T03:04:05Z"}`
}

func offering(id, course string) string {
	return `{"sourcedId": "` + id + `", "course": "` + course + `", "academicSession": "s1"}`
}

func TestReader(t *testing.T) {
	const first = "limit=500&offset=0"
	tests := []struct {
		name         string
		bodies       map[string]string
		pageSize     int
		want, codes  []string
		neverRequest string
	}{
		{
			name: "offerings, sessions and organisations are joined",
			bodies: map[string]string{
				"/courseTemplates?limit=1":      list(template("c;1")),
				"/courseTemplates?" + first:     "X-Total-Count: 2\n\n" + list(template("c;1"), template("c2")),
				"/collectionTemplates?" + first: "X-Total-Count: 1\n\n" + list(`{"sourcedId": "p1", "collectionType": "program"}`),
				"/courseOfferings?" + first:     "X-Total-Count: 1\n\n" + list(offering("o1", "c;1")),
				"/collectionOfferings?" + first: "X-Total-Count: 1\n\n" + list(`{"sourcedId": "o2", "collection": "p1"}`),
				"/academicSessions?" + first:    "X-Total-Count: 1\n\n" + list(`{"sourcedId": "s1", "sessionType": "term"}`),
				"/organizations?" + first:       "X-Total-Count: 1\n\n" + list(`{"sourcedId": "org", "organizationType": "university"}`),
			},
			want: []string{"courseTemplate c;1[courseOffering o1, organization org, academicSession s1]",
				"courseTemplate c2[organization org]", "collectionTemplate p1[collectionOffering o2]", "organization org"},
			neverRequest: "person",
		},
		{
			name: "a page shorter than the limit is no end, a repeated page is", pageSize: 100,
			bodies: map[string]string{
				"/courseTemplates?limit=1":            list(template("c1")),
				"/courseTemplates?limit=100&offset=0": list(template("c1")),
				"/courseTemplates?limit=100&offset=1": list(template("c2")),
				"/courseTemplates?limit=100&offset=2": list(template("c1")),
			},
			want: []string{"courseTemplate c1", "courseTemplate c2"},
		},
		{
			name: "the Link header leads on, and 204 is an empty collection",
			bodies: map[string]string{
				"/courseTemplates?limit=1":  list(template("c1")),
				"/courseTemplates?" + first: "Link: </first>; rel=\"first\", </more?page=2>; rel=\"next\"\n\n" + list(template("c1")),
				"/more?page=2":              "X-Total-Count: 2\n\n" + list(template("c2")),
				"/courseOfferings?" + first: "",
			},
			want: []string{"courseTemplate c1", "courseTemplate c2"},
		},
		{
			name: "below the path of the specification, wrapped, with the API's own limit",
			bodies: map[string]string{
				"/ims/eduapi/base/v1p0/courseTemplates?limit=1":             list(template("c1")),
				"/ims/eduapi/base/v1p0/academicSessions?limit=500&offset=0": "422",
				"/ims/eduapi/base/v1p0/courseTemplates?limit=100&offset=0":  "X-Total-Count: 1\n\n{\"courseTemplates\": " + list(template("c1")) + "}",
			},
			want: []string{"courseTemplate c1"},
		},
		{
			name: "what stands before a break in a page survives",
			bodies: map[string]string{
				"/courseTemplates?limit=1":  list(template("c1")),
				"/courseTemplates?" + first: `[` + template("c1") + `, {"sourcedId": "c2`,
			},
			want: []string{"courseTemplate c1"}, codes: []string{"edu-api.page.syntax"},
		},
		{
			name: "a collection that may not be read is reported",
			bodies: map[string]string{
				"/courseTemplates?limit=1":  list(template("c1")),
				"/courseTemplates?" + first: "X-Total-Count: 1\n\n" + list(template("c1")),
				"/courseOfferings":          "403",
			},
			want: []string{"courseTemplate c1"}, codes: []string{"edu-api.collection"},
		},
		{
			name:   "a source without courses has collections",
			bodies: map[string]string{"/collectionTemplates": list(`{"sourcedId": "p1", "collectionType": "program"}`)},
			want:   []string{"collectionTemplate p1"},
		},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			get := &lifttest.Answers{Root: "https://api.uni.example", Bodies: tt.bodies}
			records, findings, err := lifttest.Harvest(eduapi.Reader{}, harvesters.Source{Path: get.Root, PageSize: tt.pageSize}, get)
			if err != nil {
				t.Fatal(err)
			}
			if got := lifttest.Names(records); !slices.Equal(got, tt.want) {
				t.Errorf("records %q\nwant    %q\nrequests %q", got, tt.want, get.Requests)
			}
			if got := lifttest.Codes(findings); !slices.Equal(got, tt.codes) {
				t.Errorf("findings %q, want %q", got, tt.codes)
			}
			for _, request := range get.Requests {
				if tt.neverRequest != "" && strings.Contains(strings.ToLower(request), tt.neverRequest) {
					t.Errorf("asked for %s", request)
				}
			}
			if records[0].Kind == eduapi.KindCourse && records[0].Modified.Year() != 2026 {
				t.Errorf("Modified = %v", records[0].Modified)
			}
		})
	}
}

func TestReaderFails(t *testing.T) {
	for name, bodies := range map[string]map[string]string{
		"nothing is there":          {},
		"the templates fail":        {"/courseTemplates?limit=1": "[]", "/courseTemplates": "500"},
		"the offerings fail":        {"/courseTemplates": "[]", "/courseOfferings": "500"},
		"access to the root denied": {"/courseTemplates": "401"},
	} {
		t.Run(name, func(t *testing.T) {
			get := &lifttest.Answers{Root: "https://api.uni.example", Bodies: bodies}
			if _, _, err := lifttest.Harvest(eduapi.Reader{}, harvesters.Source{Path: get.Root}, get); err == nil {
				t.Error("no error")
			}
		})
	}
}
