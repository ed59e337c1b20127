package ontology

import (
	"strings"

	"qlgraph/graph/rdf"
)

// The European Learning Model moved to another namespace with version 3.3, and
// its application profile with it. Data and shapes of both kinds are around
// and will be; the local names are the same.

// ELMVersion is a version of the model as far as its namespace goes.
type ELMVersion uint8

// The versions: ELMCurrent is 3.3, the names under which data are stored.
const (
	ELMCurrent ELMVersion = iota
	ELMOld                // 3.2 and before
)

// namespaceMoves are the namespaces that changed, old and new.
var namespaceMoves = [...][2]string{
	{ELM32, ELM},
	{LOQ32, LOQ},
}

// Rename returns t with its IRI, or a literal's datatype, under the names of
// the version. Other terms are returned as they are.
func (v ELMVersion) Rename(t rdf.Term) rdf.Term {
	switch {
	case t.IsIRI():
		if iri, moved := v.rename(t.Value()); moved {
			return rdf.IRI(iri)
		}
	case t.IsLiteral():
		if datatype, moved := v.rename(t.Datatype()); moved {
			return rdf.TypedLiteral(t.Value(), datatype)
		}
	}
	return t
}

// RenameQuad returns q with all its terms under the names of the version.
func (v ELMVersion) RenameQuad(q rdf.Quad) rdf.Quad {
	return rdf.Quad{S: v.Rename(q.S), P: v.Rename(q.P), O: v.Rename(q.O), G: v.Rename(q.G)}
}

// RenameAll returns the quads under the names of the version.
func (v ELMVersion) RenameAll(quads []rdf.Quad) []rdf.Quad {
	renamed := make([]rdf.Quad, len(quads))
	for i, q := range quads {
		renamed[i] = v.RenameQuad(q)
	}
	return renamed
}

func (v ELMVersion) rename(iri string) (string, bool) {
	for _, move := range namespaceMoves {
		from, to := move[0], move[1]
		if v == ELMOld {
			from, to = to, from
		}
		if local, ok := strings.CutPrefix(iri, from); ok {
			return to + local, true
		}
	}
	return iri, false
}
