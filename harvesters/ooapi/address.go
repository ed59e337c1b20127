package ooapi

import (
	"strings"

	"qlgraph/graph/rdf"
	"qlgraph/harvesters/lifting"
	"qlgraph/harvesters/lifting/term"
	"qlgraph/internal/jsontree"
	"qlgraph/ontology"
)

// locations writes addresses as the places where an offering is held.
func locations(s *lifting.Subject, v jsontree.Value) {
	lifting.Each(v, func(e jsontree.Value) {
		country, at, known := countryOf(e)
		lines := addressLines(e)
		if !known && lines == "" {
			return
		}
		place := s.Open()
		place.Add(term.Type, term.Location, e)
		address := s.Open()
		address.Add(term.Type, term.Address, e)
		if known {
			address.Add(term.CountryCode, country, at)
		}
		texts := s.AppendTexts(nil, e.Get("additional"))
		if lines != "" {
			texts = append([]lifting.Text{{Value: lines, Lang: lifting.Undetermined, From: e}}, texts...)
		}
		if len(texts) > 0 {
			address.Add(term.FullAddress, s.NoteNode("", texts...), e)
		}
		place.Add(term.AddressOf, address.Close("address"), e)
		if where := firstOf(e, "geolocation", "geoLocation"); where.Exists() {
			if node, ok := s.Point(where); ok {
				place.Add(term.GeometryOf, node, where)
			}
		}
		e.Get("addressType").Text()
		s.Add(term.LocationOf, place.Close("location"), e)
	})
}

// countryOf reads the country: a code in version 5, an object of codes in 6.
func countryOf(address jsontree.Value) (rdf.Term, jsontree.Value, bool) {
	at := address.Get("countryCode")
	if at.Kind() == jsontree.Object {
		at.Use()
		at = firstOf(at, "iso3166-1-alpha3", "iso3166-1-alpha2")
	}
	iri, ok := ontology.CountryConcept(at.Text())
	return rdf.IRI(iri), at, ok
}

// addressLines is the address as it is written on a letter.
func addressLines(e jsontree.Value) string {
	var lines []string
	for _, names := range [][]string{{"street", "streetNumber"}, {"postCode", "postalCode", "city"}} {
		var line []string
		for _, name := range names {
			if t := lifting.Plain(e.Get(name).Text()); t != "" {
				line = append(line, t)
			}
		}
		if len(line) > 0 {
			lines = append(lines, strings.Join(line, " "))
		}
	}
	return strings.Join(lines, "\n")
}

// addressNotes writes the addresses of a course that has no offering.
func addressNotes(s *lifting.Subject, v jsontree.Value) {
	lifting.Each(v, func(e jsontree.Value) {
		if lines := addressLines(e); lines != "" {
			s.Note(term.AdditionalNote, "Location", lifting.Text{Value: lines, Lang: lifting.Undetermined, From: e})
		}
		s.Note(term.AdditionalNote, "Location", s.AppendTexts(nil, e.Get("additional"))...)
	})
}
