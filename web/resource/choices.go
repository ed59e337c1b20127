package resource

import (
	"bytes"
	"encoding/json"
	"net/http"
	"strings"

	"golang.org/x/text/language"

	"qlgraph/graph/rdf"
	"qlgraph/internal/conneg"
)

// choice is one of several things that an identifier means.
type choice struct {
	IRI      string `json:"iri"`
	Document string `json:"document"` // path
	Title    string `json:"title"`
	Lang     string `json:"language,omitempty"`
}

type choicesPage struct {
	Identifier string
	Choices    []choice
}

// preferred returns the languages that the client reads, best first. An
// unreadable header has no preference.
func preferred(r *http.Request) []language.Tag {
	header := r.Header.Get("Accept-Language")
	if header == "" || len(header) > maxLanguages {
		return nil
	}
	tags, _, _ := language.ParseAcceptLanguage(header)
	return tags
}

// maxLanguages bounds Accept-Language: a browser's has some dozens of bytes.
const maxLanguages = 1 << 10

// choices answers 300 with the things that an identifier means (RFC 9110
// §15.4.1): as a page, as JSON, or as a mere list of their IRIs.
func (h *Handler) choices(w http.ResponseWriter, r *http.Request, b *pageBuilder, identifier string, found []string) {
	page := choicesPage{Identifier: identifier}
	var links []Link
	for _, iri := range found {
		name, err := b.name(rdf.IRI(iri))
		if err != nil {
			h.fail(w, r, err)
			return
		}
		path := documents + strings.TrimPrefix(iri, h.base)
		page.Choices = append(page.Choices, choice{iri, path, name.Text, name.Lang})
		links = append(links, Link{Href: path, Rel: "alternate"})
	}
	types := []string{"text/html", "application/json", "text/uri-list"}
	i, ok := conneg.Choose(strings.Join(r.Header.Values("Accept"), ","), conneg.Types(types...))
	if !ok {
		i = 1 // whoever accepts none of them is a program
	}
	body, err := h.choicesBody(types[i], page)
	if err != nil {
		h.fail(w, r, err)
		return
	}
	header := w.Header()
	header.Set("Vary", "Accept, Accept-Language")
	header.Set("Content-Type", conneg.ContentType(types[i]))
	header.Set("Link", joinLinks(links))
	w.WriteHeader(http.StatusMultipleChoices)
	if r.Method != http.MethodHead {
		_, _ = w.Write(body) // the client is gone where this fails
	}
}

func (h *Handler) choicesBody(mediaType string, page choicesPage) ([]byte, error) {
	switch mediaType {
	case "text/html":
		var b bytes.Buffer
		err := h.templates.ExecuteTemplate(&b, "choices.html", page)
		return b.Bytes(), err
	case "application/json":
		return json.MarshalIndent(map[string]any{"identifier": page.Identifier, "matches": page.Choices}, "", "  ")
	}
	var b bytes.Buffer
	for _, c := range page.Choices {
		b.WriteString(c.IRI + "\r\n") // RFC 2483 §5
	}
	return b.Bytes(), nil
}
