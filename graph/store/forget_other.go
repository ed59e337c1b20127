//go:build !linux

package store

// forget does nothing where the system has no such advice.
func (f *file) forget() {}
