package main

import (
	"bufio"
	"context"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"path/filepath"
	"sync"
)

// A data directory has one owner. A command on the directory of a running
// server is handed to it, whole, through a Unix socket in the directory: the
// server runs the same command line on the store that it has open. Both
// directions are frames: a kind, a length of four bytes, the payload.
const (
	frameStart  = 's' // client: the handedCommand, as JSON
	frameInput  = 'i' // client: bytes of stdin; an empty one ends it
	frameOutput = 'o' // server: bytes of stdout
	frameError  = 'e' // server: bytes of stderr
	frameStatus = 'x' // server: the exit status, one byte; ends the exchange

	maxFrame   = 1 << 20
	socketName = "qlgraph.sock"
)

type handedCommand struct {
	Args  []string `json:"args"`
	Dir   string   `json:"dir"`   // the client's working directory
	Width int      `json:"width"` // of the client's terminal
}

func socketPath(dataDir string) string { return filepath.Join(dataDir, socketName) }

// frameWriter sends frames; a client's connection has several writers.
type frameWriter struct {
	mu sync.Mutex
	w  io.Writer
}

func (f *frameWriter) send(kind byte, payload []byte) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	header := binary.BigEndian.AppendUint32([]byte{kind}, uint32(len(payload)))
	_, err := f.w.Write(append(header, payload...))
	return err
}

// stream is an io.Writer whose bytes become frames of one kind.
type stream struct {
	frames *frameWriter
	kind   byte
}

// Write sends b in frames of at most maxFrame bytes.
func (s stream) Write(b []byte) (int, error) {
	for sent := 0; sent < len(b); {
		part := b[sent:min(len(b), sent+maxFrame)]
		if err := s.frames.send(s.kind, part); err != nil {
			return sent, err
		}
		sent += len(part)
	}
	return len(b), nil
}

func readFrame(r io.Reader) (kind byte, payload []byte, err error) {
	var header [5]byte
	if _, err := io.ReadFull(r, header[:]); err != nil {
		return 0, nil, err
	}
	n := binary.BigEndian.Uint32(header[1:])
	if n > maxFrame {
		return 0, nil, fmt.Errorf("frame of %d bytes", n)
	}
	payload = make([]byte, n)
	_, err = io.ReadFull(r, payload)
	return header[0], payload, err
}

// handOver runs the command line in the server that owns dataDir. ok is false
// where no server listens there.
func handOver(ctx context.Context, dataDir string, args []string, p process) (status int, ok bool) {
	conn, err := (&net.Dialer{}).DialContext(ctx, "unix", socketPath(dataDir))
	if err != nil {
		return 0, false
	}
	defer conn.Close()
	defer context.AfterFunc(ctx, func() { conn.Close() })()
	dir, err := os.Getwd()
	if err != nil {
		fmt.Fprintln(p.stderr, "qlgraph:", err)
		return statusFailed, true
	}
	start, err := json.Marshal(handedCommand{Args: args, Dir: dir, Width: p.width})
	if err != nil {
		fmt.Fprintln(p.stderr, "qlgraph:", err)
		return statusFailed, true
	}
	frames := &frameWriter{w: conn}
	if err := frames.send(frameStart, start); err != nil {
		return 0, false
	}
	go func() { // ends with the connection
		_, _ = io.Copy(stream{frames, frameInput}, p.stdin)
		_ = frames.send(frameInput, nil)
	}()
	return receive(bufio.NewReader(conn), p), true
}

func receive(r io.Reader, p process) int {
	for {
		kind, payload, err := readFrame(r)
		if err != nil {
			fmt.Fprintln(p.stderr, "qlgraph: the server that owns the data directory broke off:", err)
			return statusFailed
		}
		switch kind {
		case frameOutput:
			_, err = p.stdout.Write(payload)
		case frameError:
			_, err = p.stderr.Write(payload)
		case frameStatus:
			if len(payload) == 1 {
				return int(payload[0])
			}
			err = errors.New("malformed status")
		}
		if err != nil {
			return statusFailed
		}
	}
}

// acceptHandovers serves handed commands on the socket of dataDir until ctx
// ends. exec runs one command line.
func acceptHandovers(ctx context.Context, dataDir string, exec func(context.Context, []string, process) int) error {
	path := socketPath(dataDir)
	_ = os.Remove(path) // left by a killed owner: the caller owns the directory now
	ln, err := net.Listen("unix", path)
	if err != nil {
		return fmt.Errorf("socket for other commands: %w", err)
	}
	if err := os.Chmod(path, 0o600); err != nil {
		ln.Close()
		return err
	}
	context.AfterFunc(ctx, func() { ln.Close() })
	go func() {
		for {
			conn, err := ln.Accept()
			if err != nil {
				return
			}
			go serveHandover(ctx, conn, exec)
		}
	}()
	return nil
}

func serveHandover(ctx context.Context, conn net.Conn, exec func(context.Context, []string, process) int) {
	defer conn.Close()
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	r := bufio.NewReader(conn)
	kind, payload, err := readFrame(r)
	var command handedCommand
	if err != nil || kind != frameStart || json.Unmarshal(payload, &command) != nil {
		return
	}
	stdin, feed := io.Pipe()
	defer stdin.Close()
	go func() {
		defer cancel() // a client that goes away takes its command with it
		feedInput(r, feed)
	}()
	frames := &frameWriter{w: conn}
	status := exec(ctx, command.Args, process{
		stdin: stdin, stdout: stream{frames, frameOutput}, stderr: stream{frames, frameError},
		getenv: func(string) string { return "" }, dir: command.Dir, width: command.Width,
	})
	_ = frames.send(frameStatus, []byte{byte(status)})
}

// feedInput passes the client's stdin on and returns when the client is gone.
func feedInput(r io.Reader, feed *io.PipeWriter) {
	for {
		kind, payload, err := readFrame(r)
		if err != nil {
			feed.CloseWithError(io.ErrUnexpectedEOF)
			return
		}
		if kind != frameInput {
			continue
		}
		if len(payload) == 0 {
			feed.Close()
		} else if _, err := feed.Write(payload); err != nil {
			feed.CloseWithError(err) // the command does not read its input; go on watching the client
		}
	}
}
