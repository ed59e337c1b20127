package store_test

import (
	"bytes"
	"context"
	"errors"
	"flag"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/klauspost/compress/zstd"

	"qlgraph/graph"
	"qlgraph/graph/graphtest"
	"qlgraph/graph/rdf"
	"qlgraph/graph/store"
)

// writeFixture writes the fixture of the current format; that of a format that
// has been released is never written again.
var writeFixture = flag.Bool("write-fixture", false, "write testdata/format-1.db.zst")

const fixture = "testdata/format-1.db.zst"

// fixtureQuads is what the fixture holds: bulk-loaded quads and later ones.
func fixtureQuads() (loaded, later []rdf.Quad) {
	for n := range 40 {
		loaded = append(loaded, course(n, n%4)...)
	}
	s, p := rdf.IRI("http://example.org/values"), rdf.IRI("http://example.org/p")
	for _, o := range []rdf.Term{
		rdf.Blank("b"), rdf.Literal(""), rdf.LangLiteral("été", "fr-CA"), rdf.TypedLiteral("01", rdf.XSDInteger),
		rdf.TypedLiteral("-5", rdf.XSDInteger), rdf.TypedLiteral("7.5", rdf.XSDDecimal), rdf.TypedLiteral("5.0", rdf.XSDDouble),
		rdf.TypedLiteral("true", rdf.XSDBoolean), rdf.TypedLiteral("2025-09-01", rdf.XSDDate), rdf.TypedLiteral("2025-09-01T12:00:00+02:00", rdf.XSDDateTime),
	} {
		later = append(later, rdf.Triple(s, p, o), rdf.Quad{S: s, P: p, O: o, G: rdf.IRI("http://example.org/g")})
	}
	return loaded, later
}

// TestFormat opens a file that was written by the first version of the format.
func TestFormat(t *testing.T) {
	loaded, later := fixtureQuads()
	if *writeFixture {
		createFixture(t, loaded, later)
	}
	packed, err := os.ReadFile(fixture)
	if err != nil {
		t.Fatal(err)
	}
	dec, err := zstd.NewReader(nil)
	if err != nil {
		t.Fatal(err)
	}
	defer dec.Close()
	file, err := dec.DecodeAll(packed, nil)
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, store.FileName), file, 0o644); err != nil {
		t.Fatal(err)
	}
	s := open(t, dir)
	m := graphtest.Model{}
	add(m, append(loaded, later...)...)
	check(t, s, m)
	verify(t, s)
	snap := view(t, s)
	value, err := snap.Value("run", "1")
	if string(value) != "ok" || err != nil {
		t.Errorf("ledger: %q, error %v", value, err)
	}
	revisions, err := snap.Revisions("http://example.org/values")
	if err != nil || len(revisions) != 1 || revisions[0].Run != "1" {
		t.Fatalf("history: %v, error %v", revisions, err)
	}
	state, err := snap.RevisionState("http://example.org/values", 1)
	record, recordErr := snap.Archived(revisions[0].Record)
	if string(state) != "state" || string(record) != "record" || err != nil || recordErr != nil {
		t.Errorf("history: %q, %q, errors %v, %v", state, record, err, recordErr)
	}
	if _, err := s.Update(context.Background(), func(tx graph.Tx) error { return tx.Clear(rdf.Term{}) }); err != nil {
		t.Fatal(err)
	}
	verify(t, s)
}

func createFixture(t *testing.T, loaded, later []rdf.Quad) {
	dir := t.TempDir()
	s := open(t, dir)
	ctx := context.Background()
	if _, err := s.Load(ctx, store.LoadOptions{}, source(loaded)); err != nil {
		t.Fatal(err)
	}
	if _, err := s.Write(ctx, func(tx *store.Tx) error {
		at := time.Date(2025, 9, 1, 0, 0, 0, 0, time.UTC)
		record, err := tx.Archive([]byte("record"), at)
		_, historyErr := tx.Record("http://example.org/values", graph.Revision{At: at, Run: "1", Record: record}, []byte("state"))
		return errors.Join(err, historyErr, tx.SetValue("run", "1", []byte("ok")), tx.Insert(later...))
	}); err != nil {
		t.Fatal(err)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	file, err := os.ReadFile(filepath.Join(dir, store.FileName))
	if err != nil {
		t.Fatal(err)
	}
	enc, err := zstd.NewWriter(nil, zstd.WithEncoderLevel(zstd.SpeedBestCompression))
	if err != nil {
		t.Fatal(err)
	}
	if err := os.MkdirAll(filepath.Dir(fixture), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(fixture, enc.EncodeAll(bytes.TrimRight(file, "\x00"), nil), 0o644); err != nil {
		t.Fatal(err)
	}
}

func TestOtherFormat(t *testing.T) {
	dir := t.TempDir()
	if err := open(t, dir).Close(); err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(dir, store.FileName)
	file, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	at := bytes.Index(file, []byte("format\x01\x00\x00\x00"))
	if at < 0 {
		t.Fatal("no format version in the file")
	}
	file[at+len("format")] = 99
	if err := os.WriteFile(path, file, 0o644); err != nil {
		t.Fatal(err)
	}
	if s, err := store.Open(dir, store.Options{}); err == nil {
		s.Close()
		t.Error("a file of format 99 opens")
	} else {
		t.Log(err)
	}
}
