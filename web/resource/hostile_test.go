package resource_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"testing"

	"golang.org/x/net/html"

	"qlgraph/graph/rdf"
	"qlgraph/graph/rdfio"
	"qlgraph/ontology"
	"qlgraph/ontology/courseid"
)

// attacks are texts with which a source would break out of where it is quoted.
var attacks = []string{
	`</script><script>alert(1)</script>`, `"><img src=x onerror=alert(1)>`, `<!--`, `]]></x>`, `{{.Base}}`, `' onmouseover='alert(1)`,
	"a\r\nSet-Cookie: x=1\r\n\r\n<html>", "x\u2028alert(1)//", `\"}</script>`, `javascript:alert(1)`, `data:text/html,<script>alert(1)</script>`,
	"\u202Egnp.exe", `</title><h1>`, `">; rel="license", <https://evil.example/>; rel="cite-as`, "\x00\x01", `&lt;script&gt;`, `<svg/onload=alert(1)>`,
}

// hostileCourse says everything with an attack in it.
func hostileCourse(id, attack string) []rdf.Quad {
	c := courseid.Course{SCHAC: "uni.example", ID: id}.IRI(base)
	page, ident := iri(c+"#page"), iri(c+"#id")
	clean := strings.Map(func(r rune) rune { // what an IRI may hold and RDF readers let through
		if r > '~' || r <= ' ' || strings.ContainsRune("<>\"{}[]|\\^`", r) {
			return '_'
		}
		return r
	}, attack)
	return in(source,
		[3]rdf.Term{iri(c), a, spec},
		[3]rdf.Term{iri(c), title, rdf.LangLiteral(attack, "en")},
		[3]rdf.Term{iri(c), title, rdf.LangLiteral(attack, "x-evil")},
		[3]rdf.Term{iri(c), iri(ontology.DCTerms + "description"), rdf.Literal(attack)},
		[3]rdf.Term{iri(c), iri(ontology.DCTerms + "publisher"), iri("javascript:" + clean)},
		[3]rdf.Term{iri(c), iri(ontology.RDFS + "seeAlso"), iri("javascript:alert(1)")},
		[3]rdf.Term{iri(c), iri(ontology.RDFS + "seeAlso"), iri("data:text/html," + clean)},
		[3]rdf.Term{iri(c), iri(ontology.OWL + "sameAs"), iri("https://evil.example/;rel=cite-as," + clean)},
		[3]rdf.Term{iri(c), iri("https://evil.example/" + clean), rdf.Literal(attack)},
		[3]rdf.Term{iri(c), iri(ontology.FOAF + "homepage"), page},
		[3]rdf.Term{page, iri(ontology.ELM + "contentUrl"), rdf.TypedLiteral("javascript:alert(1)//"+attack, rdf.XSDAnyURI)},
		[3]rdf.Term{iri(c), iri(ontology.ADMS + "identifier"), ident},
		[3]rdf.Term{ident, iri(ontology.SKOS + "notation"), rdf.Literal(attack)},
		[3]rdf.Term{ident, iri(ontology.ELM + "schemeName"), rdf.Literal(attack)},
		[3]rdf.Term{iri(c + "/offerings/O"), a, instance},
		[3]rdf.Term{iri(c + "/offerings/O"), iri(ontology.ELM + "learningAchievementSpecification"), iri(c)},
		[3]rdf.Term{iri(c + "/offerings/O"), title, rdf.LangLiteral(attack, "en")},
	)
}

// TestHostileSource serves courses that say attacks wherever they may say
// something: headers, links, markup and data hold them as text, or not at all.
func TestHostileSource(t *testing.T) {
	var all []rdf.Quad
	for i, attack := range attacks {
		all = append(all, hostileCourse(fmt.Sprint("H", i), attack)...)
	}
	s := serve(t, catalogue(all...))
	for i, attack := range attacks {
		document := fmt.Sprint("/doc/course/uni.example/H", i)
		t.Run(attack, func(t *testing.T) {
			for _, ending := range endings {
				a := ask(t, s, http.MethodGet, document+ending)
				if a.StatusCode != http.StatusOK && a.StatusCode != http.StatusNotAcceptable {
					t.Fatalf("%s: status %d: %s", ending, a.StatusCode, a.body)
				}
				checkHeaders(t, a)
			}
			checkMarkup(t, ask(t, s, http.MethodGet, document+".html").body, attack)
			for ending, f := range map[string]rdfio.Format{".nt": rdfio.NTriples, ".ttl": rdfio.Turtle, ".jsonld": rdfio.JSONLD} {
				if a := ask(t, s, http.MethodGet, document+ending); len(read(t, a.body, f)) < 15 {
					t.Errorf("%s: %s", ending, a.body)
				}
			}
		})
	}
}

