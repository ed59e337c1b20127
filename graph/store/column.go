package store

import (
	"encoding/binary"
	"math/bits"

	"qlgraph/graph"
)

// A column holds one component of a block's rows, in the shortest of four
// forms. Its first value is not in it: the block's key tells. All packed fields
// are little-endian bit strings.
//
//	constant  mode                                   every value is the first
//	ascending mode, width, packed differences        values never fall
//	framed    mode, kinds-1, {kind, base, shift, width}…, packed kind numbers,
//	          packed offsets of kind 0, of kind 1, …  value = base + offset<<shift
//	runs      mode, runs, width, packed lengths-1, column of the runs' values
//
// Framed columns have a frame per ID kind, because values of different kinds
// (dictionary numbers beside inlined dates) are far apart, while those of one
// kind are near each other. A plain varint code of the same rows takes about a
// third more and must be decoded from its beginning.
const (
	columnConstant = iota
	columnAscending
	columnFramed
	columnRuns
)

const (
	// slack is the number of readable bytes that must follow a column, since
	// unpack loads eight bytes at a time. A block's checksum is there.
	slack = 8
	// wholeWidth is the width above which packed values are stored as 64 bits:
	// a wider one could straddle nine bytes.
	wholeWidth = 57
	maxKinds   = 16
)

// appendColumn appends v, of at most maxRows values, in its shortest form.
func appendColumn(b []byte, v []graph.ID) []byte {
	runs, ascending := 1, true
	var step uint64
	for i := 1; i < len(v); i++ {
		if v[i] != v[i-1] {
			runs++
		}
		if v[i] < v[i-1] {
			ascending = false
		} else {
			step |= uint64(v[i] - v[i-1])
		}
	}
	if runs == 1 {
		return append(b, columnConstant)
	}
	n := len(v)
	width := packedWidth(step)
	var f frames
	size := (n - 1) * int(width)
	if !ascending {
		f.fit(v)
		size = f.bits(n)
	}
	if runs <= n/2 {
		var values [maxRows]graph.ID
		var lengths [maxRows]uint64
		longest := splitRuns(v, &values, &lengths)
		w := packedWidth(longest)
		// The runs' own values take about as much each as the whole column's.
		if estimate := runs*int(w) + size*runs/n + 16; estimate < size {
			b = append(b, columnRuns, byte(runs), byte(w))
			b = pack(b, lengths[:runs], w)
			return appendColumn(b, values[:runs])
		}
	}
	if ascending {
		return appendAscending(b, v, width)
	}
	return f.append(b, v)
}

func appendAscending(b []byte, v []graph.ID, width uint) []byte {
	var steps [maxRows]uint64
	for i := 1; i < len(v); i++ {
		steps[i-1] = uint64(v[i] - v[i-1])
	}
	return pack(append(b, columnAscending, byte(width)), steps[:len(v)-1], width)
}

// splitRuns fills in the values of v's runs and their lengths minus one, and
// returns a number as wide as the widest length.
func splitRuns(v []graph.ID, values *[maxRows]graph.ID, lengths *[maxRows]uint64) (longest uint64) {
	k := 0
	values[0] = v[0]
	start := 0
	for i := 1; i <= len(v); i++ {
		if i < len(v) && v[i] == v[i-1] {
			continue
		}
		lengths[k] = uint64(i - start - 1)
		longest |= lengths[k]
		k++
		if i < len(v) {
			values[k], start = v[i], i
		}
	}
	return longest
}

// frames are the frames of a framed column.
type frames struct {
	count int
	slot  [maxKinds]uint8 // by ID kind: frame number + 1
	kind  [maxKinds]frame
}

type frame struct {
	kind  graph.IDKind
	base  graph.ID
	last  graph.ID // the greatest value
	rows  int
	shift uint
	width uint
}

func (f *frames) fit(v []graph.ID) {
	for _, id := range v {
		k := id.Kind()
		if f.slot[k] == 0 {
			f.kind[f.count] = frame{kind: k, base: id, last: id}
			f.count++
			f.slot[k] = uint8(f.count)
		}
		fr := &f.kind[f.slot[k]-1]
		fr.base, fr.last = min(fr.base, id), max(fr.last, id)
		fr.rows++
	}
	var spread [maxKinds]graph.ID
	for _, id := range v {
		i := f.slot[id.Kind()] - 1
		spread[i] |= id - f.kind[i].base
	}
	for i := range f.kind[:f.count] {
		fr := &f.kind[i]
		if spread[i] != 0 {
			fr.shift = uint(bits.TrailingZeros64(uint64(spread[i])))
			fr.width = packedWidth(uint64(spread[i]) >> fr.shift)
		}
	}
}

// bits returns the size of the packed parts.
func (f *frames) bits(rows int) int {
	total := 0
	for _, fr := range f.kind[:f.count] {
		total += 64 + fr.rows*int(fr.width)
	}
	return total + rows*int(f.kindWidth())
}

func (f *frames) kindWidth() uint { return packedWidth(uint64(f.count - 1)) }

