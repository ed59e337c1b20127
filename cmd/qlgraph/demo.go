package main

import (
	"context"
	"fmt"
	"io"
	"net"
	"os"
	"strings"
	"text/tabwriter"

	"qlgraph/graph"
	"qlgraph/graph/rdf"
	"qlgraph/graph/store"
	"qlgraph/harvesters/demo"
	"qlgraph/harvesters/pipeline"
	"qlgraph/internal/netguard"
	"qlgraph/ontology/ql"
)

type demoCommand struct {
	dataFlags
	Listen string `help:"Address to listen on (127.0.0.1:8080)." placeholder:"ADDR"`
}

// Run starts the sample providers, harvests them and serves the result. Without
// --data the data directory is a temporary one, removed at the end.
func (c *demoCommand) Run(ctx context.Context, p process) error {
	listen := p.setting(c.Listen, "LISTEN", "", defaultListen)
	ln, err := net.Listen("tcp", listen)
	if err != nil {
		return fmt.Errorf("%w (another address: --listen 127.0.0.1:0)", err)
	}
	defer ln.Close()
	dir, err := c.directory(p, "")
	if err == errNoData {
		if dir, err = os.MkdirTemp("", "qlgraph-demo-"); err == nil {
			defer os.RemoveAll(dir)
		}
	}
	if err != nil {
		return err
	}
	providers, err := demo.Start(ctx)
	if err != nil {
		return err
	}
	defer providers.Close()
	serve := serveCommand{dataFlags: dataFlags{Data: dir}}
	out := newOutside(netguard.Config{AllowPrivate: true, Resolver: providers.Resolver, Routes: providers.Routes})
	defer out.client.Close()
	return p.withStore(dir, func(s *store.Store) error {
		if err := c.harvest(ctx, p, s, dir, providers, out); err != nil {
			return err
		}
		if err := printURLs(ctx, p.stdout, s, ln.Addr().String()); err != nil {
			return err
		}
		return serve.serve(ctx, p, s, dir, ln, settings{}, out, p.logger(false))
	})
}

func (c *demoCommand) harvest(ctx context.Context, p process, s *store.Store, dir string, providers *demo.Providers, out outside) error {
	harvest, err := newPipeline(s, dir, defaultBaseIRI, providers.Registry, out)
	if err != nil {
		return err
	}
	report, err := harvest.Run(ctx, pipeline.Options{Progress: p.showProgress()})
	if err != nil {
		return err
	}
	return printSources(p.stdout, report.Sources)
}

// printURLs says where to look: the pages, and a course that there is.
func printURLs(ctx context.Context, w io.Writer, s *store.Store, address string) error {
	course, err := anyCourse(ctx, s)
	if err != nil {
		return err
	}
	table := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	fmt.Fprintf(table, "\nstart page\thttp://%s/\n", address)
	fmt.Fprintf(table, "SPARQL\thttp://%s/sparql\n", address)
	if path, ours := strings.CutPrefix(course, defaultBaseIRI); ours {
		fmt.Fprintf(table, "a course\thttp://%s%s\n", address, path)
		fmt.Fprintf(table, "as Turtle\tcurl -L -H 'Accept: text/turtle' http://%s%s\n", address, path)
	}
	return table.Flush()
}

// anyCourse returns the first course under the aggregator's own IRIs, by name,
// "" where there is none.
func anyCourse(ctx context.Context, s *store.Store) (string, error) {
	snap, err := s.Snapshot(ctx)
	if err != nil {
		return "", err
	}
	defer snap.Close()
	pattern := graph.Pattern{Graphs: graph.Union()}
	for _, part := range []struct {
		id  *graph.ID
		iri string
	}{{&pattern.P, rdf.RDFType}, {&pattern.O, ql.LearningOpportunitySpecificationClass}} {
		id, found, err := snap.Lookup(rdf.IRI(part.iri))
		if err != nil || !found {
			return "", err
		}
		*part.id = id
	}
	first := ""
	for q, err := range graph.Quads(snap, pattern, graph.POSG) {
		if err != nil {
			return "", err
		}
		if iri := q.S.Value(); strings.HasPrefix(iri, defaultBaseIRI+"/course/") && (first == "" || iri < first) {
			first = iri
		}
	}
	return first, nil
}
