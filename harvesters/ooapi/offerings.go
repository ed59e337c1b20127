package ooapi

import (
	"fmt"
	"iter"

	"qlgraph/harvesters"
	"qlgraph/harvesters/lifting"
)

const (
	// verified is how many courses, and how many without offerings, are asked
	// for their offerings one by one although the academic sessions have been
	// read: to see that those know them all.
	verified = 3
	// patience is how many courses in a row may answer that there is no such
	// resource, or that they have no components, before the server is taken not
	// to have any.
	patience = 20
)

// perCourse reads a kind of resource that hangs on each course.
type perCourse struct {
	missing  int // answers in a row that there is no such resource
	answered bool
}

// stopped reports whether the server does not have the resource.
func (p *perCourse) stopped() bool { return !p.answered && p.missing >= patience }

// specifications emits the courses or programmes with what belongs to them.
func (r *reading) specifications(kind, path string) error {
	offered, composed := &perCourse{}, &perCourse{}
	checked, bare := 0, 0
	return r.pages(kind, func(rec harvesters.Record) error {
		r.join.Add(rec)
		offerings := r.join.Offerings(rec.ID, KindOffering)
		check := !r.bulk
		if r.bulk && checked < verified {
			checked++
			check = true
		} else if r.bulk && len(offerings) == 0 && bare < verified {
			bare++
			check = true
		}
		if check && rec.ID != "" && !offered.stopped() {
			own, err := r.parts(offered, KindOffering, path, rec.ID, r.api.offerings[kind])
			if err != nil {
				return r.skipped(rec, err)
			}
			if r.bulk && !contains(offerings, own) {
				r.bulk = false
			}
			offerings = merge(offerings, own)
		}
		components := r.join.Offerings(rec.ID, KindComponent)
		if kind == KindCourse && r.api.components != "" && rec.ID != "" && !composed.stopped() {
			own, err := r.parts(composed, KindComponent, path, rec.ID, r.api.components)
			if err != nil {
				return r.skipped(rec, err)
			}
			components = merge(components, own)
		}
		rec = r.join.Attach(rec, append(offerings[:len(offerings):len(offerings)], components...))
		if err := r.join.Err(); err != nil {
			return err
		}
		return r.emit(rec)
	}, path)
}

// parts asks for what hangs on one course.
func (r *reading) parts(p *perCourse, kind, path, id, resource string) ([]harvesters.Record, error) {
	var found []harvesters.Record
	err := r.pages(kind, func(rec harvesters.Record) error {
		found = append(found, rec)
		return nil
	}, path, id, resource)
	switch {
	case lifting.Gone(err):
		p.missing++
		return nil, nil
	case err == nil && len(found) == 0 && kind == KindComponent:
		p.missing++ // a server that has none answers so for every course
	case err == nil:
		p.answered, p.missing = true, 0
	}
	return found, err
}

// skipped reports a course whose offerings cannot be read. Published without
// them it would look as if they were withdrawn.
func (r *reading) skipped(rec harvesters.Record, err error) error {
	if lifting.StatusOf(err) == 0 {
		return err
	}
	r.warn(harvesters.Finding{Severity: harvesters.Violation, Code: "ooapi.offerings",
		Message: fmt.Sprintf("What belongs to the %s %s cannot be read, so it is left as it was: %v.", rec.Kind, rec.ID, err),
		At:      rec.Origin})
	return nil
}

// contains reports whether all of the offerings are among those known.
func contains(known, offerings []harvesters.Record) bool {
	return len(merge(known, offerings)) == len(known)
}

// merge appends the offerings that are not known yet.
func merge(known, offerings []harvesters.Record) []harvesters.Record {
	merged := known[:len(known):len(known)]
	for _, o := range offerings {
		again := false
		for _, k := range known {
			again = again || k.ID == o.ID
		}
		if !again {
			merged = append(merged, o)
		}
	}
	return merged
}

// rest emits what belongs to no course: education specifications that none
// refers to, and organisations.
func (r *reading) rest() error {
	for _, records := range []iter.Seq[harvesters.Record]{r.join.Unclaimed(KindSpecification), r.join.All(KindOrganisation)} {
		for rec := range records {
			if err := r.emit(rec); err != nil {
				return err
			}
		}
	}
	return r.join.Err()
}
