package problem

import (
	"encoding/json"
	"net/http"
	"strings"
)

// MediaType is the media type of problem details in JSON (RFC 9457 §3).
const MediaType = "application/problem+json"

// Details describe one error (RFC 9457 §3.1). Type and Title follow from the
// status where they are empty.
type Details struct {
	Type   string // URI of the kind of problem; "" means about:blank
	Title  string
	Status int
	Detail string         // what is wrong with this request, and what to do
	Extra  map[string]any // members of its own: "line", "column", "limit"
}

// MarshalJSON writes the members of Extra beside the standard ones, which win.
func (d Details) MarshalJSON() ([]byte, error) {
	members := make(map[string]any, len(d.Extra)+4)
	for k, v := range d.Extra {
		members[k] = v
	}
	members["type"] = d.Type
	if d.Type == "" {
		members["type"] = "about:blank"
	}
	members["title"] = d.Title
	if d.Title == "" {
		members["title"] = http.StatusText(d.Status)
	}
	members["status"] = d.Status
	if d.Detail != "" {
		members["detail"] = strings.ToValidUTF8(d.Detail, "\uFFFD")
	}
	return json.Marshal(members)
}

// Write answers with d: status, media type and body, which is never cached.
// A HEAD request gets the headers alone.
func Write(w http.ResponseWriter, r *http.Request, d Details) {
	body, err := json.Marshal(d)
	if err != nil {
		body = []byte(`{"type":"about:blank"}`)
	}
	h := w.Header()
	h.Set("Content-Type", MediaType)
	h.Set("Cache-Control", "no-store")
	h.Set("X-Content-Type-Options", "nosniff")
	h.Del("ETag")
	h.Del("Content-Encoding")
	w.WriteHeader(d.Status)
	if r.Method != http.MethodHead {
		_, _ = w.Write(append(body, '\n')) // the client is gone where this fails
	}
}
