package discover

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"
)

// Changes says in sentences how a manifest differs from the one before. Of
// secrets, and of what headers and query parameters hold, it says that they
// changed, never to what.
func Changes(before, after *Manifest) []string {
	var changes []string
	if before.URL != after.URL {
		changes = append(changes, fmt.Sprintf("it is at %s, was at %s", after.URL, before.URL))
	}
	if before.Meta != after.Meta {
		changes = append(changes, fmt.Sprintf("it says of its institution %s, said %s", after.Meta, before.Meta))
	}
	was, is := byName(before), byName(after)
	for _, name := range slices.Sorted(maps.Keys(was)) {
		if _, still := is[name]; !still {
			changes = append(changes, fmt.Sprintf("source %s is gone", name))
		}
	}
	for _, name := range slices.Sorted(maps.Keys(is)) {
		if old, known := was[name]; known {
			changes = append(changes, entryChanges(name, old, is[name])...)
		} else {
			changes = append(changes, fmt.Sprintf("source %s is new: %s %s", name, is[name].Type, is[name].Path))
		}
	}
	return changes
}

// byName returns the sources by what identifies them across versions.
func byName(m *Manifest) map[string]Entry {
	sources := make(map[string]Entry, len(m.Sources))
	for _, e := range m.Sources {
		name := e.ID
		if name == "" {
			name = string(e.Type) + " " + e.Path
		}
		sources[name] = e
	}
	return sources
}

func entryChanges(name string, was, is Entry) []string {
	var changes []string
	for _, field := range []struct{ name, was, is string }{
		{"name", was.Name, is.Name},
		{"type", string(was.Type), string(is.Type)},
		{"version", was.Version, is.Version},
		{"path", was.Path, is.Path},
		{"access", string(was.Auth.Kind), string(is.Auth.Kind)},
		{"token endpoint", was.Auth.TokenEndpoint, is.Auth.TokenEndpoint},
		{"refresh", time.Duration(was.Refresh).String(), time.Duration(is.Refresh).String()},
		{"content type", was.ContentType, is.ContentType},
		{"page size", fmt.Sprint(was.PageSize), fmt.Sprint(is.PageSize)},
	} {
		if field.was != field.is {
			changes = append(changes, fmt.Sprintf("source %s: %s is %q, was %q", name, field.name, field.is, field.was))
		}
	}
	if was.Auth.Value != is.Auth.Value || was.Auth.ClientSecret != is.Auth.ClientSecret || was.Auth.ClientID != is.Auth.ClientID {
		changes = append(changes, fmt.Sprintf("source %s: its credentials changed", name))
	}
	if !maps.Equal(was.Headers, is.Headers) || !maps.EqualFunc(was.Query, is.Query, slices.Equal) {
		changes = append(changes, fmt.Sprintf("source %s: its headers or query parameters changed", name))
	}
	return changes
}

// String lists what is said, "nothing" where that is so.
func (m Meta) String() string {
	var parts []string
	for _, field := range []struct{ name, value string }{{"schac", m.SCHAC}, {"eterid", m.ETER}, {"deqarid", m.DEQAR}, {"did", m.DID}} {
		if field.value != "" {
			parts = append(parts, field.name+" "+field.value)
		}
	}
	if len(parts) == 0 {
		return "nothing"
	}
	return strings.Join(parts, ", ")
}
