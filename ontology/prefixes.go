package ontology

import (
	"strings"

	"qlgraph/graph/rdf"
)

// Prefixes returns the prefixes under which the namespaces are known: what
// writers abbreviate with and what queries need not declare. The map is the
// caller's.
func Prefixes() map[string]string {
	return map[string]string{
		"adms":    ADMS,
		"dcat":    DCAT,
		"dcterms": DCTerms,
		"elm":     ELM,
		"elm32":   ELM32,
		"foaf":    FOAF,
		"locn":    LOCN,
		"org":     ORG,
		"owl":     OWL,
		"prov":    PROV,
		"ql":      QL,
		"rdf":     rdf.RDF,
		"rdfs":    RDFS,
		"rov":     ROV,
		"schema":  SCHEMA,
		"sh":      SHACL,
		"skos":    SKOS,
		"text":    Text,
		"void":    VOID,
		"xsd":     rdf.XSD,

		"country":  CountryTable,
		"currency": CurrencyTable,
		"eqf":      EQF,
		"iscedf":   ISCEDF,
		"lang":     LanguageTable,
	}
}

// CURIEs writes a path of properties with the prefixes that are known:
// "elm:creditPoint/elm:point". Others stand as they are.
func CURIEs(path []string) string {
	prefixes := Prefixes()
	parts := make([]string, len(path))
	for i, p := range path {
		parts[i] = p
		for prefix, namespace := range prefixes {
			if local, ok := strings.CutPrefix(p, namespace); ok && !strings.ContainsAny(local, "/#") {
				parts[i] = prefix + ":" + local
			}
		}
	}
	return strings.Join(parts, "/")
}
