package conneg

import (
	"slices"
	"strings"
)

// Coding returns the content coding that suits the Accept-Encoding header best
// (RFC 9110 §12.5.3), of those that the server offers in its order of
// preference; "" is the identity, which a client without the header gets, and
// one that refuses everything else.
func Coding(header string, offers ...string) string {
	if header == "" || len(header) > maxHeaderBytes {
		return ""
	}
	weights := weighted(header)
	if len(weights) > maxRanges {
		return ""
	}
	best, bestQuality := "", weights.of("identity", -1)
	if bestQuality < 0 { // acceptable, but nobody asked for it
		bestQuality = 0
		if q := weights.of("*", -1); q > 0 {
			bestQuality = q - 1 // what the wildcard allows is asked for rather than the identity
		}
	}
	for _, o := range offers {
		if q := weights.of(o, weights.of("*", 0)); q > bestQuality {
			best, bestQuality = o, q
		}
	}
	return best
}

// weight is an element of a header with its quality in thousandths.
type weight struct {
	name    string
	quality int
}

type weightList []weight

// weighted reads a list of names with quality values; malformed elements are
// left out.
func weighted(header string) weightList {
	var list weightList
	for _, element := range splitList(header) {
		name, params, _ := strings.Cut(element, ";")
		w := weight{strings.ToLower(strings.TrimSpace(name)), 1000}
		if params = strings.TrimSpace(params); params != "" {
			key, value, _ := strings.Cut(params, "=")
			q, ok := parseQuality(strings.TrimSpace(value))
			if !strings.EqualFold(strings.TrimSpace(key), "q") || !ok {
				continue
			}
			w.quality = q
		}
		if w.name != "" {
			list = append(list, w)
		}
	}
	return list
}

// of returns the quality of a name, otherwise where it is not in the list.
func (l weightList) of(name string, otherwise int) int {
	i := slices.IndexFunc(l, func(w weight) bool { return w.name == name })
	if i < 0 {
		return otherwise
	}
	return l[i].quality
}