// checkHeaders finds nothing of evil.example but as the target of no relation,
// and no header that the server does not send.
func checkHeaders(t *testing.T, a answer) {
	t.Helper()
	for name, values := range a.Header {
		if name == "Set-Cookie" || strings.ContainsAny(strings.Join(values, ""), "\r\n") {
			t.Errorf("%s: %q", name, values)
		}
	}
	for _, l := range linksOf(t, a.Header) {
		if l.rel == "cite-as" && !strings.HasPrefix(l.href, base+"/course/") || l.rel == "license" && l.href != licence {
			t.Errorf("link %+v", l)
		}
	}
	if got := a.Header.Get("Content-Language"); strings.ContainsAny(got, `"<> `) {
		t.Errorf("Content-Language %q", got)
	}
}

// checkMarkup parses the page as a browser does.
func checkMarkup(t *testing.T, page, attack string) {
	t.Helper()
	root, err := html.Parse(strings.NewReader(page))
	if err != nil {
		t.Fatal(err)
	}
	for n := range root.Descendants() {
		if n.Type == html.CommentNode {
			t.Errorf("comment %q", n.Data)
		}
		if n.Type != html.ElementNode {
			continue
		}
		switch n.Data {
		case "img", "svg", "iframe", "object", "embed", "base", "form", "style", "b":
			t.Errorf("element %s", n.Data)
		case "script":
			if attribute(n, "type") != "application/ld+json" {
				t.Fatalf("a script that runs: %v", n.Attr)
			}
			var schema map[string]any
			if err := json.Unmarshal([]byte(n.FirstChild.Data), &schema); err != nil || schema["@type"] != "Course" {
				t.Errorf("schema.org: %v: %s", err, n.FirstChild.Data)
			}
			if address, _ := schema["url"].(string); address != "" {
				t.Errorf("url %s", address)
			}
		}
		for _, attr := range n.Attr {
			if strings.HasPrefix(attr.Key, "on") || attr.Key == "style" {
				t.Errorf("attribute %s=%q", attr.Key, attr.Val)
			}
			if attr.Key == "href" && !strings.HasPrefix(attr.Val, "/") && !strings.HasPrefix(attr.Val, "http") && !strings.HasPrefix(attr.Val, "#") {
				t.Errorf("link to %q", attr.Val)
			}
		}
	}
}

func attribute(n *html.Node, name string) string {
	for _, a := range n.Attr {
		if a.Key == name {
			return a.Val
		}
	}
	return ""
}

// TestHostileIDs asks for things by names that try the same.
func TestHostileIDs(t *testing.T) {
	s := serve(t, catalogue())
	for _, attack := range attacks {
		for _, path := range []string{
			"/course/uni.example/" + courseid.Escape(attack), "/doc/course/uni.example/" + courseid.Escape(attack), "/provider/" + courseid.Escape(attack),
			"/doc/provider/" + courseid.Escape(attack), "/resolve?id=" + courseid.Escape(attack), "/run/" + courseid.Escape(attack),
			"/course/" + courseid.Escape(attack) + "/x/did.json", "/doc/course/uni.example/C1/" + courseid.Escape(attack),
		} {
			a := ask(t, s, http.MethodGet, path)
			if a.StatusCode != 303 && a.StatusCode != 404 && a.StatusCode != 400 {
				t.Errorf("%s: status %d", path, a.StatusCode)
			}
			checkHeaders(t, a)
			if strings.Contains(a.Header.Get("Content-Type"), "html") && strings.Contains(a.body, "<script") {
				t.Errorf("%s: %s", path, a.body)
			}
			if location := a.Header.Get("Location"); location != "" && !strings.HasPrefix(location, "/doc/") {
				t.Errorf("%s: Location %q", path, location)
			}
		}
	}
}

// TestUnwritable answers 406 where a syntax cannot hold what a source says, and
// the others can.
func TestUnwritable(t *testing.T) {
	for name, tc := range map[string]struct {
		property, object string
		ending           string
	}{
		"a property that is no XML name":             {"https://uni.example/1", "https://uni.example/x", ".rdf"},
		"an IRI that a JSON-LD prefix would swallow": {"https://uni.example/p", "elm:x", ".jsonld"},
	} {
		s := serve(t, catalogue(in(source, [3]rdf.Term{iri(course), iri(tc.property), iri(tc.object)})...))
		if a := ask(t, s, http.MethodGet, document+tc.ending); a.StatusCode != http.StatusNotAcceptable || !strings.Contains(a.body, "text/turtle") {
			t.Errorf("%s: status %d: %s", name, a.StatusCode, a.body)
		}
		if a := ask(t, s, http.MethodGet, document+".ttl"); a.StatusCode != http.StatusOK {
			t.Errorf("%s: Turtle has status %d", name, a.StatusCode)
		}
	}
}

