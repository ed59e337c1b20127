package pipeline_test

import (
	"flag"
	"math/rand/v2"
	"slices"
	"testing"

	"qlgraph/harvesters"
	"qlgraph/harvesters/demo"
	"qlgraph/harvesters/formats"
	"qlgraph/harvesters/pipeline"
	"qlgraph/shapes/profile"
)

var editScripts = flag.Int("scripts", 100, "random edit scripts per format, of which a tenth is validated too")

// An incremental harvest commits what a full one would: after random edits, and
// a run after each, the graphs equal those of a dataset that is only ever
// harvested in full.
func TestIncrementalEqualsFull(t *testing.T) {
	for _, format := range formats.All() {
		t.Run(string(format.Name), func(t *testing.T) {
			compareScripts(t, format.Name, *editScripts, nil)
			compareScripts(t, format.Name, max(*editScripts/10, 1), profile.New())
		})
	}
}

func compareScripts(t *testing.T, format harvesters.Format, scripts int, validator pipeline.Validator) {
	t.Helper()
	p, l := loaded(t, format, 6)
	incremental, full := memory(), memory()
	config := func(c *pipeline.Config) {
		calm(c)
		c.Validator = validator
	}
	little, everything := testPipeline(t, incremental, config, p), testPipeline(t, full, config, p)
	for script := range scripts {
		random := rand.New(rand.NewPCG(42, uint64(script)))
		for range 1 + random.IntN(3) {
			edit(l, random)
			harvest(t, little)
		}
		run(t, everything, pipeline.Options{Full: true})
		for _, part := range []string{"/graph/source/", "/graph/validation/"} {
			got, want := quads(t, incremental, part), quads(t, full, part)
			if !slices.Equal(got, want) {
				t.Fatalf("script %d: %s: %d quads after increments, %d after a full run\n%s", script, part, len(got), len(want), firstDifference(got, want))
			}
			if len(want) == 0 && (part == "/graph/source/" || validator != nil) {
				t.Fatalf("script %d: %s is empty", script, part)
			}
		}
	}
}

// calm never holds a run: edit scripts are as implausible as they like.
func calm(c *pipeline.Config) {
	c.Breaker = pipeline.Breaker{WithdrawnFloor: 1 << 30, ChangedFloor: 1 << 30}
}

// edit changes a catalogue at random and keeps it small.
func edit(l *demo.Load, random *rand.Rand) {
	n := 1 + random.IntN(2)
	switch kind := random.IntN(3); {
	case l.Courses() > 10 || kind == 0 && l.Courses() > 3:
		l.Remove(n)
	case kind == 1:
		l.Change(n)
	default:
		l.Add(n)
	}
}

func firstDifference(got, want []string) string {
	for i := range min(len(got), len(want)) {
		if got[i] != want[i] {
			return "got  " + got[i] + "\nwant " + want[i]
		}
	}
	return "one is a prefix of the other"
}
