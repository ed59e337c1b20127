package discover

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"qlgraph/harvesters"
	"qlgraph/harvesters/fetch"
	"qlgraph/internal/netguard"
)

// wellKnown are the paths to try, in this order.
const wellKnown = "/.well-known/quality-link-manifest /.well-known/quality-link-manifest.json /.well-known/quality-link-manifest.yaml"

const (
	// maxManifest bounds a manifest: those with dozens of sources have some KiB.
	maxManifest = 1 << 20
	// probeTime bounds one probe. There are up to sixteen per institution.
	probeTime = 15 * time.Second
	// accept asks for the two forms; the answer is sniffed anyway.
	accept = "application/json, application/yaml;q=0.9, text/yaml;q=0.9, */*;q=0.1"
)

// Finder searches manifests. It is safe for concurrent use.
type Finder struct {
	Client   *fetch.Client
	Resolver Resolver
}

// Institution is what is known before a search.
type Institution struct {
	SCHAC    string // or any domain
	Website  string // URL or host, "" where unknown
	Manifest string // URL to read instead of searching
}

// Discover searches the manifest of an institution. The Report is complete also
// where nothing is found; an error is only that of the context.
func (f *Finder) Discover(ctx context.Context, in Institution) (*Report, error) {
	report := &Report{Domain: in.SCHAC, Probes: []Probe{}}
	if in.Manifest != "" {
		f.read(ctx, report, "manifest", hostName(in.Manifest), in.Manifest)
		return report, context.Cause(ctx)
	}
	report.Hosts = Hosts(in.SCHAC, in.Website)
	for _, host := range report.Hosts {
		f.probe(ctx, report, host)
		if report.Manifest != nil || ctx.Err() != nil {
			break
		}
	}
	return report, context.Cause(ctx)
}

// probe asks one host, until the report has a manifest.
func (f *Finder) probe(ctx context.Context, report *Report, host string) {
	timed, cancel := context.WithTimeout(ctx, probeTime)
	urls, record := lookup(timed, f.Resolver, host)
	cancel()
	report.Probes = append(report.Probes, record)
	for _, manifest := range urls {
		if f.read(ctx, report, "manifest", host, manifest); report.Manifest != nil {
			return
		}
	}
	scheme := "https"
	for _, path := range strings.Fields(wellKnown) {
		answered := f.read(ctx, report, "well-known", host, scheme+"://"+host+path)
		if !answered && scheme == "https" {
			// Nothing answers there: http, for this path and those after it.
			scheme = "http"
			answered = f.read(ctx, report, "well-known", host, scheme+"://"+host+path)
		}
		if !answered || report.Manifest != nil {
			return
		}
	}
}

// read fetches and parses a candidate, notes the outcome, and reports whether
// any server answered.
func (f *Finder) read(ctx context.Context, report *Report, method, host, address string) bool {
	ctx, cancel := context.WithTimeout(ctx, probeTime)
	defer cancel()
	probe := Probe{Method: method, Host: host, URL: address}
	resp, err := f.get(ctx, address)
	if err != nil {
		probe.Outcome, probe.Detail = judge(err)
		report.Probes = append(report.Probes, probe)
		return !unreachable(err)
	}
	manifest, err := Parse(resp.Body)
	if err != nil {
		probe.Outcome, probe.Detail = Rejected, err.Error()
	} else {
		manifest.URL = resp.URL.String()
		probe.Outcome = Found
		report.Manifest, report.Body = manifest, resp.Body
	}
	report.Probes = append(report.Probes, probe)
	return true
}

func (f *Finder) get(ctx context.Context, address string) (*harvesters.Response, error) {
	limits := fetch.DefaultLimits()
	limits.Body, limits.Total, limits.Tries = maxManifest, maxManifest, 1
	session, err := f.Client.Session(fetch.Target{Limits: limits})
	if err != nil {
		return nil, err
	}
	return session.Get(ctx, harvesters.Request{URL: address, Accept: accept})
}

// judge says what an error means for the search.
func judge(err error) (Outcome, string) {
	var status *harvesters.StatusError
	if errors.As(err, &status) {
		if status.Status == http.StatusNotFound || status.Status == http.StatusGone {
			return None, "HTTP status " + http.StatusText(status.Status)
		}
		return Failed, "HTTP status " + http.StatusText(status.Status)
	}
	var limit *fetch.LimitError
	var redirect *fetch.RedirectError
	if errors.As(err, &limit) || errors.As(err, &redirect) {
		return Rejected, err.Error()
	}
	return Failed, err.Error()
}

// unreachable reports whether nothing answered. A server with a bad certificate
// did answer: http would hide its operator's mistake. An address that the guard
// refuses is not asked again under another scheme.
func unreachable(err error) bool {
	var refused *netguard.RefusedError
	return fetch.Unreachable(err) && !fetch.BadCertificate(err) && !errors.As(err, &refused)
}

// IsURL reports whether what a person gave instead of a domain is a manifest's
// URL.
func IsURL(s string) bool {
	u, err := url.Parse(s)
	return err == nil && slices.Contains([]string{"http", "https"}, u.Scheme) && u.Host != ""
}
