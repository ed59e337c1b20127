package dumps

import (
	"cmp"
	"maps"
	"slices"
	"strings"

	"qlgraph/graph"
	"qlgraph/graph/rdf"
	"qlgraph/graph/sorted"
	"qlgraph/ontology"
	"qlgraph/ontology/courseid"
	"qlgraph/ontology/ql"
)

// contents is what the collections of a snapshot are made of.
type contents struct {
	graphs    []sorted.Graph            // all, by name
	providers map[string][]sorted.Graph // by code: source graphs, then validation reports
	names     map[string]map[string]string
	alliances map[string][]string // members, by the alliance's id
}

// Kinds of the graphs of a provider, as the path of their names tells.
const (
	sourceGraphs     = "/graph/source/"
	validationGraphs = "/graph/validation/"
)

func readContents(view *sorted.View, snap graph.Snapshot, base string) (*contents, error) {
	c := &contents{providers: map[string][]sorted.Graph{}, names: map[string]map[string]string{}, alliances: map[string][]string{}}
	var err error
	if c.graphs, err = view.Graphs(); err != nil {
		return nil, err
	}
	for _, kind := range []string{sourceGraphs, validationGraphs} {
		for _, g := range c.graphs {
			if code := provider(g, base+kind); code != "" && (kind == sourceGraphs || c.providers[code] != nil) {
				c.providers[code] = append(c.providers[code], g)
			}
		}
	}
	return c, c.readReference(view, snap, base)
}

// provider returns the code of the provider that the name of a graph has behind
// prefix, "" where it has not.
func provider(g sorted.Graph, prefix string) string {
	rest, ok := strings.CutPrefix(g.Name.Value(), prefix)
	code, _, named := strings.Cut(rest, "/")
	if !ok || !named {
		return ""
	}
	code, err := courseid.Unescape(code)
	if err != nil {
		return ""
	}
	return code
}

// readReference reads the names of providers and alliances, and the members of
// these, from the reference graph.
func (c *contents) readReference(view *sorted.View, snap graph.Snapshot, base string) error {
	name := rdf.IRI(base + "/graph/reference")
	id, found, err := snap.Lookup(name)
	if err != nil || !found {
		return err
	}
	for q, err := range view.Quads(sorted.Graph{ID: id, Name: name}) {
		if err != nil {
			return err
		}
		alliance, isAlliance := c.localID(q.S, courseid.Alliance(base, ""))
		switch q.P.Value() {
		case ontology.ROV + "legalName":
			if c.names[q.S.Value()] == nil {
				c.names[q.S.Value()] = map[string]string{}
			}
			c.names[q.S.Value()][cmp.Or(q.O.Lang(), "und")] = q.O.Value()
		case rdf.RDFType:
			if isAlliance && q.O.Value() == ql.EuropeanUniversityAllianceClass && c.alliances[alliance] == nil {
				c.alliances[alliance] = []string{}
			}
		case ontology.FOAF + "member":
			if member, ok := c.localID(q.O, courseid.Provider(base, "")); ok && isAlliance {
				c.alliances[alliance] = append(c.alliances[alliance], member)
			}
		}
	}
	return nil
}

// localID returns what stands behind prefix in an IRI.
func (c *contents) localID(t rdf.Term, prefix string) (string, bool) {
	rest, ok := strings.CutPrefix(t.Value(), prefix)
	if !ok || strings.ContainsAny(rest, "/#") {
		return "", false
	}
	id, err := courseid.Unescape(rest)
	return id, err == nil
}

// codes returns the codes of the providers that publish something.
func (c *contents) codes() []string { return slices.Sorted(maps.Keys(c.providers)) }

// members returns the members of an alliance that publish something.
func (c *contents) members(alliance string) []string {
	members := slices.DeleteFunc(slices.Clone(c.alliances[alliance]), func(code string) bool { return c.providers[code] == nil })
	slices.Sort(members)
	return slices.Compact(members)
}
