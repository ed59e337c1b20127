package store

import "syscall"

// forget gives back the memory of the file's pages that have been read: they
// stay in the system's cache, but a process that reads a large file once does
// not count as one that needs all of it. The caller holds Store.writing, so that
// the file is not mapped anew meanwhile.
func (f *file) forget() {
	if info, err := f.handle.Stat(); err == nil {
		// Nothing depends on it: the advice may be refused.
		syscall.Syscall(syscall.SYS_MADVISE, f.db.Info().Data, uintptr(info.Size()), syscall.MADV_DONTNEED)
	}
}
