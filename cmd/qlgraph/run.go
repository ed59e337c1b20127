package main

import (
	"context"
	"errors"
	"fmt"
	"io"

	"github.com/alecthomas/kong"
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
	dir            string // relative file names are below it; "" is the working directory
}

// errNonconforming ends a command with status 1 without a message: what it
// printed has said it already.
// errTooLarge is the error of an input file beyond what a command reads whole.
var errTooLarge = errors.New("file is too large")

var errNonconforming = errors.New("the data do not conform")

// grammar is the command line: one field per command.
type grammar struct {
	Convert convertCommand `cmd:"" help:"RDF syntax to RDF syntax."`
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
	return report(command.Run(), p)
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
