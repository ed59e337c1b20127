package keys

import (
	"crypto"
	"crypto/rsa"
	_ "crypto/sha1" // what openssl pkeyutl and browsers use for OAEP by default
	_ "crypto/sha256"
	"encoding/base64"
	"errors"
	"strings"
)

// The errors of Decrypt. Neither tells anything of what was decrypted.
var (
	ErrEncoding  = errors.New("it is not base64")
	ErrKey       = errors.New("it was not encrypted with a public key of ours (RSA-OAEP)")
	ErrPlaintext = errors.New("what was encrypted is not a single line of printable ASCII characters")
)

// oaep are the parameters that providers' tools use, the commonest first: the
// specification's openssl command means SHA-1.
func oaep() []rsa.OAEPOptions {
	return []rsa.OAEPOptions{
		{Hash: crypto.SHA1},
		{Hash: crypto.SHA256},
		{Hash: crypto.SHA256, MGFHash: crypto.SHA1}, // openssl -pkeyopt rsa_oaep_md:sha256 of old
	}
}

// Decrypt returns the secret of a ciphertext, in base64 of either alphabet with
// whatever line breaks. All keys are tried, the newest first. One line end after
// the secret, which echo adds, is dropped.
func (r *Ring) Decrypt(ciphertext string) (string, error) {
	raw, err := decodeBase64(ciphertext)
	if err != nil {
		return "", err
	}
	keys, err := r.of(Encryption)
	if err != nil {
		return "", err
	}
	for _, key := range keys {
		for _, options := range oaep() {
			plaintext, err := key.private.(*rsa.PrivateKey).Decrypt(nil, raw, &options)
			if err == nil {
				return clean(string(plaintext))
			}
		}
	}
	return "", ErrKey
}

func decodeBase64(s string) ([]byte, error) {
	s = strings.Join(strings.Fields(s), "")
	s = strings.NewReplacer("-", "+", "_", "/").Replace(strings.TrimRight(s, "="))
	raw, err := base64.RawStdEncoding.DecodeString(s)
	if err != nil || len(raw) == 0 {
		return nil, ErrEncoding
	}
	return raw, nil
}

// clean accepts what can be a header's value.
func clean(secret string) (string, error) {
	secret = strings.TrimSuffix(strings.TrimSuffix(secret, "\n"), "\r")
	if secret == "" || strings.ContainsFunc(secret, func(c rune) bool { return c < ' ' || c > '~' }) {
		return "", ErrPlaintext
	}
	return secret, nil
}
