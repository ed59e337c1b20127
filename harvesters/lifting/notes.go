package lifting

import (
	"qlgraph/graph/rdf"
	"qlgraph/harvesters/lifting/term"
)

// pendingNote is a text that waits for the others of its note.
type pendingNote struct {
	property rdf.Term
	label    string
	rule     string
	text     Text
}

// Note adds texts to the subject's note of that property and label. Notes are
// written at Close, because most properties allow one note only, to which
// several rules may contribute; elm:additionalNote has one per label, which
// becomes its dct:title.
func (s *Subject) Note(property rdf.Term, label string, texts ...Text) {
	for _, t := range texts {
		s.notes = append(s.notes, pendingNote{property, label, s.rule, t})
	}
}

func (s *Subject) writeNotes() {
	outer := s.rule
	for len(s.notes) > 0 {
		head := s.notes[0]
		rest := s.notes[:0:0]
		s.rule = head.rule
		n := s.Open()
		n.Add(term.Type, term.Note, head.text.From)
		if head.label != "" {
			n.Add(term.Title, rdf.LangLiteral(head.label, "en"), head.text.From)
		}
		for _, p := range s.notes {
			if p.property != head.property || p.label != head.label {
				rest = append(rest, p)
				continue
			}
			s.rule = p.rule
			n.Add(term.NoteLiteral, p.text.Literal(), p.text.From)
		}
		s.rule = head.rule
		s.Add(head.property, n.Close("note"), head.text.From)
		s.notes = rest
	}
	s.rule = outer
}
