package resource

import (
	"net/http"
	"strings"

	"qlgraph/graph/jsonld"
	"qlgraph/ontology"
	"qlgraph/ontology/courseid"
)

// Link is a typed link (RFC 8288). Its target may be what a source says: written,
// it cannot end the link or the header. The rest is this program's own.
type Link struct {
	Href string // URI, or a path on this server
	Rel  string // relation types, separated by spaces
	Type string // media type of the target, "" where it is not known
	// Title is for the page, Attributes for the header: `datetime="…"`, each
	// written as it stands.
	Title      string
	Attributes []string
}

// String returns the link as the Link header has it.
func (l Link) String() string {
	var b strings.Builder
	b.WriteString("<" + escapeReference(l.Href) + `>; rel="` + l.Rel + `"`)
	if l.Type != "" {
		b.WriteString(`; type="` + l.Type + `"`)
	}
	for _, a := range l.Attributes {
		b.WriteString("; " + a)
	}
	return b.String()
}

// escapeReference percent-encodes what may not stand in a URI reference and
// would end it, or the header, early.
func escapeReference(s string) string {
	clean := true
	for i := 0; i < len(s); i++ {
		clean = clean && !unsafe(s[i])
	}
	if clean {
		return s
	}
	const hexDigits = "0123456789ABCDEF"
	var b strings.Builder
	for i := 0; i < len(s); i++ {
		if c := s[i]; unsafe(c) {
			b.WriteString("%" + string(hexDigits[c>>4]) + string(hexDigits[c&15]))
		} else {
			b.WriteByte(c)
		}
	}
	return b.String()
}

func unsafe(c byte) bool {
	return c <= 0x20 || c >= 0x7F || c == '<' || c == '>' || c == '"' || c == '\\' || c == '^' || c == '`' || c == '{' || c == '|' || c == '}'
}

// joinLinks returns the links as one value of the Link header.
func joinLinks(links []Link) string {
	var b strings.Builder
	for i, l := range links {
		if i > 0 {
			b.WriteString(", ")
		}
		b.WriteString(l.String())
	}
	return b.String()
}

// Relation types of extension (RFC 8288 §2.1.2).
const (
	relShapes = "http://www.w3.org/ns/shacl#shapesGraph"
)

// linksetType is that of link sets in JSON (RFC 9264 §4.2).
const linksetType = "application/linkset+json"

// alternates are the other representations of a document than v.
func alternates(t Target, v variant) []Link {
	var links []Link
	for i := range representations {
		other := variant{representation: &representations[i]}
		if v.representation != nil && other.ending == v.ending {
			continue
		}
		links = append(links, Link{Href: other.location(t.Path), Rel: "alternate", Type: other.mediaType})
	}
	return links
}

// links are what a document has besides its representations, in the sense of
// FAIR Signposting (https://signposting.org/FAIR/): the page is the landing page
// of the thing, the other representations are what there is of it, and metadata
// about it at the same time.
func (h *Handler) links(doc *Document, t Target) []Link {
	links := []Link{
		{Href: t.IRI, Rel: "cite-as"},
		{Href: t.Thing(), Rel: "about"},
		{Href: t.Path, Rel: "canonical"},
	}
	if doc.Memento == "" {
		links = append(links, Link{Href: t.Path + "/linkset", Rel: "linkset", Type: linksetType})
	}
	if license := h.licenseOf(t); license != "" {
		links = append(links, Link{Href: license, Rel: "license"})
	}
	if p := doc.publisher(); isWebAddress(p) {
		links = append(links, Link{Href: p, Rel: "author"}, Link{Href: h.local(p), Rel: "up"})
	}
	for _, class := range schemaTypes(t.Kind) {
		links = append(links, Link{Href: class, Rel: "type"})
	}
	return append(links, doc.Links...)
}

// licenseOf returns the licence of what a document says: that of the provider
// whose thing it is about, else that of the whole.
func (h *Handler) licenseOf(t Target) string {
	_, id, _ := strings.Cut(strings.TrimPrefix(t.IRI, h.base+"/"), "/")
	code, _, _ := strings.Cut(id, "/")
	if code, err := courseid.Unescape(code); err == nil && t.Kind != Alliance && t.Kind != Run && h.licenses[code] != "" {
		return h.licenses[code]
	}
	return h.license
}

// ofPage are the links that the landing page has besides: to the data.
func ofPage(t Target) []Link {
	var links []Link
	for _, l := range alternates(t, variant{representation: byEnding(".html")}) {
		links = append(links, Link{Href: l.Href, Rel: "describedby", Type: l.Type})
	}
	return append(links,
		Link{Href: t.Path + ".ttl", Rel: "item", Type: "text/turtle"},
		Link{Href: t.Path + ".jsonld", Rel: "item", Type: "application/ld+json"})
}

// ofData are the links that data have besides: to the landing page, and to what
// says what their terms mean.
func ofData(t Target) []Link {
	return []Link{
		{Href: t.Path, Rel: "describes", Type: "text/html"},
		{Href: t.Path, Rel: "collection", Type: "text/html"},
		{Href: ontologyPath + ".ttl", Rel: "describedby", Type: "text/turtle"},
		{Href: ontologyPath + ".ttl", Rel: relShapes, Type: "text/turtle"},
	}
}

// ontologyPath is where ontology and shapes are served.
const ontologyPath = "/ontology/v1"

// schemaTypes are the classes of schema.org that a page is typed with: that it
// is about something, and about what.
func schemaTypes(k Kind) []string {
	types := []string{ontology.SCHEMA + "AboutPage"}
	switch k {
	case Course:
		types = append(types, ontology.SCHEMA+"Course")
	case Offering:
		types = append(types, ontology.SCHEMA+"CourseInstance")
	case Provider:
		types = append(types, ontology.SCHEMA+"CollegeOrUniversity")
	case Alliance:
		types = append(types, ontology.SCHEMA+"Organization")
	case Source:
		types = append(types, ontology.SCHEMA+"DataFeed")
	case Run:
		types = append(types, ontology.SCHEMA+"Action")
	}
	return types
}

// setLinks sets the Link header of a representation.
func (h *Handler) setLinks(header http.Header, doc *Document, t Target, v variant) {
	links := append(alternates(t, v), h.links(doc, t)...)
	if v.isPage() {
		links = append(links, ofPage(t)...)
	} else {
		links = append(links, ofData(t)...)
	}
	if v.form != jsonld.Compacted {
		links = append(links, Link{Href: jsonLDProfile + v.formName(), Rel: "profile"})
	}
	if v.elm == ontology.ELMOld {
		links = append(links, Link{Href: ontology.ELM32, Rel: "profile"})
	}
	header.Set("Link", joinLinks(links))
}

// local is the path of what this server describes, and the IRI of what it does
// not.
func (h *Handler) local(iri string) string {
	if path, ours := strings.CutPrefix(iri, h.base+"/"); ours {
		return "/" + path
	}
	return iri
}
