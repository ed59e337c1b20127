package vocabulary

import (
	"embed"
	"html/template"
	"slices"
	"strings"

	"qlgraph/graph"
	"qlgraph/graph/rdf"
	"qlgraph/ontology"
	"qlgraph/web/frame"
)

//go:embed templates/ontology.html
var templateFiles embed.FS

func parseTemplate() *template.Template {
	return frame.Parse(templateFiles, "templates/ontology.html")
}

// page is what templates/ontology.html shows.
type page struct {
	Title, Abstract, Version, IRI string
	Groups                        []group
	Formats                       []representation
	// Uses has the number of instances of each class and of statements with
	// each property, by term IRI. It is nil where the dataset keeps no
	// statistics: the page then says nothing about use.
	Uses map[string]int64
}

// Alternates are the formats, for the head of the page.
func (p page) Alternates() []frame.Alternate {
	var list []frame.Alternate
	for _, f := range p.Formats {
		list = append(list, frame.Alternate{MediaType: f.MediaType, Href: f.Href})
	}
	return list
}

// group holds the terms of one kind and one namespace.
type group struct {
	ID, Title string
	Kind      ontology.TermKind
	Own       bool // of the ontology that the page is about, not of ELM
	Terms     []term
}

// term is an entry of the page. ID is the fragment of its IRI for the ontology's
// own terms.
type term struct {
	ID, IRI, Name, Label, Comment string
	Relations                     []relation
	Constraints                   []constraint
}

// relation names the terms to which a term stands in the same relation.
type relation struct {
	Label string
	Terms []link
}

// link leads to a term, on the page where it is there.
type link struct{ Name, Href string }

func newPage() page {
	p := page{IRI: ontology.QL, Groups: newGroups()}
	for _, q := range ontology.QualityLinkGraph() {
		if q.S.Value() != ontology.QL {
			continue
		}
		switch q.P.Value() {
		case ontology.DCTerms + "title":
			p.Title = q.O.Value()
		case ontology.DCTerms + "description":
			p.Abstract = q.O.Value()
		case ontology.OWL + "versionInfo":
			p.Version = q.O.Value()
		}
	}
	return p
}

func newGroups() []group {
	l := newLinker(slices.Concat(ontology.Terms(ontology.QL), ontology.Terms(ontology.ELM)))
	shapes := newShapeReader(ontology.ProfileGraph(), l)
	var groups []group
	for _, vocabulary := range []struct{ namespace, prefix, suffix string }{
		{ontology.QL, "ql", ""}, {ontology.ELM, "elm", " of the European Learning Model"},
	} {
		for _, kind := range []struct {
			kind      ontology.TermKind
			id, title string
		}{
			{ontology.ClassTerm, "classes", "Classes"},
			{ontology.ObjectPropertyTerm, "object-properties", "Object properties"},
			{ontology.DatatypePropertyTerm, "data-properties", "Data properties"},
			{ontology.IndividualTerm, "individuals", "Individuals"},
			{ontology.ShapeTerm, "shapes", "Shapes"},
		} {
			g := group{
				ID: vocabulary.prefix + "-" + kind.id, Title: kind.title + vocabulary.suffix,
				Kind: kind.kind, Own: vocabulary.namespace == ontology.QL,
			}
			for _, t := range l.terms {
				if t.Kind == kind.kind && t.IRI == vocabulary.namespace+t.Name {
					g.Terms = append(g.Terms, l.describe(t, shapes))
				}
			}
			if len(g.Terms) > 0 {
				groups = append(groups, g)
			}
		}
	}
	return groups
}

// linker knows which terms are on the page and how the others are abbreviated.
type linker struct {
	terms    []ontology.Term
	ids      map[string]string // by term IRI, as are the comments
	comments map[string]string
	prefixes map[string]string
}

func newLinker(terms []ontology.Term) *linker {
	l := &linker{terms: terms, ids: map[string]string{}, comments: map[string]string{}, prefixes: ontology.Prefixes()}
	l.prefixes["loq"] = ontology.LOQ // the profile refers to its shapes
	for _, t := range terms {
		id := t.Name
		if !strings.HasPrefix(t.IRI, ontology.QL) {
			id = "elm-" + t.Name // some names are in both namespaces
		}
		l.ids[t.IRI], l.comments[t.IRI] = id, t.Comment
	}
	return l
}

