package elm

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"slices"
	"strings"

	"qlgraph/graph/rdf"
	"qlgraph/ontology"
)

// maxTriples bounds the graph of one file: at about 100 bytes per triple, a
// harvest stays below its limit of 1 GiB.
const maxTriples = 6_000_000

// graph is a file's graph, with numbers for terms.
type graph struct {
	terms   []rdf.Term
	numbers map[rdf.Term]int32
	triples map[int32][]pair // by subject
	order   []int32          // of the subjects, as they first appear
	size    int
	labels  map[int32]string // of blank nodes, made from their content
	last    int32            // subject of the last triple
}

// pair is a predicate with its object.
type pair struct{ p, o int32 }

func newGraph() *graph {
	return &graph{numbers: map[rdf.Term]int32{}, triples: map[int32][]pair{}, labels: map[int32]string{}}
}

func (g *graph) number(t rdf.Term) int32 {
	n, ok := g.numbers[t]
	if !ok {
		n = int32(len(g.terms))
		g.numbers[t] = n
		g.terms = append(g.terms, t)
	}
	return n
}

// add enters a quad; in which graph of the file it stands does not matter.
func (g *graph) add(q rdf.Quad) error {
	if g.size++; g.size > maxTriples {
		return fmt.Errorf("the file has more than %d triples: split it into several sources", maxTriples)
	}
	s := g.number(q.S)
	if _, known := g.triples[s]; !known {
		g.order = append(g.order, s)
	}
	g.last = s
	g.triples[s] = append(g.triples[s], pair{g.number(q.P), g.number(q.O)})
	return nil
}

// known returns the number of an IRI, -1 where the file does not have it.
func (g *graph) known(iri string) int32 {
	if n, ok := g.numbers[rdf.IRI(iri)]; ok {
		return n
	}
	return -1
}

// elmProperty returns the numbers of an ELM property in both namespaces.
func (g *graph) elmProperty(name string) [2]int32 {
	return [2]int32{g.known(ontology.ELM + name), g.known(ontology.ELM32 + name)}
}

// maxChain is the longest chain of blank nodes that is named by content.
// Helper nodes nest three or four deep.
const maxChain = 64

// label returns the label of a blank node: a hash of all that is said about it,
// so that it does not depend on the document's own labels. Nodes in a cycle of
// blank nodes have those.
func (g *graph) label(n int32) string { return g.labelAt(n, 0) }

func (g *graph) labelAt(n int32, depth int) string {
	if l, ok := g.labels[n]; ok && l != "" {
		return l
	} else if ok || depth > maxChain {
		return "x" + digest(g.terms[n].Value()) // open, or too deep
	}
	g.labels[n] = "" // open
	lines := make([]string, 0, len(g.triples[n]))
	for _, t := range g.triples[n] {
		o := g.terms[t.o]
		if o.IsBlank() {
			o = rdf.Blank(g.labelAt(t.o, depth+1))
		}
		lines = append(lines, g.terms[t.p].String()+" "+o.String())
	}
	slices.Sort(lines)
	l := "h" + digest(strings.Join(slices.Compact(lines), "\n"))
	g.labels[n] = l
	return l
}

func digest(s string) string {
	sum := sha256.Sum256([]byte(s))
	return hex.EncodeToString(sum[:16])
}
