// Command loadprovider serves a seeded catalogue of any size as a provider of
// one of the source formats does: for measurements, and to try a harvest
// against a source that changes.
//
//	go run ./cmd/loadprovider -format ooapi -courses 10000 -listen 127.0.0.1:9090
//	curl -X POST 'http://127.0.0.1:9090/edit?change=3&remove=1&add=2'
//
// The manifest is at the well-known path. The same seed, size and edits give
// the same records.
package main
