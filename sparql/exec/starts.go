package exec

import (
	"slices"

	"qlgraph/graph"
)

// startStream lists the nodes that a path can start at, ascending and each once:
// the near ends of the links that it can begin with, or every node of the graph.
// It reads on as more are wanted.
type startStream struct {
	walk *walker
	from []*links
	ends []*nearEnds // nil: not open
}

// maxMerged is the number of links up to which their near ends are merged;
// beyond, every node is a start, of which some lead nowhere.
const maxMerged = 8

func newStarts(w *walker, everyNode bool) *startStream {
	s := &startStream{walk: w}
	if !everyNode {
		s.from = w.first()
	}
	if everyNode || len(s.from) > maxMerged {
		s.from = []*links{{walk: w}, {walk: w, inverse: true}}
	}
	return s
}

// first returns the links that a walk can begin with.
func (w *walker) first() []*links {
	var list []*links
	seen := make([]bool, len(w.states))
	open := []int32{w.begin}
	seen[w.begin] = true
	for len(open) > 0 {
		s := w.states[open[0]]
		open = open[1:]
		for _, step := range s.steps {
			if !step.links.dead && !slices.Contains(list, step.links) {
				list = append(list, step.links)
			}
		}
		for _, to := range s.free {
			if !seen[to] {
				seen[to] = true
				open = append(open, to)
			}
		}
	}
	return list
}

// next appends up to n starts to list.
func (s *startStream) next(list []graph.ID, n int) ([]graph.ID, error) {
	if s.ends == nil {
		for _, l := range s.from {
			s.ends = append(s.ends, &nearEnds{links: l})
		}
	}
	for ; n > 0; n-- {
		least := graph.ID(0)
		for _, e := range s.ends {
			id, err := e.head()
			if err != nil {
				return nil, err
			}
			if id != 0 && (least == 0 || id < least) {
				least = id
			}
		}
		if least == 0 {
			break
		}
		for _, e := range s.ends {
			e.last = least
		}
		list = append(list, least)
	}
	return list, nil
}

// reset makes next start again.
func (s *startStream) reset() {
	for _, e := range s.ends {
		e.close()
	}
	s.ends = nil
}

// nearEnds reads the near ends of links in the order of the index.
type nearEnds struct {
	links  *links
	cursor graph.Cursor
	buffer []graph.ID
	rest   []graph.ID // of buffer
	size   int        // rows to read at once
	last   graph.ID   // which was passed
	eof    bool
}

// head returns the next near end, 0 where there is none.
func (e *nearEnds) head() (graph.ID, error) {
	for {
		for len(e.rest) > 0 && e.rest[0] <= e.last {
			e.rest = e.rest[1:]
		}
		if len(e.rest) > 0 {
			return e.rest[0], nil
		}
		if e.eof {
			return 0, nil
		}
		if err := e.read(); err != nil {
			return 0, err
		}
	}
}

func (e *nearEnds) read() error {
	w := e.links.walk
	if e.cursor == nil {
		if whole, err := e.links.wholeGraph(-1); err != nil || whole {
			if whole {
				err = e.links.readAll()
			}
			e.rest, e.eof = e.links.nearEnds(), true
			return err
		}
		c, err := w.run.snap.Scan(graph.Pattern{P: e.links.predicate, Graphs: w.graphs}, e.links.order())
		if err != nil {
			return err
		}
		e.cursor, e.buffer, e.size = c, make([]graph.ID, batchSize), minChunk
	}
	e.size = min(2*e.size, batchSize)
	near := e.buffer[:e.size]
	b := graph.Batch{S: near}
	if e.links.inverse {
		b = graph.Batch{O: near}
	}
	n, err := e.cursor.Next(&b)
	if e.rest, e.eof = near[:n], n == 0; err != nil || n == 0 {
		return err
	}
	if n == batchSize && near[0] == near[n-1] { // a hub, whose other links need not be passed
		if err := e.cursor.Seek(e.links.key(near[0] + 1)); err != nil {
			return err
		}
	}
	return w.visit(n)
}

func (e *nearEnds) close() {
	if e.cursor != nil {
		e.cursor.Close()
		e.cursor = nil
	}
}

// dropStrangers sets to -1 those of the numbers, of which those from first on are
// new, that belong to no node of the graph.
func (w *walker) dropStrangers(numbers []int32, first int) error {
	for n := len(w.strange); n < len(w.nodes.ids); n++ {
		// What came between is where links lead.
		w.strange = append(w.strange, n >= first)
	}
	var open []int32
	for _, n := range numbers {
		if int(n) >= first {
			open = append(open, n)
		}
	}
	for _, inverse := range []bool{false, true} {
		var err error
		if open, err = w.strangers(open, &links{walk: w, inverse: inverse}); err != nil {
			return err
		}
	}
	for i, n := range numbers {
		if w.strange[n] {
			numbers[i] = -1
		}
	}
	return nil
}

// strangers returns those of open that are no near end of l, and notes which are.
func (w *walker) strangers(open []int32, l *links) ([]int32, error) {
	if len(open) == 0 {
		return nil, nil
	}
	ids := w.nodes.ids
	w.sort(open)
	r, err := l.reader(graph.Pattern{Graphs: w.graphs})
	if err != nil {
		return nil, err
	}
	defer r.cursor.Close()
	rest := open[:0]
	for _, n := range open {
		if err := r.seek(ids[n]); err != nil {
			return nil, err
		}
		if r.at < r.n && r.near[r.at] == ids[n] {
			w.strange[n] = false
		} else {
			rest = append(rest, n)
		}
	}
	return rest, w.visit(len(open))
}
