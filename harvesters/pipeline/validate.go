package pipeline

import (
	"context"
	"errors"
	"slices"
	"strings"

	"github.com/zeebo/xxh3"
	"golang.org/x/sync/errgroup"

	"qlgraph/graph"
	"qlgraph/graph/rdf"
	"qlgraph/ontology"
	"qlgraph/ontology/courseid"
	"qlgraph/shapes/profile"
)

// validationBatch is how many bytes of triples are validated at once: some hundred
// records, enough to spread the cost of a validation over, and little enough for
// the memory that a harvest may take. tripleBytes is about what a triple takes of
// them. validators is how many batches are validated side by side.
const (
	validationBatch = 2 << 20
	tripleBytes     = 80
	validators      = 2
)

var violation = rdf.IRI(ontology.SHACL + "Violation")

// validate checks the records whose triples changed, stages their reports, and
// holds back what the policy does not publish.
func (h *harvest) validate(ctx context.Context) error {
	if h.run.pipeline.config.Validator == nil {
		return nil
	}
	classes, err := h.affect(ctx)
	if err != nil {
		return err
	}
	h.progress("validate")
	group, groupCtx := errgroup.WithContext(ctx)
	group.SetLimit(validators)
	for _, batch := range h.batches() {
		group.Go(func() error {
			changes, outcomes, err := h.validateBatch(groupCtx, batch, classes)
			if err != nil {
				return err
			}
			for _, c := range changes {
				if err := h.judge(c, outcomes); err != nil {
					return err
				}
			}
			return nil
		})
	}
	return group.Wait()
}

// batches groups the records to validate by the size of their triples.
func (h *harvest) batches() [][]*entry {
	var batches [][]*entry
	size := validationBatch
	for _, e := range h.roll.entries {
		if !e.staged || !e.published || e.same && !e.affected && !h.relift {
			continue
		}
		if size >= validationBatch {
			batches, size = append(batches, nil), 0
		}
		batches[len(batches)-1] = append(batches[len(batches)-1], e)
		size += int(e.weight)
	}
	return batches
}

// classes tells of the courses and offerings of a source, by their hash, whether
// each is an offering.
type classes map[xxh3.Uint128]bool

func classesOf(claims []claim) classes {
	of := make(classes, len(claims))
	for _, c := range claims {
		of[c.subject] = c.offering
	}
	return of
}

// affect returns what the source publishes after the run, and stages the
// unchanged records of a file that refer to a course or offering which appears
// or disappears in it: their validation changes with it. Records of an API hold
// what they refer to.
func (h *harvest) affect(ctx context.Context) (classes, error) {
	now := classesOf(h.claims())
	if h.plan.source.Format != fileFormat || h.fresh || h.relift {
		return now, nil
	}
	before := classes{}
	for _, c := range h.roll.claims {
		if c.before {
			before[c.subject] = c.offering
		}
	}
	moved := classes{}
	for subject, offering := range now {
		if was, known := before[subject]; !known || was != offering {
			moved[subject] = true
		}
	}
	for subject := range before {
		if _, stays := now[subject]; !stays {
			moved[subject] = true
		}
	}
	if len(moved) == 0 {
		return now, nil
	}
	return now, view(ctx, h.run.pipeline.config.Dataset, func(l graph.Ledger) error {
		for _, e := range h.roll.entries {
			if e.staged || !h.present(e) {
				continue
			}
			if err := h.affectOne(l, e, moved); err != nil {
				return err
			}
		}
		return nil
	})
}

// affectOne stages an unchanged record if it refers to what moved.
func (h *harvest) affectOne(l graph.Ledger, e *entry, moved classes) error {
	packed, err := l.Value(tableQuads, h.keyOf(e))
	if err != nil {
		return err
	}
	quads, err := h.run.pipeline.unpackQuads(nil, packed)
	if err != nil || !slices.ContainsFunc(quads, func(q rdf.Quad) bool { return q.O.IsIRI() && moved[subjectHash(q.O.Value())] }) {
		return err
	}
	c := &change{entry: e}
	if c.Row, err = h.before(l, e); err != nil {
		return err
	}
	if c.block, err = h.stage.write(packed); err != nil {
		return err
	}
	c.same, c.affected, c.weight = true, true, int32(len(quads))*tripleBytes
	h.roll.claim(e, &c.Row, false)
	return h.put(c)
}

