package eduapi

import (
	"errors"
	"strings"

	"qlgraph/harvesters"
	"qlgraph/harvesters/lifting"
	"qlgraph/internal/jsontree"
)

// Records finds the records in the text of a file: a bare array, as the API
// sends it, an object with one array in it, or a single record. The records
// before a syntax error are returned with the error.
func Records(body []byte) ([]harvesters.Record, error) {
	items, err := lifting.SplitFile(body, func(v jsontree.Value) bool { return identify(v) != "" })
	records := make([]harvesters.Record, 0, len(items))
	for _, item := range items {
		records = append(records, newRecord("", item, ""))
	}
	joined, limit := newJoin().File(records)
	return joined, errors.Join(err, limit)
}

// newRecord makes a record of an item; an empty kind is found from its members.
func newRecord(kind string, item lifting.Item, from string) harvesters.Record {
	rec := harvesters.Record{Kind: kind, Body: item.Raw, Origin: harvesters.Origin{URL: from, Pointer: item.Pointer}}
	var d jsontree.Doc
	if d.Parse(item.Raw) != nil {
		return rec
	}
	root := d.Root()
	if kind == "" {
		if rec.Kind = identify(root); rec.Kind == "" {
			rec.Kind = KindCourse
		}
	}
	rec.ID = strings.Clone(strings.TrimSpace(root.Get("sourcedId").Text()))
	rec.Modified = lifting.Time(root.Get("dateLastModified").Text())
	return rec
}

// newJoin returns the join of templates with what belongs to them.
func newJoin() *lifting.Join {
	return &lifting.Join{
		Independent: map[string]bool{KindOrganisation: true},
		IsCourse:    func(kind string) bool { return kind == KindCourse || kind == KindCollection },
		Owner: func(kind string, v jsontree.Value) string {
			if kind != KindCourseOffering && kind != KindCollectionOffering {
				return ""
			}
			id, _ := templateOf(v)
			return id
		},
		Refs: func(v jsontree.Value, add func(kind, id string)) {
			for _, ref := range [][2]string{{KindSession, "academicSession"}, {KindOrganisation, "organization"}} {
				if id := v.Get(ref[1]).Text(); id != "" {
					add(ref[0], id)
				}
			}
		},
	}
}
