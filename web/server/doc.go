// Package server is the one HTTP listener of the program: it routes requests to
// the plain net/http handlers of the packages below, and puts around them what
// all of them need: recovery, security headers, size limits and a request log.
//
// It is the only package that knows echo (docs/adr/0002-http.md).
package server
