package pipeline

import (
	"cmp"
	"encoding/hex"
	"iter"
	"slices"
	"strings"

	"github.com/zeebo/xxh3"

	"qlgraph/graph"
)

// A roll is what a run keeps in memory of the records of a source: some 200
// bytes each. Their rows, triples and originals are in the ledger, or in the
// stage where the run changes them.
type roll struct {
	entries []*entry
	index   map[recordID]*entry
	claims  []claim
	known   int // records that were known before
	was     int // of them published
	seen    int // records that the source still has
	sorted  []*entry
}

// recordID is a record's key without that of its source.
type recordID [16]byte

// entry is a record on the roll.
type entry struct {
	id   recordID
	hash [16]byte // of what was read last

	// Before the run.
	known, wasPublished, wasWithdrawn, wasWithheld, hadResults, due bool
	// In the run.
	seen      bool // the source still has it
	staged    bool // there is a change
	same      bool // the triples are those of before
	affected  bool // it is validated again though the source did not change it
	validated bool // its report is new
	published bool // its triples are in the source's graph after the run

	courses, results, violations int32 // after the run
	weight                       int32 // bytes of the block before it is compressed
	head, block, report, raw     span  // of the change
}

// claim says that a record describes a course or offering.
type claim struct {
	subject  xxh3.Uint128 // its IRI's hash
	by       *entry
	before   bool // by the known row, else by the staged one
	offering bool
}

func newRoll() *roll { return &roll{index: map[recordID]*entry{}} }

// entry returns the entry of a record, a new one where there is none.
func (r *roll) entry(id recordID) *entry {
	e := r.index[id]
	if e == nil {
		e = &entry{id: id}
		r.index[id] = e
		r.entries = append(r.entries, e)
	}
	return e
}

// enter puts a record on the roll that is known.
func (r *roll) enter(key string, row *Row, due bool) {
	e := r.entry(idOf(key))
	hex.Decode(e.hash[:], []byte(row.Hash)) // a hash that is none equals no other
	e.known, e.wasPublished, e.wasWithdrawn, e.wasWithheld = true, row.published(), row.Withdrawn != nil, row.Withheld != ""
	e.hadResults, e.due, e.published = row.Results > 0, due, row.published()
	e.courses, e.results, e.violations = int32(row.Courses), int32(row.Results), int32(row.Violations)
	r.known++
	if e.wasPublished {
		r.was++
		r.claim(e, row, true)
	}
}

// claim notes what a row describes.
func (r *roll) claim(e *entry, row *Row, before bool) {
	for i, iri := range row.Subjects {
		r.claims = append(r.claims, claim{subjectHash(iri), e, before, i >= row.Courses})
	}
}

func subjectHash(iri string) xxh3.Uint128 { return xxh3.HashString128(iri) }

// see notes that the source still has the record.
func (r *roll) see(e *entry) {
	if !e.seen {
		e.seen = true
		r.seen++
	}
}

// miss takes that back.
func (r *roll) miss(e *entry) {
	e.seen = false
	r.seen--
}

// inOrder returns the entries in the order of their keys. It is called when
// all are there.
func (r *roll) inOrder() []*entry {
	if len(r.sorted) != len(r.entries) {
		r.sorted = slices.SortedFunc(slices.Values(r.entries), func(a, b *entry) int { return compareIDs(a.id, b.id) })
	}
	return r.sorted
}

// changed walks the staged entries in the order of their keys.
func (r *roll) changed() iter.Seq[*entry] {
	return func(yield func(*entry) bool) {
		for _, e := range r.inOrder() {
			if e.staged && !yield(e) {
				return
			}
		}
	}
}

// present walks the published records that the source has now, claims of which
// are those of the run: of a run that is not complete also what it did not see.
func (h *harvest) present(e *entry) bool { return e.published && (e.seen || !h.complete) }

// claims returns who describes what after the run, by subject and key.
func (h *harvest) claims() []claim {
	var now []claim
	for _, c := range h.roll.claims {
		if h.present(c.by) && c.before != c.by.staged {
			now = append(now, c)
		}
	}
	sortClaims(now)
	return now
}

func sortClaims(claims []claim) {
	slices.SortFunc(claims, func(a, b claim) int {
		return cmp.Or(cmp.Compare(a.subject.Hi, b.subject.Hi), cmp.Compare(a.subject.Lo, b.subject.Lo), compareIDs(a.by.id, b.by.id))
	})
}

func compareIDs(a, b recordID) int { return slices.Compare(a[:], b[:]) }

// key returns the record's key in the ledger.
func (h *harvest) keyOf(e *entry) string { return h.key + "/" + hex.EncodeToString(e.id[:]) }

// idOf returns the id of a record's key.
func idOf(key string) (id recordID) {
	hex.Decode(id[:], []byte(key[strings.LastIndexByte(key, '/')+1:])) // keys are ours
	return id
}

// before returns the row of a record as it was before the run, the zero Row
// where it was not known.
func (h *harvest) before(l graph.Ledger, e *entry) (row Row, err error) {
	if e.known {
		_, err = get(l, tableRecord, h.keyOf(e), &row)
	}
	return row, err
}
