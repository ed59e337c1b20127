package keys

import (
	"crypto/ed25519"
	"crypto/rsa"
	"crypto/x509"
	"encoding/base64"
	"encoding/pem"
	"fmt"
	"math/big"
)

// Set is a JSON Web Key Set of public keys (RFC 7517 §5).
type Set struct {
	Keys []JWK `json:"keys"`
}

// JWK is a public key. Alg is RSA-OAEP for encryption, and for signatures the
// name of the RFC 9421 registry.
type JWK struct {
	KeyType string `json:"kty"`
	ID      string `json:"kid"`
	Use     string `json:"use"` // "enc", "sig"
	Alg     string `json:"alg"`
	Curve   string `json:"crv,omitempty"`
	X       string `json:"x,omitempty"`
	N       string `json:"n,omitempty"`
	E       string `json:"e,omitempty"`
	PEM     string `json:"pem"` // SubjectPublicKeyInfo, for openssl
	Created string `json:"created"`
	Current bool   `json:"current"` // the newest of its kind
}

// PublicKeys returns the set that the aggregator publishes.
func (r *Ring) PublicKeys() (Set, error) {
	keys, err := r.Keys()
	if err != nil {
		return Set{}, err
	}
	set := Set{Keys: []JWK{}}
	for i, key := range keys {
		jwk, err := key.jwk()
		if err != nil {
			return Set{}, err
		}
		jwk.Current = i == 0 || keys[i-1].Purpose != key.Purpose
		set.Keys = append(set.Keys, jwk)
	}
	return set, nil
}

func (k Key) jwk() (JWK, error) {
	der, err := x509.MarshalPKIXPublicKey(k.private.Public())
	if err != nil {
		return JWK{}, fmt.Errorf("key %s: %w", k.ID, err)
	}
	jwk := JWK{ID: k.ID, Use: "sig", Alg: string(k.Purpose), Created: k.Created.Format("2006-01-02T15:04:05Z"),
		PEM: string(pem.EncodeToMemory(&pem.Block{Type: "PUBLIC KEY", Bytes: der}))}
	if k.Purpose == Encryption {
		jwk.Use, jwk.Alg = "enc", "RSA-OAEP"
	}
	switch public := k.private.Public().(type) {
	case ed25519.PublicKey:
		jwk.KeyType, jwk.Curve, jwk.X = "OKP", "Ed25519", base64.RawURLEncoding.EncodeToString(public)
	case *rsa.PublicKey:
		jwk.KeyType = "RSA"
		jwk.N = base64.RawURLEncoding.EncodeToString(public.N.Bytes())
		jwk.E = base64.RawURLEncoding.EncodeToString(big.NewInt(int64(public.E)).Bytes())
	}
	return jwk, nil
}
