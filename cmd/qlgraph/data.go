package main

import (
	"errors"
	"fmt"
	"path/filepath"
	"slices"

	"qlgraph/graph"
	"qlgraph/graph/rdf"
	"qlgraph/graph/store"
	"qlgraph/ontology/courseid"
	"qlgraph/sparql"
	"qlgraph/sparql/protocol/federation"
)

// dataFlags are the flags of commands that work on a data directory.
type dataFlags struct {
	Data string `help:"Data directory." placeholder:"DIR"`
}

// graphFlags are the flags of commands that ask the graph.
type graphFlags struct {
	BaseIRI      string `name:"base-iri" help:"IRI that names of this aggregator begin with (http://data.quality-link.eu)." placeholder:"IRI"`
	DefaultGraph string `help:"What the default graph of a query is: union or strict." placeholder:"MODE"`

	engineSettings     `embed:"" prefix:"sparql-"`
	federationSettings `embed:"" prefix:"sparql-"`
}

var errNoData = usageError{errors.New("no data directory: give --data DIR, or set QLGRAPH_DATA")}

// directory returns the data directory of the flags or the environment.
func (f dataFlags) directory(p process, configured string) (string, error) {
	dir := p.setting(f.Data, "DATA", configured, "")
	if dir == "" {
		return "", errNoData
	}
	return filepath.Abs(p.path(dir))
}

// configured returns the configuration and the data directory, which it may name.
func (f dataFlags) configured(p process, file configFlags) (config settings, dir string, err error) {
	if config, err = file.load(p); err == nil {
		dir, err = f.directory(p, config.Data)
	}
	return config, dir, err
}

// withStore opens the store of the directory for fn. Within the server that
// owns it, it is the server's.
func (p process) withStore(dir string, fn func(*store.Store) error) error {
	if p.served != nil && p.servedDir == dir {
		return fn(p.served)
	}
	s, err := store.Open(dir, store.Options{Owner: "qlgraph"})
	if err != nil {
		return err
	}
	err = fn(s)
	if closed := s.Close(); err == nil {
		err = closed
	}
	return err
}

// engine returns the SPARQL engine over data that every command and the server
// use: the same default graph, prefixes and graph names for all.
func (f graphFlags) engine(p process, data graph.Dataset, configured settings, prefixes map[string]string) (*sparql.Engine, string, error) {
	base := p.setting(f.BaseIRI, "BASE_IRI", configured.BaseIRI, defaultBaseIRI)
	if mode := f.mode(p, configured); mode != "union" && mode != "strict" {
		return nil, "", usageError{fmt.Errorf("default graph %q: want union or strict", mode)}
	}
	limits, err := f.engineSettings.limits(p, configured.SPARQL.engineSettings)
	if err != nil {
		return nil, "", err
	}
	remote, err := f.remote(p, configured.SPARQL.federationSettings, configured.network(), "qlgraph (+"+base+")")
	if err != nil {
		return nil, "", err
	}
	return sparql.New(data, sparql.Options{
		Limits:            limits,
		Service:           remote,
		Load:              remote.Load,
		DefaultGraphUnion: f.union(p, configured),
		BaseIRI:           base + "/",
		Prefixes:          prefixes,
		GraphAlias:        coursesGraph(base),
	}), base, nil
}

// effective returns the settings with what flags and environment change of how
// the graph is asked: so a server lends them to the commands handed to it.
func (f graphFlags) effective(p process, s settings) settings {
	s.BaseIRI = p.setting(f.BaseIRI, "BASE_IRI", s.BaseIRI, defaultBaseIRI)
	s.DefaultGraph = f.mode(p, s)
	remote := &s.SPARQL.federationSettings
	for _, row := range slices.Concat(
		f.engineSettings.table(&s.SPARQL.engineSettings, new(sparql.Limits)),
		f.federationSettings.table(remote, new(federation.Limits)),
	) {
		*row.file = row.value(p)
	}
	remote.ServiceAllow = p.addresses("service_allow", f.ServiceAllow, remote.ServiceAllow)
	remote.LoadAllow = p.addresses("load_allow", f.LoadAllow, remote.LoadAllow)
	return s
}

func (f graphFlags) mode(p process, configured settings) string {
	return p.setting(f.DefaultGraph, "DEFAULT_GRAPH", configured.DefaultGraph, "union")
}

// union reports whether the default graph is the union of all graphs.
func (f graphFlags) union(p process, configured settings) bool {
	return f.mode(p, configured) == "union"
}

// coursesGraph makes {base}/graph/courses read as the union of the published
// sources and of what clients wrote into a graph of that name.
func coursesGraph(base string) sparql.GraphAlias {
	courses, sources := base+"/graph/courses", courseid.SourceGraph(base, "", "")
	sources = sources[:len(sources)-1] // "{base}/graph/source/"
	return func(snap graph.Snapshot, iri string) ([]rdf.Term, bool, error) {
		if iri != courses {
			return nil, false, nil
		}
		ids, err := graph.NamedGraphs(snap)
		if err != nil {
			return nil, false, err
		}
		names := make([]rdf.Term, len(ids))
		if err := snap.Terms(ids, names); err != nil {
			return nil, false, err
		}
		graphs := []rdf.Term{rdf.IRI(courses)}
		for _, name := range names {
			if len(name.Value()) > len(sources) && name.Value()[:len(sources)] == sources {
				graphs = append(graphs, name)
			}
		}
		return graphs, true, nil
	}
}
