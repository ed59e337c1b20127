package ooapi

import (
	"strings"

	"qlgraph/graph/rdf"
	"qlgraph/harvesters"
	"qlgraph/harvesters/lifting"
	"qlgraph/harvesters/lifting/term"
	"qlgraph/internal/jsontree"
)

// organisationRules describe the institution, from its root organisation, or
// one of its units.
var organisationRules = lifting.NewTable(
	rule("organisation.name", "name", "rov:legalName", "Every language with its tag.", lifting.Texts(term.LegalName, "Further name")),
	rule("organisation.shortName", "shortName", "skos:altLabel", "The text.", lifting.AllTexts(term.AltLabel)),
	rule("organisation.description", "description", "dct:description", "Every language with its tag.", lifting.Texts(term.Description, "Further description")),
	rule("organisation.homepage", "link", "foaf:homepage", "An elm:WebResource.", lifting.Homepages),
	rule("organisation.logo", "logo", "foaf:depiction", "The address of the image.", logo),
	rule("organisation.location", "addresses", "elm:location", "A dct:Location with address, country and coordinates.", locations),
	rule("organisation.code", "primaryCode", "adms:identifier", "An elm:Identifier, of units only: an institution is known by its SCHAC code.", unitCode),
	whole("organisation.parent", "organizationType, organisationType", "rdf:type, org:subOrganizationOf", "The root is the provider; others are its units, {provider}#unit-{id}.", unitOf),
)

// liftOrganisation lifts what the source says about its institution.
func liftOrganisation(l *lifting.Lift, root jsontree.Value) {
	id, _ := idOf(KindOrganisation, root)
	if foreign := schacOf(root); isRoot(root) && foreign != "" && !strings.EqualFold(foreign, l.Context.Source.Provider.Key()) {
		l.Own(foreign)
		l.Report(harvesters.Info, "ooapi.organisation.foreign", "The organisation is "+foreign+", not this source's provider.", root)
		return
	}
	s := l.NewUnit(id)
	if isRoot(root) {
		s = l.NewInstitution()
	} else if id == "" {
		l.Report(harvesters.Violation, "ooapi.id.missing", "The organisation has no id.", root)
		return
	}
	organisationRules.Apply(s, root)
	s.Close()
}

func isRoot(v jsontree.Value) bool {
	kind := v.Get("organizationType")
	if !kind.Exists() {
		kind = v.Get("organisationType")
	}
	return strings.EqualFold(kind.Text(), "root")
}

// schacOf returns the SCHAC code among an organisation's codes.
func schacOf(v jsontree.Value) string {
	schac := ""
	for _, name := range []string{"primaryCode", "otherCodes"} {
		lifting.Each(v.Get(name), func(c jsontree.Value) {
			if kind := lifting.Fold(c.Get("codeType").Text()); kind == "schachome" || kind == "schac_home" {
				schac = strings.ToLower(strings.TrimSpace(c.Get("code").Text()))
			}
		})
	}
	return schac
}

// organisationOf returns the organisation of a record, embedded or attached.
func organisationOf(l *lifting.Lift, v jsontree.Value) jsontree.Value {
	organisation := firstOf(v, "organisation", "organization", "organisationId")
	if organisation.Kind() != jsontree.Object {
		organisation = l.AttachedByID(KindOrganisation, organisation.Text())
	}
	return organisation
}

// unit names the unit that a course belongs to.
func unit(s *lifting.Subject, _ jsontree.Value) {
	organisation := organisationOf(s.Lift, s.Body)
	if !organisation.Exists() {
		return
	}
	if !isRoot(organisation) {
		s.Note(term.AdditionalNote, "Organisational unit", s.AppendTexts(nil, organisation.Get("name"))...)
	}
	organisation.Use()
}

func logo(s *lifting.Subject, v jsontree.Value) {
	if url, ok := lifting.URL(v.Text()); ok {
		s.Add(term.Depiction, rdf.IRI(url), v)
	} else {
		s.Warn(v, "a web address")
	}
}

func unitCode(s *lifting.Subject, v jsontree.Value) {
	if s.Term != s.Provider() {
		lifting.Codes("code", "codeType", "primaryCode")(s, v)
	}
	v.Use()
}

func unitOf(s *lifting.Subject, v jsontree.Value) {
	if s.Term != s.Provider() {
		s.Add(term.Type, term.Organisation, v)
		s.Add(term.SubOrganization, s.Provider(), v)
	}
}
