package diff

import (
	"bufio"
	"io"
	"slices"

	"qlgraph/graph/rdf"
)

// PatchMediaType is the media type of what Patch writes.
const PatchMediaType = "application/rdf-patch"

// Patch writes, as one transaction in RDF Patch, what makes of the set of triples
// before the set of triples after: deletions first, each part sorted.
func Patch(w io.Writer, before, after []rdf.Quad) error {
	out := bufio.NewWriter(w)
	rows := func(letter string, quads, without []rdf.Quad) {
		absent := map[rdf.Quad]bool{}
		for _, q := range without {
			absent[rdf.Triple(q.S, q.P, q.O)] = true
		}
		var rest []rdf.Quad
		for _, q := range quads {
			if t := rdf.Triple(q.S, q.P, q.O); !absent[t] {
				rest = append(rest, t)
			}
		}
		slices.SortFunc(rest, rdf.CompareQuads)
		for _, q := range slices.Compact(rest) {
			out.WriteString(letter + " " + q.String() + "\n")
		}
	}
	out.WriteString("TX .\n")
	rows("D", before, after)
	rows("A", after, before)
	out.WriteString("TC .\n")
	return out.Flush()
}
