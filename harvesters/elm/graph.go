package elm

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"

	"github.com/zeebo/xxh3"

	"qlgraph/graph/rdf"
	"qlgraph/internal/spill"
	"qlgraph/ontology"
)

// Limits of one file's graph. A triple is on disk; what is in memory of a
// described node is about 100 bytes, so that a harvest stays below 1 GiB.
const (
	maxTriples = 20_000_000
	maxNodes   = 4_000_000
)

// graph is a file's graph. The triples are on disk, in runs of one subject as
// the file has them; in memory is where the runs of a node are.
type graph struct {
	seed    uint64 // of hashes: a file cannot make nodes collide
	numbers map[xxh3.Uint128]int32
	nodes   []node
	order   []int32 // of the described nodes, as they first appear
	runs    []run
	links   []link
	size    int
	dropped int // statements that JSON-LD cannot say

	predicates map[rdf.Term]uint32
	names      []rdf.Term // of the predicates

	disk    *spill.File
	err     error // of the disk
	last    int32 // subject of the last triple
	line    int32 // of the document, where the next subject begins
	began   int32 // where the last one did
	subject rdf.Term
	pending []byte // the run of the last subject

	recent [256]described
}

// node is what can be a subject: an IRI or a blank node.
type node struct {
	first, latest int32 // of its runs, 0: it is not described
	line          int32 // of the document on which it is described first, 0: unknown
	kind          kind
	own           kind // what its properties make of it, where it has no type
	typed         bool
	reached       bool // it belongs to a record
	labelled      state
	label         [16]byte
}

type state uint8

const (
	unlabelled state = iota
	open             // on the way to a label
	labelled
)

// run is where some triples of a node are.
type run struct {
	at   int64
	size int32
	next int32 // of the same node, 0: none
}

// described is a node with its triples.
type described struct {
	number  int32 // 0: none
	subject rdf.Term
	triples []pair
	large   bool // there are more than a record may have
}

// pair is a predicate with its object.
type pair struct{ p, o rdf.Term }

// newGraph returns an empty graph that keeps its triples in the directory.
func newGraph(scratch string) *graph {
	return &graph{
		seed: rand.Uint64(), numbers: map[xxh3.Uint128]int32{}, predicates: map[rdf.Term]uint32{},
		nodes: make([]node, 1), runs: make([]run, 1), disk: spill.New(scratch), // number 0 is none
	}
}

func (g *graph) close() { g.disk.Close() }

func (g *graph) hash(t rdf.Term) xxh3.Uint128 {
	seed := g.seed
	if t.IsBlank() {
		seed++
	}
	return xxh3.HashString128Seed(t.Value(), seed)
}

// number returns the number of a node, a new one where it has none.
func (g *graph) number(t rdf.Term) (int32, error) {
	h := g.hash(t)
	n, ok := g.numbers[h]
	if !ok {
		if n = int32(len(g.nodes)); n > maxNodes {
			return 0, fmt.Errorf("the file describes more than %d things: split it into several sources", maxNodes)
		}
		g.numbers[h] = n
		g.nodes = append(g.nodes, node{})
	}
	return n, nil
}

// find returns the number of a described node, 0 for what is none.
func (g *graph) find(t rdf.Term) int32 {
	if t.IsLiteral() {
		return 0
	}
	if n := g.numbers[g.hash(t)]; g.nodes[n].first != 0 {
		return n
	}
	return 0
}

// add enters a quad; in which graph of the file it stands does not matter.
func (g *graph) add(q rdf.Quad) error {
	if g.size++; g.size > maxTriples {
		return fmt.Errorf("the file has more than %d triples: split it into several sources", maxTriples)
	}
	if q.S != g.subject || len(g.pending) > maxRun {
		if err := g.flush(); err != nil {
			return err
		}
		n, err := g.number(q.S)
		if err != nil {
			return err
		}
		g.last, g.subject, g.began = n, q.S, g.line
		g.pending = appendTerm(g.pending, q.S)
	}
	p, ok := g.predicates[q.P]
	if !ok && len(g.names) < maxPredicates {
		g.names = append(g.names, q.P)
		p = uint32(len(g.names))
		g.predicates[q.P] = p
	}
	g.pending = appendPair(g.pending, p, q)
	return g.classify(q)
}

// maxRun is how large a run gets.
const maxRun = 1 << 20

// flush writes the run of the last subject.
func (g *graph) flush() error {
	if len(g.pending) == 0 {
		return nil
	}
	at, err := g.disk.Append(g.pending)
	n := &g.nodes[g.last]
	r := int32(len(g.runs))
	g.runs = append(g.runs, run{at: at, size: int32(len(g.pending))})
	if n.first == 0 {
		n.first, n.line = r, g.began
		g.order = append(g.order, g.last)
	} else {
		g.runs[n.latest].next = r
	}
	n.latest, g.pending, g.subject = r, g.pending[:0], rdf.Term{}
	return err
}

// about returns a node with its triples, in the order in which the file has them,
// as far as a record may have so many.
func (g *graph) about(n int32) *described {
	d := &g.recent[n%int32(len(g.recent))]
	if d.number == n {
		return d
	}
	fresh, size := described{number: n}, 0
	for at := g.nodes[n].first; at != 0; at = g.runs[at].next {
		if size += int(g.runs[at].size); size > maxRecord {
			fresh.large = true
			break
		}
		text, err := g.disk.Read(g.runs[at].at, int(g.runs[at].size))
		if err != nil {
			g.err = err
			return &fresh
		}
		fresh.subject, fresh.triples = g.readRun(fresh.triples, string(text))
	}
	if size > maxRecent {
		return &fresh
	}
	*d = fresh
	return d
}

// maxRecent is how large a node may be to be kept for a second look.
const maxRecent = 64 << 10

// elmProperty returns an ELM property in both namespaces.
func elmProperty(name string) [2]rdf.Term {
	return [2]rdf.Term{rdf.IRI(ontology.ELM + name), rdf.IRI(ontology.ELM32 + name)}
}

// maxChain is the longest chain of blank nodes that is named by content.
// Helper nodes nest three or four deep.
const maxChain = 64

// label returns the label of a blank node: a hash of all that is said about it,
// so that it does not depend on the document's own labels. Nodes in a cycle of
// blank nodes have those.
func (g *graph) label(t rdf.Term) string { return g.labelAt(t, 0) }

func (g *graph) labelAt(t rdf.Term, depth int) string {
	i := g.find(t)
	if i == 0 {
		return "h" + digest("") // nothing is said about it
	}
	n := &g.nodes[i]
	if n.labelled == labelled {
		return "h" + hex.EncodeToString(n.label[:])
	} else if n.labelled == open || depth > maxChain {
		return "x" + digest(t.Value())
	}
	n.labelled = open
	triples := g.about(i).triples
	lines := make([]string, 0, len(triples))
	for _, t := range triples {
		o := t.o
		if o.IsBlank() {
			o = rdf.Blank(g.labelAt(o, depth+1))
		}
		lines = append(lines, t.p.String()+" "+o.String())
	}
	slices.Sort(lines)
	sum := sha256.Sum256([]byte(strings.Join(slices.Compact(lines), "\n")))
	n.labelled, n.label = labelled, [16]byte(sum[:16])
	return "h" + hex.EncodeToString(n.label[:])
}

func digest(s string) string {
	sum := sha256.Sum256([]byte(s))
	return hex.EncodeToString(sum[:16])
}
