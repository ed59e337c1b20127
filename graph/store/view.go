package store

import (
	"cmp"
	"encoding/binary"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"

	bolt "go.etcd.io/bbolt"

	"qlgraph/graph"
)

// The file's buckets.
//
//	state       format: uint32; state: see state; both little-endian; text (text.go)
//	spog … gspo blocks of quads (block.go), numbered as graph.Order
//	hashes      blocks of (hash, ID) rows (ids.go)
//	terms       dictionary blocks (terms.go)
//	qualifiers  uint32 big-endian: line of the table of qualifiers, checksum
//	statistics  counts (statistics.go)
//	ledger      table, zero byte, key: value, checksum
//	history     revisions of resources (history.go)
//	archive     raw records (history.go)
//	postings    blocks of (word, literal, weight) rows (text.go)
//	words       blocks of words (words.go)
//
// Every value ends in a checksum, in which the number beside the bucket's name
// in the code takes part.
const formatVersion = 1

// Places in bucketNames; the indexes come first, by number.
const (
	bucketTerms = indexText + 1 + iota
	bucketQualifiers
	bucketState
	bucketStatistics
	bucketLedger
	bucketHistory
	bucketArchive
	bucketWords
)

var bucketNames = [...]string{
	graph.SPOG: "spog", graph.PSOG: "psog", graph.POSG: "posg", graph.OSPG: "ospg", graph.GSPO: "gspo",
	indexHashes: "hashes", indexText: "postings", bucketTerms: "terms", bucketQualifiers: "qualifiers", bucketState: "state",
	bucketStatistics: "statistics", bucketLedger: "ledger",
	bucketHistory: "history", bucketArchive: "archive", bucketWords: "words",
}

// bucketsBeside are the buckets that have nothing to do with IDs; a new file
// takes them over as they are.
var bucketsBeside = [...]int{bucketLedger, bucketHistory, bucketArchive}

// Keys of the state bucket.
var (
	keyFormat = []byte("format")
	keyState  = []byte("state")
	keyText   = []byte("text")
)

const (
	orders     = 5          // graph.SPOG to graph.GSPO
	allIndexes = orders + 2 // and indexHashes, indexText
)

// Numbers in checksums, beside those of the indexes.
const (
	checksumTerms = iota + 16
	checksumState
	checksumQualifiers
	checksumLedger
	checksumStatistics
	checksumHistory
	checksumArchive
	checksumWords
)

// state is what a commit says of the whole: 64-bit numbers in this order.
type state struct {
	version  uint64    // of the quads
	counts   [4]uint64 // dictionary terms by ID kind
	seed     uint64    // of hashes
	quads    uint64    // in each permutation
	triples  uint64    // distinct ones
	subjects uint64    // distinct ones
	objects  uint64    // distinct ones
}

func (s *state) fields() []*uint64 {
	return []*uint64{&s.version, &s.counts[0], &s.counts[1], &s.counts[2], &s.counts[3], &s.seed,
		&s.quads, &s.triples, &s.subjects, &s.objects}
}

func (s state) totals() graph.Totals {
	return graph.Totals{Quads: int64(s.quads), Triples: int64(s.triples), Subjects: int64(s.subjects), Objects: int64(s.objects)}
}

func (s *state) add(t graph.Totals) {
	s.quads += uint64(t.Quads)
	s.triples += uint64(t.Triples)
	s.subjects += uint64(t.Subjects)
	s.objects += uint64(t.Objects)
}

func (s state) append(b []byte) []byte {
	for _, n := range s.fields() {
		b = binary.LittleEndian.AppendUint64(b, *n)
	}
	return appendChecksum(b, 0, checksumState, keyState)
}

func readState(value []byte) (s state, err error) {
	body, err := checked(checksumState, keyState, value)
	if err != nil {
		return state{}, err
	}
	fields := s.fields()
	if len(body) < 8*len(fields) {
		return state{}, errors.New("state is too short")
	}
	for i, field := range fields {
		*field = binary.LittleEndian.Uint64(body[8*i:])
	}
	return s, nil
}

// view is the content of the file as one transaction sees it. A bbolt
// transaction must not open buckets from two goroutines, and most readers need
// few: each is opened when it is first asked for, under a lock.
type view struct {
	file  *file
	bolt  *bolt.Tx
	state state
	textState
	terms   dictionary
	opening sync.Mutex
	opened  [len(bucketNames)]atomic.Pointer[bolt.Bucket]
	indexes [allIndexes]index
}

func (f *file) view(tx *bolt.Tx) (*view, error) {
	v := &view{file: f, bolt: tx}
	var err error
	if v.state, err = readState(v.bucket(bucketState).Get(keyState)); err != nil {
		return nil, &DamageError{Where: "state", Err: err}
	}
	for i := range v.indexes {
		v.indexes[i] = index{number: byte(i), view: v, filled: v.state.quads > 0}
	}
	if v.textState, err = readTextState(v.bucket(bucketState).Get(keyText)); err != nil {
		return nil, &DamageError{Where: "text", Err: err}
	}
	v.indexes[indexText].filled = v.rows > 0
	v.indexes[indexHashes].filled = v.state.counts != [4]uint64{}
	v.terms = dictionary{view: v, counts: v.state.counts, stable: v.state.counts, qualifiers: f.qualifiers.Load()}
	return v, nil
}

// bucket returns a bucket by its place in bucketNames. One that is missing is
// damage, reported by a panic as bbolt reports the damage that it sees.
func (v *view) bucket(n int) *bolt.Bucket {
	if b := v.opened[n].Load(); b != nil {
		return b
	}
	v.opening.Lock()
	defer v.opening.Unlock()
	b := v.bolt.Bucket([]byte(bucketNames[n]))
	if b == nil {
		panic(&DamageError{Where: bucketNames[n], Err: errors.New("missing bucket")})
	}
	v.opened[n].Store(b)
	return b
}

// create writes the buckets of an empty store.
func create(tx *bolt.Tx, seed uint64) error {
	for _, name := range bucketNames {
		if _, err := tx.CreateBucketIfNotExists([]byte(name)); err != nil {
			return err
		}
	}
	b := tx.Bucket([]byte(bucketNames[bucketState]))
	if err := b.Put(keyFormat, binary.LittleEndian.AppendUint32(nil, formatVersion)); err != nil {
		return err
	}
	empty := textState{}
	return cmp.Or(b.Put(keyState, state{seed: seed}.append(nil)), b.Put(keyText, empty.append(nil)))
}

// checkFormat reports a file of another format.
func checkFormat(tx *bolt.Tx) error {
	b := tx.Bucket([]byte(bucketNames[bucketState]))
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
	b := tx.Bucket([]byte(bucketNames[bucketQualifiers]))
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
