package store

import (
	"bytes"
	"encoding/binary"
	"errors"
	"slices"
	"strings"

	bolt "go.etcd.io/bbolt"
)

// The list of words is sorted strings in blocks, each under its first one:
//
//	next     length uvarint, key of the block that follows; 0 at the end
//	entries  count uvarint, then per entry: shared uvarint, rest uvarint; then
//	         the rests
//	checksum 8 bytes
//
// An entry shares its first bytes with the one before it, the first with the
// key. The list begins with wordsBegin, so that no block ever loses its key.
const (
	wordsBegin  = "\x00"
	wordsTarget = 64      // entries of a block that is cut
	wordsMost   = 128     // entries at which it is
	maxEntry    = 1 << 10 // bytes, far more than words have
)

var errWords = errors.New("malformed list of words")

// wordBlock is a decoded block.
type wordBlock struct {
	key     string
	next    string
	entries []string
}

func (b *wordBlock) append(to []byte) []byte {
	start := len(to)
	to = binary.AppendUvarint(to, uint64(len(b.next)))
	to = append(to, b.next...)
	to = binary.AppendUvarint(to, uint64(len(b.entries)))
	var rests []byte
	last := b.key
	for _, e := range b.entries {
		shared := sharedPrefix(last, e)
		to = binary.AppendUvarint(to, uint64(shared))
		to = binary.AppendUvarint(to, uint64(len(e)-shared))
		rests = append(rests, e[shared:]...)
		last = e
	}
	return appendChecksum(append(to, rests...), start, checksumWords, []byte(b.key))
}

func readWords(key, value []byte) (*wordBlock, error) {
	body, err := checked(checksumWords, key, value)
	if err != nil {
		return nil, err
	}
	field := func() int {
		n, size := binary.Uvarint(body)
		if size <= 0 || n > maxEntry {
			body = nil
			return 0
		}
		body = body[size:]
		return int(n)
	}
	b := &wordBlock{key: string(key)}
	n := min(field(), len(body))
	b.next, body = string(body[:n]), body[n:]
	count := field()
	if count == 0 || count > wordsMost {
		return nil, errWords
	}
	var shared, rest [wordsMost]int
	total := 0
	for i := range count {
		shared[i], rest[i] = field(), field()
		total += shared[i] + rest[i]
	}
	// All entries are parts of one string: most are not looked at.
	all := make([]byte, 0, total)
	last := key
	for i := range count {
		if shared[i] > len(last) || rest[i] > len(body) {
			return nil, errWords
		}
		start := len(all)
		all = append(append(all, last[:shared[i]]...), body[:rest[i]]...)
		last, body = all[start:], body[rest[i]:]
	}
	b.entries = make([]string, count)
	text := string(all)
	for i := range count {
		size := shared[i] + rest[i]
		b.entries[i], text = text[:size], text[size:]
	}
	return b, nil
}

// wordCursor walks the blocks of the list.
type wordCursor struct {
	bolt  *bolt.Cursor
	block *wordBlock // nil at the end
}

func damagedWords(err error) error { return &DamageError{Where: "words", Err: err} }

// seekWords moves to the block in which the entry is or would be.
func (v *view) seekWords(entry string) (*wordCursor, error) {
	c := &wordCursor{bolt: v.bucket(bucketWords).Cursor()}
	k, value := c.bolt.Seek([]byte(entry))
	if k == nil {
		k, value = c.bolt.Last()
	} else if string(k) != entry {
		k, value = c.bolt.Prev()
	}
	if err := c.set(k, value); err != nil {
		return nil, err
	}
	if c.block.next != "" && c.block.next <= entry {
		return nil, damagedWords(errChain)
	}
	return c, nil
}

func (c *wordCursor) set(k, value []byte) (err error) {
	if k == nil {
		return damagedWords(errChain)
	}
	if c.block, err = readWords(k, value); err != nil {
		return damagedWords(err)
	}
	return nil
}

func (c *wordCursor) next() error {
	want := c.block.next
	if want == "" {
		c.block = nil
		return nil
	}
	k, value := c.bolt.Next()
	if string(k) != want {
		return damagedWords(errChain)
	}
	return c.set(k, value)
}

// eachWord calls fn with the entries that begin with the prefix, without it,
// ascending.
func (v *view) eachWord(prefix string, fn func(rest string) error) error {
	if v.words == 0 {
		return nil
	}
	c, err := v.seekWords(prefix)
	for ; err == nil && c.block != nil; err = c.next() {
		n, _ := slices.BinarySearch(c.block.entries, prefix)
		for _, e := range c.block.entries[n:] {
			rest, ok := strings.CutPrefix(e, prefix)
			if !ok {
				return nil
			}
			if err := fn(rest); err != nil {
				return err
			}
		}
	}
	return err
}

// addWords adds entries, sorted, to the list and returns by how many it is longer. Only
// blocks that get one are written, and the ones before those that are cut.
func (w *work) addWords(entries []string) (added uint64, err error) {
	if w.words == 0 {
		first := &wordBlock{key: wordsBegin, entries: []string{wordsBegin}}
		if err := w.putWords(first); err != nil {
			return 0, err
		}
		added = 1
	}
	for len(entries) > 0 {
		c, err := w.seekWords(entries[0])
		if err != nil {
			return added, err
		}
		b := c.block
		n := len(entries)
		if b.next != "" {
			n, _ = slices.BinarySearch(entries, b.next)
		}
		merged := append(slices.Clone(b.entries), entries[:n]...)
		slices.Sort(merged)
		merged = slices.Compact(merged)
		entries = entries[n:]
		if len(merged) == len(b.entries) {
			continue
		}
		added += uint64(len(merged) - len(b.entries))
		for _, piece := range cutWords(merged, b.next) {
			if err := w.putWords(piece); err != nil {
				return added, err
			}
		}
	}
	return added, nil
}

func (w *work) putWords(b *wordBlock) error {
	return w.bucket(bucketWords).Put([]byte(b.key), b.append(nil))
}

// cutWords makes blocks of entries, the last of which is followed by next.
func cutWords(entries []string, next string) (blocks []*wordBlock) {
	size := len(entries)
	if size > wordsMost {
		size = wordsTarget
	}
	for len(entries) > 0 {
		b := &wordBlock{key: entries[0], entries: entries[:min(size, len(entries))]}
		if entries = entries[len(b.entries):]; len(entries) > 0 {
			b.next = entries[0]
		} else {
			b.next = next
		}
		blocks = append(blocks, b)
	}
	return blocks
}

// verifyWords checks order and links of the list, and calls each with every
// entry.
func (v *verifier) verifyWords(each func(entry string) error) error {
	c := &wordCursor{bolt: v.bucket(bucketWords).Cursor()}
	k, value := c.bolt.First()
	if v.words == 0 {
		if k != nil {
			return damagedWords(errChain)
		}
		return nil
	}
	last := ""
	err := c.set(k, value)
	for ; err == nil && c.block != nil; err = c.next() {
		if err := v.ctx.Err(); err != nil {
			return err
		}
		for i, e := range c.block.entries {
			if e <= last || i == 0 && e != c.block.key {
				return damagedWords(errors.New("entries are not in order"))
			}
			if last = e; e == wordsBegin {
				continue
			}
			if err := each(e); err != nil {
				return err
			}
		}
	}
	if err == nil {
		if k, _ := c.bolt.Next(); k != nil && !bytes.Equal(k, []byte(last)) {
			return damagedWords(errChain)
		}
	}
	return err
}
