package conneg

import "strings"

// ContentType returns the Content-Type of a representation in UTF-8 that is
// dereferenced: with the charset for types of text, whose charset is unknown
// without. Turtle is always in UTF-8, and there are clients of linked data
// (rdf2go) that know its type only without parameters.
func ContentType(mediaType string) string {
	if strings.HasPrefix(mediaType, "text/") && mediaType != "text/turtle" {
		return mediaType + "; charset=utf-8"
	}
	return mediaType
}
