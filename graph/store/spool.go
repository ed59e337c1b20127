package store

import (
	"bufio"
	"bytes"
	"encoding/binary"
	"errors"
	"io"
	"os"
	"sync"

	"qlgraph/graph"
)

// spool is a temporary file to which sections are appended, by several
// goroutines, and read back one by one or many at a time.
type spool struct {
	file *os.File
	mu   sync.Mutex
	size int64
}

type section struct{ offset, size int64 }

func newSpool(dir, name string) (*spool, error) {
	f, err := os.CreateTemp(dir, name)
	if err != nil {
		return nil, err
	}
	return &spool{file: f}, nil
}

func (s *spool) add(b []byte) (section, error) {
	s.mu.Lock()
	at := section{s.size, int64(len(b))}
	s.size += at.size
	s.mu.Unlock()
	_, err := s.file.WriteAt(b, at.offset)
	return at, err
}

// spoolBuffer is the read buffer per section, of which a merge has many.
const spoolBuffer = 64 << 10

func (s *spool) open(at section) *bufio.Reader {
	return bufio.NewReaderSize(io.NewSectionReader(s.file, at.offset, at.size), spoolBuffer)
}

func (s *spool) read(at section) ([]byte, error) {
	b := make([]byte, at.size)
	_, err := s.file.ReadAt(b, at.offset)
	return b, err
}

func (s *spool) close() error {
	if s == nil {
		return nil
	}
	return errors.Join(s.file.Close(), os.Remove(s.file.Name()))
}

// checksumSpool is the number of blocks of rows in a spool.
const checksumSpool = 32

// appendSpooled appends rows, at most maxRows of them and in any order.
func appendSpooled(b []byte, rows []row) []byte {
	var key [4 * 9]byte
	k := appendRowKey(key[:0], rows[0])
	var value [4*(maxRows*9+64) + 64]byte
	v := appendBlock(value[:0], checksumSpool, rows, nil)
	b = append(b, byte(len(k)))
	b = append(b, k...)
	b = binary.LittleEndian.AppendUint32(b, uint32(len(v)))
	return append(b, v...)
}

// rowReader reads rows that appendSpooled has written.
type rowReader struct {
	from  *bufio.Reader
	rows  []row // not yet read
	whole []row
	buf   []byte
}

// next returns the next row; false at the end.
func (r *rowReader) next() (row, bool, error) {
	if len(r.rows) == 0 {
		ok, err := r.fill()
		if !ok || err != nil {
			return row{}, false, err
		}
	}
	first := r.rows[0]
	r.rows = r.rows[1:]
	return first, true, nil
}

func (r *rowReader) fill() (bool, error) {
	n, err := r.from.ReadByte()
	if err == io.EOF {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	var head [4*9 + 4]byte
	if _, err := io.ReadFull(r.from, head[:int(n)+4]); err != nil {
		return false, err
	}
	key := head[:n]
	size := int(binary.LittleEndian.Uint32(head[n:]))
	if cap(r.buf) < size {
		r.buf = make([]byte, size)
	}
	r.buf = r.buf[:size]
	if _, err := io.ReadFull(r.from, r.buf); err != nil {
		return false, err
	}
	bl, err := readBlock(checksumSpool, key, r.buf)
	if err != nil {
		return false, err
	}
	r.whole = bl.appendRows(r.whole[:0])
	r.rows = r.whole
	return true, nil
}

// rowMerge merges sorted runs into one, without repetitions: a tournament of
// their next rows. Rows that only runs of dropped rows have are left out.
type rowMerge struct {
	runs   []*mergeRun // a heap by row
	change graph.Change
}

// sortedRun is where a run lies and where its rows are from.
type sortedRun struct {
	at     section
	origin origin
}

type mergeRun struct {
	row    row
	reader rowReader
	origin origin
}

func newRowMerge(s *spool, runs []sortedRun) (*rowMerge, error) {
	m := &rowMerge{}
	for _, run := range runs {
		r := &mergeRun{reader: rowReader{from: s.open(run.at)}, origin: run.origin}
		first, ok, err := r.reader.next()
		if err != nil {
			return nil, err
		}
		if ok {
			r.row = first
			m.runs = append(m.runs, r)
		}
	}
	for i := len(m.runs)/2 - 1; i >= 0; i-- {
		m.down(i)
	}
	return m, nil
}

// next returns the next row; false at the end.
func (m *rowMerge) next() (row, bool, error) {
	for len(m.runs) > 0 {
		r := m.runs[0].row
		var from [origins]bool
		for len(m.runs) > 0 && m.runs[0].row == r {
			from[m.runs[0].origin] = true
			if err := m.advance(); err != nil {
				return row{}, false, err
			}
		}
		held := from[rowsHeld] || from[rowsDropped]
		switch {
		case !from[rowsNew] && !from[rowsHeld]:
			m.change.Removed++
			continue
		case !held:
			m.change.Added++
		}
		return r, true, nil
	}
	return row{}, false, nil
}

// advance moves the run of the least row on.
func (m *rowMerge) advance() error {
	top := m.runs[0]
	next, ok, err := top.reader.next()
	if err != nil {
		return err
	}
	if ok {
		top.row = next
	} else {
		m.runs[0] = m.runs[len(m.runs)-1]
		m.runs = m.runs[:len(m.runs)-1]
	}
	m.down(0)
	return nil
}

func (m *rowMerge) down(i int) {
	for {
		child := 2*i + 1
		if child >= len(m.runs) {
			return
		}
		if child+1 < len(m.runs) && compareRows(m.runs[child+1].row, m.runs[child].row) < 0 {
			child++
		}
		if compareRows(m.runs[i].row, m.runs[child].row) <= 0 {
			return
		}
		m.runs[i], m.runs[child] = m.runs[child], m.runs[i]
		i = child
	}
}

// spooledTerm is a term of a chunk as it lies in a spool.
type spooledTerm struct {
	kind graph.IDKind
	textTerm
}

func compareTerms(a, b spooledTerm) int {
	if a.kind != b.kind {
		return int(a.kind) - int(b.kind)
	}
	switch {
	case a.text < b.text:
		return -1
	case a.text > b.text:
		return 1
	}
	return int(int64(a.qualifier) - int64(b.qualifier))
}

func appendSpooledTerm(b []byte, t spooledTerm) []byte {
	b = append(b, byte(t.kind))
	b = binary.AppendUvarint(b, uint64(t.qualifier))
	b = binary.AppendUvarint(b, uint64(len(t.text)))
	return append(b, t.text...)
}

func readSpooledTerm(from *bufio.Reader, text *bytes.Buffer) (t spooledTerm, ok bool, err error) {
	kind, err := from.ReadByte()
	if err == io.EOF {
		return t, false, nil
	}
	if err != nil {
		return t, false, err
	}
	qualifier, err := binary.ReadUvarint(from)
	if err != nil {
		return t, false, err
	}
	size, err := binary.ReadUvarint(from)
	if err != nil {
		return t, false, err
	}
	text.Reset()
	if _, err := io.CopyN(text, from, int64(size)); err != nil {
		return t, false, err
	}
	return spooledTerm{graph.IDKind(kind), textTerm{text.String(), uint32(qualifier)}}, true, nil
}
