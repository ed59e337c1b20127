package pipeline

import (
	"bytes"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"fmt"
	"slices"

	"github.com/klauspost/compress/zstd"

	"qlgraph/graph/rdf"
)

// The quads of a record are kept as a block of their own, so that an unchanged
// record need not be lifted again to be part of its source's graph:
//
//	uvarint  number of terms
//	terms    form byte, uvarint length, text, and for typed and tagged
//	         literals the same of datatype or tag
//	uvarint  number of triples
//	triples  three uvarints each, indexes of terms
//
// Triples are sorted and without repetition, so that equal sets of triples give
// equal blocks.

const (
	formBlank byte = iota
	formIRI
	formString
	formTyped
	formLang
)

var errBlock = errors.New("damaged block of quads")

// encodeQuads returns the block of the triples, which it sorts and compacts in
// place.
func encodeQuads(quads []rdf.Quad) []byte {
	slices.SortFunc(quads, rdf.CompareQuads)
	quads = slices.Compact(quads)
	index := make(map[rdf.Term]uint64, len(quads))
	var terms, triples []byte
	number := func(t rdf.Term) uint64 {
		n, ok := index[t]
		if !ok {
			n = uint64(len(index))
			index[t] = n
			terms = appendTerm(terms, t)
		}
		return n
	}
	for _, q := range quads {
		triples = binary.AppendUvarint(triples, number(q.S))
		triples = binary.AppendUvarint(triples, number(q.P))
		triples = binary.AppendUvarint(triples, number(q.O))
	}
	block := binary.AppendUvarint(nil, uint64(len(index)))
	block = append(block, terms...)
	block = binary.AppendUvarint(block, uint64(len(quads)))
	return append(block, triples...)
}

func appendTerm(b []byte, t rdf.Term) []byte {
	form, qualifier := formString, ""
	switch {
	case t.IsBlank():
		form = formBlank
	case t.IsIRI():
		form = formIRI
	case t.Lang() != "":
		form, qualifier = formLang, t.Lang()
	case t.Datatype() != rdf.XSDString:
		form, qualifier = formTyped, t.Datatype()
	}
	b = appendText(append(b, form), t.Value())
	if qualifier != "" {
		b = appendText(b, qualifier)
	}
	return b
}

func appendText(b []byte, s string) []byte {
	return append(binary.AppendUvarint(b, uint64(len(s))), s...)
}

// decodeQuads appends the triples of a block to quads.
func decodeQuads(quads []rdf.Quad, block []byte) (_ []rdf.Quad, err error) {
	defer func() {
		if r := recover(); r != nil {
			bad, ok := r.(error)
			if !ok || !errors.Is(bad, errBlock) {
				panic(r)
			}
			err = bad
		}
	}()
	r := blockReader{string(block)}
	terms := make([]rdf.Term, r.count())
	for i := range terms {
		terms[i] = r.term()
	}
	n := r.count()
	quads = slices.Grow(quads, n)
	for range n {
		quads = append(quads, rdf.Triple(r.index(terms), r.index(terms), r.index(terms)))
	}
	return quads, nil
}

// blockReader reads a block; it panics with errBlock.
type blockReader struct{ rest string }

func (r *blockReader) uvarint() uint64 {
	var n uint64
	for shift := 0; shift < 64 && r.rest != ""; shift += 7 {
		b := r.rest[0]
		r.rest = r.rest[1:]
		n |= uint64(b&0x7f) << shift
		if b < 0x80 {
			return n
		}
	}
	panic(errBlock)
}

// count reads a number of things that take at least a byte each.
func (r *blockReader) count() int {
	n := r.uvarint()
	if n > uint64(len(r.rest)) {
		panic(errBlock)
	}
	return int(n)
}

func (r *blockReader) text() string {
	n := r.count()
	s := r.rest[:n]
	r.rest = r.rest[n:]
	return s
}

func (r *blockReader) term() rdf.Term {
	if r.rest == "" {
		panic(errBlock)
	}
	form := r.rest[0]
	r.rest = r.rest[1:]
	value := r.text()
	switch form {
	case formBlank:
		return rdf.Blank(value)
	case formIRI:
		return rdf.IRI(value)
	case formString:
		return rdf.Literal(value)
	case formTyped:
		return rdf.TypedLiteral(value, r.text())
	case formLang:
		return rdf.LangLiteral(value, r.text())
	}
	panic(errBlock)
}

func (r *blockReader) index(terms []rdf.Term) rdf.Term {
	n := r.uvarint()
	if n >= uint64(len(terms)) {
		panic(errBlock)
	}
	return terms[n]
}

// compressor keeps blocks and raw records small: they are a few KiB of
// repetitive text each. It is safe for concurrent use.
type compressor struct {
	encoder *zstd.Encoder
	decoder *zstd.Decoder
}

// maxBlock bounds what a block of ours expands to.
const maxBlock = 512 << 20

func newCompressor() (*compressor, error) {
	encoder, err := zstd.NewWriter(nil, zstd.WithEncoderLevel(zstd.SpeedFastest), zstd.WithEncoderConcurrency(1))
	if err != nil {
		return nil, err
	}
	decoder, err := zstd.NewReader(nil, zstd.WithDecoderConcurrency(1), zstd.WithDecoderMaxMemory(maxBlock))
	if err != nil {
		return nil, err
	}
	return &compressor{encoder, decoder}, nil
}

// pack returns a slice of exactly its own size: the encoder's has room for what
// went in, and a run keeps two for every changed record.
func (c *compressor) pack(b []byte) []byte { return bytes.Clone(c.encoder.EncodeAll(b, nil)) }

func (c *compressor) unpack(b []byte) ([]byte, error) {
	out, err := c.decoder.DecodeAll(b, nil)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", errBlock, err)
	}
	return out, nil
}

// digest is the name of a content.
func digest(b []byte) string {
	sum := sha256.Sum256(b)
	return hex.EncodeToString(sum[:])
}
