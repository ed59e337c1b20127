package discover_test

import (
	"slices"
	"strings"
	"testing"

	"qlgraph/harvesters/discover"
)

func TestChanges(t *testing.T) {
	parse := func(text string) *discover.Manifest {
		t.Helper()
		m, err := discover.Parse([]byte(text))
		if err != nil {
			t.Fatal(err)
		}
		return m
	}
	before := parse(`{meta: {schac: a.example}, sources: [
		{id: x, type: ooapi, path: "https://a.example/v5", version: 5, auth: {type: httpheader, field: K, value: c2VjcmV0MQ==}},
		{id: y, type: elm, path: "https://a.example/elm"}]}`)
	after := parse(`{meta: {schac: a.example}, sources: [
		{id: x, type: ooapi, path: "https://a.example/v6", version: 6, refresh: 6, headers: {k: v}, auth: {type: httpheader, field: K, value: c2VjcmV0Mg==}},
		{type: occapi, path: "https://a.example/occapi"}]}`)
	want := []string{
		"source y is gone",
		"source occapi https://a.example/occapi is new: occapi https://a.example/occapi",
		`source x: version is "6", was "5"`,
		`source x: path is "https://a.example/v6", was "https://a.example/v5"`,
		`source x: refresh is "6h0m0s", was "24h0m0s"`,
		"source x: its credentials changed",
		"source x: its headers or query parameters changed",
	}
	got := discover.Changes(before, after)
	if !slices.Equal(got, want) {
		t.Errorf("got\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
	if strings.Contains(strings.Join(got, ""), "c2Vj") {
		t.Error("a secret is shown")
	}
	if got := discover.Changes(after, after); len(got) != 0 {
		t.Errorf("of itself: %v", got)
	}
}
