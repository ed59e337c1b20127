package sparql

import (
	"context"
	"errors"
)

// Query is a parsed query. It is immutable and independent of any dataset.
type Query struct {
	text string
	form Form
}

// Form returns the form of q.
func (q *Query) Form() Form { return q.form }

// Parse parses a query. A malformed one gives a *syntax.Error with line and
// column, one that is too large or too deep a *LimitError.
func (e *Engine) Parse(query string) (*Query, error) {
	return nil, errors.New("sparql: parse: not yet")
}

// Query evaluates q on the newest snapshot of the dataset. Errors that are
// found before the first row are returned here, later ones by the iterators.
func (e *Engine) Query(ctx context.Context, q *Query, p Params) (*Result, error) {
	return nil, errors.New("sparql: query: not yet")
}

// Update applies an update request: all of its operations or, where one fails,
// none. It returns the version of the dataset that holds the change.
func (e *Engine) Update(ctx context.Context, request string, p UpdateParams) (version uint64, err error) {
	return 0, errors.New("sparql: update: not yet")
}
