package shapes

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"slices"
	"sync"
	"sync/atomic"

	"github.com/RoaringBitmap/roaring/v2/roaring64"
	"golang.org/x/sync/errgroup"

	"qlgraph/graph"
	"qlgraph/graph/rdf"
	"qlgraph/sparql"
)

// Options of a validation. The zero Options validate the unnamed graph with
// every processor.
type Options struct {
	// View is the data graph in the sense of SHACL: what is read of a node.
	// Several graphs must be merged (graph.Union, graph.UnionOf).
	View graph.Graphs
	// Data is the part of the view whose nodes are validated, nil for all of
	// it: class instances, and subjects and objects of target properties, are
	// sought there.
	Data *graph.Graphs
	// Nodes limits the focus nodes to these, nil for no limit.
	Nodes []rdf.Term
	// Vocabulary, if set, has the data searched for terms that it does not know.
	Vocabulary *Vocabulary
	// Workers is the number of goroutines, 0 for GOMAXPROCS.
	Workers int
}

// run is one validation: compiled shapes bound to a snapshot.
type run struct {
	ctx    context.Context
	shapes *Shapes
	snap   graph.Snapshot
	view   graph.Graphs
	data   graph.Graphs

	ids     []graph.ID // of the shapes' constants; 0 where the snapshot has none
	classes []class    // by constant
	focused int        // focus nodes of all shapes together

	querying sync.Once
	querier  *sparql.Engine
	params   sparql.Params
	queryErr error

	mu       sync.RWMutex
	locals   []rdf.Term // terms that the snapshot does not hold, by payload - 1
	localIDs map[rdf.Term]graph.ID
}

// class is what a run knows about a class that shapes mention.
type class struct {
	closing  sync.Once
	below    []graph.ID // the class and its subclasses, those in the snapshot, sorted
	counting sync.Once
	members  *roaring64.Bitmap // nil where instances are looked up one by one
}

// Constants that every compiled shapes graph begins with.
const (
	typeConstant = iota
	subClassConstant
)

// fewFocusNodes is how many focus nodes make it worth to gather a class's
// instances: below, a look-up of each value node's types is cheaper.
const fewFocusNodes = 256

// Validate validates the data in snap. Its error is one of reading, or of the
// context; what the data do wrong is in the Report.
func (s *Shapes) Validate(ctx context.Context, snap graph.Snapshot, options Options) (*Report, error) {
	r, err := s.bind(ctx, snap, options)
	if err != nil {
		return nil, err
	}
	return r.validate(options, nil)
}

// validate validates what is in the scope, everything where it is nil.
func (r *run) validate(options Options, within *scope) (*Report, error) {
	jobs, err := r.jobs(options, within)
	if err != nil {
		return nil, err
	}
	report := newReport(r.shapes, jobs)
	if options.Vocabulary != nil {
		w := r.worker()
		report.Unknown = w.unknownTerms(options.Vocabulary)
		if w.err != nil {
			return nil, w.err
		}
	}
	if err := r.work(report, jobs, options.Workers); err != nil {
		return nil, err
	}
	report.finish()
	return report, nil
}

// work validates the jobs with several workers.
func (r *run) work(report *Report, jobs []job, workers int) error {
	if workers <= 0 {
		workers = runtime.GOMAXPROCS(0)
	}
	chunks := chunksOf(jobs)
	var next atomic.Int64
	group, ctx := errgroup.WithContext(r.ctx)
	r.ctx = ctx
	for range min(workers, len(chunks)) {
		group.Go(func() error {
			w := r.worker()
			defer w.close()
			for {
				i := int(next.Add(1)) - 1
				if i >= len(chunks) || w.err != nil {
					report.add(w)
					return w.err
				}
				w.validateAll(chunks[i])
			}
		})
	}
	return group.Wait()
}

var errNotMerged = errors.New("shapes: a view of several graphs must be merged")

// bind looks the shapes' constants up in the snapshot.
func (s *Shapes) bind(ctx context.Context, snap graph.Snapshot, options Options) (*run, error) {
	r := &run{
		ctx: ctx, shapes: s, snap: snap, view: options.View, data: options.View,
		ids:      make([]graph.ID, len(s.constants)),
		classes:  make([]class, len(s.constants)),
		localIDs: map[rdf.Term]graph.ID{},
	}
	if options.Data != nil {
		r.data = *options.Data
	}
	if _, single := r.view.Single(); !single && !r.view.Merged() {
		return nil, errNotMerged
	}
	for i, t := range s.constants {
		id, ok, err := snap.Lookup(t)
		if err != nil {
			return nil, fmt.Errorf("look up %s: %w", t, err)
		}
		if ok {
			r.ids[i] = id
		}
	}
	return r, nil
}

