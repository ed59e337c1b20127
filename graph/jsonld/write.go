package jsonld

import (
	"slices"
	"strings"

	"qlgraph/graph/rdf"
)

// writer writes a compacted document.
type writer struct {
	*compactor
	out   []byte
	depth int
	used  map[string]bool // terms and prefixes
	err   error
}

// document writes nodes: a single one at the top, unless flat, else all in a
// graph. contextIRI stands for the context where it is set, and the part of the
// context that is needed where not.
func (c *compactor) document(nodes []*treeNode, flat bool, contextIRI string) ([]byte, error) {
	w := &writer{compactor: c, depth: 1, used: map[string]bool{}, out: make([]byte, 0, 8<<10)}
	for _, term := range c.head {
		w.use(term)
	}
	if len(nodes) == 1 && !flat {
		w.members(nodes[0])
	} else {
		w.key(c.graph)
		w.array(len(nodes), func(i int) { w.node(nodes[i]) })
	}
	if w.err != nil {
		return nil, w.err
	}
	head := make([]byte, 0, 4<<10+len(w.out))
	head = append(head, "{\n  \"@context\": "...)
	if contextIRI != "" {
		head = appendString(head, contextIRI)
	} else {
		head = w.context(head)
	}
	head = append(head, ",\n"...)
	head = append(head, w.out...)
	return append(head, "\n}\n"...), nil
}

// context appends the definitions that the document uses.
func (w *writer) context(b []byte) []byte {
	terms := make([]string, 0, len(w.used))
	for term := range w.used {
		terms = append(terms, term)
	}
	slices.Sort(terms)
	b = append(b, '{')
	for i, term := range terms {
		if i > 0 {
			b = append(b, ',')
		}
		b = append(b, "\n    "...)
		b = appendString(b, term)
		b = append(b, ": "...)
		b = append(b, w.terms[term].json...)
	}
	return append(b, "\n  }"...)
}

// use notes that a name is written: a term, or one with a prefix.
func (w *writer) use(name string) {
	if w.used[name] {
		return
	}
	text, known := w.terms[name]
	if !known {
		if prefix, _, ok := strings.Cut(name, ":"); ok && prefix != name && w.prefixes[prefix] {
			w.use(prefix)
		}
		return
	}
	w.used[name] = true
	for _, other := range text.needs {
		w.use(other)
	}
}

// member is a member of a node object: a key with its values.
type member struct {
	key    string
	set    bool
	values []memberValue
}

type memberValue struct {
	choice
	treeValue
}

// members writes the members of a node object, sorted, without its braces.
func (w *writer) members(n *treeNode) {
	entries := make([]member, 0, len(n.properties)+2)
	if n.id != "" {
		entries = append(entries, member{key: w.id})
	}
	if len(n.types) > 0 {
		entries = append(entries, member{key: w.typ})
	}
	for i := range n.properties {
		entries = w.entries(entries, &n.properties[i])
	}
	slices.SortFunc(entries, func(a, b member) int { return strings.Compare(a.key, b.key) })
	for i := range entries {
		e := &entries[i]
		if i > 0 {
			w.out = append(w.out, ",\n"...)
		}
		w.key(e.key)
		switch {
		case e.values == nil && e.key == w.id:
			w.identifier(n.id)
		case e.values == nil && e.key == w.typ:
			w.types(n.types)
		default:
			w.values(e)
		}
	}
}

// entries adds the values of a property, under one key or, as their shapes ask
// for, several.
func (w *writer) entries(list []member, p *treeProperty) []member {
	values := p.values
	if len(values) == 0 {
		values = []treeValue{{}}
	}
	for _, v := range values {
		c, err := w.choose(p.iri, v)
		if err != nil {
			w.fail(err)
			return list
		}
		i := slices.IndexFunc(list, func(e member) bool { return e.key == c.key && e.values != nil })
		if i < 0 {
			i = len(list)
			list = append(list, member{key: c.key, set: c.set})
		}
		list[i].values = append(list[i].values, memberValue{c, v})
	}
	return list
}

// fail keeps the first error.
func (w *writer) fail(err error) {
	if w.err == nil {
		w.err = err
	}
}

func (w *writer) key(name string) {
	w.use(name)
	w.indent()
	w.out = appendString(w.out, name)
	w.out = append(w.out, ": "...)
}

const indentation = "                                                                "

func (w *writer) indent() {
	for n := 2 * w.depth; n > 0; n -= len(indentation) {
		w.out = append(w.out, indentation[:min(n, len(indentation))]...)
	}
}

