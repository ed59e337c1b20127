package pipeline

import (
	"context"
	"slices"
	"strconv"
	"time"

	"qlgraph/graph"
	"qlgraph/graph/rdf"
	"qlgraph/harvesters/lifting/term"
)

// A source may say from when to when the description of a course holds. Whether
// that is today is no property of the record, so that a lifter, which has no
// clock, leaves it to the run: a course outside its period is not active. The
// day on which that changes is kept with the record (Row.Turns): then, and only
// then, a record that did not change is written again.

// activity states whether the courses are active at a time, where the source
// gives them a period of validity and does not itself call them inactive. turns
// is when the answer will be another one, zero where it will not.
func activity(triples []rdf.Quad, courses []rdf.Term, now time.Time) (_ []rdf.Quad, turns time.Time) {
	for _, course := range courses {
		periods := validity(triples, course)
		if len(periods) == 0 || saysInactive(triples, course) {
			continue
		}
		active := false
		for _, p := range periods {
			active = active || p.holds(now)
			turns = earliest(turns, p.next(now))
		}
		triples = slices.DeleteFunc(triples, func(q rdf.Quad) bool { return q.S == course && q.P == term.IsActive })
		triples = append(triples, rdf.Triple(course, term.IsActive, rdf.TypedLiteral(strconv.FormatBool(active), rdf.XSDBoolean)))
	}
	return triples, turns
}

// saysInactive reports whether the source itself calls the course inactive.
func saysInactive(triples []rdf.Quad, course rdf.Term) bool {
	return slices.ContainsFunc(triples, func(q rdf.Quad) bool {
		return q.S == course && q.P == term.IsActive && (q.O.Value() == "false" || q.O.Value() == "0")
	})
}

// period is a time of validity; a zero end is open.
type period struct{ from, to time.Time }

func (p period) holds(now time.Time) bool {
	return !now.Before(p.from) && (p.to.IsZero() || now.Before(p.to))
}

// next returns the first end of the period after now, zero where there is none.
func (p period) next(now time.Time) time.Time {
	for _, t := range []time.Time{p.from, p.to} {
		if t.After(now) {
			return t
		}
	}
	return time.Time{}
}

// validity returns the course's periods of validity (dcterms:valid). A last day
// counts as a whole; times without a zone are UTC.
func validity(triples []rdf.Quad, course rdf.Term) []period {
	var periods []period
	for _, q := range triples {
		if q.S != course || q.P != term.Valid {
			continue
		}
		var p period
		for _, part := range triples {
			switch {
			case part.S != q.O:
			case part.P == term.StartDate:
				p.from, _ = instant(part.O.Value())
			case part.P == term.EndDate:
				var day bool
				if p.to, day = instant(part.O.Value()); day {
					p.to = p.to.AddDate(0, 0, 1)
				}
			}
		}
		if !p.from.IsZero() || !p.to.IsZero() {
			periods = append(periods, p)
		}
	}
	return periods
}

// instant reads an xsd:dateTime or xsd:date, zero where it is none. A date, and
// what lifting makes of one (midnight in no time zone), is a day.
func instant(s string) (t time.Time, day bool) {
	if t, err := time.Parse(time.RFC3339, s); err == nil {
		return t.UTC(), false
	}
	for _, layout := range []string{"2006-01-02T15:04:05", time.DateOnly} {
		if t, err := time.Parse(layout, s); err == nil {
			return t, t.Equal(t.Truncate(24 * time.Hour))
		}
	}
	return time.Time{}, false
}

// earliest returns the earlier of two times, of which zero is never.
func earliest(a, b time.Time) time.Time {
	if a.IsZero() || !b.IsZero() && b.Before(a) {
		return b
	}
	return a
}

// due reports whether enriching or judging the record gives something else by
// now than when that was done last.
func (r *Row) due(now time.Time) bool {
	return r.Turns != nil && !now.Before(*r.Turns) || r.Stale != nil && !now.Before(*r.Stale)
}

// age stages the records that did not change but whose day has come.
func (h *harvest) age(ctx context.Context) error {
	now := h.run.report.Started
	return view(ctx, h.run.pipeline.config.Dataset, func(l graph.Ledger) error {
		for _, e := range h.roll.entries {
			if e.staged || !e.due || !h.present(e) {
				continue
			}
			if err := h.ageOne(l, e, now); err != nil {
				return err
			}
		}
		return nil
	})
}

func (h *harvest) ageOne(l graph.Ledger, e *entry, now time.Time) error {
	row, err := h.before(l, e)
	if err != nil {
		return err
	}
	packed, err := l.Value(tableQuads, h.keyOf(e))
	if err != nil {
		return err
	}
	triples, err := h.run.pipeline.unpackQuads(nil, packed)
	if err != nil {
		return err
	}
	courses := row.courses()
	if row.Turns != nil { // what is said of activity is ours, not the source's
		triples = slices.DeleteFunc(triples, func(q rdf.Quad) bool { return q.P == term.IsActive && slices.Contains(courses, q.S) })
	}
	c, before := &change{entry: e, Row: row}, row.Quads
	if err := h.enact(c, triples, courses, now); err != nil {
		return err
	}
	c.affected = true
	if c.same = c.Row.Quads == before; !c.same {
		c.Row.Run = h.run.report.ID
		h.aged++
	}
	h.roll.claim(e, &c.Row, false)
	return h.put(c)
}

// enact makes the block of a record's triples as they are at a time.
func (h *harvest) enact(c *change, triples []rdf.Quad, courses []rdf.Term, now time.Time) error {
	triples, turns := activity(triples, courses, now)
	block := encodeQuads(triples)
	c.Row.Turns = orNever(turns)
	return h.setBlock(c, block)
}

// orNever returns nil for the zero time.
func orNever(t time.Time) *time.Time {
	if t.IsZero() {
		return nil
	}
	return &t
}

// pointed is the reverse of orNever.
func pointed(t *time.Time) time.Time {
	if t == nil {
		return time.Time{}
	}
	return *t
}

// courses returns the courses that the record describes.
func (r *Row) courses() []rdf.Term {
	var courses []rdf.Term
	for _, iri := range r.Subjects[:min(r.Courses, len(r.Subjects))] {
		courses = append(courses, rdf.IRI(iri))
	}
	return courses
}
