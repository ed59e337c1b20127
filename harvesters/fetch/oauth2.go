package fetch

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"sync"
	"time"

	"golang.org/x/oauth2"
	"golang.org/x/oauth2/clientcredentials"
)

// ClientCredentials obtains access tokens ("oauth2.0", RFC 6749 §4.4): the
// client is named by HTTP Basic first, in the form where the server does not
// take that. A token serves all sessions of a Client until it expires.
type ClientCredentials struct {
	TokenEndpoint string
	ClientID      string
	ClientSecret  string // in clear
	Scope         string
}

// A token is not used in its last minute, which a request may take; servers
// that do not say how long a token lives get asked again after five.
const (
	tokenMargin   = time.Minute
	tokenLifetime = 5 * time.Minute
)

// tokenKey says for what a token was issued. It holds the secret so that a
// changed one does not find the old one's token.
type tokenKey struct{ endpoint, id, secret, scope string }

// tokenSlot holds the current token; its lock makes concurrent requests wait
// for one answer.
type tokenSlot struct {
	mu     sync.Mutex
	token  string
	expiry time.Time
}

func (a ClientCredentials) key() tokenKey {
	return tokenKey{a.TokenEndpoint, a.ClientID, a.ClientSecret, a.Scope}
}

func (c *Client) slot(k tokenKey) *tokenSlot {
	c.mu.Lock()
	defer c.mu.Unlock()
	slot := c.tokens[k]
	if slot == nil {
		slot = &tokenSlot{}
		c.tokens[k] = slot
	}
	return slot
}

func (a ClientCredentials) apply(ctx context.Context, s *Session, r *http.Request) error {
	slot := s.client.slot(a.key())
	slot.mu.Lock()
	defer slot.mu.Unlock()
	now := s.client.config.Now()
	if slot.token == "" || !now.Before(slot.expiry) {
		token, lifetime, err := a.fetch(ctx, s)
		if err != nil {
			return err
		}
		slot.token, slot.expiry = token, now.Add(lifetime)
	}
	r.Header.Set("Authorization", "Bearer "+slot.token)
	return nil
}

// renew forgets the token that r carried, unless another request did so first.
func (a ClientCredentials) renew(s *Session, r *http.Request) bool {
	slot := s.client.slot(a.key())
	slot.mu.Lock()
	defer slot.mu.Unlock()
	if r.Header.Get("Authorization") == "Bearer "+slot.token {
		slot.token = ""
	}
	return true
}

func (a ClientCredentials) explain(status int) string {
	switch status {
	case http.StatusUnauthorized:
		return "the server does not accept the access token of " + a.TokenEndpoint
	case http.StatusForbidden:
		return "the access token does not give access; is the scope right?"
	}
	return ""
}

// fetch asks the token endpoint for a token and how long to use it.
func (a ClientCredentials) fetch(ctx context.Context, s *Session) (string, time.Duration, error) {
	endpoint, err := parseURL(a.TokenEndpoint)
	if err != nil {
		return "", 0, &AuthError{"token endpoint", err.Error()}
	}
	if endpoint.Scheme != "https" && !s.client.config.PlainTokens {
		return "", 0, a.failure("it is not https, and the client's secret would travel in clear")
	}
	token, err := a.ask(ctx, s, oauth2.AuthStyleInHeader)
	var answer *oauth2.RetrieveError
	if errors.As(err, &answer) && answer.Response.StatusCode < 500 {
		if inForm, formErr := a.ask(ctx, s, oauth2.AuthStyleInParams); formErr == nil {
			token, err = inForm, nil
		}
	}
	if err != nil {
		return "", 0, a.failure(reason(err))
	}
	lifetime := time.Duration(token.ExpiresIn) * time.Second
	if lifetime <= 0 {
		lifetime = tokenLifetime
	}
	return token.AccessToken, lifetime - min(tokenMargin, lifetime/2), nil
}

// ask asks with the client named in one way, without the scope too where the
// server does not know that.
func (a ClientCredentials) ask(ctx context.Context, s *Session, style oauth2.AuthStyle) (*oauth2.Token, error) {
	client := &http.Client{
		Transport: tokenTransport{s},
		Timeout:   s.limits.FirstByte,
		CheckRedirect: func(*http.Request, []*http.Request) error {
			return errTokenRedirect
		},
	}
	ctx = context.WithValue(ctx, oauth2.HTTPClient, client)
	config := clientcredentials.Config{ClientID: a.ClientID, ClientSecret: a.ClientSecret, TokenURL: a.TokenEndpoint, AuthStyle: style}
	if a.Scope != "" {
		config.Scopes = []string{a.Scope}
	}
	token, err := config.Token(ctx)
	var answer *oauth2.RetrieveError
	if errors.As(err, &answer) && answer.ErrorCode == "invalid_scope" && a.Scope != "" {
		config.Scopes = nil
		return config.Token(ctx)
	}
	return token, err
}

var errTokenRedirect = errors.New("it redirects, and a secret is not sent on")

// tokenTransport counts the token requests with the session's.
type tokenTransport struct{ session *Session }

func (t tokenTransport) RoundTrip(r *http.Request) (*http.Response, error) {
	r.Header.Set("User-Agent", t.session.client.config.UserAgent)
	r.Header.Set("Accept", "application/json")
	return t.session.roundTrip(r)
}

// reason says why there is no token, in the standard's own codes: the
// description could echo the secret.
func reason(err error) string {
	var answer *oauth2.RetrieveError
	if errors.As(err, &answer) {
		if known(answer.ErrorCode) {
			return fmt.Sprintf("HTTP status %d, %s", answer.Response.StatusCode, answer.ErrorCode)
		}
		return fmt.Sprintf("HTTP status %d", answer.Response.StatusCode)
	}
	var failed *url.Error
	if errors.As(err, &failed) {
		return plain(failed.Err)
	}
	return "the answer holds no access token"
}

// known reports whether code is one of RFC 6749 §5.2.
func known(code string) bool {
	switch code {
	case "invalid_request", "invalid_client", "invalid_grant", "unauthorized_client", "unsupported_grant_type", "invalid_scope":
		return true
	}
	return false
}

func (a ClientCredentials) failure(why string) error {
	return &AuthError{"token endpoint " + a.TokenEndpoint, why}
}
