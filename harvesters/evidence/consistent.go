package evidence

import (
	"bytes"
	"encoding/json"
	"fmt"

	"qlgraph/graph/canon"
	"qlgraph/graph/rdf"
	"qlgraph/graph/rdfio"
)

// consistent checks that the contents of a pack agree: a signer who errs is
// found out here, as a stranger is by the signature.
func (p *Pack) consistent() error {
	course := p.files[CourseFile]
	if course == nil {
		return fmt.Errorf("evidence: no %s", CourseFile)
	}
	if got := sum(course); got != p.Manifest.Version.SHA256 {
		return fmt.Errorf("evidence: %s has the SHA-256 %s, the version %s", CourseFile, got, p.Manifest.Version.SHA256)
	}
	quads, err := parse(course, rdfio.NQuads)
	if err != nil {
		return fmt.Errorf("evidence: %s: %w", CourseFile, err)
	}
	form, err := canon.Canonicalize(quads)
	if err != nil {
		return fmt.Errorf("evidence: %s: %w", CourseFile, err)
	}
	if !bytes.Equal(form.NQuads, course) {
		return fmt.Errorf("evidence: %s is not canonical", CourseFile)
	}
	if turtle, err := parse(p.files[TurtleFile], rdfio.Turtle); err != nil {
		return fmt.Errorf("evidence: %s: %w", TurtleFile, err)
	} else if same, err := canon.Isomorphic(quads, turtle); err != nil || !same {
		return fmt.Errorf("evidence: %s is not the graph of %s", TurtleFile, CourseFile)
	}
	return p.originals()
}

func parse(text []byte, f rdfio.Format) ([]rdf.Quad, error) {
	dec, err := rdfio.NewDecoder(bytes.NewReader(text), f, rdfio.DecoderOptions{})
	if err != nil {
		return nil, err
	}
	var quads []rdf.Quad
	for q, err := range dec.All() {
		if err != nil {
			return nil, err
		}
		quads = append(quads, q)
	}
	return quads, nil
}

// RawFile returns the member that is the original with a number; the ending is
// that of its syntax.
func RawFile(number int, ending string) string { return fmt.Sprintf("raw/record-%d%s", number, ending) }

// originals checks that each record that the lineage names is there.
func (p *Pack) originals() error {
	var lineage struct {
		Records []struct {
			Number int
			SHA256 string
		}
	}
	if err := json.Unmarshal(p.files[LineageFile], &lineage); err != nil {
		return fmt.Errorf("evidence: %s: %w", LineageFile, err)
	}
	for _, r := range lineage.Records {
		if p.original(r.Number, r.SHA256) == "" {
			return fmt.Errorf("evidence: the original %d with the SHA-256 %s is missing", r.Number, r.SHA256)
		}
	}
	return nil
}

// original returns the path of an original, "" where it is not there.
func (p *Pack) original(number int, hash string) string {
	for _, ending := range []string{".json", ".nt"} {
		path := RawFile(number, ending)
		if content, ok := p.files[path]; ok && sum(content) == hash {
			return path
		}
	}
	return ""
}
