package main

import (
	"context"
	"net/http"

	"qlgraph/graph"
	"qlgraph/graph/store"
	"qlgraph/ontology"
	"qlgraph/sparql"
	"qlgraph/sparql/protocol"
	"qlgraph/web/server"
)

// endpoint returns the SPARQL protocols over s. page is what a browser gets for
// a query.
func (c *serveCommand) endpoint(p process, s *store.Store, engine *sparql.Engine, config settings, page http.Handler, observe func(context.Context, protocol.Record)) (*protocol.Endpoint, error) {
	limits, err := c.endpointSettings.limits(p, config.SPARQL.endpointSettings)
	if err != nil {
		return nil, err
	}
	services, err := p.allowList("service_allow", c.ServiceAllow, config.SPARQL.ServiceAllow)
	if err != nil {
		return nil, err
	}
	base := p.setting(c.BaseIRI, "BASE_IRI", config.BaseIRI, defaultBaseIRI)
	return protocol.New(protocol.Config{
		Engine: engine, Dataset: s, Writer: c.writer(s),
		BaseIRI: base, GraphsPath: "/data", GraphAlias: coursesGraph(base), Prefixes: ontology.Prefixes(),
		DefaultGraphUnion: c.union(p, config),
		Federation:        !services.Empty(),
		Authorizer:        newAuthority(p.getenv("QLGRAPH_ADMIN_TOKEN"), s),
		Client:            server.Client,
		Page:              page,
		Observe:           observe,
		Limits:            limits,
		Turns:             newTurns(),
		Setting:           limitNamed,
	}), nil
}

// sparqlRoutes mounts the SPARQL protocols, also under a dataset name as clients
// of Fuseki call them.
func sparqlRoutes(e *protocol.Endpoint) []server.Route {
	return []server.Route{
		{Pattern: "/sparql", Handler: e.Query()},
		{Pattern: "/update", Handler: e.Update()},
		{Pattern: "/data", Handler: e.Graphs()},
		{Pattern: "/data/*", Handler: e.Graphs()},
		{Pattern: "/qualitylink/sparql", Handler: e.Query()},
		{Pattern: "/qualitylink/query", Handler: e.Query()},
		{Pattern: "/qualitylink/update", Handler: e.Update()},
		{Pattern: "/qualitylink/data", Handler: e.Graphs()},
	}
}

// writer returns the store where clients may change it, nil where not.
func (c *serveCommand) writer(s *store.Store) graph.Writer {
	if c.ReadOnly {
		return nil
	}
	return s
}
