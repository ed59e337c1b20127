package resource

import "sync"

// current remembers at most so many values, by key, as long as one version of
// the dataset is the newest that anybody asked for. It is safe for concurrent
// use.
type current[K comparable, V any] struct {
	most int

	mu      sync.RWMutex
	version uint64
	known   map[K]V
}

func newCurrent[K comparable, V any](most int) *current[K, V] {
	return &current[K, V]{most: most, known: map[K]V{}}
}

func (c *current[K, V]) get(version uint64, key K) (value V, known bool) {
	c.mu.RLock()
	defer c.mu.RUnlock()
	if version == c.version {
		value, known = c.known[key]
	}
	return value, known
}

// put remembers a value. Where there are too many it begins anew.
func (c *current[K, V]) put(version uint64, key K, value V) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if version < c.version {
		return
	}
	if version > c.version || len(c.known) >= c.most {
		c.version = version
		clear(c.known)
	}
	c.known[key] = value
}
