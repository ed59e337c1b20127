package main

import (
	"encoding/json"
	"fmt"
	"io"
	"path/filepath"
	"text/tabwriter"

	"qlgraph/graph"
	"qlgraph/harvesters/discover"
	"qlgraph/harvesters/fetch"
	"qlgraph/harvesters/keys"
	"qlgraph/harvesters/pipeline"
	"qlgraph/harvesters/registry"
	"qlgraph/internal/netguard"
	"qlgraph/shapes/profile"
)

// userAgent introduces the aggregator to providers.
const userAgent = "qlgraph (+https://quality-link.eu/)"

// profileVersion names what records are validated against: a new one validates
// all of them again.
const profileVersion = "1.1.0-alpha"

// harvestMemory is where the garbage collector begins to work harder during a
// harvest, so that one stays below 1 GiB.
const harvestMemory = 768 << 20

// outside is how harvests reach providers.
type outside struct {
	client *fetch.Client
	finder *discover.Finder
	locks  *pipeline.Locks
}

func newOutside(c netguard.Config) outside {
	network := netguard.New(c)
	client := fetch.New(fetch.Config{Network: network, UserAgent: userAgent, PlainTokens: c.AllowPrivate})
	return outside{client, &discover.Finder{Client: client, Resolver: network.Resolver()}, pipeline.NewLocks()}
}

// reach returns how a command reaches providers: as the server does that it was
// handed to, whose connections and locks it shares.
func (p process) reach(c settings) (_ outside, done func()) {
	if p.lent != nil && c.served {
		return p.lent.outside, func() {}
	}
	out := newOutside(c.network())
	if p.lent != nil {
		out.locks = p.lent.outside.locks
	}
	return out, out.client.Close
}

// keyRing returns the aggregator's keys, which live in the data directory.
func keyRing(dir string) *keys.Ring { return keys.Open(filepath.Join(dir, "keys"), nil) }

// newPipeline wires a harvest into the store of the data directory dir.
func newPipeline(data graph.Writer, dir, base string, reg registry.Registry, out outside) (*pipeline.Pipeline, error) {
	return pipeline.New(pipeline.Config{
		BaseIRI:   base,
		Dataset:   data,
		Client:    out.client,
		Finder:    out.finder,
		Validator: profile.New(),
		Keys:      keyRing(dir),
		Profile:   profileVersion,
		Spool:     filepath.Join(dir, "spool"),
		Registry:  reg,
		Locks:     out.locks,
	})
}

// printRun prints a run's sources, and the manifests that changed.
func printRun(w io.Writer, report *pipeline.RunReport) error {
	if err := printSources(w, report.Sources); err != nil {
		return err
	}
	for _, m := range report.Manifests {
		for _, change := range m.Changes {
			if _, err := fmt.Fprintf(w, "%s: manifest: %s\n", m.Provider, change); err != nil {
				return err
			}
		}
	}
	return nil
}

// printSources prints a line per source of a run, and its errors below.
func printSources(w io.Writer, sources []pipeline.SourceResult) error {
	table := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	fmt.Fprintln(table, "PROVIDER\tTYPE\tSTATUS\tREQUESTS\tRECORDS\tCOURSES\tCREATED\tCHANGED\tWITHDRAWN\tVIOLATIONS\tSECONDS")
	for _, s := range sources {
		fmt.Fprintf(table, "%s\t%s\t%s\t%d\t%d\t%d\t%d\t%d\t%d\t%d\t%.2f\n", s.Provider, s.Type, s.Status, s.Requests,
			s.Records, s.Courses, s.Created, s.Changed, s.Withdrawn, s.Violations, s.Seconds)
	}
	if err := table.Flush(); err != nil {
		return err
	}
	for _, s := range sources {
		for _, e := range s.Errors {
			at := e.At
			if at != "" {
				at += ": "
			}
			if _, err := fmt.Fprintf(w, "%s: %s%s\n", s.Provider, at, e.Message); err != nil {
				return err
			}
		}
	}
	return nil
}

func printJSON(w io.Writer, v any) error {
	enc := json.NewEncoder(w)
	enc.SetIndent("", "  ")
	return enc.Encode(v)
}

// showProgress returns a callback that says on stderr what a run is doing,
// where that is a terminal.
func (p process) showProgress() func(pipeline.Progress) {
	if !p.terminal {
		return nil
	}
	return func(step pipeline.Progress) {
		fmt.Fprintf(p.stderr, "\r\x1b[K%s %s: %s, %d records", step.Provider, step.Source, step.Stage, step.Records)
		if step.Stage == "done" {
			fmt.Fprint(p.stderr, "\r\x1b[K")
		}
	}
}
