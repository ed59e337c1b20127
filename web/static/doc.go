// Package static holds the files that pages load: one style sheet, and the
// query editor where it was built (web/editor). They are embedded, so that no
// page asks another host for anything.
package static
