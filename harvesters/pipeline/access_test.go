package pipeline_test

import (
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha1"
	"crypto/x509"
	"encoding/base64"
	"encoding/json"
	"encoding/pem"
	"flag"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	httpsig "github.com/remitly-oss/httpsig-go"
	"github.com/remitly-oss/httpsig-go/keyman"

	"qlgraph/graph/store"
	"qlgraph/harvesters"
	"qlgraph/harvesters/demo"
	"qlgraph/harvesters/formats"
	"qlgraph/harvesters/keys"
	"qlgraph/harvesters/pipeline"
	"qlgraph/harvesters/registry"
)

// canary is the secret of every test: it must not turn up anywhere.
const canary = "c4n4ry-s3cr3t-v4lu3"

var matrixCourses = flag.Int("courses", 40, "courses of each source in TestAccessMatrix")

// encrypt encrypts as the specification's openssl command does.
func encrypt(t *testing.T, ring *keys.Ring, plaintext string) string {
	t.Helper()
	public := publicKey(t, ring, "RSA-OAEP").(*rsa.PublicKey)
	out, err := rsa.EncryptOAEP(sha1.New(), rand.Reader, public, []byte(plaintext), nil)
	if err != nil {
		t.Fatal(err)
	}
	return base64.StdEncoding.EncodeToString(out)
}

func publicKey(t *testing.T, ring *keys.Ring, alg string) any {
	t.Helper()
	set, err := ring.PublicKeys()
	if err != nil {
		t.Fatal(err)
	}
	for _, k := range set.Keys {
		if k.Alg == alg {
			block, _ := pem.Decode([]byte(k.PEM))
			public, err := x509.ParsePKIXPublicKey(block.Bytes)
			if err != nil {
				t.Fatal(err)
			}
			return public
		}
	}
	t.Fatalf("no key for %s", alg)
	return nil
}

// gate lets authorised requests through and counts the others.
type gate struct {
	authorised func(*http.Request) bool
	next       http.Handler
	refused    atomic.Int64
}

func (g *gate) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if g.authorised != nil && !g.authorised(r) {
		g.refused.Add(1)
		http.Error(w, "you sent "+r.Header.Get("X-Api-Key"), http.StatusUnauthorized)
		return
	}
	g.next.ServeHTTP(w, r)
}

// guarded is a provider whose feed wants one kind of access.
func guarded(t *testing.T, ring *keys.Ring, format harvesters.Format, kind string, feed http.Handler) (*provider, *gate) {
	t.Helper()
	g := &gate{next: feed}
	p := newProvider(t, "load.example", "")
	auth := "{type: none}"
	switch kind {
	case "httpheader":
		auth = fmt.Sprintf("{type: httpheader, field: X-Api-Key, value: '%s'}", encrypt(t, ring, canary))
		g.authorised = func(r *http.Request) bool { return r.Header.Get("X-Api-Key") == canary }
	case "oauth2.0":
		auth = fmt.Sprintf("{type: oauth2.0, token_endpoint: '%s/token', client_id: ql, client_secret: '%s'}", p.server.URL, encrypt(t, ring, canary))
		p.mux.HandleFunc("/token", func(w http.ResponseWriter, r *http.Request) {
			if id, secret, ok := r.BasicAuth(); !ok || id != "ql" || secret != canary {
				w.WriteHeader(http.StatusUnauthorized)
				return
			}
			w.Header().Set("Content-Type", "application/json")
			json.NewEncoder(w).Encode(map[string]any{"access_token": "t0ken", "token_type": "bearer", "expires_in": 3600})
		})
		g.authorised = func(r *http.Request) bool { return r.Header.Get("Authorization") == "Bearer t0ken" }
	case "httpsig":
		auth = "{type: httpsig}"
		_, id, err := ring.SigningKey("ed25519")
		if err != nil {
			t.Fatal(err)
		}
		verifier, err := httpsig.NewVerifier(keyman.NewKeyFetchInMemory(map[string]httpsig.KeySpec{
			id: {KeyID: id, Algo: httpsig.Algo_ED25519, PubKey: publicKey(t, ring, "ed25519")},
		}), httpsig.VerifyProfile{SignatureLabel: "sig1", AllowedAlgorithms: []httpsig.Algorithm{httpsig.Algo_ED25519},
			RequiredFields: httpsig.Fields("@authority"), CreatedValidDuration: 5 * time.Minute, ExpiredSkew: time.Minute})
		if err != nil {
			t.Fatal(err)
		}
		g.authorised = func(r *http.Request) bool { _, err := verifier.Verify(r); return err == nil }
	}
	p.manifest = fmt.Sprintf("sources: [{id: s, type: %s, path: '%s/feed', auth: %s}]", format, p.server.URL, auth)
	p.load(g)
	return p, g
}

