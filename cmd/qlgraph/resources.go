package main

import (
	"net/http"

	"qlgraph/graph"
	"qlgraph/graph/rdf"
	"qlgraph/harvesters/keys"
	"qlgraph/harvesters/pipeline"
	"qlgraph/shapes/profile"
	"qlgraph/web/coding"
	"qlgraph/web/lineage"
	"qlgraph/web/resource"
	"qlgraph/web/server"
	"qlgraph/web/timeline"
)

// defaultLicense is what the policy of the project puts the data under, unless
// it is configured otherwise.
const defaultLicense = "https://creativecommons.org/licenses/by-nc/4.0/"

// linkedData wires what answers for things: their documents, what these were,
// and where they come from.
func linkedData(data graph.Dataset, ring *keys.Ring, zip *coding.Compressor, base string, config settings) ([]server.Route, error) {
	journal, err := pipeline.NewJournal(data, base)
	if err != nil {
		return nil, err
	}
	past := timeline.New(data, journal, base)
	documents := resource.New(resource.Config{
		Dataset: data, BaseIRI: base, License: config.license(), Licenses: config.licenses(), Past: past,
		Run: func(snap graph.Snapshot, id string) ([]rdf.Quad, error) {
			archive, err := journal.Archive(snap)
			if err != nil {
				return nil, err
			}
			return archive.Run(id)
		},
	})
	documents.Mount("versions", timeline.Versions{Timeline: past})
	documents.Mount("lineage", lineage.New(past, base))
	documents.Mount("raw", lineage.NewRaw(past))
	validation := lineage.NewValidation(past, base, profile.New())
	documents.Mount("validation", validation)
	documents.Mount("edc", lineage.NewEDC(past, base))
	documents.Mount("evidence", lineage.NewEvidence(past, validation, ring, base))
	routes := []server.Route{
		{Pattern: "/resolve", Handler: http.HandlerFunc(documents.Resolve)},
		{Pattern: "/courseId/*", Handler: http.HandlerFunc(documents.DID)},
		{Pattern: "/timegate/*", Handler: past.TimeGate(documents)},
		{Pattern: "/timemap/*", Handler: zip.Handler(past.TimeMap(documents).ServeHTTP)},
		{Pattern: "/memento/*", Handler: past.Memento(documents)},
	}
	for _, kind := range resource.Kinds() {
		routes = append(routes,
			server.Route{Pattern: "/" + kind + "/*", Handler: http.HandlerFunc(documents.Thing)},
			server.Route{Pattern: "/doc/" + kind + "/*", Handler: http.HandlerFunc(documents.Document)})
	}
	return routes, nil
}
