package pipeline

import (
	"context"
	"maps"
	"slices"
	"strings"
	"sync"

	"golang.org/x/sync/errgroup"

	"qlgraph/graph"
	"qlgraph/graph/rdf"
	"qlgraph/harvesters"
	"qlgraph/ontology"
	"qlgraph/ontology/courseid"
	"qlgraph/shapes"
	"qlgraph/shapes/profile"
)

// validationBatch is how many bytes of packed triples are validated at once:
// some thousand records, enough to spread the cost of a validation over, and
// little enough for the memory that a harvest may take. validators is how many
// batches are validated side by side.
const (
	validationBatch = 512 << 10
	validators      = 2
)

var violation = rdf.IRI(ontology.SHACL + "Violation")

// validate checks the records whose triples changed, stages their reports, and
// holds back what the policy does not publish.
func (h *harvest) validate(ctx context.Context) error {
	if h.run.pipeline.config.Validator == nil {
		return nil
	}
	subjects := h.subjects()
	if err := h.affected(ctx, subjects); err != nil {
		return err
	}
	h.progress("validate")
	batches := h.batches()
	var judging sync.Mutex
	group, groupCtx := errgroup.WithContext(ctx)
	group.SetLimit(validators)
	for _, batch := range batches {
		group.Go(func() error {
			outcomes, err := h.validateBatch(groupCtx, batch, subjects)
			if err != nil {
				return err
			}
			judging.Lock()
			defer judging.Unlock()
			for _, key := range batch {
				if err := h.judge(h.staged[key], outcomes); err != nil {
					return err
				}
			}
			return nil
		})
	}
	return group.Wait()
}

// batches groups the records to validate by the size of their triples.
func (h *harvest) batches() [][]string {
	var batches [][]string
	size := validationBatch
	for _, key := range slices.Sorted(maps.Keys(h.staged)) {
		c := h.staged[key]
		if c.same && !c.affected && !h.relift || !c.row.published() {
			continue
		}
		if size >= validationBatch {
			batches, size = append(batches, nil), 0
		}
		batches[len(batches)-1] = append(batches[len(batches)-1], key)
		size += len(c.block)
	}
	return batches
}

// subjects returns the class of every course and offering that the source
// publishes after the run.
func (h *harvest) subjects() map[string]rdf.Term {
	classes := map[string]rdf.Term{}
	for _, row := range h.present() {
		row.classify(classes)
	}
	return classes
}

// classify enters the classes of the row's courses and offerings.
func (r *Row) classify(classes map[string]rdf.Term) {
	for i, iri := range r.Subjects {
		classes[iri] = courseClass
		if i >= r.Courses {
			classes[iri] = instanceClass
		}
	}
}

// affected stages the unchanged records of a file that refer to a course or
// offering which appears or disappears in this run: their validation changes
// with it. Records of an API hold what they refer to.
func (h *harvest) affected(ctx context.Context, now map[string]rdf.Term) error {
	if h.plan.source.Format != fileFormat || h.fresh || h.relift {
		return nil
	}
	before, moved := map[string]rdf.Term{}, map[string]bool{}
	for _, row := range h.known {
		if row.published() {
			row.classify(before)
		}
	}
	for iri, class := range now {
		if before[iri] != class {
			moved[iri] = true
		}
	}
	for iri := range before {
		if _, ok := now[iri]; !ok {
			moved[iri] = true
		}
	}
	if len(moved) == 0 {
		return nil
	}
	return view(ctx, h.run.pipeline.config.Dataset, func(l graph.Ledger) error {
		for key, row := range h.present() {
			if h.staged[key] != nil {
				continue
			}
			packed, err := l.Value(tableQuads, key)
			if err != nil {
				return err
			}
			quads, err := h.run.pipeline.unpackQuads(nil, packed)
			if err != nil {
				return err
			}
			if slices.ContainsFunc(quads, func(q rdf.Quad) bool { return moved[q.O.Value()] }) {
				h.staged[key] = &change{row: row, block: packed, same: true, affected: true}
			}
		}
		return nil
	})
}

// validateBatch validates some records together and returns the outcomes by
// course and offering.
func (h *harvest) validateBatch(ctx context.Context, keys []string, subjects map[string]rdf.Term) (map[string]profile.Outcome, error) {
	p := h.run.pipeline
	var data []rdf.Quad
	for _, key := range keys {
		var err error
		if data, err = p.unpackQuads(data, h.staged[key].block); err != nil {
			return nil, err
		}
	}
	reference := slices.Clone(p.reference)
	for _, q := range data {
		// What other records of the source describe is known by its class.
		if class, ok := subjects[q.O.Value()]; ok && q.O.IsIRI() {
			reference = append(reference, rdf.Triple(q.O, typeTerm, class))
		}
	}
	v, err := p.config.Validator.Validate(ctx, data, reference, profile.Options{Now: h.run.report.Started})
	if err != nil {
		return nil, err
	}
	outcomes := make(map[string]profile.Outcome, len(v.Outcomes))
	for _, o := range v.Outcomes {
		outcomes[o.Subject.Value()] = o
	}
	return outcomes, nil
}

// judge gives a record its results, and holds back what nothing names.
func (h *harvest) judge(c *change, outcomes map[string]profile.Outcome) error {
	c.validated, c.row.Violations, c.row.Results, c.row.Score, c.row.Stale = true, 0, 0, 0, nil
	name := h.validationGraph()
	var report []rdf.Quad
	var nameless []rdf.Term
	for i, iri := range c.row.Subjects {
		o, ok := outcomes[iri]
		if !ok {
			continue
		}
		at := harvesters.Origin{URL: c.row.URL, Pointer: c.row.Pointer, Line: c.row.Line}
		if len(o.Held) > 0 && i < c.row.Courses {
			h.withhold(c, "not published: "+needs(o.Held))
			return nil
		}
		if len(o.Held) > 0 {
			nameless = append(nameless, o.Subject)
			h.withheld("offering not published: "+needs(o.Held), at)
			continue
		}
		if c.row.Score == 0 {
			c.row.Score, c.row.Tier = o.Score, string(o.Tier)
		}
		if !o.Stale.IsZero() {
			c.row.Stale = orNever(earliest(o.Stale, pointed(c.row.Stale)))
		}
		c.row.Results += len(o.Results)
		for _, r := range o.Results {
			if r.Severity == violation {
				c.row.Violations++
			}
		}
		one := profile.Validation{Report: &shapes.Report{Results: o.Results}}
		report = append(report, one.Quads(name)[reportHeader:]...)
	}
	c.report = nil
	if len(report) > 0 {
		c.report = h.run.pipeline.zip.pack(encodeQuads(ungraphed(report)))
	}
	return h.drop(c, nameless)
}

// reportHeader is the number of quads that profile.Validation.Quads says of the
// report itself, which commit adds once.
const reportHeader = 2

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
	quads, err := h.run.pipeline.unpackQuads(nil, c.block)
	if err != nil {
		return err
	}
	for _, o := range offerings {
		quads = slices.DeleteFunc(quads, func(q rdf.Quad) bool {
			return q.S == o || q.O == o || under(q.S.Value(), o.Value()+"#")
		})
		c.row.Subjects = slices.DeleteFunc(c.row.Subjects, func(iri string) bool { return iri == o.Value() })
	}
	block := encodeQuads(quads)
	c.row.Quads, c.block = digest(block), h.run.pipeline.zip.pack(block)
	return nil
}
