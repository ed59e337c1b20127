package store

import (
	"encoding/binary"
	"errors"
	"maps"
	"slices"
	"sync/atomic"
	"unsafe"

	"github.com/klauspost/compress/zstd"

	"qlgraph/graph"
	"qlgraph/graph/rdf"
)

// A dictionary block holds blockTerms terms of one kind with consecutive
// numbers, under the key (kind, number of the block), the last one fewer.
//
//	form                 0 plain, 1 zstd
//	size                 uvarint: bytes of the body when it is not compressed
//	body                 terms uvarint, then per term: shared uvarint, rest
//	                     uvarint, literals: qualifier uvarint; then the rests
//	checksum             8 bytes
//
// A term shares its first bytes with the one before it. The lengths stand
// before the text because like next to like compresses best.
const blockTerms = 64

// Qualifiers of literals. From qualifierTable on it is a line of the table of
// datatypes ("^iri") and language tags ("@tag") that have been seen; with the
// inline one, for when the table is full, the text begins with the line and
// its length.
const (
	qualifierString = iota
	qualifierInline
	qualifierTable
	maxQualifiers = 1 << 16
)

var errTerms = errors.New("malformed dictionary block")

// textTerm is a term as the dictionary writes it.
type textTerm struct {
	text      string
	qualifier uint32
}

// termBlock is a decoded block. It does not change.
type termBlock struct {
	key        uint64 // kind and number
	text       string
	ends       []uint32 // where each term ends in text
	qualifiers []uint32 // of literals only
}

func blockKey(k graph.IDKind, block uint64) uint64 { return uint64(k)<<60 | block }

// termsKey returns the key of a dictionary block in its bucket.
func termsKey(k graph.IDKind, block uint64) []byte {
	return binary.BigEndian.AppendUint32([]byte{byte(k)}, uint32(block))
}

func (b *termBlock) term(i int) textTerm {
	start := uint32(0)
	if i > 0 {
		start = b.ends[i-1]
	}
	t := textTerm{text: b.text[start:b.ends[i]]}
	if b.qualifiers != nil {
		t.qualifier = b.qualifiers[i]
	}
	return t
}

// codec compresses and decompresses; it may be used by several goroutines.
type codec struct {
	enc *zstd.Encoder
	dec *zstd.Decoder
}

// maxText bounds what a value may decompress to, whatever it claims.
const maxText = 1 << 30

func newCodec() (*codec, error) {
	enc, err := zstd.NewWriter(nil, zstd.WithEncoderConcurrency(2), zstd.WithEncoderCRC(false))
	if err != nil {
		return nil, err
	}
	dec, err := zstd.NewReader(nil, zstd.WithDecoderConcurrency(0), zstd.WithDecoderMaxMemory(maxText))
	if err != nil {
		return nil, err
	}
	return &codec{enc: enc, dec: dec}, nil
}

// appendTerms appends the value of a dictionary block.
func (c *codec) appendTerms(b []byte, k graph.IDKind, block uint64, terms []textTerm) []byte {
	var lengths, text []byte
	lengths = binary.AppendUvarint(nil, uint64(len(terms)))
	last := ""
	for _, t := range terms {
		shared := sharedPrefix(last, t.text)
		lengths = binary.AppendUvarint(lengths, uint64(shared))
		lengths = binary.AppendUvarint(lengths, uint64(len(t.text)-shared))
		if k == graph.IDLiteral {
			lengths = binary.AppendUvarint(lengths, uint64(t.qualifier))
		}
		text = append(text, t.text[shared:]...)
		last = t.text
	}
	body := append(lengths, text...)
	start := len(b)
	b = binary.AppendUvarint(append(b, 1), uint64(len(body)))
	packed := c.enc.EncodeAll(body, b)
	if len(packed)-len(b) < len(body) {
		b = packed
	} else {
		b = append(b, body...)
		b[start] = 0
	}
	return appendChecksum(b, start, checksumTerms, termsKey(k, block))
}

func sharedPrefix(a, b string) int {
	n := min(len(a), len(b))
	for i := range n {
		if a[i] != b[i] {
			return i
		}
	}
	return n
}

// readTerms decodes the value of a dictionary block.
func (c *codec) readTerms(k graph.IDKind, block uint64, value []byte) (*termBlock, error) {
	body, err := checked(checksumTerms, termsKey(k, block), value)
	if err != nil {
		return nil, err
	}
	size, n := binary.Uvarint(body[1:])
	if n <= 0 {
		return nil, errTerms
	}
	packed := body[0] == 1
	body = body[1+n:]
	if packed {
		if body, err = c.dec.DecodeAll(body, make([]byte, 0, size)); err != nil {
			return nil, err
		}
	}
	if uint64(len(body)) != size {
		return nil, errTerms
	}
	return unfold(k, block, body)
}

