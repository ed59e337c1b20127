package resource

import (
	"bytes"
	"crypto/sha256"
	"errors"
	"net/http"
	"strconv"
	"strings"
	"time"

	"qlgraph/graph"
	"qlgraph/internal/problem"
	"qlgraph/web/coding"
)

// rendered is a representation, ready to be sent.
type rendered struct {
	variant
	validator
	body     []byte
	language string // of a page: the one that its title is in
}

// Send writes the document of t in the representation that the path or the
// client asks for: 304 where the client has it.
func (h *Handler) Send(w http.ResponseWriter, r *http.Request, snap graph.Snapshot, doc *Document, t Target) {
	v, err := h.negotiator.choose(r, t.Ending)
	switch {
	case errors.Is(err, errNotAcceptable):
		notAcceptable(w, r, t, "")
		return
	case err != nil:
		h.fail(w, r, err)
		return
	}
	out, err := h.render(r, snap, doc, t, v)
	switch {
	case errors.As(err, new(syntaxError)):
		notAcceptable(w, r, t, err.Error())
	case err != nil:
		h.fail(w, r, err)
	default:
		h.respond(w, r, snap, out, doc, t)
	}
}

// syntaxError is the error for a document that a syntax cannot hold: a property
// that is no XML name, an IRI that a JSON-LD context would misread.
type syntaxError struct{ error }

func (h *Handler) render(r *http.Request, snap graph.Snapshot, doc *Document, t Target, v variant) (rendered, error) {
	out := rendered{variant: v}
	var body bytes.Buffer
	var err error
	if v.isPage() {
		reader := h.reader(snap)
		defer h.release(reader)
		b := newPageBuilder(reader, doc, h.base, preferred(r))
		b.number = pageNumber(r)
		b.parts = h.partLinks(doc, t)
		err = b.write(&body, h.templates, t, h.licenseOf(t))
		out.language = b.language
	} else {
		err = h.encode(&body, snap, doc, v)
	}
	out.body = body.Bytes()
	out.validator = validator{
		hash: out.contentHash(), weak: v.isPage(), compressed: len(out.body) >= coding.Least, ending: len(t.Ending),
		location: v.location(""), vary: vary(t, v), changed: doc.Changed,
	}
	return out, err
}

// contentHash is what the entity tag shows, so that what did not change keeps
// its tag. No two variants share one. A page's is weak: what it shows besides
// the thing may change without it.
func (out *rendered) contentHash() [tagBytes]byte {
	hash := sha256.New()
	hash.Write([]byte(out.variant.location("") + "\n" + out.contentType() + "\n"))
	hash.Write(out.body)
	return [tagBytes]byte(hash.Sum(nil))
}

// respond writes the headers and, unless the client has it, the body.
func (h *Handler) respond(w http.ResponseWriter, r *http.Request, snap graph.Snapshot, out rendered, doc *Document, t Target) {
	header := w.Header()
	by := ""
	if out.compressed {
		by = coding.Accepted(r)
	}
	tag := out.tag(by)
	out.setHeaders(header, tag, t.Path)
	if doc.Status == 0 {
		if doc.Moment.IsZero() && documents+t.Thing()+t.Ending == r.URL.EscapedPath() {
			h.tags.put(snap.Version(), requestKey(r), out.validator)
		}
		if notModified(r, tag, doc.Changed) {
			w.WriteHeader(http.StatusNotModified)
			return
		}
	}
	h.setLinks(header, doc, t, out.variant)
	header.Set("Content-Type", out.contentType())
	if out.language != "" {
		header.Set("Content-Language", out.language)
	}
	h.write(w, r, out.body, by, doc.Status)
}

// write sends the body in the coding with a status, 0 being 200.
func (h *Handler) write(w http.ResponseWriter, r *http.Request, body []byte, by string, status int) {
	coded, err := h.compressor.Encode(body, by)
	if err != nil {
		h.fail(w, r, err)
		return
	}
	header := w.Header()
	if by != "" {
		header.Set("Content-Encoding", by)
	}
	header.Set("Content-Length", strconv.Itoa(len(coded)))
	if status != 0 {
		w.WriteHeader(status)
	}
	if r.Method != http.MethodHead {
		_, _ = w.Write(coded) // the client is gone where this fails
	}
}

// cacheControl lets caches keep a document for a while, and show an old one
// while they ask for a new one.
const cacheControl = "public, max-age=300, stale-while-revalidate=86400"

// vary names the headers that chose the representation: an ending leaves only
// what it does not fix.
func vary(t Target, v variant) string {
	switch {
	case t.Ending == "":
		return "Accept, Accept-Profile, Accept-Language, Accept-Encoding"
	case v.negotiable(t.Ending):
		return "Accept, Accept-Profile, Accept-Encoding"
	case v.isPage():
		return "Accept-Language, Accept-Encoding"
	}
	return "Accept-Encoding"
}

// notModified evaluates the preconditions in the order of RFC 9110 §13.2.2.
func notModified(r *http.Request, tag string, changed time.Time) bool {
	if match := r.Header.Values("If-None-Match"); len(match) > 0 {
		return matches(strings.Join(match, ","), tag)
	}
	since, err := http.ParseTime(r.Header.Get("If-Modified-Since"))
	return err == nil && !changed.IsZero() && !changed.Truncate(time.Second).After(since)
}

// matches compares If-None-Match weakly (RFC 9110 §13.1.2).
func matches(header, tag string) bool {
	tag = strings.TrimPrefix(tag, "W/")
	for candidate := range strings.SplitSeq(header, ",") {
		candidate = strings.TrimSpace(candidate)
		if candidate == "*" || strings.TrimPrefix(candidate, "W/") == tag {
			return true
		}
	}
	return false
}

// notAcceptable answers a client that accepts nothing of what there is: 406
// with the alternatives, also as links (RFC 9110 §15.5.7). why says more than
// that.
func notAcceptable(w http.ResponseWriter, r *http.Request, t Target, why string) {
	var types []string
	for i := range representations {
		types = append(types, representations[i].mediaType)
	}
	w.Header().Set("Vary", "Accept")
	w.Header().Set("Link", joinLinks(alternates(t, variant{})))
	problem.Write(w, r, problem.Details{
		Status: http.StatusNotAcceptable,
		Detail: strings.TrimPrefix(why+"; ", "; ") + "the document can be had as " + strings.Join(types, ", "),
		Extra:  map[string]any{"alternatives": types},
	})
}
