package store

import (
	"bytes"
	"encoding/binary"
	"errors"
	"iter"
	"maps"
	"runtime/debug"
	"slices"

	"qlgraph/graph"
)

var (
	_ graph.Statistics        = (*Snapshot)(nil)
	_ graph.DatasetStatistics = (*Snapshot)(nil)
)

// Keys of the statistics are a letter and eight bytes, big-endian; values are
// varints and a checksum.
//
//	p predicate   quads, subjects, objects
//	c class       instances
//	g graph       quads, subjects, predicates: n, {ID, quads}…, classes: likewise
//	s hash        subjects, predicates: n, {ID, quads}…: a characteristic set
const (
	statPredicate = 'p'
	statClass     = 'c'
	statGraph     = 'g'
	statSet       = 's'
)

var errStatistics = errors.New("malformed statistics")

func statKey(letter byte, id uint64) []byte {
	return binary.BigEndian.AppendUint64([]byte{letter}, id)
}

// statFields reads the varints of a value.
type statFields struct {
	rest []byte
	err  error
}

func (f *statFields) next() int64 {
	n, size := binary.Varint(f.rest)
	if size <= 0 {
		f.err = errStatistics
		return 0
	}
	f.rest = f.rest[size:]
	return n
}

func (f *statFields) counts() []graph.Count {
	n := f.next()
	if n < 0 || n > int64(len(f.rest)) {
		f.err = errStatistics
		return nil
	}
	counts := make([]graph.Count, n)
	last := graph.ID(0)
	for i := range counts {
		last += graph.ID(f.next())
		counts[i] = graph.Count{ID: last, N: f.next()}
	}
	return counts
}

func appendCounts(b []byte, counts []graph.Count) []byte {
	b = binary.AppendVarint(b, int64(len(counts)))
	last := graph.ID(0)
	for _, c := range counts {
		b = binary.AppendVarint(b, int64(c.ID-last))
		b = binary.AppendVarint(b, c.N)
		last = c.ID
	}
	return b
}

// stat reads the value of a key with fn, which is not called where there is
// none.
func (v *view) stat(key []byte, fn func(*statFields)) error {
	return readStat(key, v.bucket(bucketStatistics).Get(key), fn)
}

func readStat(key, value []byte, fn func(*statFields)) error {
	if value == nil {
		return nil
	}
	body, err := checked(checksumStatistics, key, value)
	f := &statFields{rest: body, err: err}
	if err == nil {
		fn(f)
	}
	if f.err != nil {
		return &DamageError{Where: "statistics", Err: f.err}
	}
	return nil
}

func (v *view) predicateCounts(p graph.ID) (c graph.PredicateCounts, err error) {
	err = v.stat(statKey(statPredicate, uint64(p)), func(f *statFields) {
		c = graph.PredicateCounts{Quads: f.next(), Subjects: f.next(), Objects: f.next()}
	})
	return c, err
}

func (v *view) instances(class graph.ID) (n int64, err error) {
	err = v.stat(statKey(statClass, uint64(class)), func(f *statFields) { n = f.next() })
	return n, err
}

func (v *view) graphCounts(g graph.ID) (c graph.GraphCounts, err error) {
	err = v.stat(statKey(statGraph, uint64(g)), func(f *statFields) {
		c = graph.GraphCounts{Quads: f.next(), Subjects: f.next(), Predicates: f.counts(), Classes: f.counts()}
	})
	return c, err
}

// statIDs returns the IDs of the keys with the letter, sorted.
func (v *view) statIDs(letter byte) (ids []graph.ID, err error) {
	c := v.bucket(bucketStatistics).Cursor()
	for k, _ := c.Seek([]byte{letter}); len(k) == 9 && k[0] == letter; k, _ = c.Next() {
		ids = append(ids, graph.ID(binary.BigEndian.Uint64(k[1:])))
	}
	return ids, nil
}

// Predicate implements graph.Statistics.
func (s *Snapshot) Predicate(p graph.ID) (_ graph.PredicateCounts, err error) {
	if err := s.begin(); err != nil {
		return graph.PredicateCounts{}, err
	}
	defer s.finish(debug.SetPanicOnFault(true), &err)
	return s.predicateCounts(p)
}

// Predicates implements graph.Statistics.
func (s *Snapshot) Predicates() (_ []graph.ID, err error) {
	if err := s.begin(); err != nil {
		return nil, err
	}
	defer s.finish(debug.SetPanicOnFault(true), &err)
	return s.statIDs(statPredicate)
}

// Instances implements graph.Statistics.
func (s *Snapshot) Instances(class graph.ID) (_ int64, err error) {
	if err := s.begin(); err != nil {
		return 0, err
	}
	defer s.finish(debug.SetPanicOnFault(true), &err)
	return s.instances(class)
}

// Classes implements graph.Statistics.
func (s *Snapshot) Classes() (_ []graph.ID, err error) {
	if err := s.begin(); err != nil {
		return nil, err
	}
	defer s.finish(debug.SetPanicOnFault(true), &err)
	return s.statIDs(statClass)
}

