package lifttest

import (
	"path/filepath"
	"slices"
	"testing"

	"github.com/rogpeppe/go-internal/txtar"
)

// maxFuzzed is the longest payload that is fuzzed: what a lifter does wrong, it
// does wrong with a small record.
const maxFuzzed = 16 << 10

// Fuzz lifts what becomes of the fixtures' payloads: a lifter never panics,
// always says the same, and only valid RDF.
func Fuzz(f *testing.F, format Format) {
	paths, err := filepath.Glob("testdata/*.txtar")
	if err != nil || len(paths) == 0 {
		f.Fatalf("no fixtures in testdata: %v", err)
	}
	name := ""
	for _, path := range paths {
		archive, err := txtar.ParseFile(path)
		if err != nil {
			f.Fatal(err)
		}
		name = archive.Files[0].Name
		f.Add(archive.Files[0].Data)
	}
	f.Fuzz(func(t *testing.T, payload []byte) {
		if len(payload) > maxFuzzed {
			return
		}
		records, err := format.Records(txtar.File{Name: name, Data: payload})
		if err != nil && len(records) == 0 {
			return
		}
		for _, rec := range records {
			lifted := format.Lifter.Lift(rec, format.Context())
			validRDF(t, lifted)
			if again := format.Lifter.Lift(rec, format.Context()); !slices.Equal(again.Statements, lifted.Statements) {
				t.Error("lifting again gives other statements")
			}
		}
	})
}
