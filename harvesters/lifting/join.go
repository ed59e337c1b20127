package lifting

import (
	"fmt"
	"iter"
	"math/rand/v2"
	"slices"
	"strings"

	"github.com/zeebo/xxh3"

	"qlgraph/harvesters"
	"qlgraph/internal/jsontree"
	"qlgraph/internal/spill"
)

// Limits of what a Join holds of a source. Offerings are on disk, as are shared
// records when they are many; what is in memory of an offering or a reference is
// some 60 bytes.
const (
	// MaxJoined bounds the bytes of the offerings.
	MaxJoined = 1 << 30
	// maxShared bounds the number of the records that others refer to, sharedBytes
	// how much of them is in memory, and maxReferences how many are referred to.
	maxShared     = 200_000
	sharedBytes   = 16 << 20
	maxReferences = 2_000_000
)

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

	// Disk is where the records are; by default a file in the system's directory
	// for temporary ones. Close drops it.
	Disk *spill.File

	Size       int // bytes of the offerings held
	seed       uint64
	owners     map[xxh3.Uint128]chain // of offerings, by their course's id
	offerings  []parked
	courses    map[xxh3.Uint128]bool
	forgotten  map[string]int32 // by kind: offerings up to that place do not count
	others     map[key]shared
	memory     int // bytes of others in memory
	order      []key
	referenced map[xxh3.Uint128]bool
	err        error
}

// shared is a record that others refer to, in memory or on disk.
type shared struct {
	rec  *harvesters.Record
	disk parked
}

type key struct{ kind, id string }

// parked is a record on disk.
type parked struct {
	at   int64
	size int32
	next int32 // of the same owner, 0: none
}

// chain is the offerings of an owner: places in Join.offerings, of which 0 is
// none.
type chain struct{ first, last int32 }

// Add enters a record under what others know it by. What goes wrong is told by
// Err.
func (j *Join) Add(rec harvesters.Record) {
	j.prepare()
	var d jsontree.Doc
	if j.err != nil || d.Parse(rec.Body) != nil {
		return
	}
	root := d.Root()
	j.Refs(root, func(kind, id string) { j.referenced[j.hash(kind, id)] = true })
	if len(j.referenced) > maxReferences {
		j.err = fmt.Errorf("the records refer to more than %d others", maxReferences)
	}
	switch owner := j.Owner(rec.Kind, root); {
	case owner != "":
		j.Size += len(rec.Body)
		j.hold(j.hash("", owner), rec)
	case j.IsCourse(rec.Kind):
		j.courses[j.hash("", rec.ID)] = true
	default:
		k := key{rec.Kind, rec.ID}
		if _, again := j.others[k]; !again {
			j.order = append(j.order, k)
		}
		if j.others[k] = j.share(rec); len(j.others) > maxShared {
			j.err = fmt.Errorf("there are more than %d records besides courses and offerings", maxShared)
		}
	}
}

func (j *Join) prepare() {
	if j.owners != nil {
		return
	}
	j.seed = rand.Uint64()
	j.owners, j.offerings = map[xxh3.Uint128]chain{}, make([]parked, 1)
	j.courses, j.referenced = map[xxh3.Uint128]bool{}, map[xxh3.Uint128]bool{}
	j.others, j.forgotten = map[key]shared{}, map[string]int32{}
	if j.Disk == nil {
		j.Disk = spill.New("")
	}
}

// Err returns what went wrong: a limit was exceeded, or the disk failed.
func (j *Join) Err() error { return j.err }

// Close drops what is on disk.
func (j *Join) Close() error {
	if j.Disk == nil {
		return nil
	}
	return j.Disk.Close()
}

func (j *Join) hash(kind, id string) xxh3.Uint128 {
	return xxh3.HashString128Seed(id, j.seed^xxh3.HashString(kind))
}

// hold keeps an offering for its owner.
func (j *Join) hold(owner xxh3.Uint128, rec harvesters.Record) {
	n := int32(len(j.offerings))
	j.offerings = append(j.offerings, j.park(rec))
	c, known := j.owners[owner]
	if known {
		j.offerings[c.last].next = n
	} else {
		c.first = n
	}
	c.last = n
	j.owners[owner] = c
}

// share keeps a record that others refer to, in memory as long as they are few:
// it is attached to many.
func (j *Join) share(rec harvesters.Record) shared {
	if j.memory += len(rec.Body); j.memory <= sharedBytes {
		return shared{rec: &rec}
	}
	return shared{disk: j.park(rec)}
}

func (j *Join) shared(s shared) harvesters.Record {
	if s.rec != nil {
		return *s.rec
	}
	return j.load(s.disk)
}

// of returns the offerings of a course.
func (j *Join) of(course string) []harvesters.Record {
	var found []harvesters.Record
	for n := j.owners[j.hash("", course)].first; n != 0; n = j.offerings[n].next {
		if rec := j.load(j.offerings[n]); n > j.forgotten[rec.Kind] {
			found = append(found, rec)
		}
	}
	return found
}

// Forget drops the offerings of a kind.
func (j *Join) Forget(kind string) {
	j.prepare()
	j.forgotten[kind] = int32(len(j.offerings) - 1)
}

// Offerings returns the offerings of a course that are of a kind.
func (j *Join) Offerings(course, kind string) []harvesters.Record {
	return slices.DeleteFunc(j.of(course), func(rec harvesters.Record) bool { return rec.Kind != kind })
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
			if shared, ok := j.others[key{kind, id}]; ok && !seen[key{kind, id}] {
				seen[key{strings.Clone(kind), strings.Clone(id)}] = true
				course.Attached = append(course.Attached, j.shared(shared))
			}
		})
	}
	attach(course.Body)
	for _, o := range offerings {
		attach(o.Body)
	}
	return course
}

// Unclaimed yields the records of a kind that nothing refers to, in the order in
// which they were added.
func (j *Join) Unclaimed(kind string) iter.Seq[harvesters.Record] {
	return j.walk(func(k key) bool { return k.kind == kind && !j.referenced[j.hash(k.kind, k.id)] })
}

// All yields the records of a kind in the order in which they were added.
func (j *Join) All(kind string) iter.Seq[harvesters.Record] {
	return j.walk(func(k key) bool { return k.kind == kind })
}

func (j *Join) walk(wanted func(key) bool) iter.Seq[harvesters.Record] {
	return func(yield func(harvesters.Record) bool) {
		for _, k := range j.order {
			if wanted(k) && !yield(j.shared(j.others[k])) {
				return
			}
		}
	}
}

// orphan reports whether an offering's course is not among the records.
func (j *Join) orphan(rec harvesters.Record) bool {
	var d jsontree.Doc
	if d.Parse(rec.Body) != nil {
		return true
	}
	owner := j.Owner(rec.Kind, d.Root())
	return owner == "" || !j.courses[j.hash("", owner)]
}

// File joins the records of one file: courses with what belongs to them, and
// what belongs to none of them on its own.
func (j *Join) File(records []harvesters.Record) ([]harvesters.Record, error) {
	defer j.Close()
	for _, rec := range records {
		j.Add(rec)
	}
	kept := records[:0:0]
	for _, rec := range records {
		_, other := j.others[key{rec.Kind, rec.ID}]
		switch {
		case j.IsCourse(rec.Kind):
			kept = append(kept, j.Attach(rec, j.of(rec.ID)))
		case other && (j.Independent[rec.Kind] || !j.referenced[j.hash(rec.Kind, rec.ID)]), !other && j.orphan(rec):
			kept = append(kept, rec)
		}
	}
	return kept, j.err
}
