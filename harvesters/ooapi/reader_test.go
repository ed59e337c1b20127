package ooapi_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"qlgraph/harvesters"
	"qlgraph/harvesters/lifting/lifttest"
	"qlgraph/harvesters/ooapi"
)

func page(next bool, items ...string) string {
	return fmt.Sprintf(`{"pageNumber": 1, "hasNextPage": %t, "items": [%s]}`, next, strings.Join(items, ","))
}

func course(id string) string { return fmt.Sprintf(`{"courseId": %q, "name": "Course %s"}`, id, id) }

func offering(id, course string) string {
	return fmt.Sprintf(`{"offeringId": %q, "course": %q, "academicSession": "s1"}`, id, course)
}

func TestReader(t *testing.T) {
	const session = `{"academicSessionId": "s1", "name": "Autumn"}`
	many := make([]string, 30)
	for i := range many {
		many[i] = course(fmt.Sprint("c", i))
	}
	tests := []struct {
		name     string
		version  string
		path     string
		bodies   map[string]string
		want     []string
		codes    []string
		requests int // 0: not counted
	}{
		{
			name: "version 5, offerings of each course", version: "5.0",
			bodies: map[string]string{
				"/courses":               page(false, course("c1"), course("c/2")),
				"/courses/c1/offerings":  page(false, offering("o1", "c1")),
				"/courses/c1/components": page(false, `{"componentId": "k1"}`),
				"/courses/c%2F2/offerings": page(true, offering("o2", "c/2")) +
					"",
				"/programs": page(false, `{"programId": "p1", "name": "P"}`),
			},
			want: []string{"course c1[offering o1, component k1]", "course c/2[offering o2]", "program p1"},
		},
		{
			name: "version 5, offerings of each academic session", version: "v5",
			bodies: map[string]string{
				"/courses":                        page(false, many...),
				"/academic-sessions":              page(false, session),
				"/academic-sessions/s1/offerings": page(false, offering("o1", "c1"), offering("o29", "c29")),
				"/courses/c1/offerings":           page(false, offering("o1", "c1")),
				"/organizations":                  page(false, `{"organizationId": "root", "organizationType": "root", "name": "U"}`),
				"/education-specifications":       page(false, `{"educationSpecificationId": "e1", "name": "E"}`),
			},
			want: append(append([]string{"course c0", "course c1[offering o1, academicSession s1]"},
				numbered("course c", 2, 28)...),
				"course c29[offering o29, academicSession s1]", "educationSpecification e1", "organization root"),
			requests: 4 + 1 + 6 + 20 + 1, // collections and session, courses, samples, components until it is clear that there are none, programmes
		},
		{
			name: "sessions that do not know all offerings are not relied on", version: "5",
			bodies: map[string]string{
				"/courses":                        page(false, course("c1"), course("c2")),
				"/academic-sessions":              page(false, session),
				"/academic-sessions/s1/offerings": page(false),
				"/courses/c1/offerings":           page(false, offering("o1", "c1")),
				"/courses/c2/offerings":           page(false, offering("o2", "c2")),
			},
			want: []string{"course c1[offering o1, academicSession s1]", "course c2[offering o2, academicSession s1]"},
		},
		{
			name: "version 6 from the path, outcomes joined", path: "/v6",
			bodies: map[string]string{
				"/v6/courses":                           page(false, `{"courseId": "c1", "learningOutcomeIds": ["l1", "l2"]}`),
				"/v6/courses/c1/course-offerings":       page(false, `{"courseOfferingId": "o1", "courseId": "c1", "academicSessionId": "s1"}`),
				"/v6/programmes":                        page(false, `{"programmeId": "p1"}`),
				"/v6/programmes/p1/programme-offerings": page(false, `{"programmeOfferingId": "o2", "programmeId": "p1"}`),
				"/v6/learning-outcomes":                 page(false, `{"learningOutcomeId": "l1"}`),
				"/v6/learning-components":               page(false, `{"componentId": "k1", "courseId": "c1"}`),
			},
			want: []string{"course c1[offering o1, component k1, learningOutcome l1]", "program p1[offering o2]"},
		},
		{
			name: "the version is found by asking",
			bodies: map[string]string{
				"/programmes": page(false, `{"programmeId": "p1"}`),
				"/courses":    page(false),
			},
			want: []string{"program p1"},
		},
		{
			name: "pages, a size that the server accepts, and a server that never stops", version: "5",
			bodies: map[string]string{
				"/courses?pageNumber=1&pageSize=250": "400",
				"/courses?pageNumber=1&pageSize=100": page(true, course("c1")),
				"/courses?pageNumber=2&pageSize=100": page(true, course("c2")),
				"/courses?pageNumber=3&pageSize=100": page(true, course("c1")),
			},
			want: []string{"course c1", "course c2"},
		},
		{
			name: "what stands before a break in a page survives", version: "5",
			bodies: map[string]string{
				"/courses?pageNumber=1&pageSize=250": `{"hasNextPage": true, "items": [` + course("c1") + `, {"courseId": "c2`,
				"/courses?pageNumber=2&pageSize=250": page(false, course("c3")),
			},
			want:  []string{"course c1", "course c3"},
			codes: []string{"ooapi.page.syntax"},
		},
		{
			name: "a course whose offerings fail is left as it was", version: "5",
			bodies: map[string]string{
				"/courses":              page(false, course("c1"), course("c2")),
				"/courses/c1/offerings": "503",
			},
			want:  []string{"course c2"},
			codes: []string{"ooapi.offerings"},
		},
		{
			name: "a server without offerings is not asked for each course", version: "5",
			bodies:   map[string]string{"/courses": page(false, many...)},
			want:     numbered("course c", 0, 29),
			requests: 3 + 1 + 20 + 20 + 1,
		},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			get := &lifttest.Answers{Root: "https://api.uni.example", Bodies: tt.bodies}
			src := harvesters.Source{Path: get.Root + tt.path, Version: tt.version}
			records, findings, err := lifttest.Harvest(ooapi.Reader{}, src, get)
			if err != nil {
				t.Fatal(err)
			}
			if got := lifttest.Names(records); !slices.Equal(got, tt.want) {
				t.Errorf("records %q\nwant    %q", got, tt.want)
			}
			if got := lifttest.Codes(findings); !slices.Equal(got, tt.codes) {
				t.Errorf("findings %q, want %q", got, tt.codes)
			}
			if tt.requests > 0 && len(get.Requests) != tt.requests {
				t.Errorf("%d requests, want %d: %q", len(get.Requests), tt.requests, get.Requests)
			}
		})
	}
}

func numbered(prefix string, from, to int) []string {
	var names []string
	for i := from; i <= to; i++ {
		names = append(names, fmt.Sprint(prefix, i))
	}
	return names
}

func TestReaderFails(t *testing.T) {
	for name, src := range map[string]harvesters.Source{
		"the courses cannot be read": {Path: "https://api.uni.example", Version: "5"},
		"an unknown version":         {Path: "https://api.uni.example", Version: "7"},
	} {
		t.Run(name, func(t *testing.T) {
			get := &lifttest.Answers{Root: "https://api.uni.example"}
			if _, _, err := lifttest.Harvest(ooapi.Reader{}, src, get); err == nil {
				t.Error("no error")
			}
		})
	}
}
