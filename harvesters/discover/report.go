package discover

// Outcome is what became of a Probe.
type Outcome string

// The outcomes. A search whose probes are all None has shown that there is no
// manifest; one with Failed probes has shown nothing.
const (
	Found    Outcome = "found"
	None     Outcome = "none"     // an authoritative no: NXDOMAIN, 404
	Failed   Outcome = "failed"   // no answer, or an error of the server
	Rejected Outcome = "rejected" // an answer that is no manifest
)

// Probe is one step of a search.
type Probe struct {
	Method  string  `json:"method"` // "dns", "well-known", "manifest"
	Host    string  `json:"host"`
	URL     string  `json:"url,omitempty"`
	Outcome Outcome `json:"outcome"`
	Detail  string  `json:"detail,omitempty"`
}

// Report is the course of a search and what it found.
type Report struct {
	Domain   string    `json:"domain"`
	Hosts    []string  `json:"hosts"`
	Probes   []Probe   `json:"probes"`
	Manifest *Manifest `json:"manifest"` // nil where none was found
	Body     []byte    `json:"-"`        // the manifest as it came
}

// Conclusive reports whether the search showed that there is a manifest, or
// that there is none: what was known before is not to be dropped otherwise.
func (r *Report) Conclusive() bool {
	if r.Manifest != nil {
		return true
	}
	for _, p := range r.Probes {
		if p.Outcome == Failed || p.Outcome == Rejected {
			return false
		}
	}
	return true
}

// Reason says in one sentence why no manifest was found.
func (r *Report) Reason() string {
	if len(r.Hosts) == 0 && len(r.Probes) == 0 {
		return "there is no host to ask: neither the code nor the website is a domain name"
	}
	for _, outcome := range []Outcome{Rejected, Failed} {
		for _, p := range r.Probes {
			if p.Outcome == outcome {
				where := p.URL
				if where == "" {
					where = "TXT " + p.Host
				}
				return "no manifest found; " + where + ": " + p.Detail
			}
		}
	}
	return "no manifest found: no TXT record with v=" + txtVersion + " and nothing at the well-known paths"
}
