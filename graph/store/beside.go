package store

import (
	"bufio"
	"bytes"
	"cmp"
	"encoding/binary"
	"io"
	"slices"

	bolt "go.etcd.io/bbolt"
)

// besideChanges is values beside the quads that a bulk transaction sets, sorted
// on disk: runs of entries in a spool. A value that is set later wins.
//
//	entry   bucket byte, key's length uvarint, key, value's length + 1 uvarint
//	        (0: the key is removed), value
type besideChanges struct {
	spool *spool
	runs  []section
	text  []byte
	at    []besideEntry
}

// besideEntry is a place in besideChanges.text.
type besideEntry struct {
	bucket         int
	key, value, to uint32
	removed        bool
}

// besideBytes is how much of the changes is sorted at a time.
const besideBytes = 16 << 20

func (c *besideChanges) add(bucket int, key, value []byte) error {
	e := besideEntry{bucket: bucket, key: uint32(len(c.text)), removed: value == nil}
	c.text = append(c.text, key...)
	e.value = uint32(len(c.text))
	c.text = append(c.text, value...)
	e.to = uint32(len(c.text))
	c.at = append(c.at, e)
	if len(c.text) >= besideBytes {
		return c.flush()
	}
	return nil
}

func (c *besideChanges) flush() error {
	if len(c.at) == 0 {
		return nil
	}
	slices.SortStableFunc(c.at, func(a, b besideEntry) int {
		return cmp.Or(a.bucket-b.bucket, bytes.Compare(c.text[a.key:a.value], c.text[b.key:b.value]))
	})
	run := make([]byte, 0, len(c.text)+8*len(c.at))
	for _, e := range c.at {
		run = append(run, byte(e.bucket))
		run = binary.AppendUvarint(run, uint64(e.value-e.key))
		run = append(run, c.text[e.key:e.value]...)
		if e.removed {
			run = append(run, 0)
			continue
		}
		run = binary.AppendUvarint(run, uint64(e.to-e.value)+1)
		run = append(run, c.text[e.value:e.to]...)
	}
	at, err := c.spool.add(run)
	c.runs = append(c.runs, at)
	c.text, c.at = c.text[:0], c.at[:0]
	return err
}

// besideRun is a run while it is merged. A bucket of -1 is its end.
type besideRun struct {
	from   *bufio.Reader
	bucket int
	key    []byte
	value  []byte // nil: the key is removed
}

func (r *besideRun) next() error {
	bucket, err := r.from.ReadByte()
	if err == io.EOF {
		r.bucket = -1
		return nil
	}
	if err != nil {
		return err
	}
	r.bucket = int(bucket)
	size, err := binary.ReadUvarint(r.from)
	if err != nil {
		return err
	}
	r.key = make([]byte, size)
	if _, err := io.ReadFull(r.from, r.key); err != nil {
		return err
	}
	if size, err = binary.ReadUvarint(r.from); err != nil {
		return err
	}
	if r.value = nil; size == 0 {
		return nil
	}
	r.value = make([]byte, size-1)
	_, err = io.ReadFull(r.from, r.value)
	return err
}

// besideMerge walks the changes of all runs in order.
type besideMerge struct{ runs []*besideRun }

func (c *besideChanges) merge() (*besideMerge, error) {
	if err := c.flush(); err != nil {
		return nil, err
	}
	m := &besideMerge{}
	for _, at := range c.runs {
		r := &besideRun{from: c.spool.open(at)}
		if err := r.next(); err != nil {
			return nil, err
		}
		m.runs = append(m.runs, r)
	}
	return m, nil
}

// least returns the run with the least entry of a bucket, of equal ones the
// latest; nil where there is none. Runs are few enough to look at each.
func (m *besideMerge) least(bucket int) *besideRun {
	var least *besideRun
	for _, r := range m.runs {
		if r.bucket == bucket && (least == nil || bytes.Compare(r.key, least.key) <= 0) {
			least = r
		}
	}
	return least
}

// next returns the next change of a bucket; a nil key at its end.
func (m *besideMerge) next(bucket int) (key, value []byte, err error) {
	least := m.least(bucket)
	if least == nil {
		return nil, nil, nil
	}
	key, value = least.key, least.value
	for _, r := range m.runs {
		for r.bucket == bucket && bytes.Equal(r.key, key) {
			if r == least {
				value = r.value // the last one of its run
			}
			if err := r.next(); err != nil {
				return nil, nil, err
			}
		}
	}
	return key, value, nil
}

// rewrite writes the buckets beside the quads with the changes. Old values are
// the snapshot's, which has to stay open until b has committed.
func (c *besideChanges) rewrite(snap *Snapshot, b *builder) error {
	m, err := c.merge()
	if err != nil {
		return err
	}
	return guarded(func() error {
		for _, n := range bucketsBeside {
			if err := m.rewrite(snap.bucket(n), n, b); err != nil {
				return err
			}
			snap.file.forget()
		}
		return nil
	})
}

func (m *besideMerge) rewrite(old *bolt.Bucket, n int, b *builder) error {
	held := old.Cursor()
	k, v := held.First()
	for {
		key, value, err := m.next(n)
		if err != nil {
			return err
		}
		for k != nil && (key == nil || bytes.Compare(k, key) < 0) {
			if err := b.put(n, k, v); err != nil {
				return err
			}
			k, v = held.Next()
		}
		if key == nil {
			return nil
		}
		if bytes.Equal(k, key) {
			k, v = held.Next()
		}
		if value == nil {
			continue
		}
		if err := b.put(n, key, value); err != nil {
			return err
		}
	}
}
