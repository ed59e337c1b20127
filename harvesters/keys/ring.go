package keys

import (
	"crypto"
	"crypto/ed25519"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/x509"
	"encoding/hex"
	"encoding/pem"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"time"

	"golang.org/x/sync/errgroup"
)

// Purpose is what a key is for.
type Purpose string

// The purposes. Each has a key, and after a rotation older ones.
const (
	Encryption     Purpose = "encryption"      // RSA-OAEP, for providers' secrets
	SigningEd25519 Purpose = "ed25519"         // RFC 9421 ed25519
	SigningRSA     Purpose = "rsa-pss-sha512"  // RFC 9421 rsa-pss-sha512
	rsaBits                = 3072              // as strong as AES-128 (NIST SP 800-57); holds secrets of 342 bytes
	fileMode               = 0o600             // of private keys
	dirMode                = 0o700             // of their directory
	timeLayout             = "20060102T150405" // in file names
)

// Purposes returns all purposes.
func Purposes() []Purpose { return []Purpose{Encryption, SigningEd25519, SigningRSA} }

// Valid reports whether there are keys for p.
func Valid(p Purpose) bool { return slices.Contains(Purposes(), p) }

// Key is a key pair.
type Key struct {
	Purpose Purpose
	ID      string // first 16 hex digits of SHA-256 over the public key (SPKI, DER)
	Created time.Time
	private crypto.Signer
}

// Ring is the keys in a directory.
type Ring struct {
	dir string
	now func() time.Time

	mu   sync.Mutex
	keys []Key     // nil until loaded; by purpose, newest first
	read time.Time // the directory's time of change when they were
}

// Open returns the ring of a directory, which is read, or made, when a key is
// first needed. now is the clock, nil for time.Now.
func Open(dir string, now func() time.Time) *Ring {
	if now == nil {
		now = time.Now
	}
	return &Ring{dir: dir, now: now}
}

// Keys returns all keys: those of a purpose together, newest first. Keys that
// another process made since are among them.
func (r *Ring) Keys() ([]Key, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if err := r.refresh(); err != nil {
		return nil, err
	}
	return slices.Clone(r.keys), nil
}

// refresh reads the directory unless it is as it was.
func (r *Ring) refresh() error {
	var changed time.Time // zero where there is no directory yet
	if info, err := os.Stat(r.dir); err == nil {
		changed = info.ModTime()
	}
	if r.keys != nil && changed.Equal(r.read) {
		return nil
	}
	if err := r.load(); err != nil {
		return err
	}
	r.read = changed
	return nil
}

// of returns the keys of a purpose, newest first.
func (r *Ring) of(p Purpose) ([]Key, error) {
	keys, err := r.Keys()
	return slices.DeleteFunc(keys, func(k Key) bool { return k.Purpose != p }), err
}

// Rotate makes a new key for a purpose. The older ones stay: encryption keys to
// decrypt, signing keys so that verifiers that have not fetched the new one
// still find the id that they know.
func (r *Ring) Rotate(p Purpose) (Key, error) {
	if !Valid(p) {
		return Key{}, fmt.Errorf("no keys for %q: one of %v", p, Purposes())
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	if err := r.refresh(); err != nil {
		return Key{}, err
	}
	made := r.now().UTC().Truncate(time.Second)
	for _, k := range r.keys {
		if k.Purpose == p && !k.Created.Before(made) {
			made = k.Created.Add(time.Second) // the newest is the one that is used
		}
	}
	key, err := r.create(p, made)
	if err != nil {
		return Key{}, err
	}
	r.keys = append(r.keys, key)
	r.sort()
	return key, nil
}

// load reads the directory and makes the keys that are missing.
func (r *Ring) load() error {
	if err := os.MkdirAll(r.dir, dirMode); err != nil {
		return fmt.Errorf("keys: %w", err)
	}
	files, err := filepath.Glob(filepath.Join(r.dir, "*.pem"))
	if err != nil {
		return fmt.Errorf("keys: %w", err)
	}
	var keys []Key
	for _, file := range files {
		key, err := read(file)
		if err != nil {
			return fmt.Errorf("key %s: %w", filepath.Base(file), err)
		}
		keys = append(keys, key)
	}
	made := make([]Key, len(Purposes()))
	var group errgroup.Group // RSA keys take a second each
	for i, p := range Purposes() {
		if !slices.ContainsFunc(keys, func(k Key) bool { return k.Purpose == p }) {
			group.Go(func() (err error) {
				made[i], err = r.create(p, r.now().UTC().Truncate(time.Second))
				return err
			})
		}
	}
	if err := group.Wait(); err != nil {
		return err
	}
	r.keys = append(keys, slices.DeleteFunc(made, func(k Key) bool { return k.private == nil })...)
	r.sort()
	return nil
}

func (r *Ring) sort() {
	slices.SortStableFunc(r.keys, func(a, b Key) int {
		if c := strings.Compare(string(a.Purpose), string(b.Purpose)); c != 0 {
			return c
		}
		return b.Created.Compare(a.Created)
	})
}

// create makes a key and its file.
func (r *Ring) create(p Purpose, at time.Time) (Key, error) {
	var private crypto.Signer
	var err error
	if p == SigningEd25519 {
		_, private, err = ed25519.GenerateKey(rand.Reader)
	} else {
		private, err = rsa.GenerateKey(rand.Reader, rsaBits)
	}
	if err != nil {
		return Key{}, fmt.Errorf("make %s key: %w", p, err)
	}
	key, err := newKey(p, private, at)
	if err != nil {
		return Key{}, err
	}
	der, err := x509.MarshalPKCS8PrivateKey(private)
	if err != nil {
		return Key{}, fmt.Errorf("make %s key: %w", p, err)
	}
	name := fmt.Sprintf("%s_%s_%s.pem", p, key.Created.Format(timeLayout), key.ID)
	if err := write(filepath.Join(r.dir, name), pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: der})); err != nil {
		return Key{}, fmt.Errorf("keep %s key: %w", p, err)
	}
	return key, nil
}

