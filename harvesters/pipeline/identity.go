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
	// Kind is "credits" or "outcomes" where these changed under the id, "reused"
	// where two records of a source have it, "elsewhere" where another
	// institution's course has it, "shared" where another source has it that may,
	// "superseded" where another course took its place.
	Kind    string `json:"kind"`
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

// identify withholds a record that describes a course of another institution's,
// and notes where a course changed into another under its id.
func (h *harvest) identify(ctx context.Context, c *change, known Row, after []rdf.Quad) error {
	return view(ctx, h.run.pipeline.config.Dataset, func(l graph.Ledger) error {
		for _, iri := range c.Row.Subjects {
			elsewhere, err := h.elsewhere(l, iri)
			if err != nil {
				return err
			}
			if elsewhere != "" {
				h.identity(IdentityFinding{Kind: "elsewhere", Subject: iri, Before: elsewhere, After: h.plan.institution.Key()})
				h.withhold(c, fmt.Sprintf("not published: %s is a course of %s already", iri, elsewhere))
				return nil
			}
		}
		if c.same {
			return nil
		}
		h.chains(after)
		if !known.published() {
			return nil
		}
		packed, err := l.Value(tableQuads, h.keyOf(c.entry))
		if err != nil || packed == nil {
			return err
		}
		before, err := h.run.pipeline.unpackQuads(nil, packed)
		if err != nil {
			return err
		}
		h.compare(c.Row, before, after)
		return nil
	})
}

// clashes withholds records that describe a course or offering that another
// record of the source describes: the one with the smaller key stands.
func (h *harvest) clashes(ctx context.Context) error {
	claims := h.claims()
	for len(claims) > 0 {
		n := 1
		for n < len(claims) && claims[n].subject == claims[0].subject {
			n++
		}
		for _, c := range claims[1:n] {
			if c.by == claims[0].by || !c.by.staged || !c.by.published {
				continue
			}
			if err := h.clash(ctx, c, claims[0].by); err != nil {
				return err
			}
		}
		claims = claims[n:]
	}
	return nil
}

// clash withholds the record that makes the claim, for another's sake.
func (h *harvest) clash(ctx context.Context, cl claim, other *entry) error {
	stands, err := h.row(ctx, other)
	if err != nil {
		return err
	}
	c, err := h.change(cl.by)
	if err != nil {
		return err
	}
	h.result.Findings["identity.clash"]++
	i := slices.IndexFunc(c.Row.Subjects, func(iri string) bool { return subjectHash(iri) == cl.subject })
	h.identity(IdentityFinding{Kind: "reused", Subject: c.Row.Subjects[i], Before: place(stands.origin()), After: place(c.Row.origin())})
	h.withhold(c, fmt.Sprintf("not published: another record of the source, %s %q, describes %s too", stands.Kind, stands.ID, c.Row.Subjects[i]))
	return h.put(c)
}

// row returns the row of a record as it is in the run.
func (h *harvest) row(ctx context.Context, e *entry) (Row, error) {
	if !e.staged {
		return h.knownRow(ctx, e)
	}
	c, err := h.change(e)
	return c.Row, err
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

// withhold takes a change back, which is not put yet.
func (h *harvest) withhold(c *change, reason string) {
	c.Row.Withheld = reason
	c.Row.Quads, c.Row.Subjects, c.Row.Courses, c.Row.Violations = "", nil, 0, 0
	c.block, c.same = span{}, false
	h.withheld(reason, c.Row.origin())
}

// maxSuccessions bounds how many successions of a source are followed.
const maxSuccessions = 10_000

// chains notes successions, which a reader of a transcript needs to know. What
// superseded another is the newer of the two.
func (h *harvest) chains(triples []rdf.Quad) {
	for _, q := range triples {
		older, newer := q.S.Value(), q.O.Value()
		switch {
		case q.P == superseded:
			older, newer = newer, older
		case q.P != supersededBy:
			continue
		}
		if h.successors == nil {
			h.successors = map[string]string{}
		}
		if len(h.successors) < maxSuccessions {
			h.successors[older] = newer
		}
	}
}

// succession reports each course that was superseded with all that came after it,
// as far as the run has read it, and chains that lead back to where they began.
func (h *harvest) succession() {
	for _, older := range slices.Sorted(maps.Keys(h.successors)) {
		chain, seen := []string{}, map[string]bool{older: true}
		for at := h.successors[older]; at != ""; at = h.successors[at] {
			chain = append(chain, at)
			if seen[at] {
				chain = append(chain, "(a circle)")
				h.result.Findings["identity.circle"]++
				break
			}
			seen[at] = true
		}
		h.identity(IdentityFinding{Kind: "superseded", Subject: older, After: strings.Join(chain, " → ")})
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
