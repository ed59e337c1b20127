package turtle

import (
	"cmp"
	"hash/maphash"

	"qlgraph/graph/rdf"
)

// termID numbers the terms of a document from 1; 0 is no term.
type termID uint32

// termTable holds the terms of a document. IRIs and blank nodes are kept once
// each. Literals are kept as often as they come: few come twice, and to find
// those would cost more than it saves. Nothing in it is a pointer but the pages
// themselves, so that the collector has next to nothing to walk.
type termTable struct {
	names   *names
	text    textPages
	entries list[entry]
	slots   []slot // of a hash table with linear probing; a power of two
	known   int    // the number of slots in use
	seed    maphash.Seed
}

// entry is a term. The qualifier of a literal is the entry of its datatype or,
// as if it were a plain literal, of its language tag.
type entry struct {
	value     span
	qualifier termID
	prefix    int32 // the index of the prefix that abbreviates an IRI, or -1
	kind      rdf.Kind
	lang      bool // the qualifier is a language tag
}

type slot struct {
	hash uint32
	id   termID
}

func newTermTable(n *names) *termTable {
	t := &termTable{names: n, seed: maphash.MakeSeed()}
	t.entries.add(entry{})
	return t
}

// add returns the ID of a term, which it keeps.
func (t *termTable) add(term rdf.Term) termID {
	switch {
	case term.IsZero():
		return 0
	case !term.IsLiteral():
		return t.intern(term.Kind(), term.Value())
	}
	e := entry{kind: rdf.KindLiteral, prefix: -1}
	if tag := term.Lang(); tag != "" {
		e.qualifier, e.lang = t.intern(rdf.KindLiteral, tag), true
	} else if datatype := term.Datatype(); datatype != rdf.XSDString {
		e.qualifier = t.intern(rdf.KindIRI, datatype)
	}
	e.value = t.text.add(term.Value())
	return t.append(e)
}

func (t *termTable) append(e entry) termID {
	t.entries.add(e)
	return termID(t.entries.size - 1)
}

// intern returns the ID of the one term of its kind with the value.
func (t *termTable) intern(kind rdf.Kind, value string) termID {
	if 2*t.known >= len(t.slots) {
		t.grow()
	}
	hash, at := t.find(kind, value)
	if id := t.slots[at].id; id != 0 {
		return id
	}
	e := entry{value: t.text.add(value), kind: kind, prefix: -1}
	if kind == rdf.KindIRI {
		e.prefix = int32(t.names.search(value))
	}
	id := t.append(e)
	t.slots[at] = slot{hash, id}
	t.known++
	return id
}

// lookup returns the ID of an IRI, or 0 if the table has none.
func (t *termTable) lookup(iri string) termID {
	if t.known == 0 {
		return 0
	}
	_, at := t.find(rdf.KindIRI, iri)
	return t.slots[at].id
}

// find returns the index of the slot that has the term, or that is free for it.
func (t *termTable) find(kind rdf.Kind, value string) (hash uint32, at int) {
	hash = uint32(maphash.String(t.seed, value)) + uint32(kind)
	mask := len(t.slots) - 1
	for at = int(hash) & mask; ; at = (at + 1) & mask {
		s := t.slots[at]
		if s.id == 0 {
			return hash, at
		}
		if s.hash == hash {
			if e := t.entries.at(int(s.id)); e.kind == kind && t.text.get(e.value) == value {
				return hash, at
			}
		}
	}
}

func (t *termTable) grow() {
	old := t.slots
	t.slots = make([]slot, max(64, 2*len(old)))
	mask := len(t.slots) - 1
	for _, s := range old {
		if s.id == 0 {
			continue
		}
		at := int(s.hash) & mask
		for t.slots[at].id != 0 {
			at = (at + 1) & mask
		}
		t.slots[at] = s
	}
}

// term returns the term with an ID.
func (t *termTable) term(id termID) rdf.Term {
	e := t.entries.at(int(id))
	value := t.text.get(e.value)
	switch {
	case e.kind == rdf.NoTerm:
		return rdf.Term{}
	case e.kind == rdf.KindBlank:
		return rdf.Blank(value)
	case e.kind == rdf.KindIRI:
		return rdf.IRI(value)
	case e.lang:
		return rdf.LangLiteral(value, t.value(e.qualifier))
	case e.qualifier != 0:
		return rdf.TypedLiteral(value, t.value(e.qualifier))
	}
	return rdf.Literal(value)
}

// value returns the IRI, label or lexical form of a term.
func (t *termTable) value(id termID) string { return t.text.get(t.entries.at(int(id)).value) }

// kind returns the kind of a term.
func (t *termTable) kind(id termID) rdf.Kind { return t.entries.at(int(id)).kind }

// compare orders terms as rdf.Compare does.
func (t *termTable) compare(a, b termID) int {
	if a == b {
		return 0
	}
	return rdf.Compare(t.term(a), t.term(b))
}

// compareNames orders subjects and graphs: no name, IRIs, blank nodes.
func (t *termTable) compareNames(a, b termID) int {
	if a == 0 || b == 0 {
		return cmp.Compare(a, b)
	}
	if c := cmp.Compare(t.kind(b), t.kind(a)); c != 0 {
		return c
	}
	return t.compare(a, b)
}
