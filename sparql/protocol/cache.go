package protocol

import (
	"container/list"
	"sync"
)

// cache keeps whole results of one version of the dataset, the least recently
// used going first. A result of an older version is never served and makes room
// when it is met.
type cache struct {
	mu       sync.Mutex
	entries  map[string]*list.Element // of *cached
	order    *list.List               // most recently used first
	size     int64
	max      int64
	maxEntry int64
}

// cached is a complete answer.
type cached struct {
	key         string
	version     uint64
	contentType string
	body        []byte
	rows        int64
}

func newCache(l Limits) *cache {
	return &cache{entries: map[string]*list.Element{}, order: list.New(), max: l.CacheBytes, maxEntry: min(l.CacheEntry, l.CacheBytes)}
}

// get returns the answer with the key at the version, nil where there is none.
func (c *cache) get(key string, version uint64) *cached {
	c.mu.Lock()
	defer c.mu.Unlock()
	element := c.entries[key]
	if element == nil {
		return nil
	}
	entry := element.Value.(*cached)
	if entry.version != version {
		if entry.version < version {
			c.drop(element)
		}
		return nil
	}
	c.order.MoveToFront(element)
	return entry
}

// put keeps an answer.
func (c *cache) put(entry *cached) {
	if int64(len(entry.body)) > c.maxEntry {
		return
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if old := c.entries[entry.key]; old != nil {
		c.drop(old)
	}
	c.entries[entry.key] = c.order.PushFront(entry)
	c.size += entry.cost()
	for c.size > c.max && c.order.Len() > 0 {
		c.drop(c.order.Back())
	}
}

func (c *cache) drop(element *list.Element) {
	entry := c.order.Remove(element).(*cached)
	delete(c.entries, entry.key)
	c.size -= entry.cost()
}

// cost is the memory of an entry, with what the tables around it take.
func (e *cached) cost() int64 { return int64(len(e.body)+len(e.key)) + 200 }
