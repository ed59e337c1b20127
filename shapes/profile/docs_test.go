package profile_test

import (
	"fmt"
	"os"
	"strings"
	"testing"

	"qlgraph/shapes/profile"
)

// The tables in docs/quality.md are those that the program applies.
func TestDocumentedRules(t *testing.T) {
	text, err := os.ReadFile("../../docs/quality.md")
	if err != nil {
		t.Fatal(err)
	}
	var rows []string
	for _, r := range profile.Policy() {
		of := "offering"
		if r.Course {
			of = "course"
		}
		rows = append(rows, fmt.Sprintf("| `%s` | %s | %s |", r.ID, of, r.Text))
	}
	for _, r := range profile.Scores() {
		rows = append(rows, fmt.Sprintf("| `%s` | %s | %d | %s |", r.ID, r.Dimension, r.Points, r.Text))
	}
	for _, row := range rows {
		if !strings.Contains(string(text), row+"\n") {
			t.Errorf("docs/quality.md has not the row %s", row)
		}
	}
	if got := strings.Count(string(text), "\n| `"); got != len(rows) {
		t.Errorf("docs/quality.md has %d rules, the program %d", got, len(rows))
	}
}
