package server

import (
	"context"
	"net/http"
	"net/netip"

	"github.com/labstack/echo/v4"
)

type clientKey struct{}

// Client returns the address of the client that sent r, as far as the trusted
// proxies let it be known: the zero Addr where a handler runs outside a server.
func Client(r *http.Request) netip.Addr {
	addr, _ := r.Context().Value(clientKey{}).(netip.Addr)
	return addr
}

// clientAddress keeps the client's address for handlers that know no echo.
func clientAddress(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		if addr, err := netip.ParseAddr(c.RealIP()); err == nil {
			r := c.Request()
			c.SetRequest(r.WithContext(context.WithValue(r.Context(), clientKey{}, addr.Unmap())))
		}
		return next(c)
	}
}
