package shapes

import (
	"fmt"
	"regexp"
	"strings"
)

// compileRegex compiles a pattern of sh:pattern, which is one of SPARQL's REGEX
// (SHACL §4.4.3), with its flags: i, m, s, x and q of XPath.
func compileRegex(pattern, flags string) (*regexp.Regexp, error) {
	options := ""
	for _, f := range flags {
		switch f {
		case 'i', 'm', 's':
			options += string(f)
		case 'x':
			pattern = strings.Map(dropSpace, pattern)
		case 'q':
			pattern = regexp.QuoteMeta(pattern)
		default:
			return nil, fmt.Errorf("unknown flag %q", f)
		}
	}
	if options != "" {
		pattern = "(?" + options + ")" + pattern
	}
	return regexp.Compile(pattern)
}

func dropSpace(r rune) rune {
	if strings.ContainsRune(" \t\r\n", r) {
		return -1
	}
	return r
}
