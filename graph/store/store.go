package store

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	bolt "go.etcd.io/bbolt"
	bolterrors "go.etcd.io/bbolt/errors"

	"qlgraph/graph"
)

// Options are the settings of a Store; the zero value is good.
type Options struct {
	// Owner names the program in the lock file, for others that find the
	// directory in use. Default: the name of the executable.
	Owner string
	// SnapshotLimit is how long a snapshot may stay open. While one is, the
	// pages that it shows cannot be used again, so the file grows with every
	// commit. Default: 15 minutes.
	SnapshotLimit time.Duration
	// InitialMmapSize is the address space, in bytes, that is reserved for the
	// file: a file that outgrows it is mapped anew, for which the writer waits
	// until no snapshot is open, and new snapshots wait behind it. It costs no
	// memory. Default: 64 GiB.
	InitialMmapSize int
	// NoSync leaves it to the operating system when commits reach the disk. A
	// crash of the machine may then destroy the file. For tests.
	NoSync bool
}

const (
	defaultSnapshotLimit = 15 * time.Minute
	defaultMmapSize      = 64 << 30
	// lockPatience is how long Open waits for another owner to leave.
	lockPatience = 500 * time.Millisecond
	pageSize     = 4096 // on every platform, so that files can be moved
)

// Names in a data directory.
const (
	fileName = "quads.db"
	lockName = "LOCK" // names the owner; the lock proper is on the file
)

// LockedError says that another process owns the data directory.
type LockedError struct {
	Dir   string
	PID   int    // 0 where it is not known
	Owner string // what it called itself
}

func (e *LockedError) Error() string {
	if e.PID == 0 {
		return fmt.Sprintf("store: %s is in use by another process", e.Dir)
	}
	return fmt.Sprintf("store: %s is in use by process %d (%s)", e.Dir, e.PID, e.Owner)
}

// Store is a durable RDF dataset in a data directory. It implements
// graph.Writer and may be used from several goroutines.
type Store struct {
	dir     string
	options Options

	replacing sync.RWMutex // held while the file is replaced, and for reading while it is copied

	mu      sync.Mutex // guards current and closed
	current *file
	closed  bool

	writing sync.Mutex   // held by the one that writes
	waiting atomic.Int32 // how many wait for it
	group   *group       // guarded by writing: the transaction that writers share
	commits atomic.Uint64
}

var _ graph.Writer = (*Store)(nil)

// Open opens the store in the directory dir, which it creates if need be. The
// caller closes it. A directory that another process has open is a
// *LockedError within a second.
func Open(dir string, options Options) (*Store, error) {
	if options.Owner == "" {
		options.Owner = filepath.Base(os.Args[0])
	}
	if options.SnapshotLimit <= 0 {
		options.SnapshotLimit = defaultSnapshotLimit
	}
	if options.InitialMmapSize <= 0 {
		options.InitialMmapSize = defaultMmapSize
	}
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return nil, err
	}
	f, err := openFile(filepath.Join(dir, fileName), options)
	if errors.Is(err, bolterrors.ErrTimeout) {
		return nil, readLock(dir)
	}
	if err != nil {
		return nil, err
	}
	lock := fmt.Sprintf("%d %s\n", os.Getpid(), options.Owner)
	if err := errors.Join(removeLeftovers(dir), os.WriteFile(filepath.Join(dir, lockName), []byte(lock), 0o644)); err != nil {
		f.db.Close()
		return nil, err
	}
	return &Store{dir: dir, options: options, current: f}, nil
}

// removeLeftovers removes what a crash has left of a load.
func removeLeftovers(dir string) error {
	left, err := filepath.Glob(filepath.Join(dir, loadPrefix+"*"))
	for _, path := range left {
		err = errors.Join(err, os.RemoveAll(path))
	}
	return err
}

func readLock(dir string) *LockedError {
	e := &LockedError{Dir: dir}
	b, _ := os.ReadFile(filepath.Join(dir, lockName)) // without it we know less
	pid, owner, _ := strings.Cut(strings.TrimSpace(string(b)), " ")
	e.PID, _ = strconv.Atoi(pid)
	e.Owner = owner
	return e
}

// Close waits for the writer, ends all snapshots and closes the file.
func (s *Store) Close() error {
	s.lockAlone()
	defer s.writing.Unlock()
	s.mu.Lock()
	if s.closed {
		s.mu.Unlock()
		return nil
	}
	s.closed = true
	s.mu.Unlock()
	err := s.current.close()
	return errors.Join(err, os.Remove(filepath.Join(s.dir, lockName)))
}

// file is one open database file. A store replaces its file when it loads in
// bulk or compacts; snapshots of the old one keep it open.
type file struct {
	db         *bolt.DB
	path       atomic.Pointer[string]
	handle     *os.File // bbolt's
	broken     error    // why there are no more writes; guarded by Store.writing
	codec      *codec
	terms      *termCache
	ids        *idCache
	tails      tails
	maxTail    uint64 // literals that tails may have
	seed       uint64 // of hashes; it stays when the file is replaced
	qualifiers atomic.Pointer[qualifiers]

	columns sync.Pool // of *columns, for cursors

	mu        sync.Mutex
	snapshots map[*Snapshot]struct{}
	retired   bool // to be closed with its last snapshot
}

