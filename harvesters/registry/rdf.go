package registry

import (
	"maps"
	"regexp"
	"slices"
	"strings"

	"qlgraph/graph/rdf"
	"qlgraph/harvesters"
	"qlgraph/ontology"
	"qlgraph/ontology/courseid"
	"qlgraph/ontology/elm"
	"qlgraph/ontology/ql"
)

// Quads returns the reference graph: institutions with their names, identifiers
// and locations, which one replaces a code of before, alliances with their
// members.
func (r Registry) Quads(base string) []rdf.Quad {
	w := &writer{base: base}
	keys := map[string]bool{}
	for _, in := range r.Institutions {
		w.institution(in)
		keys[in.Key()] = true
	}
	for _, a := range r.Alliances {
		w.alliance(a)
	}
	return w.quads
}

type writer struct {
	base  string
	quads []rdf.Quad
}

func (w *writer) add(s rdf.Term, p string, o rdf.Term) {
	w.quads = append(w.quads, rdf.Triple(s, rdf.IRI(p), o))
}

func (w *writer) institution(in Institution) {
	s := rdf.IRI(courseid.Provider(w.base, in.Key()))
	w.add(s, rdf.RDFType, rdf.IRI(ql.HigherEducationInstitutionClass))
	w.add(s, rdf.RDFType, rdf.IRI(elm.OrganisationClass))
	w.names(s, ontology.ROV+"legalName", in.Names)
	if in.SCHAC != "" {
		w.identifier(s, "schac", ql.SchacIdentifierClass, ql.Schac, in.SCHAC)
	}
	if in.ETER != "" {
		w.identifier(s, "orgreg", ql.OrgRegIdentifierClass, ql.OrgReg, in.ETER)
	}
	if in.DEQAR != "" {
		node := w.identifier(s, "deqar", "", "", in.DEQAR)
		w.add(node, elm.SchemeName, rdf.Literal("DEQAR"))
	}
	if strings.HasPrefix(in.Website, "http") {
		page := rdf.IRI(s.Value() + "#homepage")
		w.add(s, ontology.FOAF+"homepage", page)
		w.add(page, rdf.RDFType, rdf.IRI(elm.WebResourceClass))
		w.add(page, elm.ContentUrl, rdf.TypedLiteral(in.Website, rdf.XSDAnyURI))
	}
	w.location(s, in)
	for _, code := range in.Previous {
		if code != in.Key() {
			w.add(rdf.IRI(courseid.Provider(w.base, code)), ontology.DCTerms+"isReplacedBy", s)
		}
	}
	if in.Class != "" && in.Class != harvesters.Own {
		w.add(s, ontology.DCTerms+"type", rdf.Literal(string(in.Class)))
	}
}

// identifier adds an identifier node of a class of ours and its scheme.
func (w *writer) identifier(s rdf.Term, fragment, class, scheme, notation string) rdf.Term {
	node := rdf.IRI(s.Value() + "#" + fragment)
	w.add(s, ontology.ADMS+"identifier", node)
	w.add(node, rdf.RDFType, rdf.IRI(elm.IdentifierClass))
	if class != "" {
		w.add(node, rdf.RDFType, rdf.IRI(class))
		w.add(node, elm.SchemeId, rdf.IRI(scheme))
	}
	w.add(node, ontology.SKOS+"notation", rdf.Literal(notation))
	return node
}

func (w *writer) names(s rdf.Term, property string, names map[string]string) {
	for _, tag := range slices.Sorted(maps.Keys(names)) {
		w.add(s, property, rdf.LangLiteral(names[tag], tag))
	}
}

// location adds the seat: country and town.
func (w *writer) location(s rdf.Term, in Institution) {
	country, ok := ontology.CountryConcept(in.Country)
	if !ok {
		return
	}
	place, address := rdf.IRI(s.Value()+"#location"), rdf.IRI(s.Value()+"#address")
	w.add(s, elm.Location, place)
	w.add(place, rdf.RDFType, rdf.IRI(ontology.DCTerms+"Location"))
	w.add(place, elm.Address, address)
	w.add(address, rdf.RDFType, rdf.IRI(elm.AddressClass))
	w.add(address, elm.CountryCode, rdf.IRI(country))
	if in.City != "" {
		w.add(place, elm.GeographicName, rdf.LangLiteral(in.City, "und"))
	}
	if in.Latitude != "" && in.Longitude != "" {
		w.add(place, ontology.LOCN+"geometry", rdf.TypedLiteral("POINT("+in.Longitude+" "+in.Latitude+")", "http://www.opengis.net/ont/geosparql#wktLiteral"))
	}
}

// orgReg is what ids of the organisation register look like.
var orgReg = regexp.MustCompile(`^(INT|[A-Z]{2})[0-9]{4}$`)

func (w *writer) alliance(a Alliance) {
	s := rdf.IRI(courseid.Alliance(w.base, a.ID))
	w.add(s, rdf.RDFType, rdf.IRI(ql.GroupOfHEIsClass))
	w.add(s, rdf.RDFType, rdf.IRI(ql.EuropeanUniversityAllianceClass))
	w.add(s, rdf.RDFType, rdf.IRI(elm.OrganisationClass)) // what ql:isMemberOf has to point to
	if orgReg.MatchString(a.ID) {
		w.identifier(s, "orgreg", ql.OrgRegIdentifierClass, ql.OrgReg, a.ID)
	}
	for _, code := range a.Codes {
		w.add(s, ontology.SKOS+"altLabel", rdf.LangLiteral(code, "und"))
	}
	w.names(s, ontology.SKOS+"prefLabel", a.Names)
	w.names(s, ontology.ROV+"legalName", a.Names)
	for _, member := range a.Members {
		w.add(s, ontology.FOAF+"member", rdf.IRI(courseid.Provider(w.base, member)))
		w.add(rdf.IRI(courseid.Provider(w.base, member)), ql.IsMemberOf, s)
	}
}