func (f *frames) append(b []byte, v []graph.ID) []byte {
	b = append(b, columnFramed, byte(f.count-1))
	for _, fr := range f.kind[:f.count] {
		b = append(b, byte(fr.kind))
		b = binary.AppendUvarint(b, fr.base.Payload())
		b = append(b, byte(fr.shift), byte(fr.width))
	}
	var packed [maxRows]uint64
	if f.count > 1 {
		for i, id := range v {
			packed[i] = uint64(f.slot[id.Kind()] - 1)
		}
		b = pack(b, packed[:len(v)], f.kindWidth())
	}
	for _, fr := range f.kind[:f.count] {
		n := 0
		for _, id := range v {
			if id.Kind() == fr.kind {
				packed[n] = uint64(id-fr.base) >> fr.shift
				n++
			}
		}
		b = pack(b, packed[:n], fr.width)
	}
	return b
}

// readColumn decodes a column into dst, whose length is the number of rows. b
// is followed by slack readable bytes. Its checksum has been checked: what
// still makes no sense is reported by a panic of the runtime, which the
// snapshot turns into an error.
func readColumn(dst []graph.ID, b []byte, first graph.ID) {
	switch b[0] {
	case columnConstant:
		for i := range dst {
			dst[i] = first
		}
	case columnAscending:
		width := uint(b[1])
		dst[0] = first
		unpack(dst[1:], b[2:], width)
		for i := 1; i < len(dst); i++ {
			first += dst[i]
			dst[i] = first
		}
	case columnFramed:
		readFramed(dst, b)
	case columnRuns:
		readRuns(dst, b, first)
	default:
		panic(errColumn)
	}
}

func readRuns(dst []graph.ID, b []byte, first graph.ID) {
	runs, width := int(b[1]), uint(b[2])
	var lengths, values [maxRows]graph.ID
	unpack(lengths[:runs], b[3:], width)
	readColumn(values[:runs], b[3+packedSize(runs, width):], first)
	at := 0
	for i, length := range lengths[:runs] {
		for range length + 1 {
			dst[at] = values[i]
			at++
		}
	}
	if at != len(dst) {
		panic(errColumn)
	}
}

func readFramed(dst []graph.ID, b []byte) {
	var f frames
	f.count = int(b[1]) + 1
	b = b[2:]
	for i := range f.count {
		base, n := binary.Uvarint(b[1:])
		kind := graph.IDKind(b[0])
		b = b[1+n:]
		f.kind[i] = frame{kind: kind, base: graph.MakeID(kind, base), shift: uint(b[0]), width: uint(b[1])}
		b = b[2:]
	}
	if f.count == 1 {
		fr := &f.kind[0]
		unpack(dst, b, fr.width)
		for i := range dst {
			dst[i] = dst[i]<<fr.shift + fr.base
		}
		return
	}
	var kinds, values [maxRows]graph.ID
	unpack(kinds[:len(dst)], b, f.kindWidth())
	b = b[packedSize(len(dst), f.kindWidth()):]
	for _, k := range kinds[:len(dst)] {
		f.kind[k&(maxKinds-1)].rows++
	}
	var at [maxKinds]int
	start := 0
	for i := range f.count {
		fr := &f.kind[i]
		unpack(values[start:start+fr.rows], b, fr.width)
		b = b[packedSize(fr.rows, fr.width):]
		at[i] = start
		start += fr.rows
	}
	for i, k := range kinds[:len(dst)] {
		k &= maxKinds - 1
		fr := &f.kind[k]
		dst[i] = values[at[k]]<<fr.shift + fr.base
		at[k]++
	}
}

// packedWidth returns the number of bits per value when the widest is v.
func packedWidth(v uint64) uint {
	w := uint(bits.Len64(v))
	if w > wholeWidth {
		return 64
	}
	return w
}

// packedSize returns the bytes that n values of the width take.
func packedSize(n int, width uint) int { return (n*int(width) + 7) / 8 }

func pack(b []byte, v []uint64, width uint) []byte {
	if width == 64 {
		for _, x := range v {
			b = binary.LittleEndian.AppendUint64(b, x)
		}
		return b
	}
	var word uint64
	var filled uint
	for _, x := range v {
		word |= x << filled
		filled += width
		for filled >= 8 {
			b = append(b, byte(word))
			word >>= 8
			filled -= 8
		}
	}
	if filled > 0 {
		b = append(b, byte(word))
	}
	return b
}

func unpack(dst []graph.ID, b []byte, width uint) {
	if width == 0 {
		clear(dst)
		return
	}
	if width == 64 {
		for i := range dst {
			dst[i] = graph.ID(binary.LittleEndian.Uint64(b[8*i:]))
		}
		return
	}
	mask := uint64(1)<<(width&63) - 1
	bit := uint(0)
	for i := range dst {
		dst[i] = graph.ID(binary.LittleEndian.Uint64(b[bit>>3:]) >> (bit & 7) & mask)
		bit += width
	}
}
