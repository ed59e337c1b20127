package main

import (
	"io"
	"net/url"
	"os"
	"path/filepath"
)

// setting returns the first that is set of the flag, the environment's
// QLGRAPH_… variable, the configuration file's value and the default.
func (p process) setting(flag, variable, file, fallback string) string {
	for _, s := range []string{flag, p.getenv("QLGRAPH_" + variable), file} {
		if s != "" {
			return s
		}
	}
	return fallback
}

// path makes a file name given by the user absolute where the process runs in
// another directory than the user.
func (p process) path(name string) string {
	if name == "" || filepath.IsAbs(name) || p.dir == "" {
		return name
	}
	return filepath.Join(p.dir, name)
}

// open opens a file for reading; "-" is stdin.
func (p process) open(name string) (io.ReadCloser, error) {
	if name == "-" {
		return io.NopCloser(p.stdin), nil
	}
	return os.Open(p.path(name))
}

// read reads a whole file that may not be larger than limit bytes.
func (p process) read(name string, limit int64) ([]byte, error) {
	f, err := p.open(name)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	body, err := io.ReadAll(io.LimitReader(f, limit+1))
	if err == nil && int64(len(body)) > limit {
		err = &os.PathError{Op: "read", Path: name, Err: errTooLarge}
	}
	return body, err
}

// fileIRI is the base IRI of a file (RFC 8089).
func (p process) fileIRI(name string) string {
	absolute, err := filepath.Abs(p.path(name))
	if err != nil {
		return ""
	}
	return (&url.URL{Scheme: "file", Path: filepath.ToSlash(absolute)}).String()
}
