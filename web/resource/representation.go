package resource

import (
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"qlgraph/graph/jsonld"
	"qlgraph/graph/rdfio"
	"qlgraph/internal/conneg"
	"qlgraph/ontology"
)

// representation is a form in which a document is sent.
type representation struct {
	name, ending, mediaType string
	aliases                 []string     // media types by which programs ask for it too
	format                  rdfio.Format // 0: none of RDF's syntaxes
}

// representations are all of them, in the server's order of preference: a
// client that accepts anything gets the page.
var representations = [...]representation{
	{name: "HTML", ending: ".html", mediaType: "text/html"},
	rdfSyntax("Turtle", rdfio.Turtle),
	rdfSyntax("JSON-LD", rdfio.JSONLD),
	{name: "JSON", ending: ".json", mediaType: "application/json"},
	rdfSyntax("RDF/XML", rdfio.RDFXML),
	rdfSyntax("N-Triples", rdfio.NTriples),
	rdfSyntax("TriG", rdfio.TriG),
	rdfSyntax("N-Quads", rdfio.NQuads),
	{name: "CSV", ending: ".csv", mediaType: "text/csv"},
}

// rdfSyntax is the representation in a syntax of RDF. JSON and plain text are
// no aliases here: they are asked for by programs that mean something else.
func rdfSyntax(name string, f rdfio.Format) representation {
	aliases := f.MediaTypes()[1:]
	aliases = slices.DeleteFunc(aliases, func(t string) bool { return t == "application/json" || t == "text/plain" })
	return representation{name: name, ending: f.Ending(), mediaType: f.MediaType(), aliases: aliases, format: f}
}

func byEnding(ending string) *representation {
	for i := range representations {
		if representations[i].ending == ending {
			return &representations[i]
		}
	}
	return nil
}

// variant is a representation with what a profile says about it.
type variant struct {
	*representation
	form jsonld.Form // of JSON-LD
	elm  ontology.ELMVersion
}

// form is a form of JSON-LD with the profile URI that asks for it (JSON-LD 1.1
// §8; Framing §5).
type form struct {
	name string
	form jsonld.Form
}

const jsonLDProfile = "http://www.w3.org/ns/json-ld#"

var forms = [...]form{
	{"compacted", jsonld.Compacted}, {"expanded", jsonld.Expanded},
	{"flattened", jsonld.Flattened}, {"framed", jsonld.Framed},
}

// offers are the representations as negotiation knows them, and the variants
// that they mean.
func offers() ([]conneg.Offer, []variant) {
	var list []conneg.Offer
	var variants []variant
	add := func(mediaType, profile string, v variant) {
		list = append(list, conneg.Offer{Type: mediaType, Profile: profile})
		variants = append(variants, v)
	}
	for i := range representations {
		rep := &representations[i]
		add(rep.mediaType, "", variant{representation: rep})
		if rep.format == rdfio.JSONLD {
			for _, f := range forms {
				add(rep.mediaType, jsonLDProfile+f.name, variant{representation: rep, form: f.form})
			}
		}
	}
	for i := range representations {
		for _, alias := range representations[i].aliases {
			add(alias, "", variant{representation: &representations[i]})
		}
	}
	return list, variants
}

// negotiator chooses variants.
type negotiator struct {
	offers   []conneg.Offer
	variants []variant
}

func newNegotiator() negotiator {
	list, variants := offers()
	return negotiator{list, variants}
}

// errNotAcceptable is the error for a client that accepts none of what there is.
var errNotAcceptable = errors.New("not acceptable")

// choose returns the variant that the path's ending, the query and the headers
// ask for.
func (n negotiator) choose(r *http.Request, ending string) (variant, error) {
	accept := strings.Join(r.Header.Values("Accept"), ",")
	v := variant{representation: byEnding(ending)}
	if v.representation == nil {
		i, ok := conneg.Choose(accept, n.offers)
		if !ok {
			return v, errNotAcceptable
		}
		v = n.variants[i]
	}
	if v.negotiable(ending) {
		profiles := conneg.Profiles(accept, v.mediaType)
		profiles = append(profiles, conneg.AcceptProfile(r.Header.Get("Accept-Profile"))...)
		for _, p := range slices.Backward(profiles) { // the most wanted has the last word
			v.apply(p)
		}
	}
	query := query(r)
	for _, p := range query["profile"] {
		for _, p := range strings.Fields(p) {
			v.apply(p)
		}
	}
	switch elm := query.Get("elm"); elm {
	case "", "3.2", "3.3":
		v.apply(elm)
	default:
		return v, fmt.Errorf("%w: elm: want 3.2 or 3.3", errMalformed)
	}
	return v, nil
}

// negotiable reports whether headers have a say besides the path's ending: in
// the forms of JSON-LD they do, as one ending stands for all of them.
func (v variant) negotiable(ending string) bool { return ending == "" || v.format == rdfio.JSONLD }

// query returns the parameters of the request's URL; most have none.
func query(r *http.Request) url.Values {
	if r.URL.RawQuery == "" {
		return nil
	}
	return r.URL.Query()
}

// apply follows a profile, by its URI or short name, as far as it is known and
// means something for the representation.
func (v *variant) apply(profile string) {
	switch profile {
	case "3.2", ontology.ELM32, strings.TrimSuffix(ontology.ELM32, "/"):
		v.elm = ontology.ELMOld
		return
	case "3.3", ontology.ELM, strings.TrimSuffix(ontology.ELM, "/"):
		v.elm = ontology.ELMCurrent
		return
	}
	if v.format != rdfio.JSONLD {
		return
	}
	for _, f := range forms {
		if profile == f.name || profile == jsonLDProfile+f.name {
			v.form = f.form
		}
	}
}

// contentType is the value of the header: with the profile where there is one.
func (v variant) contentType() string {
	if v.form != jsonld.Compacted {
		return v.mediaType + `; profile="` + jsonLDProfile + v.formName() + `"`
	}
	return conneg.ContentType(v.mediaType)
}

func (v variant) formName() string {
	return forms[slices.IndexFunc(forms[:], func(f form) bool { return f.form == v.form })].name
}

// location is the path of this variant and no other.
func (v variant) location(path string) string {
	var parameters []string
	if v.form != jsonld.Compacted {
		parameters = append(parameters, "profile="+v.formName())
	}
	if v.elm == ontology.ELMOld {
		parameters = append(parameters, "elm=3.2")
	}
	path += v.ending
	if len(parameters) > 0 {
		path += "?" + strings.Join(parameters, "&")
	}
	return path
}

// isPage reports whether it is for people.
func (v variant) isPage() bool { return v.ending == ".html" }
