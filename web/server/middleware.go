package server

import (
	"errors"
	"log/slog"
	"net/http"
	"time"

	"github.com/labstack/echo/v4"
	"github.com/labstack/echo/v4/middleware"

	"qlgraph/internal/problem"
)

// contentSecurityPolicy lets a page load what this server serves and nothing
// else. No page has inline script or style.
const contentSecurityPolicy = "default-src 'none'; style-src 'self'; img-src 'self' data:; font-src 'self'; " +
	"script-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"

func securityHeaders(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		h := c.Response().Header()
		h.Set("Content-Security-Policy", contentSecurityPolicy)
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("Referrer-Policy", "no-referrer")
		return next(c)
	}
}

// requestLog writes one line per request, after it. Queries are logged by their
// own handler, with what only it knows.
func requestLog(log *slog.Logger) echo.MiddlewareFunc {
	return func(next echo.HandlerFunc) echo.HandlerFunc {
		return func(c echo.Context) error {
			start := time.Now()
			err := next(c)
			if err != nil {
				c.Error(err)
			}
			log.LogAttrs(c.Request().Context(), slog.LevelDebug, "request",
				slog.String("method", c.Request().Method),
				slog.String("path", c.Request().URL.Path),
				slog.Int("status", c.Response().Status),
				slog.Int64("bytes", c.Response().Size),
				slog.Duration("took", time.Since(start)),
				slog.String("client", c.RealIP()))
			return nil
		}
	}
}

// recovery turns a panic of a handler into a 500 and a log line with the stack.
// http.ErrAbortHandler passes: it is how a handler breaks a response off.
func recovery(log *slog.Logger) middleware.RecoverConfig {
	config := middleware.DefaultRecoverConfig
	config.DisablePrintStack = true
	config.LogErrorFunc = func(c echo.Context, err error, stack []byte) error {
		log.Error("panic", "path", c.Request().URL.Path, "error", err, "stack", string(stack))
		return err
	}
	return config
}

// writeError answers for echo's own errors: no route, wrong method, a panic.
func writeError(err error, c echo.Context) {
	if c.Response().Committed {
		return
	}
	status := http.StatusInternalServerError
	var he *echo.HTTPError
	if errors.As(err, &he) {
		status = he.Code
	}
	problem.Write(c.Response(), c.Request(), problem.Details{Status: status})
}
