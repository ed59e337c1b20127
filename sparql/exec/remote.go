package exec

import (
	"cmp"
	"encoding/binary"
	"errors"
	"fmt"
	"iter"
	"math/bits"
	"slices"
	"strings"

	"qlgraph/graph"
	"qlgraph/graph/rdf"
	"qlgraph/sparql/algebra"
	"qlgraph/sparql/plan"
)

// ErrService is the error of a SERVICE pattern that no Service evaluates.
var ErrService = errors.New("SERVICE is not allowed here")

const (
	// boundTuples is how many tuples of values one request brings along: some
	// ten kilobytes, which every endpoint takes in a POST.
	boundTuples = 256
	// boundRequests is after how many of them an endpoint is asked for all that
	// it has instead: by then the join needs so much that one long answer costs
	// it, and us, less than going on.
	boundRequests = 32
)

// service joins its input with what other endpoints say. It sends the values
// that the input has for the pattern's variables along (SPARQL 1.1 Federated
// Query §2.4), so that an answer has what joins and little more.
type service struct {
	run  *run
	node *plan.Service
	in   *stage
	name int // column of in with the endpoint, -1

	shared    []int // columns of in that the pattern may bind, too
	places    []int // of those, in the pattern's variables
	certain   []bool
	columns   []int // of the output, by the pattern's variables
	endpoints map[rdf.Term]*endpoint

	cur     *batch
	answers [][][]graph.ID // for each row of cur
	row, at int            // the next row of cur, and of its answer
	matched bool           // the row had a match
	started bool
	out     *batch
}

// endpoint is what is known of one endpoint's answers: rows in the order of the
// pattern's variables.
type endpoint struct {
	known    map[string][][]graph.ID // by tuple; nil for one without an answer
	requests int
	whole    [][]graph.ID // all that it has, once it was asked for that
	complete bool         // whole is set
	wholes   map[uint64]index
}

// tuple is the values that a row has for shared variables: those of the bits in
// mask.
type tuple struct {
	mask     uint64
	ids      []graph.ID
	terms    []rdf.Term
	hopeless bool // a blank node of ours, where the pattern binds the variable always
}

func newService(r *run, n *plan.Service, s *stage) *service {
	v := &service{run: r, node: n, name: -1, endpoints: map[rdf.Term]*endpoint{}}
	for _, name := range n.Call.Vars {
		v.columns = append(v.columns, indexOf(n.Columns, name))
	}
	if n.Input == nil {
		return v
	}
	v.in = s.inputs[0]
	if n.Call.Name.IsVar() {
		v.name = v.in.column(n.Call.Name.Var)
	}
	bound := algebra.VarsOf(n.Call.Input)
	for i, name := range n.Call.Vars {
		if c := v.in.column(name); c >= 0 && len(v.shared) < 64 {
			v.shared, v.places, v.certain = append(v.shared, c), append(v.places, i), append(v.certain, bound[name])
		}
	}
	return v
}

func (s *service) next() (*batch, error) {
	if s.out == nil {
		s.out = s.run.newBatch(len(s.node.Columns))
	}
	s.out.n = 0
	for s.out.n < batchSize {
		if s.cur == nil || s.row == s.cur.n {
			if s.out.n > 0 {
				break
			}
			if err := s.fetch(); err != nil {
				return nil, err
			}
			if s.cur == nil {
				return nil, nil
			}
		}
		s.join()
	}
	return s.out, s.run.check()
}

// fetch reads the next input and gets the answers for it.
func (s *service) fetch() (err error) {
	s.row, s.at, s.matched = 0, 0, false
	if s.in != nil {
		s.cur, err = s.in.next()
	} else {
		if s.cur = nil; !s.started {
			s.cur = &batch{n: 1}
		}
		s.started = true
	}
	if err != nil || s.cur == nil {
		return err
	}
	return s.ask()
}

// join pairs the present row with its answer, as far as the output has room.
func (s *service) join() {
	answer := s.answers[s.row]
	for ; s.at < len(answer) && s.out.n < batchSize; s.at++ {
		s.copyRow()
		if s.merge(answer[s.at]) {
			s.out.n++
			s.matched = true
		}
	}
	if s.at < len(answer) {
		return
	}
	if s.node.Optional && !s.matched {
		if s.out.n == batchSize {
			return
		}
		s.copyRow()
		s.out.n++
	}
	s.row++
	s.at, s.matched = 0, false
}

// copyRow begins an output row with the present row.
func (s *service) copyRow() {
	for c, col := range s.cur.cols {
		s.out.cols[c][s.out.n] = col[s.row]
	}
	for _, col := range s.out.cols[len(s.cur.cols):] {
		col[s.out.n] = 0
	}
}

// merge joins a row of an answer into the output row.
func (s *service) merge(values []graph.ID) bool {
	n := s.out.n
	for i, c := range s.columns {
		if c < 0 || values[i] == 0 {
			continue
		}
		if have := s.out.cols[c][n]; have != 0 && have != values[i] {
			return false
		}
		s.out.cols[c][n] = values[i]
	}
	return true
}

