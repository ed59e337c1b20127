package store

import (
	"sync/atomic"

	"github.com/zeebo/xxh3"

	"qlgraph/graph"
	"qlgraph/graph/rdf"
)

// The index of hashes has a row (hash, ID, 0, 0) per dictionary term: 32 bits
// of a hash that is seeded per store, so that nobody can make terms collide.
// Terms of equal hash are told apart in the dictionary.
const hashBits = 32

// termHash returns 128 bits of hash over a term's dictionary form.
func termHash(seed uint64, k graph.IDKind, t textTerm) xxh3.Uint128 {
	return xxh3.HashString128Seed(t.text, seed^uint64(k)<<56^uint64(t.qualifier)<<32)
}

func hashRow(h xxh3.Uint128, id graph.ID) row {
	return row{graph.ID(h.Hi >> (64 - hashBits)), id, 0, 0}
}

// idCache remembers the IDs of terms by 128 bits of their hash, which no two
// terms share in practice; two per set, the one found last first. It is shared
// by all snapshots: an ID never changes.
type idCache struct {
	sets [idCacheSets][2]atomic.Pointer[knownID]
}

type knownID struct {
	hash xxh3.Uint128
	id   graph.ID
}

const idCacheSets = 1 << 15 // 2.6 MB when full

func (c *idCache) get(h xxh3.Uint128) (graph.ID, bool) {
	set := &c.sets[h.Lo%idCacheSets]
	for i := range set {
		if k := set[i].Load(); k != nil && k.hash == h {
			return k.id, true
		}
	}
	return 0, false
}

func (c *idCache) put(h xxh3.Uint128, id graph.ID) {
	set := &c.sets[h.Lo%idCacheSets]
	set[1].Store(set[0].Swap(&knownID{h, id}))
}

// find returns the ID of the dictionary term t.
func (v *view) find(t rdf.Term) (graph.ID, bool, error) {
	text, ok := v.terms.qualifiers.textOf(t)
	if !ok {
		return 0, false, nil
	}
	return v.findText(kindOf(t), text, termHash(v.state.seed, kindOf(t), text))
}

func (v *view) findText(k graph.IDKind, text textTerm, h xxh3.Uint128) (graph.ID, bool, error) {
	if id, ok := v.file.ids.get(h); ok {
		// Another snapshot may have learnt of a term that is newer than this one.
		return id, id.Payload() <= v.terms.counts[k], nil
	}
	r := hashRow(h, 0)
	c := v.indexes[indexHashes].cursor()
	var key [4 * 9]byte
	if err := c.seek(appendRowKey(key[:0], r)); err != nil {
		return 0, false, err
	}
	var hashes, ids [maxRows]graph.ID
	for c.valid && c.block.first[0] <= r[0] {
		c.block.column(0, &hashes)
		c.block.column(1, &ids)
		for i, hash := range hashes[:c.block.rows] {
			if hash != r[0] || ids[i].Kind() != k {
				continue
			}
			other, ok, err := v.terms.text(ids[i])
			if err != nil || !ok {
				return 0, false, err
			}
			if other == text {
				if ids[i].Payload() <= v.terms.stable[k] {
					v.file.ids.put(h, ids[i])
				}
				return ids[i], true, nil
			}
		}
		if err := c.next(); err != nil {
			return 0, false, err
		}
	}
	return 0, false, nil
}
