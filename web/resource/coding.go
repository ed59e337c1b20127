package resource

import (
	"bytes"
	"net/http"
	"strconv"
	"sync"

	"github.com/klauspost/compress/gzip"
	"github.com/klauspost/compress/zstd"
)

// minCompressed is the size below which compressing does not save a packet.
const minCompressed = 1 << 10

// compressor compresses bodies. It is safe for concurrent use.
type compressor struct {
	zstd *zstd.Encoder // whose EncodeAll is
	gzip sync.Pool     // of *gzip.Writer
}

func newCompressor() *compressor {
	encoder, err := zstd.NewWriter(nil, zstd.WithEncoderLevel(zstd.SpeedFastest), zstd.WithEncoderConcurrency(2), zstd.WithWindowSize(1<<17))
	if err != nil {
		panic(err) // the options are constants
	}
	c := &compressor{zstd: encoder}
	c.gzip.New = func() any {
		w, err := gzip.NewWriterLevel(nil, gzip.BestSpeed+2)
		if err != nil {
			panic(err) // the level is a constant
		}
		return w
	}
	return c
}

// encode returns the body in the coding: "zstd", "gzip" or "".
func (c *compressor) encode(body []byte, coding string) ([]byte, error) {
	switch coding {
	case "zstd":
		return c.zstd.EncodeAll(body, make([]byte, 0, len(body)/3)), nil
	case "gzip":
		w := c.gzip.Get().(*gzip.Writer)
		defer c.gzip.Put(w)
		var out bytes.Buffer
		w.Reset(&out)
		if _, err := w.Write(body); err != nil {
			return nil, err
		}
		if err := w.Close(); err != nil {
			return nil, err
		}
		return out.Bytes(), nil
	}
	return body, nil
}

// write sends the body in the coding with a status, 0 being 200.
func (h *Handler) write(w http.ResponseWriter, r *http.Request, body []byte, coding string, status int) {
	coded, err := h.compressor.encode(body, coding)
	if err != nil {
		h.fail(w, r, err)
		return
	}
	header := w.Header()
	if coding != "" {
		header.Set("Content-Encoding", coding)
	}
	header.Set("Content-Length", strconv.Itoa(len(coded)))
	if status != 0 {
		w.WriteHeader(status)
	}
	if r.Method != http.MethodHead {
		_, _ = w.Write(coded) // the client is gone where this fails
	}
}
