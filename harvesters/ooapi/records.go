package ooapi

import (
	"errors"
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
	joined, limit := newJoin().File(records)
	return joined, errors.Join(err, limit)
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

// newJoin returns the join of courses and programmes with what belongs to them.
func newJoin() *lifting.Join {
	return &lifting.Join{
		Independent: map[string]bool{KindOrganisation: true},
		IsCourse:    func(kind string) bool { return kind == KindCourse || kind == KindProgramme },
		Owner: func(kind string, v jsontree.Value) string {
			if kind == KindComponent {
				id, _ := lifting.RefID(firstOf(v, "courseId", "course"), "courseId")
				return id
			}
			if kind != KindOffering {
				return ""
			}
			id, _ := lifting.RefID(firstOf(v, offeredBy...), "courseId", "programmeId", "programId")
			return id
		},
		Refs: references,
	}
}

// references calls add for the records that v refers to.
func references(v jsontree.Value, add func(kind, id string)) {
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
				if id := e.Text(); id != "" {
					add(ref.kind, id)
				}
			})
		}
	}
}
