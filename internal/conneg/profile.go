package conneg

import (
	"slices"
	"strings"
)

// Profiles returns the profile URIs that an Accept header asks for together
// with the media type, the most wanted first.
func Profiles(header, mediaType string) []string {
	if !strings.Contains(header, "profile") {
		return nil
	}
	ranges := parse(header)
	slices.SortStableFunc(ranges, func(a, b mediaRange) int { return b.quality - a.quality })
	var profiles []string
	for _, r := range ranges {
		if r.quality > 0 && r.typ+"/"+r.subtype == mediaType {
			profiles = append(profiles, r.profiles...)
		}
	}
	return profiles
}

// AcceptProfile returns the profile URIs of an Accept-Profile header (W3C,
// Content Negotiation by Profile §7.1: "<URI>;q=0.5"), the most wanted first.
func AcceptProfile(header string) []string {
	if header == "" || len(header) > maxHeaderBytes {
		return nil
	}
	type wish struct {
		uri     string
		quality int
	}
	var wishes []wish
	for _, element := range splitList(header) {
		element = strings.TrimSpace(element)
		uri, params, ok := strings.Cut(strings.TrimPrefix(element, "<"), ">")
		if !ok || !strings.HasPrefix(element, "<") {
			continue
		}
		w := wish{uri, 1000}
		if _, q, given := strings.Cut(params, "q="); given {
			if w.quality, ok = parseQuality(strings.TrimSpace(q)); !ok {
				continue
			}
		}
		if w.quality > 0 && len(wishes) < maxRanges {
			wishes = append(wishes, w)
		}
	}
	slices.SortStableFunc(wishes, func(a, b wish) int { return b.quality - a.quality })
	uris := make([]string, len(wishes))
	for i, w := range wishes {
		uris[i] = w.uri
	}
	return uris
}
