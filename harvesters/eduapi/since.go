package eduapi

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/zeebo/xxh3"

	"qlgraph/harvesters"
	"qlgraph/harvesters/lifting"
	"qlgraph/internal/jsontree"
)

// Edu-API servers filter by dateLastModified, as far as they implement the
// parameter, and say in X-Total-Count how many records there are. What changed
// since the last walk is asked for; whether something went is seen by the count.
// Wherever that leaves a doubt, everything is read.

// overlap is how much of the time before the last walk is asked for once more:
// for changes that were committed late, and for clocks that differ.
const overlap = time.Hour

// mark is what a walk leaves for the next.
type mark struct {
	// Since is the time from which on changes are news; the zero time where
	// records do not say when they changed.
	Since time.Time `json:"since"`
	// Totals are the numbers of records, by kind.
	Totals map[string]int `json:"totals"`
	// Claimed is how many offerings belong to a template that there is.
	Claimed int `json:"claimed"`
	// Shared are the hashes of the records that others refer to, by kind and id.
	Shared map[string]string `json:"shared"`

	// Deleted are the records that the server still lists as such, by kind and id:
	// they are known, although nothing of them is published.
	Deleted map[string]bool `json:"deleted,omitempty"`

	latest  time.Time
	undated bool // a record does not say when it changed
	loose   bool // offerings were emitted on their own
}

func newMark() *mark {
	return &mark{Totals: map[string]int{}, Shared: map[string]string{}, Deleted: map[string]bool{}}
}

// decodeMark returns nil for what cannot be used.
func decodeMark(text []byte) *mark {
	m := newMark()
	if len(text) == 0 || json.Unmarshal(text, m) != nil || m.Since.IsZero() || m.Totals == nil {
		return nil
	}
	return m
}

// encode returns nil where the next walk cannot ask for changes.
func (m *mark) encode(now time.Time) []byte {
	if m.undated || m.loose || m.latest.IsZero() {
		return nil
	}
	if m.latest.After(now) {
		m.latest = now // a date in the future would hide every change until then
	}
	m.Since = m.latest.Add(-overlap)
	text, err := json.Marshal(m)
	if err != nil {
		panic(err) // texts and numbers
	}
	return text
}

func (m *mark) count(rec harvesters.Record) {
	m.Totals[rec.Kind]++
	m.date(rec)
}

// deleted notes a record that is marked so.
func (m *mark) deleted(rec harvesters.Record) {
	var doc jsontree.Doc
	if bytes.Contains(rec.Body, []byte("deleted")) && doc.Parse(rec.Body) == nil && doc.Root().Get("recordStatus").Text() == "deleted" {
		m.Deleted[rec.Kind+" "+rec.ID] = true
	}
}

func (m *mark) date(rec harvesters.Record) {
	m.deleted(rec)
	m.undated = m.undated || rec.Modified.IsZero()
	if rec.Modified.After(m.latest) {
		m.latest = rec.Modified
	}
}

func (m *mark) share(rec harvesters.Record) {
	m.Shared[rec.Kind+" "+rec.ID] = fmt.Sprintf("%x", xxh3.Hash(rec.Body))
}

// offerings returns how many offerings there are.
func (m *mark) offerings() int {
	return m.Totals[KindCourseOffering] + m.Totals[KindCollectionOffering]
}

// delta is what changed since the last walk.
type delta struct {
	*reading
	past      harvesters.Past
	before    *mark
	templates map[string]harvesters.Record // changed, by kind and id
	offerings []harvesters.Record          // changed
	owned     map[string][]int             // which of them a template has, by its kind and id
	held      int                          // bytes of what is held
	seen      map[string]bool              // templates that affect was asked of, by kind and id
	affected  []harvesters.Record          // templates to emit, changed or not, without what belongs to them
	known     map[string]harvesters.Record // as they were, by kind and id
	fresh     map[string]int               // new records, by kind
}

// changes emits the templates of which something changed. It reports false,
// having emitted nothing, where everything has to be read.
func (r *reading) changes(past harvesters.Past) (bool, error) {
	before := decodeMark(past.Mark)
	if before == nil || past.Record == nil || r.moved(before) {
		return false, nil
	}
	d := &delta{reading: r, past: past, before: before, templates: map[string]harvesters.Record{}, known: map[string]harvesters.Record{}, fresh: map[string]int{}, owned: map[string][]int{}, seen: map[string]bool{}}
	for _, step := range []func() (bool, error){d.ask, d.gather, d.counted} {
		if sure, err := step(); err != nil || !sure {
			return false, err
		}
	}
	r.mark.Totals, r.mark.Claimed = before.Totals, before.Claimed
	for kind, n := range d.fresh {
		r.mark.Totals[kind] += n
	}
	maps.Copy(r.mark.Deleted, before.Deleted)
	r.mark.Claimed += d.fresh[KindCourseOffering] + d.fresh[KindCollectionOffering]
	if r.mark.latest.Before(before.Since.Add(overlap)) {
		r.mark.latest = before.Since.Add(overlap)
	}
	for _, rec := range d.affected {
		if err := r.emit(r.join.Attach(rec, d.merged(rec))); err != nil {
			return false, err
		}
	}
	return true, nil
}

// moved reports whether a record that others refer to, a session perhaps, is not
// as it was. Who refers to it is not known without reading everything.
func (r *reading) moved(before *mark) bool {
	for name, hash := range before.Shared {
		if r.mark.Shared[name] != hash {
			return true
		}
	}
	return false
}

// errUnsure ends a walk through changes of which something may be missing.
var errUnsure = errors.New("not sure of the changes")

