package text

// Totals counts the literals of a language and the words in them, stop words
// apart.
type Totals struct{ Literals, Words int64 }

// Index is postings, in one or several parts that have no literal in common.
// Literals are numbers here.
type Index interface {
	// Languages calls fn with each language of the index.
	Languages(fn func(language string, t Totals)) error
	// Form calls fn with each word of that form.
	Form(language, form string, fn func(Key) error) error
	// Stem calls fn with each word of that stem.
	Stem(language, stem string, fn func(Key) error) error
	// Prefix calls fn with each word whose form begins so.
	Prefix(language, prefix string, fn func(Key) error) error
	// Count returns about how many literals have the word.
	Count(Key) (int64, error)
	// Postings calls fn with the literals that have the word, ascending, each
	// with its Weight, some at a time. The slice belongs to the Index.
	Postings(k Key, fn func([]Posting) error) error
	// Literal returns the text of a literal of the index and its tag.
	Literal(number uint64) (tag, value string, err error)
	// Has reports whether the literal is one of this part.
	Has(number uint64) bool
}

// Posting is a literal that has a word, and the word's Weight in it: the number
// in the upper 56 bits, so that postings sort by literal.
type Posting uint64

// NewPosting returns the posting of a literal.
func NewPosting(literal uint64, weight uint8) Posting { return Posting(literal<<8 | uint64(weight)) }

// Literal returns the literal.
func (p Posting) Literal() uint64 { return uint64(p >> 8) }

func (p Posting) count() int { return int(p)&(maxCount-1) + 1 }
func (p Posting) step() int  { return int(uint8(p)) >> countBits }
