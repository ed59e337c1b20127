package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"os"

	"qlgraph/graph/store"
)

type verifyCommand struct {
	dataFlags
}

// Run reads the whole store; the status is 1 where something is damaged.
func (c *verifyCommand) Run(ctx context.Context, p process) error {
	dir, err := c.directory(p, "")
	if err != nil {
		return err
	}
	return p.withStore(dir, func(s *store.Store) error {
		verified, err := s.Verify(ctx)
		if err != nil {
			return err
		}
		_, err = fmt.Fprintf(p.stdout, "sound: version %d, %d quads, %d terms\n", verified.Version, verified.Quads, verified.Terms)
		return err
	})
}

type compactCommand struct {
	dataFlags
}

// Run writes the store anew.
func (c *compactCommand) Run(ctx context.Context, p process) error {
	dir, err := c.directory(p, "")
	if err != nil {
		return err
	}
	return p.withStore(dir, func(s *store.Store) error {
		return s.Compact(ctx, store.LoadOptions{Workers: loadWorkers, Progress: p.loadProgress()})
	})
}

type backupCommand struct {
	dataFlags
	File string `arg:"" help:"File to write; - is stdout."`
}

// Run writes the copy. A file appears under its name only when it is complete.
func (c *backupCommand) Run(ctx context.Context, p process) error {
	dir, err := c.directory(p, "")
	if err != nil {
		return err
	}
	return p.withStore(dir, func(s *store.Store) error {
		if c.File == "-" {
			_, err := s.Backup(ctx, p.stdout)
			return err
		}
		name := p.path(c.File)
		if err := writeFile(name, func(w io.Writer) error {
			_, err := s.Backup(ctx, w)
			return err
		}); err != nil {
			return err
		}
		fmt.Fprintln(p.stderr, "written:", name)
		return nil
	})
}

// writeFile writes a file beside its name and renames it when it is complete
// and on the disk.
func writeFile(name string, write func(io.Writer) error) error {
	partial := name + ".partial"
	f, err := os.OpenFile(partial, os.O_CREATE|os.O_WRONLY|os.O_TRUNC, 0o600)
	if err != nil {
		return err
	}
	buffered := bufio.NewWriterSize(f, 1<<20)
	err = write(buffered)
	if err == nil {
		err = buffered.Flush()
	}
	if err == nil {
		err = f.Sync()
	}
	err = errors.Join(err, f.Close())
	if err == nil {
		err = os.Rename(partial, name)
	}
	if err != nil {
		return errors.Join(err, os.Remove(partial))
	}
	return nil
}

type restoreCommand struct {
	dataFlags
	Replace bool   `help:"Replace the store that the directory holds."`
	File    string `arg:"" help:"Backup to read; - is stdin."`
}

// Run makes the backup the store. A store that is there is replaced only on
// request, and only by a backup that could be read to its end.
func (c *restoreCommand) Run(_ context.Context, p process) error {
	dir, err := c.directory(p, "")
	if err != nil {
		return err
	}
	if p.served != nil {
		return errors.New("restore: stop the server that owns the directory first")
	}
	entries, err := os.ReadDir(dir)
	if err != nil && !errors.Is(err, os.ErrNotExist) {
		return err
	}
	if len(entries) > 0 && !c.Replace {
		return fmt.Errorf("restore: %s is not empty: give --replace to replace the store in it", dir)
	}
	in, err := p.open(c.File)
	if err != nil {
		return err
	}
	defer in.Close()
	return store.Restore(dir, in, store.Options{Owner: "qlgraph"})
}
