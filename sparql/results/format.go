package results

import "strings"

// Format is a format of SPARQL results.
type Format uint8

// The formats. The zero Format is none.
const (
	JSON Format = iota + 1
	XML
	CSV
	TSV
)

// Formats are all formats, in the order in which a server offers them.
var Formats = [...]Format{JSON, XML, CSV, TSV}

var mediaTypes = [...]string{
	JSON: "application/sparql-results+json",
	XML:  "application/sparql-results+xml",
	CSV:  "text/csv",
	TSV:  "text/tab-separated-values",
}

// aliases are other media types that clients ask for and mean a format by.
var aliases = map[string]Format{
	"application/json": JSON,
	"text/json":        JSON,
	"application/xml":  XML,
	"text/xml":         XML,
	"json":             JSON,
	"srj":              JSON,
	"xml":              XML,
	"srx":              XML,
	"csv":              CSV,
	"tsv":              TSV,
}

// MediaType returns the format's registered media type, without parameters.
func (f Format) MediaType() string { return mediaTypes[f] }

// ContentType returns the value of a Content-Type header for the format.
func (f Format) ContentType() string {
	switch f {
	case CSV:
		return "text/csv; charset=utf-8; header=present"
	case TSV:
		return "text/tab-separated-values; charset=utf-8"
	}
	return f.MediaType()
}

// String returns the format's short name: "json", "xml", "csv" or "tsv".
func (f Format) String() string { return [...]string{"", "json", "xml", "csv", "tsv"}[f] }

// FormatOf returns the format with the given media type (parameters aside) or
// short name, and false for an unknown one.
func FormatOf(name string) (Format, bool) {
	name, _, _ = strings.Cut(name, ";")
	name = strings.ToLower(strings.TrimSpace(name))
	for _, f := range Formats {
		if name == mediaTypes[f] {
			return f, true
		}
	}
	f, ok := aliases[name]
	return f, ok
}
