package turtle

import (
	"bytes"
	"iter"
	"slices"

	"qlgraph/graph/rdf"
)

const (
	// maxNesting is how deep nodes are nested before one gets a label and a
	// place of its own: deeper than people read, and far from the limit of
	// readers.
	maxNesting = 32
	// lineWidth is how long a list of objects may get on one line.
	lineWidth = 80
	tab       = "    "
)

// layout writes one graph.
type layout struct {
	graph   *nodes
	verbs   *verbs
	terms   *termTable
	body    pages
	used    []bool  // the prefixes that are used
	outer   int     // the indentation of subjects, in tabs
	late    []int32 // nodes that are nested too deep, to be written as subjects
	scratch []byte  // of appendNested
}

// pages gathers text of any length without copying what is there already.
type pages struct {
	full [][]byte
	last []byte
}

// turn starts a new page if the last one is full.
func (p *pages) turn() {
	if len(p.last) >= flushAt {
		p.full = append(p.full, p.last)
		p.last = make([]byte, 0, flushAt+flushAt/4)
	}
}

// writeGraph writes the graph, in a block if it has a name.
func (l *layout) writeGraph(first bool) {
	if !first {
		l.body.last = append(l.body.last, '\n')
	}
	if l.graph.name == 0 {
		l.outer = 0
		l.writeSubjects()
		return
	}
	l.outer = 1
	l.body.last = append(l.appendTerm(l.body.last, l.graph.name), " {\n"...)
	l.writeSubjects()
	l.body.last = append(l.body.last, "}\n"...)
}

// writeSubjects writes the nodes that are not nested: IRIs by IRI, labelled
// blank nodes by label, then those that nothing refers to by their text.
func (l *layout) writeSubjects() {
	subjects, anonymous := l.roots()
	separator := ""
	write := func(text []byte, s int32) {
		l.body.last = append(l.body.last, separator...)
		if text == nil {
			l.body.last = l.appendSubject(l.body.last, s, false)
		} else {
			l.body.last = append(l.body.last, text...)
		}
		separator = "\n"
		l.body.turn()
	}
	for _, s := range subjects {
		write(nil, s)
	}
	texts := make([][]byte, len(anonymous))
	for i, s := range anonymous {
		texts[i] = l.appendSubject(nil, s, true)
	}
	slices.SortFunc(texts, bytes.Compare)
	for _, text := range texts {
		write(text, 0)
	}
	for len(l.late) > 0 {
		late := l.late
		l.late = nil
		l.sort(late)
		for _, s := range late {
			write(nil, s)
		}
	}
}

// roots returns the subjects that are not nested, sorted, and apart from them
// those that need no label.
func (l *layout) roots() (subjects, anonymous []int32) {
	nodes := l.graph.nodes
	for i := range nodes {
		n := &nodes[i]
		switch {
		case n.nested || n.start == n.end:
		case l.terms.kind(n.term) == rdf.KindBlank && n.refs == 0 && !n.labelled:
			anonymous = append(anonymous, int32(i))
		default:
			subjects = append(subjects, int32(i))
		}
	}
	l.sort(subjects)
	return subjects, anonymous
}

// sort sorts nodes by term, IRIs first.
func (l *layout) sort(nodes []int32) {
	slices.SortFunc(nodes, func(a, b int32) int {
		return l.terms.compareNames(l.graph.nodes[a].term, l.graph.nodes[b].term)
	})
}

// appendSubject appends the triples about a node. rdf:type stands on the line of
// the subject, the other predicates on lines of their own, unless there is just
// one with a short object.
func (l *layout) appendSubject(b []byte, s int32, anonymous bool) []byte {
	n := &l.graph.nodes[s]
	arcs := l.graph.of(n)
	b = appendTabs(b, l.outer)
	if anonymous {
		b = append(b, "[]"...)
	} else {
		b = l.appendTerm(b, n.term)
	}
	switch {
	case len(arcs) == 1 && l.allFlat(arcs, 0), arcs[0].p == l.verbs.typ:
		b = append(b, ' ')
	default:
		b = appendTabs(append(b, '\n'), l.outer+1)
	}
	return append(l.appendArcs(b, arcs, l.outer+1, 0), " .\n"...)
}

