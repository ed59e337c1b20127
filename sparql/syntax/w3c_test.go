package syntax_test

import (
	"errors"
	"strings"
	"testing"

	"qlgraph/internal/w3ctest"
	"qlgraph/sparql/syntax"
)

// TestW3CSyntax runs the positive and negative syntax tests. What parses must
// also print to something that parses to the same print.
func TestW3CSyntax(t *testing.T) {
	suites := map[string]struct {
		kind    string
		entries int
		parse   func(string) (string, error)
		valid   bool
	}{
		"query positive":  {kind: "PositiveSyntaxTest11", entries: 66, parse: query, valid: true},
		"query negative":  {kind: "NegativeSyntaxTest11", entries: 48, parse: query, valid: false},
		"update positive": {kind: "PositiveUpdateSyntaxTest11", entries: 42, parse: update, valid: true},
		"update negative": {kind: "NegativeUpdateSyntaxTest11", entries: 13, parse: update, valid: false},
	}
	for name, s := range suites {
		t.Run(name, func(t *testing.T) {
			w3ctest.Suite{
				Manifest: "sparql/sparql11/manifest-all.ttl",
				Select:   func(e w3ctest.Entry) bool { return strings.TrimPrefix(e.Type, w3ctest.MF) == s.kind },
				Entries:  s.entries,
				Passes:   s.entries,
			}.Run(t, func(e w3ctest.Entry) error { return check(e, s.parse, s.valid) })
		})
	}
}

func query(text string) (string, error) {
	q, err := syntax.ParseQuery(text, syntax.Options{})
	if err != nil {
		return "", err
	}
	return q.String(), nil
}

func update(text string) (string, error) {
	u, err := syntax.ParseUpdate(text, syntax.Options{})
	if err != nil {
		return "", err
	}
	return u.String(), nil
}

func check(e w3ctest.Entry, parse func(string) (string, error), valid bool) error {
	text, err := e.Read(e.Action)
	if err != nil {
		return err
	}
	printed, err := parse(string(text))
	switch {
	case !valid && err == nil:
		return errors.New("parsed, but is malformed")
	case !valid:
		var syntaxError *syntax.Error
		if !errors.As(err, &syntaxError) {
			return err
		}
		return nil
	case err != nil:
		return err
	}
	again, err := parse(printed)
	if err != nil {
		return errors.New(err.Error() + " in the printed form:\n" + printed)
	}
	if again != printed {
		return errors.New("printed differently the second time:\n" + printed + "\n" + again)
	}
	return nil
}
