package pipeline

import (
	"context"
	"fmt"
	"iter"

	"qlgraph/graph"
	"qlgraph/graph/rdf"
	"qlgraph/ontology"
	"qlgraph/ontology/courseid"
)

// rows walks the records of a source.
func rows(l graph.Ledger, source string, fn func(key string, row Row)) error {
	for entry, err := range l.Values(tableRecord, source+"/") {
		if err != nil {
			return err
		}
		var row Row
		if err := decode(entry, &row); err != nil {
			return err
		}
		fn(entry.Key, row)
	}
	return nil
}

// withdraw stages the records that a complete run did not see any more.
func (h *harvest) withdraw(ctx context.Context) error {
	if !h.complete {
		return nil
	}
	return view(ctx, h.run.pipeline.config.Dataset, func(l graph.Ledger) error {
		for _, e := range h.roll.entries {
			gone := e.known && !e.seen && !e.wasWithdrawn
			// A record that is there but no longer publishable is withdrawn too.
			unpublished := e.staged && e.wasPublished && !e.published
			if !gone && !unpublished {
				continue
			}
			before, err := h.before(l, e)
			if err != nil {
				return err
			}
			c := &change{entry: e, Row: before}
			if gone {
				c.Row.Run = h.run.report.ID
				e.same, e.block, e.report = false, span{}, span{}
			} else if c, err = h.change(e); err != nil {
				return err
			}
			c.Row.Withdrawn, c.Row.Subjects, c.Row.Courses = &h.now, before.Subjects, before.Courses
			if err := h.put(c); err != nil {
				return err
			}
		}
		return nil
	})
}

// count fills in the result's numbers from what is staged.
func (h *harvest) count() {
	r := h.result
	r.Created, r.Changed, r.Withdrawn, r.Unchanged, r.Courses, r.Violations = 0, 0, 0, 0, 0, 0
	for _, e := range h.roll.entries {
		switch {
		case e.wasPublished && !e.published:
			r.Withdrawn++
		case !e.published:
		case !e.wasPublished:
			r.Created++
		case e.staged && !e.same:
			r.Changed++
		case e.seen:
			r.Unchanged++
		}
		if e.published {
			r.Courses += int(e.courses)
			r.Violations += int(e.violations)
		}
	}
}

// commit writes the source in one transaction.
func (h *harvest) commit(ctx context.Context) error {
	r := h.result
	edits := r.Created + r.Changed + r.Withdrawn
	switch {
	case !h.complete:
		r.Status = Partial
	case edits == 0 && !h.fresh:
		r.Status = Unchanged
	default:
		r.Status = OK
	}
	h.remember()
	graphs, small := edits > 0 || h.relift, h.small(edits)
	if large, err := h.large(ctx); err != nil {
		return err
	} else if bulk, ok := h.run.pipeline.config.Dataset.(graph.BulkWriter); ok && graphs && !small && large(bulk) {
		return h.commitBulk(ctx, bulk)
	}
	return update(ctx, h.run.pipeline.config.Dataset, func(tx graph.Tx, l graph.LedgerTx) error {
		var entries entryList
		if err := h.writeLedger(l, &entries); err != nil {
			return err
		}
		var err error
		switch {
		case graphs && small:
			err = h.writeDelta(tx, l)
		case graphs:
			err = h.fill(l, func(name rdf.Term, quads iter.Seq2[rdf.Quad, error]) error {
				change, err := tx.Replace(name, quads)
				h.result.Quads += change.Added + change.Removed
				return err
			})
		}
		if err != nil {
			return err
		}
		return entries.write(l)
	})
}

// txBytes is how much of a stage a transaction is given, which holds it in
// memory twice.
const txBytes = 96 << 20

// large tells a dataset that has bulk transactions whether the commit should be
// one.
func (h *harvest) large(ctx context.Context) (func(graph.BulkWriter) bool, error) {
	held, err := h.held(ctx)
	return func(bulk graph.BulkWriter) bool {
		return h.stage.Size() > txBytes || bulk.BulkPays(max(held, int64(h.triples)))
	}, err
}

// held returns how many quads the source's graph has.
func (h *harvest) held(ctx context.Context) (int64, error) {
	s, err := h.run.pipeline.config.Dataset.Snapshot(ctx)
	if err != nil {
		return 0, err
	}
	defer s.Close()
	id, ok, err := s.Lookup(h.sourceGraph())
	if err != nil || !ok {
		return 0, err
	}
	n, _, err := s.Count(graph.Pattern{Graphs: graph.OneGraph(id)})
	return n, err
}

// commitBulk writes the source in a bulk transaction.
func (h *harvest) commitBulk(ctx context.Context, w graph.BulkWriter) error {
	change, err := w.Bulk(ctx, func(tx graph.BulkTx) error {
		if err := h.writeLedger(tx, &entryList{to: tx}); err != nil {
			return err
		}
		return h.fill(tx, tx.Fill)
	})
	h.result.Quads += change.Added + change.Removed
	return err
}

// writeLedger writes what is known after the run besides quads.
func (h *harvest) writeLedger(l graph.LedgerTx, list *entryList) error {
	for e := range h.roll.changed() {
		c, err := h.change(e)
		if err != nil {
			return err
		}
		before, err := h.before(l, e)
		if err != nil {
			return err
		}
		h.date(c, before)
		if err := h.chronicle(l, list, c, before); err != nil {
			return err
		}
		if err := h.entries(list, c); err != nil {
			return err
		}
	}
	return list.set(tableSource, h.key, h.state)
}

