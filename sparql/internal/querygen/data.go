package querygen

import (
	"math/rand/v2"

	"qlgraph/graph/rdf"
)

const ns = "http://example.org/"

// Quads returns a random dataset of some twenty quads over few terms, so that
// patterns do match, in the unnamed graph and two named ones.
func Quads(r *rand.Rand) []rdf.Quad {
	var quads []rdf.Quad
	for range 8 + r.IntN(20) {
		q := rdf.Triple(node(r), rdf.IRI(ns+pick(r, "p", "q", "r")), object(r))
		switch r.IntN(4) {
		case 0:
			q.G = rdf.IRI(ns + "g1")
		case 1:
			q.G = rdf.IRI(ns + "g2")
		}
		quads = append(quads, q)
	}
	return quads
}

func node(r *rand.Rand) rdf.Term {
	if r.IntN(6) == 0 {
		return rdf.Blank(pick(r, "x", "y"))
	}
	return rdf.IRI(ns + pick(r, "a", "b", "c", "d"))
}

func object(r *rand.Rand) rdf.Term {
	switch r.IntN(13) {
	case 10, 11:
		return rdf.LangLiteral(pick(r, "red apples", "the apple and the Apple tree", "Äpfel am Baum", "rote Bäume"), pick(r, "en", "de", "de-AT"))
	case 12:
		return rdf.Literal(pick(r, "red apple", "apples", "a-1"))
	case 0:
		return rdf.TypedLiteral(pick(r, "1", "2", "3"), rdf.XSDInteger)
	case 6:
		return odd(r)
	case 1:
		return rdf.TypedLiteral(pick(r, "1.5", "2.5"), rdf.XSDDecimal)
	case 2:
		return rdf.Literal(pick(r, "s", "t"))
	case 3:
		return rdf.LangLiteral("s", pick(r, "en", "de"))
	case 4:
		return rdf.TypedLiteral("2020-01-0"+pick(r, "1", "2")+"T00:00:00Z", rdf.XSDDateTime)
	case 5:
		return rdf.TypedLiteral(pick(r, "true", "false"), rdf.XSDBoolean)
	}
	return node(r)
}

// odd returns a literal that is special in comparisons. No two have one value,
// as ORDER BY, MIN and MAX would then have several right answers.
func odd(r *rand.Rand) rdf.Term {
	switch r.IntN(5) {
	case 0:
		return rdf.TypedLiteral("NaN", rdf.XSDDouble)
	case 1:
		return rdf.TypedLiteral(pick(r, "04", "none"), rdf.XSDInteger)
	case 2:
		return rdf.TypedLiteral("1.25", rdf.XSDDouble)
	case 3:
		return rdf.TypedLiteral("2020-01-01T12:00:00", rdf.XSDDateTime)
	}
	return rdf.TypedLiteral(pick(r, "s", "t"), ns+"type")
}

func pick(r *rand.Rand, list ...string) string { return list[r.IntN(len(list))] }
