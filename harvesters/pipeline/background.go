package pipeline

import (
	"context"
	"iter"
	"strings"

	"qlgraph/graph"
	"qlgraph/graph/rdf"
	"qlgraph/ontology"
)

// Background is a graph that course data refer to, under a path of the base IRI.
type Background struct {
	Path    string
	Triples []rdf.Quad
}

// DefaultBackground returns the bundled code lists and the ontology.
func DefaultBackground() []Background {
	return []Background{{"/graph/vocabulary", ontology.VocabularyGraph()}, {"/graph/ontology", ontology.Graph()}}
}

// commitBackground writes the graphs that course data refer to: the reference
// graph of institutions and alliances, the code lists and the ontology. Which
// of them are stored is noted, so that they are not compared on every run.
func (p *Pipeline) commitBackground(ctx context.Context) error {
	for _, part := range append([]Background{{"/graph/reference", p.reference}}, p.config.Background...) {
		print := contentOf(part.Triples)
		stored := ""
		err := view(ctx, p.config.Dataset, func(l graph.Ledger) error {
			_, err := get(l, tableBackground, part.Path, &stored)
			return err
		})
		if err != nil || stored == print {
			if err != nil {
				return err
			}
			continue
		}
		err = update(ctx, p.config.Dataset, func(tx graph.Tx, l graph.LedgerTx) error {
			if _, err := tx.Replace(rdf.IRI(p.config.BaseIRI+part.Path), each(part.Triples)); err != nil {
				return err
			}
			return set(l, tableBackground, part.Path, print)
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// each yields quads without an error.
func each(quads []rdf.Quad) iter.Seq2[rdf.Quad, error] {
	return func(yield func(rdf.Quad, error) bool) {
		for _, q := range quads {
			if !yield(q, nil) {
				return
			}
		}
	}
}

// contentOf names the content of a graph.
func contentOf(quads []rdf.Quad) string {
	var b strings.Builder
	for _, q := range quads {
		b.WriteString(q.String())
		b.WriteByte('\n')
	}
	return digest([]byte(b.String()))
}
