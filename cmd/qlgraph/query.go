package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"os"
	"strings"

	"qlgraph/graph/iri"
	"qlgraph/graph/rdfio"
	"qlgraph/graph/store"
	"qlgraph/ontology"
	"qlgraph/sparql"
	"qlgraph/sparql/results"
	"qlgraph/sparql/syntax"
)

// maxQueryFile bounds the file of a query or an update; the engine's own limits
// are tighter for queries.
const maxQueryFile = 64 << 20

type queryCommand struct {
	dataFlags
	configFlags
	graphFlags
	Format     string `default:"table" help:"table, json, xml, csv, tsv, or for graphs an RDF format." placeholder:"FORMAT"`
	Explain    bool   `help:"Print the plan with estimated and actual rows on stderr."`
	NoPrefixes bool   `help:"Don't know common prefixes without PREFIX."`
	Query      string `arg:"" help:"The query, or @FILE; - is stdin."`

	declared []syntax.Declaration
}

// Run asks the query and prints the answer.
func (c *queryCommand) Run(ctx context.Context, p process) error {
	text, err := p.text(c.Query)
	if err != nil {
		return err
	}
	config, dir, err := c.configured(p, c.configFlags)
	if err != nil {
		return err
	}
	prefixes := ontology.Prefixes()
	if c.NoPrefixes {
		prefixes = nil
	}
	return p.withStore(dir, func(s *store.Store) error {
		engine, _, err := c.engine(p, s, config, prefixes)
		if err != nil {
			return err
		}
		query, err := engine.Parse(text)
		if err != nil {
			return withHint(c.Query, p, withSnippet(err))
		}
		if tree, err := syntax.ParseQuery(text, syntax.Options{}); err == nil {
			c.declared = tree.Prologue
		}
		result, err := engine.Query(ctx, query, sparql.Params{Explain: c.Explain})
		if err != nil {
			return err
		}
		defer result.Close()
		if err := c.print(ctx, p, result); err != nil {
			return err
		}
		if c.Explain {
			fmt.Fprint(p.stderr, result.Explain())
		}
		return nil
	})
}

func (c *queryCommand) print(ctx context.Context, p process, result *sparql.Result) error {
	if result.Form == sparql.Construct || result.Form == sparql.Describe {
		name := c.Format
		if name == "table" {
			name = rdfio.Turtle.String()
		}
		format, err := rdfio.ByName(name)
		if err != nil {
			return usageError{fmt.Errorf("of a CONSTRUCT or DESCRIBE: %w", err)}
		}
		return writeRDF(ctx, p.stdout, format, result.Quads())
	}
	out := bufio.NewWriterSize(p.stdout, 1<<16)
	if err := c.printRows(out, p, result); err != nil {
		return err
	}
	return out.Flush()
}

func (c *queryCommand) printRows(out *bufio.Writer, p process, result *sparql.Result) error {
	if c.Format == "table" {
		table := results.Table{Width: p.width, Prefixes: c.known()}
		if result.Form == sparql.Ask {
			return table.WriteBoolean(out, result.Bool)
		}
		n, err := table.Write(out, result.Vars, result.Rows())
		if err == nil {
			fmt.Fprintln(p.stderr, counted(n, "row"))
		}
		return err
	}
	format, ok := results.FormatOf(c.Format)
	if !ok {
		return usageError{fmt.Errorf("unknown format %q for a SELECT or ASK, want one of table, json, xml, csv, tsv", c.Format)}
	}
	if result.Form == sparql.Ask {
		return results.WriteBoolean(out, format, result.Bool)
	}
	return results.Write(out, format, result.Vars, result.Rows())
}

// known returns the prefixes that shorten IRIs in a table: the common ones, and
// those that the query declares.
func (c *queryCommand) known() map[string]string {
	prefixes := ontology.Prefixes()
	for _, d := range c.declared {
		if !d.Base && iri.SchemeLen(d.IRI) > 0 {
			prefixes[d.Prefix] = d.IRI
		}
	}
	return prefixes
}

// counted writes a number with its noun: "1 row", "2 rows".
func counted(n int, noun string) string {
	if n != 1 {
		noun += "s"
	}
	return fmt.Sprint(n, " ", noun)
}

type updateCommand struct {
	dataFlags
	configFlags
	graphFlags
	Update string `arg:"" help:"The update request, or @FILE; - is stdin."`
}

// Run applies the update: all of it, or nothing.
func (c *updateCommand) Run(ctx context.Context, p process) error {
	text, err := p.text(c.Update)
	if err != nil {
		return err
	}
	config, dir, err := c.configured(p, c.configFlags)
	if err != nil {
		return err
	}
	return p.withStore(dir, func(s *store.Store) error {
		engine, _, err := c.engine(p, s, config, ontology.Prefixes())
		if err != nil {
			return err
		}
		_, err = engine.Update(ctx, text, sparql.UpdateParams{})
		return withHint(c.Update, p, withSnippet(err))
	})
}

// text returns the argument or, after "@", the content of the file.
func (p process) text(argument string) (string, error) {
	name, isFile := strings.CutPrefix(argument, "@")
	if argument == "-" {
		name, isFile = "-", true
	}
	if !isFile {
		return argument, nil
	}
	body, err := p.read(name, maxQueryFile)
	if errors.Is(err, os.ErrNotExist) {
		return "", fmt.Errorf("%w (@ stands before a file name)", err)
	}
	return string(body), err
}

// withHint says how a file is named, where the text that is no query is the name
// of one.
func withHint(argument string, p process, err error) error {
	var malformed *syntax.Error
	if !errors.As(err, &malformed) {
		return err
	}
	if _, failed := os.Stat(p.path(argument)); failed == nil {
		return fmt.Errorf("%w\n(there is a file of that name: @%s)", err, argument)
	}
	return err
}

// withSnippet shows where in the text a syntax error is.
func withSnippet(err error) error {
	var malformed *syntax.Error
	if errors.As(err, &malformed) {
		return fmt.Errorf("%w\n%s", err, malformed.Snippet())
	}
	return err
}
