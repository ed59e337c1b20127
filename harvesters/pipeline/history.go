package pipeline

import (
	"encoding/hex"
	"errors"
	"fmt"
	"slices"

	"qlgraph/graph"
	"qlgraph/graph/rdf"
	"qlgraph/harvesters"
	"qlgraph/ontology"
	"qlgraph/ontology/elm"
)

// What a record was is kept in the history of the dataset, under the record's
// key; what it is stands in the ledger, with the time since when. So a record
// that never changed costs no history, and one that does moves from here to
// there in the commit that replaces it.

var (
	sameAs          = rdf.IRI(ontology.OWL + "sameAs")
	specificationOf = rdf.IRI(elm.LearningAchievementSpecification)
)

// moved is what a commit makes of a record whose triples change.
type moved struct {
	key    string
	before Row
	after  Row
	quads  []rdf.Quad // before, nil where nothing was published
	of     []string   // the courses that the record's offerings are of
}

// stays reports whether a staged record publishes what it published before:
// what validation drops from it may be all that was new.
func (c *change) stays(before Row) bool {
	return c.same || before.published() && c.Row.published() && before.Quads == c.Row.Quads
}

// date says from when on the state that the run gives a record is in force.
func (h *harvest) date(c *change, before Row) {
	switch {
	case !c.seen && c.Row.Withdrawn != nil: // a withdrawal is dated itself
	case c.stays(before):
		c.Row.Since, c.Row.Run = before.Since, before.Run
	default:
		c.Row.Since = h.now
	}
}

// chronicle puts the state that this run ends into the history, and keeps the
// names under which what it withdraws is asked for. A dataset without a history
// forgets states.
func (h *harvest) chronicle(l graph.LedgerTx, list *entryList, c *change, before Row) error {
	if c.stays(before) || !before.published() && !c.Row.published() {
		return nil
	}
	m := moved{key: h.keyOf(c.entry), before: before, after: c.Row, of: c.Of}
	block, err := h.block(l, &m)
	if err != nil {
		return fmt.Errorf("history of %s: %w", m.key, err)
	}
	if past, ok := l.(graph.HistoryTx); ok && block != nil {
		if err := h.end(past, m, block); err != nil {
			return fmt.Errorf("history of %s: %w", m.key, err)
		}
	}
	return h.name(l, list, m)
}

// block reads the triples that the record had.
func (h *harvest) block(l graph.Ledger, m *moved) ([]byte, error) {
	if !m.before.published() {
		return nil, nil
	}
	packed, err := l.Value(tableQuads, m.key)
	if err != nil || packed == nil {
		return nil, err
	}
	block, err := h.run.pipeline.zip.unpack(packed)
	if err != nil {
		return nil, err
	}
	m.quads, err = decodeQuads(nil, block)
	return block, err
}

// end records the state that a record had, and its withdrawal.
func (h *harvest) end(past graph.HistoryTx, m moved, block []byte) error {
	revision, err := m.before.revision()
	if err != nil {
		return err
	}
	if _, err := past.Record(m.key, revision, block); err != nil || m.after.published() {
		return err
	}
	_, err = past.Record(m.key, graph.Revision{At: h.now, Run: h.run.report.ID, Gone: true}, nil)
	return err
}

// revision is the row's state as the history keeps it.
func (r *Row) revision() (graph.Revision, error) {
	revision := graph.Revision{At: r.Since, Run: r.Run}
	for _, part := range []struct {
		text string
		sum  *[32]byte
	}{{r.Quads, &revision.Hash}, {r.Raw, &revision.Record}} {
		sum, err := hex.DecodeString(part.text)
		if err != nil || len(sum) != len(part.sum) {
			return revision, fmt.Errorf("%q is no SHA-256", part.text)
		}
		copy(part.sum[:], sum)
	}
	return revision, nil
}

// name writes which record describes the courses and offerings of a change. Of
// several, the one that stands is an institution's own before that of others
// who describe its courses; the rest are parts.
func (h *harvest) name(l graph.Ledger, list *entryList, m moved) error {
	own := h.plan.source.Provider.Class == "" || h.plan.source.Provider.Class == harvesters.Own
	for _, iri := range m.after.Subjects {
		var other Subject
		found, err := get(l, tableSubject, subjectKey(iri), &other)
		if err != nil {
			return err
		}
		if found && other.Record != m.key {
			if err := errors.Join(list.part(iri, other.Record), list.part(iri, m.key)); err != nil {
				return err
			}
			if other.Withdrawn == nil && (m.after.Withdrawn != nil || !own) {
				continue
			}
		}
		if err := list.set(tableSubject, subjectKey(iri), Subject{Source: h.key, Record: m.key, Withdrawn: m.after.Withdrawn}); err != nil {
			return err
		}
	}
	for _, course := range m.of {
		if err := list.part(course, m.key); err != nil {
			return err
		}
	}
	return h.gone(l, list, m)
}

// gone notes what the record does not publish any more, under all its names.
func (h *harvest) gone(l graph.Ledger, list *entryList, m moved) error {
	for _, iri := range m.before.Subjects {
		kept := slices.Contains(m.after.Subjects, iri)
		if kept && m.after.Withdrawn == nil {
			continue
		}
		for _, q := range m.quads {
			if q.P == sameAs && q.S.Value() == iri {
				if err := list.add(tableName, subjectKey(q.O.Value()), []byte(iri)); err != nil {
					return err
				}
			}
		}
		if kept {
			continue // written with the subjects
		}
		var current Subject
		if found, err := get(l, tableSubject, subjectKey(iri), &current); err != nil {
			return err
		} else if !found || current.Record != m.key || current.Withdrawn != nil {
			continue
		}
		current.Withdrawn = &h.now
		if err := list.set(tableSubject, subjectKey(iri), current); err != nil {
			return err
		}
	}
	return nil
}

// part notes that a record belongs to the description of a course.
func (e *entryList) part(iri, record string) error {
	return e.add(tablePart, partKey(iri)+digest([]byte(record))[:32], []byte(record))
}

func partKey(iri string) string { return digest([]byte(iri))[:32] + "/" }

// coursesOf returns the courses whose offerings a record without a course of
// its own describes.
func coursesOf(triples []rdf.Quad, subjects []rdf.Term) []string {
	var courses []string
	for _, q := range triples {
		if q.P == specificationOf && q.O.IsIRI() && slices.Contains(subjects, q.S) && !slices.Contains(subjects, q.O) {
			courses = append(courses, q.O.Value())
		}
	}
	slices.Sort(courses)
	return slices.Compact(courses)
}
