package sparql_test

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"testing"
	"time"

	"qlgraph/graph/mem"
	"qlgraph/graph/rdf"
	"qlgraph/sparql"
)

// endpoints is a Service that does what the endpoint's name says.
type endpoints struct{}

func (endpoints) Select(ctx context.Context, endpoint, _ string) ([]string, iter.Seq2[[]rdf.Term, error], error) {
	switch endpoint {
	case "http://example.org/refuses":
		return nil, nil, errors.New("refused")
	case "http://example.org/hangs":
		<-ctx.Done()
		return nil, nil, ctx.Err()
	}
	return []string{"x"}, func(yield func([]rdf.Term, error) bool) {
		for n := 0; ; n++ {
			if endpoint == "http://example.org/breaks" && n == 10 {
				yield(nil, errors.New("connection reset"))
				return
			}
			if !yield([]rdf.Term{rdf.Literal(fmt.Sprint("value ", n))}, nil) {
				return
			}
		}
	}, nil
}

// TestSilentServiceHidesNoLimit: a failing SILENT service is one empty solution
// (SPARQL 1.1 Federated Query §4); that the query itself reached a limit is an
// error all the same.
func TestSilentServiceHidesNoLimit(t *testing.T) {
	e := sparql.New(mem.New(), sparql.Options{
		Service: endpoints{}, Limits: sparql.Limits{Memory: 1 << 20, Time: 200 * time.Millisecond},
	})
	for name, limit := range map[string]string{"refuses": "", "breaks": "", "floods": "memory", "hangs": "time"} {
		err := drain(e, "SELECT * { SERVICE SILENT <http://example.org/"+name+"> { ?x ?y ?z } }")
		var reached *sparql.LimitError
		switch {
		case limit == "" && err != nil:
			t.Errorf("%s: %v", name, err)
		case limit != "" && (!errors.As(err, &reached) || reached.Limit != limit):
			t.Errorf("%s: %v, want the limit %s", name, err, limit)
		}
	}
}
