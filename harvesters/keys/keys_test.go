package keys_test

import (
	"crypto/ed25519"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha1"
	"crypto/sha256"
	"crypto/x509"
	"encoding/base64"
	"encoding/json"
	"encoding/pem"
	"errors"
	"hash"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"qlgraph/harvesters/keys"
)

// encrypt encrypts for the ring's current encryption key, as a provider would
// with what /keys says.
func encrypt(t *testing.T, set keys.Set, h hash.Hash, plaintext string) []byte {
	t.Helper()
	for _, k := range set.Keys {
		if k.Use != "enc" || !k.Current {
			continue
		}
		block, _ := pem.Decode([]byte(k.PEM))
		public, err := x509.ParsePKIXPublicKey(block.Bytes)
		if err != nil {
			t.Fatal(err)
		}
		out, err := rsa.EncryptOAEP(h, rand.Reader, public.(*rsa.PublicKey), []byte(plaintext), nil)
		if err != nil {
			t.Fatal(err)
		}
		return out
	}
	t.Fatal("no encryption key")
	return nil
}

func TestRing(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "keys")
	now := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
	ring := keys.Open(dir, func() time.Time { return now })
	set, err := ring.PublicKeys()
	if err != nil {
		t.Fatal(err)
	}
	std := base64.StdEncoding.EncodeToString
	first := encrypt(t, set, sha1.New(), "s3cret")
	wrapped := std(first)[:76] + "\n" + std(first)[76:] + "\n"
	for name, ciphertext := range map[string]string{
		"sha-1":    std(first),
		"sha-256":  std(encrypt(t, set, sha256.New(), "s3cret")),
		"newline":  std(encrypt(t, set, sha1.New(), "s3cret\n")),
		"wrapped":  wrapped,
		"folded":   strings.ReplaceAll(wrapped, "\n", " "),
		"url-safe": base64.RawURLEncoding.EncodeToString(first),
	} {
		if got, err := ring.Decrypt(ciphertext); err != nil || got != "s3cret" {
			t.Errorf("%s: %q, %v", name, got, err)
		}
	}
	for name, test := range map[string]struct {
		ciphertext string
		want       error
	}{
		"no base64":    {"!!!", keys.ErrEncoding},
		"empty":        {"", keys.ErrEncoding},
		"plain secret": {std([]byte("s3cret")), keys.ErrKey},
		"two lines":    {std(encrypt(t, set, sha1.New(), "a\r\nX-Evil: 1")), keys.ErrPlaintext},
		"not ASCII":    {std(encrypt(t, set, sha1.New(), "schlüssel")), keys.ErrPlaintext},
		"nothing":      {std(encrypt(t, set, sha1.New(), "\n")), keys.ErrPlaintext},
	} {
		if _, err := ring.Decrypt(test.ciphertext); !errors.Is(err, test.want) {
			t.Errorf("%s: %v, want %v", name, err, test.want)
		}
	}

	now = now.AddDate(1, 0, 0)
	if _, err := ring.Rotate(keys.Encryption); err != nil {
		t.Fatal(err)
	}
	again := keys.Open(dir, nil)
	if got, err := again.Decrypt(std(first)); err != nil || got != "s3cret" {
		t.Errorf("a secret for the older key: %q, %v", got, err)
	}
	set, err = again.PublicKeys()
	if err != nil {
		t.Fatal(err)
	}
	if got, err := again.Decrypt(std(encrypt(t, set, sha1.New(), "new"))); err != nil || got != "new" {
		t.Errorf("a secret for the new key: %q, %v", got, err)
	}
	checkSet(t, set)
	checkFiles(t, dir, 4)
}

// checkSet checks what is published: four public keys, and no private part.
func checkSet(t *testing.T, set keys.Set) {
	t.Helper()
	text, err := json.Marshal(set)
	if err != nil {
		t.Fatal(err)
	}
	if strings.Contains(string(text), "PRIVATE") || strings.Contains(string(text), `"d":`) {
		t.Errorf("private parts: %s", text)
	}
	current := map[string]int{}
	for _, k := range set.Keys {
		if k.Current {
			current[k.Use+" "+k.Alg]++
		}
	}
	for _, want := range []string{"enc RSA-OAEP", "sig ed25519", "sig rsa-pss-sha512"} {
		if current[want] != 1 {
			t.Errorf("%d current keys for %s", current[want], want)
		}
	}
	if len(set.Keys) != 4 {
		t.Errorf("%d keys, want 4", len(set.Keys))
	}
}

func checkFiles(t *testing.T, dir string, want int) {
	t.Helper()
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	if len(entries) != want {
		t.Errorf("%d files, want %d", len(entries), want)
	}
	for _, e := range entries {
		info, err := e.Info()
		if err != nil {
			t.Fatal(err)
		}
		if info.Mode().Perm() != 0o600 {
			t.Errorf("%s has the mode %o", e.Name(), info.Mode().Perm())
		}
	}
	file := filepath.Join(dir, entries[0].Name())
	if err := os.Chmod(file, 0o644); err != nil {
		t.Fatal(err)
	}
	if _, err := keys.Open(dir, nil).Keys(); err == nil || !strings.Contains(err.Error(), "readable by others") {
		t.Errorf("a key that others can read: %v", err)
	}
}

func TestSigningKey(t *testing.T) {
	ring := keys.Open(t.TempDir(), nil)
	key, id, err := ring.SigningKey("ed25519")
	if err != nil || len(id) != 16 {
		t.Fatalf("%q, %v", id, err)
	}
	if _, ok := key.(ed25519.PrivateKey); !ok {
		t.Errorf("a %T for ed25519", key)
	}
	if key, _, err = ring.SigningKey("rsa-pss-sha512"); err != nil {
		t.Fatal(err)
	}
	if _, ok := key.(*rsa.PrivateKey); !ok {
		t.Errorf("a %T for rsa-pss-sha512", key)
	}
	if _, _, err := ring.SigningKey("hmac-sha256"); err == nil {
		t.Error("a key for hmac-sha256")
	}
}

// A key that another process made is used at once, and what was encrypted for
// the one before is still decrypted.
func TestRotationByAnotherProcess(t *testing.T) {
	dir := t.TempDir()
	now := func() time.Time { return time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC) } // the same second for both keys
	serving, command := keys.Open(dir, now), keys.Open(dir, now)
	before, err := serving.PublicKeys()
	if err != nil {
		t.Fatal(err)
	}
	old := encrypt(t, before, sha1.New(), "s3cret")
	made, err := command.Rotate(keys.Encryption)
	if err != nil {
		t.Fatal(err)
	}
	after, err := serving.PublicKeys()
	if err != nil {
		t.Fatal(err)
	}
	current := ""
	for _, k := range after.Keys {
		if k.Use == "enc" && k.Current {
			current = k.ID
		}
	}
	if len(after.Keys) != len(before.Keys)+1 || current != made.ID {
		t.Errorf("the current key is %s of %d, want %s of %d", current, len(after.Keys), made.ID, len(before.Keys)+1)
	}
	for name, ciphertext := range map[string][]byte{"old": old, "new": encrypt(t, after, sha256.New(), "s3cret")} {
		if secret, err := serving.Decrypt(base64.StdEncoding.EncodeToString(ciphertext)); err != nil || secret != "s3cret" {
			t.Errorf("%s: %q, %v", name, secret, err)
		}
	}
}
