package demo

import (
	"encoding/json"
	"fmt"
	"slices"
	"sync"
	"time"
)

// Catalogue is the records of one provider, by collection: the last segment of
// the path under which the format's API serves them. A file has one collection,
// "". It is safe for concurrent use.
type Catalogue struct {
	mu       sync.RWMutex
	lists    map[string]*collection
	modified time.Time
	version  int
}

// collection keeps the order in which records were added.
type collection struct {
	items []item
	at    map[string]int // by id
}

// item is a record with what the servers select it by.
type item struct {
	id   string
	of   string // the course, for an offering
	at   string // the academic session, for an offering
	text json.RawMessage
}

// NewCatalogue returns an empty catalogue.
func NewCatalogue() *Catalogue {
	return &Catalogue{lists: map[string]*collection{}, modified: time.Date(2026, 1, 15, 8, 0, 0, 0, time.UTC)}
}

// members are the names under which the formats give an id, a course and a
// session.
type members struct {
	CourseID          string          `json:"courseId"`
	ProgramID         string          `json:"programId"`
	OfferingID        string          `json:"offeringId"`
	OrganizationID    string          `json:"organizationId"`
	AcademicSessionID string          `json:"academicSessionId"`
	SpecificationID   string          `json:"educationSpecificationId"`
	SourcedID         string          `json:"sourcedId"`
	ID                string          `json:"id"`
	Course            json.RawMessage `json:"course"`
	Program           json.RawMessage `json:"program"`
	Session           json.RawMessage `json:"academicSession"`
	Relationships     struct {
		Course struct {
			Data struct {
				ID string `json:"id"`
			} `json:"data"`
		} `json:"course"`
	} `json:"relationships"`
}

func newItem(text []byte) (item, error) {
	var m members
	if err := json.Unmarshal(text, &m); err != nil {
		return item{}, err
	}
	first := func(ids ...string) string {
		for _, id := range ids {
			if id != "" {
				return id
			}
		}
		return ""
	}
	text2 := func(raw json.RawMessage) (s string) {
		json.Unmarshal(raw, &s) // "" for an object
		return s
	}
	return item{
		id:   first(m.OfferingID, m.CourseID, m.ProgramID, m.OrganizationID, m.AcademicSessionID, m.SpecificationID, m.SourcedID, m.ID),
		of:   first(text2(m.Course), text2(m.Program), m.Relationships.Course.Data.ID),
		at:   text2(m.Session),
		text: text,
	}, nil
}

// Put adds a record to a collection, or replaces the one with its id.
func (c *Catalogue) Put(name string, text []byte) error {
	it, err := newItem(text)
	if err != nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	list := c.collection(name)
	if i, ok := list.at[it.id]; ok {
		list.items[i] = it
	} else {
		list.at[it.id] = len(list.items)
		list.items = append(list.items, it)
	}
	c.touch()
	return nil
}

// collection returns a collection, which it makes if need be.
func (c *Catalogue) collection(name string) *collection {
	list := c.lists[name]
	if list == nil {
		list = &collection{at: map[string]int{}}
		c.lists[name] = list
	}
	return list
}

// PutFile replaces the whole of a catalogue that is a file.
func (c *Catalogue) PutFile(text []byte) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.lists[""] = &collection{items: []item{{text: text}}}
	c.touch()
}

// Remove takes a record out of a collection.
func (c *Catalogue) Remove(name, id string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	list := c.collection(name)
	list.items = slices.DeleteFunc(list.items, func(it item) bool { return it.id == id })
	clear(list.at)
	for i, it := range list.items {
		list.at[it.id] = i
	}
	c.touch()
}

func (c *Catalogue) touch() {
	c.version++
	c.modified = c.modified.Add(time.Second)
}

// list returns the records of a collection that match.
func (c *Catalogue) list(name string, match func(item) bool) []json.RawMessage {
	c.mu.RLock()
	defer c.mu.RUnlock()
	texts := []json.RawMessage{}
	list := c.lists[name]
	if list == nil {
		return texts
	}
	for _, it := range list.items {
		if match == nil || match(it) {
			texts = append(texts, it.text)
		}
	}
	return texts
}

// has reports whether there is such a collection.
func (c *Catalogue) has(name string) bool {
	c.mu.RLock()
	defer c.mu.RUnlock()
	_, ok := c.lists[name]
	return ok
}

// Text returns a record of a collection, nil where there is none.
func (c *Catalogue) Text(name, id string) []byte {
	for _, text := range c.list(name, func(it item) bool { return it.id == id }) {
		return text
	}
	return nil
}

// Texts returns all records of a collection.
func (c *Catalogue) Texts(name string) []string {
	var texts []string
	for _, text := range c.list(name, nil) {
		texts = append(texts, string(text))
	}
	return texts
}
