package store

import (
	"slices"
	"unsafe"

	"github.com/zeebo/xxh3"

	"qlgraph/graph"
	"qlgraph/graph/rdf"
)

// A chunk is as much of a bulk load's input as one worker holds at a time. Its
// quads name terms by their place among the chunk's own sorted terms.
const (
	chunkQuads = 512 << 10 // 16 MB
	chunkText  = 64 << 20
	// localKind marks a place among the chunk's terms.
	localKind = graph.IDLocal
)

// chunkTerms is the dictionary of a chunk: an open-addressed table over one
// array of text, since a map of strings would keep the collector busy.
type chunkTerms struct {
	text    []byte
	entries []chunkEntry
	slots   []uint32 // entry + 1
}

type chunkEntry struct {
	hash      uint64
	offset    uint32
	size      uint32
	qualifier uint32
	kind      graph.IDKind
	role      termRole
}

// termRole tells for what a chunk uses a term.
type termRole uint8

const (
	rolePredicate termRole = 1 << iota
	roleGraph
	roleClass
)

func (c *chunkTerms) reset() {
	if c.slots == nil {
		c.slots = make([]uint32, 1<<12)
	}
	clear(c.slots)
	c.text, c.entries = c.text[:0], c.entries[:0]
}

// add returns the number of the entry of a term.
func (c *chunkTerms) add(k graph.IDKind, t textTerm) uint32 {
	h := xxh3.HashStringSeed(t.text, uint64(k)<<56^uint64(t.qualifier)<<32)
	mask := uint64(len(c.slots) - 1)
	for i := h & mask; ; i = (i + 1) & mask {
		n := c.slots[i]
		if n == 0 {
			c.slots[i] = uint32(len(c.entries)) + 1
			c.entries = append(c.entries, chunkEntry{hash: h, offset: uint32(len(c.text)), size: uint32(len(t.text)), qualifier: t.qualifier, kind: k})
			c.text = append(c.text, t.text...)
			if len(c.entries)*2 > len(c.slots) {
				c.grow()
			}
			return uint32(len(c.entries)) - 1
		}
		e := &c.entries[n-1]
		if e.hash == h && e.kind == k && e.qualifier == t.qualifier && c.textOf(e) == t.text {
			return n - 1
		}
	}
}

func (c *chunkTerms) textOf(e *chunkEntry) string {
	return unsafe.String(unsafe.SliceData(c.text[e.offset:]), int(e.size))
}

func (c *chunkTerms) grow() {
	c.slots = make([]uint32, 2*len(c.slots))
	mask := uint64(len(c.slots) - 1)
	for n, e := range c.entries {
		i := e.hash & mask
		for c.slots[i] != 0 {
			i = (i + 1) & mask
		}
		c.slots[i] = uint32(n) + 1
	}
}

// chunker turns one worker's quads into chunks.
type chunker struct {
	load   *load
	origin origin
	terms  chunkTerms
	rows   []row
	recent recent
	seen   map[qualifier]uint32 // the load's table as far as it is known here
	rdf    known                // rdf:type, whose objects are classes
}

// from says where the quads to come are from; a chunk has those of one origin.
func (c *chunker) from(o origin) (err error) {
	if c.origin != o {
		err = c.flush()
	}
	c.origin = o
	return err
}

// add adds a quad to the chunk.
func (c *chunker) add(q rdf.Quad) error {
	var r row
	for i, t := range [4]rdf.Term{q.S, q.P, q.O, q.G} {
		slot := c.recent.slot(t)
		if t != slot.term {
			*slot = known{t, c.id(t)}
		}
		r[i] = slot.id
	}
	c.mark(r[1], rolePredicate)
	c.mark(r[3], roleGraph)
	if q.P == c.rdf.term {
		c.mark(r[2], roleClass)
	}
	c.rows = append(c.rows, r)
	if len(c.rows) == chunkQuads || len(c.terms.text) >= chunkText {
		return c.flush()
	}
	return nil
}

func (c *chunker) id(t rdf.Term) graph.ID {
	if t.IsZero() {
		return 0
	}
	if id, ok := graph.Inline(t); ok {
		return id
	}
	return graph.MakeID(localKind, uint64(c.terms.add(kindOf(t), c.textOf(t))))
}

// textOf returns the dictionary's form of t.
func (c *chunker) textOf(t rdf.Term) textTerm {
	if !t.IsLiteral() {
		return textTerm{text: t.Value()}
	}
	name := qualifierOf(t)
	if name == (qualifier{}) {
		return textTerm{text: t.Value(), qualifier: qualifierString}
	}
	if n, ok := c.seen[name]; ok {
		return textTerm{text: t.Value(), qualifier: n}
	}
	text := c.load.qualify(t)
	if text.qualifier != qualifierInline {
		c.seen[name] = text.qualifier
	}
	return text
}

func (c *chunker) mark(id graph.ID, role termRole) {
	if id.Kind() == localKind {
		c.terms.entries[id.Payload()].role |= role
	}
}

// flush sorts the chunk's terms and spools terms and quads.
func (c *chunker) flush() error {
	if len(c.rows) == 0 {
		return nil
	}
	order := make([]uint32, len(c.terms.entries))
	for i := range order {
		order[i] = uint32(i)
	}
	term := func(i uint32) spooledTerm {
		e := &c.terms.entries[i]
		return spooledTerm{e.kind, textTerm{c.terms.textOf(e), e.qualifier}}
	}
	slices.SortFunc(order, func(a, b uint32) int { return compareTerms(term(a), term(b)) })
	place := make([]graph.ID, len(order))
	text := make([]byte, 0, len(c.terms.text)+4*len(order))
	for i, n := range order {
		place[n] = graph.MakeID(localKind, uint64(i))
		text = appendSpooledTerm(text, term(n))
		if role := c.terms.entries[n].role; role != 0 {
			c.load.hot.add(term(n), role)
		}
	}
	quads := make([]byte, 0, 10*len(c.rows))
	for rows := c.rows; len(rows) > 0; {
		n := min(len(rows), maxRows)
		for i := range rows[:n] {
			for k, id := range rows[i] {
				if id.Kind() == localKind {
					rows[i][k] = place[id.Payload()]
				}
			}
		}
		quads = appendSpooled(quads, rows[:n])
		rows = rows[n:]
	}
	err := c.load.addChunk(c.origin, text, quads, len(order), len(c.rows))
	c.rows = c.rows[:0]
	c.recent = recent{}
	c.terms.reset()
	return err
}
