package expr

import (
	"regexp/syntax"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// literalSearch finds a pattern that is a literal, perhaps anchored: most
// patterns that people write, and many times faster than a program.
type literalSearch struct {
	literal    string // "" where the pattern is none
	start, end bool   // anchored
	fold       bool   // either case; then literal is lower-case ASCII
}

// searchFor recognises ^literal$ with either anchor or none.
func searchFor(re *syntax.Regexp) literalSearch {
	var search literalSearch
	parts := []*syntax.Regexp{re}
	if re.Op == syntax.OpConcat {
		parts = re.Sub
	}
	if len(parts) > 1 && parts[0].Op == syntax.OpBeginText {
		search.start, parts = true, parts[1:]
	}
	if n := len(parts); n > 1 && parts[n-1].Op == syntax.OpEndText {
		search.end, parts = true, parts[:n-1]
	}
	if len(parts) != 1 || parts[0].Op != syntax.OpLiteral {
		return literalSearch{}
	}
	literal := string(parts[0].Rune)
	if parts[0].Flags&syntax.FoldCase != 0 {
		if !isASCII(literal) {
			return literalSearch{}
		}
		search.fold = true
		literal = strings.ToLower(literal)
	}
	search.literal = literal
	return search
}

// in reports whether s matches; ok is false where it cannot tell: K and S have
// a third case outside ASCII, so text beyond ASCII is left to the program.
func (l literalSearch) in(s string) (found, ok bool) {
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
	if strings.ContainsAny(l.literal, "ks") && !isASCII(s) {
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
	return containsLower(s, l.literal), true
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

// containsLower searches by the literal's rarest letter, of which there are two
// cases to look for.
func containsLower(s, literal string) bool {
	at := rarest(literal)
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
