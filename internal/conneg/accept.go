package conneg

import (
	"mime"
	"slices"
	"strconv"
	"strings"
)

// Beyond these an Accept header is no wish but noise, and reads as "*/*".
const (
	maxHeaderBytes = 2 << 10
	maxRanges      = 50
)

// Offer is a representation that the server can send.
type Offer struct {
	Type    string // media type without parameters, lower case
	Profile string // profile URI, "" for the plain one
}

// mediaRange is one element of an Accept header.
type mediaRange struct {
	typ, subtype string
	profiles     []string
	quality      int // thousandths
}

// Choose returns the index of the offer that suits the Accept header best, and
// false where the client accepts none of them. header is the field's value,
// several fields joined by commas. Where the client likes two equally, the one
// that it names more exactly wins ("application/json, */*" means JSON), and then
// the earlier offer; an absent or unreadable header accepts everything.
func Choose(header string, offers []Offer) (int, bool) {
	ranges := parse(header)
	best, bestQuality := -1, 0
	for i, o := range offers {
		if q := quality(ranges, o); q > bestQuality {
			best, bestQuality = i, q
		}
	}
	return best, best >= 0
}

// Types returns offers without profiles, for Choose.
func Types(types ...string) []Offer {
	offers := make([]Offer, len(types))
	for i, t := range types {
		offers[i] = Offer{Type: t}
	}
	return offers
}

// quality ranks an offer: by the quality value of the most specific range that
// matches o, then by how specific that is, with an asked-for profile as the most
// specific of all. It is 0 for what is refused.
func quality(ranges []mediaRange, o Offer) int {
	best, q := 0, 0
	for _, r := range ranges {
		s := r.specificity(o)
		value := 0
		if r.quality > 0 {
			value = maxSpecificity*r.quality + s
		}
		switch {
		case s > best:
			best, q = s, value
		case s == best && s > 0:
			q = max(q, value)
		}
	}
	return q
}

// specificity is 0 where r does not match o, and larger the more exactly it
// does. A profile that an offer does not have is a hint that it need not follow.
func (r mediaRange) specificity(o Offer) int {
	typ, subtype, _ := strings.Cut(o.Type, "/")
	switch {
	case r.typ == "*" && r.subtype == "*":
		return 1
	case r.typ != typ:
		return 0
	case r.subtype == "*":
		return 2
	case r.subtype != subtype:
		return 0
	case o.Profile != "" && slices.Contains(r.profiles, o.Profile):
		return maxSpecificity - 1
	case len(r.profiles) == 0 && o.Profile == "":
		return 4
	}
	return 3
}

// maxSpecificity is more than any specificity.
const maxSpecificity = 6

func parse(header string) []mediaRange {
	anything := []mediaRange{{typ: "*", subtype: "*", quality: 1000}}
	if len(header) > maxHeaderBytes {
		return anything
	}
	var ranges []mediaRange
	for _, element := range splitList(header) {
		if r, ok := parseRange(element); ok {
			ranges = append(ranges, r)
		}
	}
	if len(ranges) == 0 || len(ranges) > maxRanges {
		return anything
	}
	return ranges
}

// splitList splits at the commas outside quoted strings (RFC 9110 §5.6.1).
func splitList(header string) []string {
	var elements []string
	start, quoted := 0, false
	for i := 0; i < len(header); i++ {
		switch c := header[i]; {
		case quoted && c == '\\':
			i++
		case c == '"':
			quoted = !quoted
		case c == ',' && !quoted:
			elements = append(elements, header[start:i])
			start = i + 1
		}
	}
	return append(elements, header[start:])
}

func parseRange(element string) (mediaRange, bool) {
	full, params, err := mime.ParseMediaType(strings.TrimSpace(element))
	if err != nil {
		return mediaRange{}, false
	}
	if full == "*" { // what some programs send for "*/*"
		full = "*/*"
	}
	typ, subtype, ok := strings.Cut(full, "/")
	if !ok || typ == "*" && subtype != "*" {
		return mediaRange{}, false
	}
	r := mediaRange{typ: typ, subtype: subtype, profiles: strings.Fields(params["profile"]), quality: 1000}
	if q, given := params["q"]; given {
		if r.quality, ok = parseQuality(q); !ok {
			return mediaRange{}, false
		}
	}
	return r, true
}

// parseQuality reads a qvalue (RFC 9110 §12.4.2) as thousandths.
func parseQuality(s string) (int, bool) {
	if len(s) == 0 || len(s) > len("0.000") || s[0] != '0' && s[0] != '1' {
		return 0, false
	}
	q, err := strconv.ParseFloat(s, 64)
	if err != nil || q > 1 {
		return 0, false
	}
	return int(q*1000 + 0.5), true
}
