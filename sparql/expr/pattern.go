package expr

import (
	"errors"
	"fmt"
	"regexp"
	"regexp/syntax"
	"strings"
	"unicode/utf8"

	"qlgraph/graph/xsd"
)

// XPath regular expressions (F&O §7.6.1, XSD 1.1 Part 2 Appendix G) are
// translated to those of package regexp, which match in linear time. The
// traps: \d, \s and \w mean other sets; \i, \c and \p{IsBlock} are unknown
// there; class subtraction [a-z-[aeiou]] compiles with another meaning; flags q
// and x. Not possible are back-references, and repetitions of more than 1,000.
//
// Beyond F&O are accepted, because queries in the wild use them: (?:…), flag
// groups (?i) and the word boundaries \b and \B.

// errPattern is the error of a malformed pattern.
var errPattern = errors.New("malformed regular expression")

// compilePattern translates and compiles.
func compilePattern(text, flags string) (*pattern, error) {
	prefix, quoted, spaced, err := parseFlags(flags)
	if err != nil {
		return nil, err
	}
	var translated string
	if quoted {
		translated = regexp.QuoteMeta(text)
	} else {
		t := translator{in: text, spaced: spaced, fold: strings.Contains(flags, "i")}
		if translated, err = t.translate(); err != nil {
			return nil, err
		}
	}
	translated = prefix + translated
	tree, err := syntax.Parse(translated, syntax.Perl)
	if err != nil {
		return nil, err
	}
	p := &pattern{size: programSize(tree), quoted: quoted}
	if p.size > maxProgram {
		return p, nil // refused by the caller
	}
	if p.first, err = regexp.Compile(translated); err != nil {
		return nil, err
	}
	p.matchesEmpty = p.first.MatchString("")
	p.search = literalsOf(tree)
	if looksBehind(tree) {
		p.next, err = regexp.Compile(`\A(?s:.)(?s:.*?)(` + translated + `)`)
	}
	return p, err
}

// parseFlags reads the flags of F&O §7.6.1.1 into a prefix for package regexp.
func parseFlags(flags string) (prefix string, quoted, spaced bool, err error) {
	var native strings.Builder
	for _, f := range flags {
		switch f {
		case 's', 'm', 'i':
			native.WriteRune(f)
		case 'x':
			spaced = true
		case 'q':
			quoted = true
		default:
			return "", false, false, fmt.Errorf("unknown flag %q", f)
		}
	}
	if native.Len() > 0 {
		prefix = "(?" + native.String() + ")"
	}
	return prefix, quoted, spaced, nil
}

// programSize estimates the instructions of a compiled expression: repetition
// copies what it repeats. It stops counting beyond maxProgram.
func programSize(re *syntax.Regexp) int {
	size := 2
	if re.Op == syntax.OpLiteral {
		size = len(re.Rune)
	}
	for _, sub := range re.Sub {
		size += programSize(sub)
	}
	if re.Op == syntax.OpRepeat {
		size *= max(re.Min, re.Max, 1)
	}
	return min(size, maxProgram+1)
}

// looksBehind reports whether a match depends on what comes before it.
func looksBehind(re *syntax.Regexp) bool {
	switch re.Op {
	case syntax.OpBeginText, syntax.OpBeginLine, syntax.OpWordBoundary, syntax.OpNoWordBoundary:
		return true
	}
	for _, sub := range re.Sub {
		if looksBehind(sub) {
			return true
		}
	}
	return false
}

// translator rewrites one pattern. Inside, malformed input panics with an
// error, which translate returns.
type translator struct {
	in     string
	pos    int
	out    strings.Builder
	spaced bool // flag x
	fold   bool // flag i
	depth  int
}

type patternFailure struct{ error }

func (t *translator) translate() (out string, err error) {
	defer func() {
		if r := recover(); r != nil {
			failure, ok := r.(patternFailure)
			if !ok {
				panic(r)
			}
			err = failure.error
		}
	}()
	for t.pos < len(t.in) {
		t.next()
	}
	return t.out.String(), nil
}

func (t *translator) fail(format string, args ...any) {
	panic(patternFailure{fmt.Errorf("%w: "+format, append([]any{errPattern}, args...)...)})
}

// next translates one atom, quantifier or anchor.
func (t *translator) next() {
	switch c := t.in[t.pos]; {
	case c == '\\':
		t.out.WriteString(t.escape(false))
	case c == '[':
		t.out.WriteString(t.class())
	case c == ']' || c == '}':
		t.fail("%q is not escaped", c)
	case c == '{':
		t.quantity()
	case t.spaced && isPatternSpace(c):
		t.pos++
	default:
		t.pos++
		t.out.WriteByte(c)
	}
}

