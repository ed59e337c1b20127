package canon

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"maps"
	"slices"
	"strconv"

	"qlgraph/graph/rdf"
)

// Form is the canonical form of a dataset.
type Form struct {
	// NQuads is the canonical N-Quads document: one line per quad, sorted by
	// code point, each ended by a line feed (RDFC-1.0 §5). Datasets are
	// isomorphic exactly if these bytes are equal.
	NQuads []byte
	// Labels maps the dataset's blank node labels to the canonical ones
	// (c14n0, c14n1, …), both without "_:" (the issued identifiers map).
	Labels map[string]string
}

// Canonicalize gives a dataset its RDFC-1.0 form, hashed with SHA-256. The error
// is nil or a *LimitError, under default Limits.
func Canonicalize(dataset []rdf.Quad) (*Form, error) { return Limits{}.Canonicalize(dataset) }

// Canonicalize is the function Canonicalize under l (RDFC-1.0 §4.4.3).
func (l Limits) Canonicalize(dataset []rdf.Quad) (form *Form, err error) {
	defer recoverLimit(&err)
	quads, _ := distinct(dataset)
	c := newCanonicalizer(quads, l.budget(len(quads)))

	// Steps 3 and 4: nodes that their own quads tell apart.
	byHash := make(map[string][]string)
	for _, label := range slices.Sorted(maps.Keys(c.quadsOf)) {
		h := c.hashFirstDegree(label)
		byHash[h] = append(byHash[h], label)
	}
	hashes := slices.Sorted(maps.Keys(byHash))
	for _, h := range hashes {
		if nodes := byHash[h]; len(nodes) == 1 {
			c.canonical.issue(nodes[0])
		}
	}
	// Step 5: the others, by what surrounds them.
	for _, h := range hashes {
		if nodes := byHash[h]; len(nodes) > 1 {
			c.labelAlike(nodes)
		}
	}
	return &Form{NQuads: c.document(quads), Labels: c.canonical.issued}, nil
}

// canonicalizer is the canonicalization state (RDFC-1.0 §4.3).
type canonicalizer struct {
	work        *budget
	quadsOf     map[string][]rdf.Quad // blank node → the quads that mention it
	firstDegree map[string]string     // blank node → its first degree hash, in hex
	canonical   *issuer
}

func newCanonicalizer(quads []rdf.Quad, work *budget) *canonicalizer {
	c := &canonicalizer{
		work:        work,
		quadsOf:     make(map[string][]rdf.Quad),
		firstDegree: make(map[string]string),
		canonical:   newIssuer("c14n"),
	}
	for _, q := range quads {
		terms := [...]rdf.Term{q.S, q.O, q.G}
		for i, t := range terms {
			if t.IsBlank() && !slices.Contains(terms[:i], t) {
				c.quadsOf[t.Value()] = append(c.quadsOf[t.Value()], q)
			}
		}
	}
	return c
}

// labelAlike issues canonical labels to nodes of one first degree hash and to
// what is reached from them (RDFC-1.0 §4.4.3, step 5).
func (c *canonicalizer) labelAlike(nodes []string) {
	type path struct {
		hash string
		*issuer
	}
	var paths []path
	for _, n := range nodes {
		if c.canonical.has(n) {
			continue
		}
		temporary := newIssuer("b")
		temporary.issue(n)
		h, reached := c.hashNDegree(n, temporary)
		paths = append(paths, path{h, reached})
	}
	slices.SortStableFunc(paths, func(a, b path) int { return cmp.Compare(a.hash, b.hash) })
	for _, p := range paths {
		for _, n := range p.order {
			c.canonical.issue(n)
		}
	}
}

// document writes the quads with their canonical labels (RDFC-1.0 §5).
func (c *canonicalizer) document(quads []rdf.Quad) []byte {
	relabel := func(label string) string { return c.canonical.issued[label] }
	lines := make([]string, len(quads))
	size := 0
	for i, q := range quads {
		lines[i] = string(appendQuad(nil, q, relabel))
		size += len(lines[i])
	}
	slices.Sort(lines)
	doc := make([]byte, 0, size)
	for _, line := range lines {
		doc = append(doc, line...)
	}
	return doc
}

// hashFirstDegree is the algorithm Hash First Degree Quads (RDFC-1.0 §4.6.3).
func (c *canonicalizer) hashFirstDegree(node string) string {
	if h, ok := c.firstDegree[node]; ok {
		return h
	}
	quads := c.quadsOf[node]
	c.work.spend(len(quads))
	lines := make([]string, len(quads))
	for i, q := range quads {
		lines[i] = string(appendQuad(nil, q, func(label string) string {
			if label == node {
				return "a"
			}
			return "z"
		}))
	}
	slices.Sort(lines)
	h := hash(lines...)
	c.firstDegree[node] = h
	return h
}

