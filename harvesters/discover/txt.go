package discover

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/url"
	"slices"
	"strings"
)

// maxRecords bounds how many TXT records of a name are read: names carry a
// dozen or so for mail and site verification.
const maxRecords = 200

// txtVersion is what distinguishes our records from the others.
const txtVersion = "qldiscover1"

// Resolver looks TXT records up; the character-strings of a record are joined
// (RFC 7208 §3.3 does the same). *net.Resolver is one.
type Resolver interface {
	LookupTXT(ctx context.Context, name string) ([]string, error)
}

// lookup returns the manifest URLs that host's TXT records name, in code-point
// order of the records, and the outcome of the look-up.
func lookup(ctx context.Context, r Resolver, host string) ([]string, Probe) {
	probe := Probe{Method: "dns", Host: host}
	records, err := r.LookupTXT(ctx, host+".") // rooted: no search domains
	var dns *net.DNSError
	switch {
	case err == nil:
	case errors.As(err, &dns) && dns.IsNotFound:
		probe.Outcome, probe.Detail = None, "no TXT record"
		return nil, probe
	case errors.As(err, &dns) && dns.IsTimeout:
		probe.Outcome, probe.Detail = Failed, "the DNS server did not answer in time"
		return nil, probe
	default:
		probe.Outcome, probe.Detail = Failed, "the DNS look-up failed: "+dnsReason(err)
		return nil, probe
	}
	return choose(records, probe)
}

func dnsReason(err error) string {
	var dns *net.DNSError
	if errors.As(err, &dns) {
		return dns.Err
	}
	return err.Error()
}

// choose picks the discovery records out of a name's TXT records.
func choose(records []string, probe Probe) ([]string, Probe) {
	slices.Sort(records)
	var urls, complaints []string
	for _, record := range records[:min(len(records), maxRecords)] {
		address, ours, err := ParseTXT(record)
		switch {
		case err != nil:
			complaints = append(complaints, err.Error())
		case ours:
			urls = append(urls, address)
		}
	}
	switch {
	case len(urls) > 1:
		probe.Outcome = Found
		probe.Detail = fmt.Sprintf("%d discovery records; they are tried in order, but there should be one", len(urls))
	case len(urls) == 1:
		probe.Outcome, probe.Detail = Found, "m="+urls[0]
	case len(complaints) > 0:
		probe.Outcome, probe.Detail = Rejected, strings.Join(complaints, "; ")
	default:
		probe.Outcome, probe.Detail = None, "no TXT record with v="+txtVersion
	}
	return urls, probe
}

// ParseTXT reads a TXT record: "v=qldiscover1; m=URL". It reports whether the
// record is a discovery record at all; the error says what is wrong with one.
func ParseTXT(record string) (manifest string, ours bool, err error) {
	for _, field := range strings.Split(record, ";") {
		key, value, _ := strings.Cut(field, "=")
		value = strings.TrimSpace(value)
		switch strings.ToLower(strings.TrimSpace(key)) {
		case "v":
			ours = value == txtVersion
		case "m":
			if manifest == "" {
				manifest = value
			}
		}
	}
	if !ours {
		return "", false, nil
	}
	// The specification writes m=[URL]; some copy the brackets.
	manifest = strings.TrimSuffix(strings.TrimPrefix(manifest, "["), "]")
	u, err := url.Parse(manifest)
	switch {
	case manifest == "":
		return "", true, errors.New("the TXT record has no m=URL")
	case err != nil || u.Scheme != "https" && u.Scheme != "http" || u.Host == "":
		return "", true, fmt.Errorf("m=%.100s in the TXT record is not an http or https URL", manifest)
	}
	return manifest, true, nil
}
