package lineage

import (
	"bytes"
	"context"
	"crypto"
	"crypto/ed25519"
	"errors"
	"net/http"
	"strconv"
	"time"

	"qlgraph/graph/canon"
	"qlgraph/harvesters/evidence"
	"qlgraph/internal/problem"
	"qlgraph/ontology/courseid"
	"qlgraph/web/resource"
	"qlgraph/web/timeline"
	"qlgraph/web/variants"
)

// Signer has the aggregator's keys; keys.Ring is one.
type Signer interface {
	// SigningKey returns the newest private key for an algorithm and its id.
	SigningKey(algorithm string) (crypto.PrivateKey, string, error)
}

// Evidence is the part "evidence" of a document: all of this as one signed file
// (package evidence).
type Evidence struct {
	past       *timeline.Timeline
	validation *Validation
	keys       Signer
	base       string
}

// NewEvidence returns the part. base is the base IRI, without a trailing slash.
func NewEvidence(past *timeline.Timeline, v *Validation, keys Signer, base string) *Evidence {
	return &Evidence{past: past, validation: v, keys: keys, base: base}
}

// ServePart implements resource.Part.
func (p *Evidence) ServePart(w http.ResponseWriter, r *http.Request, t resource.Target) {
	if t.Ending != "" && t.Ending != ".zip" {
		problem.Write(w, r, problem.Details{Status: http.StatusNotFound, Detail: "evidence is a ZIP file: " + t.Path + "/evidence.zip"})
		return
	}
	p.past.Serve(w, r, t, func(h *timeline.History, v *timeline.Version) {
		asOf, err := resource.AsOf(r)
		if err == nil && asOf.IsZero() {
			asOf = v.At
		}
		var pack []byte
		if err == nil {
			pack, err = p.pack(r.Context(), h, v, t, asOf)
		}
		if err != nil {
			fail(w, r, err)
			return
		}
		header := w.Header()
		header.Set("Content-Type", evidence.MediaType)
		header.Set("Content-Disposition", `attachment; filename="evidence-`+strconv.Itoa(v.Number)+`.zip"`)
		header.Set("Access-Control-Allow-Origin", "*")
		header.Set("X-Content-Type-Options", "nosniff")
		header.Set("Cache-Control", "no-cache") // the key may be replaced
		header.Set("ETag", `"`+evidence.NewFile("", "", pack).SHA256+`"`)
		http.ServeContent(w, r, "", v.At, bytes.NewReader(pack))
	})
}

// pack makes the pack of a version.
func (p *Evidence) pack(ctx context.Context, h *timeline.History, v *timeline.Version, t resource.Target, asOf time.Time) ([]byte, error) {
	private, _, err := p.keys.SigningKey("ed25519")
	if err != nil {
		return nil, err
	}
	key, ok := private.(ed25519.PrivateKey)
	if !ok {
		return nil, errors.New("the signing key is no Ed25519 key")
	}
	files, err := p.files(ctx, h, v, t)
	if err != nil {
		return nil, err
	}
	m := evidence.Manifest{
		Course: t.IRI, AsOf: asOf.UTC(),
		Version: evidence.Version{Number: v.Number, Since: v.At.UTC(), Run: v.Run, SHA256: v.Hash},
		Issuer:  evidence.Issuer{BaseIRI: p.base, Keys: p.base + "/keys"},
	}
	if !v.Until.IsZero() {
		until := v.Until.UTC()
		m.Version.Until = &until
	}
	for _, o := range v.Origins {
		m.Version.Source = append(m.Version.Source, courseid.Source(p.base, o.Part.Source.Provider.Key(), o.Part.Source.ID))
	}
	return evidence.Write(m, files, key)
}

// files are the members that a pack has of a version.
func (p *Evidence) files(ctx context.Context, h *timeline.History, v *timeline.Version, t resource.Target) ([]evidence.File, error) {
	a, err := tell(h, v, t.Path)
	if err != nil {
		return nil, err
	}
	report, err := p.validation.report(ctx, h, v, t)
	if err != nil {
		return nil, err
	}
	form, err := canon.Canonicalize(v.Document.Quads)
	if err != nil {
		return nil, err
	}
	files := []evidence.File{evidence.NewFile(evidence.CourseFile, "application/n-quads", form.NQuads)}
	turtle := variants.RDF(v.Document.Quads)[0]
	lineage := variants.RDF(a.graph(p.base + t.Path + "/lineage"))[0]
	findingsTurtle := variants.RDF(report)[0]
	for _, member := range []struct {
		path string
		variants.Variant
	}{
		{evidence.TurtleFile, turtle}, {evidence.LineageFile, variants.JSON(a.data(h))}, {"lineage.ttl", lineage},
		{"validation.json", variants.JSON(findings(report))}, {"validation.ttl", findingsTurtle},
	} {
		var b bytes.Buffer
		if err := member.Write(&b); err != nil {
			return nil, err
		}
		files = append(files, evidence.NewFile(member.path, member.MediaType, b.Bytes()))
	}
	for _, r := range a.records {
		files = append(files, evidence.NewFile(evidence.RawFile(r.Number, r.ending), r.MediaType, []byte(r.body)))
	}
	return files, nil
}