// TestUnreadableTerms writes terms that no reader of ours lets through into no
// attribute or header: a language that is none, an IRI that ends its link.
func TestUnreadableTerms(t *testing.T) {
	c := iri(base + "/course/uni.example/L")
	s := serve(t, catalogue(in(source, [3]rdf.Term{c, a, spec}, [3]rdf.Term{c, title, rdf.LangLiteral("Title", "x\"><b>\r\nA: b")},
		[3]rdf.Term{c, iri(ontology.DCTerms + "publisher"), iri("https://evil.example/>; rel=\"license\", <https://evil.example/>; rel=\"cite-as\"\r\nSet-Cookie: x")})...))
	page := ask(t, s, http.MethodGet, "/doc/course/uni.example/L.html")
	checkHeaders(t, page)
	checkMarkup(t, page.body, "")
}

// TestPageLanguages shows every language of a title, the best one first.
func TestPageLanguages(t *testing.T) {
	s := serve(t, catalogue())
	for wish, want := range map[string]string{"": "en", "de": "de", "de-AT, en;q=0.5": "de", "fr": "en", "fr;q=1, de;q=0.2": "de", ";;": "en", "en;q=0.1, de;q=0.9": "de"} {
		a := ask(t, s, http.MethodGet, "/doc/course/uni.example/C3", "Accept", "text/html", "Accept-Language", wish)
		titles := map[string]string{"en": "Tides", "de": "Gezeiten"}
		if !strings.Contains(a.body, `<h1 lang="`+want+`">`+titles[want]+`</h1>`) || a.Header.Get("Content-Language") != want {
			t.Errorf("%q: Content-Language %s: %s", wish, a.Header.Get("Content-Language"), a.body)
		}
		for lang, text := range titles {
			if !strings.Contains(a.body, text) {
				t.Errorf("%q: the title in %s is not there", wish, lang)
			}
		}
	}
}

// TestBacklinks counts what points to a course.
func TestBacklinks(t *testing.T) {
	page := ask(t, serve(t, catalogue()), http.MethodGet, document+".html").body
	for _, want := range []string{
		`<h2 id="parts">Parts <span class="chip">1</span></h2>`, `<h2 id="prerequisite-of">Prerequisite of <span class="chip">1</span></h2>`,
		`<a href="/course/uni.example/C3">Tides</a>`,
	} {
		if !strings.Contains(page, want) {
			t.Errorf("the page does not show %s:\n%s", want, page)
		}
	}
}

// TestListsArePaged shows a hundred courses of a provider at a time.
func TestListsArePaged(t *testing.T) {
	var all []rdf.Quad
	for i := range 250 {
		c := iri(fmt.Sprintf("%s/course/uni.example/P%03d", base, i))
		all = append(all, in(source, [3]rdf.Term{c, a, spec}, [3]rdf.Term{c, iri(ontology.DCTerms + "publisher"), iri(base + "/provider/uni.example")})...)
	}
	s := serve(t, catalogue(all...))
	seen := map[string]bool{}
	pages := 0
	for path := "/doc/provider/uni.example"; path != ""; pages++ {
		body := ask(t, s, http.MethodGet, path, "Accept", "text/html").body
		if !strings.Contains(body, `Courses <span class="chip">251</span>`) {
			t.Fatalf("%s: %s", path, body)
		}
		root, err := html.Parse(strings.NewReader(body))
		if err != nil {
			t.Fatal(err)
		}
		path = ""
		for n := range root.Descendants() {
			href := attribute(n, "href")
			if strings.HasPrefix(href, "/course/") {
				seen[href] = true
			}
			if attribute(n, "rel") == "next" {
				path, _, _ = strings.Cut(href, "#")
			}
		}
	}
	if pages != 3 || len(seen) != 251 {
		t.Errorf("%d courses on %d pages, want 251 on 3", len(seen), pages)
	}
}

// TestSecurityHeaders lets a page load nothing from elsewhere and run nothing.
func TestSecurityHeaders(t *testing.T) {
	s := serve(t, catalogue())
	policy := ask(t, s, http.MethodGet, document+".html").Header.Get("Content-Security-Policy")
	for _, want := range []string{"default-src 'none'", "base-uri 'none'", "frame-ancestors 'none'"} {
		if !strings.Contains(policy, want) {
			t.Errorf("policy %q lacks %s", policy, want)
		}
	}
	if strings.Contains(policy, "unsafe") {
		t.Errorf("policy %q", policy)
	}
}
