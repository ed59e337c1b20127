package resource

import (
	"net/http"
	"net/url"
	"slices"
	"strings"

	"qlgraph/graph"
	"qlgraph/graph/rdf"
	"qlgraph/internal/problem"
	"qlgraph/ontology"
	"qlgraph/ontology/courseid"
)

// missing answers for a thing that no source describes any more, or none ever
// did: 308 where its institution goes by another SCHAC code now, the tombstone
// where there is one, else 404 with what may have been meant.
func (h *Handler) missing(w http.ResponseWriter, r *http.Request, snap graph.Snapshot, doc *Document, t Target) {
	reader := h.reader(snap)
	defer h.release(reader)
	path, err := reader.renamed(h.base, t)
	switch {
	case err != nil:
		h.fail(w, r, err)
	case path != "":
		redirect(w, r, path, http.StatusPermanentRedirect)
	case doc != nil:
		h.Send(w, r, snap, doc, Moment(w, doc, t))
	default:
		near, err := reader.near(h.base, t)
		if err != nil {
			h.fail(w, r, err)
			return
		}
		h.notFound(w, r, "no published source describes "+t.IRI, near)
	}
}

// notFound answers 404 with the paths of things that may have been meant.
func (h *Handler) notFound(w http.ResponseWriter, r *http.Request, detail string, near []string) {
	details := problem.Details{Status: http.StatusNotFound, Detail: detail}
	if len(near) > 0 {
		details.Extra = map[string]any{"near": near}
	}
	problem.Write(w, r, details)
}

// renamed returns the path of the same document under the code that the
// institution has now, "" where it has not been renamed.
func (r *reader) renamed(base string, t Target) (string, error) {
	schac, rest, _ := strings.Cut(strings.TrimPrefix(t.Thing(), "/"+string(t.Kind)+"/"), "/")
	prefix := "/" + string(t.Kind) + "/"
	switch t.Kind {
	case Offering:
		prefix = "/course/"
		schac, rest, _ = strings.Cut(strings.TrimPrefix(t.Thing(), prefix), "/")
	case Course, Provider, Source:
	default:
		return "", nil
	}
	now, err := r.successor(base, schac)
	if err != nil || now == "" {
		return "", err
	}
	if rest != "" {
		rest = "/" + rest
	}
	return documents + prefix + now + rest + t.Ending, nil
}

// successor returns the percent-encoded code that replaced an institution's,
// "" where none did: the reference graph says so.
func (r *reader) successor(base, schac string) (string, error) {
	reference := base + "/graph/reference"
	about, err := r.about(rdf.IRI(base + "/provider/" + schac))
	if err != nil {
		return "", err
	}
	for _, q := range about {
		now, ours := strings.CutPrefix(q.O.Value(), base+"/provider/")
		if q.G.Value() == reference && q.P.Value() == ontology.DCTerms+"isReplacedBy" && ours && now != schac {
			return now, nil
		}
	}
	return "", nil
}

// Bounds of the search for what may have been meant.
const (
	maxNear       = 5
	maxCandidates = 2_000 // things that are compared
	maxDistance   = 2     // edits between what was asked for and what there is
)

// near returns the paths of things that t may have been meant to name: a course
// known by the code, one whose id differs in case or in a letter or two, an
// institution with such a code.
func (r *reader) near(base string, t Target) ([]string, error) {
	switch t.Kind {
	case Provider:
		return r.nearProviders(base, t)
	case Course:
		return r.nearCourses(base, t)
	}
	return nil, nil
}

func (r *reader) nearProviders(base string, t Target) ([]string, error) {
	class, found, err := r.lookup(rdf.IRI(ontology.QL + "HigherEducationInstitution"))
	if err != nil || !found {
		return nil, err
	}
	typed, _, err := r.lookup(rdf.IRI(rdf.RDFType))
	if err != nil {
		return nil, err
	}
	return r.closest(graph.Pattern{P: typed, O: class, Graphs: graph.EachNamed()}, base+"/provider/", t.IRI)
}

