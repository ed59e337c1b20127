package ooapi

import (
	"strings"

	"qlgraph/harvesters"
	"qlgraph/harvesters/lifting"
	"qlgraph/internal/jsontree"
)

// envelope names the array of a page.
const envelope = "items"

// Records finds the records in the text of a file: a page as the API sends it,
// a bare array, or a single record. The records before a syntax error are
// returned with the error.
func Records(body []byte) ([]harvesters.Record, error) {
	known := func(v jsontree.Value) bool { kind, _ := identify(v); return kind != "" }
	items, err := lifting.SplitFile(body, known, envelope)
	records := make([]harvesters.Record, 0, len(items))
	for _, item := range items {
		records = append(records, newRecord("", item, ""))
	}
	return join(records), err
}

// newRecord makes a record of an item; an empty kind is found from its id.
func newRecord(kind string, item lifting.Item, from string) harvesters.Record {
	var d jsontree.Doc
	if err := d.Parse(item.Raw); err != nil {
		return harvesters.Record{Kind: kind, Body: item.Raw, Origin: harvesters.Origin{URL: from, Pointer: item.Pointer}}
	}
	root := d.Root()
	found, id := identify(root)
	if kind == "" {
		if kind = found; kind == "" {
			kind = KindCourse
		}
	} else if found != kind {
		id, _ = idOf(kind, root)
	}
	return harvesters.Record{
		Kind: kind, ID: strings.Clone(id), Body: item.Raw,
		Origin: harvesters.Origin{URL: from, Pointer: item.Pointer},
	}
}

// join attaches what records of one file say about each other: offerings to
// their courses, outcomes, sessions and specifications to those that name them.
func join(records []harvesters.Record) []harvesters.Record {
	index := newIndex()
	for _, r := range records {
		index.add(r)
	}
	kept := records[:0:0]
	for _, r := range records {
		switch {
		case r.Kind == KindCourse || r.Kind == KindProgramme:
			r.Attached = index.attachments(r)
			kept = append(kept, r)
		case r.Kind == KindOffering && index.hasCourse(r), r.Kind != KindOrganisation && index.referenced[r.Kind+" "+r.ID]:
		default:
			kept = append(kept, r)
		}
	}
	return kept
}

// index finds the records that belong to a course.
type index struct {
	offerings  map[string][]harvesters.Record // by id of course or programme
	records    map[string]harvesters.Record   // by kind and id
	ordered    []harvesters.Record            // the same, as they were read
	courses    map[string]bool
	referenced map[string]bool // what a course or offering refers to, by kind and id
	size       int             // bytes held
}

func newIndex() *index {
	return &index{
		offerings:  map[string][]harvesters.Record{},
		records:    map[string]harvesters.Record{},
		courses:    map[string]bool{},
		referenced: map[string]bool{},
	}
}

// add enters a record under what others know it by.
func (x *index) add(r harvesters.Record) {
	x.size += len(r.Body)
	var d jsontree.Doc
	switch r.Kind {
	case KindOffering:
		if d.Parse(r.Body) == nil {
			if id := courseOf(d.Root()); id != "" {
				x.offerings[strings.Clone(id)] = append(x.offerings[id], r)
			}
			x.refer(d.Root())
		}
	case KindCourse, KindProgramme:
		x.courses[r.ID] = true
		if d.Parse(r.Body) == nil {
			x.refer(d.Root())
		}
	default:
		x.records[r.Kind+" "+r.ID] = r
		x.ordered = append(x.ordered, r)
	}
}

// refer notes what v refers to.
func (x *index) refer(v jsontree.Value) {
	for _, key := range namedBy(v) {
		x.referenced[key] = true
	}
}

func courseOf(offering jsontree.Value) string {
	id, _ := lifting.RefID(firstOf(offering, offeredBy...), "courseId", "programmeId", "programId")
	return id
}

func (x *index) hasCourse(offering harvesters.Record) bool {
	var d jsontree.Doc
	return d.Parse(offering.Body) == nil && x.courses[courseOf(d.Root())]
}

// attachments returns what the lifting of a course needs besides its record:
// its offerings, and of it and them the records that they name.
func (x *index) attachments(r harvesters.Record) []harvesters.Record {
	return x.named(r, x.offerings[r.ID])
}

// named returns the offerings with what they and the course name.
func (x *index) named(r harvesters.Record, offerings []harvesters.Record) []harvesters.Record {
	attached := append([]harvesters.Record(nil), offerings...)
	seen := map[string]bool{}
	for _, source := range append([]harvesters.Record{r}, offerings...) {
		var d jsontree.Doc
		if d.Parse(source.Body) != nil {
			continue
		}
		for _, key := range namedBy(d.Root()) {
			if other, ok := x.records[key]; ok && !seen[key] {
				seen[key] = true
				attached = append(attached, other)
			}
		}
	}
	return attached
}

// namedBy returns the kind and id of the records that v refers to.
func namedBy(v jsontree.Value) []string {
	var keys []string
	for _, ref := range []struct {
		kind  string
		names []string
	}{
		{KindOutcome, []string{"learningOutcomeIds"}},
		{KindSession, []string{"academicSessionId", "academicSession"}},
		{KindSpecification, []string{"educationSpecification"}},
		{KindOrganisation, []string{"organisationId", "organization", "organisation"}},
	} {
		for _, name := range ref.names {
			lifting.Each(v.Get(name), func(e jsontree.Value) {
				if id := e.Text(); id != "" && e.Kind() != jsontree.Object {
					keys = append(keys, ref.kind+" "+id)
				}
			})
		}
	}
	return keys
}
