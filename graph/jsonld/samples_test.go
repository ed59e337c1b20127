package jsonld_test

import (
	"encoding/json"
	"os"
	"path/filepath"
	"testing"

	"qlgraph/graph/jsonld"
	"qlgraph/internal/external"
)

// TestEDCSamples: the bundled restatement of the context of European Digital
// Credentials reads published samples as that context itself does. It differs
// on purpose where that has "clv" bound to a namespace without its last slash.
func TestEDCSamples(t *testing.T) {
	root := external.Samples(t)
	read := func(name string) []byte {
		data, err := os.ReadFile(filepath.Join(root, "elm", name))
		if err != nil {
			t.Fatal(err)
		}
		return data
	}
	published := jsonld.NewContexts()
	if err := published.Add("http://data.europa.eu/snb/model/context/edc-ap", read("edc-ap-context-3.2.jsonld")); err != nil {
		t.Fatal(err)
	}
	var wrapped struct{ Credential json.RawMessage }
	if err := json.Unmarshal(read("edc-CertOfPart-elm3-sample.json"), &wrapped); err != nil {
		t.Fatal(err)
	}
	for name, doc := range map[string][]byte{
		"edc-credential-sample-3.2.jsonld": read("edc-credential-sample-3.2.jsonld"),
		"edc-CertOfPart-elm3-sample.json":  wrapped.Credential,
	} {
		got, err := decode(string(doc), jsonld.Options{})
		if err != nil {
			t.Fatal(name, err)
		}
		want, err := decode(string(doc), jsonld.Options{Contexts: published})
		if err != nil {
			t.Fatal(name, err)
		}
		if len(got) < 100 {
			t.Errorf("%s: only %d quads", name, len(got))
		}
		wantIsomorphic(t, got, want)
	}
}