// validateBatch validates some records together and returns their changes, and
// the outcomes by course and offering.
func (h *harvest) validateBatch(ctx context.Context, batch []*entry, known classes) ([]*change, map[string]profile.Outcome, error) {
	p := h.run.pipeline
	var data []rdf.Quad
	changes := make([]*change, len(batch))
	for i, e := range batch {
		packed, err := h.stage.read(e.block)
		if err != nil {
			return nil, nil, err
		}
		if data, err = p.unpackQuads(data, packed); err != nil {
			return nil, nil, err
		}
		if changes[i], err = h.change(e); err != nil {
			return nil, nil, err
		}
	}
	reference := p.mentioned(data)
	for _, q := range data {
		// What other records of the source describe is known by its class.
		if !q.O.IsIRI() {
			continue
		}
		if offering, ok := known[subjectHash(q.O.Value())]; ok {
			class := courseClass
			if offering {
				class = instanceClass
			}
			reference = append(reference, rdf.Triple(q.O, typeTerm, class))
		}
	}
	v, err := p.config.Validator.Validate(ctx, data, reference, profile.Options{Now: h.run.report.Started})
	if err != nil {
		return nil, nil, err
	}
	outcomes := make(map[string]profile.Outcome, len(v.Outcomes))
	for _, o := range v.Outcomes {
		outcomes[o.Subject.Value()] = o
	}
	return changes, outcomes, nil
}

// byThing sorts the reference graph by what it is about: nodes below an
// institution or alliance are its own.
func byThing(reference []rdf.Quad) map[string][]rdf.Quad {
	things := map[string][]rdf.Quad{}
	for _, q := range reference {
		thing, _, _ := strings.Cut(q.S.Value(), "#")
		things[thing] = append(things[thing], q)
	}
	return things
}

// mentioned returns what the reference graph says of the institutions and
// alliances that triples mention: a list of thousands would otherwise be loaded
// with every batch.
func (p *Pipeline) mentioned(triples []rdf.Quad) []rdf.Quad {
	var reference []rdf.Quad
	seen := map[string]bool{}
	for _, q := range triples {
		for _, t := range []rdf.Term{q.S, q.O} {
			if !t.IsIRI() {
				continue
			}
			thing, _, _ := strings.Cut(t.Value(), "#")
			if about := p.about[thing]; about != nil && !seen[thing] {
				seen[thing] = true
				reference = append(append(reference, about...), p.classes(about)...)
			}
		}
	}
	return reference
}

// classes returns the types of what statements of the reference graph lead to.
func (p *Pipeline) classes(about []rdf.Quad) []rdf.Quad {
	var types []rdf.Quad
	for _, q := range about {
		for _, other := range p.about[q.O.Value()] {
			if other.P == typeTerm && other.S == q.O {
				types = append(types, other)
			}
		}
	}
	return types
}

// judge gives a record its results, and holds back what nothing names.
func (h *harvest) judge(c *change, outcomes map[string]profile.Outcome) error {
	row := &c.Row
	c.validated, row.Violations, row.Results, row.Score, row.Stale = true, 0, 0, 0, nil
	name := h.validationGraph()
	var report []rdf.Quad
	var nameless []rdf.Term
	for i, iri := range row.Subjects {
		o, ok := outcomes[iri]
		if !ok {
			continue
		}
		if len(o.Held) > 0 && i < row.Courses {
			h.withhold(c, "not published: "+needs(o.Held))
			return h.put(c)
		}
		if len(o.Held) > 0 {
			nameless = append(nameless, o.Subject)
			h.withheld("offering not published: "+needs(o.Held), row.origin())
			continue
		}
		if row.Score == 0 {
			row.Score, row.Tier = o.Score, string(o.Tier)
		}
		if !o.Stale.IsZero() {
			row.Stale = orNever(earliest(o.Stale, pointed(row.Stale)))
		}
		row.Results += len(o.Results)
		for _, r := range o.Results {
			if r.Severity == violation {
				row.Violations++
			}
		}
		report = append(report, profile.ResultQuads(name, o.Results)...)
	}
	var packed []byte
	if len(report) > 0 {
		packed = h.run.pipeline.zip.pack(encodeQuads(ungraphed(report)))
	}
	var err error
	if c.report, err = h.stage.write(packed); err == nil {
		err = h.drop(c, nameless)
	}
	return errors.Join(err, h.put(c))
}

func (h *harvest) validationGraph() rdf.Term {
	return rdf.IRI(courseid.ValidationGraph(h.run.pipeline.config.BaseIRI, h.plan.institution.Key(), h.plan.source.ID))
}

func needs(rules []profile.HoldRule) string {
	var texts []string
	for _, r := range rules {
		texts = append(texts, r.Text)
	}
	return strings.Join(texts, "; ")
}

func ungraphed(quads []rdf.Quad) []rdf.Quad {
	for i := range quads {
		quads[i].G = rdf.Term{}
	}
	return quads
}

// drop takes offerings out of a record's block.
func (h *harvest) drop(c *change, offerings []rdf.Term) error {
	if len(offerings) == 0 {
		return nil
	}
	packed, err := h.stage.read(c.block)
	if err != nil {
		return err
	}
	quads, err := h.run.pipeline.unpackQuads(nil, packed)
	if err != nil {
		return err
	}
	for _, o := range offerings {
		quads = slices.DeleteFunc(quads, func(q rdf.Quad) bool {
			return q.S == o || q.O == o || under(q.S.Value(), o.Value()+"#")
		})
		c.Row.Subjects = slices.DeleteFunc(c.Row.Subjects, func(iri string) bool { return iri == o.Value() })
	}
	block := encodeQuads(quads)
	return h.setBlock(c, block)
}
