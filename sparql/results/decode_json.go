package results

import (
	"encoding/json"
	"io"
	"iter"

	"qlgraph/graph/rdf"
)

// jsonTerm is a term of the JSON format (§3.2.2).
type jsonTerm struct {
	Type     string  `json:"type"`
	Value    *string `json:"value"`
	Lang     string  `json:"xml:lang"`
	Datatype string  `json:"datatype"`
}

func (t jsonTerm) term() (rdf.Term, error) {
	if t.Value == nil {
		return rdf.Term{}, malformed("a term without a value")
	}
	switch t.Type {
	case "uri":
		return rdf.IRI(*t.Value), nil
	case "bnode":
		return rdf.Blank(*t.Value), nil
	case "literal", "typed-literal": // the latter is from the format's first draft
		if t.Lang != "" {
			return rdf.LangLiteral(*t.Value, t.Lang), nil
		}
		return rdf.TypedLiteral(*t.Value, t.Datatype), nil
	}
	return rdf.Term{}, malformed("a term of type %.40q", t.Type)
}

// jsonReader reads a document member by member.
type jsonReader struct {
	dec  *json.Decoder
	vars []string
	head bool
}

func decodeJSON(r io.Reader) (*Result, error) {
	j := &jsonReader{dec: json.NewDecoder(r)}
	if err := j.delim('{'); err != nil {
		return nil, err
	}
	var early []map[string]jsonTerm // rows that came before the head
	for j.dec.More() {
		key, err := j.key()
		if err != nil {
			return nil, err
		}
		switch key {
		case "head":
			err = j.readHead()
		case "boolean":
			var truth bool
			if err := j.dec.Decode(&truth); err != nil {
				return nil, malformed("%v", err)
			}
			return booleanResult(truth), nil
		case "results":
			if j.head {
				return j.stream()
			}
			early, err = j.readEarly()
		default:
			err = j.skip()
		}
		if err != nil {
			return nil, err
		}
	}
	if early == nil || !j.head {
		return nil, malformed("neither results with a head nor a boolean")
	}
	return &Result{Vars: j.vars, rows: j.held(early)}, nil
}

func (j *jsonReader) readHead() error {
	var head struct {
		Vars []string `json:"vars"`
	}
	if err := j.dec.Decode(&head); err != nil {
		return malformed("%v", err)
	}
	if head.Vars == nil {
		head.Vars = []string{}
	}
	j.vars, j.head = head.Vars, true
	return nil
}

// delim reads the delimiter c.
func (j *jsonReader) delim(c json.Delim) error {
	t, err := j.dec.Token()
	if err != nil {
		return malformed("%v", err)
	}
	if t != c {
		return malformed("expected %q, found %v", rune(c), t)
	}
	return nil
}

func (j *jsonReader) key() (string, error) {
	t, err := j.dec.Token()
	if err != nil {
		return "", malformed("%v", err)
	}
	key, ok := t.(string)
	if !ok {
		return "", malformed("expected a member's name")
	}
	return key, nil
}

func (j *jsonReader) skip() error {
	var ignored json.RawMessage
	if err := j.dec.Decode(&ignored); err != nil {
		return malformed("%v", err)
	}
	return nil
}

// bindings advances into the array "bindings" of "results".
func (j *jsonReader) bindings() error {
	if err := j.delim('{'); err != nil {
		return err
	}
	for j.dec.More() {
		key, err := j.key()
		if err != nil {
			return err
		}
		if key == "bindings" {
			return j.delim('[')
		}
		if err := j.skip(); err != nil {
			return err
		}
	}
	return malformed("results without bindings")
}

func (j *jsonReader) next() (map[string]jsonTerm, error) {
	var binding map[string]jsonTerm
	if err := j.dec.Decode(&binding); err != nil {
		return nil, malformed("%v", err)
	}
	return binding, nil
}

// stream returns the result whose rows are read on demand.
func (j *jsonReader) stream() (*Result, error) {
	if err := j.bindings(); err != nil {
		return nil, err
	}
	return &Result{Vars: j.vars, rows: func(yield func([]rdf.Term, error) bool) {
		row := make([]rdf.Term, len(j.vars))
		for j.dec.More() {
			binding, err := j.next()
			if err == nil {
				err = j.fill(row, binding)
			}
			if err != nil {
				yield(nil, err)
				return
			}
			if !yield(row, nil) {
				return
			}
		}
		if err := j.finish(); err != nil {
			yield(nil, err)
		}
	}}, nil
}

// finish reads to the end of the document, so that one that was cut off is
// noticed.
func (j *jsonReader) finish() error {
	if err := j.delim(']'); err != nil {
		return err
	}
	for range 2 {
		for j.dec.More() {
			if _, err := j.key(); err != nil {
				return err
			}
			if err := j.skip(); err != nil {
				return err
			}
		}
		if err := j.delim('}'); err != nil {
			return err
		}
	}
	return nil
}

func (j *jsonReader) fill(row []rdf.Term, binding map[string]jsonTerm) error {
	for i, v := range j.vars {
		row[i] = rdf.Term{}
		value, bound := binding[v]
		if !bound {
			continue
		}
		t, err := value.term()
		if err != nil {
			return err
		}
		row[i] = t
	}
	return nil
}

func (j *jsonReader) readEarly() ([]map[string]jsonTerm, error) {
	if err := j.bindings(); err != nil {
		return nil, err
	}
	rows := []map[string]jsonTerm{}
	for j.dec.More() {
		binding, err := j.next()
		if err != nil {
			return nil, err
		}
		rows = append(rows, binding)
	}
	if err := j.delim(']'); err != nil {
		return nil, err
	}
	for j.dec.More() {
		if _, err := j.key(); err != nil {
			return nil, err
		}
		if err := j.skip(); err != nil {
			return nil, err
		}
	}
	return rows, j.delim('}')
}

func (j *jsonReader) held(bindings []map[string]jsonTerm) iter.Seq2[[]rdf.Term, error] {
	return func(yield func([]rdf.Term, error) bool) {
		row := make([]rdf.Term, len(j.vars))
		for _, binding := range bindings {
			if err := j.fill(row, binding); err != nil {
				yield(nil, err)
				return
			}
			if !yield(row, nil) {
				return
			}
		}
	}
}
