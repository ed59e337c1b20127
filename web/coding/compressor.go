package coding

import (
	"bytes"
	"net/http"
	"strings"
	"sync"

	"github.com/klauspost/compress/gzip"
	"github.com/klauspost/compress/zstd"

	"qlgraph/internal/conneg"
)

// Least is the length below which compressing a body does not save a packet.
const Least = 1 << 10

// Accepted returns the coding that suits the request best: "zstd", "gzip", or ""
// for none.
func Accepted(r *http.Request) string { return accepted(r, "zstd", "gzip") }

func accepted(r *http.Request, offers ...string) string {
	return conneg.Coding(strings.Join(r.Header["Accept-Encoding"], ","), offers...)
}

// Compressor compresses bodies.
type Compressor struct {
	zstd *zstd.Encoder // whose EncodeAll is
	gzip sync.Pool     // of *gzip.Writer
}

// New returns a Compressor.
func New() *Compressor {
	encoder, err := zstd.NewWriter(nil, zstd.WithEncoderLevel(zstd.SpeedFastest), zstd.WithEncoderConcurrency(2), zstd.WithWindowSize(1<<17))
	if err != nil {
		panic(err) // the options are constants
	}
	c := &Compressor{zstd: encoder}
	c.gzip.New = func() any {
		w, err := gzip.NewWriterLevel(nil, gzip.BestSpeed+2)
		if err != nil {
			panic(err) // the level is a constant
		}
		return w
	}
	return c
}

// Encode returns the body in the coding: "zstd", "gzip" or "".
func (c *Compressor) Encode(body []byte, coding string) ([]byte, error) {
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
