package discover_test

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"qlgraph/harvesters"
	"qlgraph/harvesters/discover"
)

const fullYAML = `
meta: {schac: uni-a.example, eterid: AT0001}
sources:
  - id: courses
    type: OOAPI
    version: 5.0
    path: https://api.uni-a.example/ooapi/v5
    refresh: 0.5
    pageSize: "100"
    headers: {X-Consumer: ql, Host: evil.example, user-agent: me}
    queryParameters: {consumer: eduxchange, alliance: [a, b], n: 5, flag: true}
    auth:
      type: httpheader
      field: X-Api-Key
      value: |
        QUJD
        REVG
  - type: edu_api
    path: http://api.uni-a.example/eduapi
    auth: {type: oauth2.0, token_endpoint: https://login.uni-a.example/token}
  - type: occapi
    path: https://occapi.uni-a.example/occapi/v2/hei/uni-a.example
    auth: {type: httpsig}
`

func TestManifest(t *testing.T) {
	m, err := discover.Parse([]byte(fullYAML))
	if err != nil {
		t.Fatal(err)
	}
	if len(m.Sources) != 3 || m.Meta.SCHAC != "uni-a.example" {
		t.Fatalf("got %+v", m)
	}
	a := m.Sources[0]
	if a.Type != harvesters.OOAPI || a.Version != "5.0" || a.PageSize != 100 || time.Duration(a.Refresh) != 30*time.Minute {
		t.Errorf("got %+v", a)
	}
	if len(a.Headers) != 1 || a.Headers["X-Consumer"] != "ql" {
		t.Errorf("headers: %v", a.Headers)
	}
	if got := a.Query.Encode(); got != "alliance=a&alliance=b&consumer=eduxchange&flag=true&n=5" {
		t.Errorf("query: %s", got)
	}
	if !a.Auth.Complete() || strings.Join(strings.Fields(a.Auth.Value), "") != "QUJDREVG" {
		t.Errorf("auth: %+v", a.Auth)
	}
	if m.Sources[1].Type != harvesters.EduAPI || m.Sources[1].Auth.Complete() {
		t.Errorf("second source: %+v", m.Sources[1])
	}
	if time.Duration(m.Sources[2].Refresh) != 24*time.Hour {
		t.Errorf("third source: %+v", m.Sources[2])
	}
	out, err := json.Marshal(m)
	if err != nil || strings.Contains(string(out), "QUJD") {
		t.Errorf("the JSON form tells the ciphertext: %s %v", out, err)
	}
}

func TestManifestMistakes(t *testing.T) {
	source := func(s string) string { return "sources: [{type: elm, path: 'https://ok.example/'}, " + s + "]" }
	for name, test := range map[string]struct {
		text    string
		sources int    // usable ones
		want    string // in the error, or in a problem
	}{
		"no list":            {"type: elm", 0, `"sources" is missing`},
		"empty list":         {"sources: []", 0, "at least one"},
		"empty file":         {"  \n", 0, "empty"},
		"array":              {"[1, 2]", 0, "an object"},
		"text":               {"hello", 0, "an object"},
		"html":               {"<html>", 0, "web page"},
		"broken JSON":        {"{\n \"sources\": [{]\n}", 0, "line 2"},
		"broken YAML":        {"sources:\n - type: elm\n  path: x", 0, "line"},
		"duplicate key":      {`{"sources": [], "sources": []}`, 0, "twice"},
		"duplicate YAML key": {"sources: []\nsources: []", 0, "twice"},
		"alias bomb":         {"a: &a [x, x]\nb: &b [*a, *a]\nsources: [*b]", 0, "aliases"},
		"merge key":          {"a: {x: 1}\nsources: [{<<: {type: elm}}]", 0, "keys must be"},
		"tag":                {"sources: !!python/object:os.system [x]", 0, "tag"},
		"deep":               {strings.Repeat("[", 100_000), 0, "nested"},
		"deep YAML":          {"a: " + strings.Repeat("{b: ", 5000), 0, "n"},
		"no type":            {source("{path: 'https://x.example'}"), 1, "sources[1].type"},
		"unknown type":       {source("{type: oai, path: 'https://x.example'}"), 1, "not one of elm"},
		"no path":            {source("{type: elm}"), 1, "sources[1].path"},
		"file path":          {source("{type: elm, path: 'file:///etc/passwd'}"), 1, "http or https"},
		"password in path":   {source("{type: elm, path: 'https://u:p@x.example/'}"), 1, "use auth"},
		"not an object":      {source("elm"), 1, "must be an object"},
		"type a list":        {source("{type: [elm], path: 'https://x.example'}"), 1, "must be text"},
		"unknown auth":       {source("{type: elm, path: 'https://x.example', auth: {type: basic}}"), 1, "auth.type"},
		"half a client":      {source("{type: elm, path: 'https://x.example', auth: {type: oauth2.0, client_id: x}}"), 2, "belong together"},
		"refresh as text":    {source("{type: elm, path: 'https://x.example', refresh: daily}"), 2, "number of hours"},
		"refresh negative":   {source("{type: elm, path: 'https://x.example', refresh: -1}"), 2, "number of hours"},
		"header injection":   {source("{type: elm, path: 'https://x.example', headers: {X: \"a\\r\\nb\"}}"), 1, "valid header"},
		"same id":            {"sources: [{id: a, type: elm, path: 'https://x.example'}, {id: a, type: elm, path: 'https://y.example'}]", 2, "already"},
		"missing secret":     {source("{type: elm, path: 'https://x.example', auth: {type: httpheader}}"), 2, ""},
	} {
		m, err := discover.Parse([]byte(test.text))
		if err != nil {
			if test.sources != 0 || !strings.Contains(err.Error(), test.want) {
				t.Errorf("%s: %v, want %q", name, err, test.want)
			}
			continue
		}
		var said []string
		for _, p := range m.Problems {
			said = append(said, p.String())
		}
		if len(m.Sources) != test.sources || !strings.Contains(strings.Join(said, "\n"), test.want) || test.sources == 0 {
			t.Errorf("%s: %d sources, problems %q, want %q", name, len(m.Sources), said, test.want)
		}
	}
}

func FuzzParse(f *testing.F) {
	f.Add([]byte(fullYAML))
	f.Add([]byte(manifest))
	f.Fuzz(func(t *testing.T, body []byte) {
		m, err := discover.Parse(body)
		if err == nil {
			for _, e := range m.Sources {
				if e.Path == "" || e.Type == "" {
					t.Errorf("a usable source without path or type: %+v", e)
				}
			}
		}
	})
}
