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
	UpdateBytes   int           // 64 MiB of the text of an update request, which may bring data
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
		UpdateBytes:   cmp.Or(l.UpdateBytes, 64<<20),
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
	Err   error  // what says more, such as a *syntax.Error with the place; nil as a rule
}

// Unwrap returns what says more.
func (e *LimitError) Unwrap() error { return e.Err }

// Error says which limit was reached.
func (e *LimitError) Error() string {
	if e.Err != nil {
		return e.Err.Error()
	}
	switch e.Limit {
	case "time":
		return fmt.Sprintf("query stopped after its time limit of %v", time.Duration(e.Max))
	case "memory":
		return fmt.Sprintf("query needs more than its %d bytes of memory", e.Max)
	}
	if what, ok := limited[e.Limit]; ok {
		return fmt.Sprintf(what, e.Max)
	}
	return fmt.Sprintf("query exceeds its limit of %d for %s", e.Max, e.Limit)
}

// limited says what a limit bounds.
var limited = map[string]string{
	"rows":          "query has more than %d rows",
	"querybytes":    "query is longer than %d bytes",
	"updatebytes":   "update request is longer than %d bytes",
	"depth":         "query is nested deeper than %d",
	"nodes":         "query has more than %d patterns, expressions and values",
	"pathnodes":     "property paths of the query visit more than %d nodes",
	"functionbytes": "a string that a function returns is longer than %d bytes",
}

// Usage is what a query used.
type Usage struct {
	Memory int64 // bytes: the most that were charged to Limits.Memory at a time
}
