package dumps

import (
	"context"
	"encoding/csv"
	"errors"
	"strings"

	"qlgraph/graph"
	"qlgraph/graph/rdf"
	"qlgraph/graph/rdfio"
	"qlgraph/graph/sorted"
	"qlgraph/ontology"
	"qlgraph/ontology/courseid"
)

// Media types of the files that are not RDF.
const (
	jsonLines = "application/jsonl"
	csvTable  = "text/csv"
)

// editionWriter writes the files of one edition.
type editionWriter struct {
	ctx    context.Context
	config Config
	root   string
	snap   graph.Snapshot
	view   *sorted.View
}

func (w *editionWriter) create(path, mediaType string) (*output, error) {
	w.config.Progress(path)
	return create(w.root, path, mediaType)
}

// whole writes every quad of the dataset.
func (w *editionWriter) whole(c *Collection, all *contents) error {
	out, err := w.create(wholeName, rdfio.NQuads.MediaType())
	if err != nil {
		return err
	}
	for _, g := range all.graphs {
		if err := w.quads(g, nquads(out)); err != nil {
			out.abandon()
			return err
		}
	}
	return c.add(out)
}

// quads calls each of fns with each quad of a graph.
func (w *editionWriter) quads(g sorted.Graph, fns ...func(rdf.Quad) error) error {
	n := 0
	for q, err := range w.view.Quads(g) {
		if n++; err == nil && n%graph.BatchSize == 0 {
			err = w.ctx.Err()
		}
		for _, fn := range fns {
			if err == nil {
				err = fn(q)
			}
		}
		if err != nil {
			return err
		}
	}
	return nil
}

func nquads(out *output) func(rdf.Quad) error {
	var line []byte
	return func(q rdf.Quad) error {
		line = append(rdf.AppendQuad(line[:0], q), '\n')
		out.result.Items++
		_, err := out.Write(line)
		return err
	}
}

// add completes a file and adds it to the collection.
func (c *Collection) add(out *output) error {
	f, err := out.close()
	c.Files = append(c.Files, f)
	return err
}

// provider writes what a provider publishes: quads with the validation reports,
// its triples as Turtle, its courses as JSON lines and CSV.
func (w *editionWriter) provider(c *Collection, graphs []sorted.Graph) error {
	stem := "provider/" + courseid.Escape(c.ID)
	quads, err := w.create(stem+nquadsEnding, rdfio.NQuads.MediaType())
	if err != nil {
		return err
	}
	triples, err := w.create(stem+turtleEnding, rdfio.Turtle.MediaType())
	if err != nil {
		quads.abandon()
		return err
	}
	courses, err := w.graphs(graphs, quads, triples)
	if err != nil {
		quads.abandon()
		triples.abandon()
		return err
	}
	if err := errors.Join(c.add(quads), c.add(triples)); err != nil {
		return err
	}
	return w.courses(c, stem, courses)
}

// graphs writes the graphs of a provider and returns its courses.
func (w *editionWriter) graphs(graphs []sorted.Graph, quads, triples *output) (courses []rdf.Term, err error) {
	turtle, err := rdfio.NewEncoder(triples, rdfio.Turtle, rdfio.EncoderOptions{Prefixes: ontology.Prefixes(), Stream: true})
	if err != nil {
		return nil, err
	}
	published := func(q rdf.Quad) error {
		if q.P.Value() == rdf.RDFType && q.O.Value() == ontology.QL+"LearningOpportunitySpecification" {
			courses = append(courses, q.S)
		}
		triples.result.Items++
		return turtle.Encode(q.In(rdf.Term{}))
	}
	for _, g := range graphs {
		fns := []func(rdf.Quad) error{nquads(quads)}
		if provider(g, w.config.BaseIRI+sourceGraphs) != "" {
			fns = append(fns, published)
		}
		if err := w.quads(g, fns...); err != nil {
			return nil, err
		}
	}
	return courses, turtle.Close()
}

// courses writes the courses of a provider.
func (w *editionWriter) courses(c *Collection, stem string, courses []rdf.Term) error {
	if w.config.Describe == nil {
		return nil
	}
	lines, err := w.create(stem+linesEnding, jsonLines)
	if err != nil {
		return err
	}
	rows, err := w.create(stem+tableEnding, csvTable)
	if err != nil {
		lines.abandon()
		return err
	}
	err = rows.member(header())
	if err == nil {
		err = w.describe(courses, lines, rows)
	}
	if err != nil {
		lines.abandon()
		rows.abandon()
		return err
	}
	c.Courses = lines.result.Items
	return errors.Join(c.add(lines), c.add(rows))
}

func (w *editionWriter) describe(courses []rdf.Term, lines, rows *output) error {
	table := csv.NewWriter(rows)
	for _, course := range courses {
		if err := w.ctx.Err(); err != nil {
			return err
		}
		described, err := w.config.Describe(w.snap, course)
		if err != nil {
			return err
		}
		if described == nil {
			continue
		}
		lines.result.Items++
		rows.result.Items++
		if _, err := lines.Write(append(described.JSON, '\n')); err != nil {
			return err
		}
		if err := table.Write(described.row()); err != nil {
			return err
		}
	}
	table.Flush()
	return table.Error()
}

// join makes the files of a collection from those of its members.
func (w *editionWriter) join(c *Collection, stem string, members []string, by map[string]Collection, endings ...string) error {
	for _, ending := range endings {
		if ending != nquadsEnding && w.config.Describe == nil {
			continue
		}
		out, err := w.create(stem+ending, mediaType(ending))
		if err != nil {
			return err
		}
		if err := w.concatenate(out, ending, members, by); err != nil {
			out.abandon()
			return err
		}
		if err := c.add(out); err != nil {
			return err
		}
	}
	for _, code := range members {
		c.Courses += by[code].Courses
	}
	return nil
}

// concatenate puts the members' files one behind the other.
func (w *editionWriter) concatenate(out *output, ending string, members []string, by map[string]Collection) error {
	skip := int64(0)
	if ending == tableEnding {
		if err := out.member(header()); err != nil {
			return err
		}
		skip = out.result.Bytes
	}
	for _, code := range members {
		provider := by[code]
		if f := provider.file(ending); f != nil {
			if err := out.append(w.root, *f, skip); err != nil {
				return err
			}
		}
	}
	return nil
}

// header is the first row of the tables.
func header() []byte { return []byte(strings.Join(columns, ",") + "\n") }

func mediaType(ending string) string {
	switch ending {
	case linesEnding:
		return jsonLines
	case tableEnding:
		return csvTable
	}
	return rdfio.NQuads.MediaType()
}
