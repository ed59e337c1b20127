package lifting

import (
	"net/netip"
	"net/url"
	"regexp"
	"strconv"
	"strings"
	"time"

	"qlgraph/graph/iri"
	"qlgraph/graph/rdf"
	"qlgraph/internal/jsontree"
)

// number is a decimal with the text after it: "7,5", "5 ECTS", "30.0".
var number = regexp.MustCompile(`^([0-9]{1,15})(?:[.,]([0-9]{1,15}))?(?:\s*([^0-9.,\s].*))?$`)

// exponent is the rest of a number in scientific notation, in a string.
var exponent = regexp.MustCompile(`^[eE][+-]?[0-9]`)

// Decimal reads a non-negative number, given as a JSON number or in a string,
// and returns it without needless zeros, with the text that follows it.
func Decimal(v jsontree.Value) (decimal, unit string, ok bool) {
	s := strings.TrimSpace(v.Text())
	if v.Kind() == jsontree.Number && strings.ContainsAny(s, "eE") {
		f, err := strconv.ParseFloat(s, 64)
		if err != nil || f > 1e15 {
			return "", "", false
		}
		s = strconv.FormatFloat(f, 'f', -1, 64)
	}
	if v.Kind() == jsontree.Bool {
		return "", "", false
	}
	return ParseDecimal(s)
}

// ParseDecimal is Decimal for a text.
func ParseDecimal(s string) (decimal, unit string, ok bool) {
	s = strings.TrimSpace(s)
	if simpleInteger(s) {
		return s, "", true
	}
	m := number.FindStringSubmatch(s)
	if m == nil || exponent.MatchString(m[3]) {
		return "", "", false
	}
	whole, fraction := strings.TrimLeft(m[1], "0"), strings.TrimRight(m[2], "0")
	if whole == "" {
		whole = "0"
	}
	if fraction != "" {
		whole += "." + fraction
	}
	return whole, m[3], true
}

func simpleInteger(s string) bool {
	if s == "" || len(s) > 15 || s[0] == '0' && len(s) > 1 {
		return false
	}
	for i := 0; i < len(s); i++ {
		if s[i] < '0' || s[i] > '9' {
			return false
		}
	}
	return true
}

// Count reads a whole number that is not negative; 30.0 is 30.
func Count(v jsontree.Value) (string, bool) {
	n, unit, ok := Decimal(v)
	if !ok || unit != "" || strings.Contains(n, ".") {
		return "", false
	}
	return n, true
}

// layouts of points in time that feeds write besides RFC 3339.
var layouts = []string{
	time.RFC3339Nano, "2006-01-02T15:04:05", "2006-01-02T15:04Z07:00", "2006-01-02T15:04",
	"2006-01-02T15:04:05Z0700", "2006-01-02 15:04:05Z07:00", "2006-01-02 15:04:05", "2006-01-02 15:04",
}

// DateTime reads a date or a point in time as an xsd:dateTime; a date is its
// first instant, in no time zone.
func DateTime(s string) (rdf.Term, bool) {
	s = strings.TrimSpace(s)
	if len(s) == len(time.DateOnly) {
		if _, err := time.Parse(time.DateOnly, s); err != nil {
			return rdf.Term{}, false
		}
		return rdf.TypedLiteral(s+"T00:00:00", rdf.XSDDateTime), true
	}
	for i, layout := range layouts {
		t, err := time.Parse(layout, s)
		if err != nil {
			continue
		}
		if i > 1 {
			s = t.Format("2006-01-02T15:04:05.999999999")
			if strings.Contains(layout, "Z07") {
				s = t.Format(time.RFC3339Nano)
			}
		}
		return rdf.TypedLiteral(s, rdf.XSDDateTime), true
	}
	return rdf.Term{}, false
}

// Time reads a point in time for a Record's Modified; zero where there is none.
func Time(s string) time.Time {
	lit, ok := DateTime(s)
	if !ok {
		return time.Time{}
	}
	for _, layout := range layouts[:2] {
		if t, err := time.Parse(layout, lit.Value()); err == nil {
			return t.UTC()
		}
	}
	return time.Time{}
}

