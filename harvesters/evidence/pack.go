package evidence

import (
	"archive/zip"
	"bytes"
	"crypto"
	"crypto/ed25519"
	"crypto/sha256"
	"crypto/x509"
	"encoding/hex"
	"encoding/json"
	"encoding/pem"
	"fmt"
	"hash/crc32"
	"slices"
	"strings"
	"time"
)

// Format names the format and its version in manifests.
const Format = "qlgraph-evidence/1"

// The members that every pack has.
const (
	CourseFile    = "course.nq"
	TurtleFile    = "course.ttl"
	LineageFile   = "lineage.json"
	KeyFile       = "key.pem"
	ManifestFile  = "manifest.json"
	SignatureFile = "manifest.json.sig"
	readmeFile    = "README.txt"
)

// MediaType is that of a pack.
const MediaType = "application/zip"

// Manifest says what a pack is about.
type Manifest struct {
	Format    string    `json:"format"`
	Course    string    `json:"course"` // IRI
	AsOf      time.Time `json:"asOf"`
	Version   Version   `json:"version"`
	Issuer    Issuer    `json:"issuer"`
	Signature Signature `json:"signature"`
	Files     []File    `json:"files"` // all but the manifest and its signature, by path
}

// Version is the version of the course that was in force.
type Version struct {
	Number int        `json:"number"`
	Since  time.Time  `json:"since"`
	Until  *time.Time `json:"until,omitempty"` // nil: it was the present one
	Run    string     `json:"run"`             // harvest that found it
	SHA256 string     `json:"sha256"`          // of course.nq
	Source []string   `json:"source"`          // IRIs of the sources
}

// Issuer is the aggregator that made the pack.
type Issuer struct {
	BaseIRI string `json:"baseIRI"`
	Keys    string `json:"keys"` // where its public keys are
}

// Signature says by which key the manifest is signed.
type Signature struct {
	Algorithm string `json:"algorithm"` // "Ed25519"
	KeyID     string `json:"keyId"`
}

// File is a member.
type File struct {
	Path      string `json:"path"`
	MediaType string `json:"mediaType"`
	Size      int    `json:"size"`
	SHA256    string `json:"sha256"`
	content   []byte
}

// NewFile returns a member with its hash.
func NewFile(path, mediaType string, content []byte) File {
	sum := sha256.Sum256(content)
	return File{Path: path, MediaType: mediaType, Size: len(content), SHA256: hex.EncodeToString(sum[:]), content: content}
}

// KeyID returns the id of a public key: the first 16 hex digits of SHA-256 over
// it as SubjectPublicKeyInfo, as the aggregator's key ring names it.
func KeyID(key ed25519.PublicKey) (string, error) {
	der, err := x509.MarshalPKIXPublicKey(key)
	if err != nil {
		return "", fmt.Errorf("evidence: %w", err)
	}
	sum := sha256.Sum256(der)
	return hex.EncodeToString(sum[:8]), nil
}

// Write returns the pack of a manifest, whose Format, Signature and Files it
// fills in, and of the files, signed by the key.
func Write(m Manifest, files []File, key ed25519.PrivateKey) ([]byte, error) {
	public, ok := key.Public().(ed25519.PublicKey)
	if !ok {
		return nil, fmt.Errorf("evidence: no Ed25519 key")
	}
	id, err := KeyID(public)
	if err != nil {
		return nil, err
	}
	encoded, err := encodeKey(public)
	if err != nil {
		return nil, err
	}
	m.Format, m.Signature = Format, Signature{"Ed25519", id}
	files = append(slices.Clone(files), NewFile(KeyFile, "application/x-pem-file", encoded), NewFile(readmeFile, "text/plain", []byte(readme(m))))
	slices.SortFunc(files, func(a, b File) int { return strings.Compare(a.Path, b.Path) })
	m.Files = files
	manifest, err := json.MarshalIndent(m, "", "  ")
	if err != nil {
		return nil, fmt.Errorf("evidence: %w", err)
	}
	manifest = append(manifest, '\n')
	signature, err := key.Sign(nil, manifest, crypto.Hash(0))
	if err != nil {
		return nil, fmt.Errorf("evidence: %w", err)
	}
	return archive(append(files, NewFile(ManifestFile, "application/json", manifest), NewFile(SignatureFile, "application/octet-stream", signature)))
}

// firstDay is 1 January 1980 as ZIP writes it, the date of every member.
const firstDay = 1<<5 | 1

// archive writes the members in the order given, uncompressed and without
// anything that is not theirs.
func archive(files []File) ([]byte, error) {
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for _, f := range files {
		w, err := z.CreateRaw(&zip.FileHeader{
			Name: f.Path, Method: zip.Store, CRC32: crc32.ChecksumIEEE(f.content),
			//lint:ignore SA1019 CreateRaw writes this field and knows nothing of Modified.
			ModifiedDate:     firstDay,
			CompressedSize64: uint64(len(f.content)), UncompressedSize64: uint64(len(f.content)),
		})
		if err != nil {
			return nil, fmt.Errorf("evidence: %w", err)
		}
		if _, err := w.Write(f.content); err != nil {
			return nil, fmt.Errorf("evidence: %w", err)
		}
	}
	if err := z.Close(); err != nil {
		return nil, fmt.Errorf("evidence: %w", err)
	}
	return b.Bytes(), nil
}

func encodeKey(key ed25519.PublicKey) ([]byte, error) {
	der, err := x509.MarshalPKIXPublicKey(key)
	if err != nil {
		return nil, fmt.Errorf("evidence: %w", err)
	}
	return pem.EncodeToMemory(&pem.Block{Type: "PUBLIC KEY", Bytes: der}), nil
}

func readme(m Manifest) string {
	return fmt.Sprintf(`Evidence of a course in a catalogue
===================================

course   %s
as of    %s
from     %s
key      %s

To check this file:

    qlgraph verify-evidence FILE --key %s

or, without that program, after unpacking:

    openssl pkeyutl -verify -pubin -inkey key.pem -rawin -in manifest.json -sigfile manifest.json.sig

and compare the SHA-256 of each file with manifest.json. A good signature shows
that nothing was changed since whoever holds the key signed it. Whose key it is,
only the list of keys at the address above can tell.

course.nq is what the provider published about the course, lifted into RDF, as
canonical N-Quads (RDFC-1.0); course.ttl is the same for reading. raw/ has the
originals as they were received. lineage.json says of each statement from which
place of which original it comes, and by which rule. validation.json is what the
application profile finds wrong.
`, m.Course, m.AsOf.UTC().Format(time.RFC3339), m.Issuer.BaseIRI, m.Signature.KeyID, m.Issuer.Keys)
}
