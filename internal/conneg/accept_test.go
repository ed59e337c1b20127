package conneg_test

import (
	"strings"
	"testing"

	"qlgraph/internal/conneg"
)

// offers is what a course document offers, in the server's order.
var offers = []conneg.Offer{
	{Type: "text/html"},
	{Type: "text/turtle"},
	{Type: "application/ld+json"},
	{Type: "application/ld+json", Profile: "http://www.w3.org/ns/json-ld#expanded"},
	{Type: "application/ld+json", Profile: "http://www.w3.org/ns/json-ld#framed"},
	{Type: "application/rdf+xml"},
	{Type: "application/n-triples"},
	{Type: "application/trig"},
	{Type: "text/csv"},
}

const (
	html, turtle, jsonld, expanded, framed, rdfxml, ntriples, trig, csv = 0, 1, 2, 3, 4, 5, 6, 7, 8
	none                                                                = -1
)

func TestChoose(t *testing.T) {
	browser := "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,*/*;q=0.8"
	for _, tc := range []struct {
		name, accept string
		want         int
	}{
		{"absent", "", html},
		{"blank", "   ", html},
		{"anything", "*/*", html},
		{"single star of old Java clients", "*; q=.2, */*; q=.2", html},
		{"a browser", browser, html},
		{"exact turtle", "text/turtle", turtle},
		{"exact json-ld", "application/ld+json", jsonld},
		{"exact rdf/xml", "application/rdf+xml", rdfxml},
		{"exact n-triples", "application/n-triples", ntriples},
		{"exact trig", "application/trig", trig},
		{"exact csv", "text/csv", csv},
		{"upper case", "TEXT/TURTLE", turtle},
		{"space around", "  text/turtle  ", turtle},
		{"charset is ignored", "text/turtle; charset=utf-8", turtle},
		{"unknown parameter is ignored", "text/turtle; version=1.1", turtle},
		{"q of one", "text/turtle;q=1", turtle},
		{"q of 1.000", "text/turtle;q=1.000", turtle},
		{"q in upper case", "text/turtle;Q=0.5, text/csv;Q=0.6", csv},
		{"space around q", "text/turtle ; q=0.5 , text/csv ; q=0.6", csv},
		{"higher q wins", "text/turtle;q=0.5, application/rdf+xml;q=0.9", rdfxml},
		{"order does not matter", "application/rdf+xml;q=0.9, text/turtle;q=0.5", rdfxml},
		{"tie goes to the server's order", "application/rdf+xml, text/turtle", turtle},
		{"tie below one", "text/csv;q=0.5, text/turtle;q=0.5", turtle},
		{"three digits count", "text/turtle;q=0.998, text/csv;q=0.999", csv},
		{"zero refuses", "text/turtle;q=0", none},
		{"zero refuses one of all", "text/html;q=0, */*", turtle},
		{"0.000 refuses", "text/html;q=0.000, */*;q=0.1", turtle},
		{"everything refused", "*/*;q=0", none},
		{"subtype wildcard", "text/*", html},
		{"subtype wildcard of application", "application/*", jsonld},
		{"specific beats wildcard of its type", "text/*;q=0.9, text/html;q=0.1", turtle},
		{"specific beats full wildcard", "*/*;q=0.9, text/html;q=0.1", turtle},
		{"type wildcard beats full wildcard", "*/*;q=0.9, text/*;q=0.1", jsonld},
		{"three levels", "*/*;q=0.1, text/*;q=0.2, text/csv;q=0.3", csv},
		{"wildcard excludes a type", "text/*;q=0, */*;q=0.5", jsonld},
		{"unsupported", "image/png", none},
		{"unsupported with fallback", "image/png, */*;q=0.1", html},
		{"unsupported type wildcard", "image/*", none},
		{"json alone is not json-ld", "application/json", none},
		{"jena", "text/turtle,application/n-triples;q=0.9,application/ld+json;q=0.8,application/rdf+xml;q=0.7,*/*;q=0.3", turtle},
		{"rdf4j", "application/rdf+xml;q=0.7, text/turtle;q=0.8, application/trig", trig},
		{"rdflib", "application/rdf+xml,text/rdf+n3;q=0.9,application/xhtml+xml;q=0.5, */*;q=0.1", rdfxml},
		{"comunica", "application/n-quads,application/trig;q=0.95,application/ld+json;q=0.9,application/n-triples;q=0.8,*/*;q=0.1", trig},
		{"curl", "*/*", html},
		{"named beside anything", "text/csv, */*", csv},
		{"a type's wildcard beside anything", "application/*, */*", jsonld},
		{"profile expanded", `application/ld+json;profile="http://www.w3.org/ns/json-ld#expanded"`, expanded},
		{"profile framed", `application/ld+json;profile="http://www.w3.org/ns/json-ld#framed"`, framed},
		{"profile unquoted is malformed", `application/ld+json;profile=http://www.w3.org/ns/json-ld#framed`, html},
		{"profile with quality", `application/ld+json;profile="http://www.w3.org/ns/json-ld#framed";q=0.5, text/csv;q=0.4`, framed},
		{"unknown profile is a hint", `application/ld+json;profile="http://example.org/p"`, jsonld},
		{"several profiles", `application/ld+json;profile="http://example.org/p http://www.w3.org/ns/json-ld#framed"`, framed},
		{"comma within quotes", `application/ld+json;profile="a,b", text/csv;q=0.1`, jsonld},
		{"escaped quote", `application/ld+json;profile="a\",b", text/csv;q=0.1`, jsonld},
		{"empty elements", ",, text/turtle ,,", turtle},
		{"malformed element is skipped", "text turtle, text/csv", csv},
		{"malformed q drops the element", "text/turtle;q=2, text/csv;q=0.1", csv},
		{"q with four digits is malformed", "text/turtle;q=0.9999, text/csv;q=0.1", csv},
		{"negative q is malformed", "text/turtle;q=-1, text/csv;q=0.1", csv},
		{"nothing readable accepts all", ";;;", html},
		{"type wildcard with subtype is malformed", "*/turtle, text/csv;q=0.2", csv},
		{"same range twice, the better counts", "text/turtle;q=0.1, text/turtle;q=0.8, text/csv;q=0.5", turtle},
		{"oversized header is noise", strings.Repeat("text/turtle;q=0.5,", 200), html},
		{"too many ranges are noise", strings.Repeat("a/b,", 60) + "text/turtle", html},
	} {
		t.Run(tc.name, func(t *testing.T) {
			got, ok := conneg.Choose(tc.accept, offers)
			if ok != (tc.want >= 0) || got != tc.want {
				t.Errorf("Choose(%q) = %d, %v, want %d", tc.accept, got, ok, tc.want)
			}
		})
	}
}

func TestTypes(t *testing.T) {
	i, ok := conneg.Choose("text/csv", conneg.Types("application/json", "text/csv"))
	if !ok || i != 1 {
		t.Errorf("got %d, %v", i, ok)
	}
}

func TestContentType(t *testing.T) {
	for mediaType, want := range map[string]string{
		"text/html": "text/html; charset=utf-8", "text/csv": "text/csv; charset=utf-8",
		"text/turtle": "text/turtle", "application/ld+json": "application/ld+json", "application/n-triples": "application/n-triples",
	} {
		if got := conneg.ContentType(mediaType); got != want {
			t.Errorf("%s: %q, want %q", mediaType, got, want)
		}
	}
}