// unfold undoes the front coding.
func unfold(k graph.IDKind, block uint64, body []byte) (*termBlock, error) {
	count, n := binary.Uvarint(body)
	if n <= 0 || count > blockTerms {
		return nil, errTerms
	}
	body = body[n:]
	b := &termBlock{key: blockKey(k, block), ends: make([]uint32, count)}
	var shared, rest [blockTerms]uint64
	if k == graph.IDLiteral {
		b.qualifiers = make([]uint32, count)
	}
	total := uint64(0)
	field := func() uint64 {
		v, n := binary.Uvarint(body)
		if n <= 0 {
			n, v = 0, 1<<40
		}
		body = body[n:]
		return v
	}
	for i := range count {
		shared[i], rest[i] = field(), field()
		if b.qualifiers != nil {
			b.qualifiers[i] = uint32(field())
		}
		total += shared[i] + rest[i]
		if total > 1<<32-1 {
			return nil, errTerms
		}
	}
	text := make([]byte, 0, total)
	last := 0
	for i := range count {
		start := len(text)
		if shared[i] > uint64(start-last) || rest[i] > uint64(len(body)) {
			return nil, errTerms
		}
		text = append(text, text[last:last+int(shared[i])]...)
		text = append(text, body[:rest[i]]...)
		body = body[rest[i]:]
		b.ends[i], last = uint32(len(text)), start
	}
	b.text = unsafe.String(unsafe.SliceData(text), len(text)) // text is not written again
	return b, nil
}

// termCache keeps decoded blocks: two per set, the one used last first. It is
// shared by all snapshots: the term of a number never changes.
type termCache struct {
	sets [cacheSets][2]atomic.Pointer[termBlock]
	size atomic.Int64 // bytes
	hand atomic.Uint32
}

const (
	// cacheSets is as many as common blocks, of about 4 KiB, fill cacheBytes.
	cacheSets  = 1 << 13
	cacheBytes = 64 << 20
	// maxCached is the largest block that is kept.
	maxCached = 256 << 10
)

func cacheSet(key uint64) uint64 { return (key ^ key>>60*0x9E5) % cacheSets }

func (c *termCache) get(key uint64) *termBlock {
	set := &c.sets[cacheSet(key)]
	if b := set[0].Load(); b != nil && b.key == key {
		return b
	}
	b := set[1].Load()
	if b == nil || b.key != key {
		return nil
	}
	set[1].Store(set[0].Swap(b))
	return b
}

func (c *termCache) put(b *termBlock) {
	if b.bytes() > maxCached {
		return
	}
	set := &c.sets[cacheSet(b.key)]
	size := b.bytes() - set[1].Swap(set[0].Swap(b)).bytes()
	if c.size.Add(size) <= cacheBytes {
		return
	}
	for range cacheSets {
		victim := &c.sets[c.hand.Add(1)%cacheSets]
		size := victim[0].Swap(nil).bytes() + victim[1].Swap(nil).bytes()
		if c.size.Add(-size) <= cacheBytes {
			return
		}
	}
}

// bytes returns about what the block takes in memory; a nil block takes none.
func (b *termBlock) bytes() int64 {
	if b == nil {
		return 0
	}
	return int64(len(b.text) + 4*len(b.ends) + 4*len(b.qualifiers) + 96)
}

// dictionary reads the terms of one transaction.
type dictionary struct {
	view       *view
	qualifiers *qualifiers
	counts     [4]uint64 // terms per kind
	stable     [4]uint64 // those of them that are committed and may be cached
}

// block returns the block of the term id, which must exist.
func (d *dictionary) block(k graph.IDKind, number uint64) (*termBlock, error) {
	block, at := number/blockTerms, int(number%blockTerms)
	key := blockKey(k, block)
	if b := d.view.file.terms.get(key); b != nil && at < len(b.ends) {
		return b, nil
	}
	b, err := d.load(k, block)
	if err != nil {
		return nil, err
	}
	if at >= len(b.ends) {
		return nil, &DamageError{Where: "dictionary", Err: errTerms}
	}
	if block*blockTerms+uint64(len(b.ends)) <= d.stable[k] {
		d.view.file.terms.put(b)
	}
	return b, nil
}

