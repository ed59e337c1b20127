package formats_test

import (
	"fmt"
	"strings"
	"testing"

	"qlgraph/harvesters"
	"qlgraph/harvesters/formats"
	"qlgraph/internal/golden"
)

// TestMappingDocumentation holds docs/mapping against the tables of rules, and
// writes it under -update.
func TestMappingDocumentation(t *testing.T) {
	for _, f := range formats.All() {
		golden.Check(t, "../../../docs/mapping/"+string(f.Name)+".md", mapping(f))
	}
}

// titles are what the formats are called by those who made them.
var titles = map[harvesters.Format]string{
	harvesters.ELM:    "European Learning Model",
	harvesters.OOAPI:  "Open Education API 5 and 6",
	harvesters.EduAPI: "1EdTech Edu-API 1.0",
	harvesters.OCCAPI: "Online Course Catalogue API 1 and 2",
}

// mapping returns the documentation of a format's rules, in Markdown.
func mapping(f formats.Format) []byte {
	var b strings.Builder
	fmt.Fprintf(&b, "# %s (`%s`)\n\n", titles[f.Name], f.Name)
	b.WriteString("Made from the table of rules that the lifter runs; `go test ./harvesters/formats -update` writes it.\n" +
		"The rule's name is in the lineage of every statement that it makes.\n\n" +
		"| rule | in the source | in the graph | conversion |\n|---|---|---|---|\n")
	for _, r := range f.Rules {
		fmt.Fprintf(&b, "| `%s` | %s | %s | %s |\n", r.ID, source(r.Source), code(r.Target, ", "), cell(r.Conversion))
	}
	return []byte(b.String())
}

// source renders a path of members; alternatives stand in the order in which
// they are looked for.
func source(s string) string {
	if s == "" {
		return "–"
	}
	if strings.Contains(s, ", ") || strings.Contains(s, " of ") || strings.HasPrefix(s, "every ") {
		return cell(s)
	}
	return strings.ReplaceAll(code(s, " | "), "` | `", "`, else `")
}

func code(s, separator string) string {
	if s == "" || s == "–" {
		return "–"
	}
	parts := strings.Split(s, separator)
	for i, p := range parts {
		parts[i] = "`" + p + "`"
	}
	return strings.Join(parts, separator)
}

func cell(s string) string { return strings.ReplaceAll(s, "|", `\|`) }
