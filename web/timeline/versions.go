package timeline

import (
	"bytes"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"qlgraph/graph"
	"qlgraph/graph/diff"
	"qlgraph/graph/rdf"
	"qlgraph/internal/problem"
	"qlgraph/ontology"
	"qlgraph/web/resource"
	"qlgraph/web/variants"
)

// Versions is the part "versions" of a document: the list of versions or, with
// from or to, what differs between two of them.
type Versions struct{ *Timeline }

var _ resource.Part = Versions{}

// ServePart implements resource.Part.
func (p Versions) ServePart(w http.ResponseWriter, r *http.Request, t resource.Target) {
	snap, err := p.data.Snapshot(r.Context())
	if err != nil {
		fail(w, r, err)
		return
	}
	defer snap.Close()
	h, err := p.History(snap, t)
	switch {
	case err != nil:
		fail(w, r, err)
	case h == nil:
		problem.Write(w, r, problem.Details{Status: http.StatusNotFound, Detail: "nothing is recorded of " + t.IRI})
	case r.URL.Query().Has("from") || r.URL.Query().Has("to"):
		p.sendDifference(w, r, h, t)
	default:
		p.sendList(w, r, h, t)
	}
}

// sendList answers with the versions.
func (p Versions) sendList(w http.ResponseWriter, r *http.Request, h *History, t resource.Target) {
	list := make([]listed, len(h.Versions))
	for i := range h.Versions {
		list[i] = h.listed(&h.Versions[i])
	}
	a := variants.Answer{Path: t.Path + "/versions", Ending: t.Ending, Changed: h.Now().At, Links: h.links(h.Now())}
	page := variants.Page(func(w io.Writer) error { return p.writeList(w, h, list, a) }) // lists the variants itself
	a.Variants = append([]variants.Variant{page}, append(variants.RDF(h.graph(list)), variants.JSON(list))...)
	variants.Send(w, r, a)
}

// listed is a version as data.
type listed struct {
	Number    int      `json:"number"`
	At        string   `json:"since"`
	Until     string   `json:"until,omitempty"`
	Run       string   `json:"run"`
	Memento   string   `json:"memento"`
	SHA256    string   `json:"sha256,omitempty"`
	Withdrawn bool     `json:"withdrawn,omitempty"`
	Changes   []change `json:"changes"` // against the version before in which it was described
}

// change is a diff.Change as data.
type change struct {
	Subject  string   `json:"subject"`
	Property []string `json:"property"` // the path to the value
	Removed  []value  `json:"removed,omitempty"`
	Added    []value  `json:"added,omitempty"`
}

// value is a term as data, in the members of SPARQL's JSON results.
type value struct {
	Type     string `json:"type"`
	Value    string `json:"value"`
	Lang     string `json:"xml:lang,omitempty"`
	Datatype string `json:"datatype,omitempty"`
}

func (h *History) listed(v *Version) listed {
	l := listed{Number: v.Number, At: stamp(v.At), Until: stamp(v.Until), Run: v.Run, Memento: h.Memento(v), SHA256: v.Hash, Withdrawn: v.Gone, Changes: []change{}}
	if before := h.before(v); before != nil && !v.Gone {
		l.Changes = data(h.changes(before, v))
	}
	return l
}

// before returns the version before v in which the thing was described, nil
// where there is none.
func (h *History) before(v *Version) *Version {
	if v.Number == 1 {
		return nil
	}
	return h.Last(&h.Versions[v.Number-2])
}

// changes compares two versions, property by property.
func (h *History) changes(from, to *Version) []diff.Change {
	var before, after []rdf.Quad
	subjects := []rdf.Term{rdf.IRI(h.iri)}
	for _, side := range []struct {
		version *Version
		quads   *[]rdf.Quad
	}{{from, &before}, {to, &after}} {
		if side.version.Gone {
			continue
		}
		*side.quads = side.version.Document.Quads
		for _, o := range side.version.Document.Offerings {
			subjects = appendNew(subjects, o)
		}
	}
	return diff.Descriptions(before, after, subjects...)
}

func appendNew(terms []rdf.Term, t rdf.Term) []rdf.Term {
	for _, known := range terms {
		if known == t {
			return terms
		}
	}
	return append(terms, t)
}

func data(changes []diff.Change) []change {
	list := make([]change, len(changes))
	for i, c := range changes {
		list[i] = change{c.Subject.Value(), c.Path, terms(c.Removed), terms(c.Added)}
	}
	return list
}

func terms(list []rdf.Term) []value {
	var values []value
	for _, t := range list {
		v := value{Type: "uri", Value: t.Value()}
		if t.IsLiteral() {
			v.Type, v.Lang = "literal", t.Lang()
			if v.Lang == "" && t.Datatype() != rdf.XSDString {
				v.Datatype = t.Datatype()
			}
		}
		values = append(values, v)
	}
	return values
}

// stamp writes a time to the millisecond, "" for the zero time.
func stamp(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.UTC().Format("2006-01-02T15:04:05.999Z07:00")
}

