package main

import (
	"context"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"os"

	"qlgraph/graph/store"
	"qlgraph/harvesters/keys"
	"qlgraph/internal/problem"
	"qlgraph/ontology"
	"qlgraph/web/portal"
	"qlgraph/web/resource"
	"qlgraph/web/server"
	"qlgraph/web/static"
)

type serveCommand struct {
	dataFlags
	graphFlags
	configFlags
	Listen   string `help:"Address to listen on (127.0.0.1:8080)." placeholder:"ADDR"`
	ReadOnly bool   `help:"Run no harvests and accept no writes."`
	Verbose  bool   `help:"Log every request."`
}

// Run serves until it is interrupted.
func (c *serveCommand) Run(ctx context.Context, p process) error {
	config, err := c.load(p)
	if err != nil {
		return err
	}
	dir, err := c.directory(p, config.Data)
	if err != nil {
		return err
	}
	ln, err := net.Listen("tcp", p.setting(c.Listen, "LISTEN", config.Listen, defaultListen))
	if err != nil {
		return err
	}
	defer ln.Close()
	return p.withStore(dir, func(s *store.Store) error {
		return c.serve(ctx, p, s, dir, ln, config)
	})
}

// serve answers on ln from the store until ctx ends.
func (c *serveCommand) serve(ctx context.Context, p process, s *store.Store, dir string, ln net.Listener, config settings) error {
	level := slog.LevelInfo
	if c.Verbose {
		level = slog.LevelDebug
	}
	log := slog.New(slog.NewTextHandler(p.stderr, &slog.HandlerOptions{Level: level}))
	handler, err := c.handler(p, s, dir, config, log)
	if err != nil {
		return err
	}
	if err := acceptHandovers(ctx, dir, func(ctx context.Context, args []string, p process) int {
		p.served, p.servedDir = s, dir
		return run(ctx, args, p)
	}); err != nil {
		log.Warn("other commands cannot use this data directory while the server runs", "error", err)
	}
	defer os.Remove(socketPath(dir))
	fmt.Fprintf(p.stderr, "serving %s on http://%s/\n", dir, ln.Addr())
	return server.Serve(ctx, ln, handler, log)
}

// handler wires the routes.
func (c *serveCommand) handler(p process, s *store.Store, dir string, config settings, log *slog.Logger) (http.Handler, error) {
	engine, base, err := c.engine(p, s, config, ontology.Prefixes())
	if err != nil {
		return nil, err
	}
	pages := portal.New(engine, base)
	resources := resource.New(s, base)
	query := http.HandlerFunc(pages.Query)
	return server.New(server.Config{
		Log:   log,
		Ready: func() error { return nil },
		Routes: []server.Route{
			{Pattern: "/", Handler: http.HandlerFunc(pages.Home)},
			{Pattern: "/sparql", Handler: query},
			{Pattern: "/course/*", Handler: http.HandlerFunc(resources.Thing)},
			{Pattern: "/doc/course/*", Handler: http.HandlerFunc(resources.Document)},
			{Pattern: "/resolve", Handler: http.HandlerFunc(resources.Resolve)},
			{Pattern: "/keys", Handler: publicKeys(keyRing(dir))},
			{Pattern: static.Path + "*", Handler: static.Handler()},
		},
	}), nil
}

// publicKeys serves the aggregator's public keys: with them providers encrypt
// secrets for it and verify its signatures.
func publicKeys(ring *keys.Ring) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		set, err := ring.PublicKeys()
		if err != nil {
			problem.Write(w, r, problem.Details{Status: http.StatusInternalServerError, Detail: err.Error()})
			return
		}
		w.Header().Set("Content-Type", "application/json")
		w.Header().Set("Access-Control-Allow-Origin", "*")
		_ = printJSON(w, set) // the client is gone where this fails
	})
}
