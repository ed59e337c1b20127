package fetch

import (
	"bytes"
	"compress/gzip"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"hash"
	"io"
	"net/http"
	"os"
	"strings"
	"sync/atomic"
	"time"

	"qlgraph/harvesters"
)

// errSlow is the cause with which a dripping response is cancelled.
var errSlow = errors.New("the response arrives too slowly")

// body is where a response's body goes: into memory, or into a file.
type body struct {
	limit int64
	file  *os.File // nil: memory
	text  bytes.Buffer
	size  int64
	sum   hash.Hash

	partial bool // it broke off, and is used as far as it came
}

func newBody(limit int64, file *os.File) *body {
	return &body{limit: limit, file: file, sum: sha256.New()}
}

// reset forgets what an earlier try has brought.
func (b *body) reset() error {
	b.text.Reset()
	b.size = 0
	b.sum.Reset()
	if b.file == nil {
		return nil
	}
	return b.file.Truncate(0)
}

func (b *body) Write(p []byte) (n int, err error) {
	if b.file != nil {
		n, err = b.file.WriteAt(p, b.size)
	} else {
		n, err = b.text.Write(p)
	}
	b.size += int64(n)
	b.sum.Write(p[:n])
	return n, err
}

// digestOf returns the hash of the body that a response was made with: of one
// that an earlier session kept it is not the body that was read.
func (b *body) digestOf(resp *harvesters.Response) string {
	if b.file == nil || resp.Body != nil {
		return digestOf(resp.Body)
	}
	return b.digest()
}

func (b *body) digest() string { return hex.EncodeToString(b.sum.Sum(nil)) }

// bytes returns the body, nil where it is in a file.
func (b *body) bytes() []byte {
	if b.file != nil {
		return nil
	}
	return b.text.Bytes()
}

// read reads a response's body under the limits. Where the transfer breaks off
// it has what arrived, and returns io.ErrUnexpectedEOF.
func (b *body) read(s *Session, resp *http.Response, url string, cancel context.CancelCauseFunc) error {
	if err := b.reset(); err != nil {
		return err
	}
	limits := s.limits
	counted := &countingReader{r: resp.Body}
	stop := watchRate(counted, limits, cancel)
	defer stop()

	reader, err := decoded(resp, counted, url)
	if err != nil {
		return err
	}
	if n := resp.ContentLength; n > 0 && n < b.limit && b.file == nil {
		b.text.Grow(int(min(n, 8<<20)) + bytes.MinRead)
	}
	chunk := make([]byte, 64<<10)
	for {
		n, err := reader.Read(chunk)
		if _, err := b.Write(chunk[:n]); err != nil {
			return fmt.Errorf("keep the body of %s: %w", url, err)
		}
		if b.size > b.limit {
			return &LimitError{url, "body of more than " + bytesText(b.limit)}
		}
		if b.size > limits.RatioFree && b.size > limits.Ratio*counted.n.Load() {
			return &LimitError{url, fmt.Sprintf("compressed more than %d:1, which no catalogue is", limits.Ratio)}
		}
		if err == io.EOF {
			return nil
		}
		if err != nil {
			return err
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
