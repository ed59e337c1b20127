package lifting

import (
	"encoding/binary"
	"errors"
	"time"

	"qlgraph/harvesters"
)

// A parked record is its kind, id, URL and pointer, each with its length, its
// line, its time (nothing, or seconds and nanoseconds), and its body. Such records
// have no others attached.

// park writes a record to disk.
func (j *Join) park(rec harvesters.Record) parked {
	text := make([]byte, 0, len(rec.Body)+len(rec.Origin.URL)+128)
	for _, s := range [...]string{rec.Kind, rec.ID, rec.Origin.URL, rec.Origin.Pointer} {
		text = append(binary.AppendUvarint(text, uint64(len(s))), s...)
	}
	text = binary.AppendUvarint(text, uint64(rec.Origin.Line))
	seconds := int64(0)
	if !rec.Modified.IsZero() {
		seconds = rec.Modified.Unix()
	}
	text = binary.AppendVarint(text, seconds)
	text = binary.AppendVarint(text, int64(rec.Modified.Nanosecond()))
	text = append(text, rec.Body...)
	at, err := j.Disk.Append(text)
	j.fail(err)
	return parked{at: at, size: int32(len(text))}
}

var errParked = errors.New("a record on disk is damaged")

// load reads a record back.
func (j *Join) load(p parked) (rec harvesters.Record) {
	text, err := j.Disk.Read(p.at, int(p.size))
	if err != nil {
		j.fail(err)
		return rec
	}
	uvarint := func() uint64 {
		n, size := binary.Uvarint(text)
		text = text[max(size, 0):]
		return n
	}
	for _, s := range [...]*string{&rec.Kind, &rec.ID, &rec.Origin.URL, &rec.Origin.Pointer} {
		n := uvarint()
		if n > uint64(len(text)) {
			j.fail(errParked)
			return rec
		}
		*s, text = string(text[:n]), text[n:]
	}
	rec.Origin.Line = int(uvarint())
	seconds, a := binary.Varint(text)
	nanoseconds, b := binary.Varint(text[max(a, 0):])
	if seconds != 0 {
		rec.Modified = time.Unix(seconds, nanoseconds).UTC()
	}
	rec.Body = text[max(a, 0)+max(b, 0):]
	return rec
}

// fail keeps the first error.
func (j *Join) fail(err error) {
	if j.err == nil {
		j.err = err
	}
}