// ask asks each collection for its changes. It is not sure of a server that
// refuses the filter, or does not heed it.
func (d *delta) ask() (bool, error) {
	warn := d.warn
	d.warn = func(harvesters.Finding) { d.mark.undated = true } // reading everything will say it
	d.filter = fmt.Sprintf("dateLastModified>='%s'", d.before.Since.UTC().Format(time.RFC3339))
	defer func() { d.warn, d.filter = warn, "" }()
	for _, c := range collections {
		err := d.pages(c.kind, c.path, d.take)
		if err == nil && d.mark.undated {
			err = errUnsure
		}
		switch {
		case err == nil || lifting.Gone(err):
		case errors.Is(err, errUnsure), lifting.StatusOf(err) != 0:
			d.mark.undated, d.mark.latest, d.mark.Deleted = false, time.Time{}, map[string]bool{}
			return false, nil
		default:
			return false, err
		}
	}
	return true, nil
}

// take takes a change.
func (d *delta) take(rec harvesters.Record) error {
	d.mark.date(rec)
	if rec.ID == "" || rec.Modified.Before(d.before.Since.Truncate(time.Second)) || !d.hold(rec) {
		return errUnsure
	}
	if rec.Kind == KindCourse || rec.Kind == KindCollection {
		d.templates[rec.Kind+" "+rec.ID] = rec
	} else {
		d.offerings = append(d.offerings, rec)
	}
	return nil
}

// maxChanges is how many changes, and maxHeld how many bytes of records as they
// are and were, are held in memory; a source that changed more is read as a whole,
// page by page.
const (
	maxChanges = 20_000
	maxHeld    = 64 << 20
)

// hold reports whether there is room for one more record.
func (d *delta) hold(rec harvesters.Record) bool {
	d.held += len(rec.Body)
	for _, part := range rec.Attached {
		d.held += len(part.Body)
	}
	return d.held <= maxHeld && len(d.offerings)+len(d.templates) <= maxChanges
}

// gather finds the templates that the changes affect.
func (d *delta) gather() (bool, error) {
	for _, name := range slices.Sorted(maps.Keys(d.templates)) {
		rec := d.templates[name]
		if sure, err := d.affect(rec.Kind, rec.ID); err != nil || !sure {
			return false, err
		}
	}
	for i, o := range d.offerings {
		kind := KindCourse
		if o.Kind == KindCollectionOffering {
			kind = KindCollection
		}
		template := templateID(o)
		if sure, err := d.affect(kind, template); err != nil || !sure {
			return false, err
		}
		name := kind + " " + template
		d.owned[name] = append(d.owned[name], i)
		if _, known := find(d.known[name].Attached, o); !known {
			d.fresh[o.Kind]++
		}
	}
	return true, nil
}

// affect adds a template to those that are emitted, once. It reports false where
// everything has to be read.
func (d *delta) affect(kind, id string) (bool, error) {
	name := kind + " " + id
	if d.seen[name] {
		return true, nil
	}
	d.seen[name] = true
	known, ok, err := d.past.Record(kind, id)
	if err != nil {
		return false, err
	}
	changed, isChanged := d.templates[name]
	switch {
	case ok && !d.hold(known):
		return false, nil
	case ok:
		d.known[name] = known
	case isChanged && d.before.Deleted[name]:
	case !isChanged, d.before.offerings() > d.before.Claimed:
		return false, nil // an offering without a template, or a template that some may have waited for
	default:
		d.fresh[kind]++
	}
	if !isChanged {
		changed = harvesters.Record{Kind: kind, ID: id, Body: known.Body, Origin: known.Origin}
	}
	d.affected = append(d.affected, changed)
	return true, nil
}

// templateID returns the id of an offering's template.
func templateID(o harvesters.Record) string {
	var doc jsontree.Doc
	if doc.Parse(o.Body) != nil {
		return ""
	}
	id, _ := templateOf(doc.Root())
	return strings.Clone(id)
}

// find returns where a record with the kind and id of rec is.
func find(records []harvesters.Record, rec harvesters.Record) (int, bool) {
	for i, r := range records {
		if r.Kind == rec.Kind && r.ID == rec.ID {
			return i, true
		}
	}
	return 0, false
}

// merged returns the offerings of a template: as they were, with the changes.
func (d *delta) merged(template harvesters.Record) []harvesters.Record {
	var offerings []harvesters.Record
	kind := offeringsOf(template.Kind)
	for _, part := range d.known[template.Kind+" "+template.ID].Attached {
		if part.Kind == kind {
			offerings = append(offerings, part)
		}
	}
	for _, n := range d.owned[template.Kind+" "+template.ID] {
		o := d.offerings[n]
		if o.Kind != kind {
			continue
		}
		if i, known := find(offerings, o); known {
			offerings[i] = o
		} else {
			offerings = append(offerings, o)
		}
	}
	return offerings
}

// counted compares how many records there should be with how many the server
// says there are: a difference means that some went. A server that does not say
// is believed where that may be seen later.
func (d *delta) counted() (bool, error) {
	for _, c := range collections {
		want := d.before.Totals[c.kind] + d.fresh[c.kind]
		if want == 0 {
			continue // there was nothing that could have gone
		}
		got := d.total
		if c.kind != KindCourse {
			address, err := lifting.Endpoint(d.root, url.Values{"limit": {"1"}}, c.path)
			if err != nil {
				return false, err
			}
			resp, err := d.get.Get(d.ctx, harvesters.Request{URL: address, Accept: accept, Series: "count"})
			if lifting.StatusOf(err) != 0 {
				return false, nil
			}
			if err != nil {
				return false, err
			}
			got = totalOf(resp)
		}
		if got != want && (got >= 0 || !d.past.Scheduled) {
			return false, nil
		}
	}
	return true, nil
}
