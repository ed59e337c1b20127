package federation

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"math/rand/v2"
	"mime"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"qlgraph/graph/rdf"
	"qlgraph/sparql/results"
)

// acceptResults asks for the formats that tell kinds of terms apart.
const acceptResults = "application/sparql-results+json, application/sparql-results+xml;q=0.9, text/tab-separated-values;q=0.5"

// Select implements sparql.Service: it sends a query and reads the answer as it
// comes. An address outside the list gives a *NotAllowedError, a failing server a
// *RemoteError. Blank nodes get labels that no other answer has.
func (c *Client) Select(ctx context.Context, endpoint, query string) (vars []string, rows iter.Seq2[[]rdf.Term, error], err error) {
	to := reach{list: c.config.Services, setting: "service_allow", limit: "remotetime", time: c.limits.Time}
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, endpoint, strings.NewReader(url.Values{"query": {query}}.Encode()))
	if err != nil {
		return nil, nil, &NotAllowedError{Address: endpoint, Setting: to.setting}
	}
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	req.Header.Set("Accept", acceptResults)
	resp, ends, err := c.do(req, to)
	if err != nil {
		return nil, nil, err
	}
	content := newBody(resp.Body, "remotebytes", c.limits.Bytes)
	result, err := decode(resp.Header.Get("Content-Type"), content)
	if err != nil {
		err = failed(resp.Request.Context(), content.cause(err), to)
		resp.Body.Close()
		ends()
		return nil, nil, err
	}
	return result.Vars, func(yield func([]rdf.Term, error) bool) {
		defer ends()
		defer resp.Body.Close()
		n, scope := 0, strconv.FormatUint(rand.Uint64(), 36)
		for row, err := range result.Rows() {
			if n++; err == nil && n > c.limits.Rows {
				err = &RemoteError{Limit: "remoterows", Max: int64(c.limits.Rows), Err: fmt.Errorf("it sends more than %d rows", c.limits.Rows)}
			}
			if err != nil {
				yield(nil, failed(resp.Request.Context(), content.cause(err), to))
				return
			}
			if !yield(scoped(row, scope), nil) {
				return
			}
		}
	}, nil
}

// decode reads the head of an answer.
func decode(contentType string, content *body) (*results.Result, error) {
	mediaType, _, _ := mime.ParseMediaType(contentType) // "" is no format
	at := slices.IndexFunc(results.Formats[:], func(f results.Format) bool { return f.MediaType() == mediaType })
	if at < 0 || results.Formats[at] == results.CSV { // CSV does not tell kinds of terms apart
		return nil, &RemoteError{Err: fmt.Errorf("it answered with %q, not with SPARQL results", contentType)}
	}
	result, err := results.Decode(content, results.Formats[at])
	if err == nil && result.Boolean {
		err = &RemoteError{Err: errors.New("it answered with a boolean, not with rows")}
	}
	return result, err
}

// scoped renames the blank nodes of a row.
func scoped(row []rdf.Term, scope string) []rdf.Term {
	for i, t := range row {
		if t.IsBlank() {
			row[i] = rdf.Blank("s" + scope + "x" + t.Value())
		}
	}
	return row
}
