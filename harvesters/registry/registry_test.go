package registry_test

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"qlgraph/harvesters"
	"qlgraph/harvesters/registry"
)

const base = "http://data.quality-link.eu"

// pages is a Reader over texts by location.
func pages(texts map[string]string) registry.Reader {
	return func(_ context.Context, location string) ([]byte, error) {
		text, ok := texts[location]
		if !ok {
			return nil, fmt.Errorf("no %s", location)
		}
		return []byte(text), nil
	}
}

const deqar1 = `{"count": 4, "next": "page2", "results": [
 {"id": 1, "deqar_id": "DEQARINST0001", "eter_id": "AT0001", "name_primary": "Universität A", "website_link": "https://www.uni-a.example/",
  "names": [{"name_official": "Universität A", "name_english": "University A"}, {"name_official": "Alte Universität", "name_valid_to": "1900-01-01"}],
  "locations": [{"country": {"iso_3166_alpha2": "AT"}, "city": "Astadt", "lat": 48.2, "long": 16.4}]},
 {"id": 2, "deqar_id": "DEQARINST0002", "eter_id": {"eter_id": "PL0002"}, "name_primary": null, "identifiers": [{"identifier": "UNI-B.example", "resource": "SCHAC"}], "website_link": null},
 {"id": 3, "deqar_id": 17, "name_primary": ["?"]}]}`

const deqar2 = `{"next": "page1", "results": [{"deqar_id": "DEQARINST0004", "eter_id": null, "name_primary": "Colegio D", "website_link": "https://www.d.example"}, {"name_primary": "nobody"}]}`

const ewp = `<?xml version="1.0" encoding="UTF-8"?>
<catalogue xmlns="https://github.com/erasmus-without-paper/ewp-specs-api-registry/tree/stable-v1">
 <host><apis-implemented/><institutions-covered><hei-id>uni-b.example</hei-id></institutions-covered></host>
 <institutions>
  <hei id="uni-b.example"><other-id type="previous-schac">old-b.example</other-id><other-id type="erasmus">PL B01</other-id><name xml:lang="pl">Uniwersytet B</name><name xml:lang="en">University B</name></hei>
  <hei id="uni-c.example"><name>Πανεπιστήμιο Γ</name></hei>
  <hei id=""><name>nobody</name></hei>
 </institutions>
</catalogue>`