// Totals implements graph.DatasetStatistics.
func (s *Snapshot) Totals() (graph.Totals, error) {
	if err := s.begin(); err != nil {
		return graph.Totals{}, err
	}
	defer s.mu.RUnlock()
	return s.state.totals(), nil
}

// Graph implements graph.DatasetStatistics.
func (s *Snapshot) Graph(g graph.ID) (_ graph.GraphCounts, err error) {
	if err := s.begin(); err != nil {
		return graph.GraphCounts{}, err
	}
	defer s.finish(debug.SetPanicOnFault(true), &err)
	return s.graphCounts(g)
}

// CharacteristicSets implements graph.DatasetStatistics.
func (s *Snapshot) CharacteristicSets() iter.Seq2[graph.CharacteristicSet, error] {
	return func(yield func(graph.CharacteristicSet, error) bool) {
		from := []byte{statSet}
		for {
			sets, next, err := s.sets(from)
			if err != nil {
				yield(graph.CharacteristicSet{}, err)
				return
			}
			for _, set := range sets {
				if !yield(set, nil) {
					return
				}
			}
			if next == nil {
				return
			}
			from = next
		}
	}
}

// sets returns some characteristic sets and the key of the first that is left.
func (s *Snapshot) sets(from []byte) (sets []graph.CharacteristicSet, next []byte, err error) {
	if err := s.begin(); err != nil {
		return nil, nil, err
	}
	defer s.finish(debug.SetPanicOnFault(true), &err)
	c := s.bucket(bucketStatistics).Cursor()
	for k, v := c.Seek(from); k != nil && k[0] == statSet; k, v = c.Next() {
		if len(sets) == entriesAtOnce {
			return sets, bytes.Clone(k), nil
		}
		set := graph.CharacteristicSet{}
		if err := readStat(k, v, func(f *statFields) {
			set = graph.CharacteristicSet{Subjects: f.next(), Predicates: f.counts()}
		}); err != nil {
			return nil, nil, err
		}
		sets = append(sets, set)
	}
	return sets, nil, nil
}

// sortedIDs returns the keys of m in order.
func sortedIDs[K ~uint64, V any](m map[K]V) []K {
	return slices.Sorted(maps.Keys(m))
}

// statWriter writes statistics: a transaction, or the builder of a file.
type statWriter func(key, value []byte) error

// save adds the tally to what v has, which may be nothing, in key order.
func (t *tally) save(v *view, put statWriter) error {
	old := func(key []byte, fn func(*statFields)) error {
		if v == nil {
			return nil
		}
		return v.stat(key, fn)
	}
	write := func(key []byte, empty bool, value []byte) error {
		if empty {
			return put(key, nil)
		}
		return put(key, appendChecksum(value, 0, checksumStatistics, key))
	}
	for _, id := range sortedIDs(t.classes) {
		key, n := statKey(statClass, uint64(id)), t.classes[id]
		if err := old(key, func(f *statFields) { n += f.next() }); err != nil {
			return err
		}
		if err := write(key, n == 0, binary.AppendVarint(nil, n)); err != nil {
			return err
		}
	}
	for _, id := range sortedIDs(t.graphs) {
		g := t.graphs[id]
		key, c := statKey(statGraph, uint64(id)), graph.GraphCounts{}
		if err := old(key, func(f *statFields) {
			c = graph.GraphCounts{Quads: f.next(), Subjects: f.next(), Predicates: f.counts(), Classes: f.counts()}
		}); err != nil {
			return err
		}
		value := binary.AppendVarint(nil, c.Quads+g.quads)
		value = binary.AppendVarint(value, c.Subjects+g.subjects)
		value = appendCounts(value, addCounts(c.Predicates, g.predicates))
		value = appendCounts(value, addCounts(c.Classes, g.classes))
		if err := write(key, c.Quads+g.quads == 0, value); err != nil {
			return err
		}
	}
	for _, id := range sortedIDs(t.predicates) {
		key, c := statKey(statPredicate, uint64(id)), *t.predicates[id]
		if err := old(key, func(f *statFields) {
			c.Quads += f.next()
			c.Subjects += f.next()
			c.Objects += f.next()
		}); err != nil {
			return err
		}
		value := binary.AppendVarint(binary.AppendVarint(binary.AppendVarint(nil, c.Quads), c.Subjects), c.Objects)
		if err := write(key, c.Quads == 0, value); err != nil {
			return err
		}
	}
	return t.saveSets(old, write)
}

func (t *tally) saveSets(old func([]byte, func(*statFields)) error, write func([]byte, bool, []byte) error) error {
	for _, h := range sortedIDs(t.sets) {
		s := t.sets[h]
		key, subjects, counts := statKey(statSet, h), s.subjects, s.predicates
		if err := old(key, func(f *statFields) {
			subjects += f.next()
			for i, c := range f.counts() {
				if i >= len(counts) || counts[i].ID != c.ID {
					f.err = errStatistics
					return
				}
				counts[i].N += c.N
			}
		}); err != nil {
			return err
		}
		if err := write(key, subjects == 0, appendCounts(binary.AppendVarint(nil, subjects), counts)); err != nil {
			return err
		}
	}
	return nil
}
