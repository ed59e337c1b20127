package evidence

import (
	"archive/zip"
	"bytes"
	"crypto/ed25519"
	"crypto/sha256"
	"crypto/x509"
	"encoding/hex"
	"encoding/json"
	"encoding/pem"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"slices"
)

// Limits of what is read: a pack is some hundred kilobytes.
const (
	MaxSize    = 64 << 20
	maxMembers = 10_000
)

// errTampered is in the errors of Open for a pack that was changed after it was
// signed.
var errTampered = errors.New("the pack is not what was signed")

// Pack is a pack whose signature and hashes are good.
type Pack struct {
	Manifest Manifest
	Key      ed25519.PublicKey // that it is signed by; see Trust
	files    map[string][]byte
}

// Open checks a pack: its signature, against the key in it, the hash of every
// member, and that the contents agree with each other.
func Open(data []byte) (*Pack, error) {
	if len(data) > MaxSize {
		return nil, fmt.Errorf("evidence: larger than %d MiB", MaxSize>>20)
	}
	members, err := unpack(data)
	if err != nil {
		return nil, err
	}
	p := &Pack{files: map[string][]byte{}}
	for _, f := range members {
		p.files[f.Path] = f.content
	}
	if err := p.verify(); err != nil {
		return nil, err
	}
	if err := p.listed(members); err != nil {
		return nil, err
	}
	again, err := archive(members)
	if err != nil {
		return nil, err
	}
	if !bytes.Equal(again, data) {
		return nil, fmt.Errorf("evidence: %w: the archive holds more than its members", errTampered)
	}
	return p, p.consistent()
}

// unpack reads the members of the archive. Nothing is expanded, so nothing can
// be larger than the file.
func unpack(data []byte) ([]File, error) {
	z, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		return nil, fmt.Errorf("evidence: not a ZIP file: %w", err)
	}
	if len(z.File) > maxMembers {
		return nil, fmt.Errorf("evidence: more than %d members", maxMembers)
	}
	var files []File
	seen := map[string]bool{}
	total := uint64(0) // members may overlap
	for _, member := range z.File {
		switch {
		case !fs.ValidPath(member.Name) || member.Name == "." || bytes.ContainsAny([]byte(member.Name), "\\:"):
			return nil, fmt.Errorf("evidence: the member %q is no path below the pack", member.Name)
		case seen[member.Name]:
			return nil, fmt.Errorf("evidence: %q is there twice", member.Name)
		case member.Method != zip.Store:
			return nil, fmt.Errorf("evidence: %q is compressed, which members of a pack are not", member.Name)
		case member.UncompressedSize64 > uint64(len(data))-total || member.CompressedSize64 != member.UncompressedSize64:
			return nil, fmt.Errorf("evidence: with %q the members are larger than the file", member.Name)
		}
		total += member.UncompressedSize64
		seen[member.Name] = true
		content, err := read(member)
		if err != nil {
			return nil, fmt.Errorf("evidence: %q: %w", member.Name, err)
		}
		files = append(files, NewFile(member.Name, "", content))
	}
	return files, nil
}

func read(member *zip.File) ([]byte, error) {
	r, err := member.Open()
	if err != nil {
		return nil, err
	}
	defer r.Close()
	return io.ReadAll(r)
}

// verify checks the signature of the manifest and reads it.
func (p *Pack) verify() error {
	for _, name := range []string{ManifestFile, SignatureFile, KeyFile} {
		if p.files[name] == nil {
			return fmt.Errorf("evidence: no %s", name)
		}
	}
	key, err := ParseKey(p.files[KeyFile])
	if err != nil {
		return fmt.Errorf("evidence: %s: %w", KeyFile, err)
	}
	if !ed25519.Verify(key, p.files[ManifestFile], p.files[SignatureFile]) {
		return fmt.Errorf("evidence: %w: the signature of %s is bad", errTampered, ManifestFile)
	}
	dec := json.NewDecoder(bytes.NewReader(p.files[ManifestFile]))
	dec.DisallowUnknownFields()
	if err := dec.Decode(&p.Manifest); err != nil {
		return fmt.Errorf("evidence: %s: %w", ManifestFile, err)
	}
	id, err := KeyID(key)
	switch {
	case err != nil:
		return err
	case p.Manifest.Format != Format:
		return fmt.Errorf("evidence: format %q, want %s", p.Manifest.Format, Format)
	case p.Manifest.Signature != Signature{"Ed25519", id}:
		return fmt.Errorf("evidence: the manifest names the key %s (%s), the key in the pack is %s", p.Manifest.Signature.KeyID, p.Manifest.Signature.Algorithm, id)
	}
	p.Key = key
	return nil
}

// listed compares the members with the manifest, in both directions.
func (p *Pack) listed(members []File) error {
	left := map[string]File{}
	for _, f := range members {
		left[f.Path] = f
	}
	delete(left, ManifestFile)
	delete(left, SignatureFile)
	for _, want := range p.Manifest.Files {
		got, ok := left[want.Path]
		switch {
		case !ok:
			return fmt.Errorf("evidence: %w: %q is missing or listed twice", errTampered, want.Path)
		case got.SHA256 != want.SHA256 || got.Size != want.Size:
			return fmt.Errorf("evidence: %w: %q has the SHA-256 %s, not %s", errTampered, want.Path, got.SHA256, want.SHA256)
		}
		delete(left, want.Path)
	}
	for path := range left {
		return fmt.Errorf("evidence: %w: %q is not in the manifest", errTampered, path)
	}
	return nil
}

// File returns the content of a member, nil where there is none.
func (p *Pack) File(path string) []byte { return p.files[path] }

// Trust reports whether the pack is signed by one of the keys.
func (p *Pack) Trust(keys []ed25519.PublicKey) bool {
	return slices.ContainsFunc(keys, func(k ed25519.PublicKey) bool { return p.Key.Equal(k) })
}

// ParseKey reads an Ed25519 public key in PEM.
func ParseKey(text []byte) (ed25519.PublicKey, error) {
	block, _ := pem.Decode(text)
	if block == nil || block.Type != "PUBLIC KEY" {
		return nil, errors.New("no public key in PEM")
	}
	parsed, err := x509.ParsePKIXPublicKey(block.Bytes)
	if err != nil {
		return nil, err
	}
	key, ok := parsed.(ed25519.PublicKey)
	if !ok {
		return nil, fmt.Errorf("a key of type %T, not Ed25519", parsed)
	}
	return key, nil
}

// sum is the SHA-256 of a text, in hex.
func sum(text []byte) string {
	s := sha256.Sum256(text)
	return hex.EncodeToString(s[:])
}
