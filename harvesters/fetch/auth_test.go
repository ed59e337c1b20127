package fetch_test

import (
	"crypto/ed25519"
	"crypto/rand"
	"crypto/rsa"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	httpsig "github.com/remitly-oss/httpsig-go"
	"github.com/remitly-oss/httpsig-go/keyman"

	"qlgraph/harvesters/fetch"
)

// tokenServer issues tokens t1, t2, … to a client whose id and secret need
// escaping, and answers 401 to requests whose token is not the latest.
type tokenServer struct {
	inForm  bool // take the client's name in the form only
	scopes  string
	issued  int
	revoked bool
	expires int
}

const clientID, clientSecret = "uni a", "s3:cr+t/ü"

func (s *tokenServer) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if r.URL.Path != "/token" {
		if s.revoked || r.Header.Get("Authorization") != fmt.Sprintf("Bearer t%d", s.issued) {
			s.revoked = false
			w.WriteHeader(http.StatusUnauthorized)
		}
		return
	}
	r.ParseForm()
	w.Header().Set("Content-Type", "application/json")
	id, secret, basic := r.BasicAuth()
	if basic {
		id, _ = url.QueryUnescape(id)
		secret, _ = url.QueryUnescape(secret)
	} else {
		id, secret = r.PostForm.Get("client_id"), r.PostForm.Get("client_secret")
	}
	switch {
	case basic == s.inForm, id != clientID, secret != clientSecret, r.PostForm.Get("grant_type") != "client_credentials":
		w.WriteHeader(http.StatusUnauthorized)
		json.NewEncoder(w).Encode(map[string]any{"error": "invalid_client", "error_description": "you sent " + secret})
	case r.PostForm.Get("scope") != s.scopes:
		w.WriteHeader(http.StatusBadRequest)
		json.NewEncoder(w).Encode(map[string]any{"error": "invalid_scope"})
	default:
		s.issued++
		json.NewEncoder(w).Encode(map[string]any{"access_token": fmt.Sprintf("t%d", s.issued), "token_type": "bearer", "expires_in": s.expires})
	}
}

func TestClientCredentials(t *testing.T) {
	for name, test := range map[string]struct {
		server tokenServer
		scope  string
	}{
		"basic":         {tokenServer{expires: 3600}, ""},
		"form":          {tokenServer{expires: 3600, inForm: true}, ""},
		"scope":         {tokenServer{expires: 3600, scopes: "core.readonly"}, "core.readonly"},
		"unknown scope": {tokenServer{expires: 3600}, "core.readonly"},
	} {
		t.Run(name, func(t *testing.T) {
			provider := test.server
			server := serve(t, provider.ServeHTTP)
			clock := newClock()
			client := newClient(t, clock, fetch.Limits{})
			access := func() {
				t.Helper()
				s, err := client.Session(fetch.Target{Path: server.URL, Auth: fetch.ClientCredentials{
					TokenEndpoint: server.URL + "/token", ClientID: clientID, ClientSecret: clientSecret, Scope: test.scope}})
				if err != nil {
					t.Fatal(err)
				}
				if _, err := get(t, s, server.URL+"/courses"); err != nil {
					t.Fatal(err)
				}
			}
			steps := []struct {
				event  func()
				issued int
			}{
				{func() {}, 1},
				{func() {}, 1}, // cached, over sessions too
				{func() { provider.revoked = true }, 2},
				{func() { clock.Sleep(t.Context(), time.Hour) }, 3},
			}
			for i, step := range steps {
				step.event()
				access()
				if provider.issued != step.issued {
					t.Errorf("step %d: %d tokens issued, want %d", i, provider.issued, step.issued)
				}
			}
		})
	}
}

