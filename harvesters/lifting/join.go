package lifting

import (
	"slices"
	"strings"

	"qlgraph/harvesters"
	"qlgraph/internal/jsontree"
)

// MaxJoined bounds the bytes that a Join holds of a source's offerings: a
// harvest stays far below its limit of 1 GiB.
const MaxJoined = 192 << 20

// Join finds the records that are lifted together: a course, its offerings, and
// what both refer to.
type Join struct {
	// IsCourse reports whether records of a kind have others attached.
	IsCourse func(kind string) bool
	// Owner returns the id of the course that an offering, or another part of a
	// course, is of; "" for other records.
	Owner func(kind string, v jsontree.Value) string
	// Refs calls add for each record that v refers to.
	Refs func(v jsontree.Value, add func(kind, id string))
	// Independent are the kinds of records that are lifted on their own even
	// where others refer to them.
	Independent map[string]bool

	Size       int // bytes of the offerings held
	offerings  map[string][]harvesters.Record
	courses    map[string]bool
	others     map[key]harvesters.Record
	order      []key
	referenced map[key]bool
}

type key struct{ kind, id string }

// Add enters a record under what others know it by.
func (j *Join) Add(rec harvesters.Record) {
	if j.offerings == nil {
		j.offerings = map[string][]harvesters.Record{}
		j.courses, j.referenced = map[string]bool{}, map[key]bool{}
		j.others = map[key]harvesters.Record{}
	}
	var d jsontree.Doc
	if d.Parse(rec.Body) != nil {
		return
	}
	root := d.Root()
	j.Refs(root, func(kind, id string) { j.referenced[key{kind, strings.Clone(id)}] = true })
	switch owner := j.Owner(rec.Kind, root); {
	case owner != "":
		j.Size += len(rec.Body)
		j.offerings[strings.Clone(owner)] = append(j.offerings[owner], rec)
	case j.IsCourse(rec.Kind):
		j.courses[rec.ID] = true
	default:
		k := key{rec.Kind, rec.ID}
		if _, again := j.others[k]; !again {
			j.order = append(j.order, k)
		}
		j.others[k] = rec
	}
}

// Forget drops the offerings of a kind.
func (j *Join) Forget(kind string) {
	for course, offerings := range j.offerings {
		j.offerings[course] = slices.DeleteFunc(offerings, func(rec harvesters.Record) bool {
			if rec.Kind == kind {
				j.Size -= len(rec.Body)
			}
			return rec.Kind == kind
		})
	}
}

// Offerings returns the offerings of a course that are of a kind.
func (j *Join) Offerings(course, kind string) []harvesters.Record {
	var found []harvesters.Record
	for _, rec := range j.offerings[course] {
		if rec.Kind == kind {
			found = append(found, rec)
		}
	}
	return found
}

// Attach returns the course with its offerings and what they and it refer to.
func (j *Join) Attach(course harvesters.Record, offerings []harvesters.Record) harvesters.Record {
	course.Attached = append([]harvesters.Record(nil), offerings...)
	seen := map[key]bool{}
	attach := func(body []byte) {
		var d jsontree.Doc
		if len(j.others) == 0 || d.Parse(body) != nil {
			return
		}
		j.Refs(d.Root(), func(kind, id string) {
			if rec, ok := j.others[key{kind, id}]; ok && !seen[key{kind, id}] {
				seen[key{rec.Kind, rec.ID}] = true
				course.Attached = append(course.Attached, rec)
			}
		})
	}
	attach(course.Body)
	for _, o := range offerings {
		attach(o.Body)
	}
	return course
}

// Unclaimed returns the records of a kind that nothing refers to, in the order
// in which they were added.
func (j *Join) Unclaimed(kind string) []harvesters.Record {
	var unclaimed []harvesters.Record
	for _, k := range j.order {
		if k.kind == kind && !j.referenced[k] {
			unclaimed = append(unclaimed, j.others[k])
		}
	}
	return unclaimed
}

// All returns the records of a kind in the order in which they were added.
func (j *Join) All(kind string) []harvesters.Record {
	var all []harvesters.Record
	for _, k := range j.order {
		if k.kind == kind {
			all = append(all, j.others[k])
		}
	}
	return all
}

// orphan reports whether an offering's course is not among the records.
func (j *Join) orphan(rec harvesters.Record) bool {
	var d jsontree.Doc
	if d.Parse(rec.Body) != nil {
		return true
	}
	owner := j.Owner(rec.Kind, d.Root())
	return owner == "" || !j.courses[owner]
}

// File joins the records of one file: courses with what belongs to them, and
// what belongs to none of them on its own.
func (j *Join) File(records []harvesters.Record) []harvesters.Record {
	for _, rec := range records {
		j.Add(rec)
	}
	kept := records[:0:0]
	for _, rec := range records {
		_, other := j.others[key{rec.Kind, rec.ID}]
		switch {
		case j.IsCourse(rec.Kind):
			kept = append(kept, j.Attach(rec, j.offerings[rec.ID]))
		case other && (j.Independent[rec.Kind] || !j.referenced[key{rec.Kind, rec.ID}]), !other && j.orphan(rec):
			kept = append(kept, rec)
		}
	}
	return kept
}