func openFile(path string, options Options) (f *file, err error) {
	f = &file{maxTail: maxTail, terms: &termCache{}, ids: &idCache{}, snapshots: map[*Snapshot]struct{}{}}
	f.path.Store(&path)
	if err = guarded(func() error { return f.open(options) }); err != nil {
		f.abandon() // in vain, unless damage kept bbolt from closing the file
		return nil, err
	}
	return f, nil
}

func (f *file) open(options Options) (err error) {
	f.db, err = bolt.Open(*f.path.Load(), 0o644, &bolt.Options{
		Timeout:         lockPatience,
		PageSize:        pageSize,
		InitialMmapSize: options.InitialMmapSize,
		FreelistType:    bolt.FreelistMapType,
		// The list of free pages is written when the file is closed, not with
		// every commit, where it would be most of what a small change writes.
		// After a crash it is rebuilt by a walk through the pages.
		NoFreelistSync: true,
		NoSync:         options.NoSync,
		NoStatistics:   true,
		// bbolt opens the file again to copy it, by which time it may have been
		// renamed.
		OpenFile: func(_ string, flag int, mode os.FileMode) (*os.File, error) {
			opened, err := os.OpenFile(*f.path.Load(), flag, mode)
			if f.handle == nil {
				f.handle = opened
			}
			return opened, err
		},
	})
	if err != nil {
		return err
	}
	err = f.db.View(func(tx *bolt.Tx) error { return checkPages(f.handle, tx) })
	if err == nil {
		err = f.prepare()
	}
	if err != nil {
		return errors.Join(err, f.db.Close())
	}
	return nil
}

// prepare makes an empty file a store, and reads what is kept in memory.
func (f *file) prepare() (err error) {
	if f.codec, err = newCodec(); err != nil {
		return err
	}
	empty := false
	if err := f.db.View(func(tx *bolt.Tx) error {
		k, _ := tx.Cursor().First()
		empty = k == nil
		return nil
	}); err != nil {
		return err
	}
	if empty {
		if err := f.db.Update(func(tx *bolt.Tx) error { return create(tx, rand.Uint64()) }); err != nil {
			return err
		}
	}
	if err := f.db.View(checkFormat); err != nil {
		return err
	}
	if err := f.addText(); err != nil {
		return err
	}
	return f.db.View(func(tx *bolt.Tx) error {
		q, err := readQualifiers(tx)
		if err != nil {
			return err
		}
		f.qualifiers.Store(q)
		v, err := f.view(tx)
		if err == nil {
			f.seed = v.state.seed
		}
		return err
	})
}

// close ends the snapshots of f and closes it.
func (f *file) close() error {
	f.mu.Lock()
	open := make([]*Snapshot, 0, len(f.snapshots))
	for s := range f.snapshots {
		open = append(open, s)
	}
	f.mu.Unlock()
	for _, s := range open {
		s.end(ErrClosed)
	}
	if f.broken != nil {
		return errors.Join(f.broken, f.abandon())
	}
	err := guarded(func() error {
		// Without changes this commit writes the list of free pages only.
		f.db.NoFreelistSync = false
		return f.db.Update(func(*bolt.Tx) error { return nil })
	})
	var damaged *DamageError
	if errors.As(err, &damaged) {
		// bbolt may still hold its locks, so it is left to itself; without its
		// file it can do no harm, and the directory is free.
		return errors.Join(err, f.abandon())
	}
	return errors.Join(err, f.db.Close())
}

// abandon closes the file without bbolt.
func (f *file) abandon() error {
	if f.handle == nil {
		return nil
	}
	unlock(f.handle)
	return f.handle.Close()
}

// open opens a snapshot that ends after limit at the latest.
func (s *Store) open(ctx context.Context, limit time.Duration) (_ *Snapshot, err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.closed {
		return nil, ErrClosed
	}
	return s.current.snapshot(ctx, limit)
}

func (f *file) snapshot(ctx context.Context, limit time.Duration) (*Snapshot, error) {
	tx, err := f.db.Begin(false)
	if err != nil {
		return nil, err
	}
	var v *view
	if err := guarded(func() error {
		v, err = f.view(tx)
		return err
	}); err != nil {
		tx.Rollback()
		return nil, err
	}
	snap := &Snapshot{view: v, ctx: ctx}
	f.mu.Lock()
	f.snapshots[snap] = struct{}{}
	f.mu.Unlock()
	snap.arm(ctx, limit)
	return snap, nil
}

// arm makes the snapshot end with ctx or after limit. Whoever comes first ends
// it; the transaction is given back by the last read that is under way.
func (s *Snapshot) arm(ctx context.Context, limit time.Duration) {
	var timer *time.Timer
	var stop func() bool
	s.mu.Lock()
	defer s.mu.Unlock()
	s.end = func(why error) {
		s.mu.Lock()
		defer s.mu.Unlock()
		if s.over != nil {
			return
		}
		s.over = why
		timer.Stop()
		stop()
		s.bolt.Rollback()
		s.file.release(s)
	}
	timer = time.AfterFunc(limit, func() { s.end(ErrExpired) })
	stop = context.AfterFunc(ctx, func() { s.end(ctx.Err()) })
}

// release forgets a snapshot that has ended, and closes a retired file with
// its last one.
func (f *file) release(s *Snapshot) {
	f.mu.Lock()
	delete(f.snapshots, s)
	last := f.retired && len(f.snapshots) == 0
	f.mu.Unlock()
	if last {
		f.db.Close()
	}
}