func isPatternSpace(c byte) bool { return c == ' ' || c == '\t' || c == '\n' || c == '\r' }

// quantity copies {n}, {n,} or {n,m}; what is malformed there would be taken
// literally by package regexp.
func (t *translator) quantity() {
	end := strings.IndexByte(t.in[t.pos:], '}')
	if end < 0 {
		t.fail("'{' without '}'")
	}
	quantity := t.in[t.pos : t.pos+end+1]
	t.pos += end + 1
	if t.spaced {
		quantity = strings.NewReplacer(" ", "", "\t", "", "\n", "", "\r", "").Replace(quantity)
	}
	low, high, _ := strings.Cut(quantity[1:len(quantity)-1], ",")
	if low == "" || strings.Trim(low+high, "0123456789") != "" {
		t.fail("malformed quantifier %s", quantity)
	}
	t.out.WriteString(quantity)
}

// The multi-character escapes (XSD 1.1 §G.4.2.5) as the inside of a class.
var (
	nameStartClass = rangesClass(xsd.NameStartRanges[:])
	nameCharClass  = nameStartClass + `\-.0-9\x{B7}\x{300}-\x{36F}\x{203F}-\x{2040}`
)

const (
	spaceClass   = `\t\n\r `
	notWordClass = `\p{P}\p{Z}\p{C}`
)

func rangesClass(ranges [][2]rune) string {
	var b strings.Builder
	for _, r := range ranges {
		fmt.Fprintf(&b, `\x{%X}-\x{%X}`, r[0], r[1])
	}
	return b.String()
}

