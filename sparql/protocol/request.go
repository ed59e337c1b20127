package protocol

import (
	"errors"
	"io"
	"mime"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"qlgraph/graph/iri"
	"qlgraph/sparql"
)

// operation is a query or an update as it came in (SPARQL 1.1 Protocol §2.1,
// §2.2).
type operation struct {
	text   string
	given  bool // there is a text, perhaps an empty one
	params url.Values
}

// form is the name that an operation has in a form, and its media type in a
// body of its own.
type form struct {
	name      string
	mediaType string
	limit     string // its name
	maxBytes  int    // of the text
}

// queryForm and updateForm have the engine's limits: what is longer is not even
// read.
func queryForm(l sparql.Limits) form {
	return form{"query", "application/sparql-query", "querybytes", l.QueryBytes}
}

func updateForm(l sparql.Limits) form {
	return form{"update", "application/sparql-update", "updatebytes", l.UpdateBytes}
}

// formOverhead is what a form may hold beside the text: names, graphs, timeout.
const formOverhead = 64 << 10

// maxBody is the length of a body with a text of the limit: in a form each byte
// may be escaped, which takes three.
func (f form) maxBody(mediaType string) int64 {
	if mediaType == f.mediaType {
		return int64(f.maxBytes)
	}
	return 3*int64(f.maxBytes) + formOverhead
}

// read takes the operation from a request's URL and body.
func (f form) read(w http.ResponseWriter, r *http.Request) (operation, error) {
	params, err := url.ParseQuery(r.URL.RawQuery)
	if err != nil {
		return operation{}, badRequest("the URL's parameters are malformed: %v", err)
	}
	if r.Method != http.MethodGet && r.Method != http.MethodHead {
		return f.readBody(w, r, params)
	}
	return f.fromForm(params)
}

func (f form) readBody(w http.ResponseWriter, r *http.Request, params url.Values) (operation, error) {
	mediaType, bodyParams, err := contentType(r)
	if err != nil {
		return operation{}, err
	}
	if mediaType != "application/x-www-form-urlencoded" && mediaType != f.mediaType {
		return operation{}, unsupported("the body is to be application/x-www-form-urlencoded or "+f.mediaType, mediaType)
	}
	if charset := bodyParams["charset"]; charset != "" && !strings.EqualFold(charset, "utf-8") {
		return operation{}, unsupported("the body is to be in UTF-8", charset)
	}
	body, err := f.text(http.MaxBytesReader(w, r.Body, f.maxBody(mediaType)), r.Header.Get("Content-Encoding"), f.maxBody(mediaType))
	if err != nil {
		return operation{}, err
	}
	if mediaType == f.mediaType {
		if len(params[f.name]) > 0 {
			return operation{}, badRequest("the %s is both in the URL and in the body", f.name)
		}
		return f.checked(operation{text: string(body), given: true, params: params})
	}
	inBody, err := url.ParseQuery(string(body))
	if err != nil {
		return operation{}, badRequest("the form is malformed: %v", err)
	}
	for name, values := range inBody {
		params[name] = append(params[name], values...)
	}
	return f.fromForm(params)
}

// text reads a body of at most max bytes, decompressed or not.
func (f form) text(body io.Reader, encoding string, max int64) ([]byte, error) {
	content, err := decompressed(body, encoding)
	if err != nil {
		return nil, err
	}
	defer content.Close()
	text, err := io.ReadAll(io.LimitReader(content, max+1))
	var tooLarge *http.MaxBytesError
	if errors.As(err, &tooLarge) || int64(len(text)) > max {
		err = &sparql.LimitError{Limit: f.limit, Max: int64(f.maxBytes)}
	}
	return text, err
}

func (f form) fromForm(params url.Values) (operation, error) {
	switch texts := params[f.name]; len(texts) {
	case 0:
		return operation{params: params}, nil
	case 1:
		return f.checked(operation{text: texts[0], given: true, params: params})
	default:
		return operation{}, badRequest("%d parameters %q, want one", len(texts), f.name)
	}
}

func (f form) checked(o operation) (operation, error) {
	if !utf8.ValidString(o.text) {
		return operation{}, badRequest("the %s is not in UTF-8", f.name)
	}
	return o, nil
}

// contentType returns a body's media type in lower case, and its parameters.
func contentType(r *http.Request) (mediaType string, params map[string]string, err error) {
	header := r.Header.Get("Content-Type")
	if header == "" {
		return "", nil, unsupported("the body has no Content-Type", "")
	}
	mediaType, params, err = mime.ParseMediaType(header)
	if err != nil {
		return "", nil, unsupported("the Content-Type is malformed", header)
	}
	return mediaType, params, nil
}

func unsupported(detail, got string) *failure {
	if got != "" {
		detail += ", not " + got
	}
	return &failure{status: http.StatusUnsupportedMediaType, kind: "mediatype", detail: detail}
}

// format returns the parameter that overrides Accept, as Fuseki has it.
func (o operation) format() string {
	if f := o.params.Get("format"); f != "" {
		return f
	}
	return o.params.Get("output")
}

// explain reports whether the plan is asked for instead of the answer.
func (o operation) explain() bool {
	if !o.params.Has("explain") {
		return false
	}
	switch strings.ToLower(o.params.Get("explain")) {
	case "0", "false", "no":
		return false
	}
	return true
}

// timeout reads the parameter timeout: seconds, or with a unit ("500ms").
func (o operation) timeout() (time.Duration, error) {
	s := o.params.Get("timeout")
	if s == "" {
		return 0, nil
	}
	d, err := time.ParseDuration(s)
	if seconds, failed := strconv.ParseFloat(s, 64); failed == nil {
		d, err = time.Duration(seconds*float64(time.Second)), nil
		if seconds > 1e6 {
			d = 1e6 * time.Second
		}
	}
	if err != nil || d <= 0 {
		return 0, badRequest("timeout %q is no time in seconds", s)
	}
	return d, nil
}

// graphs returns the IRIs of a parameter that names graphs.
func (x *exchange) graphIRIs(o operation, name string) ([]string, error) {
	var graphs []string
	for _, s := range o.params[name] {
		g, err := x.resolve(s)
		if err != nil {
			return nil, badRequest("%s: %v", name, err)
		}
		graphs = append(graphs, g)
	}
	return graphs, nil
}

// resolve makes an IRI reference absolute.
func (x *exchange) resolve(ref string) (string, error) {
	if iri.SchemeLen(ref) == 0 && x.config.BaseIRI != "" {
		if err := iri.CheckRef(ref); err != nil {
			return "", err
		}
		ref = iri.Resolve(x.config.BaseIRI, ref)
	}
	return ref, iri.Check(ref)
}