// array writes n values in brackets, each on a line.
func (w *writer) array(n int, write func(int)) {
	w.out = append(w.out, '[')
	w.depth++
	for i := range n {
		if i > 0 {
			w.out = append(w.out, ',')
		}
		w.out = append(w.out, '\n')
		w.indent()
		write(i)
	}
	w.depth--
	w.out = append(w.out, '\n')
	w.indent()
	w.out = append(w.out, ']')
}

// list writes values, a single one without brackets.
func (w *writer) list(n int, write func(int)) {
	if n == 1 {
		write(0)
		return
	}
	w.array(n, write)
}

func (w *writer) identifier(id string) {
	name := id
	if !strings.HasPrefix(id, "_:") {
		var err error
		if name, err = w.reference(id); err != nil {
			w.fail(err)
		}
		if len(name) != len(id) {
			w.use(name)
		}
	}
	w.out = appendString(w.out, name)
}

func (w *writer) types(types []string) {
	w.list(len(types), func(i int) {
		name, err := w.name(types[i])
		w.fail(err)
		w.use(name)
		w.out = appendString(w.out, name)
	})
}

// values writes the values of an member: as a language map where its term has
// one.
func (w *writer) values(e *member) {
	switch {
	case e.values[0].language != "":
		w.languageMap(e)
	case len(e.values) == 1 && !e.set:
		w.value(&e.values[0])
	case e.values[0].node == nil && e.values[0].term.IsZero(): // missing, of which a set has none
		w.out = append(w.out, "[]"...)
	default:
		w.array(len(e.values), func(i int) { w.value(&e.values[i]) })
	}
}

func (w *writer) languageMap(e *member) {
	byLanguage := slices.Clone(e.values)
	slices.SortStableFunc(byLanguage, func(a, b memberValue) int { return strings.Compare(a.language, b.language) })
	w.out = append(w.out, "{\n"...)
	w.depth++
	for begin := 0; begin < len(byLanguage); {
		end := begin + 1
		for end < len(byLanguage) && byLanguage[end].language == byLanguage[begin].language {
			end++
		}
		if begin > 0 {
			w.out = append(w.out, ",\n"...)
		}
		texts := byLanguage[begin:end]
		w.indent()
		w.out = appendString(w.out, texts[0].language)
		w.out = append(w.out, ": "...)
		write := func(i int) { w.out = appendString(w.out, texts[i].term.Value()) }
		if e.set {
			w.array(len(texts), write)
		} else {
			w.list(len(texts), write)
		}
		begin = end
	}
	w.close()
}

// close ends an object.
func (w *writer) close() {
	w.depth--
	w.out = append(w.out, '\n')
	w.indent()
	w.out = append(w.out, '}')
}

// node writes a node object.
func (w *writer) node(n *treeNode) {
	w.out = append(w.out, "{\n"...)
	w.depth++
	w.members(n)
	w.close()
}

func (w *writer) value(v *memberValue) {
	switch {
	case v.node != nil && v.node.types == nil && v.node.properties == nil && v.node.id != "":
		w.nodeReference(v, v.node.id)
	case v.node != nil:
		w.node(v.node)
	case v.term.IsZero():
		w.out = append(w.out, "null"...)
	case v.term.IsLiteral():
		w.literal(v)
	default:
		w.nodeReference(v, identifier(v.term))
	}
}

func (w *writer) nodeReference(v *memberValue, id string) {
	if v.bare {
		w.identifier(id)
		return
	}
	w.out = append(w.out, "{\n"...)
	w.depth++
	w.key(w.id)
	w.identifier(id)
	w.close()
}

func (w *writer) literal(v *memberValue) {
	if v.bare {
		w.out = appendString(w.out, v.term.Value())
		return
	}
	members := [][2]string{{"@value", v.term.Value()}}
	if lang := v.term.Lang(); lang != "" {
		members = append(members, [2]string{"@language", lang})
	} else if v.term.Datatype() != rdf.XSDString {
		w.use(v.datatype)
		members = append(members, [2]string{w.typ, v.datatype})
	}
	slices.SortFunc(members, func(a, b [2]string) int { return strings.Compare(a[0], b[0]) })
	w.out = append(w.out, "{\n"...)
	w.depth++
	for i, m := range members {
		if i > 0 {
			w.out = append(w.out, ",\n"...)
		}
		w.key(m[0])
		w.out = appendString(w.out, m[1])
	}
	w.close()
}
