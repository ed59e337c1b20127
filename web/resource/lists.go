package resource

import (
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"qlgraph/graph"
	"qlgraph/graph/rdf"
	"qlgraph/ontology"
)

// list is a list of things on a page.
type list struct {
	ID, Heading    string
	Total          string // how many there are, as a number
	Items          []item
	Previous, Next string // paths of the neighbouring pages, "" at the ends
	Range          string // which ones are shown, "" for all
}

type item struct {
	text
	Chip string
}

// perPage is how many things a page of a list shows.
const perPage = 100

// maxPage bounds the number of a page, and with it what is skipped before it.
const maxPage = 100_000

// pageNumber reads the parameter page.
func pageNumber(r *http.Request) int {
	n, err := strconv.Atoi(query(r).Get("page"))
	if err != nil || n < 1 {
		return 1
	}
	return min(n, maxPage)
}

// lists returns what the page of a thing lists besides the document: what
// points to it, counted.
func (b *pageBuilder) lists(t Target) ([]list, error) {
	if !b.doc.Moment.IsZero() || b.doc.Status != 0 {
		return nil, nil // what points to the thing now says nothing of the past
	}
	var wanted []reference
	switch t.Kind {
	case Course, Offering:
		return b.backlinks()
	case Provider:
		wanted = []reference{
			{"courses", "Courses", b.base + "/graph/source/", ontology.DCTerms + "publisher"},
			{"sources", "Sources", b.base + "/graph/provenance", ontology.DCTerms + "publisher"},
			{"alliances", "Alliances", b.base + "/graph/reference", ontology.FOAF + "member"},
		}
	case Source:
		wanted = []reference{{"runs", "Harvests that changed something", b.base + "/graph/provenance", ontology.PROV + "used"}}
	}
	var lists []list
	for _, r := range wanted {
		l, err := b.list(t, r)
		if err != nil {
			return nil, err
		}
		if l.Total != "" {
			lists = append(lists, l)
		}
	}
	return lists, nil
}

// reference is a way in which things point to the page's thing.
type reference struct {
	id, heading string
	graphs      string // what the names of the graphs that say so begin with
	property    string
}

// list returns a page of the things that refer to the subject, in the order in
// which the graph keeps them.
func (b *pageBuilder) list(t Target, r reference) (list, error) {
	l := list{ID: r.id, Heading: r.heading}
	pattern, found, err := b.pattern(r)
	if err != nil || !found {
		return l, err
	}
	skip := (b.number - 1) * perPage
	subjects, total, err := b.subjectsOf(pattern, skip, perPage)
	if err != nil || total == 0 {
		return l, err
	}
	if l.Total = strconv.Itoa(total); total >= maxCounted {
		l.Total = "at least " + l.Total
	}
	more := skip+perPage < total
	for _, s := range subjects {
		it, err := b.item(s)
		if err != nil {
			return l, err
		}
		l.Items = append(l.Items, it)
	}
	slices.SortStableFunc(l.Items, func(x, y item) int { return strings.Compare(strings.ToLower(x.Text), strings.ToLower(y.Text)) })
	if more || skip > 0 {
		l.Range = fmt.Sprintf("%d to %d of %s", skip+1, skip+len(subjects), l.Total)
	}
	if more {
		l.Next = t.Path + "?page=" + strconv.Itoa(b.number+1) + "#" + r.id
	}
	if skip > 0 {
		l.Previous = t.Path + "?page=" + strconv.Itoa(b.number-1) + "#" + r.id
	}
	return l, nil
}

// pattern is what matches a reference, found being false where nothing can.
func (b *pageBuilder) pattern(r reference) (p graph.Pattern, found bool, err error) {
	names, err := graph.NamedGraphs(b.snap)
	if err != nil {
		return p, false, err
	}
	terms := make([]rdf.Term, len(names))
	if err := b.snap.Terms(names, terms); err != nil {
		return p, false, err
	}
	var graphs []graph.ID
	for i, t := range terms {
		if strings.HasPrefix(t.Value(), r.graphs) {
			graphs = append(graphs, names[i])
		}
	}
	if len(graphs) == 0 {
		return p, false, nil
	}
	p.Graphs = graph.UnionOf(graphs...)
	if p.P, found, err = b.lookup(rdf.IRI(r.property)); err != nil || !found {
		return p, false, err
	}
	p.O, found, err = b.lookup(b.doc.Subject)
	return p, found, err
}

// maxCounted bounds the members of a list that are counted: it takes some
// milliseconds for a million.
const maxCounted = 1_000_000

// subjectsOf returns up to limit distinct subjects of the matches after the
// first skip ones, and how many there are in all.
func (b *pageBuilder) subjectsOf(p graph.Pattern, skip, limit int) (subjects []rdf.Term, total int, err error) {
	cursor, err := b.snap.Scan(p, graph.POSG)
	if err != nil {
		return nil, 0, err
	}
	defer cursor.Close()
	batch := graph.Batch{S: make([]graph.ID, graph.BatchSize)}
	var shown []graph.ID
	for total < maxCounted {
		n, err := cursor.Next(&batch)
		if err != nil {
			return nil, 0, err
		}
		if n == 0 {
			break
		}
		if begin := max(skip-total, 0); begin < n && len(shown) < limit {
			shown = append(shown, batch.S[begin:min(n, begin+limit-len(shown))]...)
		}
		total += n
	}
	subjects = make([]rdf.Term, len(shown))
	return subjects, total, b.snap.Terms(shown, subjects)
}