func TestLoad(t *testing.T) {
	byHand := registry.Registry{Institutions: []registry.Institution{{Provider: harvesters.Provider{
		SCHAC: "uni-a.example", ETER: "AT0001", Names: map[string]string{"de": "Uni A"}, Class: harvesters.Authoritative}}},
		Alliances: []registry.Alliance{{ID: "INT1", Members: []string{"uni-a.example", "uni-b.example"}}}}
	r, problems := registry.Load(t.Context(), byHand, registry.Lists{DEQAR: "page1", EWP: "ewp"}, pages(map[string]string{"page1": deqar1, "page2": deqar2, "ewp": ewp}))
	var got []string
	for _, in := range r.Institutions {
		got = append(got, fmt.Sprintf("%s %s %s %s listed=%v %v", in.Key(), in.ETER, in.DEQAR, in.Country, in.Listed, in.Names))
	}
	want := []string{
		"uni-a.example AT0001 DEQARINST0001 AT listed=false map[de:Uni A en:University A]",
		"uni-b.example PL0002 DEQARINST0002  listed=true map[en:University B pl:Uniwersytet B]",
		"uni-c.example    listed=true map[und:Πανεπιστήμιο Γ]",
		"d.example  DEQARINST0004  listed=true map[und:Colegio D]",
	}
	if strings.Join(got, "\n") != strings.Join(want, "\n") {
		t.Errorf("institutions:\n%s\nwant:\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
	if len(problems) != 3 || !strings.Contains(strings.Join(problems, "\n"), "names itself") {
		t.Errorf("problems: %q", problems)
	}
	if r.Institutions[0].Class != harvesters.Authoritative || r.Institutions[0].Website == "" {
		t.Errorf("merged: %+v", r.Institutions[0])
	}

	text := ""
	for _, q := range r.Quads(base) {
		text += q.String() + "\n"
	}
	for _, part := range []string{
		`<http://data.quality-link.eu/provider/uni-a.example> <http://www.w3.org/ns/regorg#legalName> "University A"@en .`,
		`<http://data.quality-link.eu/provider/uni-b.example#orgreg> <http://www.w3.org/2004/02/skos/core#notation> "PL0002" .`,
		`<http://data.quality-link.eu/provider/uni-a.example#address> <http://data.europa.eu/snb/model/ontology/countryCode> <http://publications.europa.eu/resource/authority/country/AUT> .`,
		`<http://data.quality-link.eu/alliance/INT1> <http://xmlns.com/foaf/0.1/member> <http://data.quality-link.eu/provider/uni-b.example> .`,
	} {
		if !strings.Contains(text, part) {
			t.Errorf("the reference graph misses %s", part)
		}
	}
}

func TestUnusableLists(t *testing.T) {
	for name, text := range map[string]string{
		"HTML":            "<!DOCTYPE html><html></html>",
		"not a catalogue": "<rdf/>",
		"bomb":            `<!DOCTYPE c [<!ENTITY a "aaaaaaaaaa">]><catalogue><institutions>&a;</institutions></catalogue>`,
		"deep":            strings.Repeat("<a>", 100_000),
		"cut off":         ewp[:len(ewp)-60],
		"JSON":            `{"results": 7}`,
		"empty":           "",
	} {
		byHand := registry.Registry{Institutions: []registry.Institution{{Provider: harvesters.Provider{SCHAC: "uni-a.example"}}}}
		r, problems := registry.Load(t.Context(), byHand, registry.Lists{DEQAR: "x", EWP: "x"}, pages(map[string]string{"x": text}))
		if len(r.Institutions) != 1 || len(problems) != 2 {
			t.Errorf("%s: %d institutions, problems %q", name, len(r.Institutions), problems)
		}
	}
}

func TestFileOrURL(t *testing.T) {
	file := filepath.Join(t.TempDir(), "ewp.xml")
	if err := os.WriteFile(file, []byte(ewp), 0o644); err != nil {
		t.Fatal(err)
	}
	list, err := registry.EWP(t.Context(), registry.FileOrURL(nil), file)
	if err != nil || len(list) != 2 {
		t.Errorf("%d institutions, %v", len(list), err)
	}
	if _, err := registry.EWP(t.Context(), registry.FileOrURL(nil), file+"x"); err == nil {
		t.Error("a missing file is no error")
	}
}

// An entry that has the ids of two institutions shows that they are one.
func TestEntriesThatBelongTogether(t *testing.T) {
	byHand := registry.Registry{Institutions: []registry.Institution{{Provider: harvesters.Provider{ETER: "PL0002", Names: map[string]string{"pl": "B"}}}}}
	r, problems := registry.Load(t.Context(), byHand, registry.Lists{DEQAR: "page2", EWP: "ewp"}, pages(map[string]string{
		"ewp":   ewp,
		"page2": `{"results": [{"deqar_id": "DEQARINST0002", "eter_id": "PL0002", "identifiers": [{"identifier": "uni-b.example", "resource": "SCHAC"}]}]}`,
	}))
	if len(problems) != 0 || len(r.Institutions) != 2 {
		t.Fatalf("%v: %+v", problems, r.Institutions)
	}
	in := r.Institutions[0]
	if in.SCHAC != "uni-b.example" || in.DEQAR != "DEQARINST0002" || in.ETER != "PL0002" || in.Names["pl"] != "B" || in.Names["en"] != "University B" || in.Listed {
		t.Errorf("got %+v", in)
	}
}

// The lists of Europe's institutions: some 5,000, in pages.
func TestLargeLists(t *testing.T) {
	const institutions, pageSize = 5000, 100
	texts := map[string]string{}
	for page := range institutions / pageSize {
		var entries []string
		for i := page * pageSize; i < (page+1)*pageSize; i++ {
			entries = append(entries, fmt.Sprintf(`{"deqar_id": "DEQARINST%04d", "eter_id": "AT%04d", "name_primary": "Name %d", "website_link": "https://www.u%d.example",
				"identifiers": [{"identifier": "u%d.example", "resource": "SCHAC"}], "locations": [{"country": {"iso_3166_alpha2": "AT"}, "city": "Ort", "lat": 48.1, "long": 16.2}]}`, i, i, i, i, i))
		}
		next := "null"
		if page+1 < institutions/pageSize {
			next = fmt.Sprintf(`"page%d"`, page+1)
		}
		texts[fmt.Sprintf("page%d", page)] = fmt.Sprintf(`{"next": %s, "results": [%s]}`, next, strings.Join(entries, ","))
	}
	var heis strings.Builder
	for i := range institutions {
		fmt.Fprintf(&heis, `<hei id="u%d.example"><name xml:lang="de">Hochschule %d</name><name xml:lang="fr">École %d</name></hei>`, i, i, i)
	}
	texts["ewp"] = "<catalogue><institutions>" + heis.String() + "</institutions></catalogue>"
	r, problems := registry.Load(t.Context(), registry.Registry{}, registry.Lists{DEQAR: "page0", EWP: "ewp"}, pages(texts))
	if len(problems) != 0 || len(r.Institutions) != institutions {
		t.Fatalf("%d institutions, %v", len(r.Institutions), problems)
	}
	seen := map[string]bool{}
	for _, in := range r.Institutions {
		if seen[in.Key()] || in.DEQAR == "" || in.ETER == "" || in.Names["de"] == "" || in.Names["fr"] == "" || in.City == "" {
			t.Fatalf("got %+v", in)
		}
		seen[in.Key()] = true
	}
	if quads := r.Quads(base); len(quads) < 20*institutions {
		t.Errorf("%d quads", len(quads))
	}
}
