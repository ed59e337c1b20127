package profile

import (
	"cmp"
	"context"
	"slices"
	"time"

	"qlgraph/graph"
	"qlgraph/graph/mem"
	"qlgraph/graph/rdf"
	"qlgraph/ontology"
	"qlgraph/shapes"
)

// Profile is the compiled application profile.
type Profile struct {
	shapes     *shapes.Shapes
	vocabulary *shapes.Vocabulary
	classes    []rdf.Quad // the class hierarchy of the ontologies
}

// New compiles the bundled profile.
func New() *Profile {
	bundled := slices.Concat(ontology.ProfileGraph(), ontology.QualityLinkGraph(), ontology.ELMGraph())
	prefixes := ontology.Prefixes()
	prefixes["loq"] = ontology.LOQ
	compiled, err := shapes.Compile(bundled, shapes.CompileOptions{Import: ontology.Import, Prefixes: prefixes})
	if err != nil {
		panic(err) // a defect of the bundled files, which a test rules out
	}
	p := &Profile{shapes: compiled, vocabulary: shapes.NewVocabulary(bundled)}
	for _, q := range bundled {
		if q.P == typeTerm && q.O.IsIRI() || q.P.Value() == ontology.RDFS+"subClassOf" {
			p.classes = append(p.classes, q)
		}
	}
	return p
}

var (
	typeTerm    = rdf.IRI(rdf.RDFType)
	conceptTerm = rdf.IRI(ontology.SKOS + "Concept")
)

// Options of a validation.
type Options struct {
	// Now is the time that freshness is judged by; the zero time gives no
	// points for it.
	Now time.Time
	// AsWritten leaves the names of ELM 3.2 in quads that are validated as they
	// are. The profile uses those of 3.3, so such data are tested hardly at all.
	AsWritten bool
	// Nodes limits the focus nodes, as in shapes.Options.
	Nodes []rdf.Term
}

// Validation is the outcome for the data of a graph.
type Validation struct {
	Report   *shapes.Report
	Outcomes []Outcome // one for each course and offering, ordered by subject
}

// Outcome is what became of a course or an offering.
type Outcome struct {
	Subject rdf.Term
	Course  bool            // false for an offering
	Results []shapes.Result // about the subject and the nodes that belong to it
	Held    []HoldRule      // why it is not published; none where it is
	Score   int             // 0 to 100, of courses
	Missed  []ScoreRule     // rules that gave no points, dearest first
	Tier    Tier            // of courses
	// Stale is when a course that is recent stops being so, if nothing changes;
	// zero where it is not recent.
	Stale time.Time
}

// dataGraph holds the data while quads are validated that are in no dataset.
var dataGraph = rdf.IRI("urn:x-qlgraph:data")

// Validate validates quads, whatever graphs they are in and whichever names of
// ELM they use, beside the bundled
// ontologies and code lists and the reference data given (institutions and
// alliances), which are consulted but not validated. Of the bundled graphs it
// takes what the profile asks about: classes, and the concepts that the data
// mention.
func (p *Profile) Validate(ctx context.Context, data, reference []rdf.Quad, options Options) (*Validation, error) {
	all := make([]rdf.Quad, 0, len(data)+len(reference)+len(p.classes))
	for _, q := range data {
		if !options.AsWritten {
			q = ontology.ELMCurrent.RenameQuad(q)
		}
		all = append(all, q.In(dataGraph))
		if q.O.IsIRI() && ontology.IsConcept(q.O.Value()) {
			all = append(all, rdf.Triple(q.O, typeTerm, conceptTerm))
		}
	}
	for _, background := range [][]rdf.Quad{reference, p.classes} {
		for _, q := range background {
			all = append(all, q.In(rdf.Term{}))
		}
	}
	snapshot, err := mem.FromQuads(all...).Snapshot(ctx)
	if err != nil {
		return nil, err
	}
	defer snapshot.Close()
	return p.ValidateGraph(ctx, snapshot, dataGraph, options)
}

// ValidateGraph validates the named graph g of the snapshot. The whole
// snapshot is consulted, so it has to hold the ontology and vocabulary graphs.
func (p *Profile) ValidateGraph(ctx context.Context, snapshot graph.Snapshot, g rdf.Term, options Options) (*Validation, error) {
	id, ok, err := snapshot.Lookup(g)
	if err != nil {
		return nil, err
	}
	if !ok {
		id = noGraph
	}
	data := graph.OneGraph(id)
	report, err := p.shapes.Validate(ctx, snapshot, shapes.Options{View: graph.Union(), Data: &data, Nodes: options.Nodes, Vocabulary: p.vocabulary})
	if err != nil {
		return nil, err
	}
	f, err := newFacts(ctx, snapshot, data, options.Now)
	if err != nil {
		return nil, err
	}
	return f.judge(report, options.Nodes)
}

// noGraph is an ID that no quad has: a graph that does not exist is empty.
var noGraph = graph.MakeID(graph.IDLocal, 1)

// judge gives every course and offering of the data its outcome.
func (f *facts) judge(report *shapes.Report, nodes []rdf.Term) (*Validation, error) {
	v := &Validation{Report: report}
	findings, err := f.findings(report)
	if err != nil {
		return nil, err
	}
	wanted := map[rdf.Term]bool{}
	for _, n := range nodes {
		wanted[n] = true
	}
	for _, s := range f.subjects {
		if nodes != nil && !wanted[s.term] {
			continue
		}
		d, err := f.describe(s)
		if err != nil {
			return nil, err
		}
		o := Outcome{Subject: s.term, Course: s.course, Results: findings[s.id]}
		for _, rule := range Policy() {
			if rule.Course == s.course && !rule.holds(d) {
				o.Held = append(o.Held, rule)
			}
		}
		if s.course {
			o.grade(d)
		}
		v.Outcomes = append(v.Outcomes, o)
	}
	slices.SortFunc(v.Outcomes, func(a, b Outcome) int { return rdf.Compare(a.Subject, b.Subject) })
	return v, nil
}

// grade applies the table of scores.
func (o *Outcome) grade(d *description) {
	for _, rule := range Scores() {
		if rule.holds(d) {
			o.Score += rule.Points
		} else {
			o.Missed = append(o.Missed, rule)
		}
	}
	slices.SortStableFunc(o.Missed, func(a, b ScoreRule) int { return cmp.Compare(b.Points, a.Points) })
	o.Tier = tierOf(o.Score)
	if d.recent() {
		o.Stale = d.recentUntil()
	}
}
