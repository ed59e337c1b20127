// Package frame is what surrounds every page: head, header, navigation. A package
// with pages parses its templates through Parse and writes
//
//	{{template "top" (frame .Title "/sparql" nil)}} … {{template "bottom"}}
//
// Conventions: HTML 5, no script, no request to anywhere else.
package frame
