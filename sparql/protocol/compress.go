package protocol

import (
	"strconv"
	"strings"
	"sync"

	"github.com/klauspost/compress/gzip"
)

// minCompressed is the length below which a body is sent as it is: compressed it
// would not take fewer packets.
const minCompressed = 1 << 10

// compressors are gzip writers to be used again; one takes about a megabyte.
type compressors struct{ sync.Pool }

func newCompressors() *compressors {
	return &compressors{sync.Pool{New: func() any {
		w, _ := gzip.NewWriterLevel(nil, gzip.BestSpeed) // the level is a valid one
		return w
	}}}
}

// acceptsGzip reports whether an Accept-Encoding header allows gzip (RFC 9110
// §12.5.3). A header that is absent asks for none.
func acceptsGzip(header string) bool {
	best := -1.0
	for element := range strings.SplitSeq(header, ",") {
		coding, params, _ := strings.Cut(element, ";")
		coding = strings.ToLower(strings.TrimSpace(coding))
		if coding != "gzip" && coding != "x-gzip" && (coding != "*" || best >= 0) {
			continue
		}
		quality := 1.0
		name, value, _ := strings.Cut(strings.TrimSpace(params), "=")
		if strings.EqualFold(strings.TrimSpace(name), "q") {
			q, err := strconv.ParseFloat(strings.TrimSpace(value), 64)
			if err != nil {
				continue
			}
			quality = q
		}
		best = quality
	}
	return best > 0
}

// compress makes send compress from now on.
func (p *response) compress() {
	h := p.w.Header()
	h.Set("Content-Encoding", "gzip")
	h.Del("Content-Length")
	p.gzip = p.pool.Get().(*gzip.Writer)
	p.gzip.Reset(rawBody{p})
}

// endCompression completes the compressed body.
func (p *response) endCompression() error {
	if p.gzip == nil {
		return nil
	}
	err := p.gzip.Close()
	p.pool.Put(p.gzip)
	p.gzip = nil
	return err
}

// rawBody is where the compressor writes to.
type rawBody struct{ *response }

func (r rawBody) Write(b []byte) (int, error) { return len(b), r.sendRaw(b) }