func TestTokenEndpointFailures(t *testing.T) {
	provider := &tokenServer{expires: 60}
	server := serve(t, provider.ServeHTTP)
	away := serve(t, func(w http.ResponseWriter, r *http.Request) {
		http.Redirect(w, r, server.URL+"/token", http.StatusTemporaryRedirect)
	})
	for name, test := range map[string]struct {
		endpoint, secret, want string
	}{
		"wrong secret": {server.URL + "/token", "wr0ng", "invalid_client"},
		"redirect":     {away.URL, clientSecret, "redirects"},
		"loopback":     {"http://169.254.169.254/token", clientSecret, "refused to connect"},
		"no URL":       {"token", clientSecret, "not an http"},
	} {
		s := session(t, fetch.Target{Path: server.URL, Auth: fetch.ClientCredentials{TokenEndpoint: test.endpoint, ClientID: clientID, ClientSecret: test.secret}})
		_, err := get(t, s, server.URL+"/courses")
		var auth *fetch.AuthError
		if !errors.As(err, &auth) || !strings.Contains(err.Error(), test.want) {
			t.Errorf("%s: %v, want %q", name, err, test.want)
		}
		if strings.Contains(err.Error(), test.secret) {
			t.Errorf("%s: the error tells the secret: %v", name, err)
		}
	}
}

func TestPlainTokenEndpointIsRefused(t *testing.T) {
	server := serve(t, func(http.ResponseWriter, *http.Request) { t.Error("asked") })
	client := fetch.New(fetch.Config{Network: network()})
	s, err := client.Session(fetch.Target{Path: server.URL, Auth: fetch.ClientCredentials{TokenEndpoint: server.URL + "/token", ClientID: "a", ClientSecret: "b"}})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := get(t, s, server.URL); err == nil || !strings.Contains(err.Error(), "not https") {
		t.Errorf("got %v", err)
	}
}

func TestSignature(t *testing.T) {
	edPublic, edPrivate, _ := ed25519.GenerateKey(rand.Reader)
	rsaKey, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	verifier, err := httpsig.NewVerifier(keyman.NewKeyFetchInMemory(map[string]httpsig.KeySpec{
		"ed":  {KeyID: "ed", Algo: httpsig.Algo_ED25519, PubKey: edPublic},
		"rsa": {KeyID: "rsa", Algo: httpsig.Algo_RSA_PSS_SHA512, PubKey: &rsaKey.PublicKey},
	}), httpsig.VerifyProfile{
		SignatureLabel:       "sig1",
		AllowedAlgorithms:    []httpsig.Algorithm{httpsig.Algo_ED25519, httpsig.Algo_RSA_PSS_SHA512},
		CreatedValidDuration: 5 * time.Minute,
		ExpiredSkew:          time.Minute,
		RequiredFields:       httpsig.Fields("@authority"),
		RequiredMetadata:     []httpsig.Metadata{httpsig.MetaCreated, httpsig.MetaExpires, httpsig.MetaKeyID, httpsig.MetaTag},
	})
	if err != nil {
		t.Fatal(err)
	}
	var inputs []string
	server := serve(t, func(w http.ResponseWriter, r *http.Request) {
		inputs = append(inputs, r.Header.Get("Signature-Input"))
		if _, err := verifier.Verify(r); err != nil {
			w.WriteHeader(http.StatusForbidden)
			t.Errorf("%s: %v", r.Header.Get("Signature-Input"), err)
			return
		}
		if r.URL.Path == "/moved" {
			http.Redirect(w, r, "/here", http.StatusFound)
		}
	})
	for alg, key := range map[string]fetch.Signature{
		"ed25519":        {Algorithm: "ed25519", KeyID: "ed", Key: edPrivate},
		"rsa-pss-sha512": {Algorithm: "rsa-pss-sha512", KeyID: "rsa", Key: rsaKey},
	} {
		inputs = nil
		s := session(t, fetch.Target{Path: server.URL, Auth: key})
		if _, err := get(t, s, server.URL+"/moved"); err != nil {
			t.Errorf("%s: %v", alg, err)
		}
		if len(inputs) != 2 {
			t.Fatalf("%s: %d signed requests, want 2", alg, len(inputs))
		}
		for _, part := range []string{`sig1=("@authority");created=`, `alg="` + alg + `"`, `keyid="` + key.KeyID + `"`, `tag="qualitylink-v1"`, "expires="} {
			if !strings.Contains(inputs[0], part) {
				t.Errorf("%s: Signature-Input %s misses %s", alg, inputs[0], part)
			}
		}
		var created, expires int64
		for _, p := range strings.Split(inputs[0], ";") {
			fmt.Sscanf(p, "created=%d", &created)
			fmt.Sscanf(p, "expires=%d", &expires)
		}
		if life := expires - created; life <= 0 || life > 3600 {
			t.Errorf("%s: lives %d s", alg, life)
		}
	}
}
