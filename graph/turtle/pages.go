package turtle

import (
	"math"
	"strings"
)

// textPages keeps strings one behind the other in pages, which never move: a
// string that is handed out shares their memory.
type textPages struct {
	pages []*strings.Builder
	size  int
}

// span is the place of a string: its page in the upper half of at, and where it
// starts in the page in the lower half.
type span struct{ at, size uint32 }

const (
	smallPage = 1 << 10 // of the first page, for documents of a few triples
	textPage  = 1 << 16
	// maxText is how much text is kept to be sorted. With it, there are fewer
	// pages than half a span can tell: any two neighbours have textPage together.
	maxText = 1 << 30
)

func (t *textPages) add(s string) span {
	if s == "" {
		return span{}
	}
	t.size += len(s)
	last := len(t.pages) - 1
	if last < 0 || !t.fits(s) {
		page := &strings.Builder{}
		page.Grow(max(len(s), min(textPage, max(smallPage, t.size))))
		t.pages = append(t.pages, page)
		last++
	}
	page := t.pages[last]
	at := uint32(last)<<16 | uint32(page.Len())
	page.WriteString(s)
	return span{at, uint32(len(s))}
}

// fits reports whether s can stand on the last page without moving it.
func (t *textPages) fits(s string) bool {
	page := t.pages[len(t.pages)-1]
	return page.Len() < textPage && page.Cap()-page.Len() >= len(s)
}

func (t *textPages) get(s span) string {
	if s.size == 0 {
		return ""
	}
	start := s.at & math.MaxUint16
	return t.pages[s.at>>16].String()[start : start+s.size]
}

// list is a slice that grows by pages, so that what it has never moves: growing
// one slice would copy each element several times.
type list[T any] struct {
	pages [][]T
	size  int
}

const (
	listShift = 12
	listPage  = 1 << listShift
)

func (l *list[T]) add(v T) {
	if l.size%listPage == 0 {
		var page []T
		if l.size > 0 {
			page = make([]T, 0, listPage)
		}
		l.pages = append(l.pages, page)
	}
	last := &l.pages[l.size/listPage]
	*last = append(*last, v)
	l.size++
}

func (l *list[T]) at(i int) *T { return &l.pages[i>>listShift][i&(listPage-1)] }
