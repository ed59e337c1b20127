package main

import (
	"bytes"
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"time"

	"qlgraph/graph"
	"qlgraph/graph/ntriples"
	"qlgraph/graph/rdf"
	"qlgraph/graph/rdfio"
	"qlgraph/graph/store"
)

type loadCommand struct {
	dataFlags
	Graph   string   `help:"Graph for the triples that name none; the unnamed graph by default." placeholder:"IRI"`
	From    string   `help:"Format of the files; follows from their endings." placeholder:"FORMAT"`
	Lenient bool     `help:"Skip and report lines of N-Triples and N-Quads that do not conform."`
	Files   []string `arg:"" name:"file" help:"Files to read, also .gz and .zst; - is stdin."`
}

// loadWorkers is how many parts of a file are read at once.
const loadWorkers = 2

// Run loads the files as one commit.
func (c *loadCommand) Run(ctx context.Context, p process) error {
	dir, err := c.directory(p, "")
	if err != nil {
		return err
	}
	return p.withStore(dir, func(s *store.Store) error {
		in, err := c.openFiles(ctx, p, s)
		if err != nil {
			return err
		}
		defer in.Close()
		start := time.Now()
		loaded, err := load(ctx, s, c.bytes(p), store.LoadOptions{Workers: loadWorkers, Progress: p.loadProgress()}, in.parts)
		if err != nil {
			return err
		}
		reportSkipped(p.stderr, in.lenient)
		seconds := time.Since(start).Seconds()
		fmt.Fprintf(p.stderr, "%d statements read, %d added, in %.1f s (%.0f per second)\n",
			loaded.Read, loaded.Added, seconds, float64(loaded.Read)/seconds)
		return nil
	})
}

// openFiles opens all files. Their blank nodes get labels that no other file has,
// before or after; but a single file keeps its labels where no blank node is
// stored yet, so that a dump that is loaded is dumped as it was.
func (c *loadCommand) openFiles(ctx context.Context, p process, s *store.Store) (*loadFile, error) {
	stored, err := hasBlankNodes(ctx, s)
	if err != nil {
		return nil, err
	}
	labels := func(int) string { return "" }
	if stored || len(c.Files) > 1 {
		load := "l" + strings.ToLower(rand.Text()[:12])
		labels = func(file int) string { return fmt.Sprintf("%s.%d.", load, file) }
	}
	var opened closers
	all := &loadFile{}
	for i, name := range c.Files {
		in, err := c.open(p, name, labels(i))
		if err != nil {
			opened.Close()
			return nil, err
		}
		opened = append(opened, in.Closer)
		all.parts = append(all.parts, in.parts...)
		all.lenient = append(all.lenient, in.lenient...)
	}
	if c.Graph != "" {
		for i := range all.parts {
			all.parts[i] = into(rdf.IRI(c.Graph), all.parts[i])
		}
	}
	all.Closer = opened
	return all, nil
}

// hasBlankNodes looks at the first quad of each order: IDs of blank nodes are the
// lowest.
func hasBlankNodes(ctx context.Context, s *store.Store) (bool, error) {
	snap, err := s.Snapshot(ctx)
	if err != nil {
		return false, err
	}
	defer snap.Close()
	first := graph.NewBatch()
	for _, look := range []struct {
		graphs graph.Graphs
		order  graph.Order
		lead   []graph.ID
	}{
		{graph.EveryQuad(), graph.SPOG, first.S}, {graph.EveryQuad(), graph.OSPG, first.O}, {graph.EachNamed(), graph.GSPO, first.G},
	} {
		cursor, err := snap.Scan(graph.Pattern{Graphs: look.graphs}, look.order)
		if err != nil {
			return false, err
		}
		n, err := cursor.Next(first)
		cursor.Close()
		if err != nil || n > 0 && look.lead[0].Kind() == graph.IDBlank {
			return err == nil, err
		}
	}
	return false, nil
}

// smallLoad is the size of files, in bytes, up to which a transaction is quicker
// than a bulk load, which writes the store anew.
const smallLoad = 1 << 20

// bytes returns the size of the files together, more than smallLoad where it
// cannot be known.
func (c *loadCommand) bytes(p process) int64 {
	total := int64(0)
	for _, name := range c.Files {
		info, err := os.Stat(p.path(name))
		_, compression := rdfio.ByPath(name)
		if err != nil || !info.Mode().IsRegular() || compression != rdfio.Plain {
			return smallLoad + 1
		}
		total += info.Size()
	}
	return total
}

// load adds the sources as one commit, in the way that suits their size.
func load(ctx context.Context, s *store.Store, size int64, options store.LoadOptions, sources []store.Source) (store.Loaded, error) {
	if size > smallLoad {
		return s.Load(ctx, options, sources...)
	}
	var loaded store.Loaded
	before, err := countQuads(ctx, s)
	if err != nil {
		return loaded, err
	}
	loaded.Version, err = s.Update(ctx, func(tx graph.Tx) error {
		for _, source := range sources {
			for q, err := range source {
				if err != nil {
					return err
				}
				loaded.Read++
				if err := tx.Insert(q); err != nil {
					return err
				}
			}
		}
		return nil
	})
	if err != nil {
		return loaded, err
	}
	after, err := countQuads(ctx, s)
	loaded.Added = after - before
	return loaded, err
}

