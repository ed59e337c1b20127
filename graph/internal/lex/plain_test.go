package lex_test

import (
	"testing"
	"unicode"
	"unicode/utf8"

	"qlgraph/graph/internal/lex"
)

// The productions as Turtle §6.5 has them.
var (
	pnCharsBase = &unicode.RangeTable{
		R16: []unicode.Range16{
			{'A', 'Z', 1}, {'a', 'z', 1}, {0xC0, 0xD6, 1}, {0xD8, 0xF6, 1}, {0xF8, 0x2FF, 1}, {0x370, 0x37D, 1},
			{0x37F, 0x1FFF, 1}, {0x200C, 0x200D, 1}, {0x2070, 0x218F, 1}, {0x2C00, 0x2FEF, 1}, {0x3001, 0xD7FF, 1},
			{0xF900, 0xFDCF, 1}, {0xFDF0, 0xFFFD, 1},
		},
		R32: []unicode.Range32{{0x10000, 0xEFFFF, 1}},
	}
	// pnCharsMore is what PN_CHARS has beyond PN_CHARS_BASE.
	pnCharsMore = &unicode.RangeTable{
		R16: []unicode.Range16{{'-', '-', 1}, {'0', '9', 1}, {'_', '_', 1}, {0xB7, 0xB7, 1}, {0x300, 0x36F, 1}, {0x203F, 0x2040, 1}},
	}
)

func TestCharacterClasses(t *testing.T) {
	for r := rune(0); r <= unicode.MaxRune; r++ {
		if !utf8.ValidRune(r) {
			continue
		}
		base := unicode.Is(pnCharsBase, r)
		chars := base || unicode.Is(pnCharsMore, r)
		localStart := base || r == '_' || r == ':' || '0' <= r && r <= '9'
		s := string(r)
		if got := lex.IsPrefix(s); got != base {
			t.Errorf("IsPrefix(%q) = %t", s, got)
		}
		if got := lex.IsPrefix("a" + s); got != chars {
			t.Errorf("IsPrefix(%q) = %t", "a"+s, got)
		}
		if got := lex.IsLocal(s); got != localStart {
			t.Errorf("IsLocal(%q) = %t", s, got)
		}
		if got := lex.IsLocal("a" + s); got != (chars || r == ':') {
			t.Errorf("IsLocal(%q) = %t", "a"+s, got)
		}
	}
}

func TestNamesOfSeveralCharacters(t *testing.T) {
	tests := []struct {
		name          string
		prefix, local bool
	}{
		{"", true, true},
		{"a.b", true, true},
		{"a.", false, false},
		{"a..b", true, true},
		{".a", false, false},
		{"a:b", false, true},
		{"0611", false, true},
		{"a/b", false, false},
		{"a%41", false, false},
		{"a\\,", false, false},
		{"\xff", false, false},
		{"a\xff", false, false},
	}
	for _, tt := range tests {
		if got := lex.IsPrefix(tt.name); got != tt.prefix {
			t.Errorf("IsPrefix(%q) = %t", tt.name, got)
		}
		if got := lex.IsLocal(tt.name); got != tt.local {
			t.Errorf("IsLocal(%q) = %t", tt.name, got)
		}
	}
}
