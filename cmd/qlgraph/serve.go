package main

import (
	"context"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"os"
	"slices"

	"qlgraph/graph/store"
	"qlgraph/harvesters/keys"
	"qlgraph/internal/problem"
	"qlgraph/ontology"
	"qlgraph/web/coding"
	"qlgraph/web/portal"
	"qlgraph/web/server"
	"qlgraph/web/static"
	"qlgraph/web/vocabulary"
)

type serveCommand struct {
	dataFlags
	graphFlags
	configFlags
	Listen   string `help:"Address to listen on (127.0.0.1:8080)." placeholder:"ADDR"`
	ReadOnly bool   `help:"Run no harvests and accept no writes."`
	Verbose  bool   `help:"Log every request."`
	Proxies  string `name:"trusted-proxies" help:"Networks of proxies whose X-Forwarded-For is believed, separated by commas." placeholder:"CIDR"`

	endpointSettings `embed:"" prefix:"sparql-"`
}

// Run serves until it is interrupted.
func (c *serveCommand) Run(ctx context.Context, p process) error {
	config, dir, err := c.configured(p, c.configFlags)
	if err != nil {
		return err
	}
	ln, err := net.Listen("tcp", p.setting(c.Listen, "LISTEN", config.Listen, defaultListen))
	if err != nil {
		return err
	}
	defer ln.Close()
	return p.withStore(dir, func(s *store.Store) error {
		log := p.logger(c.Verbose)
		out := newOutside(config.network())
		defer out.client.Close()
		stop, err := c.schedule(ctx, p, s, dir, config, out, log)
		if err != nil {
			return err
		}
		defer stop()
		defer c.publish(ctx, p, s, dir, config, log)()
		return c.serve(ctx, p, s, dir, ln, config, out, log)
	})
}

// schedule starts the scheduled harvests, where there is anything to harvest.
// stop waits until they have ended.
func (c *serveCommand) schedule(ctx context.Context, p process, s *store.Store, dir string, config settings, out outside, log *slog.Logger) (stop func(), err error) {
	if c.ReadOnly {
		return func() {}, nil
	}
	reg, err := config.institutions(ctx, p, out.client)
	if err != nil || len(reg.Institutions) == 0 {
		return func() {}, err
	}
	base := p.setting(c.BaseIRI, "BASE_IRI", config.BaseIRI, defaultBaseIRI)
	harvest, err := newPipeline(s, dir, base, reg, out)
	if err != nil {
		return nil, err
	}
	ctx, cancel := context.WithCancel(ctx)
	done := make(chan struct{})
	go func() {
		defer close(done)
		runSchedule(ctx, harvest, reg, log)
	}()
	return func() {
		cancel()
		<-done
	}, nil
}

// publish starts the scheduled publication of the dumps. stop waits until it has
// ended.
func (c *serveCommand) publish(ctx context.Context, p process, s *store.Store, dir string, config settings, log *slog.Logger) (stop func()) {
	every := config.publishEvery()
	if c.ReadOnly || every == 0 {
		return func() {}
	}
	base := p.setting(c.BaseIRI, "BASE_IRI", config.BaseIRI, defaultBaseIRI)
	ctx, cancel := context.WithCancel(ctx)
	done := make(chan struct{})
	go func() {
		defer close(done)
		out := config.dumpsDir(dir)
		publishOnSchedule(ctx, newPublisher(s, base, out, config, nil), out, every, log)
	}()
	return func() {
		cancel()
		<-done
	}
}

// logger writes to stderr, one line per event.
func (p process) logger(verbose bool) *slog.Logger {
	level := slog.LevelInfo
	if verbose {
		level = slog.LevelDebug
	}
	return slog.New(slog.NewTextHandler(p.stderr, &slog.HandlerOptions{Level: level}))
}

// serve answers on ln from the store until ctx ends.
func (c *serveCommand) serve(ctx context.Context, p process, s *store.Store, dir string, ln net.Listener, config settings, out outside, log *slog.Logger) error {
	handler, err := c.handler(p, s, dir, config, log)
	if err != nil {
		return err
	}
	lends := &lent{c.effective(p, config), out}
	lends.settings.served = true
	if err := acceptHandovers(ctx, dir, func(ctx context.Context, args []string, p process) int {
		p.served, p.servedDir, p.lent = s, dir, lends
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
	proxies, err := p.trustedProxies(c.Proxies, config.TrustedProxies)
	if err != nil {
		return nil, err
	}
	pages, zip := portal.New(engine, base), coding.New()
	things, err := linkedData(s, keyRing(dir), zip, base, config)
	if err != nil {
		return nil, err
	}
	whole, err := openData(s, base, dir, config)
	if err != nil {
		return nil, err
	}
	terms := vocabulary.New(s)
	metrics := server.NewMetrics()
	endpoint, err := c.endpoint(p, s, engine, config, zip.Handler(pages.Query), observeQueries(log, metrics))
	if err != nil {
		return nil, err
	}
	measure(metrics, s, endpoint)
	routes := slices.Concat(sparqlRoutes(endpoint), things, compressed(zip, append(whole, []server.Route{
		{Pattern: "/", Handler: http.HandlerFunc(pages.Home)},
		{Pattern: vocabulary.Path, Handler: terms},
		{Pattern: "/ontology/*", Handler: terms},
		{Pattern: "/keys", Handler: publicKeys(keyRing(dir))},
		{Pattern: "/metrics", Handler: metrics.Handler()},
		{Pattern: static.Path + "*", Handler: static.Handler()},
	}...)))
	// The store is open before anything listens, so a server that answers is ready.
	return server.New(server.Config{Log: log, TrustedProxies: proxies, Ready: func() error { return nil }, Routes: routes}), nil
}

// compressed are routes whose handlers know nothing of content codings.
func compressed(zip *coding.Compressor, routes []server.Route) []server.Route {
	for i, r := range routes {
		routes[i].Handler = zip.Handler(r.Handler.ServeHTTP)
	}
	return routes
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