// item is an entry of a list: the name of the thing, with its link.
func (b *pageBuilder) item(s rdf.Term) (item, error) {
	name, err := b.name(s)
	if err != nil {
		return item{}, err
	}
	name.Href = b.link(s)
	it := item{text: name}
	if path, ours := strings.CutPrefix(s.Value(), b.base+"/source/"); ours {
		it.Text = path
	}
	if path, ours := strings.CutPrefix(s.Value(), b.base+"/run/"); ours {
		it.Text, _, _ = strings.Cut(path, "#")
		it.Href, _, _ = strings.Cut(it.Href, "#")
	}
	return it, nil
}

// link is href, but leads to the course's page for a provider's own IRI too.
func (b *pageBuilder) link(s rdf.Term) string {
	if s.IsIRI() && !strings.HasPrefix(s.Value(), b.base+"/") {
		return "/resolve?" + url.Values{"id": {s.Value()}}.Encode()
	}
	return b.href(s)
}

// maxBacklinks bounds the statements that are looked at for what points to a
// course; of what is beyond the page says that there is more.
const maxBacklinks = 2_000

// shownBacklinks is how many things of a kind the page names.
const shownBacklinks = 20

// backlinkNames are the headings for what points to a course by a property.
var backlinkNames = map[string]string{
	ontology.ELM + "isPartOf":                           "Parts",
	ontology.DCTerms + "isPartOf":                       "Parts",
	ontology.ELM + "hasPart":                            "Part of",
	ontology.DCTerms + "hasPart":                        "Part of",
	ontology.QL + "entryRequirementLearningOpportunity": "Prerequisite of",
	ontology.ELM + "specialisationOf":                   "Specialised by",
	ontology.ELM + "generalisationOf":                   "Generalised by",
	ontology.QL + "superseded":                          "Superseded by",
	ontology.QL + "supersededBy":                        "Supersedes",
	ontology.QL + "relatedTo":                           "Related from",
}

// backlinks returns what points to the course, by kind, counted.
func (b *pageBuilder) backlinks() ([]list, error) {
	quads, cut, err := b.pointing()
	if err != nil {
		return nil, err
	}
	groups := map[string][]rdf.Term{}
	for _, q := range quads {
		heading := backlinkNames[q.P.Value()]
		if heading == "" {
			continue
		}
		owner, err := b.owner(q)
		if err != nil {
			return nil, err
		}
		if owner != b.doc.Subject && !slices.Contains(groups[heading], owner) {
			groups[heading] = append(groups[heading], owner)
		}
	}
	var lists []list
	for heading, owners := range groups {
		l := list{ID: strings.ReplaceAll(strings.ToLower(heading), " ", "-"), Heading: heading, Total: strconv.Itoa(len(owners))}
		if cut {
			l.Total = "at least " + l.Total
		}
		slices.SortFunc(owners, rdf.Compare)
		for _, o := range owners[:min(len(owners), shownBacklinks)] {
			it, err := b.item(o)
			if err != nil {
				return nil, err
			}
			l.Items = append(l.Items, it)
		}
		if len(owners) > shownBacklinks {
			l.Range = fmt.Sprintf("%d of %s", shownBacklinks, l.Total)
		}
		lists = append(lists, l)
	}
	slices.SortFunc(lists, func(x, y list) int { return strings.Compare(x.Heading, y.Heading) })
	return lists, nil
}

// pointing returns the statements of the sources whose object is the subject or
// its alias, and whether there are more than are looked at.
func (b *pageBuilder) pointing() (quads []rdf.Quad, cut bool, err error) {
	for _, name := range []rdf.Term{b.doc.Subject, b.doc.Alias} {
		if name.IsZero() {
			continue
		}
		id, found, err := b.lookup(name)
		if err != nil {
			return nil, false, err
		}
		if !found {
			continue
		}
		cursor, err := b.snap.Scan(graph.Pattern{O: id, Graphs: graph.EveryQuad()}, graph.OSPG)
		if err != nil {
			return nil, false, err
		}
		defer cursor.Close()
		for {
			n, err := cursor.Next(b.batch)
			if err != nil {
				return nil, false, err
			}
			if n == 0 {
				break
			}
			if quads, err = b.appendBatch(quads, n); err != nil {
				return nil, false, err
			}
			if len(quads) > maxBacklinks {
				return published(quads, b.base+"/graph/source/"), true, nil
			}
		}
	}
	return published(quads, b.base+"/graph/source/"), false, nil
}

// owner returns the thing that a statement is part of: its subject, or what the
// subject is a helper node of.
func (b *pageBuilder) owner(q rdf.Quad) (rdf.Term, error) {
	if iri, _, isFragment := strings.Cut(q.S.Value(), "#"); isFragment && strings.HasPrefix(iri, b.base+"/") {
		return rdf.IRI(iri), nil
	}
	if !q.S.IsBlank() && !strings.HasPrefix(q.S.Value(), b.base+"/.well-known/genid/") {
		return q.S, nil
	}
	above, err := b.match(rdf.Term{}, rdf.Term{}, q.S)
	if err != nil || len(above) == 0 {
		return q.S, err
	}
	return above[0].S, nil
}
