package jsonld

import (
	"errors"
	"fmt"
	"strings"

	"qlgraph/graph/iri"
)

// survey is what has to be known of a document's contexts before json-gold
// starts on them: whether they are affordable, and whether they let the base be
// handled here (base.go).
type survey struct {
	contexts  *Contexts
	base      string         // the document's
	objects   int            // objects outside contexts
	terms     int            // terms of contexts, each time that they stand there
	scoped    int            // terms of contexts within term definitions
	documents map[string]int // terms of the contexts referred to
	// baseWithin is set when what relative IRIs mean may change within the
	// document.
	baseWithin bool
}

// survey reads through a document. It returns an error for contexts that are too
// expensive, and for two mistakes that json-gold misses.
func (c *Contexts) survey(document any, base string) (survey, error) {
	s := survey{contexts: c, base: base, documents: make(map[string]int)}
	err := s.value(document, true)
	if err == nil && s.terms+s.scoped*s.objects > maxContextWork {
		err = fmt.Errorf("contexts too expensive: more than the limit of %d terms to define", maxContextWork)
	}
	return s, err
}

func (s *survey) value(v any, top bool) error {
	switch v := v.(type) {
	case string:
		// What looks like a keyword is no IRI, but expands to what the empty
		// reference does.
		s.baseWithin = s.baseWithin || strings.HasPrefix(v, "@")
	case []any:
		for _, item := range v {
			if err := s.value(item, top); err != nil {
				return err
			}
		}
	case object:
		s.objects++
		for key, item := range v {
			var err error
			if key == "@context" {
				err = s.context(item, &s.terms, top)
			} else {
				err = s.value(item, false)
			}
			if err != nil {
				return err
			}
		}
	}
	return nil
}

// context adds the terms of a context to sum, and to s.scoped those of contexts
// within. top tells that the context stands at the document's top.
func (s *survey) context(v any, sum *int, top bool) error {
	switch v := v.(type) {
	case string:
		*sum++
		if iri.SchemeLen(v) == 0 {
			s.baseWithin = s.baseWithin || !top
			v = iri.Resolve(s.base, v)
		}
		return s.document(v, sum)
	case []any:
		for _, item := range v {
			if err := s.context(item, sum, top); err != nil {
				return err
			}
		}
	case object:
		return s.definitions(v, sum, top)
	}
	return nil
}

// document adds the terms of a context that is referred to. It is looked at
// once: scoped contexts may include themselves.
func (s *survey) document(name string, sum *int) error {
	if terms, seen := s.documents[name]; seen {
		*sum += terms
		return nil
	}
	s.documents[name] = 0
	document, _ := s.contexts.document(name)
	o, _ := document.(object)
	terms := 0
	err := s.context(o["@context"], &terms, false)
	s.documents[name] = terms
	*sum += terms
	return err
}

func (s *survey) definitions(context object, sum *int, top bool) error {
	if len(context) > maxTerms {
		return fmt.Errorf("context with more terms than the limit of %d", maxTerms)
	}
	*sum += 1 + len(context)
	for key, v := range context {
		definition, isObject := v.(object)
		var err error
		switch {
		case key == "":
			err = errors.New("invalid term definition: the empty term")
		case key == "@type" && isObject && len(definition) == 0:
			err = errors.New("keyword redefinition: @type without a definition")
		case key == "@base":
			s.baseWithin = s.baseWithin || !top
		case key == "@vocab":
			vocab, ok := v.(string)
			s.baseWithin = s.baseWithin || ok && iri.SchemeLen(vocab) == 0
		case key == "@import", key == "@context":
			s.baseWithin = true
			err = s.context(v, sum, false)
		case isObject && definition["@context"] != nil:
			err = s.context(definition["@context"], &s.scoped, false)
		}
		if err != nil {
			return err
		}
	}
	return nil
}
