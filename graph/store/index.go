package store

import (
	"bytes"
	"cmp"
	"fmt"

	bolt "go.etcd.io/bbolt"
)

// index is a bucket of blocks: the rows of one permutation of the quads, or of
// the dictionary's hashes, sorted.
type index struct {
	number byte // of the index, part of every checksum
	view   *view
	filled bool // the index should hold a row: an empty bucket is damage
}

func (ix *index) bucket() *bolt.Bucket { return ix.view.bucket(int(ix.number)) }

// The numbers of the index from terms' hashes to IDs and of the postings of
// words; smaller ones are those of graph.Order.
const (
	indexHashes = 5 + iota
	indexText
)

// blockCursor walks the blocks of an index.
type blockCursor struct {
	index *index
	bolt  *bolt.Cursor
	block block
	key   []byte
	value []byte
	valid bool // block is one, not past the end
}

func (ix *index) cursor() blockCursor {
	return blockCursor{index: ix, bolt: ix.bucket().Cursor()}
}

// seek moves to the block in which the row of the given key is or would be:
// the last one that does not begin after it, or the first of all.
func (c *blockCursor) seek(key []byte) error {
	k, v := c.bolt.Seek(key)
	if k != nil && bytes.Equal(k, key) {
		return c.set(k, v)
	}
	var before, value []byte
	if k == nil {
		before, value = c.index.last(c.bolt)
	} else {
		before, value = c.index.before(c.bolt, k)
	}
	if before == nil {
		return c.first()
	}
	if err := c.set(before, value); err != nil {
		return err
	}
	if bytes.Compare(before, key) > 0 || len(c.block.next) > 0 && bytes.Compare(c.block.next, key) <= 0 {
		return c.damaged(key, errChain)
	}
	return nil
}

func (c *blockCursor) first() error {
	k, v := c.bolt.First()
	if k == nil && c.index.filled {
		return c.damaged(nil, errChain)
	}
	return c.set(k, v)
}

func (c *blockCursor) set(key, value []byte) (err error) {
	c.key, c.value, c.valid = key, value, key != nil
	if key == nil {
		return nil
	}
	if c.block, err = readBlock(c.index.number, key, value); err != nil {
		return c.damaged(key, err)
	}
	return nil
}

// next moves to the following block.
func (c *blockCursor) next() error {
	want := c.block.next
	if len(want) == 0 {
		c.valid = false
		return nil
	}
	k, v := c.bolt.Next()
	if !bytes.Equal(k, want) {
		return c.damaged(want, errChain)
	}
	return c.set(k, v)
}

// previous returns the key and value of the block before the one of key.
func (ix *index) previous(key []byte) (k, v []byte, err error) {
	c := ix.bucket().Cursor()
	if at, _ := c.Seek(key); !bytes.Equal(at, key) {
		return nil, nil, ix.damaged(key, errChain)
	}
	k, v = ix.before(c, key)
	return k, v, nil
}

// before moves c, which is at key, back by one. Within a transaction that has
// emptied a page bbolt's Prev returns nothing there, though more lies before.
func (ix *index) before(c *bolt.Cursor, key []byte) (k, v []byte) {
	k, v = c.Prev()
	if k != nil {
		return k, v
	}
	if first, _ := ix.bucket().Cursor().First(); first == nil || bytes.Equal(first, key) {
		return nil, nil
	}
	for range maxEmptied {
		if k, v = c.Prev(); k != nil {
			return k, v
		}
	}
	panic(ix.damaged(key, errChain))
}

// last moves c to the last block. Where a transaction has emptied every page of
// a bucket bbolt's Last does not return.
func (ix *index) last(c *bolt.Cursor) (k, v []byte) {
	if first, _ := c.First(); first == nil {
		return nil, nil
	}
	return c.Last()
}

// maxEmptied bounds the pages in a row that a transaction may have emptied.
const maxEmptied = 1 << 24

func (c *blockCursor) damaged(key []byte, err error) error {
	c.valid = false
	return c.index.damaged(key, err)
}

func (ix *index) damaged(key []byte, err error) error {
	return &DamageError{Where: fmt.Sprintf("index %d at %x", ix.number, key), Err: err}
}

func compareRows(a, b row) int {
	for i := range a {
		if c := cmp.Compare(a[i], b[i]); c != 0 {
			return c
		}
	}
	return 0
}

// prefixKey returns the key of the first n components, with which the keys of
// all rows begin that share them.
func prefixKey(r row, n int) []byte {
	var buf [4 * 9]byte
	b := appendRowKey(buf[:0], r)
	end := 0
	for range n {
		end += 1 + int(b[end]&15)
	}
	return append([]byte(nil), b[:end]...)
}
