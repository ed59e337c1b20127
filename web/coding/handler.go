package coding

import (
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/klauspost/compress/gzip"
)

// suffix is what an entity tag ends in whose representation is compressed.
const suffix = `-gzip"`

// Handler compresses what h writes: whole bodies (status 200) of text, from a
// length of Least on, with gzip for clients that accept it and do not ask for a
// range. What h compressed itself stays as it is, and so does what has a digest
// of its bytes (Repr-Digest, RFC 9530 §3, is over the representation as coded).
func (c *Compressor) Handler(h http.HandlerFunc) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		out := &writer{ResponseWriter: w, compressor: c, request: r, status: http.StatusOK}
		out.wanted = accepted(r, "gzip") != "" && r.Header.Get("Range") == ""
		if conditions := r.Header.Values("If-None-Match"); slices.ContainsFunc(conditions, func(s string) bool { return strings.Contains(s, suffix) }) {
			// h knows its tags without the coding.
			out.known = true
			r = r.Clone(r.Context())
			r.Header.Set("If-None-Match", strings.ReplaceAll(strings.Join(conditions, ", "), suffix, `"`))
		}
		h(out, r)
		out.end()
	}
}

// writer holds back the beginning of a body until it is known whether it is
// long enough to be compressed.
type writer struct {
	http.ResponseWriter
	compressor *Compressor
	request    *http.Request
	wanted     bool // the client takes gzip
	known      bool // the client has what we once sent in gzip

	status int
	held   []byte
	begun  bool
	gzip   *gzip.Writer // nil: as it is
}

// WriteHeader implements http.ResponseWriter.
func (w *writer) WriteHeader(status int) { w.status = status }

// Write implements http.ResponseWriter.
func (w *writer) Write(b []byte) (int, error) {
	switch {
	case w.gzip != nil:
		return w.gzip.Write(b)
	case w.begun:
		return w.ResponseWriter.Write(b)
	}
	if len(w.held)+len(b) < Least {
		w.held = append(w.held, b...)
		return len(b), nil
	}
	if err := w.begin(true); err != nil {
		return 0, err
	}
	return w.Write(b)
}

// begin sends the header and what was held back.
func (w *writer) begin(long bool) error {
	w.begun = true
	header := w.Header()
	if w.status == http.StatusNotModified && w.known {
		tagged(header)
	}
	if textual(header.Get("Content-Type")) && header.Get("Content-Encoding") == "" && header.Get("Repr-Digest") == "" {
		varies(header)
		if long && w.wanted && w.status == http.StatusOK {
			header.Set("Content-Encoding", "gzip")
			header.Del("Content-Length")
			header.Del("Accept-Ranges")
			tagged(header)
			if w.request.Method != http.MethodHead {
				w.gzip = w.compressor.gzip.Get().(*gzip.Writer)
				w.gzip.Reset(w.ResponseWriter)
			}
		}
	}
	w.ResponseWriter.WriteHeader(w.status)
	if len(w.held) == 0 {
		return nil
	}
	held := w.held
	w.held = nil
	_, err := w.Write(held)
	return err
}

// end completes the response. An answer to HEAD has the header of one to GET as
// far as its handler says how long that would be.
func (w *writer) end() {
	if !w.begun {
		length, err := strconv.Atoi(w.Header().Get("Content-Length"))
		_ = w.begin(w.request.Method == http.MethodHead && err == nil && length >= Least) // the client is gone where this fails
	}
	if w.gzip != nil {
		_ = w.gzip.Close()
		w.compressor.gzip.Put(w.gzip)
	}
}

// tagged adds the coding to a strong entity tag. A weak one may stand for both.
func tagged(header http.Header) {
	if tag := header.Get("ETag"); strings.HasPrefix(tag, `"`) {
		header.Set("ETag", strings.TrimSuffix(tag, `"`)+suffix)
	}
}

func varies(header http.Header) {
	for _, value := range header.Values("Vary") {
		if strings.Contains(value, "Accept-Encoding") {
			return
		}
	}
	header.Add("Vary", "Accept-Encoding")
}

// textual reports whether a media type is one of text, which is worth
// compressing.
func textual(mediaType string) bool {
	mediaType, _, _ = strings.Cut(mediaType, ";")
	if strings.HasPrefix(mediaType, "text/") {
		return true
	}
	subtype, isApplication := strings.CutPrefix(mediaType, "application/")
	return isApplication && (strings.HasSuffix(subtype, "json") || strings.HasSuffix(subtype, "xml") ||
		slices.Contains([]string{"n-triples", "n-quads", "trig", "linkset", "link-format", "javascript"}, subtype))
}
