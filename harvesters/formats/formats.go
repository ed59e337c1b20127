package formats

import (
	"fmt"
	"strings"

	"qlgraph/harvesters"
	"qlgraph/harvesters/eduapi"
	"qlgraph/harvesters/elm"
	"qlgraph/harvesters/lifting"
	"qlgraph/harvesters/occapi"
	"qlgraph/harvesters/ooapi"
)

// Format is what is known of a source format.
type Format struct {
	Name   harvesters.Format
	Reader harvesters.Reader
	Lifter harvesters.Lifter
	// Records finds the records in the text of a file: a single record, a bare
	// array, or a page as the API sends it. The content type is a hint, "" is
	// none. Records before a syntax error are returned with the error.
	Records func(body []byte, contentType string) ([]harvesters.Record, error)
	Rules   []harvesters.Rule
}

// All returns the formats in the order of the data exchange specification.
func All() []Format {
	return []Format{
		{
			Name: harvesters.ELM, Reader: elm.Reader{}, Lifter: elm.Lifter{},
			Records: elm.Records,
			Rules:   elm.Lifter{}.Rules(),
		},
		{
			Name: harvesters.OOAPI, Reader: ooapi.Reader{}, Lifter: ooapi.Lifter{},
			Records: json(ooapi.Records),
			Rules:   append(ooapi.Lifter{}.Rules(), lifting.CommonRules()...),
		},
		{
			Name: harvesters.EduAPI, Reader: eduapi.Reader{}, Lifter: eduapi.Lifter{},
			Records: json(eduapi.Records),
			Rules:   append(eduapi.Lifter{}.Rules(), lifting.CommonRules()...),
		},
		{
			Name: harvesters.OCCAPI, Reader: occapi.Reader{}, Lifter: occapi.Lifter{},
			Records: json(occapi.Records),
			Rules:   append(occapi.Lifter{}.Rules(), lifting.CommonRules()...),
		},
	}
}

func json(records func([]byte) ([]harvesters.Record, error)) func([]byte, string) ([]harvesters.Record, error) {
	return func(body []byte, _ string) ([]harvesters.Record, error) { return records(body) }
}

// Of returns the format with the given name, as a manifest gives it: case,
// hyphens and underscores do not matter.
func Of(name string) (Format, error) {
	plain := func(s string) string {
		return strings.NewReplacer("-", "", "_", "", " ", "").Replace(strings.ToLower(s))
	}
	var names []string
	for _, f := range All() {
		if plain(string(f.Name)) == plain(name) {
			return f, nil
		}
		names = append(names, string(f.Name))
	}
	return Format{}, fmt.Errorf("unknown source type %q: expected one of %s", name, strings.Join(names, ", "))
}