var (
	isoDuration = regexp.MustCompile(`^P(?:\d+Y)?(?:\d+M)?(?:\d+D)?(?:T(?:\d+H)?(?:\d+M)?(?:\d+(?:\.\d+)?S)?)?$`)
	isoWeeks    = regexp.MustCompile(`^P(\d{1,6})W$`)
)

// Duration reads an ISO 8601 duration as an xsd:duration; weeks, which XML
// Schema does not have, become days.
func Duration(s string) (rdf.Term, bool) {
	s = strings.ToUpper(strings.TrimSpace(s))
	if m := isoWeeks.FindStringSubmatch(s); m != nil {
		weeks, err := strconv.Atoi(m[1])
		return rdf.TypedLiteral("P"+strconv.Itoa(7*weeks)+"D", rdf.XSDDuration), err == nil
	}
	if !isoDuration.MatchString(s) || strings.HasSuffix(s, "T") || s == "P" {
		return rdf.Term{}, false
	}
	return rdf.TypedLiteral(s, rdf.XSDDuration), true
}

// Hours returns a number of hours as an xsd:duration: "7.5" is PT7H30M.
func Hours(decimal string) (rdf.Term, bool) {
	h, err := strconv.ParseFloat(decimal, 64)
	if err != nil || h > 1e6 {
		return rdf.Term{}, false
	}
	minutes := int(h*60 + 0.5)
	lexical := "PT" + strconv.Itoa(minutes/60) + "H"
	if m := minutes % 60; m > 0 {
		lexical += strconv.Itoa(m) + "M"
	}
	return rdf.TypedLiteral(lexical, rdf.XSDDuration), true
}

// URL reads an absolute web address; one without a scheme is taken for https.
func URL(s string) (string, bool) {
	s = strings.TrimSpace(s)
	if missing(s) || len(s) > maxURL {
		return "", false
	}
	if simpleURL(s) {
		return s, true
	}
	if !strings.Contains(s, "://") {
		s = "https://" + strings.TrimPrefix(s, "//")
	}
	u, err := url.Parse(s)
	if err != nil || u.User != nil || u.Scheme != "http" && u.Scheme != "https" || !host(u.Hostname()) {
		return "", false
	}
	if iri.Check(s) != nil {
		s = u.String() // with what an IRI may not hold percent-encoded
		if iri.Check(s) != nil {
			return "", false
		}
	}
	return s, true
}

// simpleURL recognises the commonest addresses: a host name with a dot in it, and
// after it only what every IRI may hold, without escapes and fragments.
func simpleURL(s string) bool {
	rest, ok := strings.CutPrefix(s, "https://")
	if !ok {
		if rest, ok = strings.CutPrefix(s, "http://"); !ok {
			return false
		}
	}
	dots, i := 0, 0
	for ; i < len(rest) && rest[i] != '/'; i++ {
		switch c := rest[i]; {
		case 'a' <= c && c <= 'z', '0' <= c && c <= '9', c == '-' && i > 0:
		case c == '.' && i > 0 && rest[i-1] != '.':
			dots++
		default:
			return false
		}
	}
	if dots == 0 || rest[i-1] == '.' {
		return false
	}
	for ; i < len(rest); i++ {
		switch c := rest[i]; {
		case 'a' <= c && c <= 'z', 'A' <= c && c <= 'Z', '0' <= c && c <= '9':
		case strings.IndexByte("/-._~?=&+,;:@", c) >= 0:
		default:
			return false
		}
	}
	return true
}

// maxURL is the longest web address that is read: longer ones carry data.
const maxURL = 4096

// hostname is what a host on the web is called: labels with a dot between them.
var hostname = regexp.MustCompile(`^(?:localhost|[\p{L}\p{N}_-]+(?:\.[\p{L}\p{N}_-]+)+\.?)$`)

func host(name string) bool {
	if _, err := netip.ParseAddr(name); err == nil {
		return true
	}
	return hostname.MatchString(name)
}

// Float returns the value of a decimal as Decimal returns it.
func Float(decimal string) float64 {
	f, err := strconv.ParseFloat(decimal, 64)
	if err != nil {
		return 0
	}
	return f
}
