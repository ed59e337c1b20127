package store

import (
	"encoding/binary"
	"errors"
	"math/bits"

	"github.com/zeebo/xxh3"

	"qlgraph/graph"
)

// A block is a run of sorted rows under the key of its first row.
//
//	rows, repeats        uvarint: repeats of a row's first three components
//	next                 length byte, key of the following block (0: the last)
//	sizes                uvarint × 3: bytes of the first three columns
//	columns × 4
//	checksum             8 bytes, over the index's number, key and all the above
//
// Because a block names its successor, a reader can tell from the block alone
// that it is the one where a row must be, and that a scan left none out, even
// if a page above it is damaged (bbolt checks only its meta pages).
//
// Rows that agree in their first three components (a triple in several graphs)
// lie in one block, unless they alone are more than maxRows; then they fill
// blocks of their own. So distinct triples are counted from headers alone.
const (
	maxRows    = 256
	targetRows = 128
	minRows    = 32 // a smaller block is joined with the next one when it changes
)

type row = [4]graph.ID

var (
	errColumn   = errors.New("malformed column")
	errChecksum = errors.New("checksum does not match")
	errBlock    = errors.New("malformed block")
	errChain    = errors.New("blocks do not follow each other")
)

// appendRowKey appends the key of r: per component a byte of kind and length,
// then the payload's bytes. Keys sort as rows do.
func appendRowKey(b []byte, r row) []byte {
	for _, id := range r {
		p := id.Payload()
		n := (bits.Len64(p) + 7) / 8
		b = append(b, byte(id.Kind())<<4|byte(n))
		for i := n - 1; i >= 0; i-- {
			b = append(b, byte(p>>(8*i)))
		}
	}
	return b
}

// readRowKey is the inverse of appendRowKey.
func readRowKey(key []byte) (r row, err error) {
	for i := range r {
		if len(key) == 0 {
			return row{}, errBlock
		}
		n := int(key[0] & 15)
		if n > 8 || len(key) < 1+n {
			return row{}, errBlock
		}
		var p uint64
		for _, c := range key[1 : 1+n] {
			p = p<<8 | uint64(c)
		}
		r[i] = graph.MakeID(graph.IDKind(key[0]>>4), p)
		key = key[1+n:]
	}
	if len(key) != 0 {
		return row{}, errBlock
	}
	return r, nil
}

// appendBlock appends the block of rows, which is followed by the block of the
// key next. number is that of the index.
func appendBlock(b []byte, number byte, rows []row, next []byte) []byte {
	start := len(b)
	repeats := 0
	for i := 1; i < len(rows); i++ {
		if sameTriple(rows[i], rows[i-1]) {
			repeats++
		}
	}
	b = binary.AppendUvarint(b, uint64(len(rows)))
	b = binary.AppendUvarint(b, uint64(repeats))
	b = append(b, byte(len(next)))
	b = append(b, next...)
	var columns [4 * (maxRows*9 + 64)]byte
	body := columns[:0]
	var v [maxRows]graph.ID
	for c := range 4 {
		for i, r := range rows {
			v[i] = r[c]
		}
		before := len(body)
		body = appendColumn(body, v[:len(rows)])
		if c < 3 {
			b = binary.AppendUvarint(b, uint64(len(body)-before))
		}
	}
	b = append(b, body...)
	var key [4 * 9]byte
	return appendChecksum(b, start, number, appendRowKey(key[:0], rows[0]))
}

func sameTriple(a, b row) bool { return a[0] == b[0] && a[1] == b[1] && a[2] == b[2] }

// checksum covers the bucket's number, the key and the value, so that a value
// is not mistaken for another's.
func checksum(number byte, key, value []byte) uint64 {
	return xxh3.HashSeed(value, xxh3.HashSeed(key, uint64(number)))
}

// appendChecksum appends the checksum of b[start:].
func appendChecksum(b []byte, start int, number byte, key []byte) []byte {
	return binary.LittleEndian.AppendUint64(b, checksum(number, key, b[start:]))
}

// checked returns the value without its checksum, which must match.
func checked(number byte, key, value []byte) ([]byte, error) {
	n := len(value) - slack
	if n < 0 || checksum(number, key, value[:n]) != binary.LittleEndian.Uint64(value[n:]) {
		return nil, errChecksum
	}
	return value[:n], nil
}

// block is a stored block, its header read and its checksum checked. It points
// into the transaction's pages.
type block struct {
	first   row
	rows    int
	repeats int
	next    []byte
	columns [4][]byte // each readable for slack bytes beyond its end
}

func readBlock(number byte, key, value []byte) (bl block, err error) {
	if _, err := checked(number, key, value); err != nil {
		return block{}, err
	}
	if bl.first, err = readRowKey(key); err != nil {
		return block{}, err
	}
	rows, n := binary.Uvarint(value)
	repeats, m := binary.Uvarint(value[n:])
	b := value[n+m:]
	if n <= 0 || m <= 0 || rows == 0 || rows > maxRows || repeats >= rows {
		return block{}, errBlock
	}
	bl.rows, bl.repeats = int(rows), int(repeats)
	bl.next, b = b[1:1+b[0]], b[1+b[0]:]
	var sizes [3]uint64
	for i := range sizes {
		size, n := binary.Uvarint(b)
		if n <= 0 || size > uint64(len(b)) {
			return block{}, errBlock
		}
		sizes[i], b = size, b[n:]
	}
	for i, size := range sizes {
		bl.columns[i], b = b, b[size:]
	}
	bl.columns[3] = b
	return bl, nil
}

// column decodes the component c of the rows into dst.
func (bl *block) column(c int, dst *[maxRows]graph.ID) {
	readColumn(dst[:bl.rows], bl.columns[c], bl.first[c])
}

// appendRows decodes the whole block.
func (bl *block) appendRows(rows []row) []row {
	start := len(rows)
	rows = append(rows, make([]row, bl.rows)...)
	var v [maxRows]graph.ID
	for c := range 4 {
		bl.column(c, &v)
		for i, id := range v[:bl.rows] {
			rows[start+i][c] = id
		}
	}
	return rows
}

// relink appends the block of the given key and value with another successor.
func relink(b []byte, number byte, key, value, next []byte) ([]byte, error) {
	body, err := checked(number, key, value)
	if err != nil {
		return nil, err
	}
	_, n := binary.Uvarint(body)
	_, m := binary.Uvarint(body[n:])
	at := n + m
	start := len(b)
	b = append(b, body[:at]...)
	b = append(b, byte(len(next)))
	b = append(b, next...)
	b = append(b, body[at+1+int(body[at]):]...)
	return appendChecksum(b, start, number, key), nil
}

// cut returns how many of rows the next block takes: about size of them, and
// whole triples.
func cut(rows []row, size int) int {
	if len(rows) <= size {
		return len(rows)
	}
	end := 0
	for end < size && end < len(rows) {
		group := end + 1
		for group < len(rows) && sameTriple(rows[group], rows[end]) {
			group++
		}
		if group > maxRows {
			if end == 0 {
				return maxRows // a triple in more graphs than a block has rows
			}
			return end
		}
		end = group
	}
	return end
}
