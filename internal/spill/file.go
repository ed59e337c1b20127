package spill

import (
	"os"
	"sync"
)

// tailBytes is how much stays in memory, and is written at a time.
const tailBytes = 1 << 20

// File is bytes that are appended and read back.
type File struct {
	dir string

	mu   sync.Mutex
	file *os.File // nil as long as all is in tail
	size int64
	tail []byte // the end, which is not in the file
}

// New returns an empty File, for which a temporary file is made in the directory
// when it is needed; "" is the system's directory for those.
func New(dir string) *File { return &File{dir: dir} }

// Append adds b and returns where it begins.
func (f *File) Append(b []byte) (at int64, err error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	at = f.size
	f.tail = append(f.tail, b...)
	f.size += int64(len(b))
	if len(f.tail) >= tailBytes {
		err = f.flush()
	}
	return at, err
}

func (f *File) flush() error {
	if f.file == nil {
		if err := f.create(); err != nil {
			return err
		}
	}
	_, err := f.file.WriteAt(f.tail, f.size-int64(len(f.tail)))
	f.tail = f.tail[:0]
	return err
}

func (f *File) create() error {
	if f.dir != "" {
		if err := os.MkdirAll(f.dir, 0o700); err != nil {
			return err
		}
	}
	file, err := os.CreateTemp(f.dir, "spill-*")
	if err != nil {
		return err
	}
	os.Remove(file.Name()) // nothing is left after a crash; where this is not allowed, Close does it
	f.file = file
	return nil
}

// Read returns size bytes from at on, which were appended together.
func (f *File) Read(at int64, size int) ([]byte, error) {
	b := make([]byte, size)
	f.mu.Lock()
	if start := f.size - int64(len(f.tail)); at >= start {
		copy(b, f.tail[at-start:])
		f.mu.Unlock()
		return b, nil
	}
	f.mu.Unlock()
	_, err := f.file.ReadAt(b, at)
	return b, err
}

// Size returns the number of bytes.
func (f *File) Size() int64 {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.size
}

// Close drops what the File holds. It may be called twice.
func (f *File) Close() error {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.tail, f.size = nil, 0
	if f.file == nil {
		return nil
	}
	err := f.file.Close()
	os.Remove(f.file.Name())
	f.file = nil
	return err
}
