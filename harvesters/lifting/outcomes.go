package lifting

import (
	"strings"
	"unicode/utf8"

	"qlgraph/graph/rdf"
	"qlgraph/harvesters/lifting/term"
	"qlgraph/internal/jsontree"
)

// bullet returns what follows the mark of a list line: a dash, a dot of some
// kind, or a number or letter with a parenthesis or full stop.
func bullet(line string) (rest string, ok bool) {
	line = strings.TrimLeft(line, " ")
	mark, size := utf8.DecodeRuneInString(line)
	switch {
	case size == 0:
		return "", false
	case strings.ContainsRune("-–—•*▪◦●·", mark):
		rest = line[size:]
	default:
		if mark == '(' {
			line = line[1:]
		}
		n := 0
		for n < len(line) && n < 2 && '0' <= line[n] && line[n] <= '9' {
			n++
		}
		if n == 0 && line != "" && (line[0]|0x20) >= 'a' && (line[0]|0x20) <= 'z' {
			n = 1
		}
		if n == 0 || n >= len(line) || line[n] != '.' && line[n] != ')' {
			return "", false
		}
		rest = line[n+1:]
	}
	trimmed := strings.TrimLeft(rest, " ")
	return strings.TrimRight(trimmed, " "), len(trimmed) < len(rest) && trimmed != ""
}

// Outcomes writes learning outcomes: one per element, or several where an
// element is a text with a list in it. The split is made when every language
// has the same number of list lines, at least two; what surrounds the list
// becomes the summary.
func Outcomes(s *Subject, v jsontree.Value) {
	for _, texts := range s.groups(v) {
		items, around, ok := split(texts)
		if !ok {
			items = [][]Text{texts}
		}
		for _, item := range items {
			s.outcome(item)
		}
		s.Note(term.LearningOutcomeSummary, "", around...)
	}
}

// groups returns the texts of each outcome. Elements that are arrays are one
// outcome each; in a flat array a new outcome begins where a language recurs.
func (s *Subject) groups(v jsontree.Value) [][]Text {
	var groups [][]Text
	var flat []Text
	flush := func() {
		if len(flat) > 0 {
			groups = append(groups, flat)
			flat = nil
		}
	}
	Each(v, func(e jsontree.Value) {
		texts := s.AppendTexts(nil, e)
		if e.Kind() == jsontree.Array {
			flush()
			flat = texts
			flush()
			return
		}
		for _, t := range texts {
			if tagged(flat, t.Lang) {
				flush()
			}
			flat = append(flat, t)
		}
	})
	flush()
	return groups
}

// split cuts the lists in the texts of one outcome into outcomes.
func split(texts []Text) (items [][]Text, around []Text, ok bool) {
	for i, t := range texts {
		lines, rest := listLines(t.Value)
		if len(lines) < 2 || i > 0 && len(lines) != len(items) {
			return nil, nil, false
		}
		if i == 0 {
			items = make([][]Text, len(lines))
		}
		for k, line := range lines {
			items[k] = append(items[k], Text{strings.TrimRight(line, " ,;"), t.Lang, t.From})
		}
		if rest != "" {
			around = append(around, Text{rest, t.Lang, t.From})
		}
	}
	return items, around, len(items) > 1
}

// listLines returns the lines of the list in s, and what stands around it. A
// line without a bullet that follows one directly continues it, and so do the
// bullets of an inner list.
func listLines(s string) (items []string, around string) {
	if !strings.Contains(s, "\n") {
		return nil, s
	}
	var rest []string
	indent, open := -1, false
	for _, line := range strings.Split(s, "\n") {
		item, marked := bullet(line)
		depth := len(line) - len(strings.TrimLeft(line, " "))
		text := strings.TrimSpace(line)
		switch {
		case marked && (indent < 0 || depth <= indent):
			items, open = append(items, item), true
			indent = max(depth, indent)
		case open && text != "":
			items[len(items)-1] += " " + text
		case text != "":
			rest = append(rest, text)
		default:
			open = false
		}
	}
	return items, strings.Join(rest, "\n")
}

func (s *Subject) outcome(texts []Text) {
	if len(texts) == 0 {
		return
	}
	n := s.Open()
	n.Add(term.Type, term.Outcome, texts[0].From)
	for i, t := range texts {
		if !tagged(texts[:i], t.Lang) {
			n.Add(term.Title, t.Literal(), t.From)
		}
	}
	for i, t := range texts {
		if tagged(texts[:i], t.Lang) {
			s.outcomeNote(n, t)
		}
	}
	s.Add(term.LearningOutcome, n.Close("outcome"), texts[0].From)
}

func (s *Subject) outcomeNote(n Node, t Text) {
	n.Add(term.AdditionalNote, s.NoteNode("", t), t.From)
}

// NoteNode returns a note of its own, for helper nodes.
func (s *Subject) NoteNode(label string, texts ...Text) rdf.Term {
	n := s.Open()
	n.Add(term.Type, term.Note, texts[0].From)
	if label != "" {
		n.Add(term.Title, rdf.LangLiteral(label, "en"), texts[0].From)
	}
	for _, t := range texts {
		n.Add(term.NoteLiteral, t.Literal(), t.From)
	}
	return n.Close("note")
}

// Specified writes an assessment or activity: a helper node of the given class
// with a title, types from a code list, and descriptions.
func (s *Subject) Specified(property, class rdf.Term, title string, types []rdf.Term, texts []Text, from jsontree.Value) {
	n := s.Open()
	n.Add(term.Type, class, from)
	n.Add(term.Title, rdf.LangLiteral(title, "en"), from)
	for _, t := range types {
		n.Add(term.TypeOf, t, from)
	}
	for _, t := range texts {
		n.Add(term.Description, t.Literal(), t.From)
	}
	s.Add(property, n.Close(strings.ToLower(title)), from)
}
