package querygen

import "strings"

// search returns a full-text search, without a limit: which of two equally good
// matches it keeps is nobody's to say.
func (g *generator) search() string {
	vars := []string{"?a", "?b", "?c", "?d", "?e"}
	g.r.Shuffle(len(vars), func(i, k int) { vars[i], vars[k] = vars[k], vars[i] })
	subject := strings.Join(vars[:1+g.r.IntN(5)], " ")
	if g.r.IntN(6) == 0 {
		subject = g.subject() + " " + g.variable() + " " + g.variable()
	}
	text := `"` + g.wanted() + `"`
	var object string
	switch g.r.IntN(4) {
	case 0:
		object = ":p " + text
	case 1:
		object = ":p :q :r " + text + pick(g.r, "@en", "@de", "")
	case 2:
		object = ":p :q " + text + pick(g.r, ` "lang:en"`, ` "lang:none"`, ` "lang:de-AT"`, "")
	default:
		object = ":p :q :r :p " + text
	}
	return "(" + subject + ") <http://jena.apache.org/text#query> (" + object + ") ."
}

// wanted returns what is looked for in the texts of a random dataset.
func (g *generator) wanted() string {
	switch g.r.IntN(6) {
	case 0:
		return g.wanted() + " OR " + g.word()
	case 1:
		return g.word() + " -" + g.word()
	case 2:
		return g.word() + " " + g.word()
	case 3:
		return pick(g.r, "a", "app", "b", "r") + "*"
	case 4:
		return `\"` + g.word() + " " + g.word() + `\"`
	}
	return g.word()
}

func (g *generator) word() string {
	return pick(g.r, "apple", "apples", "Äpfel", "red", "the", "baum", "bäume")
}
