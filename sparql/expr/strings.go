package expr

import (
	"math"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/cases"
	"golang.org/x/text/language"
)

// stringFunctions are those of §17.4.3.
func stringFunctions() map[string]Function {
	return map[string]Function{
		"STRLEN":         function1(strlen),
		"SUBSTR":         functionN(2, 3, substr),
		"UCASE":          functionN(1, 1, ucase),
		"LCASE":          functionN(1, 1, lcase),
		"STRSTARTS":      function2(textTest(strings.HasPrefix)),
		"STRENDS":        function2(textTest(strings.HasSuffix)),
		"CONTAINS":       function2(textTest(strings.Contains)),
		"STRBEFORE":      function2(strbefore),
		"STRAFTER":       function2(strafter),
		"ENCODE_FOR_URI": functionN(1, 1, encodeForURI),
		"CONCAT":         functionN(0, AnyNumber, concat),
		"LANGMATCHES":    function2(langMatches),
		"REGEX":          functionN(2, 3, regex),
		"REPLACE":        functionN(3, 4, replace),
	}
}

func strlen(v Value) Value {
	s, _, ok := v.text()
	if !ok {
		return Value{}
	}
	return Integer(utf8.RuneCountInString(s))
}

// substr is fn:substring (F&O §5.4.3): the characters at positions p with
// round(start) <= p < round(start) + round(length), counted from 1.
func substr(_ *Env, args []Value) Value {
	s, lang, ok := args[0].text()
	start, okStart := args[1].numeric()
	if !ok || !okStart {
		return Value{}
	}
	first, end := math.Floor(start.Float64()+0.5), math.Inf(1)
	if len(args) == 3 {
		length, ok := args[2].numeric()
		if !ok {
			return Value{}
		}
		end = first + math.Floor(length.Float64()+0.5)
	}
	if math.IsNaN(first) || math.IsNaN(end) || end <= first || end <= 1 {
		return tagged("", lang)
	}
	n := float64(len(s)) // not fewer than the characters
	from, to := int(math.Min(math.Max(first-1, 0), n)), int(math.Min(end-1, n))
	if to <= from {
		return tagged("", lang)
	}
	a := runeOffset(s, from)
	b := a + runeOffset(s[a:], to-from)
	return tagged(s[a:b], lang)
}

// runeOffset returns the byte at which the n-th character of s starts, len(s)
// where there are fewer.
func runeOffset(s string, n int) int {
	i := 0
	for ; n > 0 && i < len(s); n-- {
		if s[i] < utf8.RuneSelf {
			i++
			continue
		}
		_, size := utf8.DecodeRuneInString(s[i:])
		i += size
	}
	return i
}

// ucase and lcase use Unicode's full mappings, as F&O §5.4.7 and §5.4.8 want: ß
// becomes SS.
func ucase(env *Env, args []Value) Value {
	s, lang, ok := args[0].text()
	if !ok {
		return Value{}
	}
	if isASCII(s) {
		return tagged(strings.ToUpper(s), lang)
	}
	if !env.fits(len(s)) {
		return Value{}
	}
	if env.upper == nil {
		upper := cases.Upper(language.Und)
		env.upper = &upper
	}
	return tagged(env.upper.String(s), lang)
}

func lcase(env *Env, args []Value) Value {
	s, lang, ok := args[0].text()
	if !ok {
		return Value{}
	}
	if isASCII(s) {
		return tagged(strings.ToLower(s), lang)
	}
	if !env.fits(len(s)) {
		return Value{}
	}
	if env.lower == nil {
		lower := cases.Lower(language.Und)
		env.lower = &lower
	}
	return tagged(env.lower.String(s), lang)
}

// compatible returns two string literals that may be used together (§17.4.3.1.2
// Argument Compatibility Rules): the second is simple or has the first's tag.
func compatible(a, b Value) (s, t, lang string, ok bool) {
	s, lang, ok = a.text()
	if !ok {
		return "", "", "", false
	}
	t, lang2, ok := b.text()
	if !ok || lang2 != "" && !strings.EqualFold(lang, lang2) {
		return "", "", "", false
	}
	return s, t, lang, true
}

func textTest(test func(s, t string) bool) func(a, b Value) Value {
	return func(a, b Value) Value {
		s, t, _, ok := compatible(a, b)
		if !ok {
			return Value{}
		}
		return Boolean(test(s, t))
	}
}

func strbefore(a, b Value) Value {
	s, t, lang, ok := compatible(a, b)
	if !ok {
		return Value{}
	}
	i := strings.Index(s, t)
	if i < 0 {
		return String("")
	}
	return tagged(s[:i], lang)
}

func strafter(a, b Value) Value {
	s, t, lang, ok := compatible(a, b)
	if !ok {
		return Value{}
	}
	i := strings.Index(s, t)
	if i < 0 {
		return String("")
	}
	return tagged(s[i+len(t):], lang)
}

// encodeForURI escapes all but RFC 3986's unreserved characters (F&O §6.1).
func encodeForURI(env *Env, args []Value) Value {
	const hexDigits = "0123456789ABCDEF"
	s, _, ok := args[0].text()
	if !ok {
		return Value{}
	}
	escaped := 0
	for i := 0; i < len(s); i++ {
		if !unreserved(s[i]) {
			escaped++
		}
	}
	if !env.fits(len(s) + 2*escaped) {
		return Value{}
	}
	var b strings.Builder
	b.Grow(len(s) + 2*escaped)
	for i := 0; i < len(s); i++ {
		if c := s[i]; unreserved(c) {
			b.WriteByte(c)
		} else {
			b.WriteByte('%')
			b.WriteByte(hexDigits[c>>4])
			b.WriteByte(hexDigits[c&15])
		}
	}
	return String(b.String())
}

func unreserved(c byte) bool {
	return c|0x20 >= 'a' && c|0x20 <= 'z' || c >= '0' && c <= '9' || c == '-' || c == '_' || c == '.' || c == '~'
}

// concat keeps the language tag that all its arguments share.
func concat(env *Env, args []Value) Value {
	size, common := 0, ""
	for i, v := range args {
		s, lang, ok := v.text()
		if !ok {
			return Value{}
		}
		size += len(s)
		switch {
		case i == 0:
			common = lang
		case !strings.EqualFold(common, lang):
			common = ""
		}
	}
	if !env.fits(size) {
		return Value{}
	}
	var b strings.Builder
	b.Grow(size)
	for _, v := range args {
		b.WriteString(v.term.Value())
	}
	return tagged(b.String(), common)
}

// langMatches is basic filtering (RFC 4647 §3.3.1).
func langMatches(tag, languageRange Value) Value {
	t, ok := tag.simple()
	r, okRange := languageRange.simple()
	if !ok || !okRange {
		return Value{}
	}
	return Boolean(LangMatches(t, r))
}

// LangMatches reports whether a language tag matches a basic language range
// (RFC 4647 §3.3.1); "*" matches every tag but the empty one.
func LangMatches(tag, languageRange string) bool {
	if languageRange == "*" {
		return tag != ""
	}
	n := len(languageRange)
	return len(tag) >= n && strings.EqualFold(tag[:n], languageRange) && (len(tag) == n || tag[n] == '-')
}
