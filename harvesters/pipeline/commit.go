package pipeline

import (
	"context"
	"fmt"
	"iter"
	"maps"
	"slices"

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
func (h *harvest) withdraw() {
	if !h.complete {
		return
	}
	for key, row := range h.known {
		if h.seen[key] || row.Withdrawn != nil {
			continue
		}
		gone := row
		gone.Withdrawn, gone.Run = &h.now, h.run.report.ID
		h.staged[key] = &change{row: gone}
	}
	// A record that is there but no longer publishable was withdrawn too.
	for key, c := range h.staged {
		if known := h.known[key]; known.published() && c.row.Quads == "" && c.row.Withdrawn == nil {
			c.row.Withdrawn, c.row.Subjects = &h.now, known.Subjects
		}
	}
}

// count fills in the result's numbers from what is staged.
func (h *harvest) count() {
	r := h.result
	r.Created, r.Changed, r.Withdrawn, r.Unchanged, r.Courses, r.Violations = 0, 0, 0, 0, 0, 0
	for key, c := range h.staged {
		known, isKnown := h.known[key]
		switch {
		case known.published() && !c.row.published():
			r.Withdrawn++
		case !c.row.published():
		case !isKnown || !known.published():
			r.Created++
		case !c.same:
			r.Changed++
		}
	}
	for key, row := range h.current() {
		if !row.published() {
			continue
		}
		if c := h.staged[key]; (c == nil || c.same) && h.seen[key] {
			r.Unchanged++
		}
		r.Courses += row.Courses
		r.Violations += row.Violations
	}
}

// current is the rows as they are after the run.
func (h *harvest) current() map[string]Row {
	after := maps.Clone(h.known)
	for key, c := range h.staged {
		after[key] = c.row
	}
	return after
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
	return update(ctx, h.run.pipeline.config.Dataset, func(tx graph.Tx, l graph.LedgerTx) error {
		var entries entryList
		if err := h.chronicle(tx, l, &entries); err != nil {
			return err
		}
		for key, c := range h.staged {
			if err := h.entries(&entries, key, c); err != nil {
				return err
			}
		}
		if edits > 0 || h.relift {
			if err := h.writeGraphs(tx, l, edits); err != nil {
				return err
			}
		}
		if err := entries.write(l); err != nil {
			return err
		}
		return set(l, tableSource, h.key, h.state)
	})
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
	if h.state.Complete && h.plan.source.Format == fileFormat {
		h.state.Validators = h.session.Validators()
	}
}

// entries adds what the ledger has to know of a record.
func (h *harvest) entries(list *entryList, key string, c *change) error {
	if err := list.set(tableRecord, key, c.row); err != nil {
		return err
	}
	if c.raw != nil {
		list.add(tableRaw, c.row.Raw, c.raw)
	}
	if !c.same {
		list.add(tableQuads, key, c.block)
	}
	if !c.same || c.validated {
		list.add(tableReport, key, c.report)
	}
	return nil
}

// replaceGraphs makes the blocks of the published records the source's graph,
// and their validation results the graph of those. Only what differs from the
// stored graphs is written.
func (h *harvest) replaceGraphs(tx graph.Tx, l graph.Ledger) error {
	base, schac, id := h.run.pipeline.config.BaseIRI, h.plan.institution.Key(), h.plan.source.ID
	after := h.current()
	var published []string
	for _, key := range slices.Sorted(maps.Keys(after)) {
		if row := after[key]; row.published() {
			published = append(published, key)
		}
	}
	if err := h.replace(tx, rdf.IRI(courseid.SourceGraph(base, schac, id)), h.blocks(l, tableQuads, published)); err != nil {
		return err
	}
	return h.replace(tx, h.validationGraph(), h.report(h.blocks(l, tableReport, published)))
}

func (h *harvest) replace(tx graph.Tx, name rdf.Term, quads iter.Seq2[rdf.Quad, error]) error {
	change, err := tx.Replace(name, quads)
	if err != nil {
		return fmt.Errorf("replace %s: %w", name.Value(), err)
	}
	h.result.Quads += change.Added + change.Removed
	return nil
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
		for _, q := range reportHead(h.validationGraph(), h.current()) {
			if !yield(q, nil) {
				return
			}
		}
	}
}

// reportHead is what a report says of itself (SHACL §3.6.1), nothing where
// nothing is published.
func reportHead(name rdf.Term, rows map[string]Row) []rdf.Quad {
	conforms, courses := "true", false
	for _, row := range rows {
		if row.published() && row.Results > 0 {
			conforms = "false"
		}
		courses = courses || row.published()
	}
	if !courses {
		return nil
	}
	return []rdf.Quad{
		rdf.Triple(name, typeTerm, rdf.IRI(ontology.SHACL+"ValidationReport")),
		rdf.Triple(name, rdf.IRI(ontology.SHACL+"conforms"), rdf.TypedLiteral(conforms, rdf.XSDBoolean)),
	}
}

// blocks decodes the triples of records, one record at a time.
func (h *harvest) blocks(l graph.Ledger, table string, keys []string) iter.Seq2[rdf.Quad, error] {
	return func(yield func(rdf.Quad, error) bool) {
		var quads []rdf.Quad
		for _, key := range keys {
			packed, err := h.packed(l, table, key)
			if err == nil && packed != nil {
				quads, err = h.run.pipeline.unpackQuads(quads[:0], packed)
			} else {
				quads = quads[:0]
			}
			if err != nil {
				yield(rdf.Quad{}, fmt.Errorf("%s %s: %w", table, key, err))
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
func (h *harvest) packed(l graph.Ledger, table, key string) ([]byte, error) {
	c := h.staged[key]
	switch {
	case c != nil && table == tableQuads && !c.same:
		return c.block, nil
	case c != nil && table == tableReport && (!c.same || c.validated):
		return c.report, nil
	}
	return l.Value(table, key)
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
