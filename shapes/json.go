package shapes

import (
	"encoding/json"
	"strings"

	"qlgraph/graph/rdf"
)

// MarshalJSON writes the report as one object: conforms, results, shapes (with
// their numbers of focus nodes), unknown terms and notices. Terms are as in SPARQL 1.1 Query
// Results JSON; paths are in SPARQL's notation.
func (r *Report) MarshalJSON() ([]byte, error) {
	out := jsonReport{Conforms: r.Conforms, Results: []jsonResult{}, Shapes: []jsonShape{}, Unknown: []jsonUnknown{}, Notices: []jsonNotice{}}
	for i := range r.Results {
		out.Results = append(out.Results, newJSONResult(&r.Results[i]))
	}
	for _, c := range r.Coverage {
		out.Shapes = append(out.Shapes, jsonShape{*newJSONTerm(c.Shape), c.FocusNodes})
	}
	for _, u := range r.Unknown {
		out.Unknown = append(out.Unknown, jsonUnknown{*newJSONTerm(u.Term), u.Count, newJSONTerm(u.DidYouMean)})
	}
	for _, n := range r.Notices {
		out.Notices = append(out.Notices, jsonNotice{*newJSONTerm(n.Node), n.Message})
	}
	return json.Marshal(out)
}

type jsonReport struct {
	Conforms bool          `json:"conforms"`
	Results  []jsonResult  `json:"results"`
	Shapes   []jsonShape   `json:"shapes"`
	Unknown  []jsonUnknown `json:"unknownTerms"`
	Notices  []jsonNotice  `json:"notices"`
}

type jsonResult struct {
	FocusNode  *jsonTerm  `json:"focusNode"`
	Path       string     `json:"path,omitempty"`
	Value      *jsonTerm  `json:"value,omitempty"`
	Severity   string     `json:"severity"`
	Component  string     `json:"component"`
	Shape      *jsonTerm  `json:"shape"`
	Constraint *jsonTerm  `json:"constraint,omitempty"`
	Messages   []jsonTerm `json:"messages"`
	Advice     []jsonTerm `json:"advice,omitempty"`
}

type jsonShape struct {
	Shape      jsonTerm `json:"shape"`
	FocusNodes int      `json:"focusNodes"`
}

type jsonUnknown struct {
	Term       jsonTerm  `json:"term"`
	Count      int64     `json:"count"`
	DidYouMean *jsonTerm `json:"didYouMean,omitempty"`
}

type jsonNotice struct {
	Node    jsonTerm `json:"node"`
	Message string   `json:"message"`
}

type jsonTerm struct {
	Type     string `json:"type"`
	Value    string `json:"value"`
	Datatype string `json:"datatype,omitempty"`
	Lang     string `json:"xml:lang,omitempty"`
}

func newJSONResult(r *Result) jsonResult {
	out := jsonResult{
		FocusNode:  newJSONTerm(r.Focus),
		Path:       r.Path.String(),
		Value:      newJSONTerm(r.Value),
		Severity:   severityName(r.Severity),
		Component:  strings.TrimPrefix(r.Component.Value(), sh),
		Shape:      newJSONTerm(r.shape.named().term),
		Constraint: newJSONTerm(r.Source),
		Messages:   []jsonTerm{},
	}
	for _, m := range r.Messages {
		out.Messages = append(out.Messages, *newJSONTerm(m))
	}
	for _, a := range r.shape.advice {
		out.Advice = append(out.Advice, *newJSONTerm(a))
	}
	return out
}

func newJSONTerm(t rdf.Term) *jsonTerm {
	switch t.Kind() {
	case rdf.KindIRI:
		return &jsonTerm{Type: "uri", Value: t.Value()}
	case rdf.KindBlank:
		return &jsonTerm{Type: "bnode", Value: t.Value()}
	case rdf.KindLiteral:
		out := &jsonTerm{Type: "literal", Value: t.Value(), Lang: t.Lang()}
		if d := t.Datatype(); d != rdf.XSDString && d != rdf.RDFLangString {
			out.Datatype = d
		}
		return out
	}
	return nil
}
