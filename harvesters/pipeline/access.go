package pipeline

import (
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"net/url"
	"strings"

	"qlgraph/graph"
	"qlgraph/harvesters"
	"qlgraph/harvesters/discover"
	"qlgraph/harvesters/fetch"
	"qlgraph/harvesters/registry"
)

// errWaiting means that credentials have to come out of band and have not.
var errWaiting = errors.New("waiting for credentials")

// eduScope is what Edu-API sources are asked for where the manifest names no
// scope: everything but persons.
const eduScope = "http://purl.1edtech.org/spec/eduapi/v1p0/scope/core.readonly"

// auth turns the access that a manifest describes into credentials. It returns
// errWaiting, or an error that fails the source: never a source is asked
// without the credentials that it wants.
func (r *Run) auth(ctx context.Context, p plan) (fetch.Auth, error) {
	a := p.entry.Auth
	switch a.Kind {
	case discover.Open:
		return nil, nil
	case discover.HTTPHeader:
		if !a.Complete() {
			return nil, fmt.Errorf("%w: the manifest gives no secret for the header", errWaiting)
		}
		secret, err := r.secret(ctx, p, a.Value, p.entry.Path)
		if err != nil {
			return nil, err
		}
		return fetch.Header{Field: a.Field, Value: secret}, nil
	case discover.OAuth2:
		return r.clientCredentials(ctx, p)
	case discover.HTTPSig:
		return r.signature(a.Algorithm)
	}
	return nil, fmt.Errorf("unknown access %q", a.Kind)
}

func (r *Run) clientCredentials(ctx context.Context, p plan) (fetch.Auth, error) {
	a := p.entry.Auth
	c := fetch.ClientCredentials{TokenEndpoint: a.TokenEndpoint, ClientID: a.ClientID, Scope: a.Scope}
	if a.Complete() {
		secret, err := r.secret(ctx, p, a.ClientSecret, a.TokenEndpoint)
		if err != nil {
			return nil, err
		}
		c.ClientSecret = secret
	} else {
		client, ok := outOfBand(p.institution.OAuth, a.TokenEndpoint)
		if !ok {
			return nil, fmt.Errorf("%w: the manifest gives no OAuth client, and none is configured", errWaiting)
		}
		c.TokenEndpoint, c.ClientID, c.ClientSecret = client.TokenEndpoint, client.ClientID, client.Secret
		if c.Scope == "" {
			c.Scope = client.Scope
		}
	}
	if c.Scope == "" && p.source.Format == harvesters.EduAPI {
		c.Scope = eduScope
	}
	return c, nil
}

// outOfBand finds the configured client for a token endpoint. A manifest that
// names another endpoint does not get the secret.
func outOfBand(clients []registry.OAuthClient, endpoint string) (registry.OAuthClient, bool) {
	for _, c := range clients {
		if c.Secret != "" && (endpoint == "" || c.TokenEndpoint == endpoint) {
			return c, true
		}
	}
	return registry.OAuthClient{}, false
}

func (r *Run) signature(algorithm string) (fetch.Auth, error) {
	if algorithm == "" {
		algorithm = "ed25519"
	}
	if r.pipeline.config.Keys == nil {
		return nil, errors.New("there is no key to sign requests with")
	}
	key, id, err := r.pipeline.config.Keys.SigningKey(algorithm)
	if err != nil {
		return nil, err
	}
	return fetch.Signature{Algorithm: algorithm, KeyID: id, Key: key}, nil
}

// secret decrypts a ciphertext that is to be sent to the host of target. A
// ciphertext says nothing of whom it is for: anybody could copy it into a
// manifest of their own and be sent the secret. So it belongs to the host with
// which it was first seen.
func (r *Run) secret(ctx context.Context, p plan, ciphertext, target string) (string, error) {
	u, err := url.Parse(target)
	if err != nil {
		return "", err
	}
	name := ciphertextName(ciphertext)
	bound := secretState{Host: strings.ToLower(u.Host), Provider: p.institution.Key(), Seen: r.pipeline.config.Now()}
	err = update(ctx, r.pipeline.config.Dataset, func(_ graph.Tx, l graph.LedgerTx) error {
		var known secretState
		switch found, err := get(l, tableSecret, name, &known); {
		case err != nil:
			return err
		case !found:
			return set(l, tableSecret, name, bound)
		case known.Host != bound.Host:
			return fmt.Errorf("the encrypted secret was first seen for %s and is not sent to %s: encrypt a secret of your own", known.Host, bound.Host)
		}
		return nil
	})
	if err != nil {
		return "", err
	}
	if r.pipeline.config.Keys == nil {
		return "", errors.New("there is no key to decrypt the manifest's secret with")
	}
	secret, err := r.pipeline.config.Keys.Decrypt(ciphertext)
	if err != nil {
		return "", fmt.Errorf("the manifest's secret cannot be decrypted: %w", err)
	}
	return secret, nil
}

// CopySecretOwners copies which host each ciphertext belongs to from one dataset
// to another, so that a dry run in the other sends none elsewhere.
func CopySecretOwners(ctx context.Context, to graph.Writer, from graph.Dataset) error {
	var entries entryList
	err := view(ctx, from, func(l graph.Ledger) error {
		for entry, err := range l.Values(tableSecret, "") {
			if err != nil {
				return err
			}
			entries.add(tableSecret, entry.Key, entry.Value)
		}
		return nil
	})
	if err != nil {
		return err
	}
	return update(ctx, to, func(_ graph.Tx, l graph.LedgerTx) error { return entries.write(l) })
}

// ciphertextName names a ciphertext whatever its line breaks and alphabet.
func ciphertextName(s string) string {
	s = strings.Join(strings.Fields(s), "")
	s = strings.NewReplacer("-", "+", "_", "/").Replace(strings.TrimRight(s, "="))
	if raw, err := base64.RawStdEncoding.DecodeString(s); err == nil {
		return digest(raw)
	}
	return digest([]byte(s))
}
