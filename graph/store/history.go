package store

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"runtime/debug"
	"time"

	"qlgraph/graph"
)

var (
	_ graph.History   = (*Snapshot)(nil)
	_ graph.HistoryTx = (*Tx)(nil)
)

// History is kept in two buckets, each value with a checksum at its end:
//
//	history  resource, zero byte, number (uint32 big-endian):
//	         milliseconds varint, flags, hash, record, length of run varint,
//	         run, zstd of the state
//	archive  SHA-256: milliseconds varint, zstd of the record
const (
	maxResource  = 8 << 10
	revisionGone = 1
)

var errHistory = errors.New("malformed revision")

func revisionKey(resource string, number uint32) []byte {
	return binary.BigEndian.AppendUint32([]byte(resource+"\x00"), number)
}

// revision is a stored revision; its state points into the transaction's pages.
type revision struct {
	graph.Revision
	state []byte // compressed
}

func readRevision(key, value []byte) (r revision, err error) {
	body, err := checked(checksumHistory, key, value)
	if err != nil {
		return revision{}, err
	}
	ms, n := binary.Varint(body)
	if n <= 0 || len(key) < 5 || len(body) < n+1+32+32+1 {
		return revision{}, errHistory
	}
	r.Number = binary.BigEndian.Uint32(key[len(key)-4:])
	r.At = time.UnixMilli(ms).UTC()
	r.Gone = body[n]&revisionGone != 0
	body = body[n+1:]
	copy(r.Hash[:], body)
	copy(r.Record[:], body[32:])
	size, n := binary.Uvarint(body[64:])
	if n <= 0 || size > uint64(len(body)-64-n) {
		return revision{}, errHistory
	}
	body = body[64+n:]
	r.Run, r.state = string(body[:size]), body[size:]
	return r, nil
}

func (c *codec) appendRevision(b []byte, key []byte, r graph.Revision, state []byte) []byte {
	start := len(b)
	b = binary.AppendVarint(b, r.At.UnixMilli())
	flags := byte(0)
	if r.Gone {
		flags |= revisionGone
	}
	b = append(append(append(b, flags), r.Hash[:]...), r.Record[:]...)
	b = binary.AppendUvarint(b, uint64(len(r.Run)))
	b = append(b, r.Run...)
	return appendChecksum(c.enc.EncodeAll(state, b), start, checksumHistory, key)
}

// Revisions implements graph.History.
func (s *Snapshot) Revisions(resource string) (revisions []graph.Revision, err error) {
	if err := s.begin(); err != nil {
		return nil, err
	}
	defer s.finish(debug.SetPanicOnFault(true), &err)
	c := s.bucket(bucketHistory).Cursor()
	prefix := []byte(resource + "\x00")
	for k, v := c.Seek(prefix); bytes.HasPrefix(k, prefix) && len(k) == len(prefix)+4; k, v = c.Next() {
		r, err := readRevision(k, v)
		if err != nil {
			return nil, &DamageError{Where: "history", Err: err}
		}
		revisions = append(revisions, r.Revision)
	}
	return revisions, nil
}

// RevisionState implements graph.History.
func (s *Snapshot) RevisionState(resource string, number uint32) (state []byte, err error) {
	if err := s.begin(); err != nil {
		return nil, err
	}
	defer s.finish(debug.SetPanicOnFault(true), &err)
	key := revisionKey(resource, number)
	value := s.bucket(bucketHistory).Get(key)
	if value == nil {
		return nil, nil
	}
	r, err := readRevision(key, value)
	if err == nil {
		state, err = s.file.codec.dec.DecodeAll(r.state, []byte{})
	}
	if err != nil {
		return nil, &DamageError{Where: "history", Err: err}
	}
	return state, nil
}

// Archived implements graph.History.
func (s *Snapshot) Archived(hash [32]byte) (record []byte, err error) {
	if err := s.begin(); err != nil {
		return nil, err
	}
	defer s.finish(debug.SetPanicOnFault(true), &err)
	value := s.bucket(bucketArchive).Get(hash[:])
	if value == nil {
		return nil, nil
	}
	body, err := checked(checksumArchive, hash[:], value)
	if err == nil {
		_, n := binary.Varint(body)
		record, err = s.file.codec.dec.DecodeAll(body[max(n, 0):], []byte{})
	}
	if err == nil && sha256.Sum256(record) != hash {
		err = errChecksum
	}
	if err != nil {
		return nil, &DamageError{Where: "archive", Err: err}
	}
	return record, nil
}

// Record implements graph.HistoryTx.
func (tx *Tx) Record(resource string, r graph.Revision, state []byte) (recorded bool, err error) {
	err = tx.guard(func() error {
		if err := checkResource(resource); err != nil {
			return err
		}
		newest, err := tx.newest(resource)
		if err != nil || newest.Number > 0 && newest.Hash == r.Hash && newest.Gone == r.Gone {
			return err
		}
		recorded = true
		r.Number = newest.Number + 1
		key := revisionKey(resource, r.Number)
		return tx.put(bucketHistory, key, tx.file.codec.appendRevision(nil, key, r, state))
	})
	return recorded, err
}

