package profile

import (
	"crypto/sha256"
	"encoding/hex"
	"strconv"

	"qlgraph/graph/rdf"
	"qlgraph/ontology"
	"qlgraph/shapes"
)

// Quads returns the validation as RDF in the graph g, which is also the IRI of
// the report: the standard's report, with results that have IRIs made from
// what they say, so that an unchanged source gives the same quads again.
func (v *Validation) Quads(g rdf.Term) []rdf.Quad {
	quads := []rdf.Quad{
		{S: g, P: rdf.IRI(rdf.RDFType), O: rdf.IRI(ontology.SHACL + "ValidationReport"), G: g},
		{S: g, P: rdf.IRI(ontology.SHACL + "conforms"), O: boolean(v.Report.Conforms), G: g},
	}
	return append(quads, ResultQuads(g, v.Report.Results)...)
}

// ResultQuads returns the results in the report g, as Validation.Quads does,
// without the two statements about the report itself.
func ResultQuads(g rdf.Term, results []shapes.Result) []rdf.Quad {
	var quads []rdf.Quad
	seen := map[rdf.Term]bool{}
	for i := range results {
		r := &results[i]
		sum := sha256.New()
		for _, t := range []string{r.Focus.String(), r.Path.String(), r.Value.String(), r.Component.Value(), r.NamedShape().String(), r.Source.String()} {
			sum.Write([]byte(t))
			sum.Write([]byte{0})
		}
		n := rdf.IRI(g.Value() + "#result-" + hex.EncodeToString(sum.Sum(nil)[:8]))
		if seen[n] {
			continue // two shapes of one name found the same
		}
		seen[n] = true
		quads = append(quads, rdf.Quad{S: g, P: rdf.IRI(ontology.SHACL + "result"), O: n, G: g})
		blanks := 0
		for _, q := range r.Triples(n, func() rdf.Term {
			blanks++
			return rdf.IRI(n.Value() + "-path" + strconv.Itoa(blanks))
		}) {
			if q.P.Value() == ontology.SHACL+"sourceShape" {
				q.O = r.NamedShape()
			}
			quads = append(quads, q.In(g))
		}
	}
	return quads
}

func boolean(b bool) rdf.Term {
	if b {
		return rdf.TypedLiteral("true", rdf.XSDBoolean)
	}
	return rdf.TypedLiteral("false", rdf.XSDBoolean)
}
