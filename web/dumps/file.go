package dumps

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"hash"
	"io"
	"os"
	"path/filepath"

	"github.com/klauspost/compress/gzip"
)

// fileMode and dirMode let a web server of another user send the dumps.
const (
	fileMode = 0o644
	dirMode  = 0o755
)

// output is a compressed file that is being written.
type output struct {
	result File
	file   *os.File
	hash   hash.Hash
	gzip   *gzip.Writer
}

// create starts the file of a staged edition.
func create(root, path, mediaType string) (*output, error) {
	name := filepath.Join(root, filepath.FromSlash(path))
	if err := os.MkdirAll(filepath.Dir(name), dirMode); err != nil {
		return nil, err
	}
	f, err := os.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_EXCL, fileMode)
	if err != nil {
		return nil, err
	}
	o := &output{result: File{Path: path, MediaType: mediaType}, file: f, hash: sha256.New()}
	o.gzip = gzip.NewWriter(raw{o}) // its header has no name and no time
	return o, nil
}

// raw is where the compressed bytes of an output go.
type raw struct{ o *output }

func (r raw) Write(b []byte) (int, error) {
	r.o.hash.Write(b)
	r.o.result.Bytes += int64(len(b))
	return r.o.file.Write(b)
}

// Write adds to the content.
func (o *output) Write(b []byte) (int, error) { return o.gzip.Write(b) }

// member writes content as a gzip member of its own (RFC 1952 §2.2), so that what
// follows can be taken without it.
func (o *output) member(content []byte) error {
	if _, err := o.gzip.Write(content); err != nil {
		return err
	}
	err := o.gzip.Close()
	o.gzip.Reset(raw{o})
	return err
}

// append adds the content of a compressed file, behind its first skip bytes:
// gzip members can be put one behind the other. Nothing may have been written to
// o but by member and append.
func (o *output) append(root string, f File, skip int64) error {
	in, err := os.Open(filepath.Join(root, filepath.FromSlash(f.Path)))
	if err != nil {
		return err
	}
	defer in.Close()
	if _, err := in.Seek(skip, io.SeekStart); err != nil {
		return err
	}
	_, err = io.Copy(raw{o}, in)
	o.result.Items += f.Items
	o.gzip = nil
	return err
}

// close completes the file durably.
func (o *output) close() (File, error) {
	var err error
	if o.gzip != nil {
		err = o.gzip.Close()
	}
	err = errors.Join(err, o.file.Sync(), o.file.Close())
	o.result.SHA256 = hex.EncodeToString(o.hash.Sum(nil))
	return o.result, err
}

// abandon closes a file that will not be completed; the staged edition is removed
// as a whole.
func (o *output) abandon() { o.file.Close() }

func writeJSON(name string, v any) error {
	body, err := json.MarshalIndent(v, "", "  ")
	if err != nil {
		return err
	}
	return writeFile(name, append(body, '\n'))
}

// writeFile writes a small file durably, and whole or not at all.
func writeFile(name string, body []byte) error {
	f, err := os.CreateTemp(filepath.Dir(name), ".new-*")
	if err != nil {
		return err
	}
	_, err = f.Write(body)
	err = errors.Join(err, f.Chmod(fileMode), f.Sync(), f.Close())
	if err == nil {
		err = os.Rename(f.Name(), name)
	}
	if err != nil {
		os.Remove(f.Name())
	}
	return err
}

// syncDir makes the names in a directory durable.
func syncDir(name string) error {
	d, err := os.Open(name)
	if err != nil {
		return err
	}
	return errors.Join(d.Sync(), d.Close())
}