func (d *dictionary) load(k graph.IDKind, block uint64) (*termBlock, error) {
	key := termsKey(k, block)
	value := d.view.bucket(bucketTerms).Get(key)
	if value == nil {
		return nil, &DamageError{Where: "dictionary", Err: errChain}
	}
	b, err := d.view.file.codec.readTerms(k, block, value)
	if err != nil {
		return nil, &DamageError{Where: "dictionary", Err: err}
	}
	return b, nil
}

// text returns the dictionary's form of the term id; false where it has none
// of that number.
func (d *dictionary) text(id graph.ID) (textTerm, bool, error) {
	k, n := id.Kind(), id.Payload()
	if k < graph.IDBlank || k > graph.IDLiteral || n == 0 || n > d.counts[k] {
		return textTerm{}, false, nil
	}
	b, err := d.block(k, n-1)
	if err != nil {
		return textTerm{}, false, err
	}
	return b.term(int((n - 1) % blockTerms)), true, nil
}

// kindOf returns the ID kind of a term that is not inlined.
func kindOf(t rdf.Term) graph.IDKind {
	switch t.Kind() {
	case rdf.KindBlank:
		return graph.IDBlank
	case rdf.KindIRI:
		return graph.IDIRI
	}
	return graph.IDLiteral
}

// qualifiers is the table of datatypes and language tags. It only grows;
// readers use the lines that were there when they began.
type qualifiers struct {
	lines   []string
	numbers map[qualifier]uint32
}

// qualifier is what a literal has beside its lexical form; the zero value is
// xsd:string's.
type qualifier struct {
	tag  bool
	name string
}

func newQualifiers() *qualifiers { return &qualifiers{numbers: map[qualifier]uint32{}} }

func qualifierOf(t rdf.Term) qualifier {
	if tag := t.Lang(); tag != "" {
		return qualifier{true, tag}
	}
	if dt := t.Datatype(); dt != rdf.XSDString {
		return qualifier{false, dt}
	}
	return qualifier{}
}

// line returns the qualifier as it is stored.
func (q qualifier) line() string {
	if q.tag {
		return "@" + q.name
	}
	return "^" + q.name
}

func readQualifier(line string) (qualifier, error) {
	if len(line) < 2 || line[0] != '@' && line[0] != '^' {
		return qualifier{}, errTerms
	}
	return qualifier{line[0] == '@', line[1:]}, nil
}

func (q *qualifiers) add(name qualifier) {
	q.numbers[name] = uint32(len(q.lines)) + qualifierTable
	q.lines = append(q.lines, name.line())
}

func (q *qualifiers) clone() *qualifiers {
	return &qualifiers{lines: slices.Clip(q.lines), numbers: maps.Clone(q.numbers)}
}

// textOf returns the dictionary's form of t; false where t has a qualifier that
// the table lacks but has room for.
func (q *qualifiers) textOf(t rdf.Term) (textTerm, bool) {
	if !t.IsLiteral() {
		return textTerm{text: t.Value()}, true
	}
	name := qualifierOf(t)
	if name == (qualifier{}) {
		return textTerm{text: t.Value(), qualifier: qualifierString}, true
	}
	if n, ok := q.numbers[name]; ok {
		return textTerm{text: t.Value(), qualifier: n}, true
	}
	if len(q.lines) >= maxQualifiers {
		line := name.line()
		inline := binary.AppendUvarint(nil, uint64(len(line)))
		return textTerm{text: string(inline) + line + t.Value(), qualifier: qualifierInline}, true
	}
	return textTerm{}, false
}

// term builds the term of kind k from its dictionary form; text is kept.
func (q *qualifiers) term(k graph.IDKind, t textTerm) (rdf.Term, error) {
	switch {
	case k == graph.IDBlank:
		return rdf.Blank(t.text), nil
	case k == graph.IDIRI:
		return rdf.IRI(t.text), nil
	case t.qualifier == qualifierString:
		return rdf.Literal(t.text), nil
	}
	line, text := "", t.text
	switch n := int(t.qualifier) - qualifierTable; {
	case t.qualifier == qualifierInline:
		size, n := binary.Uvarint([]byte(t.text[:min(len(t.text), binary.MaxVarintLen64)]))
		if n <= 0 || size > uint64(len(t.text)-n) {
			return rdf.Term{}, &DamageError{Where: "dictionary", Err: errTerms}
		}
		line, text = t.text[n:n+int(size)], t.text[n+int(size):]
	case n < len(q.lines):
		line = q.lines[n]
	}
	if line == "" {
		return rdf.Term{}, &DamageError{Where: "dictionary", Err: errTerms}
	}
	if line[0] == '@' {
		return rdf.LangLiteral(text, line[1:]), nil
	}
	return rdf.TypedLiteral(text, line[1:]), nil
}
