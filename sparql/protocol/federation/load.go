package federation

import (
	"context"
	"fmt"
	"iter"
	"net/http"
	"net/url"
	"strings"

	"qlgraph/graph/rdf"
	"qlgraph/graph/rdfio"
)

// Load reads the RDF document at an address, for LOAD (SPARQL 1.1 Update
// §3.1.4). The errors are those of Select, and *rdf.SyntaxError.
func (c *Client) Load(ctx context.Context, document string) iter.Seq2[rdf.Quad, error] {
	return func(yield func(rdf.Quad, error) bool) {
		to := reach{list: c.config.Documents, setting: "load_allow", limit: "documenttime", time: c.limits.DocumentTime}
		req, err := http.NewRequestWithContext(ctx, http.MethodGet, document, nil)
		if err != nil {
			yield(rdf.Quad{}, &NotAllowedError{Address: document, Setting: to.setting})
			return
		}
		req.Header.Set("Accept", acceptRDF())
		resp, ends, err := c.do(req, to)
		if err != nil {
			yield(rdf.Quad{}, err)
			return
		}
		defer ends()
		defer resp.Body.Close()
		content := newBody(resp.Body, "documentbytes", c.limits.DocumentBytes)
		decoder, err := decoderOf(resp, content)
		if err != nil {
			yield(rdf.Quad{}, err)
			return
		}
		for q, err := range decoder.All() {
			if err != nil {
				yield(rdf.Quad{}, documentError(resp.Request.Context(), content.cause(err), to))
				return
			}
			if !yield(q, nil) {
				return
			}
		}
	}
}

// documentError keeps what is wrong with the document, and calls the rest the
// server's failure.
func documentError(ctx context.Context, err error, to reach) error {
	if syntax, ok := err.(*rdf.SyntaxError); ok && ctx.Err() == nil {
		return syntax
	}
	return failed(ctx, err, to)
}

// decoderOf chooses the format by the media type, or where that says nothing by
// the ending of the address.
func decoderOf(resp *http.Response, content *body) (rdfio.Decoder, error) {
	mediaType := resp.Header.Get("Content-Type")
	var format rdfio.Format
	if saysNothing(mediaType) {
		format, _ = rdfio.ByPath(resp.Request.URL.Path)
	}
	if format == 0 {
		format = rdfio.ByMediaType(mediaType)
	}
	if format == 0 {
		return nil, &RemoteError{Err: fmt.Errorf("it answered with %q, not with RDF", mediaType)}
	}
	base := url.URL(*resp.Request.URL)
	base.Fragment = ""
	return rdfio.NewDecoder(content, format, rdfio.DecoderOptions{Base: base.String()})
}

// saysNothing recognises what servers send for files of which they know nothing.
func saysNothing(mediaType string) bool {
	mediaType, _, _ = strings.Cut(mediaType, ";")
	switch strings.TrimSpace(mediaType) {
	case "", "text/plain", "application/octet-stream":
		return true
	}
	return false
}

func acceptRDF() string {
	var types []string
	for _, f := range rdfio.Formats() {
		types = append(types, f.MediaType())
	}
	return strings.Join(types, ", ") + ";q=0.8"
}
