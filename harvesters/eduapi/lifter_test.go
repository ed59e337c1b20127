package eduapi_test

import (
	"testing"

	"github.com/rogpeppe/go-internal/txtar"

	"qlgraph/harvesters"
	"qlgraph/harvesters/eduapi"
	"qlgraph/harvesters/lifting"
	"qlgraph/harvesters/lifting/lifttest"
)

func format() lifttest.Format {
	return lifttest.Format{
		Lifter: eduapi.Lifter{},
		Rules:  append(eduapi.Lifter{}.Rules(), lifting.CommonRules()...),
		Records: func(payload txtar.File) ([]harvesters.Record, error) {
			return eduapi.Records(payload.Data)
		},
	}
}

func TestFixtures(t *testing.T) { lifttest.Run(t, format()) }

func FuzzLift(f *testing.F) { lifttest.Fuzz(f, format()) }
