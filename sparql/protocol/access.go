package protocol

import (
	"net/http"
	"strings"
)

// Authorizer knows access tokens.
type Authorizer interface {
	// Authorize returns what the holder of token may do. It compares in constant
	// time.
	Authorize(token string) Permission
}

// Permission is what a client may do.
type Permission uint8

// The permissions; each includes those before it.
const (
	Stranger Permission = iota // no token, or an unknown one: reads, within the rates
	Known                      // a valid token: reads without rates
	MayWrite                   // updates, and writes graphs
)

// permission reads the Authorization header: a bearer token (RFC 6750), or HTTP
// Basic with the token as its password (RFC 7617).
func (x *exchange) permission() Permission {
	if x.config.Authorizer == nil {
		return Stranger
	}
	if _, password, ok := x.r.BasicAuth(); ok {
		return x.config.Authorizer.Authorize(password)
	}
	scheme, token, _ := strings.Cut(x.r.Header.Get("Authorization"), " ")
	if !strings.EqualFold(scheme, "Bearer") || token == "" {
		return Stranger
	}
	return x.config.Authorizer.Authorize(strings.TrimSpace(token))
}

// mayWrite refuses whoever may not change the dataset.
func (x *exchange) mayWrite() error {
	x.token = x.permission()
	switch {
	case x.config.Writer == nil:
		return &failure{status: http.StatusForbidden, kind: "readonly", detail: "this server accepts no changes"}
	case x.token == MayWrite && x.forged():
		return &failure{status: http.StatusForbidden, kind: "forged", detail: "a page of another site sent this request"}
	case x.token == MayWrite:
		return nil
	case x.token == Known:
		return &failure{status: http.StatusForbidden, kind: "permission", detail: "this token does not allow changes"}
	}
	return &failure{
		status: http.StatusUnauthorized, kind: "unauthorized", detail: "a change needs an access token",
		header: map[string]string{"WWW-Authenticate": `Bearer realm="qlgraph", Basic realm="qlgraph", charset="UTF-8"`},
	}
}

// forged reports a form that another site made a browser send, to which the
// browser adds Basic credentials that it remembers. Bearer tokens it cannot add.
func (x *exchange) forged() bool {
	_, _, basic := x.r.BasicAuth()
	return basic && x.r.Header.Get("Sec-Fetch-Site") == "cross-site"
}
