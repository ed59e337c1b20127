package store

import (
	"cmp"
	"context"
	"encoding/binary"
	"os"
	"path/filepath"
	"slices"

	bolt "go.etcd.io/bbolt"
	"golang.org/x/sync/errgroup"

	"qlgraph/graph"
	"qlgraph/graph/rdf"
)

// builder writes a new file in its keys' order, in transactions of bounded
// size: nobody sees the file before it is complete.
type builder struct {
	db      *bolt.DB
	tx      *bolt.Tx
	number  int // of the bucket, in bucketNames
	bucket  *bolt.Bucket
	pending int
}

// buildBytes is about what a transaction of a builder holds in memory.
const buildBytes = 32 << 20

func newBuilder(path string) (*builder, error) {
	db, err := bolt.Open(path, 0o644, &bolt.Options{
		PageSize: pageSize, InitialMmapSize: defaultMmapSize, NoSync: true, NoGrowSync: true,
		NoFreelistSync: true, FreelistType: bolt.FreelistMapType, NoStatistics: true,
	})
	if err != nil {
		return nil, err
	}
	return &builder{db: db}, nil
}

// put adds a value at the end of a bucket.
func (b *builder) put(n int, key, value []byte) error {
	if b.pending > buildBytes {
		if err := b.commit(); err != nil {
			return err
		}
	}
	if b.tx == nil {
		tx, err := b.db.Begin(true)
		if err != nil {
			return err
		}
		b.tx, b.bucket = tx, nil
	}
	if b.bucket == nil || b.number != n {
		opened, err := b.tx.CreateBucketIfNotExists([]byte(bucketNames[n]))
		if err != nil {
			return err
		}
		opened.FillPercent = 1
		b.bucket, b.number = opened, n
	}
	b.pending += len(key) + len(value)
	return b.bucket.Put(key, value)
}

func (b *builder) commit() error {
	if b.tx == nil {
		return nil
	}
	err := b.tx.Commit()
	b.tx, b.pending = nil, 0
	return err
}

// finish syncs the file and cuts off what it does not use.
func (b *builder) finish() error {
	if err := b.commit(); err != nil {
		return err
	}
	b.db.NoFreelistSync = false
	if err := b.db.Update(func(*bolt.Tx) error { return nil }); err != nil {
		return err
	}
	var used int64
	if err := b.db.View(func(tx *bolt.Tx) error {
		used = tx.Size()
		return nil
	}); err != nil {
		return err
	}
	path := b.db.Path()
	if err := b.db.Close(); err != nil {
		return err
	}
	if err := os.Truncate(path, used); err != nil {
		return err
	}
	return syncPath(path)
}

func (b *builder) abandon() {
	if b.tx != nil {
		b.tx.Rollback()
	}
	b.db.Close()
}

// syncPath syncs a file or directory.
func syncPath(path string) error {
	f, err := os.Open(path)
	if err != nil {
		return err
	}
	defer f.Close()
	return f.Sync()
}

// build writes the new file of what has been read; snap is what s holds. The
// caller holds s.writing. The version is a new one if a quad has changed.
func (l *load) build(ctx context.Context, s *Store, snap *Snapshot) (_ state, err error) {
	b, err := newBuilder(l.newFile())
	if err != nil {
		return state{}, err
	}
	defer func() {
		if err != nil {
			b.abandon()
		}
	}()
	st := state{version: snap.state.version, seed: snap.state.seed}
	hashes, texts, err := l.writeTerms(ctx, b, s.current.codec, &st)
	if err != nil {
		return state{}, err
	}
	if err := l.sortChunks(ctx); err != nil {
		return state{}, err
	}
	t, postings, err := l.writeIndexes(ctx, b, hashes, texts)
	if err != nil {
		return state{}, err
	}
	if l.change != (graph.Change{}) {
		st.version++
	}
	st.add(t.totals)
	if err := t.save(nil, func(key, value []byte) error { return b.put(bucketStatistics, key, value) }); err != nil {
		return state{}, err
	}
	words, err := texts.writeWords(b)
	if err != nil {
		return state{}, err
	}
	if err := l.writeRest(b, snap, st, textState{st.counts[graph.IDLiteral], postings, words, texts.languages}); err != nil {
		return state{}, err
	}
	return st, b.finish()
}

