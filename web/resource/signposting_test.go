package resource_test

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"regexp"
	"slices"
	"strings"
	"testing"

	"qlgraph/web/resource"
)

// linkPattern reads a link as RFC 8288 §3 writes it.
var linkPattern = regexp.MustCompile(`<([^<>"\s]*)>((?:\s*;\s*[\w*-]+="[^"]*")*)(?:,|$)`)

type link struct{ href, rel, mediaType string }

// linksOf reads the Link header, of which nothing may be left over.
func linksOf(t *testing.T, h http.Header) []link {
	t.Helper()
	var links []link
	for _, value := range h.Values("Link") {
		rest := value
		for _, m := range linkPattern.FindAllStringSubmatch(value, -1) {
			l := link{href: m[1]}
			for _, p := range strings.Split(m[2], ";") {
				name, text, _ := strings.Cut(strings.TrimSpace(p), "=")
				text = strings.Trim(text, `"`)
				switch name {
				case "rel":
					l.rel = text
				case "type":
					l.mediaType = text
				}
			}
			links = append(links, l)
			rest = strings.TrimSpace(strings.Replace(rest, m[0], "", 1))
		}
		if rest != "" {
			t.Errorf("this of a Link header cannot be read: %q", rest)
		}
	}
	return links
}

func withRel(links []link, rel string) []link {
	return slices.DeleteFunc(slices.Clone(links), func(l link) bool { return l.rel != rel })
}

// TestSignposting checks the landing page and the data of a course by the FAIR
// Signposting profile, levels 1 and 2.
func TestSignposting(t *testing.T) {
	s := serve(t, catalogue())
	const document = "/doc/course/uni.example/C1"
	page := linksOf(t, ask(t, s, http.MethodHead, document).Header)
	checkLanding(t, page)
	for _, l := range append(withRel(page, "describedby"), withRel(page, "item")...) {
		a := ask(t, s, http.MethodHead, l.href)
		if a.StatusCode != http.StatusOK || !strings.HasPrefix(a.Header.Get("Content-Type"), l.mediaType) {
			t.Errorf("%s is announced as %s: status %d, %s", l.href, l.mediaType, a.StatusCode, a.Header.Get("Content-Type"))
		}
		data := linksOf(t, a.Header)
		for _, rel := range []string{"describes", "collection"} {
			if back := withRel(data, rel); len(back) != 1 || back[0].href != document {
				t.Errorf("%s: %s %v, want the landing page", l.href, rel, back)
			}
		}
	}
	sets := withRel(page, "linkset")
	if len(sets) != 1 || sets[0].mediaType != "application/linkset+json" {
		t.Fatalf("linkset %v", sets)
	}
	checkLinkset(t, ask(t, s, http.MethodGet, sets[0].href), page)
}

func checkLanding(t *testing.T, links []link) {
	t.Helper()
	for _, tc := range []struct {
		rel  string
		want []string // at least
		n    int      // exactly; 0: any number
	}{
		{"cite-as", []string{course}, 1},
		{"author", []string{base + "/provider/uni.example"}, 1},
		{"license", []string{licence}, 1},
		{"type", []string{"https://schema.org/AboutPage", "https://schema.org/Course"}, 2},
		{"describedby", []string{"/doc/course/uni.example/C1.ttl", "/doc/course/uni.example/C1.jsonld"}, 8},
		{"item", []string{"/doc/course/uni.example/C1.ttl"}, 2},
		{"alternate", []string{"/doc/course/uni.example/C1.csv"}, 8},
		{"up", []string{"/provider/uni.example"}, 1},
		{"canonical", []string{"/doc/course/uni.example/C1"}, 1},
	} {
		found := withRel(links, tc.rel)
		if tc.n != 0 && len(found) != tc.n {
			t.Errorf("%d links with rel=%s, want %d: %v", len(found), tc.rel, tc.n, found)
		}
		for _, href := range tc.want {
			if !slices.ContainsFunc(found, func(l link) bool { return l.href == href }) {
				t.Errorf("rel=%s: no %s among %v", tc.rel, href, found)
			}
		}
	}
}

func checkLinkset(t *testing.T, a answer, page []link) {
	t.Helper()
	var set struct {
		Linkset []map[string]json.RawMessage `json:"linkset"`
	}
	if err := json.Unmarshal([]byte(a.body), &set); err != nil || a.Header.Get("Content-Type") != "application/linkset+json" {
		t.Fatalf("%v: %s", err, a.body)
	}
	if len(set.Linkset) != 9 { // the page and its eight alternates
		t.Errorf("%d link contexts, want 9", len(set.Linkset))
	}
	for _, l := range page {
		var targets []struct{ Href string }
		if err := json.Unmarshal(set.Linkset[0][l.rel], &targets); err != nil ||
			!slices.ContainsFunc(targets, func(x struct{ Href string }) bool { return x.Href == l.href }) {
			t.Errorf("the link set lacks %s %s", l.rel, l.href)
		}
	}
	if string(set.Linkset[1]["anchor"]) != `"/doc/course/uni.example/C1.ttl"` || set.Linkset[1]["describes"] == nil {
		t.Errorf("the second context is %s", set.Linkset[1])
	}
}

// TestLicenses: what a provider publishes is under its own licence, where it has
// one.
func TestLicenses(t *testing.T) {
	const own = "https://creativecommons.org/licenses/by/4.0/"
	data := catalogue()
	h := resource.New(resource.Config{Dataset: data, BaseIRI: base, License: licence, Licenses: map[string]string{"uni.example": own}})
	for path, want := range map[string]string{"/doc/course/uni.example/C1": own, "/doc/provider/uni.example": own, "/doc/alliance/A1": licence} {
		r := httptest.NewRequest(http.MethodGet, path, nil)
		r.Header.Set("Accept", "text/html")
		w := httptest.NewRecorder()
		h.Document(w, r)
		if w.Code == http.StatusNotFound {
			t.Errorf("%s is not there", path)
		}
		if link := w.Header().Get("Link"); !strings.Contains(link, "<"+want+`>; rel="license"`) || !strings.Contains(w.Body.String(), want) {
			t.Errorf("%s: %s", path, link)
		}
	}
}