// remember updates the state of the source.
func (h *harvest) remember() {
	p := h.run.pipeline
	h.state.Source = h.plan.source
	if !h.plan.gone {
		h.state.Refresh = h.plan.entry.Refresh
	}
	h.state.Path, h.state.Fingerprint = h.plan.source.Path, p.prints[h.plan.source.Format]
	h.state.LastRun, h.state.LastDone = h.run.report.ID, p.config.Now()
	h.state.Held = nil
	h.state.Complete, h.state.Validators = h.complete && !h.plan.gone, nil
	h.state.Gone = h.plan.gone
	h.state.Mark = nil
	if h.state.Complete {
		h.state.Mark = h.mark
	}
	if h.state.Complete && h.full {
		h.state.LastFull = h.run.report.Started
	}
	if h.state.Complete && h.plan.source.Format == fileFormat {
		h.state.Validators = h.session.Validators()
	}
}

// entries adds what the ledger has to know of a record.
func (h *harvest) entries(list *entryList, c *change) error {
	key := h.keyOf(c.entry)
	if err := list.set(tableRecord, key, c.Row); err != nil {
		return err
	}
	for _, part := range []struct {
		table, key string
		at         span
		write      bool
	}{
		{tableRaw, c.Row.Raw, c.raw, c.raw != span{}},
		{tableQuads, key, c.block, !c.same},
		{tableReport, key, c.report, !c.same || c.validated},
	} {
		if !part.write {
			continue
		}
		packed, err := h.stage.read(part.at)
		if err == nil {
			err = list.add(part.table, part.key, packed)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// fill makes the blocks of the published records the source's graph, and their
// validation results the graph of those.
func (h *harvest) fill(l graph.Ledger, graph func(rdf.Term, iter.Seq2[rdf.Quad, error]) error) error {
	for _, part := range []struct {
		name  rdf.Term
		quads iter.Seq2[rdf.Quad, error]
	}{{h.sourceGraph(), h.blocks(l, tableQuads)}, {h.validationGraph(), h.report(h.blocks(l, tableReport))}} {
		if err := graph(part.name, part.quads); err != nil {
			return fmt.Errorf("replace %s: %w", part.name.Value(), err)
		}
	}
	return nil
}

func (h *harvest) sourceGraph() rdf.Term {
	return rdf.IRI(courseid.SourceGraph(h.run.pipeline.config.BaseIRI, h.plan.institution.Key(), h.plan.source.ID))
}

// report puts the head of a SHACL validation report before its results. A
// source that nothing validated has none.
func (h *harvest) report(results iter.Seq2[rdf.Quad, error]) iter.Seq2[rdf.Quad, error] {
	if h.run.pipeline.config.Validator == nil {
		return func(func(rdf.Quad, error) bool) {}
	}
	return func(yield func(rdf.Quad, error) bool) {
		for q, err := range results {
			if !yield(q, err) {
				return
			}
		}
		for _, q := range h.roll.reportHead(h.validationGraph(), false) {
			if !yield(q, nil) {
				return
			}
		}
	}
}

// reportHead is what a report says of itself (SHACL §3.6.1), nothing where
// nothing is published.
func (r *roll) reportHead(name rdf.Term, before bool) []rdf.Quad {
	conforms, courses := "true", false
	for _, e := range r.entries {
		published, results := e.published, e.results > 0
		if before {
			published, results = e.wasPublished, e.hadResults
		}
		if published && results {
			conforms = "false"
		}
		courses = courses || published
	}
	if !courses {
		return nil
	}
	return []rdf.Quad{
		rdf.Triple(name, typeTerm, rdf.IRI(ontology.SHACL+"ValidationReport")),
		rdf.Triple(name, rdf.IRI(ontology.SHACL+"conforms"), rdf.TypedLiteral(conforms, rdf.XSDBoolean)),
	}
}

// blocks decodes the triples of the published records, one record at a time.
func (h *harvest) blocks(l graph.Ledger, table string) iter.Seq2[rdf.Quad, error] {
	return func(yield func(rdf.Quad, error) bool) {
		var quads []rdf.Quad
		for _, e := range h.roll.inOrder() {
			if !e.published {
				continue
			}
			quads = quads[:0]
			packed, err := h.packed(l, table, e)
			if err == nil && packed != nil {
				quads, err = h.run.pipeline.unpackQuads(quads, packed)
			}
			if err != nil {
				yield(rdf.Quad{}, fmt.Errorf("%s %s: %w", table, h.keyOf(e), err))
				return
			}
			for _, q := range quads {
				if !yield(q, nil) {
					return
				}
			}
		}
	}
}

// packed returns a record's block: the staged one, else the ledger's.
func (h *harvest) packed(l graph.Ledger, table string, e *entry) ([]byte, error) {
	switch {
	case e.staged && table == tableQuads && !e.same:
		return h.stage.read(e.block)
	case e.staged && table == tableReport && (!e.same || e.validated):
		return h.stage.read(e.report)
	}
	return l.Value(table, h.keyOf(e))
}

func (p *Pipeline) unpackQuads(quads []rdf.Quad, packed []byte) ([]rdf.Quad, error) {
	block, err := p.zip.unpack(packed)
	if err != nil {
		return nil, err
	}
	return decodeQuads(quads, block)
}

// commitRun writes the run's row, and into the provenance graph what changed
// something.
func (p *Pipeline) commitRun(ctx context.Context, report *RunReport) error {
	return update(ctx, p.config.Dataset, func(tx graph.Tx, l graph.LedgerTx) error {
		if quads := provenance(p.config.BaseIRI, report); len(quads) > 0 {
			if err := tx.Insert(quads...); err != nil {
				return err
			}
		}
		return set(l, tableRun, report.ID, report)
	})
}
