package rdfio

import (
	"io"
	"strings"

	"github.com/klauspost/compress/gzip"
	"github.com/klauspost/compress/zstd"
)

// Compression is how a document is compressed.
type Compression uint8

// The compressions.
const (
	Plain Compression = iota
	Gzip
	Zstd
)

// maxWindow bounds the memory that a zstd frame may ask for: what the zstd tool
// writes at its highest ordinary level.
const maxWindow = 8 << 20

func (c Compression) ending() string { return [...]string{"", ".gz", ".zst"}[c] }

// compressionByPath returns the compression that the last ending of name tells.
func compressionByPath(name string) Compression {
	for _, c := range []Compression{Gzip, Zstd} {
		if strings.HasSuffix(name, c.ending()) {
			return c
		}
	}
	return Plain
}

// Decompress returns a reader of what r holds compressed. Close releases the
// decompressor and leaves r open.
func Decompress(r io.Reader, c Compression) (io.ReadCloser, error) {
	switch c {
	case Gzip:
		return gzip.NewReader(r)
	case Zstd:
		d, err := zstd.NewReader(r, zstd.WithDecoderConcurrency(1), zstd.WithDecoderMaxWindow(maxWindow))
		if err != nil {
			return nil, err
		}
		return d.IOReadCloser(), nil
	}
	return io.NopCloser(r), nil
}
