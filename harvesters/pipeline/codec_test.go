package pipeline

import (
	"slices"
	"testing"

	"qlgraph/graph/rdf"
)

func sampleTriples() []rdf.Quad {
	s, p := rdf.IRI("http://x.example/s"), rdf.IRI("http://x.example/p")
	return []rdf.Quad{
		rdf.Triple(s, p, rdf.LangLiteral("Flüsse", "de")),
		rdf.Triple(s, p, rdf.Literal("")),
		rdf.Triple(s, p, rdf.TypedLiteral("5", rdf.XSDInteger)),
		rdf.Triple(rdf.Blank("b"), p, s),
		rdf.Triple(s, p, rdf.Literal("")),
	}
}

func TestBlockRoundTrip(t *testing.T) {
	want := sampleTriples()
	slices.SortFunc(want, rdf.CompareQuads)
	want = slices.Compact(want)
	block := encodeQuads(sampleTriples())
	got, err := decodeQuads(nil, block)
	if err != nil || !slices.Equal(got, want) {
		t.Errorf("got %v, %v", got, err)
	}
	reversed := sampleTriples()
	slices.Reverse(reversed)
	if !slices.Equal(encodeQuads(reversed), block) {
		t.Error("the order of the triples shows in the block")
	}
}

func FuzzDecodeBlock(f *testing.F) {
	f.Add(encodeQuads(sampleTriples()))
	f.Add([]byte{0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x01})
	f.Fuzz(func(t *testing.T, block []byte) {
		quads, err := decodeQuads(nil, block)
		if err != nil {
			return
		}
		again, err := decodeQuads(nil, encodeQuads(quads))
		if err != nil || len(again) > len(quads) {
			t.Errorf("%d triples became %d, %v", len(quads), len(again), err)
		}
	})
}
