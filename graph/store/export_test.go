package store

import (
	"reflect"
	"unsafe"

	bolt "go.etcd.io/bbolt"
)

// OnWrite lets fn see every write to the store's file before it is done.
func OnWrite(s *Store, fn func(b []byte, offset int64)) {
	ops := reflect.ValueOf(s.current.db).Elem().FieldByName("ops").FieldByName("writeAt")
	writeAt := (*func([]byte, int64) (int, error))(unsafe.Pointer(ops.UnsafeAddr()))
	real := *writeAt
	*writeAt = func(b []byte, offset int64) (int, error) {
		fn(b, offset)
		return real(b, offset)
	}
}

// CheckPages lets bbolt check the pages of a file that is not damaged: every
// page is in use once or free.
func CheckPages(s *Store) error {
	return s.current.db.View(func(tx *bolt.Tx) error {
		var first error
		for err := range tx.Check() {
			if first == nil {
				first = err
			}
		}
		return first
	})
}

// FileName is the name of the file in a data directory.
const FileName = fileName

// PageSize is that of the file.
const PageSize = pageSize

// ForgetText makes the file what it was before there was full-text search.
func ForgetText(s *Store) error {
	return s.current.db.Update(func(tx *bolt.Tx) error {
		for _, n := range []int{indexText, bucketWords} {
			if err := tx.DeleteBucket([]byte(bucketNames[n])); err != nil {
				return err
			}
		}
		return tx.Bucket([]byte(bucketNames[bucketState])).Delete(keyText)
	})
}

// MaxTail is how many literals are indexed in memory at most.
const MaxTail = maxTail

// SetMaxTail makes commits write postings when they exceed another number, until
// the file is replaced.
func SetMaxTail(s *Store, n uint64) { s.current.maxTail = n }
