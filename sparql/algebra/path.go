package algebra

import "slices"

// Nullable reports whether p leads from a node to itself without a triple
// (SPARQL 1.1 §18.4, ZeroLengthPath).
func Nullable(p Path) bool {
	switch p := p.(type) {
	case *Inverse:
		return Nullable(p.Path)
	case *Sequence:
		return Nullable(p.Left) && Nullable(p.Right)
	case *Alternative:
		return slices.ContainsFunc(p.Paths, Nullable)
	case *OneOrMore:
		return Nullable(p.Path)
	case *ZeroOrMore, *ZeroOrOne:
		return true
	}
	return false
}
