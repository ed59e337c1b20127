package spill_test

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"qlgraph/internal/spill"
)

func TestFile(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "spill")
	f := spill.New(dir)
	type piece struct {
		at   int64
		text []byte
	}
	var pieces []piece
	for i := range 3000 {
		text := bytes.Repeat(fmt.Appendf(nil, "%d ", i), i%997+1)
		at, err := f.Append(text)
		if err != nil {
			t.Fatal(err)
		}
		pieces = append(pieces, piece{at, text})
		if i == 10 {
			if _, err := os.Stat(dir); err == nil {
				t.Error("a file was made for a few bytes")
			}
		}
	}
	size := int64(0)
	for i, p := range pieces {
		got, err := f.Read(p.at, len(p.text))
		if err != nil || !bytes.Equal(got, p.text) {
			t.Fatalf("piece %d: error %v, %.20q, want %.20q", i, err, got, p.text)
		}
		size += int64(len(p.text))
	}
	if f.Size() != size {
		t.Errorf("size %d, want %d", f.Size(), size)
	}
	if err := f.Close(); err != nil {
		t.Error(err)
	}
	if err := f.Close(); err != nil {
		t.Error(err)
	}
	left, err := os.ReadDir(dir)
	if err != nil || len(left) > 0 {
		t.Errorf("left behind: %v, error %v", left, err)
	}
}
