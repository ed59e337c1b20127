package main

import (
	"net/http"

	"qlgraph/graph"
	"qlgraph/harvesters/pipeline"
	"qlgraph/web/resource"
	"qlgraph/web/server"
	"qlgraph/web/timeline"
)

// linkedData wires what answers for things: their documents, what these were,
// and where they come from.
func linkedData(data graph.Dataset, base string) ([]server.Route, error) {
	journal, err := pipeline.NewJournal(data, base)
	if err != nil {
		return nil, err
	}
	past := timeline.New(data, journal, base)
	documents := resource.New(resource.Config{Dataset: data, BaseIRI: base, Past: past})
	documents.Mount("versions", timeline.Versions{Timeline: past})
	return []server.Route{
		{Pattern: "/course/*", Handler: http.HandlerFunc(documents.Thing)},
		{Pattern: "/doc/course/*", Handler: http.HandlerFunc(documents.Document)},
		{Pattern: "/provider/*", Handler: http.HandlerFunc(documents.Thing)},
		{Pattern: "/doc/provider/*", Handler: http.HandlerFunc(documents.Document)},
		{Pattern: "/resolve", Handler: http.HandlerFunc(documents.Resolve)},
		{Pattern: "/timegate/*", Handler: past.TimeGate(documents)},
		{Pattern: "/timemap/*", Handler: past.TimeMap(documents)},
		{Pattern: "/memento/*", Handler: past.Memento(documents)},
	}, nil
}