// ask sets the answers of the rows of cur: it sends the tuples that were not
// asked before, those of one endpoint and with values for the same variables
// together.
func (s *service) ask() error {
	names, err := s.names()
	if err != nil {
		return err
	}
	tuples, err := s.tuples()
	if err != nil {
		return err
	}
	for _, list := range s.missing(names, tuples) {
		if err := s.askTuples(list.name, list.tuples); err != nil {
			return err
		}
	}
	s.answers = s.answers[:0]
	for i, t := range tuples {
		var answer [][]graph.ID
		if !t.hopeless {
			answer = s.endpoint(names[i]).known[t.key()]
		}
		s.answers = append(s.answers, answer)
	}
	return nil
}

// unasked is tuples that one request may bring along.
type unasked struct {
	name   rdf.Term
	mask   uint64
	tuples []tuple
}

// missing returns the tuples without an answer, those without values first: who
// is asked for all that it has need not be asked again.
func (s *service) missing(names []rdf.Term, tuples []tuple) []*unasked {
	type group struct {
		name rdf.Term
		mask uint64
	}
	var list []*unasked
	groups := map[group]*unasked{}
	seen := map[group]map[string]bool{}
	for i, t := range tuples {
		g, key := group{names[i], t.mask}, t.key()
		if _, known := s.endpoint(g.name).known[key]; known || t.hopeless || seen[g][key] {
			continue
		}
		if groups[g] == nil {
			groups[g], seen[g] = &unasked{name: g.name, mask: g.mask}, map[string]bool{}
			list = append(list, groups[g])
		}
		seen[g][key] = true
		groups[g].tuples = append(groups[g].tuples, t)
	}
	slices.SortStableFunc(list, func(a, b *unasked) int { return cmp.Compare(a.mask, b.mask) })
	return list
}

func (s *service) endpoint(name rdf.Term) *endpoint {
	e := s.endpoints[name]
	if e == nil {
		e = &endpoint{known: map[string][][]graph.ID{}, wholes: map[uint64]index{}}
		s.endpoints[name] = e
	}
	return e
}

// names returns the endpoint of each row of cur.
func (s *service) names() ([]rdf.Term, error) {
	names := make([]rdf.Term, s.cur.n)
	if s.name >= 0 {
		return names, s.run.decode(s.cur.cols[s.name][:s.cur.n], names)
	}
	if !s.node.Call.Name.IsVar() {
		for i := range names {
			names[i] = s.node.Call.Name.Value
		}
	}
	return names, nil
}

// tuples returns what can be sent of each row of cur.
func (s *service) tuples() ([]tuple, error) {
	list := make([]tuple, s.cur.n)
	terms := make([]rdf.Term, s.cur.n)
	for i, c := range s.shared {
		ids := s.cur.cols[c][:s.cur.n]
		if err := s.run.decode(ids, terms); err != nil {
			return nil, err
		}
		for k, t := range terms {
			list[k].hopeless = list[k].hopeless || t.IsBlank() && s.certain[i]
			if sendable(t) {
				list[k].mask |= 1 << i
				list[k].ids = append(list[k].ids, ids[k])
				list[k].terms = append(list[k].terms, t)
			}
		}
	}
	return list, nil
}

