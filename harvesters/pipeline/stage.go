package pipeline

import (
	"encoding/json"
	"fmt"

	"qlgraph/internal/spill"
)

// stage keeps what a run has made of a source until it is committed.
type stage struct{ *spill.File }

// span is a place in a stage; the zero span holds nothing.
type span struct {
	at   int64
	size int32
}

// write appends b, which may be nil.
func (s stage) write(b []byte) (span, error) {
	if b == nil {
		return span{}, nil
	}
	at, err := s.Append(b)
	return span{at, int32(len(b))}, err
}

// read returns what was written, nil for the zero span.
func (s stage) read(at span) ([]byte, error) {
	if at == (span{}) {
		return nil, nil
	}
	return s.Read(at.at, int(at.size))
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
	if limit := h.run.pipeline.config.Limits.Staged; err == nil && h.stage.Size() > limit {
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
	return c, json.Unmarshal(head, c)
}

// setBlock makes the block the change's.
func (h *harvest) setBlock(c *change, block []byte) (err error) {
	c.Row.Quads, c.weight = digest(block), int32(len(block))
	c.block, err = h.stage.write(h.run.pipeline.zip.pack(block))
	return err
}
