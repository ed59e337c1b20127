package resource

import (
	"encoding/hex"
	"net/http"
	"strings"
	"time"

	"qlgraph/web/coding"

	"github.com/zeebo/xxh3"
)

// maxTags bounds the entity tags that are remembered: at some 100 bytes each,
// those of a hundred thousand courses in one format.
const maxTags = 1 << 17

// tags remembers what requests were answered with, as far as it takes to answer
// one again with 304: making a document only to compare its hash costs a
// hundred times as much.
type tags = current[xxh3.Uint128, validator]

// validator is a representation without its body.
type validator struct {
	hash       [tagBytes]byte
	weak       bool
	compressed bool   // where the client takes that
	ending     int    // length of the ending of the request's path
	location   string // ending of the Content-Location's
	vary       string
	changed    time.Time
}

// tagBytes is how much of a hash an entity tag shows.
const tagBytes = 12

// requestKey is over everything in a request that chooses a representation, but
// for the coding. Two requests with one key are a matter of theory: 2^64 of them
// are needed for even odds.
func requestKey(r *http.Request) xxh3.Uint128 {
	var b strings.Builder
	b.WriteString(r.URL.EscapedPath())
	b.WriteByte(0)
	b.WriteString(r.URL.RawQuery)
	for _, name := range [...]string{"Accept", "Accept-Profile", "Accept-Language"} {
		for _, value := range r.Header[name] {
			b.WriteByte(0)
			b.WriteString(value)
		}
		b.WriteByte(1)
	}
	return xxh3.HashString128(b.String())
}

// tag is the entity tag of the representation in a coding.
func (v *validator) tag(coding string) string {
	b := make([]byte, 0, 2*tagBytes+len(`W/""-zstd`))
	if v.weak {
		b = append(b, "W/"...)
	}
	b = append(b, '"')
	b = hex.AppendEncode(b, v.hash[:])
	if coding != "" {
		b = append(append(b, '-'), coding...)
	}
	return string(append(b, '"'))
}

// unchanged answers 304 where it is known without making the document that the
// client has it, and reports whether it did.
func (h *Handler) unchanged(w http.ResponseWriter, r *http.Request, version uint64) bool {
	if len(r.Header["If-None-Match"]) == 0 && len(r.Header["If-Modified-Since"]) == 0 {
		return false
	}
	v, known := h.tags.get(version, requestKey(r))
	if !known {
		return false
	}
	by := ""
	if v.compressed {
		by = coding.Accepted(r)
	}
	tag := v.tag(by)
	if !notModified(r, tag, v.changed) {
		return false
	}
	path := r.URL.EscapedPath()
	v.setHeaders(w.Header(), tag, path[:len(path)-v.ending])
	w.WriteHeader(http.StatusNotModified)
	return true
}

// setHeaders sets what a response with the representation and one without it
// have in common. path is the document's, without an ending.
func (v *validator) setHeaders(header http.Header, tag, path string) {
	header["Etag"] = []string{tag}
	header["Vary"] = []string{v.vary}
	header["Content-Location"] = []string{path + v.location}
	header["Cache-Control"] = []string{cacheControl}
	if !v.changed.IsZero() {
		header["Last-Modified"] = []string{v.changed.UTC().Format(http.TimeFormat)}
	}
}
