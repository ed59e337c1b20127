package store

import (
	"context"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"runtime/debug"
)

// guarded runs fn; damage that it comes upon becomes an error.
func guarded(fn func() error) (err error) {
	defer func(faults bool) {
		debug.SetPanicOnFault(faults)
		if r := recover(); r != nil {
			err = damage(r)
		}
	}(debug.SetPanicOnFault(true))
	return fn()
}

// Backup writes a copy of the newest version to w, which Restore reads, and
// returns the version. Readers and writers go on; only Load and Compact wait.
func (s *Store) Backup(ctx context.Context, w io.Writer) (version uint64, err error) {
	s.replacing.RLock()
	defer s.replacing.RUnlock()
	snap, err := s.open(ctx, noLimit)
	if err != nil {
		return 0, err
	}
	defer snap.Close()
	err = guarded(func() error {
		_, err := snap.bolt.WriteTo(&contextWriter{ctx, w})
		return err
	})
	return snap.Version(), err
}

type contextWriter struct {
	ctx context.Context
	to  io.Writer
}

func (w *contextWriter) Write(b []byte) (int, error) {
	if err := w.ctx.Err(); err != nil {
		return 0, err
	}
	return w.to.Write(b)
}

// Restore makes what a Backup has written the content of the data directory
// dir, in which no other process may have a store open. What was there before
// stays if the copy cannot be read to its end or is no store.
func Restore(dir string, from io.Reader, options Options) (err error) {
	old, err := Open(dir, options)
	if err != nil {
		return err
	}
	defer old.Close()
	f, err := os.CreateTemp(dir, loadPrefix)
	if err != nil {
		return err
	}
	path := f.Name()
	defer os.Remove(path) // in vain, once it is renamed
	_, err = io.Copy(f, from)
	if err == nil {
		err = f.Sync()
	}
	if closeErr := f.Close(); err == nil {
		err = closeErr
	}
	if err != nil {
		return err
	}
	restored, err := openFile(path, options)
	if err != nil {
		return fmt.Errorf("store: restoring: %w", err)
	}
	if err := restored.close(); err != nil {
		return err
	}
	if err := os.Rename(path, filepath.Join(dir, fileName)); err != nil {
		return err
	}
	return syncPath(dir)
}