// appendArcs appends predicates with their objects, each predicate but the
// first on a line of its own.
func (l *layout) appendArcs(b []byte, arcs []arc, indent, depth int) []byte {
	for first := true; len(arcs) > 0; first = false {
		n := 1
		for n < len(arcs) && arcs[n].p == arcs[0].p {
			n++
		}
		if !first {
			b = appendTabs(append(b, " ;\n"...), indent)
		}
		b = l.appendVerb(b, arcs[0].p)
		b = l.appendObjects(b, arcs[:n], indent, depth)
		arcs = arcs[n:]
	}
	return b
}

// appendObjects appends the objects of arcs, which share their predicate: on
// one line if they fit, else one on each. Nested nodes follow by their text.
func (l *layout) appendObjects(b []byte, arcs []arc, indent, depth int) []byte {
	if len(arcs) == 1 {
		return l.appendObject(append(b, ' '), arcs[0], indent, depth)
	}
	start := len(b)
	if l.allFlat(arcs, depth) {
		for _, nested := range []bool{false, true} {
			for _, a := range arcs {
				if l.isNested(a, depth) == nested {
					b = l.appendObject(append(comma(b, start), ' '), a, indent, depth)
				}
			}
		}
		if fitsLine(b[start:]) {
			return b
		}
		b = b[:start]
	}
	indent++
	for _, a := range arcs {
		if !l.isNested(a, depth) {
			b = appendTabs(append(comma(b, start), '\n'), indent)
			b = l.appendObject(b, a, indent, depth)
		}
	}
	return l.appendNested(b, start, arcs, indent, depth)
}

// appendNested appends the nested nodes among objects, sorted by their text, each
// on a line of its own. They are put in order where they stand: most have only
// few neighbours, and come in order.
func (l *layout) appendNested(b []byte, start int, arcs []arc, indent, depth int) []byte {
	type text struct{ from, to int }
	var few [8]text
	texts, at := few[:0], len(b)
	for _, a := range arcs {
		if l.isNested(a, depth) {
			b = appendTabs(append(comma(b, start), '\n'), indent)
			from := len(b)
			b = l.appendObject(b, a, indent, depth)
			texts = append(texts, text{from, len(b)})
		}
	}
	compare := func(x, y text) int { return bytes.Compare(b[x.from:x.to], b[y.from:y.to]) }
	if slices.IsSortedFunc(texts, compare) {
		return b
	}
	slices.SortFunc(texts, compare)
	l.scratch = append(l.scratch[:0], b[at:]...)
	b = b[:at]
	for _, t := range texts {
		b = appendTabs(append(comma(b, start), '\n'), indent)
		b = append(b, l.scratch[t.from-at:t.to-at]...)
	}
	return b
}

// comma appends a comma if an object was appended since start.
func comma(b []byte, start int) []byte {
	if len(b) > start {
		b = append(b, ',')
	}
	return b
}

func fitsLine(b []byte) bool { return len(b) <= lineWidth && bytes.IndexByte(b, '\n') < 0 }

// isNested reports whether the object is a node that is written in place.
func (l *layout) isNested(a arc, depth int) bool {
	return a.node > 0 && depth < maxNesting && l.graph.nodes[a.node-1].nested
}

// isStructure reports whether the object is written in place and has content. A line is
// only tried without these, so that nothing nested is laid out twice: at each
// level, that would double the work.
func (l *layout) isStructure(a arc, depth int) bool {
	if !l.isNested(a, depth) {
		return false
	}
	n := &l.graph.nodes[a.node-1]
	return n.start < n.end
}

func (l *layout) allFlat(arcs []arc, depth int) bool {
	return !slices.ContainsFunc(arcs, func(a arc) bool { return l.isStructure(a, depth) })
}

func (l *layout) appendObject(b []byte, a arc, indent, depth int) []byte {
	switch {
	case a.o == l.verbs.empty:
		return append(b, "()"...)
	case a.node == 0:
		return l.appendTerm(b, a.o)
	}
	i := a.node - 1
	n := &l.graph.nodes[i]
	switch {
	case !n.nested:
		return l.appendTerm(b, a.o)
	case depth >= maxNesting:
		if n.start < n.end && !n.late {
			n.late = true
			l.late = append(l.late, i)
		}
		return l.appendTerm(b, a.o)
	case n.start == n.end:
		return append(b, "[]"...)
	case l.isList(i):
		return l.appendList(b, i, indent, depth+1)
	}
	return l.appendProperties(b, l.graph.of(n), indent, depth+1)
}

