package store

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"iter"
	"os"
	"path/filepath"
	"sync"
	"sync/atomic"
	"time"

	"golang.org/x/sync/errgroup"

	"qlgraph/graph"
	"qlgraph/graph/rdf"
)

// Source is quads to be loaded; it ends after the first error.
type Source = iter.Seq2[rdf.Quad, error]

// Stages of a load, as Progress names them.
const (
	StageRead  = "read"  // sources are read
	StageTerms = "terms" // the dictionary is written
	StageSort  = "sort"  // quads are sorted
	StageWrite = "write" // the permutations are written
)

// Progress tells how far a load is.
type Progress struct {
	Stage string
	Done  int64 // quads read, terms written, quads sorted, rows written
	Total int64 // 0 where it is not known
}

// LoadOptions are the settings of a Load; the zero value is good.
type LoadOptions struct {
	// Workers is how many goroutines read sources and sort. Each holds about
	// 100 MB. Default: 2.
	Workers int
	// Progress, if not nil, is called now and then by one goroutine at a time.
	Progress func(Progress)
}

// Loaded is what a Load has done.
type Loaded struct {
	Read    int64 // quads in the sources, repetitions included
	Added   int64 // quads that were not there before
	Version uint64
}

// Load adds the quads of the sources, of which as many as there are workers are
// read at the same time, as one commit. It sorts on disk, in a few hundred
// megabytes of memory for any size, and writes a new file, so the
// dictionary numbers terms in their order afterwards, and the store is compact.
// Snapshots stay what they are; other writers wait while the file is written,
// which takes time in proportion to the whole store, not to what is added: for
// some thousand quads Update is better.
func (s *Store) Load(ctx context.Context, options LoadOptions, sources ...Source) (Loaded, error) {
	l, err := newLoad(ctx, s.dir, options)
	if err != nil {
		return Loaded{}, err
	}
	defer l.close()
	inputs := make([]input, len(sources))
	for i, source := range sources {
		inputs[i] = input{source, rowsNew}
	}
	if err := l.read(ctx, inputs...); err != nil {
		return Loaded{}, err
	}
	read := l.quads.Load()
	built, err := s.rebuild(ctx, l)
	if err != nil {
		return Loaded{}, err
	}
	loaded := Loaded{Read: read, Added: l.change.Added, Version: built.version}
	if loaded.Added == 0 {
		return loaded, os.Remove(l.newFile())
	}
	return loaded, s.replaceFile(l.newFile())
}

// Compact writes the file anew: without free pages, without terms that no quad
// uses, with the dictionary in order. Snapshots stay what they are; writers
// wait.
func (s *Store) Compact(ctx context.Context, options LoadOptions) error {
	l, err := newLoad(ctx, s.dir, options)
	if err != nil {
		return err
	}
	defer l.close()
	s.lockAlone()
	defer s.writing.Unlock()
	if _, err := s.rebuild(ctx, l); err != nil {
		return err
	}
	return s.replaceFile(l.newFile())
}

// rebuild writes a new file with the store's own quads and those of the load.
// The caller holds s.writing.
func (s *Store) rebuild(ctx context.Context, l *load) (state, error) {
	snap, err := s.open(ctx, noLimit)
	if err != nil {
		return state{}, err
	}
	defer snap.Close()
	if err := l.readHeld(ctx, snap, nil); err != nil {
		return state{}, err
	}
	return l.build(ctx, s, snap)
}

// noLimit is for snapshots of the store's own work, which ends by itself.
const noLimit = 1000 * time.Hour

// load is one bulk load: chunks of its input, in temporary files of a directory
// of its own, until build makes a file of them.
type load struct {
	dir     string
	options LoadOptions
	quads   atomic.Int64

	mu         sync.Mutex // guards what follows
	qualifiers *qualifiers
	chunks     []chunk
	change     graph.Change // of the whole, once it is built
	hot        hotTerms
	ids        map[string]graph.ID // of the hot terms, once they are numbered
	reported   time.Time

	beside besideChanges

	termSpool, quadSpool, idSpool *spool
	runSpool                      [orders]*spool
}

// chunk says where in the spools a chunk lies.
type chunk struct {
	origin            origin
	terms, quads, ids section
	termCount, rows   int
	runs              [orders]section
}

// loadPrefix begins the name of a load's directory; what a crash leaves of one
// is removed by Open.
const loadPrefix = "load-"

func newLoad(ctx context.Context, dir string, options LoadOptions) (_ *load, err error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	if options.Workers <= 0 {
		options.Workers = 2
	}
	l := &load{options: options, qualifiers: newQualifiers(), ids: map[string]graph.ID{}}
	if l.dir, err = os.MkdirTemp(dir, loadPrefix); err != nil {
		return nil, err
	}
	for _, s := range []struct {
		to   **spool
		name string
	}{{&l.termSpool, "terms"}, {&l.quadSpool, "quads"}, {&l.idSpool, "ids"}, {&l.beside.spool, "beside"},
		{&l.runSpool[0], "spog"}, {&l.runSpool[1], "psog"}, {&l.runSpool[2], "posg"}, {&l.runSpool[3], "ospg"}, {&l.runSpool[4], "gspo"}} {
		if *s.to, err = newSpool(l.dir, s.name); err != nil {
			l.close()
			return nil, err
		}
	}
	return l, nil
}

