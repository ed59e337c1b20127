package resource

import (
	"encoding/json"
	"net/http"
	"strings"
)

// linkset is the part of every document with its links as a document of their
// own (RFC 9264 §4.2), for those who gather links without the headers of all
// representations.
type linkset struct{ h *Handler }

// ServePart implements Part.
func (l linkset) ServePart(w http.ResponseWriter, r *http.Request, t Target) {
	if t.Ending != "" && t.Ending != ".json" {
		l.h.notFound(w, r, "the links can be had as "+linksetType+": "+t.Path+"/linkset", nil)
		return
	}
	snap, err := l.h.data.Snapshot(r.Context())
	if err != nil {
		l.h.fail(w, r, err)
		return
	}
	defer snap.Close()
	doc, err := l.h.Find(snap, t)
	switch {
	case err != nil:
		l.h.fail(w, r, err)
		return
	case doc == nil || doc.Status != 0:
		l.h.missing(w, r, snap, doc, t)
		return
	}
	page := append(alternates(t, variant{representation: byEnding(".html")}), l.h.links(doc, t)...)
	contexts := []any{linkContext(t.Path, append(page, ofPage(t)...))}
	for _, data := range alternates(t, variant{representation: byEnding(".html")}) {
		contexts = append(contexts, linkContext(data.Href, ofData(t)))
	}
	body, err := json.MarshalIndent(map[string]any{"linkset": contexts}, "", "  ")
	if err != nil {
		l.h.fail(w, r, err)
		return
	}
	header := w.Header()
	header.Set("Content-Type", linksetType)
	header.Set("Cache-Control", cacheControl)
	l.h.write(w, r, append(body, '\n'), "", http.StatusOK)
}

// linkContext is a link context object: the links of one resource by relation
// type.
func linkContext(anchor string, links []Link) map[string]any {
	context := map[string]any{"anchor": anchor}
	for _, link := range links {
		for _, rel := range strings.Fields(link.Rel) {
			entry := map[string]string{"href": link.Href}
			if link.Type != "" {
				entry["type"] = link.Type
			}
			list, _ := context[rel].([]any)
			context[rel] = append(list, entry)
		}
	}
	return context
}
