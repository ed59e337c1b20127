package expr

import (
	"regexp/syntax"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// literalSearch finds a literal, perhaps anchored: what most patterns that people
// write consist of, and many times faster than a program.
type literalSearch struct {
	literal    string
	start, end bool // anchored
	fold       bool // either case; then literal is lower-case ASCII
	rare       int  // with fold: place of the letter to search by
	third      bool // with fold: a letter has a third case, outside ASCII
}

// literals are searches of which one has to succeed wherever a pattern matches.
type literals struct {
	list  []literalSearch
	exact bool // and where one does, the pattern matches
}

// maxLiterals bounds the searches for one pattern.
const maxLiterals = 16

// literalsOf takes a pattern apart: ^(a|b)$ with either anchor or none is
// literals and nothing else; of other patterns it finds what each match contains.
func literalsOf(re *syntax.Regexp) literals {
	parts := []*syntax.Regexp{re}
	if re.Op == syntax.OpConcat {
		parts = re.Sub
	}
	start, end := false, false
	if len(parts) > 1 && parts[0].Op == syntax.OpBeginText {
		start, parts = true, parts[1:]
	}
	if n := len(parts); n > 1 && parts[n-1].Op == syntax.OpEndText {
		end, parts = true, parts[:n-1]
	}
	if list := spelledOut(&syntax.Regexp{Op: syntax.OpConcat, Sub: parts}); shortest(list) > 0 {
		for i := range list {
			list[i].start, list[i].end = start, end
		}
		return literals{list: prepared(list), exact: true}
	}
	return literals{list: prepared(required(re))}
}

// prepared returns the list with what is needed to ignore case.
func prepared(list []literalSearch) []literalSearch {
	for i := range list {
		list[i].rare = rarest(list[i].literal)
		list[i].third = strings.ContainsAny(list[i].literal, "ks")
	}
	return list
}

// spelledOut lists the strings that re matches, nil where they are too many, or
// not written out in it.
func spelledOut(re *syntax.Regexp) []literalSearch {
	switch re.Op {
	case syntax.OpLiteral:
		l := literalSearch{literal: string(re.Rune), fold: re.Flags&syntax.FoldCase != 0}
		if l.fold {
			if !isASCII(l.literal) {
				return nil
			}
			l.literal = strings.ToLower(l.literal)
		}
		return []literalSearch{l}
	case syntax.OpCapture:
		return spelledOut(re.Sub[0])
	case syntax.OpAlternate:
		return ofEach(re.Sub, spelledOut)
	case syntax.OpConcat:
		list := spelledOut(re.Sub[0])
		for _, sub := range re.Sub[1:] {
			list = joinedLiterals(list, spelledOut(sub))
		}
		return list
	}
	return nil
}

// ofEach returns what find finds in all the alternatives, nil where it finds
// nothing in one or there are too many.
func ofEach(alternatives []*syntax.Regexp, find func(*syntax.Regexp) []literalSearch) (list []literalSearch) {
	for _, re := range alternatives {
		found := find(re)
		if found == nil || len(list)+len(found) > maxLiterals {
			return nil
		}
		list = append(list, found...)
	}
	return list
}

// joinedLiterals puts each of b after each of a.
func joinedLiterals(a, b []literalSearch) []literalSearch {
	if len(a)*len(b) > maxLiterals {
		return nil
	}
	var list []literalSearch
	for _, x := range a {
		for _, y := range b {
			if x.fold != y.fold {
				return nil
			}
			list = append(list, literalSearch{literal: x.literal + y.literal, fold: x.fold})
		}
	}
	return list
}

// required lists literals of which each match of re contains one, nil where there
// are none. Of several such lists it takes the one whose shortest is longest.
func required(re *syntax.Regexp) []literalSearch {
	best := spelledOut(re)
	switch re.Op {
	case syntax.OpCapture, syntax.OpPlus:
		return required(re.Sub[0])
	case syntax.OpRepeat:
		if re.Min > 0 {
			return required(re.Sub[0])
		}
	case syntax.OpConcat:
		for _, sub := range re.Sub {
			if list := required(sub); shortest(list) > shortest(best) {
				best = list
			}
		}
	case syntax.OpAlternate:
		if list := ofEach(re.Sub, required); list != nil {
			best = list
		}
	}
	if shortest(best) == 0 {
		return nil
	}
	return best
}

// shortest returns the length of the shortest literal, 0 of none.
func shortest(list []literalSearch) int {
	if len(list) == 0 {
		return 0
	}
	n := len(list[0].literal)
	for _, l := range list {
		n = min(n, len(l.literal))
	}
	return n
}

// match reports whether the pattern matches s; ok is false where that takes its
// program.
func (l *literals) match(s string) (found, ok bool) {
	if len(l.list) == 0 {
		return false, false
	}
	open := false
	for i := range l.list {
		found, ok := l.list[i].in(s)
		if found && l.exact {
			return true, true
		}
		open = open || found || !ok
	}
	return false, !open
}

// in reports whether s matches; ok is false where it cannot tell: K and S have
// a third case outside ASCII, text with which is left to the program.
func (l *literalSearch) in(s string) (found, ok bool) {
	if !l.fold {
		switch {
		case l.start && l.end:
			return s == l.literal, true
		case l.start:
			return strings.HasPrefix(s, l.literal), true
		case l.end:
			return strings.HasSuffix(s, l.literal), true
		}
		return strings.Contains(s, l.literal), true
	}
	if l.third && !isASCII(s) && strings.ContainsAny(s, "\u212A\u017F") {
		return false, false
	}
	n := len(l.literal)
	switch {
	case len(s) < n:
		return false, true
	case l.start:
		return equalLower(s[:n], l.literal) && (!l.end || len(s) == n), true
	case l.end:
		return equalLower(s[len(s)-n:], l.literal), true
	}
	return containsLower(s, l.literal, l.rare), true
}

// equalLower compares s without ASCII case to the lower-case literal.
func equalLower(s, literal string) bool {
	for i := 0; i < len(literal); i++ {
		c := s[i]
		if c >= 'A' && c <= 'Z' {
			c += 'a' - 'A'
		}
		if c != literal[i] {
			return false
		}
	}
	return true
}

// containsLower searches by the literal's letter at the place at, of which there
// are two cases to look for.
func containsLower(s, literal string, at int) bool {
	low := literal[at]
	high := low
	if low >= 'a' && low <= 'z' {
		high = low - ('a' - 'A')
	}
	last := len(s) - len(literal) // of the possible starts
	nextLow, nextHigh := -1, -1
	for i := 0; i <= last; i++ {
		if nextLow < i {
			nextLow = indexFrom(s, low, i+at, last+at) - at
		}
		if nextHigh < i {
			nextHigh = nextLow
			if high != low {
				nextHigh = indexFrom(s, high, i+at, last+at) - at
			}
		}
		i = min(nextLow, nextHigh)
		if i > last {
			return false
		}
		if equalLower(s[i:i+len(literal)], literal) {
			return true
		}
	}
	return false
}

// indexFrom returns the position of c in s[from:to+1], to+1 where it is not.
func indexFrom(s string, c byte, from, to int) int {
	if i := strings.IndexByte(s[from:to+1], c); i >= 0 {
		return from + i
	}
	return to + 1
}

// letterFrequency lists letters from rare to frequent in European languages.
const letterFrequency = "jqxzwkyvfbghpdmculsotrnaie "

// rarest returns the position of the character of literal that is least likely
// in a text.
func rarest(literal string) int {
	best, rank := 0, len(letterFrequency)
	for i := 0; i < len(literal); i++ {
		if r := strings.IndexByte(letterFrequency, literal[i]); r < rank {
			best, rank = i, r
		}
	}
	return best
}

// foldRanges returns r and its other cases as sorted ranges.
func foldRanges(r rune) []rune {
	runes := []rune{r}
	for f := unicode.SimpleFold(r); f != r; f = unicode.SimpleFold(f) {
		runes = append(runes, f)
	}
	slices.Sort(runes)
	out := make([]rune, 0, 2*len(runes))
	for _, r := range runes {
		if r <= utf8.MaxRune {
			out = append(out, r, r)
		}
	}
	return out
}
