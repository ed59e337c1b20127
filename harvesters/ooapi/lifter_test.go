package ooapi_test

import (
	"testing"

	"github.com/rogpeppe/go-internal/txtar"

	"qlgraph/harvesters"
	"qlgraph/harvesters/lifting"
	"qlgraph/harvesters/lifting/lifttest"
	"qlgraph/harvesters/ooapi"
)

func format() lifttest.Format {
	return lifttest.Format{
		Lifter: ooapi.Lifter{},
		Rules:  append(ooapi.Lifter{}.Rules(), lifting.CommonRules()...),
		Records: func(payload txtar.File) ([]harvesters.Record, error) {
			return ooapi.Records(payload.Data)
		},
	}
}

func TestFixtures(t *testing.T) { lifttest.Run(t, format()) }

func FuzzLift(f *testing.F) { lifttest.Fuzz(f, format()) }
