package expr

import (
	"regexp"
	"strings"
	"unicode/utf8"
)

// regex is REGEX (§17.4.3.14), fn:matches of F&O §7.6.2.
func regex(env *Env, args []Value) Value {
	s, _, ok := args[0].text()
	if !ok {
		return Value{}
	}
	p := env.pattern(args[1:])
	if p == nil || !p.affordable(env, s) {
		return Value{}
	}
	return Boolean(p.match(s))
}

// replace is REPLACE (§17.4.3.15), fn:replace of F&O §7.6.3.
func replace(env *Env, args []Value) Value {
	s, lang, ok := args[0].text()
	template, okTemplate := args[2].simple()
	if !ok || !okTemplate {
		return Value{}
	}
	patternArgs := []Value{args[1]}
	if len(args) == 4 {
		patternArgs = append(patternArgs, args[3])
	}
	p := env.pattern(patternArgs)
	if p == nil || p.matchesEmpty || !p.affordable(env, s) {
		return Value{}
	}
	replacement, ok := parseReplacement(template, p.first.NumSubexp(), p.quoted)
	if !ok {
		return Value{}
	}
	result, ok := p.replaceAll(env, s, replacement)
	if !ok {
		return Value{}
	}
	return tagged(result, lang)
}

// patternKey names a compiled pattern in an Env's cache.
type patternKey struct{ text, flags string }

// pattern is a compiled regular expression.
type pattern struct {
	first        *regexp.Regexp
	next         *regexp.Regexp // finds matches after the first where these look behind; see replaceAll
	search       literals       // spares first where they decide
	size         int            // instructions
	quoted       bool           // flag q: the replacement is literal too
	matchesEmpty bool           // fn:replace refuses it (FORX0003)
}

// pattern returns the compiled pattern of the arguments (pattern, flags…), nil
// for a type error.
func (e *Env) pattern(args []Value) *pattern {
	text, ok := args[0].simple()
	if !ok {
		return nil
	}
	flags := ""
	if len(args) > 1 {
		if flags, ok = args[1].simple(); !ok {
			return nil
		}
	}
	key := patternKey{text, flags}
	p, known := e.patterns[key]
	if known {
		return p
	}
	if len(text) > MaxPattern {
		e.exceed("pattern", MaxPattern)
		return nil
	}
	if e.canceled() { // patterns from the data are compiled row by row
		return nil
	}
	p, err := compilePattern(text, flags)
	if err != nil {
		p = nil // remembered as such
	}
	if p != nil && p.size > maxProgram {
		e.exceed("pattern", maxProgram)
		return nil
	}
	e.remember(key, p)
	return p
}

// remember keeps p; a cache that is full is emptied, as a query with so many
// patterns takes them from the data.
func (e *Env) remember(key patternKey, p *pattern) {
	size := 10
	if p != nil {
		size += p.size
	}
	if e.patterns == nil || e.cached+size > maxCachedProgram {
		e.patterns, e.cached = map[patternKey]*pattern{}, 0
	}
	e.patterns[key] = p
	e.cached += size
}

// affordable reports whether one match of p on s stays within maxMatchWork. A
// match that takes long is not begun where the query is cancelled.
func (p *pattern) affordable(env *Env, s string) bool {
	work := p.size * len(s)
	if work > maxMatchWork {
		env.exceed("pattern", maxMatchWork)
		return false
	}
	return work < quickMatchWork || !env.canceled()
}

func (p *pattern) match(s string) bool {
	if found, ok := p.search.match(s); ok {
		return found
	}
	return p.first.MatchString(s)
}

// segment of a replacement: a literal, or the text of a group.
type segment struct {
	literal string
	group   int // -1 for a literal
}

// parseReplacement reads a replacement string (F&O §7.6.3): $N is a group, \$
// and \\ are escapes. As many digits as name a group of the pattern are read.
func parseReplacement(s string, groups int, quoted bool) ([]segment, bool) {
	if quoted || !strings.ContainsAny(s, `$\`) {
		return []segment{{literal: s, group: -1}}, true
	}
	var segments []segment
	var literal strings.Builder
	for i := 0; i < len(s); i++ {
		switch s[i] {
		case '\\':
			i++
			if i == len(s) || s[i] != '\\' && s[i] != '$' {
				return nil, false // FORX0004
			}
			literal.WriteByte(s[i])
		case '$':
			if i+1 == len(s) || s[i+1] < '0' || s[i+1] > '9' {
				return nil, false // FORX0004
			}
			i++
			group := int(s[i] - '0')
			for i+1 < len(s) && s[i+1] >= '0' && s[i+1] <= '9' && group*10+int(s[i+1]-'0') <= groups {
				i++
				group = group*10 + int(s[i]-'0')
			}
			segments = append(segments, segment{literal: literal.String(), group: -1})
			literal.Reset()
			if group <= groups { // a group that is not there is empty
				segments = append(segments, segment{group: group})
			}
		default:
			literal.WriteByte(s[i])
		}
	}
	return append(segments, segment{literal: literal.String(), group: -1}), true
}

// replaceAll replaces the matches one by one, so that the result stays within
// its limit and a cancelled query stops. After the first match it goes on with
// what is left of s: a pattern that looks behind (^, \b) is then matched by
// p.next, which sees the last character before as well.
func (p *pattern) replaceAll(env *Env, s string, replacement []segment) (string, bool) {
	var out strings.Builder
	rest := s
	groups := p.first.FindStringSubmatchIndex(rest)
	for n := 0; groups != nil; n++ {
		if (n%64 == 0 || len(rest) > 4096) && env.canceled() {
			return "", false
		}
		start, end := groups[0], groups[1]
		out.WriteString(rest[:start])
		for _, part := range replacement {
			text := part.literal
			if part.group >= 0 && groups[2*part.group] >= 0 {
				text = rest[groups[2*part.group]:groups[2*part.group+1]]
			}
			if !env.fits(out.Len() + len(text)) {
				return "", false
			}
			out.WriteString(text)
		}
		if start == end { // \b and the like
			_, size := utf8.DecodeRuneInString(rest[end:])
			out.WriteString(rest[end : end+size])
			end += size
		}
		if groups = p.findNext(rest, end); groups == nil || end == len(rest) {
			rest = rest[end:]
			break
		}
		rest = rest[end:]
	}
	if !env.fits(out.Len() + len(rest)) {
		return "", false
	}
	out.WriteString(rest)
	return out.String(), true
}

// findNext returns the groups of the first match in s[from:], relative to from.
func (p *pattern) findNext(s string, from int) []int {
	if p.next == nil {
		return p.first.FindStringSubmatchIndex(s[from:])
	}
	_, size := utf8.DecodeLastRuneInString(s[:from])
	groups := p.next.FindStringSubmatchIndex(s[from-size:])
	if groups == nil {
		return nil
	}
	groups = groups[2:] // the pattern is the first group of next
	for i, at := range groups {
		if at >= 0 {
			groups[i] = at - size
		}
	}
	return groups
}