func (l *linker) link(iri string) link {
	if id, ok := l.ids[iri]; ok {
		return link{l.name(iri), "#" + id}
	}
	return link{l.name(iri), iri}
}

// name abbreviates the IRI with the longest namespace that fits.
func (l *linker) name(iri string) string {
	name, used := iri, ""
	for prefix, namespace := range l.prefixes {
		if local, ok := strings.CutPrefix(iri, namespace); ok && local != "" && len(namespace) > len(used) {
			name, used = prefix+":"+local, namespace
		}
	}
	return name
}

// describe makes the entry of t.
func (l *linker) describe(t ontology.Term, shapes *shapeReader) term {
	return term{
		ID: l.ids[t.IRI], IRI: t.IRI, Name: l.name(t.IRI), Label: t.Label, Comment: t.Comment,
		Relations: l.relations(t, shapes), Constraints: shapes.constraints(t.IRI),
	}
}

// relations are those of t to other terms and of others to it.
func (l *linker) relations(t ontology.Term, shapes *shapeReader) []relation {
	var found []relation
	above, below := "Subproperty of", "Subproperties"
	if t.Kind == ontology.ClassTerm {
		above, below = "Subclass of", "Subclasses"
	}
	var types []string // of the others the group is the type
	if t.Kind == ontology.IndividualTerm {
		types = t.Types
	}
	inverse := func(u ontology.Term) []string { return u.Inverse }
	for _, r := range []struct {
		label string
		iris  []string
	}{
		{"Type", types},
		{above, t.Super},
		{below, l.pointing(t.IRI, func(u ontology.Term) []string { return u.Super })},
		{"Domain", t.Domain},
		{"Range", t.Range},
		{"Inverse of", union(t.Inverse, l.pointing(t.IRI, inverse))},
		{"Properties", l.pointing(t.IRI, func(u ontology.Term) []string { return u.Domain })},
		{"Value of", l.pointing(t.IRI, func(u ontology.Term) []string { return u.Range })},
		{"Checks", shapes.objects(t.IRI, "targetClass")},
		{"Checked like", shapes.objects(t.IRI, "node")},
	} {
		if len(r.iris) == 0 {
			continue
		}
		rel := relation{Label: r.label}
		for _, iri := range r.iris {
			rel.Terms = append(rel.Terms, l.link(iri))
		}
		found = append(found, rel)
	}
	return found
}

// pointing returns the terms that have iri in a field.
func (l *linker) pointing(iri string, field func(ontology.Term) []string) []string {
	var found []string
	for _, t := range l.terms {
		if slices.Contains(field(t), iri) {
			found = append(found, t.IRI)
		}
	}
	return found
}

func union(a, b []string) []string {
	all := slices.Concat(a, b)
	slices.Sort(all)
	return slices.Compact(all)
}

// uses counts the uses of classes and properties, nil where the snapshot keeps no
// statistics.
func uses(snap graph.Snapshot, groups []group) (map[string]int64, error) {
	stats, ok := snap.(graph.Statistics)
	if !ok {
		return nil, nil
	}
	counts := map[string]int64{}
	for _, g := range groups {
		if !g.Counted() {
			continue
		}
		for _, t := range g.Terms {
			id, known, err := snap.Lookup(rdf.IRI(t.IRI))
			if err != nil {
				return nil, err
			}
			if !known {
				continue
			}
			if counts[t.IRI], err = g.count(stats, id); err != nil {
				return nil, err
			}
		}
	}
	return counts, nil
}

// Counted reports whether the uses of the group's terms are counted: statistics
// tell those of classes and of properties.
func (g group) Counted() bool {
	return g.Kind != ontology.IndividualTerm && g.Kind != ontology.ShapeTerm
}

func (g group) count(stats graph.Statistics, id graph.ID) (int64, error) {
	if g.Kind == ontology.ClassTerm {
		return stats.Instances(id)
	}
	counts, err := stats.Predicate(id)
	return counts.Quads, err
}
