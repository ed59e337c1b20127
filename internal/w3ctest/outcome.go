package w3ctest

import (
	"bytes"
	"errors"
	"fmt"

	"qlgraph/graph/canon"
	"qlgraph/graph/ntriples"
	"qlgraph/graph/rdf"
)

// RejectedAt is the verdict on a negative syntax test whose document gave err:
// nil if that is a syntax error with a position.
func RejectedAt(err error) error {
	var syntax *rdf.SyntaxError
	switch {
	case err == nil:
		return errors.New("accepted, want a syntax error")
	case !errors.As(err, &syntax):
		return fmt.Errorf("got %T, want a syntax error: %w", err, err)
	case syntax.Line < 1 || syntax.Column < 1:
		return fmt.Errorf("error without a position: %w", err)
	}
	return nil
}

// Isomorphic is the verdict on an evaluation test that gave the quads: nil if
// they are those of the result, which is in N-Triples or N-Quads, but for the
// labels of blank nodes.
func (e Entry) Isomorphic(got []rdf.Quad) error {
	data, err := e.Read(e.Result)
	if err != nil {
		return err
	}
	var want []rdf.Quad
	for q, err := range ntriples.NewDecoder(bytes.NewReader(data), ntriples.Options{}).All() {
		if err != nil {
			return err
		}
		want = append(want, q)
	}
	same, err := canon.Isomorphic(got, want)
	if err != nil {
		return err
	}
	if !same {
		return fmt.Errorf("not isomorphic: got %v, want %v", got, want)
	}
	return nil
}