// Each format under each kind of access, through the life of a source.
func TestAccessMatrix(t *testing.T) {
	ring := keys.Open(t.TempDir(), nil)
	var table strings.Builder
	fmt.Fprintf(&table, "\n%-8s %-11s %-10s %9s %8s %8s %s\n", "format", "access", "run", "requests", "quads", "seconds", "status")
	for _, format := range formats.All() {
		for _, kind := range []string{"none", "httpheader", "oauth2.0", "httpsig"} {
			l := demo.NewLoad(format.Name, 1, *matrixCourses)
			p, g := guarded(t, ring, format.Name, kind, demo.Handler(format.Name, l.Catalogue))
			dir := t.TempDir()
			s, err := store.Open(dir, store.Options{NoSync: true})
			if err != nil {
				t.Fatal(err)
			}
			pipe := testPipeline(t, s, func(c *pipeline.Config) { c.Keys = ring }, p)
			for _, step := range []struct {
				name                                 string
				edit                                 func()
				created, changed, withdrawn, courses int
			}{
				{"full", func() {}, *matrixCourses, 0, 0, *matrixCourses},
				{"unchanged", func() {}, 0, 0, 0, *matrixCourses},
				{"1 changed", func() { l.Change(1) }, 0, 1, 0, *matrixCourses},
				{"1 removed", func() { l.Remove(1) }, 0, 0, 1, *matrixCourses - 1},
				{"1 added", func() { l.Add(1) }, 1, 0, 0, *matrixCourses},
			} {
				step.edit()
				r := harvest(t, pipe)
				fmt.Fprintf(&table, "%-8s %-11s %-10s %9d %8d %8.3f %s\n", format.Name, kind, step.name, r.Requests, r.Quads, r.Seconds, r.Status)
				if extra := r.Created - step.created; extra != 0 && (extra != 1 || step.name != "full") ||
					r.Changed != step.changed || r.Withdrawn != step.withdrawn || r.Courses != step.courses {
					t.Errorf("%s, %s, %s: %+v", format.Name, kind, step.name, r)
				}
				if step.name == "unchanged" && (r.Quads != 0 || r.Status != pipeline.Unchanged || format.Name == harvesters.ELM && kind == "none" && r.Requests != 1) {
					t.Errorf("%s, %s: unchanged: %+v", format.Name, kind, r)
				}
			}
			if n := g.refused.Load(); n != 0 {
				t.Errorf("%s, %s: %d requests without credentials", format.Name, kind, n)
			}
			if err := s.Close(); err != nil {
				t.Fatal(err)
			}
			noCanary(t, dir)
		}
	}
	t.Log(table.String())
}

// noCanary looks for the secret in every file of a data directory.
func noCanary(t *testing.T, dir string) {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(dir, "*"))
	if err != nil || len(files) == 0 {
		t.Fatalf("no files in %s: %v", dir, err)
	}
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		if strings.Contains(string(text), canary) {
			t.Errorf("the secret stands in %s", filepath.Base(file))
		}
	}
}

