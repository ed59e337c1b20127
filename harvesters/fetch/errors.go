package fetch

import (
	"errors"
	"fmt"
	"net"
	"net/url"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"qlgraph/internal/netguard"
)

// LimitError is the error for a server that exceeded one of the Limits, or that
// sends what was not asked for.
type LimitError struct {
	URL   string
	Limit string // "body of more than 96 MiB"
}

func (e *LimitError) Error() string { return fmt.Sprintf("GET %s: %s", e.URL, e.Limit) }

// RedirectError is the error for a redirect that is not followed.
type RedirectError struct {
	URL    string
	To     string
	Reason string
}

func (e *RedirectError) Error() string {
	return fmt.Sprintf("GET %s: redirect to %s not followed: %s", e.URL, e.To, e.Reason)
}

// RetryLaterError is the error for a server that asked to be left alone for
// longer than a run can wait.
type RetryLaterError struct {
	URL   string
	Until time.Time
}

func (e *RetryLaterError) Error() string {
	return fmt.Sprintf("GET %s: the server asks to come back after %s", e.URL, e.Until.UTC().Format(time.RFC3339))
}

// AuthError is the error for credentials that could not be obtained or used. It
// never holds them, nor what a server answered to them.
type AuthError struct {
	Step   string // "token endpoint https://…"
	Reason string
}

func (e *AuthError) Error() string { return e.Step + ": " + e.Reason }

// transportError describes a request that got no usable answer. The wrapped
// errors of net/http quote the URL with its query; this one has the URL as the
// source has it, without the manifest's parameters.
type transportError struct {
	url string
	err error
}

func (e *transportError) Error() string { return "GET " + e.url + ": " + plain(e.err) }
func (e *transportError) Unwrap() error { return e.err }

// Unreachable reports whether err means that no HTTP answer came at all.
func Unreachable(err error) bool {
	var t *transportError
	return errors.As(err, &t)
}

// plain says what went wrong without repeating method and URL, and in words
// that a person can act on.
func plain(err error) string {
	var refused *netguard.RefusedError
	var dns *net.DNSError
	var urlErr *url.Error
	switch {
	case errors.As(err, &refused):
		return refused.Error()
	case errors.As(err, &dns) && dns.IsNotFound:
		return "no such host: " + dns.Name
	case errors.As(err, &dns):
		return fmt.Sprintf("the DNS look-up of %s failed (%s)", dns.Name, dns.Err)
	case errors.As(err, &urlErr):
		return urlErr.Err.Error()
	}
	return err.Error()
}

// maxDetail bounds what of an error body is kept: enough for a problem's title.
const maxDetail = 200

// detail makes the text of an error body fit for a message: one line, without
// control characters, cut off; nothing for HTML, which says nothing.
func detail(body []byte) string {
	text := strings.TrimSpace(string(body))
	if !utf8.ValidString(text) || strings.HasPrefix(text, "<") {
		return ""
	}
	text = strings.Map(func(r rune) rune {
		if unicode.IsSpace(r) {
			return ' '
		}
		if !unicode.IsPrint(r) {
			return -1
		}
		return r
	}, text)
	text = strings.Join(strings.Fields(text), " ")
	if runes := []rune(text); len(runes) > maxDetail {
		text = string(runes[:maxDetail]) + "…"
	}
	return text
}