// escape translates a backslash and what belongs to it. Within a class it
// returns what can stand inside of one; a complement there is a class of its
// own, which classParts unites.
func (t *translator) escape(inClass bool) string {
	t.pos++
	if t.pos == len(t.in) {
		t.fail("it ends with a backslash")
	}
	c := t.in[t.pos]
	t.pos++
	switch c {
	case 'n', 'r', 't', '\\', '|', '.', '?', '*', '+', '(', ')', '{', '}', '-', '[', ']', '^', '$':
		return `\` + string(rune(c))
	case 'd':
		return `\p{Nd}`
	case 'D':
		return `\P{Nd}`
	case 's':
		return bracketed(spaceClass, false, inClass)
	case 'S':
		return bracketed(spaceClass, true, inClass)
	case 'w':
		return bracketed(notWordClass, true, inClass)
	case 'W':
		return bracketed(notWordClass, false, inClass)
	case 'i':
		return bracketed(nameStartClass, false, inClass)
	case 'I':
		return bracketed(nameStartClass, true, inClass)
	case 'c':
		return bracketed(nameCharClass, false, inClass)
	case 'C':
		return bracketed(nameCharClass, true, inClass)
	case 'p', 'P':
		return t.property(c == 'P', inClass)
	case 'b', 'B':
		if !inClass {
			return `\` + string(rune(c))
		}
	}
	if c >= '1' && c <= '9' {
		t.fail("back-references are not supported")
	}
	t.fail(`unknown escape \%c`, c)
	return ""
}

// bracketed returns a set of characters: as a class where it stands alone, and
// inside a class as its inside; negated sets there are marked for complement.
func bracketed(inside string, negated, inClass bool) string {
	switch {
	case !inClass && negated:
		return "[^" + inside + "]"
	case !inClass:
		return "[" + inside + "]"
	case negated:
		return complementOf(inside)
	}
	return inside
}

// complementOf writes the complement of a set as ranges.
func complementOf(inside string) string {
	return formatRanges(classRunes("[^" + inside + "]"))
}

// property translates \p{…} and \P{…}: a general category, or a block.
func (t *translator) property(negated, inClass bool) string {
	rest := t.in[t.pos:]
	end := strings.IndexByte(rest, '}')
	if end < 0 || rest[0] != '{' {
		t.fail(`\p without {name}`)
	}
	name := rest[1:end]
	t.pos += end + 1
	if block, ok := strings.CutPrefix(name, "Is"); ok {
		span, ok := blocks[block]
		if !ok {
			t.fail("unknown block %q", block)
		}
		return bracketed(rangesClass([][2]rune{span}), negated, inClass)
	}
	if len(name) == 0 || len(name) > 2 || !strings.Contains(categories, " "+name+" ") {
		t.fail("unknown category %q", name)
	}
	if negated {
		return `\P{` + name + `}`
	}
	return `\p{` + name + `}`
}

// categories are the general categories of Unicode that XSD knows.
const categories = " L Lu Ll Lt Lm Lo M Mn Mc Me N Nd Nl No P Pc Pd Ps Pe Pi Pf Po Z Zs Zl Zp S Sm Sc Sk So C Cc Cf Co Cn "

// class translates a character class expression (XSD 1.1 §G.4.1); a
// subtraction is carried out on the ranges.
func (t *translator) class() string {
	inside, subtracted := t.classParts()
	if subtracted == nil {
		return inside
	}
	base := t.classRunes(inside)
	return "[" + formatRanges(subtractRanges(base, subtracted)) + "]"
}

// maxClassDepth bounds nested subtraction.
const maxClassDepth = 20

// classParts reads one bracket expression: the class without its subtraction,
// and the ranges to subtract, nil where there is none.
func (t *translator) classParts() (class string, subtracted []rune) {
	if t.depth++; t.depth > maxClassDepth {
		t.fail("class subtraction nests too deeply")
	}
	defer func() { t.depth-- }()
	t.pos++
	var b strings.Builder
	b.WriteByte('[')
	if t.at('^') {
		b.WriteByte('^')
		t.pos++
	}
	for start := b.Len(); ; {
		switch {
		case t.pos >= len(t.in):
			t.fail("'[' without ']'")
		case t.at(']'):
			if b.Len() == start {
				t.fail("an empty class")
			}
			t.pos++
			b.WriteByte(']')
			return b.String(), subtracted
		case t.at('[') || t.at('-') && strings.HasPrefix(t.in[t.pos:], "-[") && b.Len() == start:
			t.fail("'[' is not escaped")
		case strings.HasPrefix(t.in[t.pos:], "-["):
			t.pos++
			subtracted = t.classRunes(t.class())
			if subtracted == nil {
				subtracted = []rune{}
			}
			if !t.at(']') {
				t.fail("a subtraction ends its class")
			}
		case t.at('\\'):
			b.WriteString(t.escape(true))
		case t.at('-'):
			t.hyphen(&b, start)
		default:
			_, size := utf8.DecodeRuneInString(t.in[t.pos:])
			b.WriteString(t.in[t.pos : t.pos+size])
			t.pos += size
		}
	}
}

// hyphen copies a hyphen, which is a character at the edges of a class.
func (t *translator) hyphen(b *strings.Builder, start int) {
	t.pos++
	if b.Len() == start || t.at(']') {
		b.WriteString(`\-`)
		return
	}
	b.WriteByte('-')
}

func (t *translator) at(c byte) bool { return t.pos < len(t.in) && t.in[t.pos] == c }

// classRunes returns the ranges of a class as pairs of runes, with both cases
// of each letter under flag i.
func (t *translator) classRunes(class string) []rune {
	if t.fold {
		class = "(?i)" + class
	}
	runes := classRunes(class)
	if runes == nil {
		if _, err := syntax.Parse(class, syntax.Perl); err != nil {
			t.fail("%v", err)
		}
	}
	return runes
}

// classRunes returns the ranges of a class in the syntax of package regexp; nil
// where it is malformed or matches nothing.
func classRunes(class string) []rune {
	re, err := syntax.Parse(class, syntax.Perl)
	if err != nil {
		return nil
	}
	switch re.Op {
	case syntax.OpCharClass:
		return re.Rune
	case syntax.OpLiteral:
		r := re.Rune[0]
		if re.Flags&syntax.FoldCase != 0 {
			return foldRanges(r)
		}
		return []rune{r, r}
	case syntax.OpAnyChar:
		return []rune{0, utf8.MaxRune}
	case syntax.OpAnyCharNotNL:
		return []rune{0, '\n' - 1, '\n' + 1, utf8.MaxRune}
	}
	return nil
}

// subtractRanges returns the runes of a that are not in b; both are sorted
// pairs.
func subtractRanges(a, b []rune) []rune {
	var out []rune
	for i := 0; i < len(a); i += 2 {
		low, high := a[i], a[i+1]
		for j := 0; j < len(b) && low <= high; j += 2 {
			if b[j+1] < low || b[j] > high {
				continue
			}
			if b[j] > low {
				out = append(out, low, b[j]-1)
			}
			low = b[j+1] + 1
		}
		if low <= high {
			out = append(out, low, high)
		}
	}
	return out
}

// formatRanges writes ranges as the inside of a class, one that matches
// nothing where there are none.
func formatRanges(ranges []rune) string {
	if len(ranges) == 0 {
		return `^\x00-\x{10FFFF}`
	}
	var b strings.Builder
	for i := 0; i < len(ranges); i += 2 {
		fmt.Fprintf(&b, `\x{%X}-\x{%X}`, ranges[i], ranges[i+1])
	}
	return b.String()
}