// graph describes the versions in RDF (PROV-O), each with its hash (SPDX).
func (h *History) graph(list []listed) []rdf.Quad {
	const spdx = "http://spdx.org/rdf/terms#"
	thing := rdf.IRI(h.iri)
	var quads []rdf.Quad
	add := func(s rdf.Term, p string, o rdf.Term) { quads = append(quads, rdf.Triple(s, rdf.IRI(p), o)) }
	var previous rdf.Term
	for i, l := range list {
		v := &h.Versions[i]
		memento := rdf.IRI(h.base + l.Memento)
		if v.Gone {
			previous = rdf.Term{}
			continue
		}
		add(memento, rdf.RDFType, rdf.IRI(ontology.PROV+"Entity"))
		add(memento, ontology.DCTerms+"isVersionOf", thing)
		add(memento, ontology.PROV+"specializationOf", thing)
		add(memento, ontology.DCTerms+"identifier", rdf.Literal(strconv.Itoa(l.Number)))
		add(memento, ontology.PROV+"generatedAtTime", dateTime(v.At))
		add(memento, ontology.PROV+"wasGeneratedBy", v.By)
		if !v.Until.IsZero() {
			next := &h.Versions[i+1]
			add(memento, ontology.PROV+"invalidatedAtTime", dateTime(v.Until))
			add(memento, ontology.PROV+"wasInvalidatedBy", next.By)
		}
		if !previous.IsZero() {
			add(memento, ontology.PROV+"wasRevisionOf", previous)
		}
		checksum := rdf.IRI(memento.Value() + "#checksum")
		add(memento, spdx+"checksum", checksum)
		add(checksum, rdf.RDFType, rdf.IRI(spdx+"Checksum"))
		add(checksum, spdx+"algorithm", rdf.IRI(spdx+"checksumAlgorithm_sha256"))
		add(checksum, spdx+"checksumValue", rdf.TypedLiteral(l.SHA256, rdf.XSD+"hexBinary"))
		for _, c := range l.Changes {
			add(memento, ontology.DCTerms+"description", rdf.LangLiteral("changed: "+ontology.CURIEs(c.Property), "en"))
		}
		previous = memento
	}
	return quads
}

// sendDifference answers with what differs between two versions.
func (p Versions) sendDifference(w http.ResponseWriter, r *http.Request, h *History, t resource.Target) {
	query := r.URL.Query()
	to, err := h.named(query.Get("to"), h.Now())
	var from *Version
	if err == nil {
		from, err = h.named(query.Get("from"), &h.Versions[max(to.Number-2, 0)])
	}
	if err != nil {
		problem.Write(w, r, problem.Details{Status: http.StatusBadRequest, Detail: err.Error()})
		return
	}
	changes := h.changes(from, to)
	a := variants.Answer{
		Path: t.Path + "/versions", Ending: t.Ending, Changed: to.At,
		Query: url.Values{"from": {strconv.Itoa(from.Number)}, "to": {strconv.Itoa(to.Number)}}.Encode(),
	}
	a.Variants = []variants.Variant{
		variants.Page(func(w io.Writer) error { return p.writeDifference(w, h, from, to, changes, a) }),
		variants.JSON(difference{From: h.listed(from).Memento, To: h.listed(to).Memento, Changes: data(changes)}),
		{Name: "RDF Patch", Ending: ".rdfp", MediaType: diff.PatchMediaType, Write: func(w io.Writer) error {
			return diff.Patch(w, from.quads(), to.quads())
		}},
	}
	variants.Send(w, r, a)
}

// difference is what differs between two versions, as data.
type difference struct {
	From    string   `json:"from"` // paths of their documents
	To      string   `json:"to"`
	Changes []change `json:"changes"`
}

func (v *Version) quads() []rdf.Quad {
	if v.Gone {
		return nil
	}
	return v.Document.Quads
}

// named returns the version that text names by its number or by a time at which
// it was in force.
func (h *History) named(text string, missing *Version) (*Version, error) {
	if text == "" {
		return missing, nil
	}
	if n, err := strconv.Atoi(text); err == nil {
		if n < 1 || n > len(h.Versions) {
			return nil, &VersionError{text, len(h.Versions)}
		}
		return &h.Versions[n-1], nil
	}
	at, err := resource.ParseTime(text)
	if err != nil {
		return nil, &VersionError{text, len(h.Versions)}
	}
	if v := h.At(endOfSecond(at)); v != nil {
		return v, nil
	}
	return nil, &VersionError{text, len(h.Versions)}
}

// VersionError says that a request names a version that there is not.
type VersionError struct {
	Text  string
	Count int // of versions
}

// Error tells what can be asked for.
func (e *VersionError) Error() string {
	return "from, to: " + strconv.Quote(e.Text) + " is no version: want a number from 1 to " + strconv.Itoa(e.Count) + ", or a date or time since the first"
}

// Labels finds names for pages. It belongs to one goroutine.
type Labels struct {
	snap  graph.Snapshot
	known map[rdf.Term]string
}

// NewLabels returns the labels of the snapshot of h.
func NewLabels(h *History) Labels { return Labels{h.snap, map[rdf.Term]string{}} }

// Of returns an English name of a thing, or what its IRI ends in.
func (l Labels) Of(t rdf.Term) (string, error) {
	if name, ok := l.known[t]; ok {
		return name, nil
	}
	found, err := resource.Labels(l.snap, t)
	if err != nil {
		return "", err
	}
	name := resource.Name(t.Value())
	for i, label := range found {
		if i == 0 || strings.HasPrefix(label.Lang(), "en") {
			name = label.Value()
		}
	}
	l.known[t] = name
	return name, nil
}

// buffered renders a template whole, so that an error leaves nothing behind.
func (l *Timeline) buffered(w io.Writer, name string, page any) error {
	var b bytes.Buffer
	if err := l.templates.ExecuteTemplate(&b, name, page); err != nil {
		return err
	}
	_, err := b.WriteTo(w)
	return err
}
