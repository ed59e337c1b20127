package expr_test

import (
	"math/rand/v2"
	"regexp"
	"strings"
	"testing"
	"time"

	"qlgraph/sparql/expr"
)

func matches(t testing.TB, env *expr.Env, text, pattern, flags string) (truth, ok bool) {
	t.Helper()
	f, _ := expr.Builtin("REGEX")
	return f.Call(env, []expr.Value{expr.String(text), expr.String(pattern), expr.String(flags)}).Bool()
}

func TestRegex(t *testing.T) {
	env := newEnv()
	for _, c := range []struct{ text, pattern, flags, want string }{
		{"abracadabra", "bra", "", "true"}, {"abracadabra", "^a.*a$", "", "true"}, {"abracadabra", "^bra", "", "false"},
		{"Alice", "^ali", "i", "true"}, {"Alice", "ALICE", "i", "true"}, {"Alice", "^alice$", "i", "true"}, {"Alice", "lice$", "i", "true"},
		{"a\nb", "a.b", "", "false"}, {"a\nb", "a.b", "s", "true"}, {"a\nb", "^b", "", "false"}, {"a\nb", "^b", "m", "true"},
		{"a\nb", "a$", "", "false"}, {"a\nb", "a$", "m", "true"}, {"a\n", "a$", "", "false"},
		{"helloworld", "hello world", "x", "true"}, {"hello world", "hello[ ]world", "x", "true"}, {"aaa", "a{ 3 }", "x", "true"},
		{"a.b", "a.b", "q", "true"}, {"axb", "a.b", "q", "false"}, {"A.B", "a.b", "qi", "true"}, {"a[", "[", "q", "true"},
		{"b", "[a-z-[aeiou]]", "", "true"}, {"e", "[a-z-[aeiou]]", "", "false"}, {"E", "[a-z-[aeiou]]", "i", "false"},
		{"B", "[a-z-[aeiou]]", "i", "true"}, {"c", "[a-z-[b-y-[c]]]", "", "true"}, {"d", "[a-z-[b-y-[c]]]", "", "false"},
		{"1", "[^a-z-[0-9]]", "", "false"}, {"!", "[^a-z-[0-9]]", "", "true"}, {"a", "[a-[a]]", "", "false"},
		{"é:x-1", `^\i\c*$`, "", "true"}, {"1x", `^\i`, "", "false"}, {"-", `^\I$`, "", "true"}, {" ", `^\C$`, "", "true"}, {"a-", `^[\i-]+$`, "", "true"},
		{"٣", `^\d$`, "", "true"}, {"a", `^\D$`, "", "true"}, {"\f", `\s`, "", "false"}, {"\u00a0", `\S`, "", "true"},
		{"ÿ_", `^\w`, "", "true"}, {"_", `^\w$`, "", "false"}, {"+", `^\w$`, "", "true"}, {"_", `^[\W]$`, "", "true"}, {"x", `^[\S]$`, "", "true"},
		{"λ", `\p{IsGreek}`, "", "true"}, {"l", `\P{IsGreek}`, "", "true"}, {"λ", `[\P{IsGreek}]`, "", "false"}, {"Ж", `^[\p{IsCyrillic}a]$`, "", "true"},
		{"A", `^\p{Lu}$`, "", "true"}, {"a", `^\P{Lu}$`, "", "true"}, {"\U000E0080", `^\p{Cn}$`, "", "true"},
		{"a-b", "^[a-]+b$", "", "true"}, {"-", "^[-a]$", "", "true"}, {"^", "^[a^]$", "", "true"}, {"]", `^[\]]$`, "", "true"}, {"-", `^[\-]$`, "", "true"},
		{"ab", "^(?:a)(b)$", "", "true"}, {"foo bar", `\bbar\b`, "", "true"}, {"FOO", "(?i)foo", "", "true"},
		{"aaa", "^a{2,}$", "", "true"}, {"aaa", "^a{2}$", "", "false"}, {"aab", "a+?b", "", "true"},
		{"\u212A", "k", "i", "true"}, {"STRASSE", "straße", "i", "false"}, {"ſ", "S", "i", "true"},
		{"", "", "", "true"}, {"a", "", "", "true"},
		// malformed, unknown or impossible
		{"aa", `(a)\1`, "", "!"}, {"a", "a", "g", "!"}, {"a", "[", "", "!"}, {"a", "[]", "", "!"}, {"a", "[a", "", "!"}, {"a", "a]", "", "!"},
		{"a", "a{", "", "!"}, {"a", "a{,2}", "", "!"}, {"a", "a{x}", "", "!"}, {"a", "a}", "", "!"}, {"a", "(", "", "!"}, {"a", "a**", "", "!"},
		{"a", `\`, "", "!"}, {"a", `\e`, "", "!"}, {"a", `\p{IsKlingon}`, "", "!"}, {"a", `\p{Xx}`, "", "!"}, {"a", `\pL`, "", "!"},
		{"a", "a{1001}", "", "!"}, {"a", "[[:alpha:]]", "", "!"}, {"a", "[z-a]", "", "!"}, {"a", "[a-z-[b]c]", "", "!"},
	} {
		truth, ok := matches(t, env, c.text, c.pattern, c.flags)
		got := "!"
		if ok {
			got = map[bool]string{true: "true", false: "false"}[truth]
		}
		if got != c.want {
			t.Errorf("REGEX(%q, %q, %q) is %s, want %s", c.text, c.pattern, c.flags, got, c.want)
		}
	}
	check(t, "pattern with a tag", call(t, env, "REGEX", `"a"`, `"a"@en`), "!")
	check(t, "text with a tag", call(t, env, "REGEX", `"a"@en`, `"a"`), "true")
	check(t, "text is an IRI", call(t, env, "REGEX", "<a:b>", `"a"`), "!")
	check(t, "text is a number", call(t, env, "REGEX", "1", `"1"`), "!")
}

// TestRegexLiterals compares patterns that are decided, or ruled out, by literals
// with matching their whole program.
func TestRegexLiterals(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	var pattern func(depth int) string
	pattern = func(depth int) string {
		letters := []string{"a", "b", "k", "s", "ab", "ks", "aks"}
		if depth == 0 {
			return letters[r.IntN(len(letters))]
		}
		one, two := pattern(depth-1), pattern(depth-1)
		switch r.IntN(8) {
		case 0:
			return "(" + one + "|" + two + ")"
		case 1:
			return "(" + one + ")" + []string{"+", "*", "?", "{2}", "{0,1}"}[r.IntN(5)]
		case 2:
			return one + "[ab]" + two
		case 3:
			return "^" + one
		case 4:
			return one + "$"
		case 5:
			return one + "|" + two
		}
		return one + two
	}
	texts := []rune("abksABKSſKé")
	for range 3000 {
		env, p := newEnv(), pattern(r.IntN(5))
		for _, flags := range []string{"", "i"} {
			program := regexp.MustCompile("(?" + flags + ":" + p + ")")
			for range 12 {
				text := make([]rune, r.IntN(9))
				for i := range text {
					text[i] = texts[r.IntN(len(texts))]
				}
				if got, ok := matches(t, env, string(text), p, flags); !ok || got != program.MatchString(string(text)) {
					t.Fatalf("REGEX(%q, %q, %q) is %v, %v", string(text), p, flags, got, ok)
				}
			}
		}
	}
}

func TestReplace(t *testing.T) {
	runCalls(t, []callCase{
		{"REPLACE", args(`"abracadabra"`, `"bra"`, `"*"`), `"a*cada*"`}, {"REPLACE", args(`"abracadabra"`, `"a.*a"`, `"*"`), `"*"`},
		{"REPLACE", args(`"abracadabra"`, `"a.*?a"`, `"*"`), `"*c*bra"`}, {"REPLACE", args(`"abracadabra"@en`, `"a"`, `""`), `"brcdbr"@en`},
		{"REPLACE", args(`"abracadabra"`, `"a(.)"`, `"a$1$1"`), `"abbraccaddabbra"`}, {"REPLACE", args(`"abracadabra"`, `".*?"`, `"$1"`), "!"},
		{"REPLACE", args(`"AAAA"`, `"A+"`, `"b"`), `"b"`}, {"REPLACE", args(`"AAAA"`, `"A+?"`, `"b"`), `"bbbb"`},
		{"REPLACE", args(`"darted"`, `"^(.*?)d(.*)$"`, `"$1c$2"`), `"carted"`}, {"REPLACE", args(`"abcd"`, `"B"`, `"x"`, `"i"`), `"axcd"`},
		{"REPLACE", args(`"ab"`, `"a"`, `"\$\\"`), `"$\b"`}, {"REPLACE", args(`"ab"`, `"a"`, `"$"`), "!"}, {"REPLACE", args(`"ab"`, `"a"`, `"\n"`), "!"},
		{"REPLACE", args(`"ab"`, `"(a)"`, `"$12"`), `"a2b"`}, {"REPLACE", args(`"ab"`, `"a"`, `"[$1]"`), `"[]b"`}, {"REPLACE", args(`"a.a"`, `"."`, `"$1"`, `"q"`), `"a$1a"`},
		{"REPLACE", args(`"aaa"`, `"^a"`, `"b"`), `"baa"`}, {"REPLACE", args("\"a\na\"", `"^a"`, `"b"`, `"m"`), "\"b\nb\""},
		{"REPLACE", args(`"foo bar"`, `"\b"`, `"|"`), `"|foo| |bar|"`}, {"REPLACE", args(`"aab ab"`, `"\ba(b?)"`, `"<$1>"`), `"<>ab <b>"`},
		{"REPLACE", args(`"abc"`, `"x"`, `"y"`), `"abc"`}, {"REPLACE", args(`"é-é"`, `"\Bé|^é"`, `"e"`), `"e-e"`},
		{"REPLACE", args("1", `"1"`, `"2"`), "!"}, {"REPLACE", args(`"a"`, `"a"`, "1"), "!"},
	})
}

// A match never takes long, whatever pattern and text: the product of both is
// bounded, and the bound is reported.
func TestHostilePatterns(t *testing.T) {
	long := strings.Repeat("a", 1<<20)
	for _, pattern := range []string{
		`(a+)+$`, `(a|aa)+$`, `(a{1000}){1000}`, `(((a{30}){30}){30}){30}`, `(.*)(.*)(.*)(.*)(.*)(.*)(.*)(.*)b`,
		strings.Repeat("(a?)", 250), strings.Repeat("[a-z-[b]]", 100), strings.Repeat("a", expr.MaxPattern+1),
		strings.Repeat("(", 500) + strings.Repeat(")", 500), `\p{L}{1000}\p{L}{1000}\p{L}{1000}`,
	} {
		env := newEnv()
		start := time.Now()
		matches(t, env, long, pattern, "i")
		if took := time.Since(start); took > 10*time.Second {
			t.Errorf("%.30s took %v", pattern, took)
		}
	}
	env := newEnv()
	if _, ok := matches(t, env, "a", strings.Repeat("a", expr.MaxPattern+1), ""); ok {
		t.Error("a pattern beyond MaxPattern matches")
	}
	if limit, _ := env.Exceeded(); limit != "pattern" {
		t.Errorf("it reports the limit %q", limit)
	}
}

func TestReplaceStopsWhenCancelled(t *testing.T) {
	env := newEnv()
	asked := 0
	env.Canceled = func() bool { asked++; return asked > 3 }
	text := `"` + strings.Repeat("ab", 1<<15) + `"`
	if v := call(t, env, "REPLACE", text, `"a.*zzz|a"`, `"x"`); !v.IsError() {
		t.Error("REPLACE goes on after it was cancelled")
	}
	if asked != 4 {
		t.Errorf("it asked %d times", asked)
	}
}

func TestPatternCacheIsBounded(t *testing.T) {
	env := newEnv()
	for i := range 50_000 {
		matches(t, env, "x", "a"+strings.Repeat("b", i%500), "")
	}
	check(t, "after many patterns", call(t, env, "REGEX", `"abc"`, `"b"`), "true")
}

// FuzzRegex checks that no pattern panics, and that what the literal search
// decides is what the program decides.
func FuzzRegex(f *testing.F) {
	for _, s := range []string{"abc", "^a[b-d-[c]]+$", `\i\c*`, `(?i)K`, `\p{IsGreek}{2,3}`, "[^-a]", `a{2}?`} {
		f.Add("xabcdK", s, "i")
	}
	f.Fuzz(func(t *testing.T, text, pattern, flags string) {
		if len(text) > 1000 || len(pattern) > 100 {
			return
		}
		env := newEnv()
		truth, ok := matches(t, env, text, pattern, flags)
		if ok && regexp.QuoteMeta(pattern) == pattern && (flags == "" || flags == "i") {
			prefix := ""
			if flags == "i" {
				prefix = "(?i)"
			}
			if want := regexp.MustCompile(prefix + pattern).MatchString(text); truth != want {
				t.Fatalf("REGEX(%q, %q, %q) = %v, want %v", text, pattern, flags, truth, want)
			}
		}
		f, _ := expr.Builtin("REPLACE")
		v := f.Call(env, []expr.Value{expr.String(text), expr.String(pattern), expr.String("$0"), expr.String(flags)})
		if !v.IsError() && !strings.Contains(flags, "q") && v.Term().Value() != text {
			t.Fatalf("REPLACE(%q, %q, $0, %q) = %q", text, pattern, flags, v.Term().Value())
		}
	})
}

func BenchmarkRegexLiteralFold(b *testing.B) {
	env := newEnv()
	f, _ := expr.Builtin("REGEX")
	arguments := []expr.Value{expr.String("An Introduction to Theoretical Physics for Engineers"), expr.String("PHYSICS"), expr.String("i")}
	b.Run("search", func(b *testing.B) {
		for b.Loop() {
			f.Call(env, arguments)
		}
	})
	re := regexp.MustCompile("(?i)physics")
	b.Run("program", func(b *testing.B) {
		for b.Loop() {
			re.MatchString("An Introduction to Theoretical Physics for Engineers")
		}
	})
}
