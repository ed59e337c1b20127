package elm

import (
	"context"
	"errors"
	"fmt"
	"time"

	"qlgraph/graph/rdf"
	"qlgraph/harvesters"
	"qlgraph/harvesters/lifting"
	"qlgraph/ontology"
)

// accept asks for the syntaxes of the data exchange specification, and takes
// what there is.
const accept = "text/turtle, application/rdf+xml;q=0.9, application/ld+json;q=0.8, application/n-triples;q=0.8, */*;q=0.1"

// Reader reads a file.
type Reader struct{}

// Read implements harvesters.Reader. A file with a syntax error gives the
// subjects that stand before it, without the one in which it breaks off.
func (Reader) Read(ctx context.Context, src harvesters.Source, get harvesters.Getter, emit func(harvesters.Record) error, warn func(harvesters.Finding)) error {
	resp, err := get.Get(ctx, harvesters.Request{URL: src.Path, Accept: accept})
	if err != nil {
		return err
	}
	at := resp.URL.String()
	g, err := decode(resp.Body, src.ContentType, resp.MediaType, at)
	if err == nil && g.size == 0 {
		err = errors.New("there is no statement in the file")
	}
	if err != nil {
		if g == nil || g.size == 0 {
			return fmt.Errorf("%s: %w", at, err)
		}
		warn(syntaxFinding(err, at))
	}
	for _, rec := range split(g, at, err != nil) {
		if err := ctx.Err(); err != nil {
			return err
		}
		if err := emit(rec); err != nil {
			return err
		}
	}
	return nil
}

func syntaxFinding(err error, at string) harvesters.Finding {
	f := harvesters.Finding{Severity: harvesters.Violation, Code: "elm.syntax", At: harvesters.Origin{URL: at},
		Message: fmt.Sprintf("The file cannot be read to its end: %v.", err)}
	var syntax *rdf.SyntaxError
	if errors.As(err, &syntax) {
		f.At.Line = syntax.Line
	}
	return f
}

// Records finds the records in the text of a file; the content type, where it
// is not "", overrides what the text looks like. The records before a syntax
// error are returned with the error.
func Records(body []byte, contentType string) ([]harvesters.Record, error) {
	g, err := decode(body, contentType, "", "")
	if g == nil {
		return nil, err
	}
	return split(g, "", err != nil), err
}

// modified returns when the source last changed a subject, as it says.
func (s *splitter) modified(n int32) time.Time {
	p := s.known(ontology.DCTerms + "modified")
	for _, t := range s.triples[n] {
		if t.p == p && p >= 0 {
			return lifting.Time(s.terms[t.o].Value())
		}
	}
	return time.Time{}
}