// appendProperties appends "[ … ]", on one line if there is a single arc that
// is not a structure and fits.
func (l *layout) appendProperties(b []byte, arcs []arc, indent, depth int) []byte {
	start := len(b)
	if len(arcs) == 1 && l.allFlat(arcs, depth) {
		b = l.appendArcs(append(b, "[ "...), arcs, indent+1, depth)
		if fitsLine(b[start:]) {
			return append(b, " ]"...)
		}
		b = b[:start]
	}
	b = appendTabs(append(b, "[\n"...), indent+1)
	b = l.appendArcs(b, arcs, indent+1, depth)
	b = appendTabs(append(b, '\n'), indent)
	return append(b, ']')
}

// isList reports whether the node starts a well-formed collection, all of whose
// nodes can be left out.
func (l *layout) isList(head int32) bool {
	nodes := l.graph.nodes
	for at := head; ; {
		n := &nodes[at]
		arcs := l.graph.of(n)
		if n.notList || !n.nested || !l.isCell(arcs) {
			break
		}
		rest := arcs[1]
		if rest.o == l.verbs.empty {
			return true
		}
		if rest.node == 0 {
			break
		}
		at = rest.node - 1
	}
	l.markNotList(head)
	return false
}

// markNotList keeps the rest of a broken collection from being walked again
// from each of its nodes. It stops where another node could share the rest.
func (l *layout) markNotList(at int32) {
	for {
		n := &l.graph.nodes[at]
		arcs := l.graph.of(n)
		if n.notList || !n.nested {
			return
		}
		n.notList = true
		if !l.isCell(arcs) || arcs[1].node == 0 {
			return
		}
		at = arcs[1].node - 1
	}
}

// isCell reports whether arcs, which are sorted, are one rdf:first and one
// rdf:rest.
func (l *layout) isCell(arcs []arc) bool {
	return len(arcs) == 2 && arcs[0].p == l.verbs.first && arcs[1].p == l.verbs.rest
}

// appendList appends "( … )", on one line if nothing in it is a structure and
// it fits.
func (l *layout) appendList(b []byte, head int32, indent, depth int) []byte {
	start := len(b)
	b = append(b, '(')
	for item := range l.items(head) {
		if l.isStructure(item, depth) || len(b)-start > lineWidth {
			return l.appendLongList(b[:start], head, indent, depth)
		}
		b = l.appendObject(append(b, ' '), item, indent, depth)
	}
	if b = append(b, " )"...); !fitsLine(b[start:]) {
		return l.appendLongList(b[:start], head, indent, depth)
	}
	return b
}

func (l *layout) appendLongList(b []byte, head int32, indent, depth int) []byte {
	b = append(b, '(')
	for item := range l.items(head) {
		b = appendTabs(append(b, '\n'), indent+1)
		b = l.appendObject(b, item, indent+1, depth)
	}
	b = appendTabs(append(b, '\n'), indent)
	return append(b, ')')
}

// items yields the arcs to the elements of the collection.
func (l *layout) items(head int32) iter.Seq[arc] {
	return func(yield func(arc) bool) {
		for at := head; ; {
			arcs := l.graph.of(&l.graph.nodes[at])
			if !yield(arcs[0]) || arcs[1].node == 0 {
				return
			}
			at = arcs[1].node - 1
		}
	}
}

// appendVerb appends a predicate, rdf:type as "a".
func (l *layout) appendVerb(b []byte, p verb) []byte {
	if p == l.verbs.typ {
		return append(b, 'a')
	}
	return l.appendTerm(b, l.verbs.sorted[p])
}

// appendTerm appends a term in the shortest form that Turtle has for it.
func (l *layout) appendTerm(b []byte, id termID) []byte {
	e := l.terms.entries.at(int(id))
	switch {
	case e.kind == rdf.KindIRI:
		return l.appendIRI(b, e)
	case e.qualifier == 0 || e.lang:
		return l.terms.names.appendTerm(b, l.terms.term(id))
	}
	value, datatype := l.terms.text.get(e.value), l.terms.entries.at(int(e.qualifier))
	if hasShorthand(value, l.terms.text.get(datatype.value)) {
		return append(b, value...)
	}
	return l.appendIRI(append(appendString(b, value), "^^"...), datatype)
}

func (l *layout) appendIRI(b []byte, e *entry) []byte {
	if e.prefix >= 0 {
		l.used[e.prefix] = true
	}
	return l.terms.names.appendName(b, l.terms.text.get(e.value), int(e.prefix))
}

func appendTabs(b []byte, n int) []byte {
	for range n {
		b = append(b, tab...)
	}
	return b
}
