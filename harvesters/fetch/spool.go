package fetch

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/url"
	"os"
	"path/filepath"
	"time"

	"qlgraph/harvesters"
)

// maxSpoolAge is how long a fetched resource may stand for itself in a later
// run: as long as a run may take, so that a resumed run is no less consistent
// than one that was not interrupted.
const maxSpoolAge = 2 * time.Hour

// spool keeps the responses of a run on disk until the run has ended, so that
// one which a crash or a shutdown interrupts goes on where it was. A file is a
// line of JSON, spooled, and the body. Requests, and with them credentials, are
// not written.
type spool struct {
	dir string
	now func() time.Time
}

type spooled struct {
	URL       string              `json:"url"` // after redirects
	Status    int                 `json:"status"`
	MediaType string              `json:"mediaType"`
	Header    map[string][]string `json:"header"`
	Fetched   time.Time           `json:"fetched"`
}

// spooledHeaders are those that readers and validators use.
var spooledHeaders = [...]string{"Content-Type", "Link", "X-Total-Count", "Etag", "Last-Modified"}

func (s spool) file(address string) string { return filepath.Join(s.dir, digestOf([]byte(address))) }

// get returns the response for an address, nil where there is none that can be
// used.
func (s spool) get(address string) *harvesters.Response {
	text, err := os.ReadFile(s.file(address))
	if err != nil {
		return nil
	}
	r := bufio.NewReader(bytes.NewReader(text))
	line, err := r.ReadBytes('\n')
	if err != nil {
		return nil
	}
	var head spooled
	if json.Unmarshal(line, &head) != nil || s.now().Sub(head.Fetched) > maxSpoolAge {
		return nil
	}
	u, err := url.Parse(head.URL)
	if err != nil {
		return nil
	}
	body, err := io.ReadAll(r)
	if err != nil {
		return nil
	}
	return &harvesters.Response{URL: u, Status: head.Status, MediaType: head.MediaType, Header: head.Header, Body: body}
}

// put keeps a response. The file is complete or not there.
func (s spool) put(address string, resp *harvesters.Response) (err error) {
	head := spooled{URL: resp.URL.String(), Status: resp.Status, MediaType: resp.MediaType, Header: map[string][]string{}, Fetched: s.now()}
	for _, name := range spooledHeaders {
		if values := resp.Header[name]; len(values) > 0 {
			head.Header[name] = values
		}
	}
	line, err := json.Marshal(head)
	if err != nil {
		return fmt.Errorf("spool: %w", err)
	}
	if err := os.MkdirAll(s.dir, 0o700); err != nil {
		return fmt.Errorf("spool: %w", err)
	}
	f, err := os.CreateTemp(s.dir, ".new-*")
	if err != nil {
		return fmt.Errorf("spool: %w", err)
	}
	_, err = f.Write(append(append(line, '\n'), resp.Body...))
	if err = errors.Join(err, f.Close()); err == nil {
		err = os.Rename(f.Name(), s.file(address))
	}
	if err != nil {
		return errors.Join(fmt.Errorf("spool: %w", err), os.Remove(f.Name()))
	}
	return nil
}

// Done ends the session's run: what was spooled is not needed any more.
func (s *Session) Done() error {
	if s.target.Spool == "" {
		return nil
	}
	return os.RemoveAll(s.target.Spool)
}