// hashRelated is the algorithm Hash Related Blank Node (RDFC-1.0 §4.7.3).
// position is 's', 'o' or 'g'.
func (c *canonicalizer) hashRelated(related string, q rdf.Quad, i *issuer, position byte) string {
	input := []byte{position}
	if position != 'g' {
		input = append(append(append(input, '<'), q.P.Value()...), '>')
	}
	switch {
	case c.canonical.has(related):
		input = append(append(input, "_:"...), c.canonical.issued[related]...)
	case i.has(related):
		input = append(append(input, "_:"...), i.issued[related]...)
	default:
		input = append(input, c.hashFirstDegree(related)...)
	}
	return hash(string(input))
}

// hashNDegree is the algorithm Hash N-Degree Quads (RDFC-1.0 §4.8.3).
func (c *canonicalizer) hashNDegree(node string, i *issuer) (string, *issuer) {
	related := c.relatedByHash(node, i)
	var data []string
	for _, h := range slices.Sorted(maps.Keys(related)) {
		path, chosen := c.shortestPath(related[h], i)
		data = append(data, h, path)
		i = chosen
	}
	return hash(data...), i
}

// relatedByHash collects the blank nodes that share a quad with node, by their
// related hash (RDFC-1.0 §4.8.3, steps 1 to 3).
func (c *canonicalizer) relatedByHash(node string, i *issuer) map[string][]string {
	c.work.spend(1 + len(c.quadsOf[node]))
	related := make(map[string][]string)
	for _, q := range c.quadsOf[node] {
		for k, t := range [...]rdf.Term{q.S, q.O, q.G} {
			if t.IsBlank() && t.Value() != node {
				h := c.hashRelated(t.Value(), q, i, "sog"[k])
				related[h] = append(related[h], t.Value())
			}
		}
	}
	return related
}

// shortestPath tries all orders in which the given nodes can be labelled and
// returns the least path with the issuer that made it (RDFC-1.0 §4.8.3,
// step 5).
func (c *canonicalizer) shortestPath(nodes []string, i *issuer) (chosen string, by *issuer) {
	permute(nodes, 0, func(order []string) {
		c.work.spend(len(order) + len(i.order))
		path, reached, ok := c.path(order, i.clone(), chosen)
		if ok && (by == nil || path < chosen) {
			chosen, by = path, reached
		}
	})
	return chosen, by
}

// path labels the nodes in the given order and describes what that gives. It
// gives up, and reports false, when the path can no longer be less than best
// (RDFC-1.0 §4.8.3, steps 5.4.1 to 5.4.5).
func (c *canonicalizer) path(order []string, i *issuer, best string) (string, *issuer, bool) {
	var path []byte
	hopeless := func() bool { return best != "" && len(path) >= len(best) && string(path) > best }
	var unvisited []string
	for _, n := range order {
		path = append(path, "_:"...)
		if c.canonical.has(n) {
			path = append(path, c.canonical.issued[n]...)
		} else {
			if !i.has(n) {
				unvisited = append(unvisited, n)
			}
			path = append(path, i.issue(n)...)
		}
		if hopeless() {
			return "", nil, false
		}
	}
	for _, n := range unvisited {
		h, reached := c.hashNDegree(n, i)
		path = append(append(path, "_:"...), i.issue(n)...)
		path = append(append(append(path, '<'), h...), '>')
		i = reached
		if hopeless() {
			return "", nil, false
		}
	}
	return string(path), i, true
}

// permute calls f with each order of list[from:], which it changes in place.
func permute(list []string, from int, f func([]string)) {
	if from >= len(list)-1 {
		f(list)
		return
	}
	for k := from; k < len(list); k++ {
		list[from], list[k] = list[k], list[from]
		permute(list, from+1, f)
		list[from], list[k] = list[k], list[from]
	}
}

// issuer is an identifier issuer (RDFC-1.0 §4.5).
type issuer struct {
	prefix string
	issued map[string]string // blank node → label
	order  []string          // blank nodes in order of issue
}

func newIssuer(prefix string) *issuer {
	return &issuer{prefix: prefix, issued: make(map[string]string)}
}

func (i *issuer) has(node string) bool {
	_, ok := i.issued[node]
	return ok
}

func (i *issuer) issue(node string) string {
	label, ok := i.issued[node]
	if !ok {
		label = i.prefix + strconv.Itoa(len(i.order))
		i.issued[node] = label
		i.order = append(i.order, node)
	}
	return label
}

func (i *issuer) clone() *issuer {
	return &issuer{prefix: i.prefix, issued: maps.Clone(i.issued), order: slices.Clone(i.order)}
}

// hash returns the hexadecimal SHA-256 of the parts in a row.
func hash(parts ...string) string {
	h := sha256.New()
	for _, p := range parts {
		h.Write([]byte(p))
	}
	return hex.EncodeToString(h.Sum(nil))
}
