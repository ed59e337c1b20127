package fetch

import (
	"bytes"
	"compress/gzip"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"sync/atomic"
	"time"
)

// errSlow is the cause with which a dripping response is cancelled.
var errSlow = errors.New("the response arrives too slowly")

// readBody reads a response's body under the limits. Where the transfer breaks
// off it returns what arrived together with io.ErrUnexpectedEOF.
func (s *Session) readBody(resp *http.Response, url string, cancel context.CancelCauseFunc) ([]byte, error) {
	limits := s.limits
	counted := &countingReader{r: resp.Body}
	stop := watchRate(counted, limits, cancel)
	defer stop()

	reader, err := decoded(resp, counted, url)
	if err != nil {
		return nil, err
	}
	var buf bytes.Buffer
	if n := resp.ContentLength; n > 0 && n < limits.Body {
		buf.Grow(int(min(n, 8<<20)) + bytes.MinRead)
	}
	chunk := make([]byte, 64<<10)
	for {
		n, err := reader.Read(chunk)
		buf.Write(chunk[:n])
		size := int64(buf.Len())
		if size > limits.Body {
			return nil, &LimitError{url, "body of more than " + bytesText(limits.Body)}
		}
		if size > limits.RatioFree && size > limits.Ratio*counted.n.Load() {
			return nil, &LimitError{url, fmt.Sprintf("compressed more than %d:1, which no catalogue is", limits.Ratio)}
		}
		if err == io.EOF {
			return buf.Bytes(), nil
		}
		if err != nil {
			return buf.Bytes(), err
		}
	}
}

// decoded undoes the one content coding that we ask for (RFC 9110 §8.4).
func decoded(resp *http.Response, body io.Reader, url string) (io.Reader, error) {
	coding := strings.ToLower(strings.Join(resp.Header.Values("Content-Encoding"), ","))
	switch strings.TrimSpace(coding) {
	case "", "identity":
		return body, nil
	case "gzip", "x-gzip":
		return gzip.NewReader(body)
	}
	return nil, &LimitError{url, fmt.Sprintf("content coding %.40q, where gzip or none is accepted", coding)}
}

// countingReader counts the bytes of the transfer.
type countingReader struct {
	r io.Reader
	n atomic.Int64
}

func (c *countingReader) Read(p []byte) (int, error) {
	n, err := c.r.Read(p)
	c.n.Add(int64(n))
	return n, err
}

// watchRate cancels the request when too little arrives in a window. The
// returned function ends the watch.
func watchRate(c *countingReader, l Limits, cancel context.CancelCauseFunc) func() {
	if l.RateWindow <= 0 {
		return func() {}
	}
	done := make(chan struct{})
	go func() {
		tick := time.NewTicker(l.RateWindow)
		defer tick.Stop()
		last := int64(0)
		for {
			select {
			case <-done:
				return
			case <-tick.C:
				now := c.n.Load()
				if now-last < l.RateBytes {
					cancel(errSlow)
					return
				}
				last = now
			}
		}
	}()
	return func() { close(done) }
}

func bytesText(n int64) string {
	if n >= 1<<20 {
		return fmt.Sprintf("%d MiB", n>>20)
	}
	return fmt.Sprintf("%d KiB", n>>10)
}
