package main

import (
	"context"
	"errors"
	"fmt"
	"io"

	"github.com/alecthomas/kong"

	"qlgraph/graph/store"
)

// Exit statuses (docs: interface, command line).
const (
	statusDone   = 0
	statusFailed = 1 // the operation failed, or the data do not conform
	statusUsage  = 2
)

// process is what a command sees of the operating system's process.
type process struct {
	stdin          io.Reader
	stdout, stderr io.Writer
	getenv         func(string) string
	terminal       bool   // stderr is one: progress may be drawn
	width          int    // of stdout in cells, 0 where it is no terminal
	dir            string // relative file names are below it; "" is the working directory

	// A server that runs a command handed to it lends it the open store, and
	// what it harvests with.
	served    *store.Store
	servedDir string
	lent      *lent
}

// lent is what a server harvests with. A command that is handed to it uses the
// same settings, unless it names a configuration of its own, and never works on
// a source beside the server's own harvest.
type lent struct {
	settings settings
	outside  outside
}

// errNonconforming ends a command with status 1 without a message: what it
// printed has said it already.
var errNonconforming = errors.New("the data do not conform")

// errTooLarge is the error of an input file beyond what a command reads whole.
var errTooLarge = errors.New("file is too large")

// grammar is the command line: one field per command.
type grammar struct {
	Lift           liftCommand           `cmd:"" help:"Source records to RDF on stdout: no network, no store."`
	Convert        convertCommand        `cmd:"" help:"RDF syntax to RDF syntax."`
	Load           loadCommand           `cmd:"" help:"Bulk load RDF files into a data directory."`
	Dump           dumpCommand           `cmd:"" help:"Write a data directory's quads to stdout."`
	Query          queryCommand          `cmd:"" help:"SPARQL query without a server."`
	Update         updateCommand         `cmd:"" help:"SPARQL update without a server."`
	Validate       validateCommand       `cmd:"" help:"Check RDF files with SHACL: the QualityLink profile, or your own shapes."`
	Discover       discoverCommand       `cmd:"" help:"Find a provider's manifest: every probe with its outcome."`
	Check          checkCommand          `cmd:"" help:"Dry run of a harvest: what would become of a provider's data, and what to fix first."`
	Harvest        harvestCommand        `cmd:"" help:"Harvest now, one result per source."`
	Serve          serveCommand          `cmd:"" help:"The server: SPARQL, linked data, pages."`
	Publish        publishCommand        `cmd:"" help:"Write the dumps now: the whole dataset, and each provider's and alliance's share."`
	Runs           runsCommand           `cmd:"" help:"Harvest runs: list them, show one, release a held one."`
	Keys           keysCommand           `cmd:"" help:"The aggregator's key pairs: list them, make new ones."`
	Token          tokenCommand          `cmd:"" help:"Access tokens: issue one, list them, revoke one."`
	Verify         verifyCommand         `cmd:"" help:"Prove that a data directory's store is sound."`
	Compact        compactCommand        `cmd:"" help:"Write the store anew, without free pages."`
	Backup         backupCommand         `cmd:"" help:"Write a copy of the store, also of one that serves."`
	Restore        restoreCommand        `cmd:"" help:"Make a backup the store of a data directory."`
	VerifyEvidence verifyEvidenceCommand `cmd:"" help:"Check an evidence pack, offline."`
	Demo           demoCommand           `cmd:"" help:"Sample providers, harvested over real HTTP and served."`
}

// run executes one command line and returns the exit status.
func run(ctx context.Context, args []string, p process) int {
	var g grammar
	exited := -1
	parser, err := kong.New(&g,
		kong.Name("qlgraph"),
		kong.Description("Collects course catalogues into one validated RDF graph and serves it."),
		kong.Writers(p.stdout, p.stderr),
		kong.Exit(func(status int) { exited = status }),
		kong.ConfigureHelp(kong.HelpOptions{Compact: true}),
		kong.BindTo(ctx, (*context.Context)(nil)),
		kong.Bind(p),
	)
	if err != nil {
		fmt.Fprintln(p.stderr, "qlgraph:", err)
		return statusFailed
	}
	command, err := parser.Parse(args)
	if exited >= 0 { // --help printed its text and is done
		return exited
	}
	if err != nil {
		fmt.Fprintf(p.stderr, "qlgraph: %v (see qlgraph --help)\n", err)
		return statusUsage
	}
	err = command.Run()
	var locked *store.LockedError
	if errors.As(err, &locked) && command.Command() != "serve" && command.Command() != "demo" {
		if status, ok := handOver(ctx, locked.Dir, args, p); ok {
			return status
		}
	}
	return report(err, p)
}

// usageError marks a wrong use that the grammar cannot see.
type usageError struct{ error }

func report(err error, p process) int {
	var usage usageError
	switch {
	case err == nil:
		return statusDone
	case errors.Is(err, errNonconforming):
		return statusFailed
	case errors.As(err, &usage):
		fmt.Fprintln(p.stderr, "qlgraph:", err)
		return statusUsage
	case errors.Is(err, context.Canceled):
		fmt.Fprintln(p.stderr, "qlgraph: interrupted")
		return statusFailed
	}
	fmt.Fprintln(p.stderr, "qlgraph:", err)
	return statusFailed
}