func TestCredentialsThatCannotBeUsed(t *testing.T) {
	ring := keys.Open(t.TempDir(), nil)
	for name, test := range map[string]struct {
		auth   string
		oauth  []registry.OAuthClient
		status pipeline.Status
		want   string
	}{
		"undecryptable":   {"{type: httpheader, field: X-Api-Key, value: 'QUJDREVG'}", nil, pipeline.Failed, "decrypted"},
		"no base64":       {"{type: httpheader, field: X-Api-Key, value: '" + canary + "!'}", nil, pipeline.Failed, "base64"},
		"no secret":       {"{type: httpheader, field: X-Api-Key}", nil, pipeline.Waiting, "waiting"},
		"no client":       {"{type: oauth2.0, token_endpoint: 'TOKEN'}", nil, pipeline.Waiting, "waiting"},
		"other endpoint":  {"{type: oauth2.0, token_endpoint: 'TOKEN'}", []registry.OAuthClient{{TokenEndpoint: "https://other.example/token", ClientID: "ql", Secret: canary}}, pipeline.Waiting, "waiting"},
		"out of band":     {"{type: oauth2.0}", []registry.OAuthClient{{TokenEndpoint: "TOKEN", ClientID: "ql", Secret: canary}}, pipeline.OK, ""},
		"wrong secret":    {"{type: oauth2.0}", []registry.OAuthClient{{TokenEndpoint: "TOKEN", ClientID: "ql", Secret: canary + "x"}}, pipeline.Failed, "HTTP status 401"},
		"other algorithm": {"{type: httpsig, alg: hmac-sha256}", nil, pipeline.Failed, "offered are"},
	} {
		t.Run(name, func(t *testing.T) {
			l := demo.NewLoad(harvesters.EduAPI, 1, 3)
			p, g := guarded(t, ring, harvesters.EduAPI, "oauth2.0", demo.Handler(harvesters.EduAPI, l.Catalogue))
			token := p.server.URL + "/token"
			p.manifest = fmt.Sprintf("sources: [{id: s, type: edu-api, path: '%s/feed', auth: %s}]", p.server.URL, strings.ReplaceAll(test.auth, "TOKEN", token))
			for i := range test.oauth {
				test.oauth[i].TokenEndpoint = strings.ReplaceAll(test.oauth[i].TokenEndpoint, "TOKEN", token)
			}
			dataset := memory()
			pipe := testPipeline(t, dataset, func(c *pipeline.Config) {
				c.Keys = ring
				c.Registry.Institutions[0].OAuth = test.oauth
			}, p)
			r := harvest(t, pipe)
			if r.Status != test.status || !strings.Contains(fmt.Sprint(r.Errors), test.want) {
				t.Errorf("got %+v", r)
			}
			if n := g.refused.Load(); n != 0 {
				t.Errorf("%d requests without credentials", n)
			}
			if text, _ := json.Marshal(r); strings.Contains(string(text), canary) {
				t.Errorf("the report tells the secret: %s", text)
			}
		})
	}
}

// Anybody can copy a ciphertext: it is sent to the host it was first seen with.
func TestCiphertextBelongsToItsHost(t *testing.T) {
	ring := keys.Open(t.TempDir(), nil)
	l := demo.NewLoad(harvesters.EduAPI, 1, 3)
	honest, _ := guarded(t, ring, harvesters.EduAPI, "httpheader", demo.Handler(harvesters.EduAPI, l.Catalogue))
	dataset := memory()
	config := func(c *pipeline.Config) { c.Keys = ring }
	if r := harvest(t, testPipeline(t, dataset, config, honest)); r.Status != pipeline.OK {
		t.Fatalf("got %+v", r)
	}
	thief := newProvider(t, "thief.example", "")
	thief.load(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		t.Errorf("the thief was asked, with the key %q", r.Header.Get("X-Api-Key"))
	}))
	stolen := strings.ReplaceAll(honest.manifest, honest.server.URL, thief.server.URL)
	thief.manifest = strings.Replace(stolen, "value: '", "value: ' ", 1) // spelt otherwise
	if r := harvest(t, testPipeline(t, dataset, config, thief)); r.Status != pipeline.Failed || !strings.Contains(fmt.Sprint(r.Errors), "first seen") {
		t.Errorf("got %+v", r)
	}
	if r := harvest(t, testPipeline(t, dataset, config, honest)); r.Status != pipeline.Unchanged {
		t.Errorf("afterwards: %+v", r)
	}
}