func (l *load) newFile() string { return filepath.Join(l.dir, fileName) }

func (l *load) close() {
	for _, s := range append(l.runSpool[:], l.termSpool, l.quadSpool, l.idSpool, l.beside.spool) {
		s.close()
	}
	os.RemoveAll(l.dir)
}

// qualify adds t's qualifier to the table and returns t's form.
func (l *load) qualify(t rdf.Term) textTerm {
	l.mu.Lock()
	defer l.mu.Unlock()
	text, ok := l.qualifiers.textOf(t)
	if !ok {
		l.qualifiers.add(qualifierOf(t))
		text, _ = l.qualifiers.textOf(t)
	}
	return text
}

func (l *load) addChunk(from origin, text, quads []byte, terms, rows int) error {
	c := chunk{origin: from, termCount: terms, rows: rows}
	var err error
	if c.terms, err = l.termSpool.add(text); err != nil {
		return err
	}
	if c.quads, err = l.quadSpool.add(quads); err != nil {
		return err
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	l.chunks = append(l.chunks, c)
	return nil
}

// progressEvery is the least time between two reports.
const progressEvery = 100 * time.Millisecond

func (l *load) report(stage string, done, total int64) {
	if l.options.Progress == nil {
		return
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	if time.Since(l.reported) >= progressEvery || done == total {
		l.reported = time.Now()
		l.options.Progress(Progress{stage, done, total})
	}
}

// reportQuads is after how many quads a worker reports and looks at its context.
const reportQuads = 1 << 12

// read spools the inputs as chunks.
func (l *load) read(ctx context.Context, inputs ...input) error {
	work, ctx := errgroup.WithContext(ctx)
	next := make(chan input)
	work.Go(func() error {
		defer close(next)
		for _, in := range inputs {
			select {
			case next <- in:
			case <-ctx.Done():
				return ctx.Err()
			}
		}
		return nil
	})
	for range min(l.options.Workers, len(inputs)) {
		work.Go(func() error {
			c := &chunker{load: l, seen: map[qualifier]uint32{}, rdf: known{term: rdf.IRI(rdf.RDFType)}}
			c.terms.reset()
			for in := range next {
				if err := c.from(in.origin); err != nil {
					return err
				}
				if err := l.readOne(ctx, c, in.quads); err != nil {
					return err
				}
			}
			return c.flush()
		})
	}
	return work.Wait()
}

func (l *load) readOne(ctx context.Context, c *chunker, source Source) error {
	n := int64(0)
	for q, err := range source {
		if err != nil {
			return err
		}
		if err := c.add(q); err != nil {
			return err
		}
		if n++; n%reportQuads == 0 {
			if err := ctx.Err(); err != nil {
				return err
			}
			l.report(StageRead, l.quads.Add(reportQuads), 0)
		}
	}
	l.quads.Add(n % reportQuads)
	return nil
}

// sortChunks sorts every chunk in each order.
func (l *load) sortChunks(ctx context.Context) error {
	work, ctx := errgroup.WithContext(ctx)
	var next, done atomic.Int64
	for range l.options.Workers {
		work.Go(func() error {
			var c chunkSort
			for {
				n := int(next.Add(1)) - 1
				if n >= len(l.chunks) {
					return nil
				}
				if err := errors.Join(ctx.Err(), l.sortChunk(&l.chunks[n], &c)); err != nil {
					return err
				}
				l.report(StageSort, done.Add(int64(l.chunks[n].rows)), l.quads.Load())
			}
		})
	}
	return work.Wait()
}

func (l *load) sortChunk(at *chunk, c *chunkSort) error {
	raw, err := l.idSpool.read(at.ids)
	if err != nil {
		return err
	}
	terms := make([]graph.ID, len(raw)/8)
	for i := range terms {
		terms[i] = graph.ID(binary.LittleEndian.Uint64(raw[8*i:]))
	}
	local := make([]row, 0, at.rows)
	for r := (rowReader{from: l.quadSpool.open(at.quads)}); ; {
		ok, err := r.fill()
		if err != nil {
			return fmt.Errorf("store: reading a temporary file: %w", err)
		}
		if !ok {
			break
		}
		local = append(local, r.rows...)
	}
	c.fill(local, terms)
	for o := graph.SPOG; o <= graph.GSPO; o++ {
		var b []byte
		c.sorted(o, func(rows []row) { b = appendSpooled(b, rows) })
		if at.runs[o], err = l.runSpool[o].add(b); err != nil {
			return err
		}
	}
	return nil
}