// job is a shape with its focus nodes, sorted by ID.
type job struct {
	shape *shape
	nodes []graph.ID
}

// chunkSize is how many focus nodes a worker takes at a time: enough to make
// the taking cheap, few enough to keep all workers busy to the end.
const chunkSize = 512

func chunksOf(jobs []job) []job {
	var chunks []job
	for _, j := range jobs {
		for nodes := range slices.Chunk(j.nodes, chunkSize) {
			chunks = append(chunks, job{j.shape, nodes})
		}
	}
	return chunks
}

// jobs finds the focus nodes of every shape that has targets, of those in the
// scope where there is one.
func (r *run) jobs(options Options, within *scope) ([]job, error) {
	w := r.worker()
	defer w.close()
	only := r.nodeIDs(w, options.Nodes)
	var jobs []job
	for _, s := range r.shapes.shapes {
		if len(s.targets) == 0 || s.deactivated {
			continue
		}
		var nodes []graph.ID
		switch {
		case within != nil && !within.all[s]:
			nodes = r.focusAmong(w, s, r.nodeIDs(w, within.nodes[s]))
		case options.Nodes != nil:
			nodes = r.focusAmong(w, s, only)
		default:
			nodes = r.focusNodes(w, s)
		}
		r.focused += len(nodes)
		jobs = append(jobs, job{s, nodes})
	}
	return jobs, w.err
}

// nodeIDs returns the IDs of the terms, sorted.
func (r *run) nodeIDs(w *worker, terms []rdf.Term) []graph.ID {
	ids := make([]graph.ID, len(terms))
	for i, t := range terms {
		id, ok, err := r.snap.Lookup(t)
		w.fail(err)
		if !ok {
			id = r.local(t)
		}
		ids[i] = id
	}
	return sortedSet(ids)
}

// local returns the ID of a term that the snapshot does not hold.
func (r *run) local(t rdf.Term) graph.ID {
	r.mu.Lock()
	defer r.mu.Unlock()
	id, ok := r.localIDs[t]
	if !ok {
		r.locals = append(r.locals, t)
		id = graph.MakeID(graph.IDLocal, uint64(len(r.locals)))
		r.localIDs[t] = id
	}
	return id
}

// constantID returns the ID of a constant, a local one where the snapshot does
// not hold it: a focus node may be such a term too.
func (r *run) constantID(k int) graph.ID {
	if id := r.ids[k]; id != 0 {
		return id
	}
	return r.local(r.shapes.constants[k])
}

// kind returns the kind of the term that id names.
func (r *run) kind(id graph.ID) rdf.Kind {
	if id.Kind() != graph.IDLocal {
		return id.TermKind()
	}
	r.mu.RLock()
	defer r.mu.RUnlock()
	return r.locals[id.Payload()-1].Kind()
}

// subclasses returns the class with the given constant and its subclasses, so
// far as the snapshot knows them.
func (r *run) subclasses(w *worker, k int) []graph.ID {
	c := &r.classes[k]
	c.closing.Do(func() {
		if r.ids[k] == 0 {
			return
		}
		c.below = []graph.ID{r.ids[k]}
		for i := 0; i < len(c.below); i++ {
			for _, sub := range w.scan(nil, graph.Pattern{P: r.ids[subClassConstant], O: c.below[i], Graphs: r.view}, subjectColumn) {
				if !contains(c.below, sub) {
					c.below = append(c.below, sub)
				}
			}
		}
		slices.Sort(c.below)
	})
	return c.below
}

// isInstance reports whether id is a SHACL instance of the class with the
// given constant (SHACL §1.1).
func (w *worker) isInstance(id graph.ID, k int) bool {
	r := w.run
	below := r.subclasses(w, k)
	if len(below) == 0 || id.Kind() == graph.IDLocal {
		return false
	}
	c := &r.classes[k]
	c.counting.Do(func() { c.members = r.gather(w, below) })
	if c.members != nil {
		return c.members.Contains(uint64(id))
	}
	w.types = w.scan(w.types[:0], graph.Pattern{S: id, P: r.ids[typeConstant], Graphs: r.view}, objectColumn)
	for _, t := range w.types {
		if _, found := slices.BinarySearch(below, t); found {
			return true
		}
	}
	return false
}

// gather returns the set of all instances of the classes, or nil where few
// questions can be expected and many instances would have to be read.
func (r *run) gather(w *worker, classes []graph.ID) *roaring64.Bitmap {
	if r.focused < fewFocusNodes {
		return nil
	}
	set := roaring64.New()
	for _, class := range classes {
		members := w.scan(nil, graph.Pattern{P: r.ids[typeConstant], O: class, Graphs: r.view}, subjectColumn)
		for _, id := range members {
			set.Add(uint64(id))
		}
	}
	return set
}
