package resource

import (
	"errors"
	"fmt"
	"net/url"
	"slices"
	"strings"

	"qlgraph/graph"
	"qlgraph/graph/rdf"
	"qlgraph/ontology"
	"qlgraph/ontology/courseid"
)

// maxMatches bounds the things that one identifier may mean: what a provider
// gives to more is no identifier.
const maxMatches = 50

// resolve returns the aggregator's IRIs of the things that text identifies,
// sorted, none where no published one has the identifier: by the forms of a
// course's name, the IRI of another thing here, the IRI that a provider uses
// itself, or the code that a provider's people know a course by.
func (a *assembly) resolve(text string) ([]string, error) {
	text = strings.TrimSpace(text)
	if err := readable(text); err != nil {
		return nil, err
	}
	id, err := courseid.Parse(a.base, text)
	switch path, ours := strings.CutPrefix(text, a.base+"/"); {
	case err == nil && id.UUID == "":
		if found, err := a.course(id); len(found) > 0 || err != nil {
			return found, err
		}
	case err == nil:
		return a.named(id.UUID)
	case ours:
		if t, err := target(a.base, "/"+path); err == nil {
			return a.known(t.IRI)
		}
	}
	names := []string{text}
	if normal := lowerHost(text); normal != text {
		names = append(names, normal)
	}
	for _, name := range names {
		if found, err := a.named(name); len(found) > 0 || err != nil {
			return found, err
		}
	}
	found, notedErr := a.noted(text)
	if len(found) > 0 || notedErr != nil || err == nil || !misspelt(text) {
		return found, notedErr
	}
	return nil, errors.Join(errMalformed, err)
}

// misspelt reports whether text, which is no course's name, looks as if it was
// to be one.
func misspelt(text string) bool {
	lower := strings.ToLower(text)
	return !strings.Contains(text, ":") || slices.ContainsFunc([]string{"urn:schac:", "urn:uuid:", "did:web:"},
		func(prefix string) bool { return strings.HasPrefix(lower, prefix) })
}

// course finds a course or offering by its name, also under a code that its
// institution had before.
func (a *assembly) course(id courseid.Identifier) ([]string, error) {
	found, err := a.known(id.IRI(a.base))
	if len(found) > 0 || err != nil {
		return found, err
	}
	now, err := a.successor(a.base, courseid.Escape(id.Course.SCHAC))
	if err != nil || now == "" {
		return nil, err
	}
	if id.Course.SCHAC, err = courseid.Unescape(now); err != nil {
		return nil, err
	}
	return a.known(id.IRI(a.base))
}

// readable refuses what is no identifier of any kind.
func readable(text string) error {
	switch {
	case text == "":
		return fmt.Errorf("%w: the identifier is empty", errMalformed)
	case len(text) > maxPath:
		return fmt.Errorf("%w: the identifier is longer than %d bytes", errMalformed, maxPath)
	case strings.ContainsAny(text, " <>\"{}|\\^`") || plain(text) != nil:
		return fmt.Errorf("%w: %q has characters that no identifier has", errMalformed, text)
	}
	return nil
}

// lowerHost brings scheme and host of an address to lower case (RFC 3986
// §6.2.2.1).
func lowerHost(text string) string {
	u, err := url.Parse(text)
	if err != nil || u.Host == "" {
		return text
	}
	i := strings.Index(text, "://") + len("://")
	return strings.ToLower(text[:i]) + strings.Replace(text[i:], u.Host, strings.ToLower(u.Host), 1)
}

// known returns iri where the graph that has to say describes it.
func (a *assembly) known(iri string) ([]string, error) {
	subject, err := a.subject(rdf.IRI(iri), authority(a.base, iri))
	if err != nil || subject.IsZero() {
		return nil, err
	}
	return []string{iri}, nil
}

// named finds the things with the given IRI as a subject or as owl:sameAs.
func (a *assembly) named(name string) ([]string, error) {
	own, err := a.about(rdf.IRI(name))
	if err != nil {
		return nil, err
	}
	same, err := a.match(rdf.Term{}, rdf.IRI(ontology.OWL+"sameAs"), rdf.IRI(name))
	if err != nil {
		return nil, err
	}
	var subjects []rdf.Term
	if slices.ContainsFunc(a.ofSources(own), isDescription) {
		subjects = append(subjects, rdf.IRI(name))
	}
	for _, q := range a.ofSources(same) {
		subjects = append(subjects, q.S)
	}
	return a.aliases(subjects)
}

func (a *assembly) ofSources(quads []rdf.Quad) []rdf.Quad {
	return published(quads, a.base+"/graph/source/")
}

// noted finds the things that have the text as notation of an identifier.
func (a *assembly) noted(text string) ([]string, error) {
	nodes, err := a.match(rdf.Term{}, rdf.IRI(ontology.SKOS+"notation"), rdf.Literal(text))
	if err != nil {
		return nil, err
	}
	var subjects []rdf.Term
	nodes = a.ofSources(nodes)
	for _, node := range nodes[:min(len(nodes), maxMatches)] {
		owners, err := a.match(rdf.Term{}, rdf.IRI(ontology.ADMS+"identifier"), node.S)
		if err != nil {
			return nil, err
		}
		for _, q := range a.ofSources(owners) {
			subjects = append(subjects, q.S)
		}
	}
	return a.aliases(subjects)
}

// aliases returns the aggregator's IRIs of subjects, which may be providers' own
// IRIs; those that have none are left out.
func (a *assembly) aliases(subjects []rdf.Term) ([]string, error) {
	var found []string
	prefix := a.base + "/course/"
	for _, s := range subjects {
		if strings.HasPrefix(s.Value(), prefix) {
			found = append(found, s.Value())
			continue
		}
		quads, err := a.match(s, rdf.IRI(ontology.OWL+"sameAs"), rdf.Term{})
		if err != nil {
			return nil, err
		}
		for _, q := range a.ofSources(quads) {
			if strings.HasPrefix(q.O.Value(), prefix) {
				found = append(found, q.O.Value())
			}
		}
	}
	slices.Sort(found)
	found = slices.Compact(found)
	return found[:min(len(found), maxMatches)], nil
}

// resolve returns the aggregator's IRI of the course that an identifier names,
// the first one of several, "" where there is none.
func resolve(snap graph.Snapshot, base, text string) (string, error) {
	found, err := newAssembly(newReader(snap), base).resolve(text)
	if err != nil || len(found) == 0 {
		return "", err
	}
	return found[0], nil
}
