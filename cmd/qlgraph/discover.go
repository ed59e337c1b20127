package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
	"text/tabwriter"

	"qlgraph/harvesters/discover"
)

type discoverCommand struct {
	dataFlags
	configFlags
	JSON   bool   `help:"Print JSON."`
	Domain string `arg:"" help:"Domain of an institution, or the URL of a manifest."`
}

// Run prints every probe in the order of the specification, then the manifest.
func (c *discoverCommand) Run(ctx context.Context, p process) error {
	config, err := c.load(p)
	if err != nil {
		return err
	}
	out, done := p.reach(config)
	defer done()
	in := discover.Institution{SCHAC: strings.ToLower(c.Domain), Website: config.website(c.Domain)}
	if discover.IsURL(c.Domain) {
		in = discover.Institution{Manifest: c.Domain}
	}
	report, err := out.finder.Discover(ctx, in)
	if err != nil {
		return err
	}
	secrets, err := c.secrets(p, config, report)
	if err != nil {
		return err
	}
	if c.JSON {
		err = printJSON(p.stdout, struct {
			*discover.Report
			Secrets map[string]string `json:"secrets,omitempty"` // by path of the source: can they be used
		}{report, secrets})
	} else {
		err = printDiscovery(p.stdout, report, secrets)
	}
	if err == nil && report.Manifest == nil {
		err = errors.New(report.Reason())
	}
	return err
}

// secrets says, by the path of the source, whether the aggregator's keys open
// the manifest's secrets: none where there is no data directory.
func (c *discoverCommand) secrets(p process, config settings, report *discover.Report) (map[string]string, error) {
	dir, err := c.directory(p, config.Data)
	if errors.Is(err, errNoData) || report.Manifest == nil {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	secrets := map[string]string{}
	for _, e := range report.Manifest.Sources {
		ciphertext := e.Auth.Value
		if e.Auth.Kind == discover.OAuth2 {
			ciphertext = e.Auth.ClientSecret
		}
		switch {
		case e.Auth.Kind != discover.HTTPHeader && e.Auth.Kind != discover.OAuth2:
		case !e.Auth.Complete():
			secrets[e.Path] = "the manifest gives no secret: it has to come out of band"
		default:
			secrets[e.Path] = "the secret can be decrypted"
			if _, err := keyRing(dir).Decrypt(ciphertext); err != nil {
				secrets[e.Path] = "the secret cannot be used: " + err.Error()
			}
		}
	}
	return secrets, nil
}

func printDiscovery(w io.Writer, report *discover.Report, secrets map[string]string) error {
	if len(report.Probes) > 0 {
		table := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
		fmt.Fprintln(table, "PROBE\tHOST\tURL\tOUTCOME\tDETAIL")
		for _, probe := range report.Probes {
			fmt.Fprintf(table, "%s\t%s\t%s\t%s\t%s\n", probe.Method, probe.Host, probe.URL, probe.Outcome, probe.Detail)
		}
		if err := table.Flush(); err != nil {
			return err
		}
	}
	m := report.Manifest
	if m == nil {
		return nil
	}
	table := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	fmt.Fprintf(table, "\nManifest %s\n\nTYPE\tVERSION\tACCESS\tREFRESH\tPATH\n", m.URL)
	for _, s := range m.Sources {
		fmt.Fprintf(table, "%s\t%s\t%s\t%s\t%s\n", s.Type, s.Version, s.Auth.Kind, hours(s.Refresh), s.Path)
	}
	if err := table.Flush(); err != nil {
		return err
	}
	for _, s := range m.Sources {
		if state := secrets[s.Path]; state != "" {
			fmt.Fprintf(w, "\n%s: %s\n", s.Path, state)
		}
	}
	for _, problem := range m.Problems {
		fmt.Fprintf(w, "\n%s: %s\n", problem.Severity, problem)
	}
	return nil
}
