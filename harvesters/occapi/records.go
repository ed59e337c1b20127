package occapi

import (
	"errors"
	"strings"

	"qlgraph/harvesters"
	"qlgraph/harvesters/lifting"
	"qlgraph/internal/jsontree"
)

// Records finds the records in the text of a file: a JSON:API document with one
// resource or many, a bare array of resources, or a resource. The records
// before a syntax error are returned with the error.
func Records(body []byte) ([]harvesters.Record, error) {
	items, err := lifting.SplitFile(body, isResource, "data")
	var d jsontree.Doc
	if len(items) == 0 && d.Parse(body) == nil && isResource(d.Root().Get("data")) {
		items, err = []lifting.Item{{Raw: []byte(d.Root().Get("data").Raw()), Pointer: "/data"}}, nil
	}
	records := make([]harvesters.Record, 0, len(items))
	for _, item := range items {
		records = append(records, newRecord(item, ""))
	}
	joined, limit := newJoin().File(records)
	return joined, errors.Join(err, limit)
}

// isResource reports whether v is a resource (JSON:API 1.1, Resource Objects).
func isResource(v jsontree.Value) bool { return v.Get("attributes").Kind() == jsontree.Object }

func newRecord(item lifting.Item, from string) harvesters.Record {
	rec := harvesters.Record{Kind: KindCourse, Body: item.Raw, Origin: harvesters.Origin{URL: from, Pointer: item.Pointer}}
	var d jsontree.Doc
	if d.Parse(item.Raw) != nil {
		return rec
	}
	root := d.Root()
	if kind := root.Get("type").Text(); kind != "" {
		rec.Kind = strings.Clone(kind)
	}
	rec.ID = strings.Clone(strings.TrimSpace(root.Get("id").Text()))
	rec.Modified = lifting.Time(root.Get("attributes").Get("lastModified").Text())
	return rec
}

// newJoin returns the join of courses with their instances and programmes.
// Programmes are records of their own as well.
func newJoin() *lifting.Join {
	return &lifting.Join{
		IsCourse: func(kind string) bool { return kind == KindCourse },
		Owner: func(kind string, v jsontree.Value) string {
			if kind != KindInstance {
				return ""
			}
			id, _ := courseOf(v)
			return id
		},
		Refs: func(v jsontree.Value, add func(kind, id string)) {
			programmesOf(v, func(id string, _, _ jsontree.Value) { add(KindProgramme, id) })
		},
		Independent: map[string]bool{KindProgramme: true, KindInstitution: true, KindUnit: true},
	}
}
