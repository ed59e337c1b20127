package server

import (
	"context"
	"errors"
	"log/slog"
	"net"
	"net/http"
	"net/netip"
	"time"

	"github.com/labstack/echo/v4"
	"github.com/labstack/echo/v4/middleware"
)

// Limits of the listener. A query's own limits are the engine's; these keep a
// client that is slow or hostile from holding what others need.
const (
	readHeaderTimeout = 5 * time.Second
	readTimeout       = 5 * time.Minute // an upload through the graph store protocol
	idleTimeout       = 60 * time.Second
	maxHeaderBytes    = 32 << 10
	drainTimeout      = 10 * time.Second // what a request may still take at shutdown
)

// Route mounts a handler.
type Route struct {
	Pattern string // as echo writes it: "/sparql", "/doc/*"
	Handler http.Handler
}

// Config is what a server serves.
type Config struct {
	Routes []Route
	// Ready tells why the server cannot answer yet, nil when it can.
	Ready func() error
	// TrustedProxies may say, in X-Forwarded-For, whom they speak for.
	TrustedProxies []netip.Prefix
	Log            *slog.Logger
}

// methodQuery is the safe method with a body (draft-ietf-httpbis-safe-method-w-body),
// which echo's Any leaves out.
const methodQuery = "QUERY"

// New returns the handler of the whole server.
func New(c Config) http.Handler {
	e := echo.New()
	e.HideBanner, e.HidePort = true, true
	e.IPExtractor = ipExtractor(c.TrustedProxies)
	e.HTTPErrorHandler = writeError
	e.Use(clientAddress, requestLog(c.Log), middleware.RecoverWithConfig(recovery(c.Log)), securityHeaders)
	for _, r := range c.Routes {
		e.Any(r.Pattern, echo.WrapHandler(r.Handler))
		e.Add(methodQuery, r.Pattern, echo.WrapHandler(r.Handler))
	}
	e.GET("/healthz", func(ctx echo.Context) error { return ctx.String(http.StatusOK, "ok\n") })
	e.GET("/readyz", readiness(c.Ready))
	return e
}

// ipExtractor believes the connection, and X-Forwarded-For from trusted proxies
// only: echo's default believes everyone.
func ipExtractor(trusted []netip.Prefix) echo.IPExtractor {
	if len(trusted) == 0 {
		return echo.ExtractIPDirect()
	}
	options := []echo.TrustOption{echo.TrustLoopback(false), echo.TrustLinkLocal(false), echo.TrustPrivateNet(false)}
	for _, p := range trusted {
		_, ipNet, err := net.ParseCIDR(p.String())
		if err == nil {
			options = append(options, echo.TrustIPRange(ipNet))
		}
	}
	return echo.ExtractIPFromXFFHeader(options...)
}

func readiness(ready func() error) echo.HandlerFunc {
	return func(ctx echo.Context) error {
		if err := ready(); err != nil {
			return ctx.String(http.StatusServiceUnavailable, err.Error()+"\n")
		}
		return ctx.String(http.StatusOK, "ready\n")
	}
}

// Serve answers on ln until ctx ends, then lets running requests finish for a
// while and returns nil.
func Serve(ctx context.Context, ln net.Listener, h http.Handler, log *slog.Logger) error {
	var protocols http.Protocols
	protocols.SetHTTP1(true)
	protocols.SetUnencryptedHTTP2(true) // for proxies in front of it
	srv := &http.Server{
		Protocols:         &protocols,
		Handler:           h,
		ReadHeaderTimeout: readHeaderTimeout,
		ReadTimeout:       readTimeout,
		IdleTimeout:       idleTimeout,
		MaxHeaderBytes:    maxHeaderBytes,
		ErrorLog:          slog.NewLogLogger(log.Handler(), slog.LevelWarn),
	}
	stopped := make(chan error, 1)
	go func() {
		<-ctx.Done()
		drain, cancel := context.WithTimeout(context.Background(), drainTimeout)
		defer cancel()
		stopped <- srv.Shutdown(drain)
	}()
	if err := srv.Serve(ln); !errors.Is(err, http.ErrServerClosed) {
		return err
	}
	if err := <-stopped; err != nil {
		return srv.Close()
	}
	return nil
}
