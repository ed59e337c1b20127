package exec

import (
	"context"
	"iter"

	"qlgraph/graph/rdf"
)

// Service evaluates a query at another endpoint (SPARQL 1.1 Federated Query).
// An implementation decides which endpoints it talks to; a refusal is an error,
// which SERVICE SILENT turns into one empty solution.
type Service interface {
	// Select sends the SELECT query text to endpoint. Each row has a term per
	// variable of vars, the zero Term where it is unbound; an error comes last.
	Select(ctx context.Context, endpoint, query string) (vars []string, rows iter.Seq2[[]rdf.Term, error], err error)
}
