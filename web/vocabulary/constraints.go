package vocabulary

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"qlgraph/graph/rdf"
	"qlgraph/ontology"
)

// constraint is what a shape says about one property, in words.
type constraint struct {
	Path        link
	Number      string // how many values
	Values      []link // what a value is: one of these
	Also        string // what else holds for the values
	Description string

	order int
}

// shapeReader puts the shapes of a graph into words. It knows the constraint
// components that the bundled profile has; any other is named as it is.
type shapeReader struct {
	about map[rdf.Term][]rdf.Quad
	*linker
}

func newShapeReader(shapes []rdf.Quad, l *linker) *shapeReader {
	r := &shapeReader{about: map[rdf.Term][]rdf.Quad{}, linker: l}
	for _, q := range shapes {
		r.about[q.S] = append(r.about[q.S], q)
	}
	return r
}

// objects returns the IRIs that the shape has for a SHACL property.
func (r *shapeReader) objects(shape, property string) []string {
	var iris []string
	for _, q := range r.about[rdf.IRI(shape)] {
		if q.P.Value() == ontology.SHACL+property && q.O.IsIRI() {
			iris = append(iris, q.O.Value())
		}
	}
	return iris
}

// constraints returns what the shape says about properties, in sh:order.
func (r *shapeReader) constraints(shape string) []constraint {
	var list []constraint
	for _, q := range r.about[rdf.IRI(shape)] {
		if q.P.Value() == ontology.SHACL+"property" {
			list = append(list, r.constraint(q.O))
		}
	}
	slices.SortStableFunc(list, func(a, b constraint) int {
		return cmp.Or(a.order-b.order, strings.Compare(a.Path.Name, b.Path.Name))
	})
	return list
}

func (r *shapeReader) constraint(shape rdf.Term) constraint {
	var c constraint
	var least, most string
	var also []string
	for _, q := range r.about[shape] {
		value := q.O.Value()
		switch component := strings.TrimPrefix(q.P.Value(), ontology.SHACL); component {
		case "path":
			c.Path = r.link(value)
			c.Description = cmp.Or(c.Description, r.comments[value])
		case "minCount":
			least = value
		case "maxCount":
			most = value
		case "class", "datatype", "node", "hasValue":
			c.Values = append(c.Values, r.link(value))
		case "or":
			c.Values = append(c.Values, r.alternatives(q.O)...)
		case "nodeKind":
			also = append(also, "is a "+r.link(value).Name)
		case "pattern":
			also = append(also, "matches "+value)
		case "uniqueLang":
			also = append(also, "once per language")
		case "description":
			c.Description = value
		case "order":
			c.order, _ = strconv.Atoi(value) // an order that is no number comes first
		case "name":
		default:
			also = append(also, component+" "+r.link(value).Name)
		}
	}
	c.Number, c.Also = number(least, most), strings.Join(also, ", ")
	return c
}

// alternatives returns the classes and datatypes of the members of an sh:or list.
func (r *shapeReader) alternatives(list rdf.Term) []link {
	var links []link
	for list != rdf.IRI(rdf.RDF+"nil") {
		var first, rest rdf.Term
		for _, q := range r.about[list] {
			switch q.P.Value() {
			case rdf.RDF + "first":
				first = q.O
			case rdf.RDF + "rest":
				rest = q.O
			}
		}
		if rest.IsZero() {
			return links
		}
		for _, q := range r.about[first] {
			links = append(links, r.link(q.O.Value()))
		}
		list = rest
	}
	return links
}

// number puts a cardinality into words; either bound may be absent.
func number(least, most string) string {
	switch {
	case least == most && least != "":
		return "exactly " + least
	case most == "" && (least == "" || least == "0"):
		return "any number"
	case most == "":
		return "at least " + least
	case least == "" || least == "0":
		return "at most " + most
	}
	return fmt.Sprintf("%s to %s", least, most)
}
