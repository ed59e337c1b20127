package protocol

import (
	"bytes"
	"context"
	"errors"
	"net"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/klauspost/compress/gzip"

	"qlgraph/sparql"
)

const (
	// firstChunk and firstDelay bound what is held back before the status line
	// goes out: until then an error still gets a status of its own.
	firstChunk = 1 << 20
	firstDelay = 200 * time.Millisecond
)

// response is the body of an answer, held back at first.
type response struct {
	w         http.ResponseWriter
	control   *http.ResponseController
	started   time.Time
	writeTime time.Duration
	head      bool // the request is a HEAD
	mayGzip   bool
	pool      *compressors
	gzip      *gzip.Writer // of a compressed body
	held      []byte
	status    int
	committed bool
	sent      int64
	kept      *bytes.Buffer // a copy for the cache; nil where none is wanted
	keepMax   int64
	turn      *sparql.Turn // of the query that is answered; nil while none computes
	ctx       context.Context
}

func (e *Endpoint) newResponse(w http.ResponseWriter, r *http.Request) *response {
	return &response{
		w: w, control: http.NewResponseController(w), started: time.Now(), writeTime: e.limits.WriteTime,
		head: r.Method == http.MethodHead, status: http.StatusOK, pool: e.compressors,
		mayGzip: acceptsGzip(strings.Join(r.Header.Values("Accept-Encoding"), ",")),
	}
}

// keep collects a copy of the body, up to max bytes.
func (p *response) keep(max int64) { p.kept, p.keepMax = new(bytes.Buffer), max }

// Write holds b back or sends it.
func (p *response) Write(b []byte) (int, error) {
	if p.kept != nil {
		if int64(p.kept.Len()+len(b)) > p.keepMax {
			p.kept = nil
		} else {
			p.kept.Write(b)
		}
	}
	if !p.committed {
		p.held = append(p.held, b...)
		if len(p.held) < firstChunk && time.Since(p.started) < firstDelay {
			return len(b), nil
		}
		p.commit()
		err := p.send(p.held)
		p.held = nil
		return len(b), err
	}
	return len(b), p.send(b)
}

func (p *response) commit() {
	p.committed = true
	if p.mayGzip && !p.head && len(p.held) >= minCompressed && p.w.Header().Get("Content-Encoding") == "" {
		p.compress()
	}
	p.w.WriteHeader(p.status)
}

func (p *response) send(b []byte) error {
	if p.gzip != nil {
		_, err := p.gzip.Write(b)
		return err
	}
	return p.sendRaw(b)
}

// sendRaw writes to the client, which gets writeTime to take it.
func (p *response) sendRaw(b []byte) error {
	if p.head || len(b) == 0 {
		return nil
	}
	p.turn.Pause()
	p.setDeadline()
	n, err := p.w.Write(b)
	p.sent += int64(n)
	p.turn.Resume(p.ctx)
	return err
}

// setDeadline gives the client time for the next write. A ResponseWriter that
// knows no deadlines, as in tests, has none.
func (p *response) setDeadline() {
	if p.writeTime > 0 {
		_ = p.control.SetWriteDeadline(time.Now().Add(p.writeTime))
	}
}

// clearDeadline takes the deadline off, as it would hold for the connection's
// next request too.
func (p *response) clearDeadline() { _ = p.control.SetWriteDeadline(time.Time{}) }

// reset resets a connection of HTTP/1.0, where closing it would be the ordinary
// end of the body. With later versions the missing end of the last chunk or
// stream tells enough.
func (p *response) reset(r *http.Request) {
	if r.ProtoAtLeast(1, 1) {
		return
	}
	conn, _, err := p.control.Hijack()
	if err != nil {
		return
	}
	if tcp, ok := conn.(*net.TCPConn); ok {
		_ = tcp.SetLinger(0)
	}
	conn.Close()
}

// finish sends what is still held back.
func (p *response) finish() error {
	if !p.committed {
		if !p.head { // of a HEAD it is not known
			p.w.Header().Set("Content-Length", strconv.Itoa(len(p.held)))
		}
		p.commit()
		if err := p.send(p.held); err != nil {
			return err
		}
	}
	if p.head {
		return nil
	}
	if err := p.endCompression(); err != nil {
		return err
	}
	err := p.flush()
	p.clearDeadline()
	return err
}

// flush sends what lies in buffers below, if the answer has begun.
func (p *response) flush() error {
	if !p.committed {
		return nil
	}
	if p.gzip != nil {
		if err := p.gzip.Flush(); err != nil {
			return err
		}
	}
	p.turn.Pause()
	defer p.turn.Resume(p.ctx)
	p.setDeadline()
	if err := p.control.Flush(); err != nil && !errors.Is(err, http.ErrNotSupported) {
		return err
	}
	return nil
}
