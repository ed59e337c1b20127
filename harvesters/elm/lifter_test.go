package elm_test

import (
	"testing"

	"github.com/rogpeppe/go-internal/txtar"

	"qlgraph/harvesters"
	"qlgraph/harvesters/elm"
	"qlgraph/harvesters/lifting/lifttest"
)

func format() lifttest.Format {
	return lifttest.Format{
		Lifter: elm.Lifter{},
		Rules:  elm.Lifter{}.Rules(),
		Records: func(payload txtar.File) ([]harvesters.Record, error) {
			return elm.Records(payload.Data, "")
		},
		Source: harvesters.Source{Provider: harvesters.Provider{SCHAC: "uni.example", ETER: "AT0001", DEQAR: "DEQARINST0357"}},
	}
}

func TestFixtures(t *testing.T) { lifttest.Run(t, format()) }

func FuzzLift(f *testing.F) { lifttest.Fuzz(f, format()) }
