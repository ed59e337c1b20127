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
	out := newOutside(config.network())
	defer out.client.Close()
	in := discover.Institution{SCHAC: strings.ToLower(c.Domain), Website: config.website(c.Domain)}
	if discover.IsURL(c.Domain) {
		in = discover.Institution{Manifest: c.Domain}
	}
	report, err := out.finder.Discover(ctx, in)
	if err != nil {
		return err
	}
	if c.JSON {
		err = printJSON(p.stdout, report)
	} else {
		err = printDiscovery(p.stdout, report)
	}
	if err == nil && report.Manifest == nil {
		err = errors.New(report.Reason())
	}
	return err
}

func printDiscovery(w io.Writer, report *discover.Report) error {
	table := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	fmt.Fprintln(table, "PROBE\tHOST\tURL\tOUTCOME\tDETAIL")
	for _, probe := range report.Probes {
		fmt.Fprintf(table, "%s\t%s\t%s\t%s\t%s\n", probe.Method, probe.Host, probe.URL, probe.Outcome, probe.Detail)
	}
	if m := report.Manifest; m != nil {
		fmt.Fprintf(table, "\nManifest %s\n\nTYPE\tVERSION\tACCESS\tREFRESH\tPATH\n", m.URL)
		for _, s := range m.Sources {
			fmt.Fprintf(table, "%s\t%s\t%s\t%s\t%s\n", s.Type, s.Version, s.Auth.Kind, hours(s.Refresh), s.Path)
		}
		for _, problem := range m.Problems {
			fmt.Fprintf(table, "\n%s: %s\n", problem.Severity, problem)
		}
	}
	return table.Flush()
}
