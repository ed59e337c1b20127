package xsd

import (
	"strings"

	"qlgraph/graph/rdf"
)

// Type names a datatype. The zero Type is any datatype not listed here.
type Type uint8

// The datatypes, in families: numbers from Integer to Double, then points in
// time, durations, and those whose values are not computed with.
const (
	Unknown Type = iota

	Integer
	NonPositiveInteger
	NegativeInteger
	Long
	Int
	Short
	Byte
	NonNegativeInteger
	UnsignedLong
	UnsignedInt
	UnsignedShort
	UnsignedByte
	PositiveInteger
	Decimal
	Float
	Double

	Boolean

	DateTime
	DateTimeStamp
	Date
	Time
	GYear
	GYearMonth
	GMonth
	GMonthDay
	GDay

	Duration
	DayTimeDuration
	YearMonthDuration

	String
	NormalizedString
	Token
	Language
	Name
	NCName
	NMTOKEN
	AnyURI
	HexBinary
	Base64Binary
)

// names are the local names in the XSD namespace, by Type.
var names = [...]string{
	Integer:            "integer",
	NonPositiveInteger: "nonPositiveInteger",
	NegativeInteger:    "negativeInteger",
	Long:               "long",
	Int:                "int",
	Short:              "short",
	Byte:               "byte",
	NonNegativeInteger: "nonNegativeInteger",
	UnsignedLong:       "unsignedLong",
	UnsignedInt:        "unsignedInt",
	UnsignedShort:      "unsignedShort",
	UnsignedByte:       "unsignedByte",
	PositiveInteger:    "positiveInteger",
	Decimal:            "decimal",
	Float:              "float",
	Double:             "double",
	Boolean:            "boolean",
	DateTime:           "dateTime",
	DateTimeStamp:      "dateTimeStamp",
	Date:               "date",
	Time:               "time",
	GYear:              "gYear",
	GYearMonth:         "gYearMonth",
	GMonth:             "gMonth",
	GMonthDay:          "gMonthDay",
	GDay:               "gDay",
	Duration:           "duration",
	DayTimeDuration:    "dayTimeDuration",
	YearMonthDuration:  "yearMonthDuration",
	String:             "string",
	NormalizedString:   "normalizedString",
	Token:              "token",
	Language:           "language",
	Name:               "Name",
	NCName:             "NCName",
	NMTOKEN:            "NMTOKEN",
	AnyURI:             "anyURI",
	HexBinary:          "hexBinary",
	Base64Binary:       "base64Binary",
}

// iris are the datatype IRIs by Type, made once so that IRI allocates nothing.
var iris = func() (iris [len(names)]string) {
	for t, name := range names {
		if name != "" {
			iris[t] = rdf.XSD + name
		}
	}
	return iris
}()

// byName is the inverse of names.
var byName = func() map[string]Type {
	m := make(map[string]Type, len(names))
	for t, name := range names {
		if name != "" {
			m[name] = Type(t)
		}
	}
	return m
}()

// TypeOf returns the Type with the given datatype IRI.
func TypeOf(datatype string) Type {
	name, ok := strings.CutPrefix(datatype, rdf.XSD)
	if !ok {
		return Unknown
	}
	switch name { // the common ones without hashing
	case "integer":
		return Integer
	case "string":
		return String
	case "decimal":
		return Decimal
	case "double":
		return Double
	case "boolean":
		return Boolean
	case "dateTime":
		return DateTime
	case "date":
		return Date
	}
	return byName[name]
}

// IRI returns the datatype's IRI, "" for Unknown.
func (t Type) IRI() string { return iris[t] }

// IsInteger reports whether t is xsd:integer or derived from it.
func (t Type) IsInteger() bool { return t >= Integer && t <= PositiveInteger }

// IsNumeric reports whether t is a numeric type as SPARQL 1.1 §17.1 lists them.
func (t Type) IsNumeric() bool { return t >= Integer && t <= Double }

// IsTemporal reports whether t is a point in time or a recurring one.
func (t Type) IsTemporal() bool { return t >= DateTime && t <= GDay }

// IsDuration reports whether t is xsd:duration or derived from it.
func (t Type) IsDuration() bool { return t >= Duration && t <= YearMonthDuration }