// writeRest writes the table of qualifiers, what is kept beside the quads, and
// the state.
func (l *load) writeRest(b *builder, snap *Snapshot, st state, ts textState) error {
	for i, line := range l.qualifiers.lines {
		key := binary.BigEndian.AppendUint32(nil, uint32(i))
		if err := b.put(bucketQualifiers, key, appendChecksum([]byte(line), 0, checksumQualifiers, key)); err != nil {
			return err
		}
	}
	if err := l.beside.rewrite(snap, b); err != nil {
		return err
	}
	if err := b.commit(); err != nil {
		return err
	}
	return b.db.Update(func(tx *bolt.Tx) error {
		if err := create(tx, st.seed); err != nil {
			return err
		}
		states := tx.Bucket([]byte(bucketNames[bucketState]))
		return cmp.Or(states.Put(keyState, st.append(nil)), states.Put(keyText, ts.append(nil)))
	})
}

// encoded is some blocks of an index.
type encoded struct {
	keys, values [][]byte
	rows         int
	err          error
}

// encodedAhead is how many times encodedBlocks blocks an index may be encoded
// ahead of what is written, about 10 MB.
const (
	encodedBlocks = 64
	encodedAhead  = 256
)

// writeIndexes merges and encodes the indexes, some at the same time, and
// writes them one after the other. It returns the statistics and how many
// postings there are.
func (l *load) writeIndexes(ctx context.Context, b *builder, hashes *hashRuns, texts *textRuns) (_ *tally, postings uint64, err error) {
	rdfType := l.ids[rdf.RDFType]
	var collectors [allIndexes]*collector
	var merges [allIndexes]*rowMerge
	work, ctx := errgroup.WithContext(ctx)
	work.SetLimit(l.options.Workers + 1)
	queues := make([]chan encoded, allIndexes)
	for i := range queues {
		queues[i] = make(chan encoded, encodedAhead)
	}
	work.Go(func() error {
		total := orders * l.quads.Load()
		written := int64(0)
		for i, queue := range queues {
			for e := range queue {
				if e.err != nil {
					return e.err
				}
				for n, key := range e.keys {
					if err := b.put(i, key, e.values[n]); err != nil {
						return err
					}
				}
				written += int64(e.rows)
				if i == indexText {
					postings += uint64(e.rows)
				}
				l.report(StageWrite, written, max(total, written+1))
			}
		}
		return ctx.Err()
	})
	for i, queue := range queues {
		c := &collector{tally: newTally(), order: graph.Order(i), rdfType: rdfType}
		if i >= orders {
			c = nil
		}
		collectors[i] = c
		work.Go(func() error {
			defer close(queue)
			merge, err := l.merge(i, hashes, texts)
			if err != nil {
				return err
			}
			merges[i] = merge
			return encode(ctx, byte(i), merge, c, queue)
		})
	}
	if err := work.Wait(); err != nil {
		return nil, 0, err
	}
	l.change = merges[graph.GSPO].change
	t := newTally()
	for _, c := range collectors[:orders] {
		c.endSubject()
		t.merge(c.tally)
	}
	return t, postings, nil
}

// merge returns the sorted rows of an index.
func (l *load) merge(number int, hashes *hashRuns, texts *textRuns) (*rowMerge, error) {
	var runs []sortedRun
	switch number {
	case indexHashes:
		for _, at := range hashes.runs {
			runs = append(runs, sortedRun{at, rowsNew})
		}
		return newRowMerge(hashes.spool, runs)
	case indexText:
		for _, at := range texts.postings {
			runs = append(runs, sortedRun{at, rowsNew})
		}
		return newRowMerge(texts.spool, runs)
	}
	for _, c := range l.chunks {
		runs = append(runs, sortedRun{c.runs[number], c.origin})
	}
	return newRowMerge(l.runSpool[number], runs)
}

