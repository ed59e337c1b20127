package courseid

import (
	"crypto/sha256"
	"encoding/hex"
)

// Provider returns the IRI of an institution, {base}/provider/{schac}.
func Provider(base, schac string) string { return base + "/provider/" + Escape(schac) }

// Alliance returns the IRI of an alliance, {base}/alliance/{id}.
func Alliance(base, id string) string { return base + "/alliance/" + Escape(id) }

// Source returns the IRI of a published source, {base}/source/{schac}/{id}.
func Source(base, schac, id string) string {
	return base + "/source/" + Escape(schac) + "/" + Escape(id)
}

// SourceGraph returns the IRI of the named graph with what a source publishes,
// {base}/graph/source/{schac}/{id}.
func SourceGraph(base, schac, id string) string {
	return base + "/graph/source/" + Escape(schac) + "/" + Escape(id)
}

// ValidationGraph returns the IRI of the named graph with a source's
// validation report, {base}/graph/validation/{schac}/{id}.
func ValidationGraph(base, schac, id string) string {
	return base + "/graph/validation/" + Escape(schac) + "/" + Escape(id)
}

// SourceID returns the id of a source: the manifest's, where it has one, else
// the first 12 hex digits of SHA-256 over type and path.
func SourceID(manifestID, format, path string) string {
	if manifestID != "" {
		return manifestID
	}
	return digest(format + path)[:12]
}

// FromIRI returns the local id of a course that has an IRI but no identifier:
// the first 16 hex digits of SHA-256 over the IRI.
func FromIRI(iri string) string { return digest(iri)[:16] }

// Skolem returns the IRI for a node that has none of its own,
// {base}/.well-known/genid/{hash} (RDF 1.1 Concepts §3.5).
func Skolem(base, hash string) string { return base + "/.well-known/genid/" + hash }

func digest(s string) string {
	sum := sha256.Sum256([]byte(s))
	return hex.EncodeToString(sum[:])
}
