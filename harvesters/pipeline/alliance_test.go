package pipeline_test

import (
	"strings"
	"testing"

	"qlgraph/harvesters/pipeline"
	"qlgraph/harvesters/registry"
)

// Whatever a source calls an alliance, by its OrgReg id, its code or its name in
// any case, its learners are those of the alliance in the reference graph.
func TestAlliancesOfTheRegistry(t *testing.T) {
	alliances := []registry.Alliance{
		{ID: "INT6006", Names: map[string]string{"en": "ECIU University"}, Codes: []string{"eciu"}, Members: []string{"Load.example"}},
		{ID: "INT6001", Names: map[string]string{"en": "Other Alliance"}, Members: []string{"x.example"}},
	}
	for _, name := range []string{"INT6006", "int6006", "ECIU", "eciu university", "nobody"} {
		p := validCourses(t, `, "consumers": [{"consumerKey": "eduxchange", "alliances": [{"name": "`+name+`"}]}]`)
		p.mux.HandleFunc("/feed/courses/c0/offerings", answer(200, "application/json", `{"pageNumber": 1, "hasNextPage": false, "items": [{"offeringId": "o", "offeringType": "course",
			"course": "c0", "name": [{"language": "en", "value": "C"}], "startDate": "2026-01-01", "endDate": "2026-06-30"}]}`))
		dataset := memory()
		pipe := testPipeline(t, dataset, func(c *pipeline.Config) { c.Registry.Alliances = alliances }, p)
		run(t, pipe, pipeline.Options{})
		linked := strings.Contains(strings.Join(quads(t, dataset, "/graph/source/"), "\n"), "#studentsOf> <"+base+"/alliance/INT6006>")
		if linked != (name != "nobody") {
			t.Errorf("%s: linked %v", name, linked)
		}
		reference := strings.Join(quads(t, dataset, "/graph/reference"), "\n")
		for _, want := range []string{`#notation> "INT6006"`, "foaf/0.1/member> <" + base + "/provider/Load.example>"} {
			if !strings.Contains(strings.ReplaceAll(reference, "load.example", "Load.example"), want) {
				t.Errorf("not in the reference graph: %s", want)
			}
		}
		// The link is a function of the registry too: a new one is followed.
		p2 := testPipeline(t, dataset, func(c *pipeline.Config) {
			c.Registry.Alliances = append(alliances[:1:1], registry.Alliance{ID: "INT6002", Names: map[string]string{"en": "Nobody"}})
		}, p)
		if r := harvest(t, p2); (r.Changed == 1) != (name == "nobody") {
			t.Errorf("%s, with another registry: %+v", name, r)
		}
	}
}
