// Package static holds the style sheet of the pages. It is embedded, so that no
// page asks another host for anything.
package static
