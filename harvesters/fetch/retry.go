package fetch

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"net"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/cenkalti/backoff/v5"

	"qlgraph/harvesters"
	"qlgraph/internal/netguard"
)

// retried runs once up to Limits.Tries times. Only failures that may pass are
// retried; waits follow Retry-After where the server sent it, else grow
// exponentially with jitter so that sources that failed together do not return
// together.
func (s *Session) retried(ctx context.Context, once func() (*harvesters.Response, error)) (*harvesters.Response, error) {
	delays := backoff.NewExponentialBackOff()
	for try := 1; ; try++ {
		resp, err := once()
		if err == nil || try >= s.limits.Tries || ctx.Err() != nil || !passing(err) {
			return resp, err
		}
		delay := delays.NextBackOff()
		var asked *waitError
		if errors.As(err, &asked) {
			if asked.wait > s.limits.RetryAfter {
				return nil, &RetryLaterError{asked.status.URL, s.client.config.Now().Add(asked.wait)}
			}
			delay = max(delay, asked.wait)
		}
		if err := s.client.config.Sleep(ctx, delay); err != nil {
			return nil, err
		}
	}
}

// waitError is a status with the wait that came with it.
type waitError struct {
	status *harvesters.StatusError
	wait   time.Duration
}

func (e *waitError) Error() string { return e.status.Error() }
func (e *waitError) Unwrap() error { return e.status }

// passing reports whether another try may succeed.
func passing(err error) bool {
	var status *harvesters.StatusError
	if errors.As(err, &status) {
		switch status.Status {
		case http.StatusRequestTimeout, http.StatusTooManyRequests, http.StatusInternalServerError,
			http.StatusBadGateway, http.StatusServiceUnavailable, http.StatusGatewayTimeout:
			return true
		}
		return false
	}
	var refused *netguard.RefusedError
	var dns *net.DNSError
	switch {
	case !Unreachable(err), errors.As(err, &refused), BadCertificate(err), errors.Is(err, errSlow):
		return false
	case errors.As(err, &dns):
		return !dns.IsNotFound
	}
	return true
}

// BadCertificate reports whether err is the server's certificate: a matter for
// its operator, not of time.
func BadCertificate(err error) bool {
	var verification *tls.CertificateVerificationError
	var unknown x509.UnknownAuthorityError
	var hostname x509.HostnameError
	var invalid x509.CertificateInvalidError
	return errors.As(err, &verification) || errors.As(err, &unknown) || errors.As(err, &hostname) || errors.As(err, &invalid)
}

// retryAfter reads the header in both of its forms (RFC 9110 §10.2.3).
func retryAfter(value string, now time.Time) (time.Duration, bool) {
	value = strings.TrimSpace(value)
	if seconds, err := strconv.ParseUint(value, 10, 31); err == nil {
		return time.Duration(seconds) * time.Second, true
	}
	if at, err := http.ParseTime(value); err == nil {
		return max(at.Sub(now), 0), true
	}
	return 0, false
}
