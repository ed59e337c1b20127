package store

import (
	"encoding/binary"
	"errors"
	"fmt"
	"io"

	bolt "go.etcd.io/bbolt"
)

// bbolt checks its meta pages only and follows every other page as it finds it:
// a damaged branch page that leads back to itself makes a cursor run for ever,
// and a free list that names a page in use lets the next commit overwrite it.
// So the tree of branch pages is looked at once, when a file is opened. They are
// a hundredth of a file; leaves are not read, as their values have checksums.

// The layout of bbolt's pages, in the byte order of the machines we support.
const (
	pageHeader     = 16 // id, flags, count, overflow
	branchElement  = 16 // position, key size, child
	leafElement    = 16 // flags, position, key size, value size
	branchPage     = 0x01
	leafPage       = 0x02
	freelistPage   = 0x10
	bucketElement  = 0x01
	noFreelist     = ^uint64(0)
	metaMagic      = 0xED0CDAED
	countElsewhere = 0xFFFF // of a free list: the first entry is the count
	maxHeight      = 32     // with two children each: more pages than there are bytes
)

var (
	errPage  = errors.New("malformed page")
	errTwice = errors.New("a page has two places")
	errFree  = errors.New("the free list names a page in use")
)

// pageWalk looks at the pages of one version of a file.
type pageWalk struct {
	file io.ReaderAt
	high uint64   // the first page behind those in use
	live []uint64 // bitmap of the pages that were reached
}

// checkPages returns a *DamageError where the pages of tx's version do not form
// a tree.
func checkPages(file io.ReaderAt, tx *bolt.Tx) error {
	root, freelist, high, err := readMeta(file, uint64(tx.ID()))
	if err != nil {
		return err
	}
	w := &pageWalk{file: file, high: high, live: make([]uint64, high/64+1)}
	height, err := w.height(root)
	if err != nil {
		return err
	}
	if err := w.tree(root, height, true); err != nil {
		return err
	}
	if freelist == noFreelist {
		return nil
	}
	return w.freelist(freelist)
}

// readMeta reads where the version txid begins. bbolt has validated its meta
// pages by checksum already.
func readMeta(file io.ReaderAt, txid uint64) (root, freelist, high uint64, err error) {
	for page := range int64(2) {
		var b [pageHeader + 64]byte
		if _, err := file.ReadAt(b[:], page*pageSize); err != nil {
			return 0, 0, 0, err
		}
		m := b[pageHeader:]
		if binary.NativeEndian.Uint32(m) == metaMagic && binary.NativeEndian.Uint64(m[48:]) == txid {
			return binary.NativeEndian.Uint64(m[16:]), binary.NativeEndian.Uint64(m[32:]), binary.NativeEndian.Uint64(m[40:]), nil
		}
	}
	return 0, 0, 0, &DamageError{Where: "meta pages", Err: errPage}
}

// mark notes that a page has its place, which no other may share.
func (w *pageWalk) mark(id uint64) error {
	if id < 2 || id >= w.high {
		return w.damaged(id, errPage)
	}
	if w.live[id/64]&(1<<(id%64)) != 0 {
		return w.damaged(id, errTwice)
	}
	w.live[id/64] |= 1 << (id % 64)
	return nil
}

// enter reads the header of a page and marks the page with its overflow.
func (w *pageWalk) enter(id uint64) (flags, count uint16, size int64, err error) {
	var h [pageHeader]byte
	if id < 2 || id >= w.high {
		return 0, 0, 0, w.damaged(id, errPage)
	}
	if _, err := w.file.ReadAt(h[:], int64(id)*pageSize); err != nil {
		return 0, 0, 0, w.damaged(id, err)
	}
	overflow := uint64(binary.NativeEndian.Uint32(h[12:]))
	if binary.NativeEndian.Uint64(h[:]) != id || overflow >= w.high-id {
		return 0, 0, 0, w.damaged(id, errPage)
	}
	for p := id; p <= id+overflow; p++ {
		if err := w.mark(p); err != nil {
			return 0, 0, 0, err
		}
	}
	return binary.NativeEndian.Uint16(h[8:]), binary.NativeEndian.Uint16(h[10:]), int64(overflow+1) * pageSize, nil
}

