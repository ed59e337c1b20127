package elm

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"

	"qlgraph/graph/rdf"
	"qlgraph/harvesters"
)

// accept asks for the syntaxes of the data exchange specification, and takes
// what there is.
const accept = "text/turtle, application/rdf+xml;q=0.9, application/ld+json;q=0.8, application/n-triples;q=0.8, */*;q=0.1"

// Reader reads a file.
type Reader struct{}

// Read implements harvesters.Reader. A file with a syntax error gives the
// subjects that stand before it, without the one in which it breaks off.
func (Reader) Read(ctx context.Context, src harvesters.Source, get harvesters.Getter, emit func(harvesters.Record) error, warn func(harvesters.Finding)) error {
	d, err := harvesters.Fetch(ctx, get, harvesters.Request{URL: src.Path, Accept: accept})
	if err != nil {
		return err
	}
	defer d.Close()
	at := d.URL.String()
	g := newGraph(harvesters.Scratch(get))
	defer g.close()
	err = decode(ctx, g, d.Content, src.ContentType, d.MediaType, at)
	if err == nil && g.size == 0 {
		err = errors.New("there is no statement in the file")
	}
	if err != nil {
		if g.size == 0 || ctx.Err() != nil {
			return fmt.Errorf("%s: %w", at, err)
		}
		warn(syntaxFinding(err, at))
	}
	if g.dropped > 0 {
		warn(harvesters.Finding{Severity: harvesters.Info, Code: "elm.jsonld.dropped", At: harvesters.Origin{URL: at},
			Message: fmt.Sprintf("Statements left out because a term is neither a valid IRI nor a valid literal: %d.", g.dropped)})
	}
	return split(g, at, err != nil, func(rec harvesters.Record) error {
		return errors.Join(ctx.Err(), emit(rec))
	}, func(err error) {
		warn(harvesters.Finding{Severity: harvesters.Violation, Code: "elm.record.size", Message: "Left out: " + err.Error() + ".", At: harvesters.Origin{URL: at}})
	})
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
	g := newGraph("")
	defer g.close()
	err := decode(context.Background(), g, io.NewSectionReader(bytes.NewReader(body), 0, int64(len(body))), contentType, "", "")
	var records []harvesters.Record
	left := split(g, "", err != nil, func(rec harvesters.Record) error {
		records = append(records, rec)
		return nil
	}, func(large error) { err = errors.Join(err, large) })
	return records, errors.Join(err, left)
}
