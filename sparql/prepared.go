package sparql

import (
	"container/list"
	"strings"
	"sync"
	"sync/atomic"

	"qlgraph/sparql/algebra"
	"qlgraph/sparql/plan"
)

// The bounds of what is kept of repeated queries. A query of this length comes
// to at most some hundred KiB, its plan included.
const (
	keptQueries   = 256
	keptQueryText = 4 << 10
)

// queryCache keeps the queries that were parsed last, by their text: clients that
// look one resource after another up send few different texts, and pages and
// dashboards always the same ones.
type queryCache struct {
	mu      sync.Mutex
	entries map[string]*list.Element // of *keptQuery
	order   list.List                // the most recently used first
}

type keptQuery struct {
	text  string
	query *Query
}

func (c *queryCache) get(text string) *Query {
	c.mu.Lock()
	defer c.mu.Unlock()
	e, ok := c.entries[text]
	if !ok {
		return nil
	}
	c.order.MoveToFront(e)
	return e.Value.(*keptQuery).query
}

func (c *queryCache) put(text string, q *Query) {
	if len(text) > keptQueryText {
		return
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.entries == nil {
		c.entries = map[string]*list.Element{}
	}
	if _, ok := c.entries[text]; ok {
		return
	}
	text = strings.Clone(text) // not the request that it came in
	c.entries[text] = c.order.PushFront(&keptQuery{text, q})
	if c.order.Len() > keptQueries {
		last := c.order.Back()
		delete(c.entries, c.order.Remove(last).(*keptQuery).text)
	}
}

// prepared is the plan of a query for one version of a dataset. Its IDs and
// estimates are of that version.
type prepared struct {
	engine  *Engine
	version uint64
	dataset string
	plan    *plan.Plan
}

// lastPlan is where a Query keeps the plan of its last evaluation.
type lastPlan = atomic.Pointer[prepared]

// datasetKey tells datasets of queries apart; IRIs hold no control characters.
func datasetKey(d *algebra.Dataset) string {
	if d == nil {
		return ""
	}
	return strings.Join(d.Default, "\x00") + "\x01" + strings.Join(d.Named, "\x00")
}

// prepare plans q, or takes the plan of its last evaluation where that was over
// the same version and dataset.
func (s *session) prepare(q *Query, d *algebra.Dataset) (*plan.Plan, error) {
	version, key := s.snap.Version(), datasetKey(d)
	if last := q.last.Load(); last != nil && last.engine == s.engine && last.version == version && last.dataset == key {
		return last.plan, nil
	}
	p, err := plan.Build(wanted(q.algebra), s.env)
	if err == nil && !s.terms.Local() { // whose IDs the next run would not know
		q.last.Store(&prepared{engine: s.engine, version: version, dataset: key, plan: p})
	}
	return p, err
}
