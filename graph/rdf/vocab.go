package rdf

// Namespaces of the RDF and XSD vocabularies.
const (
	RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
	XSD = "http://www.w3.org/2001/XMLSchema#"
)

// Terms of the RDF vocabulary that the syntaxes themselves need.
const (
	RDFType       = RDF + "type"
	RDFFirst      = RDF + "first"
	RDFRest       = RDF + "rest"
	RDFNil        = RDF + "nil"
	RDFLangString = RDF + "langString"
	RDFXMLLiteral = RDF + "XMLLiteral"
	RDFHTML       = RDF + "HTML"
	RDFJSON       = RDF + "JSON"
)

// Datatypes of XML Schema (RDF 1.1 Concepts §5.1).
const (
	XSDString             = XSD + "string"
	XSDBoolean            = XSD + "boolean"
	XSDDecimal            = XSD + "decimal"
	XSDInteger            = XSD + "integer"
	XSDDouble             = XSD + "double"
	XSDFloat              = XSD + "float"
	XSDDate               = XSD + "date"
	XSDTime               = XSD + "time"
	XSDDateTime           = XSD + "dateTime"
	XSDDateTimeStamp      = XSD + "dateTimeStamp"
	XSDDuration           = XSD + "duration"
	XSDDayTimeDuration    = XSD + "dayTimeDuration"
	XSDYearMonthDuration  = XSD + "yearMonthDuration"
	XSDAnyURI             = XSD + "anyURI"
	XSDNonNegativeInteger = XSD + "nonNegativeInteger"
	XSDPositiveInteger    = XSD + "positiveInteger"
)
