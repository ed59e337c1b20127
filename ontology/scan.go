package ontology

import (
	"regexp"
	"strings"

	"qlgraph/graph/rdf"
)

var (
	prefixLine  = regexp.MustCompile(`^@prefix ([\w-]+): <([^>]*)>`)
	conceptLine = regexp.MustCompile(`^(?:([\w-]+):([\w-]+)|<([^>]+)>) a skos:Concept `)
	labelPart   = regexp.MustCompile(`skos:prefLabel "((?:[^"\\]|\\.)*)"@en`)
	codePart    = regexp.MustCompile(`"([A-Za-z0-9]+)"(?:\^\^euvoc:\w+)? [,.;]`)
)

// conceptQuads reads what the look-ups need from the bundled lists, which
// hold one concept a line.
func conceptQuads() []rdf.Quad {
	files, _ := codeListFiles.ReadDir("codelists")
	var quads []rdf.Quad
	for _, f := range files {
		text, _ := codeListFiles.ReadFile("codelists/" + f.Name())
		prefixes := map[string]string{}
		for line := range strings.Lines(string(text)) {
			if m := prefixLine.FindStringSubmatch(line); m != nil {
				prefixes[m[1]] = m[2]
			}
			m := conceptLine.FindStringSubmatch(line)
			if m == nil {
				continue
			}
			s := rdf.IRI(m[3])
			if m[3] == "" {
				s = rdf.IRI(prefixes[m[1]] + m[2])
			}
			quads = append(quads, rdf.Triple(s, rdf.IRI(rdf.RDFType), rdf.IRI(SKOS+"Concept")))
			if l := labelPart.FindStringSubmatch(line); l != nil {
				quads = append(quads, rdf.Triple(s, rdf.IRI(SKOS+"prefLabel"), rdf.LangLiteral(l[1], "en")))
			}
			for _, n := range codePart.FindAllStringSubmatch(line, -1) {
				quads = append(quads, rdf.Triple(s, rdf.IRI(SKOS+"notation"), rdf.Literal(n[1])))
			}
		}
	}
	return quads
}
