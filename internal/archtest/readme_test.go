package archtest

import (
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"testing"
)

var (
	suiteRow    = regexp.MustCompile(`(?m)^\| (.+) \| (\d+) \| (\d+) \| \[[^\]]+\]\(([^)]+_test\.go)\)`)
	pinnedTotal = regexp.MustCompile(`\b[Ee]ntries: *(\d+)`)
	pinnedPass  = regexp.MustCompile(`\b[Pp]asses: *(\d+)`)
)

// TestSuiteCounts compares the README's table with the numbers that the suites
// pin, so that it cannot promise what the tests do not.
func TestSuiteCounts(t *testing.T) {
	root := filepath.Join("..", "..")
	readme, err := os.ReadFile(filepath.Join(root, "README.md"))
	if err != nil {
		t.Fatal(err)
	}
	rows := suiteRow.FindAllStringSubmatch(string(readme), -1)
	if len(rows) == 0 {
		t.Fatal("the README has no table of suites")
	}
	for _, row := range rows {
		source, err := os.ReadFile(filepath.Join(root, filepath.FromSlash(row[4])))
		if err != nil {
			t.Errorf("%s: %v", row[1], err)
			continue
		}
		total := sum(pinnedTotal, source)
		passes := total
		if pinnedPass.Match(source) { // else the test wants all to pass
			passes = sum(pinnedPass, source)
		}
		if row[2] != strconv.Itoa(passes) || row[3] != strconv.Itoa(total) {
			t.Errorf("%s: the README says %s of %s, %s pins %d of %d", row[1], row[2], row[3], row[4], passes, total)
		}
	}
}

// sum adds the numbers that the pattern captures.
func sum(pattern *regexp.Regexp, text []byte) int {
	n := 0
	for _, m := range pattern.FindAllSubmatch(text, -1) {
		k, _ := strconv.Atoi(string(m[1])) // digits, by the pattern
		n += k
	}
	return n
}