func (r *reader) nearCourses(base string, t Target) ([]string, error) {
	schac, id, _ := strings.Cut(strings.TrimPrefix(t.IRI, base+"/course/"), "/")
	code, err := courseid.Unescape(id)
	if err != nil {
		return nil, err
	}
	paths, err := (&assembly{reader: r, base: base, memo: map[rdf.Term][]rdf.Quad{}}).noted(code)
	if err != nil {
		return nil, err
	}
	own := base + "/course/" + schac + "/"
	paths = slices.DeleteFunc(paths, func(p string) bool { return !strings.HasPrefix(p, own) })
	for i := range paths {
		paths[i] = strings.TrimPrefix(paths[i], base)
	}
	publisher, found, err := r.lookup(rdf.IRI(base + "/provider/" + schac))
	if err != nil {
		return nil, err
	}
	if !found {
		return r.nearProviders(base, Target{Kind: Provider, IRI: base + "/provider/" + schac})
	}
	publishes, found, err := r.lookup(rdf.IRI(ontology.DCTerms + "publisher"))
	if err != nil || !found {
		return paths, err
	}
	close, err := r.closest(graph.Pattern{P: publishes, O: publisher, Graphs: graph.EachNamed()}, own, t.IRI)
	for _, p := range close {
		if !slices.Contains(paths, p) {
			paths = append(paths, p)
		}
	}
	return paths[:min(len(paths), maxNear)], err
}

// closest returns the paths of the subjects of the first matches whose IRIs
// begin with prefix and differ least from iri.
func (r *reader) closest(p graph.Pattern, prefix, iri string) ([]string, error) {
	cursor, err := r.snap.Scan(p, graph.POSG)
	if err != nil {
		return nil, err
	}
	defer cursor.Close()
	batch := graph.Batch{S: make([]graph.ID, graph.BatchSize)}
	terms := make([]rdf.Term, graph.BatchSize)
	wanted := strings.ToLower(strings.TrimPrefix(iri, prefix))
	type candidate struct {
		path     string
		distance int
	}
	var list []candidate
	for seen := 0; seen < maxCandidates; {
		n, err := cursor.Next(&batch)
		if err != nil {
			return nil, err
		}
		if n == 0 {
			break
		}
		seen += n
		if err := r.snap.Terms(batch.S[:n], terms); err != nil {
			return nil, err
		}
		for _, t := range terms[:n] {
			name, ours := strings.CutPrefix(t.Value(), prefix)
			if !ours {
				continue
			}
			if d := distance(wanted, strings.ToLower(name)); d <= maxDistance {
				list = append(list, candidate{"/" + strings.SplitN(t.Value(), "/", 4)[3], d})
			}
		}
	}
	slices.SortStableFunc(list, func(a, b candidate) int { return a.distance - b.distance })
	var paths []string
	for _, c := range list {
		if len(paths) < maxNear && !slices.Contains(paths, c.path) {
			paths = append(paths, c.path)
		}
	}
	return paths, nil
}

// distance is the number of bytes to insert, delete or replace (Levenshtein),
// or more than maxDistance where it is that at least.
func distance(a, b string) int {
	if len(a)-len(b) > maxDistance || len(b)-len(a) > maxDistance {
		return maxDistance + 1
	}
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		diagonal, least := row[0], i+1
		row[0] = i + 1
		for j := range len(b) {
			cost := diagonal
			if a[i] != b[j] {
				cost = 1 + min(diagonal, row[j], row[j+1])
			}
			diagonal, row[j+1] = row[j+1], cost
			least = min(least, cost)
		}
		if least > maxDistance {
			return least
		}
	}
	return row[len(b)]
}

// Resolve redirects from any identifier of a course to its document; from one
// that several have, to a list of them.
func (h *Handler) Resolve(w http.ResponseWriter, r *http.Request) {
	if !reading(w, r) {
		return
	}
	text := query(r).Get("id")
	if text == "" {
		problem.Write(w, r, problem.Details{
			Status: http.StatusBadRequest,
			Detail: "give an identifier: /resolve?id=" + url.QueryEscape("urn:schac:uniqueCourseId:uni.example:C1"),
		})
		return
	}
	snap, err := h.data.Snapshot(r.Context())
	if err != nil {
		h.fail(w, r, err)
		return
	}
	defer snap.Close()
	reader := h.reader(snap)
	defer h.release(reader)
	found, err := newAssembly(reader, h.base).resolve(text)
	switch {
	case err != nil:
		h.fail(w, r, err)
	case len(found) == 0:
		h.unresolved(w, r, snap, text)
	case len(found) == 1:
		w.Header().Set("Cache-Control", cacheControl)
		http.Redirect(w, r, documents+strings.TrimPrefix(found[0], h.base), http.StatusSeeOther)
	default:
		h.choices(w, r, newPageBuilder(reader, &Document{}, h.base, preferred(r)), text, found)
	}
}
