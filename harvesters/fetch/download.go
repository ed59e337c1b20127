package fetch

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/url"
	"os"

	"qlgraph/harvesters"
)

var _ harvesters.Downloader = (*Session)(nil)

// Download implements harvesters.Downloader. Errors are those of Get.
func (s *Session) Download(ctx context.Context, req harvesters.Request) (_ *harvesters.Download, err error) {
	u, err := parseURL(req.URL)
	if err != nil {
		return nil, err
	}
	if s.target.Spool != "" {
		if resp := s.spool().get(u.String()); resp != nil {
			return kept(inMemory(resp), s.remember(resp.URL, req.Series, resp.Header, digestOf(resp.Body)))
		}
	}
	if d := s.spooledDownload(u); d != nil {
		sum := newBody(0, nil).sum
		if _, err = io.Copy(sum, d.Content); err == nil {
			_, err = d.Content.Seek(0, io.SeekStart)
		}
		if err == nil {
			err = s.remember(d.URL, req.Series, d.Header, fmt.Sprintf("%x", sum.Sum(nil)))
		}
		return kept(d, err)
	}
	return s.downloadAnew(ctx, u, req)
}

// downloadAnew sends the request; what is small is kept in memory.
func (s *Session) downloadAnew(ctx context.Context, u *url.URL, req harvesters.Request) (*harvesters.Download, error) {
	f, err := s.downloadFile()
	if err != nil {
		return nil, err
	}
	into := newBody(s.limits.File, f)
	resp, err := s.fetch(ctx, u, req, into)
	if err == nil && resp.Body == nil && into.size <= smallDownload {
		resp.Body = make([]byte, into.size)
		_, err = f.ReadAt(resp.Body, 0)
	}
	switch {
	case err != nil, s.target.Spool == "":
	case into.partial:
	case resp.Body != nil:
		err = s.spool().put(u.String(), resp, false)
	default:
		err = s.spoolDownload(u, resp, f)
	}
	if err != nil || resp.Body != nil {
		f.Close()
	}
	if s.target.Spool != "" {
		os.Remove(f.Name()) // unless it has another name by now
	}
	if err != nil {
		return nil, err
	}
	if resp.Body != nil {
		return inMemory(resp), nil
	}
	return s.download(resp, f, into.size), nil
}

// smallDownload is up to which size a download is kept as other responses are,
// also for the next run.
const smallDownload = 8 << 20

func inMemory(resp *harvesters.Response) *harvesters.Download {
	body := bytes.NewReader(resp.Body)
	d := &harvesters.Download{Response: *resp, Content: io.NewSectionReader(body, 0, body.Size()), Close: func() error { return nil }}
	d.Body = nil
	return d
}

// kept closes a download that comes to nothing.
func kept(d *harvesters.Download, err error) (*harvesters.Download, error) {
	if err != nil {
		return nil, errors.Join(err, d.Close())
	}
	return d, nil
}

func (s *Session) download(resp *harvesters.Response, f *os.File, size int64) *harvesters.Download {
	return &harvesters.Download{Response: *resp, Content: io.NewSectionReader(f, 0, size), Close: f.Close}
}

// Scratch is for harvesters.Scratch.
func (s *Session) Scratch() string { return s.target.Spool }

// downloadFile makes the file of a download: in the spool, where it may stay for
// a run that goes on later, else one that is gone when it is closed.
func (s *Session) downloadFile() (*os.File, error) {
	if s.target.Spool != "" {
		if err := os.MkdirAll(s.target.Spool, 0o700); err != nil {
			return nil, fmt.Errorf("spool: %w", err)
		}
	}
	f, err := os.CreateTemp(s.target.Spool, ".new-*")
	if err != nil {
		return nil, fmt.Errorf("spool: %w", err)
	}
	if s.target.Spool == "" {
		os.Remove(f.Name())
	}
	return f, nil
}

// bodySuffix is that of the file with a download's body; the one of the same
// name without it has the head.
const bodySuffix = ".body"

// spoolDownload keeps a download; its head is written when all of it is there.
func (s *Session) spoolDownload(u *url.URL, resp *harvesters.Response, f *os.File) error {
	file := s.spool().file(u.String())
	if err := os.Rename(f.Name(), file+bodySuffix); err != nil {
		return fmt.Errorf("spool: %w", err)
	}
	return s.spool().put(u.String(), resp, true)
}

// spooledDownload returns a download that an earlier run has kept, nil where
// there is none that can be used.
func (s *Session) spooledDownload(u *url.URL) *harvesters.Download {
	if s.target.Spool == "" {
		return nil
	}
	spool := s.spool()
	head, err := os.Open(spool.file(u.String()))
	if err != nil {
		return nil
	}
	defer head.Close()
	line, err := bufio.NewReader(head).ReadBytes('\n')
	var h spooled
	if err != nil || json.Unmarshal(line, &h) != nil || !h.Beside || spool.now().Sub(h.Fetched) > maxSpoolAge {
		return nil
	}
	resp := h.response()
	f, err := os.Open(spool.file(u.String()) + bodySuffix)
	if err != nil || resp == nil {
		return nil
	}
	info, err := f.Stat()
	if err != nil {
		f.Close()
		return nil
	}
	return s.download(resp, f, info.Size())
}
