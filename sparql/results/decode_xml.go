package results

import (
	"encoding/xml"
	"errors"
	"io"
	"strings"

	"qlgraph/graph/rdf"
)

const xmlPrefix = "http://www.w3.org/XML/1998/namespace"

// xmlReader reads a document element by element.
type xmlReader struct {
	dec  *xml.Decoder
	vars []string
}

// next returns the next start or end tag; text between elements is skipped.
func (x *xmlReader) next() (xml.Token, error) {
	for {
		t, err := x.dec.Token()
		if err != nil {
			return nil, malformed("%v", err)
		}
		switch t := t.(type) {
		case xml.StartElement:
			if t.Name.Space != xmlNamespace {
				return nil, malformed("element %s of another namespace", t.Name.Local)
			}
			return t, nil
		case xml.EndElement:
			return t, nil
		}
	}
}

// start reads the start tag of the element name.
func (x *xmlReader) start(name string) (xml.StartElement, error) {
	t, err := x.next()
	if err != nil {
		return xml.StartElement{}, err
	}
	e, ok := t.(xml.StartElement)
	if !ok || e.Name.Local != name {
		return xml.StartElement{}, malformed("expected <%s>", name)
	}
	return e, nil
}

func decodeXML(r io.Reader) (*Result, error) {
	x := &xmlReader{dec: xml.NewDecoder(r), vars: []string{}}
	for _, name := range []string{"sparql", "head"} {
		if _, err := x.start(name); err != nil {
			return nil, err
		}
	}
	if err := x.readHead(); err != nil {
		return nil, err
	}
	t, err := x.next()
	if err != nil {
		return nil, err
	}
	e, ok := t.(xml.StartElement)
	switch {
	case ok && e.Name.Local == "boolean":
		text, err := x.text()
		if err != nil {
			return nil, err
		}
		truth := strings.TrimSpace(text)
		if truth != "true" && truth != "false" {
			return nil, malformed("boolean %.40q", text)
		}
		return booleanResult(truth == "true"), nil
	case ok && e.Name.Local == "results":
		return &Result{Vars: x.vars, rows: x.rows}, nil
	}
	return nil, malformed("neither <results> nor <boolean>")
}

func (x *xmlReader) readHead() error {
	for {
		t, err := x.next()
		if err != nil {
			return err
		}
		e, ok := t.(xml.StartElement)
		if !ok {
			return nil
		}
		if e.Name.Local == "variable" {
			x.vars = append(x.vars, attribute(e, "", "name"))
		}
		if err := x.dec.Skip(); err != nil {
			return malformed("%v", err)
		}
	}
}

func (x *xmlReader) rows(yield func([]rdf.Term, error) bool) {
	row := make([]rdf.Term, len(x.vars))
	for {
		t, err := x.next()
		if err == nil {
			e, ok := t.(xml.StartElement)
			if !ok {
				err = x.finish()
				if err == nil {
					return
				}
			} else if e.Name.Local != "result" {
				err = malformed("<%s> among the results", e.Name.Local)
			} else {
				err = x.result(row)
			}
		}
		if err != nil {
			yield(nil, err)
			return
		}
		if !yield(row, nil) {
			return
		}
	}
}

// finish reads the rest of the document.
func (x *xmlReader) finish() error {
	for {
		if _, err := x.dec.Token(); errors.Is(err, io.EOF) {
			return nil
		} else if err != nil {
			return malformed("%v", err)
		}
	}
}

func (x *xmlReader) result(row []rdf.Term) error {
	clear(row)
	for {
		t, err := x.next()
		if err != nil {
			return err
		}
		e, ok := t.(xml.StartElement)
		if !ok {
			return nil
		}
		term, err := x.binding(e)
		if err != nil {
			return err
		}
		name := attribute(e, "", "name")
		for i, v := range x.vars {
			if v == name {
				row[i] = term
			}
		}
	}
}

// binding reads the content of a <binding>, its end tag included.
func (x *xmlReader) binding(e xml.StartElement) (rdf.Term, error) {
	if e.Name.Local != "binding" {
		return rdf.Term{}, malformed("<%s> in a result", e.Name.Local)
	}
	t, err := x.next()
	if err != nil {
		return rdf.Term{}, err
	}
	e, ok := t.(xml.StartElement)
	if !ok {
		return rdf.Term{}, malformed("an empty binding")
	}
	text, err := x.text()
	if err != nil {
		return rdf.Term{}, err
	}
	if t, err = x.next(); err != nil {
		return rdf.Term{}, err
	}
	if _, ok := t.(xml.EndElement); !ok {
		return rdf.Term{}, malformed("a binding with two terms")
	}
	switch e.Name.Local {
	case "uri":
		return rdf.IRI(text), nil
	case "bnode":
		return rdf.Blank(text), nil
	case "literal":
		if lang := attribute(e, xmlPrefix, "lang"); lang != "" {
			return rdf.LangLiteral(text, lang), nil
		}
		return rdf.TypedLiteral(text, attribute(e, "", "datatype")), nil
	}
	return rdf.Term{}, malformed("a term <%s>", e.Name.Local)
}

// text reads character data up to the end tag.
func (x *xmlReader) text() (string, error) {
	var b strings.Builder
	for {
		t, err := x.dec.Token()
		if err != nil {
			return "", malformed("%v", err)
		}
		switch t := t.(type) {
		case xml.CharData:
			b.Write(t)
		case xml.EndElement:
			return b.String(), nil
		case xml.StartElement:
			return "", malformed("<%s> in a text", t.Name.Local)
		}
	}
}

func attribute(e xml.StartElement, space, name string) string {
	for _, a := range e.Attr {
		if a.Name.Local == name && (a.Name.Space == space || space == xmlPrefix && a.Name.Space == "xml") {
			return a.Value
		}
	}
	return ""
}