func countQuads(ctx context.Context, s *store.Store) (int64, error) {
	snap, err := s.Snapshot(ctx)
	if err != nil {
		return 0, err
	}
	defer snap.Close()
	n, _, err := snap.Count(graph.Pattern{Graphs: graph.EveryQuad()})
	return n, err
}

// loadFile is an open file as the parts in which it is read.
type loadFile struct {
	io.Closer
	parts   []store.Source
	lenient []*ntriples.Decoder
}

// open opens a file to be loaded. One that has a statement per line and is not
// compressed is read in several parts at the same time.
func (c *loadCommand) open(p process, name, labels string) (*loadFile, error) {
	format, compression := rdfio.ByPath(name)
	if c.From != "" {
		format, _ = rdfio.ByName(c.From) // an unknown one fails in openRDF
	}
	lines := format == rdfio.NQuads || format == rdfio.NTriples
	if lines && compression == rdfio.Plain && name != "-" {
		return c.openLines(p, name, ntriples.Options{
			TriplesOnly: format == rdfio.NTriples, LabelPrefix: labels, Lenient: c.Lenient,
		})
	}
	if c.Lenient {
		return nil, usageError{fmt.Errorf("%s: --lenient reads uncompressed N-Triples and N-Quads files only", name)}
	}
	in, err := p.openRDF(name, c.From, rdfio.DecoderOptions{LabelPrefix: labels})
	if err != nil {
		return nil, err
	}
	return &loadFile{Closer: in, parts: []store.Source{in.quads}}, nil
}

func (c *loadCommand) openLines(p process, name string, opts ntriples.Options) (*loadFile, error) {
	f, err := os.Open(p.path(name))
	if err != nil {
		return nil, err
	}
	info, err := f.Stat()
	if err != nil {
		f.Close()
		return nil, err
	}
	in := &loadFile{Closer: f}
	start, size := int64(0), info.Size()
	for i := range int64(loadWorkers) {
		end, err := lineEnd(f, size*(i+1)/loadWorkers, size)
		if err != nil {
			f.Close()
			return nil, err
		}
		if end < start {
			end = start
		}
		part := ntriples.NewDecoder(io.NewSectionReader(f, start, end-start), opts)
		in.lenient = append(in.lenient, part)
		in.parts = append(in.parts, named(name, fromLine(f, start, part.All())))
		start = end
	}
	return in, nil
}

// lineEnd returns the offset behind the first line end at or after at.
func lineEnd(f io.ReaderAt, at, size int64) (int64, error) {
	buf := make([]byte, 64<<10)
	for at < size {
		n, err := f.ReadAt(buf, at)
		if i := bytes.IndexByte(buf[:n], '\n'); i >= 0 {
			return at + int64(i) + 1, nil
		}
		if n == 0 && err != nil {
			return 0, err
		}
		at += int64(n)
	}
	return size, nil
}

// fromLine corrects the line of a syntax error in a part that begins at start.
func fromLine(f io.ReaderAt, start int64, quads store.Source) store.Source {
	return func(yield func(rdf.Quad, error) bool) {
		for q, err := range quads {
			var malformed *rdf.SyntaxError
			if errors.As(err, &malformed) && start > 0 {
				if before, counted := countLines(io.NewSectionReader(f, 0, start)); counted == nil {
					err = &rdf.SyntaxError{Line: malformed.Line + before, Column: malformed.Column, Msg: malformed.Msg}
				}
			}
			if !yield(q, err) {
				return
			}
		}
	}
}

func countLines(r io.Reader) (int, error) {
	lines, buf := 0, make([]byte, 1<<20)
	for {
		n, err := r.Read(buf)
		lines += bytes.Count(buf[:n], []byte{'\n'})
		if err == io.EOF {
			return lines, nil
		}
		if err != nil {
			return 0, err
		}
	}
}

// into puts the triples that name no graph into g.
func into(g rdf.Term, quads store.Source) store.Source {
	return func(yield func(rdf.Quad, error) bool) {
		for q, err := range quads {
			if q.G.IsZero() {
				q.G = g
			}
			if !yield(q, err) {
				return
			}
		}
	}
}

// reportSkipped says what a lenient load left out.
func reportSkipped(w io.Writer, decoders []*ntriples.Decoder) {
	for _, d := range decoders {
		n, reported := d.Skipped()
		if n == 0 {
			continue
		}
		fmt.Fprintf(w, "%d lines skipped, the first of them:\n", n)
		for _, e := range reported[:min(len(reported), 10)] {
			fmt.Fprintln(w, "  ", e)
		}
	}
}

// loadProgress returns a callback that shows on stderr how far a load is, where
// that is a terminal.
func (p process) loadProgress() func(store.Progress) {
	if !p.terminal {
		return nil
	}
	return func(step store.Progress) {
		if step.Total > 0 {
			fmt.Fprintf(p.stderr, "\r\x1b[K%s: %d of %d", step.Stage, step.Done, step.Total)
		} else {
			fmt.Fprintf(p.stderr, "\r\x1b[K%s: %d", step.Stage, step.Done)
		}
	}
}
