package pipeline

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"

	"qlgraph/graph"
	"qlgraph/graph/rdf"
	"qlgraph/harvesters"
	"qlgraph/ontology"
	"qlgraph/ontology/elm"
	"qlgraph/ontology/ql"
)

// IdentityFinding is something that the course identifier specification does
// not allow, or asks to be told: an id stands for one course, for good.
type IdentityFinding struct {
	Kind    string `json:"kind"` // "credits", "outcomes", "shared", "superseded"
	Subject string `json:"subject"`
	Before  string `json:"before,omitempty"`
	After   string `json:"after,omitempty"`
}

var (
	creditPoint     = rdf.IRI(elm.CreditPoint)
	point           = rdf.IRI(elm.Point)
	learningOutcome = rdf.IRI(elm.LearningOutcome)
	title           = rdf.IRI(ontology.DCTerms + "title")
	superseded      = rdf.IRI(ql.Superseded)
	supersededBy    = rdf.IRI(ql.SupersededBy)
)

// guard looks for identities that clash, and for courses that changed into
// others under their id.
func (h *harvest) guard(ctx context.Context) error {
	return view(ctx, h.run.pipeline.config.Dataset, func(l graph.Ledger) error {
		if err := h.clashes(l); err != nil {
			return err
		}
		for _, key := range slices.Sorted(maps.Keys(h.staged)) {
			c, known := h.staged[key], h.known[key]
			if c.same || !c.row.published() {
				continue
			}
			after, err := h.run.pipeline.unpackQuads(nil, c.block)
			if err != nil {
				return err
			}
			h.chains(after)
			if !known.published() || known.Quads == c.row.Quads {
				continue
			}
			packed, err := l.Value(tableQuads, key)
			if err != nil || packed == nil {
				return err
			}
			before, err := h.run.pipeline.unpackQuads(nil, packed)
			if err != nil {
				return err
			}
			h.compare(c.row, before, after)
		}
		return nil
	})
}

// clashes withholds records that describe a course or offering that another
// record describes: of two in this source the one with the smaller key stands,
// against another institution's source the one that was there before.
func (h *harvest) clashes(l graph.Ledger) error {
	owner := map[string]string{}
	present := h.present()
	for _, key := range slices.Sorted(maps.Keys(present)) {
		for _, iri := range present[key].Subjects {
			if _, taken := owner[iri]; !taken {
				owner[iri] = key
			}
		}
	}
	for _, key := range slices.Sorted(maps.Keys(h.staged)) {
		c := h.staged[key]
		for _, iri := range c.row.Subjects {
			if c.row.Withdrawn != nil || !c.row.published() {
				break
			}
			reason := ""
			if other := owner[iri]; other != key {
				reason = fmt.Sprintf("not published: another record of the source, %s %q, describes %s too", present[other].Kind, present[other].ID, iri)
				h.result.Findings["identity.clash"]++
			} else if elsewhere, err := h.elsewhere(l, iri); err != nil {
				return err
			} else if elsewhere != "" {
				reason = fmt.Sprintf("not published: %s is a course of %s already", iri, elsewhere)
				h.result.Findings["identity.elsewhere"]++
			}
			if reason != "" {
				h.withhold(c, reason)
				break
			}
		}
	}
	return nil
}

// present is the rows that the source has now: staged ones and known ones that
// were seen or are kept.
func (h *harvest) present() map[string]Row {
	rows := map[string]Row{}
	for key, row := range h.current() {
		if row.published() && (h.seen[key] || !h.complete) {
			rows[key] = row
		}
	}
	return rows
}

// elsewhere returns the institution of another whose published course has the
// IRI, "" where there is none.
func (h *harvest) elsewhere(l graph.Ledger, iri string) (string, error) {
	var subject Subject
	found, err := get(l, tableSubject, subjectKey(iri), &subject)
	if err != nil || !found || subject.Withdrawn != nil || subject.Source == h.key {
		return "", err
	}
	provider, _, _ := strings.Cut(subject.Source, "/")
	mine, _, _ := strings.Cut(h.key, "/")
	if provider == mine || h.plan.source.Provider.Class != "" && h.plan.source.Provider.Class != harvesters.Own {
		h.identity(IdentityFinding{Kind: "shared", Subject: iri, Before: subject.Source, After: h.key})
		return "", nil
	}
	return provider, nil
}

// withhold takes a staged record back.
func (h *harvest) withhold(c *change, reason string) {
	c.row.Withheld = reason
	c.row.Quads, c.row.Subjects, c.row.Courses, c.row.Violations, c.block, c.same = "", nil, 0, 0, nil, false
	h.withheld(reason, harvesters.Origin{URL: c.row.URL, Pointer: c.row.Pointer, Line: c.row.Line})
}

// chains notes successions, which a reader of a transcript needs to know.
func (h *harvest) chains(triples []rdf.Quad) {
	for _, q := range triples {
		if q.P == superseded || q.P == supersededBy {
			h.identity(IdentityFinding{Kind: "superseded", Subject: q.S.Value(), After: q.O.Value()})
		}
	}
}

// compare notes credits and outcomes that changed under one id. Outcomes may be
// reworded; they count when not one of them stayed.
func (h *harvest) compare(row Row, before, after []rdf.Quad) {
	for _, iri := range row.Subjects[:min(row.Courses, len(row.Subjects))] {
		course := rdf.IRI(iri)
		was, is := values(before, course, creditPoint, point), values(after, course, creditPoint, point)
		if len(was) > 0 && len(is) > 0 && !slices.Equal(was, is) {
			h.identity(IdentityFinding{Kind: "credits", Subject: iri, Before: strings.Join(was, ", "), After: strings.Join(is, ", ")})
		}
		was, is = values(before, course, learningOutcome, title), values(after, course, learningOutcome, title)
		if len(was) > 0 && len(is) > 0 && !slices.ContainsFunc(is, func(s string) bool { return slices.Contains(was, s) }) {
			h.identity(IdentityFinding{Kind: "outcomes", Subject: iri, Before: strings.Join(was, "; "), After: strings.Join(is, "; ")})
		}
	}
}

// maxIdentity bounds the findings of one source in a report.
const maxIdentity = 100

func (h *harvest) identity(f IdentityFinding) {
	h.result.Findings["identity."+f.Kind]++
	if len(h.result.Identity) < maxIdentity {
		h.result.Identity = append(h.result.Identity, f)
	}
}

// values returns the texts at the end of a path of two properties, sorted.
func values(triples []rdf.Quad, s, p1, p2 rdf.Term) []string {
	var out []string
	for _, a := range triples {
		if a.S != s || a.P != p1 {
			continue
		}
		for _, b := range triples {
			if b.S == a.O && b.P == p2 {
				out = append(out, b.O.Value())
			}
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}
