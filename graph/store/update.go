package store

import (
	"context"
	"errors"
	"fmt"

	bolt "go.etcd.io/bbolt"
	bolterrors "go.etcd.io/bbolt/errors"

	"qlgraph/graph"
)

// group is a bbolt transaction that several writers use, one after the other,
// and that the last of them commits: so many small updates share the two syncs
// of a commit. What a writer that fails has changed is undone by the inverse
// changes.
type group struct {
	view    *view
	bolt    *bolt.Tx
	work    *work
	writers int
	done    chan struct{} // closed when version and err are set
	version uint64
	err     error
}

// maxGroup bounds how many writers wait for one another.
const maxGroup = 128

// Update implements graph.Writer. The Tx is a *Tx.
func (s *Store) Update(ctx context.Context, fn func(graph.Tx) error) (uint64, error) {
	return s.Write(ctx, func(tx *Tx) error { return fn(tx) })
}

// Write is Update with all that a Tx of a Store can do.
func (s *Store) Write(ctx context.Context, fn func(*Tx) error) (version uint64, err error) {
	s.waiting.Add(1)
	s.writing.Lock()
	s.waiting.Add(-1)
	g, err := s.join(ctx)
	if err != nil {
		s.writing.Unlock()
		return 0, err
	}
	before := g.work.version()
	if err := s.take(ctx, g, fn); err != nil {
		return before, err
	}
	return g.version, g.err
}

// lockAlone takes the place of the one that writes for somebody who will not
// join a group: the group that waits for a next writer is committed.
func (s *Store) lockAlone() {
	s.writing.Lock()
	if s.group != nil {
		s.commitGroup()
	}
}

// commitGroup ends the open group; the caller holds s.writing.
func (s *Store) commitGroup() {
	g := s.group
	s.group = nil
	g.finish(s.current)
	if g.err == nil && g.version != g.work.view.state.version {
		s.commits.Add(1)
	}
	close(g.done)
}

// take runs fn as the group's next writer, and waits for the commit.
func (s *Store) take(ctx context.Context, g *group, fn func(*Tx) error) error {
	defer s.leave(g) // even if fn panics
	return g.run(ctx, fn)
}

// leave lets the next writer join the group, or commits it if none waits.
func (s *Store) leave(g *group) {
	if s.waiting.Load() > 0 && g.writers < maxGroup && g.err == nil {
		s.writing.Unlock()
		<-g.done
		return
	}
	s.commitGroup()
	s.writing.Unlock()
}

// join returns the group that is open, or a new one.
func (s *Store) join(ctx context.Context) (g *group, err error) {
	if g := s.group; g != nil {
		g.writers++
		return g, nil
	}
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	s.mu.Lock()
	closed := s.closed
	s.mu.Unlock()
	if closed {
		return nil, ErrClosed
	}
	if err := s.current.broken; err != nil {
		return nil, err
	}
	tx, err := s.current.db.Begin(true)
	if err != nil {
		return nil, err
	}
	var v *view
	if err := guarded(func() error {
		v, err = s.current.view(tx)
		return err
	}); err != nil {
		tx.Rollback()
		return nil, err
	}
	g = &group{view: v, bolt: tx, work: newWork(v), writers: 1, done: make(chan struct{})}
	s.group = g
	return g, nil
}

// run runs one writer's fn; what it changed is undone where it fails.
func (g *group) run(ctx context.Context, fn func(*Tx) error) (err error) {
	if err := ctx.Err(); err != nil {
		return err
	}
	tx := newTx(ctx, g.work)
	kept := false
	defer func() {
		tx.Close()
		if !kept {
			g.undo(tx)
		}
	}()
	if err := fn(tx); err != nil {
		return err
	}
	if err := ctx.Err(); err != nil {
		return err
	}
	if err := tx.guard(tx.write); err != nil {
		return err
	}
	kept = true
	return nil
}

// undo takes back a writer's changes. If that fails nobody's can be kept.
func (g *group) undo(tx *Tx) {
	if err := guarded(tx.undo); err != nil && g.err == nil {
		g.err = fmt.Errorf("store: undoing a failed update: %w", err)
	}
}

// finish commits what the group's writers have done, or rolls it back.
func (g *group) finish(f *file) {
	g.version = g.work.version()
	if g.err == nil && g.work.changed() {
		old := f.qualifiers.Load()
		// The first reader of the new version needs the new lines.
		f.qualifiers.Store(g.work.terms.qualifiers)
		g.err = guarded(g.work.save)
		if g.err == nil {
			g.err = g.commit(f)
		}
		if g.err == nil {
			return
		}
		f.qualifiers.Store(old)
		g.version = g.work.view.state.version
	}
	if err := guarded(g.bolt.Rollback); err != nil && f.broken == nil && !errors.Is(err, bolterrors.ErrTxClosed) {
		f.broken = err
	}
}

// commit commits the transaction. Where it fails at the very end, or on
// damage, nobody can say what the next one would build on: then the file takes
// no more writes until it is opened again.
func (g *group) commit(f *file) error {
	id := g.bolt.ID()
	err := guarded(g.bolt.Commit)
	if err == nil {
		return nil
	}
	var damaged *DamageError
	if errors.As(err, &damaged) || f.reached(id) {
		f.broken = fmt.Errorf("store: no writes until the store is opened again, since a commit failed: %w", err)
	}
	return err
}

// reached reports whether readers already see the transaction id.
func (f *file) reached(id int) (reached bool) {
	err := f.db.View(func(tx *bolt.Tx) error {
		reached = tx.ID() >= id
		return nil
	})
	return reached || err != nil
}
