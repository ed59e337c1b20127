package expr

import (
	"math"

	"qlgraph/graph"
	"qlgraph/graph/rdf"
	"qlgraph/graph/xsd"
)

// Value is an RDF term, a value that was computed and has not been written as a
// term yet, or (the zero Value) an error: a type error, or an unbound variable.
type Value struct {
	term rdf.Term
	data xsd.Value
	id   graph.ID // of the inlined literal that data is of: it knows the spelling
}

// OfTerm returns the value that is the term t; the zero Term gives an error.
func OfTerm(t rdf.Term) Value { return Value{term: t} }

// Constant returns the value that is the term t, with its XSD value parsed once
// and for all.
func Constant(t rdf.Term) Value {
	v := Value{term: t}
	v.data, _ = v.XSD()
	v.id, _ = graph.Inline(t)
	return v
}

// OfInlined returns the value of the literal that an inlined ID carries, which is
// not written out until somebody asks for its term.
func OfInlined(id graph.ID) Value { return Value{data: InlinedData(id), id: id} }

// InlinedData returns the XSD value that an inlined ID carries.
func InlinedData(id graph.ID) xsd.Value {
	switch id.Kind() {
	case graph.IDInteger:
		return xsd.NewInteger(id.Integer())
	case graph.IDDecimal:
		return xsd.NewDecimal(id.Decimal(), graph.DecimalScale)
	case graph.IDDouble:
		return xsd.NewDouble(id.Double())
	case graph.IDBoolean:
		return xsd.NewBoolean(id.Boolean())
	case graph.IDDate:
		t, zone, zoned := id.Date()
		return xsd.NewTemporal(xsd.Date, t.Unix()+int64(zone)*60, 0, zone, zoned)
	case graph.IDDateTime:
		t, zone, zoned := id.DateTime()
		return xsd.NewTemporal(xsd.DateTime, t.Unix()+int64(zone)*60, t.Nanosecond(), zone, zoned)
	}
	return xsd.Value{}
}

// Inlined returns the ID that carries v, where that is known without writing v as
// a term.
func (v Value) Inlined() (graph.ID, bool) {
	switch {
	case v.id != 0:
		return v.id, true
	case !v.term.IsZero():
		return 0, false
	}
	switch v.data.Type() {
	case xsd.Boolean:
		return graph.BooleanID(v.data.Bool()), true
	case xsd.Integer:
		if n, ok := v.data.Int64(); ok {
			return graph.IntegerID(n)
		}
	case xsd.Decimal:
		return decimalID(v.data)
	case xsd.Double:
		return graph.DoubleID(v.data.Float64())
	}
	return 0, false
}

// decimalID returns the ID of a decimal in its canonical form.
func decimalID(data xsd.Value) (graph.ID, bool) {
	n, scale, ok := data.Fixed()
	if !ok || scale > graph.DecimalScale {
		return 0, false
	}
	for ; scale < graph.DecimalScale; scale++ {
		if n > math.MaxInt64/10 || n < math.MinInt64/10 {
			return 0, false
		}
		n *= 10
	}
	return graph.DecimalID(n)
}

// OfXSD returns the literal with the value data in its canonical form; no value
// gives an error.
func OfXSD(data xsd.Value) Value { return Value{data: data} }

// Boolean returns an xsd:boolean.
func Boolean(b bool) Value { return Value{data: xsd.NewBoolean(b)} }

// Integer returns an xsd:integer.
func Integer(n int) Value { return Value{data: xsd.NewInteger(int64(n))} }

// String returns a simple literal, which is an xsd:string.
func String(s string) Value { return Value{term: rdf.Literal(s)} }

// IsError reports whether v is an error or unbound.
func (v Value) IsError() bool { return v.term.IsZero() && v.data.IsZero() }

// Term returns v as a term, the zero Term for an error.
func (v Value) Term() rdf.Term {
	switch {
	case !v.term.IsZero() || v.data.IsZero():
		return v.term
	case v.id != 0:
		return v.id.InlinedTerm()
	}
	return rdf.TypedLiteral(v.data.String(), v.data.Type().IRI())
}

// XSD returns the XSD value of a literal; ok is false for all else, for
// ill-typed literals and for the datatypes that xsd.Parse does not compute with.
func (v Value) XSD() (data xsd.Value, ok bool) {
	if !v.data.IsZero() {
		return v.data, true
	}
	if !v.term.IsLiteral() {
		return xsd.Value{}, false
	}
	return xsd.Parse(v.term.Value(), v.term.Datatype())
}

// Kind returns the kind of v's term, NoTerm for an error.
func (v Value) Kind() rdf.Kind {
	if v.term.IsZero() && !v.data.IsZero() {
		return rdf.KindLiteral
	}
	return v.term.Kind()
}

// Size returns the bytes that v's strings hold, for whoever accounts for memory.
func (v Value) Size() int { return len(v.term.Value()) + len(v.term.Lang()) }

// datatype returns a literal's datatype IRI, "" for all else.
func (v Value) datatype() string {
	if v.term.IsZero() {
		return v.data.Type().IRI()
	}
	return v.term.Datatype()
}

// lexical returns the string that STR sees of a literal or IRI.
func (v Value) lexical() string {
	switch {
	case !v.term.IsZero():
		return v.term.Value()
	case v.id != 0:
		return v.id.InlinedTerm().Value()
	}
	return v.data.String()
}

// text returns a string literal (SPARQL 1.1 §17.4.3: simple, xsd:string or with
// a language tag); ok is false for other values.
func (v Value) text() (s, lang string, ok bool) {
	if lang = v.term.Lang(); lang != "" {
		return v.term.Value(), lang, true
	}
	s, ok = v.simple()
	return s, "", ok
}

// simple returns a simple literal or xsd:string; ok is false for other values.
func (v Value) simple() (s string, ok bool) {
	if v.term.IsLiteral() && v.term.Datatype() == rdf.XSDString {
		return v.term.Value(), true
	}
	return "", false
}

// numeric returns a number; ok is false for other values.
func (v Value) numeric() (xsd.Value, bool) {
	data, ok := v.XSD()
	return data, ok && data.Type().IsNumeric()
}

// tagged returns a string literal with the tag lang, or a simple one.
func tagged(s, lang string) Value { return Value{term: rdf.LangLiteral(s, lang)} }
