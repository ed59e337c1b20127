package exec

import (
	"cmp"
	"fmt"
	"time"
)

// Limits bound what one query may use. A zero field means the default beside
// it, chosen so that an open endpoint with a few GiB of memory survives strangers.
type Limits struct {
	Time          time.Duration // 30 s of wall clock, parsing excluded
	Memory        int64         // 256 MiB held by sort, group, hash, path, distinct and computed terms together
	Rows          int64         // 100 M rows of a result
	QueryBytes    int           // 1 MiB of query text
	Depth         int           // 200 nested groups, parentheses or subqueries
	Nodes         int           // 100,000 nodes of the algebra, values of VALUES and IN included
	PathNodes     int64         // 50 M nodes visited by property paths
	FunctionBytes int           // 1 MiB for a string that a function returns
}

// WithDefaults returns l with every zero field replaced by its default.
func (l Limits) WithDefaults() Limits {
	return Limits{
		Time:          cmp.Or(l.Time, 30*time.Second),
		Memory:        cmp.Or(l.Memory, 256<<20),
		Rows:          cmp.Or(l.Rows, 100_000_000),
		QueryBytes:    cmp.Or(l.QueryBytes, 1<<20),
		Depth:         cmp.Or(l.Depth, 200),
		Nodes:         cmp.Or(l.Nodes, 100_000),
		PathNodes:     cmp.Or(l.PathNodes, 50_000_000),
		FunctionBytes: cmp.Or(l.FunctionBytes, 1<<20),
	}
}

// LimitError is the error of a query that reached one of its Limits.
type LimitError struct {
	Limit string // the field of Limits in lower case: "time", "memory", "rows", …
	Max   int64  // its value: nanoseconds, bytes or a number
}

// Error says which limit was reached.
func (e *LimitError) Error() string {
	switch e.Limit {
	case "time":
		return fmt.Sprintf("query stopped after its time limit of %v", time.Duration(e.Max))
	case "memory":
		return fmt.Sprintf("query needs more than its %d bytes of memory", e.Max)
	}
	return fmt.Sprintf("query exceeds its limit of %d for %s", e.Max, e.Limit)
}
