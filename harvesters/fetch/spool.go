package fetch

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/klauspost/compress/zstd"

	"qlgraph/harvesters"
)

// maxSpoolAge is how long a fetched resource may stand for itself in a later
// run: as long as a run may take, so that a resumed run is no less consistent
// than one that was not interrupted.
const maxSpoolAge = 2 * time.Hour

// spool keeps the responses of a run on disk until the run has ended, so that
// one which a crash or a shutdown interrupts goes on where it was. Those that
// have validators are kept beyond it: the next run asks whether they still hold
// (RFC 9110 §13), and of one that does the body need not be sent again. A file is
// a line of JSON, spooled, and the body, compressed. Requests, and with them
// credentials, are not written.
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
	Beside    bool                `json:"beside,omitempty"` // the body is in the file of the same name with bodySuffix
}

// spooledHeaders are those that readers and validators use.
var spooledHeaders = [...]string{"Content-Type", "Link", "X-Total-Count", "Etag", "Last-Modified"}

// keptSuffix ends the names of responses of earlier runs, which are known by the
// address that they came from, those of this run by the one that was asked for.
const keptSuffix = ".kept"

func (s spool) file(address string) string { return filepath.Join(s.dir, digestOf([]byte(address))) }

// get returns this run's response for an address, nil where there is none that
// can be used.
func (s spool) get(address string) *harvesters.Response {
	head, resp := read(s.file(address))
	if head == nil || s.now().Sub(head.Fetched) > maxSpoolAge {
		return nil
	}
	return resp
}

// kept returns an earlier run's response from an address, nil where there is
// none.
func (s spool) kept(address string) *harvesters.Response {
	_, resp := read(s.file(address) + keptSuffix)
	return resp
}

// read reads a file of a spool. One that cannot be read is as good as none.
func read(name string) (*spooled, *harvesters.Response) {
	text, err := os.ReadFile(name)
	if err != nil {
		return nil, nil
	}
	line, packed, ok := bytes.Cut(text, []byte("\n"))
	var head spooled
	if !ok || json.Unmarshal(line, &head) != nil {
		return nil, nil
	}
	resp := head.response()
	if resp == nil || head.Beside {
		return nil, nil
	}
	if resp.Body, err = unpack(packed); err != nil {
		return nil, nil
	}
	return &head, resp
}

func unpack(packed []byte) ([]byte, error) {
	r, err := zstd.NewReader(bytes.NewReader(packed), zstd.WithDecoderConcurrency(1), zstd.WithDecoderLowmem(true))
	if err != nil {
		return nil, err
	}
	defer r.Close()
	return io.ReadAll(r)
}

// response returns the response without its body, nil where the head is damaged.
func (h spooled) response() *harvesters.Response {
	u, err := url.Parse(h.URL)
	if err != nil {
		return nil
	}
	return &harvesters.Response{URL: u, Status: h.Status, MediaType: h.MediaType, Header: h.Header}
}

func (s spool) head(resp *harvesters.Response, beside bool) spooled {
	head := spooled{Beside: beside, URL: resp.URL.String(), Status: resp.Status, MediaType: resp.MediaType, Header: map[string][]string{}, Fetched: s.now()}
	for _, name := range spooledHeaders {
		if values := resp.Header[name]; len(values) > 0 {
			head.Header[name] = values
		}
	}
	return head
}

// put keeps a response, or the head of one whose body lies beside. The file is
// complete or not there.
func (s spool) put(address string, resp *harvesters.Response, beside bool) (err error) {
	line, err := json.Marshal(s.head(resp, beside))
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
	err = write(f, line, resp.Body)
	if err = errors.Join(err, f.Close()); err == nil {
		err = os.Rename(f.Name(), s.file(address))
	}
	if err != nil {
		return errors.Join(fmt.Errorf("spool: %w", err), os.Remove(f.Name()))
	}
	return nil
}

func write(w io.Writer, line, body []byte) error {
	buffered := bufio.NewWriter(w)
	buffered.Write(append(line, '\n')) // its error is Flush's
	packer, err := zstd.NewWriter(buffered, zstd.WithEncoderLevel(zstd.SpeedFastest), zstd.WithEncoderConcurrency(1), zstd.WithLowerEncoderMem(true))
	if err != nil {
		return err
	}
	_, err = packer.Write(body)
	return errors.Join(err, packer.Close(), buffered.Flush())
}

// end keeps of the run's responses those with validators, where keep says so. A
// complete run has seen everything: what earlier ones kept besides is of no use.
func (s spool) end(keep, complete bool) error {
	entries, err := os.ReadDir(s.dir)
	if errors.Is(err, os.ErrNotExist) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("spool: %w", err)
	}
	left, errs := 0, []error{}
	for _, entry := range entries {
		name := filepath.Join(s.dir, entry.Name())
		if strings.HasSuffix(entry.Name(), keptSuffix) {
			if keep && !complete {
				left++
			} else {
				errs = append(errs, os.Remove(name))
			}
		}
	}
	for _, entry := range entries {
		name := filepath.Join(s.dir, entry.Name())
		if strings.HasSuffix(entry.Name(), keptSuffix) {
			continue
		}
		if head := readHead(name); keep && head != nil && head.validated() && !strings.HasSuffix(name, bodySuffix) {
			errs = append(errs, os.Rename(name, s.file(head.URL)+keptSuffix))
			left++
		} else {
			errs = append(errs, os.Remove(name))
		}
	}
	if left == 0 {
		errs = append(errs, os.Remove(s.dir))
	}
	return errors.Join(errs...)
}

// readHead reads the first line of a file, nil where it is none.
func readHead(name string) *spooled {
	f, err := os.Open(name)
	if err != nil {
		return nil
	}
	defer f.Close()
	line, err := bufio.NewReader(f).ReadBytes('\n')
	var head spooled
	if err != nil || json.Unmarshal(line, &head) != nil {
		return nil
	}
	return &head
}

// validated reports whether the response says how it is recognised, and is kept
// with its body.
func (s *spooled) validated() bool {
	h := http.Header(s.Header)
	return !s.Beside && (h.Get("ETag") != "" || h.Get("Last-Modified") != "")
}

// Done ends the session's run: what was spooled is not needed any more, except
// for what is kept for the next. complete says that the run has read everything.
func (s *Session) Done(complete bool) error {
	if s.target.Spool == "" {
		return nil
	}
	return s.spool().end(s.target.Keep, complete)
}
