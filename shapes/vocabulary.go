package shapes

import (
	"cmp"
	"slices"
	"strings"

	"qlgraph/graph"
	"qlgraph/graph/rdf"
)

// Vocabulary is the set of terms that ontologies and shapes mention. Data that
// use others are not wrong, but nobody will find them: as a rule the term is
// misspelt, or from another version's namespace.
type Vocabulary struct {
	known  map[string]bool
	locals map[string][]string // IRIs by their local name in lower case
}

// NewVocabulary returns the vocabulary of every IRI that the graph mentions.
func NewVocabulary(graph []rdf.Quad) *Vocabulary {
	v := &Vocabulary{known: map[string]bool{}, locals: map[string][]string{}}
	for _, q := range graph {
		for _, t := range [...]rdf.Term{q.S, q.P, q.O} {
			if !t.IsIRI() || v.known[t.Value()] {
				continue
			}
			v.known[t.Value()] = true
			_, local := splitIRI(t.Value())
			local = strings.ToLower(local)
			v.locals[local] = append(v.locals[local], t.Value())
		}
	}
	return v
}

// UnknownTerm is a predicate or class of the data that no ontology knows.
type UnknownTerm struct {
	Term       rdf.Term
	Class      bool     // else a predicate
	Count      int64    // statements that use it
	DidYouMean rdf.Term // a known term of the same name, or none
}

// maxUnknownTerms bounds the list: a document of nonsense has as many
// predicates as statements.
const maxUnknownTerms = 100

// unknownTerms returns the predicates and classes of the data that the
// vocabulary does not know, most frequent first.
func (w *worker) unknownTerms(v *Vocabulary) []UnknownTerm {
	predicates := map[graph.ID]int64{}
	w.count(predicates, graph.Pattern{Graphs: w.data}, graph.PSOG, predicateColumn)
	classes := map[graph.ID]int64{}
	if typ := w.ids[typeConstant]; typ != 0 {
		w.count(classes, graph.Pattern{P: typ, Graphs: w.data}, graph.POSG, objectColumn)
	}
	unknown := append(w.unknownAmong(v, predicates, false), w.unknownAmong(v, classes, true)...)
	slices.SortFunc(unknown, func(a, b UnknownTerm) int {
		return cmp.Or(cmp.Compare(b.Count, a.Count), rdf.Compare(a.Term, b.Term))
	})
	return unknown[:min(len(unknown), maxUnknownTerms)]
}

func (w *worker) unknownAmong(v *Vocabulary, counts map[graph.ID]int64, class bool) []UnknownTerm {
	var unknown []UnknownTerm
	for id, n := range counts {
		if t := w.term(id); t.IsIRI() && !v.known[t.Value()] {
			unknown = append(unknown, UnknownTerm{t, class, n, v.nearest(t.Value())})
		}
	}
	return unknown
}

// count adds to counts how often each ID stands in the column.
func (w *worker) count(counts map[graph.ID]int64, p graph.Pattern, o graph.Order, col column) {
	cursor, err := w.snap.Scan(p, o)
	if err != nil {
		w.fail(err)
		return
	}
	defer cursor.Close()
	ids := w.batch.S
	batch := graph.Batch{O: ids}
	if col == predicateColumn {
		batch = graph.Batch{P: ids}
	}
	for {
		n, err := cursor.Next(&batch)
		if err != nil || n == 0 {
			w.fail(err)
			return
		}
		for _, id := range ids[:n] {
			counts[id]++
		}
	}
}

// nearest returns the known term with the same local name in another
// namespace, or else of the same namespace with nearly the same name.
func (v *Vocabulary) nearest(iri string) rdf.Term {
	namespace, local := splitIRI(iri)
	candidates := v.locals[strings.ToLower(local)]
	if len(candidates) == 0 && len(local) > 4 {
		for name, iris := range v.locals {
			if withinOneEdit(name, strings.ToLower(local)) {
				candidates = append(candidates, iris...)
			}
		}
		candidates = slices.DeleteFunc(candidates, func(c string) bool { return !strings.HasPrefix(c, namespace) })
	}
	if len(candidates) == 0 {
		return rdf.Term{}
	}
	exact := func(c string) int {
		if strings.HasSuffix(c, local) {
			return 1
		}
		return 0
	}
	return rdf.IRI(slices.MaxFunc(candidates, func(a, b string) int {
		return cmp.Or(exact(a)-exact(b), commonPrefix(a, iri)-commonPrefix(b, iri), strings.Compare(b, a))
	}))
}

func splitIRI(iri string) (namespace, local string) {
	i := strings.LastIndexAny(iri, "#/:") + 1
	return iri[:i], iri[i:]
}

func commonPrefix(a, b string) int {
	n := 0
	for n < len(a) && n < len(b) && a[n] == b[n] {
		n++
	}
	return n
}

// withinOneEdit reports whether a becomes b by one insertion, deletion or
// replacement of a byte, or by exchanging two neighbours.
func withinOneEdit(a, b string) bool {
	if len(a) > len(b) {
		a, b = b, a
	}
	if len(b)-len(a) > 1 {
		return false
	}
	i := commonPrefix(a, b)
	if len(a) == len(b) {
		return i == len(a) || a[i+1:] == b[i+1:] ||
			i+1 < len(a) && a[i] == b[i+1] && a[i+1] == b[i] && a[i+2:] == b[i+2:]
	}
	return a[i:] == b[i+1:]
}