// write makes a file that is complete or not there.
func write(name string, data []byte) (err error) {
	f, err := os.CreateTemp(filepath.Dir(name), ".new-*") // mode 0600
	if err != nil {
		return err
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, os.Remove(f.Name()))
		}
	}()
	_, err = f.Write(data)
	err = errors.Join(err, f.Chmod(fileMode), f.Sync(), f.Close())
	if err != nil {
		return err
	}
	return os.Rename(f.Name(), name)
}

// read reads a key file: purpose_time_id.pem.
func read(file string) (Key, error) {
	info, err := os.Stat(file)
	if err != nil {
		return Key{}, err
	}
	if info.Mode().Perm()&0o077 != 0 {
		return Key{}, fmt.Errorf("is readable by others (mode %04o): chmod 600", info.Mode().Perm())
	}
	parts := strings.Split(strings.TrimSuffix(filepath.Base(file), ".pem"), "_")
	if len(parts) != 3 {
		return Key{}, errors.New("the name is not purpose_time_id.pem")
	}
	created, err := time.Parse(timeLayout, parts[1])
	if err != nil {
		return Key{}, err
	}
	text, err := os.ReadFile(file)
	if err != nil {
		return Key{}, err
	}
	block, _ := pem.Decode(text)
	if block == nil {
		return Key{}, errors.New("not a PEM file")
	}
	private, err := x509.ParsePKCS8PrivateKey(block.Bytes)
	if err != nil {
		return Key{}, err
	}
	signer, ok := private.(crypto.Signer)
	if !ok {
		return Key{}, fmt.Errorf("a key of type %T", private)
	}
	return newKey(Purpose(parts[0]), signer, created)
}

func newKey(p Purpose, private crypto.Signer, created time.Time) (Key, error) {
	_, isRSA := private.(*rsa.PrivateKey)
	if !slices.Contains(Purposes(), p) || isRSA == (p == SigningEd25519) {
		return Key{}, fmt.Errorf("a key of type %T is not for %q", private, p)
	}
	der, err := x509.MarshalPKIXPublicKey(private.Public())
	if err != nil {
		return Key{}, err
	}
	sum := sha256.Sum256(der)
	return Key{Purpose: p, ID: hex.EncodeToString(sum[:8]), Created: created, private: private}, nil
}

// SigningKey returns the newest private key for an HTTP signature algorithm and
// its id.
func (r *Ring) SigningKey(algorithm string) (crypto.PrivateKey, string, error) {
	if algorithm != string(SigningEd25519) && algorithm != string(SigningRSA) {
		return nil, "", fmt.Errorf("requests cannot be signed with %.40q: offered are %s and %s", algorithm, SigningEd25519, SigningRSA)
	}
	keys, err := r.of(Purpose(algorithm))
	if err != nil {
		return nil, "", err
	}
	return keys[0].private, keys[0].ID, nil
}