// sendable reports whether t means elsewhere what it means here, and can be
// written down: a blank node does not, and a backslash might be read as the
// beginning of a codepoint escape (SPARQL 1.1 §19.2).
func sendable(t rdf.Term) bool {
	return t.IsIRI() || t.IsLiteral() && !strings.Contains(t.Value(), `\`)
}

// key names a tuple among those of its endpoint.
func (t tuple) key() string { return tupleKey(t.mask, t.ids) }

func tupleKey(mask uint64, ids []graph.ID) string {
	b := binary.AppendUvarint(make([]byte, 0, 10+8*len(ids)), mask)
	for _, id := range ids {
		b = binary.BigEndian.AppendUint64(b, uint64(id))
	}
	return string(b)
}

// askTuples gets the answers for tuples with one mask.
func (s *service) askTuples(name rdf.Term, list []tuple) error {
	e := s.endpoint(name)
	mask := list[0].mask
	for len(list) > 0 && mask != 0 && !e.complete && e.requests < boundRequests {
		n := min(len(list), boundTuples)
		answer, err := s.request(name, s.node.Call.Query+s.values(list[:n]))
		if err != nil {
			return err
		}
		if e.complete { // by the failure of a SILENT one
			break
		}
		if err := s.note(e, list[:n], s.index(answer, mask)); err != nil {
			return err
		}
		list = list[n:]
	}
	if len(list) == 0 {
		return nil
	}
	if !e.complete {
		answer, err := s.request(name, s.node.Call.Query)
		if err != nil {
			return err
		}
		if !e.complete {
			e.whole, e.complete = answer, true
		}
	}
	x, indexed := e.wholes[mask]
	if !indexed {
		x = s.index(e.whole, mask)
		e.wholes[mask] = x
	}
	return s.note(e, list, x)
}

// index is the rows of an answer by what they have for the variables of a mask.
// A row without one of these values goes with every tuple.
type index struct {
	rows  map[string][][]graph.ID
	loose [][]graph.ID
}

func (s *service) index(answer [][]graph.ID, mask uint64) index {
	x := index{rows: map[string][][]graph.ID{}}
	ids := make([]graph.ID, 0, len(s.shared))
	for _, row := range answer {
		ids = ids[:0]
		for i, place := range s.places {
			if mask&(1<<i) != 0 && row[place] != 0 {
				ids = append(ids, row[place])
			}
		}
		if len(ids) < bits.OnesCount64(mask) {
			x.loose = append(x.loose, row)
			continue
		}
		key := tupleKey(mask, ids)
		x.rows[key] = append(x.rows[key], row)
	}
	return x
}

// note keeps the answers of tuples.
func (s *service) note(e *endpoint, list []tuple, x index) error {
	const entry = 64 // about what a map needs beside the key
	for _, t := range list {
		key := t.key()
		rows := slices.Concat(x.rows[key], x.loose)
		if err := s.run.mem.charge(int64(entry + len(key) + 24*len(rows))); err != nil {
			return err
		}
		e.known[key] = rows
	}
	return s.run.check()
}

// values writes tuples as a VALUES clause after the query.
func (s *service) values(list []tuple) string {
	b := []byte("\nVALUES (")
	for i, place := range s.places {
		if list[0].mask&(1<<i) != 0 {
			b = append(b, " ?"+s.node.Call.Vars[place]...)
		}
	}
	b = append(b, " ) {"...)
	for _, t := range list {
		b = append(b, "\n("...)
		for _, term := range t.terms {
			b = append(rdf.AppendTerm(append(b, ' '), term), ' ')
		}
		b = append(b, ')')
	}
	return string(append(b, " }"...))
}

// request sends a query and holds the answer. The failure of a SILENT service is
// one empty solution, now and for the rest of the query (SPARQL 1.1 Federated
// Query §2.3).
func (s *service) request(name rdf.Term, query string) ([][]graph.ID, error) {
	e := s.endpoint(name)
	e.requests++
	answer, err := s.send(name, query)
	if err == nil {
		return answer, nil
	}
	if _, theirs := err.(remoteFailure); !s.node.Call.Silent || !theirs || s.run.ctx.Err() != nil {
		return nil, fmt.Errorf("SERVICE %v: %w", s.describe(name), err)
	}
	e.whole, e.complete = [][]graph.ID{make([]graph.ID, len(s.node.Call.Vars))}, true
	return e.whole, nil
}

// describe is how an error calls the endpoint.
func (s *service) describe(name rdf.Term) string {
	if name.IsZero() {
		return "?" + s.node.Call.Name.Var
	}
	return name.String()
}

func (s *service) send(name rdf.Term, query string) ([][]graph.ID, error) {
	switch {
	case s.run.service == nil:
		return nil, remoteFailure{ErrService}
	case name.IsZero():
		return nil, remoteFailure{fmt.Errorf("%w: the endpoint has no value", ErrService)}
	case !name.IsIRI():
		return nil, remoteFailure{fmt.Errorf("%w: the endpoint is not an IRI", ErrService)}
	}
	s.run.turn.Pause()
	defer s.run.turn.Resume(s.run.ctx)
	vars, rows, err := s.run.service.Select(s.run.ctx, name.Value(), query)
	if err != nil {
		return nil, remoteFailure{err}
	}
	return s.hold(vars, rows)
}

// remoteFailure is what went wrong at another endpoint or kept the query from
// asking it: what SILENT hides. Limits and failures of the query itself it does
// not hide.
type remoteFailure struct{ error }

func (f remoteFailure) Unwrap() error { return f.error }

func (s *service) hold(vars []string, rows iter.Seq2[[]rdf.Term, error]) (answer [][]graph.ID, err error) {
	from := places(s.node.Call.Vars, vars)
	for row, err := range rows {
		if err != nil {
			return nil, remoteFailure{err}
		}
		ids := make([]graph.ID, len(from))
		for i, c := range from {
			if c < 0 {
				continue
			}
			if ids[i], err = s.run.terms.ID(row[c]); err != nil {
				return nil, err
			}
		}
		if err := s.run.mem.charge(int64(8*len(ids) + 48)); err != nil {
			return nil, err
		}
		answer = append(answer, ids)
		if err := s.run.check(); err != nil {
			return nil, err
		}
	}
	return answer, nil
}

// places returns where each of want is in have, -1 for nowhere.
func places(want, have []string) []int {
	list := make([]int, len(want))
	for i, name := range want {
		list[i] = indexOf(have, name)
	}
	return list
}

func (s *service) reset() {
	s.cur, s.row, s.at, s.started = nil, 0, 0, false
	if s.in != nil {
		s.in.reset()
	}
}

func (s *service) close() {
	s.run.release(s.out)
	s.out = nil
	if s.in != nil {
		s.in.close()
	}
}
