package store

import (
	"cmp"
	"encoding/binary"
	"errors"
	"fmt"

	bolt "go.etcd.io/bbolt"

	"qlgraph/graph"
)

// The file's buckets.
//
//	state       format: uint32; state: see state; both little-endian
//	spog … gspo blocks of quads (block.go), numbered as graph.Order
//	hashes      blocks of (hash, ID) rows (ids.go)
//	terms       dictionary blocks (terms.go)
//	qualifiers  uint32 big-endian: line of the table of qualifiers, checksum
//	ledger      one bucket per table: key: value, checksum
//
// Every value ends in a checksum, in which the number beside the bucket's name
// in the code takes part.
const formatVersion = 1

var (
	bucketState      = []byte("state")
	bucketTerms      = []byte("terms")
	bucketQualifiers = []byte("qualifiers")
	bucketLedger     = []byte("ledger")
	keyFormat        = []byte("format")
	keyState         = []byte("state")
)

// bucketIndexes are the names of the indexes, by number.
var bucketIndexes = [...][]byte{
	graph.SPOG: []byte("spog"), graph.PSOG: []byte("psog"), graph.POSG: []byte("posg"),
	graph.OSPG: []byte("ospg"), graph.GSPO: []byte("gspo"), indexHashes: []byte("hashes"),
}

// bucketsBeside are the buckets that have nothing to do with IDs; a new file
// takes them over as they are.
var bucketsBeside = [...][]byte{bucketLedger}

const orders = 5

// Numbers in checksums, beside those of the indexes.
const (
	checksumTerms = iota + 16
	checksumState
	checksumQualifiers
	checksumLedger
)

// state is what a commit says of the whole: 64-bit numbers in this order.
type state struct {
	version uint64    // of the quads
	quads   uint64    // in each permutation
	counts  [4]uint64 // dictionary terms by ID kind
	seed    uint64    // of hashes
}

func (s state) append(b []byte) []byte {
	for _, n := range [...]uint64{s.version, s.quads, s.counts[0], s.counts[1], s.counts[2], s.counts[3], s.seed} {
		b = binary.LittleEndian.AppendUint64(b, n)
	}
	return appendChecksum(b, 0, checksumState, keyState)
}

func readState(value []byte) (s state, err error) {
	body, err := checked(checksumState, keyState, value)
	if err != nil {
		return state{}, err
	}
	if len(body) < 7*8 {
		return state{}, errors.New("state is too short")
	}
	for i, field := range [...]*uint64{&s.version, &s.quads, &s.counts[0], &s.counts[1], &s.counts[2], &s.counts[3], &s.seed} {
		*field = binary.LittleEndian.Uint64(body[8*i:])
	}
	return s, nil
}

// view is the content of the file as one transaction sees it. Its buckets are
// opened once, since a bbolt transaction must not open any from two goroutines.
type view struct {
	file    *file
	bolt    *bolt.Tx
	state   state
	indexes [orders]index
	hashes  index
	terms   dictionary
	ledger  *bolt.Bucket
}

func (f *file) view(tx *bolt.Tx) (*view, error) {
	v := &view{file: f, bolt: tx}
	bucket := tx.Bucket(bucketState)
	if bucket == nil {
		return nil, &DamageError{Where: "state", Err: errors.New("missing bucket")}
	}
	var err error
	if v.state, err = readState(bucket.Get(keyState)); err != nil {
		return nil, &DamageError{Where: "state", Err: err}
	}
	for i, name := range bucketIndexes {
		ix := index{number: byte(i), bucket: tx.Bucket(name), filled: v.state.quads > 0}
		if ix.bucket == nil {
			return nil, &DamageError{Where: string(name), Err: errors.New("missing bucket")}
		}
		if i < orders {
			v.indexes[i] = ix
		} else {
			ix.filled = v.state.counts != [4]uint64{}
			v.hashes = ix
		}
	}
	v.terms = dictionary{blocks: tx.Bucket(bucketTerms), codec: f.codec, cache: f.terms,
		counts: v.state.counts, stable: v.state.counts}
	v.ledger = tx.Bucket(bucketLedger)
	if v.terms.blocks == nil || v.ledger == nil {
		return nil, &DamageError{Where: "terms", Err: errors.New("missing bucket")}
	}
	v.terms.qualifiers = f.qualifiers.Load()
	return v, nil
}

// create writes the buckets of an empty store.
func create(tx *bolt.Tx, seed uint64) error {
	for _, name := range append(bucketIndexes[:], bucketTerms, bucketQualifiers, bucketLedger) {
		if _, err := tx.CreateBucketIfNotExists(name); err != nil {
			return err
		}
	}
	b, err := tx.CreateBucketIfNotExists(bucketState)
	if err != nil {
		return err
	}
	if err := b.Put(keyFormat, binary.LittleEndian.AppendUint32(nil, formatVersion)); err != nil {
		return err
	}
	return b.Put(keyState, state{seed: seed}.append(nil))
}

// checkFormat reports a file of another format.
func checkFormat(tx *bolt.Tx) error {
	b := tx.Bucket(bucketState)
	if b == nil || len(b.Get(keyFormat)) != 4 {
		return &DamageError{Where: "state", Err: errors.New("no format version")}
	}
	if n := binary.LittleEndian.Uint32(b.Get(keyFormat)); n != formatVersion {
		return fmt.Errorf("store: format %d, this program reads format %d", n, formatVersion)
	}
	return nil
}

// readQualifiers reads the table of qualifiers.
func readQualifiers(tx *bolt.Tx) (*qualifiers, error) {
	q := newQualifiers()
	b := tx.Bucket(bucketQualifiers)
	if b == nil {
		return nil, &DamageError{Where: "qualifiers", Err: errors.New("missing bucket")}
	}
	err := b.ForEach(func(k, v []byte) error {
		body, err := checked(checksumQualifiers, k, v)
		if err == nil && (len(k) != 4 || int(binary.BigEndian.Uint32(k)) != len(q.lines)) {
			err = errChain
		}
		name, lineErr := readQualifier(string(body))
		if err = cmp.Or(err, lineErr); err != nil {
			return &DamageError{Where: "qualifiers", Err: err}
		}
		q.add(name)
		return nil
	})
	return q, err
}