// encode turns the rows into blocks of targetRows, and shows them to c.
func encode(ctx context.Context, number byte, merge *rowMerge, c *collector, to chan<- encoded) error {
	// The last rows wait, since a block names its successor and triples stay
	// together.
	rows := make([]row, 0, encodedBlocks*targetRows+maxRows)
	for more := true; more; {
		for more && len(rows) < cap(rows) {
			r, ok, err := merge.next()
			if err != nil {
				return err
			}
			if more = ok; !ok {
				break
			}
			rows = append(rows, r)
			if c != nil {
				c.add(r)
			}
		}
		var e encoded
		rest := rows
		for len(rest) > maxRows || !more && len(rest) > 0 {
			n := cut(rest, targetRows)
			if n == len(rest) && more {
				break
			}
			var next []byte
			if n < len(rest) {
				next = appendRowKey(nil, rest[n])
			}
			e.keys = append(e.keys, appendRowKey(nil, rest[0]))
			e.values = append(e.values, appendBlock(nil, number, rest[:n], next))
			e.rows += n
			rest = rest[n:]
		}
		rows = rows[:copy(rows, rest)]
		select {
		case to <- e:
		case <-ctx.Done():
			return ctx.Err()
		}
	}
	return nil
}

// replaceFile makes the new file the store's; the caller holds s.writing.
func (s *Store) replaceFile(path string) error {
	s.replacing.Lock()
	defer s.replacing.Unlock()
	f, err := openFile(path, s.options)
	if err != nil {
		return err
	}
	final := filepath.Join(s.dir, fileName)
	if err := os.Rename(path, final); err != nil {
		f.close()
		return err
	}
	f.path.Store(&final)
	if err := syncPath(s.dir); err != nil {
		return err
	}
	s.mu.Lock()
	old := s.current
	s.current = f
	s.mu.Unlock()
	old.retire()
	s.commits.Add(1)
	return nil
}

// retire closes the file once its last snapshot has ended.
func (f *file) retire() {
	f.mu.Lock()
	f.retired = true
	last := len(f.snapshots) == 0
	f.mu.Unlock()
	if last {
		f.db.Close()
	}
}

// hashRuns is the index of hashes as sorted runs.
type hashRuns struct {
	spool *spool
	runs  []section
	keys  []uint64
	spare []uint64
}

// Hash, kind and number of a term in one sortable key.
const (
	hashRunKeys    = 1 << 20
	hashNumberBits = 30
	hashKindBits   = 2
)

func (h *hashRuns) add(hash uint64, id graph.ID) error {
	h.keys = append(h.keys, hash<<(hashNumberBits+hashKindBits)|uint64(id.Kind())<<hashNumberBits|id.Payload())
	if len(h.keys) == hashRunKeys {
		return h.flush()
	}
	return nil
}

func (h *hashRuns) flush() error {
	if len(h.keys) == 0 {
		return nil
	}
	h.spare = slices.Grow(h.spare[:0], len(h.keys))[:len(h.keys)]
	var b []byte
	var rows [maxRows]row
	for keys := radixSort(h.keys, h.spare, 64); len(keys) > 0; {
		n := min(len(keys), maxRows)
		for i, k := range keys[:n] {
			kind := graph.IDKind(k >> hashNumberBits & (1<<hashKindBits - 1))
			rows[i] = row{graph.ID(k >> (hashNumberBits + hashKindBits)), graph.MakeID(kind, k&(1<<hashNumberBits-1)), 0, 0}
		}
		b = appendSpooled(b, rows[:n])
		keys = keys[n:]
	}
	at, err := h.spool.add(b)
	h.runs = append(h.runs, at)
	h.keys = h.keys[:0]
	return err
}