// body reads a page with its overflow. A file that was cut to what is used may
// end within its last page.
func (w *pageWalk) body(id uint64, size int64) ([]byte, error) {
	body := make([]byte, size)
	if n, err := w.file.ReadAt(body, int64(id)*pageSize); err != nil && (err != io.EOF || n < pageHeader) {
		return nil, w.damaged(id, err)
	}
	return body, nil
}

// height returns how many branch pages lie above each leaf of a tree: in a B+
// tree it is the same for all of them.
func (w *pageWalk) height(root uint64) (int, error) {
	id := root
	for h := 0; h < maxHeight; h++ {
		var b [pageHeader + branchElement]byte
		if id < 2 || id >= w.high {
			break
		}
		if _, err := w.file.ReadAt(b[:], int64(id)*pageSize); err != nil {
			return 0, w.damaged(id, err)
		}
		if binary.NativeEndian.Uint16(b[8:]) == leafPage {
			return h, nil
		}
		id = binary.NativeEndian.Uint64(b[pageHeader+8:])
	}
	return 0, w.damaged(root, errPage)
}

// tree walks the B+ tree below a page, of which height levels are branch pages.
// The leaves of the file's root tree hold the roots of the buckets and are read.
func (w *pageWalk) tree(id uint64, height int, buckets bool) error {
	if height == 0 && !buckets {
		return w.mark(id)
	}
	flags, count, size, err := w.enter(id)
	if err != nil {
		return err
	}
	want := uint16(branchPage)
	if height == 0 {
		want = leafPage
	}
	if flags != want || pageHeader+int64(count)*branchElement > size {
		return w.damaged(id, errPage)
	}
	body, err := w.body(id, size)
	if err != nil {
		return err
	}
	for i := range int(count) {
		element := pageHeader + i*branchElement
		if flags == branchPage {
			err = w.tree(binary.NativeEndian.Uint64(body[element+8:]), height-1, buckets)
		} else {
			err = w.bucket(id, body, element)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// bucket walks the tree of the bucket that a leaf element holds. A bucket that
// is small enough stands in the leaf itself and has no root.
func (w *pageWalk) bucket(id uint64, body []byte, element int) error {
	e := body[element : element+leafElement]
	if binary.NativeEndian.Uint32(e)&bucketElement == 0 {
		return nil
	}
	value := uint64(element) + uint64(binary.NativeEndian.Uint32(e[4:])) + uint64(binary.NativeEndian.Uint32(e[8:]))
	if value+8 > uint64(len(body)) {
		return w.damaged(id, errPage)
	}
	if root := binary.NativeEndian.Uint64(body[value:]); root != 0 {
		height, err := w.height(root)
		if err != nil {
			return err
		}
		return w.tree(root, height, false)
	}
	return nil
}

// freelist checks that no page that is in use is listed as free.
func (w *pageWalk) freelist(id uint64) error {
	flags, short, size, err := w.enter(id)
	if err != nil {
		return err
	}
	body, err := w.body(id, size)
	if err != nil {
		return err
	}
	ids, count := body[pageHeader:], uint64(short)
	if short == countElsewhere {
		ids, count = ids[8:], binary.NativeEndian.Uint64(ids)
	}
	if flags != freelistPage || count > uint64(len(ids)/8) {
		return w.damaged(id, errPage)
	}
	for i := range count {
		free := binary.NativeEndian.Uint64(ids[8*i:])
		if free < 2 || free >= w.high || w.live[free/64]&(1<<(free%64)) != 0 {
			return w.damaged(free, errFree)
		}
	}
	return nil
}

func (w *pageWalk) damaged(id uint64, err error) error {
	return &DamageError{Where: fmt.Sprintf("page %d", id), Err: err}
}
