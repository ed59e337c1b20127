package fetch

import (
	"context"
	"crypto"
	"net/http"
	"time"

	httpsig "github.com/remitly-oss/httpsig-go"
)

// Auth is one of the access kinds of the QualityLink data exchange
// specification: Header, ClientCredentials or Signature.
type Auth interface {
	// apply puts the credentials on a request to the source's own origin.
	apply(ctx context.Context, s *Session, r *http.Request) error
	// renew reports whether r, which was answered 401, deserves another try
	// with credentials that apply obtains anew.
	renew(s *Session, r *http.Request) bool
	// explain says in words what a status means for these credentials.
	explain(status int) string
}

// Header sends a secret in a header ("httpheader").
type Header struct {
	Field string
	Value string // in clear
}

func (a Header) apply(_ context.Context, _ *Session, r *http.Request) error {
	r.Header.Set(a.Field, a.Value)
	return nil
}

func (Header) renew(*Session, *http.Request) bool { return false }

func (a Header) explain(status int) string {
	if status == http.StatusUnauthorized || status == http.StatusForbidden {
		return "the server does not accept the secret of the manifest in the header " + a.Field
	}
	return ""
}

// signatureTag and signatureLifetime are what the specification asks of a
// signature; five minutes tolerate clocks that differ, an hour is the maximum.
const (
	signatureTag      = "qualitylink-v1"
	signatureLifetime = 5 * time.Minute
)

// Signature signs every request ("httpsig", RFC 9421): the component
// @authority, which is what verifiers are promised, and nothing more.
type Signature struct {
	Algorithm string // "ed25519" or "rsa-pss-sha512"
	KeyID     string
	Key       crypto.PrivateKey
}

func (a Signature) apply(_ context.Context, _ *Session, r *http.Request) error {
	err := httpsig.Sign(r, httpsig.SigningProfile{
		Algorithm:       httpsig.Algorithm(a.Algorithm),
		Fields:          httpsig.Fields("@authority"),
		Metadata:        []httpsig.Metadata{httpsig.MetaCreated, httpsig.MetaExpires, httpsig.MetaKeyID, httpsig.MetaAlgorithm, httpsig.MetaTag},
		ExpiresDuration: signatureLifetime,
	}, httpsig.SigningKey{Key: a.Key, MetaKeyID: a.KeyID, MetaTag: signatureTag})
	if err != nil {
		return &AuthError{"HTTP message signature", err.Error()}
	}
	return nil
}

func (Signature) renew(*Session, *http.Request) bool { return false }

func (Signature) explain(status int) string {
	switch status {
	case http.StatusUnauthorized:
		return "the server found no signature, or none that it accepts"
	case http.StatusForbidden:
		return "the server does not take the signature for authentic: does it know our public key?"
	case http.StatusBadRequest:
		return "the server found the request or its signature malformed"
	}
	return ""
}
