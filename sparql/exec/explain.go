package exec

import (
	"fmt"
	"strings"
	"time"
)

// Explanation is one operator of a query with the operators below it, as they
// ran.
type Explanation struct {
	Operator  string         `json:"operator"`           // its name, "SeekJoin"
	Detail    string         `json:"detail,omitempty"`   // what it works on, "?c dcterms:title ?t"
	Estimated float64        `json:"estimated"`          // rows that the planner expected
	Rows      int64          `json:"rows"`               // rows that it has returned
	Time      time.Duration  `json:"nanoseconds"`        // spent in it and below; zero unless asked for
	Children  []*Explanation `json:"children,omitempty"` // its inputs
}

// String prints the tree, an operator per line.
func (e *Explanation) String() string {
	var b strings.Builder
	e.write(&b, 0)
	return b.String()
}

func (e *Explanation) write(b *strings.Builder, depth int) {
	fmt.Fprintf(b, "%*s%s", 2*depth, "", e.Operator)
	if e.Detail != "" {
		fmt.Fprintf(b, " %s", e.Detail)
	}
	fmt.Fprintf(b, "  [estimated %.0f, rows %d", e.Estimated, e.Rows)
	if e.Time > 0 {
		fmt.Fprintf(b, ", %v", e.Time.Round(time.Microsecond))
	}
	b.WriteString("]\n")
	for _, c := range e.Children {
		c.write(b, depth+1)
	}
}
