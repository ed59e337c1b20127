package pipeline

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"sync"
)

// stage keeps what a run has made of a source until it is committed, in a
// temporary file: a source may be larger than memory. It only grows, and may be
// used from several goroutines.
type stage struct {
	mu   sync.Mutex
	file *os.File
	size int64
	tail []byte // the end of it, which is not in the file yet
}

// span is a place in a stage; the zero span holds nothing.
type span struct {
	at   int64
	size int32
}

// stageTail is how much is written at a time.
const stageTail = 1 << 20

// newStage makes a stage in the directory, or in the system's for "".
func newStage(dir string) (*stage, error) {
	if dir != "" {
		if err := os.MkdirAll(dir, 0o700); err != nil {
			return nil, err
		}
	}
	f, err := os.CreateTemp(dir, "stage-*")
	if err != nil {
		return nil, err
	}
	os.Remove(f.Name()) // so that nothing is left after a crash; where that is not allowed close does it
	return &stage{file: f}, nil
}

func (s *stage) close() {
	s.file.Close()
	os.Remove(s.file.Name())
}

// write appends b, which may be nil.
func (s *stage) write(b []byte) (span, error) {
	if b == nil {
		return span{}, nil
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	at := span{s.size, int32(len(b))}
	s.tail = append(s.tail, b...)
	s.size += int64(len(b))
	if len(s.tail) < stageTail {
		return at, nil
	}
	_, err := s.file.WriteAt(s.tail, s.size-int64(len(s.tail)))
	s.tail = s.tail[:0]
	return at, err
}

// read returns what was written, nil for the zero span.
func (s *stage) read(at span) ([]byte, error) {
	if at == (span{}) {
		return nil, nil
	}
	b := make([]byte, at.size)
	s.mu.Lock()
	if start := s.size - int64(len(s.tail)); at.at >= start {
		copy(b, s.tail[at.at-start:])
		s.mu.Unlock()
		return b, nil
	}
	s.mu.Unlock()
	_, err := s.file.ReadAt(b, at.at)
	return b, err
}

// change is a record whose state differs from what is known. What is large of
// it lies in the stage.
type change struct {
	*entry `json:"-"`
	Row    Row
	Of     []string // courses of other records whose offerings it describes
}

// put keeps the change; without it nothing of an edit stays.
func (h *harvest) put(c *change) error {
	head, err := json.Marshal(c)
	if err != nil {
		return err
	}
	c.head, err = h.stage.write(head)
	c.staged, c.published = true, c.Row.published()
	c.courses, c.results, c.violations = int32(c.Row.Courses), int32(c.Row.Results), int32(c.Row.Violations)
	if limit := h.run.pipeline.config.Limits.Staged; err == nil && h.stage.size > limit {
		err = fmt.Errorf("%w: what is made of it takes more than %d MiB", errTooMuch, limit>>20)
	}
	return err
}

// change returns the staged change of a record.
func (h *harvest) change(e *entry) (*change, error) {
	head, err := h.stage.read(e.head)
	if err != nil {
		return nil, err
	}
	c := &change{entry: e}
	return c, errors.Join(json.Unmarshal(head, c))
}

// setBlock makes the packed block the change's.
func (h *harvest) setBlock(c *change, packed []byte) (err error) {
	c.block, err = h.stage.write(packed)
	return err
}
