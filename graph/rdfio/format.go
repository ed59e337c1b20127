package rdfio

import (
	"fmt"
	"mime"
	"path"
	"strings"
)

// Format is an RDF syntax. The zero value is none.
type Format uint8

// The syntaxes.
const (
	Turtle Format = iota + 1
	TriG
	NTriples
	NQuads
	RDFXML
	JSONLD
)

// syntax is a row of the table of formats.
type syntax struct {
	name       string
	mediaTypes []string // the registered one first, then those met in the wild
	endings    []string // the usual one first
	graphs     bool
}

var syntaxes = [...]syntax{
	Turtle:   {"turtle", []string{"text/turtle", "application/turtle", "application/x-turtle", "text/n3", "text/rdf+n3"}, []string{".ttl", ".turtle", ".n3"}, false},
	TriG:     {"trig", []string{"application/trig", "application/x-trig"}, []string{".trig"}, true},
	NTriples: {"ntriples", []string{"application/n-triples", "text/plain"}, []string{".nt", ".ntriples"}, false},
	NQuads:   {"nquads", []string{"application/n-quads", "text/x-nquads", "text/nquads"}, []string{".nq", ".nquads"}, true},
	RDFXML:   {"rdfxml", []string{"application/rdf+xml", "application/xml", "text/xml"}, []string{".rdf", ".rdfxml", ".owl", ".xml"}, false},
	JSONLD:   {"jsonld", []string{"application/ld+json", "application/json"}, []string{".jsonld", ".json"}, true},
}

// Formats returns all formats, in the order in which help texts name them.
func Formats() []Format { return []Format{Turtle, TriG, NTriples, NQuads, RDFXML, JSONLD} }

// String returns the format's name on the command line.
func (f Format) String() string { return syntaxes[f].name }

// MediaType returns the registered media type.
func (f Format) MediaType() string {
	if f == 0 {
		return ""
	}
	return syntaxes[f].mediaTypes[0]
}

// MediaTypes returns all media types by which the format is known, the
// registered one first.
func (f Format) MediaTypes() []string { return append([]string(nil), syntaxes[f].mediaTypes...) }

// Ending returns the usual file ending, with its dot.
func (f Format) Ending() string {
	if f == 0 {
		return ""
	}
	return syntaxes[f].endings[0]
}

// Graphs reports whether the format holds named graphs.
func (f Format) Graphs() bool { return syntaxes[f].graphs }

// ByName returns the format with the given name on the command line.
func ByName(name string) (Format, error) {
	var names []string
	for _, f := range Formats() {
		if f.String() == name {
			return f, nil
		}
		names = append(names, f.String())
	}
	return 0, fmt.Errorf("unknown format %q, want one of %s", name, strings.Join(names, ", "))
}

// ByMediaType returns the format of a media type, whose parameters do not
// matter, or 0.
func ByMediaType(mediaType string) Format {
	mediaType, _, err := mime.ParseMediaType(mediaType)
	if err != nil {
		return 0
	}
	for _, f := range Formats() {
		for _, m := range syntaxes[f].mediaTypes {
			if m == mediaType {
				return f
			}
		}
	}
	return 0
}

// ByPath returns the format and the compression that the endings of a file name
// or URL path tell, or 0.
func ByPath(name string) (Format, Compression) {
	name = strings.ToLower(name)
	c := compressionByPath(name)
	name = strings.TrimSuffix(name, c.ending())
	ending := path.Ext(name)
	for _, f := range Formats() {
		for _, e := range syntaxes[f].endings {
			if e == ending {
				return f, c
			}
		}
	}
	return 0, c
}