// newest returns the last revision of a resource, the zero one where it has
// none.
func (v *view) newest(resource string) (graph.Revision, error) {
	c := v.bucket(bucketHistory).Cursor()
	prefix := []byte(resource + "\x00")
	k, value := c.Seek(append(bytes.Clone(prefix), 0xff, 0xff, 0xff, 0xff))
	if !bytes.HasPrefix(k, prefix) {
		if k == nil {
			k, value = c.Last()
		} else {
			k, value = c.Prev()
		}
	}
	if !bytes.HasPrefix(k, prefix) || len(k) != len(prefix)+4 {
		return graph.Revision{}, nil
	}
	r, err := readRevision(k, value)
	if err != nil {
		return graph.Revision{}, &DamageError{Where: "history", Err: err}
	}
	return r.Revision, nil
}

// archiveRefresh is by how much the time of an archived record must have
// changed to be written again.
const archiveRefresh = 24 * time.Hour

// Archive implements graph.HistoryTx.
func (tx *Tx) Archive(record []byte, at time.Time) (hash [32]byte, err error) {
	err = tx.guard(func() error {
		var value []byte
		if hash, value = tx.archived(record, at); value == nil {
			return nil
		}
		return tx.put(bucketArchive, hash[:], value)
	})
	return hash, err
}

// archived returns the value under which the archive keeps a record, nil where
// it has it already.
func (v *view) archived(record []byte, at time.Time) (hash [32]byte, value []byte) {
	hash = sha256.Sum256(record)
	if old := v.bucket(bucketArchive).Get(hash[:]); old != nil {
		ms, _ := binary.Varint(old)
		if at.UnixMilli()-ms < archiveRefresh.Milliseconds() {
			return hash, nil
		}
	}
	value = v.file.codec.enc.EncodeAll(record, binary.AppendVarint(nil, at.UnixMilli()))
	return hash, appendChecksum(value, 0, checksumArchive, hash[:])
}

// Prune drops what retention lets go of the history, and the archived records
// that nothing names any more and that were last seen before retention.Before.
// It returns how many revisions and records went.
func (s *Store) Prune(ctx context.Context, retention graph.Retention) (revisions, records int, err error) {
	if retention == (graph.Retention{}) {
		return 0, 0, nil
	}
	_, err = s.Write(ctx, func(tx *Tx) error {
		return tx.guard(func() (err error) {
			named := map[[32]byte]bool{}
			if revisions, err = tx.pruneRevisions(retention, named); err != nil {
				return err
			}
			records, err = tx.pruneRecords(retention.Before, named)
			return err
		})
	})
	return revisions, records, err
}

// pruneRevisions drops revisions, and names the records of those that stay.
func (tx *Tx) pruneRevisions(retention graph.Retention, named map[[32]byte]bool) (dropped int, err error) {
	var drop [][]byte
	var kept int // revisions of the resource so far, from its newest on
	var resource []byte
	c := tx.bucket(bucketHistory).Cursor()
	for k, v := c.Last(); k != nil; k, v = c.Prev() {
		r, err := readRevision(k, v)
		if err != nil {
			return 0, &DamageError{Where: "history", Err: err}
		}
		if name := k[:len(k)-4]; !bytes.Equal(name, resource) {
			resource, kept = bytes.Clone(name), 0
		}
		tooMany := retention.Revisions > 0 && kept >= retention.Revisions
		if kept > 0 && (tooMany || r.At.Before(retention.Before)) {
			drop = append(drop, bytes.Clone(k))
			continue
		}
		kept++
		named[r.Record] = true
	}
	for _, k := range drop {
		if err := tx.put(bucketHistory, k, nil); err != nil {
			return 0, err
		}
	}
	return len(drop), nil
}

func (tx *Tx) pruneRecords(before time.Time, named map[[32]byte]bool) (dropped int, err error) {
	var drop [][]byte
	if err := tx.bucket(bucketArchive).ForEach(func(k, v []byte) error {
		ms, n := binary.Varint(v)
		if n > 0 && len(k) == 32 && !named[[32]byte(k)] && time.UnixMilli(ms).Before(before) {
			drop = append(drop, bytes.Clone(k))
		}
		return nil
	}); err != nil {
		return 0, err
	}
	for _, k := range drop {
		if err := tx.put(bucketArchive, k, nil); err != nil {
			return 0, err
		}
	}
	return len(drop), nil
}

// replaced is a value beside the quads as it was before the transaction.
type replaced struct {
	bucket   int
	key, old []byte
}

// put sets a value beside the quads, or removes it where value is nil.
func (tx *Tx) put(bucket int, key, value []byte) error {
	var old []byte
	if stored := tx.bucket(bucket).Get(key); stored != nil {
		old = append([]byte{}, stored...)
	}
	tx.replaced = append(tx.replaced, replaced{bucket, key, old})
	return tx.work.put(bucket, key, value)
}

func (w *work) put(bucket int, key, value []byte) error {
	w.recorded = true
	if value == nil {
		return w.bucket(bucket).Delete(key)
	}
	return w.bucket(bucket).Put(key, value)
}
