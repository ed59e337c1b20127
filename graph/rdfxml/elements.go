package rdfxml

import (
	"bytes"
	"fmt"
	"strings"

	"qlgraph/graph/iri"
	"qlgraph/graph/rdf"
)

// attributes are those of one element, sorted by what the grammar does with
// them (RDF/XML §6.1.2, §7.2.5 to §7.2.7). Indices point into scanner.attrs.
type attributes struct {
	rdf        *attribute // one of those below, or nil
	about      *attribute
	id         *attribute
	nodeID     *attribute
	resource   *attribute
	datatype   *attribute
	parseType  *attribute
	properties []*attribute
}

// readAttributes sorts the attributes of the element just begun and takes its
// xml:lang and xml:base into the innermost frame.
func (d *Decoder) readAttributes() attributes {
	var list attributes
	for i := range d.attrs {
		switch a := &d.attrs[i]; {
		case a.space == nil:
			d.unqualified(&list, a)
		case a.space.uri == xmlNamespace:
			d.xmlAttribute(a)
		case hasPrefixFold(a.prefix, "xml"): // reserved (§6.1.2)
		case a.isRDF():
			d.rdfAttribute(&list, a)
		default:
			list.properties = append(list.properties, a)
		}
	}
	return list
}

// unqualified handles an attribute without prefix: five of RDF's own may be
// written so, for old documents' sake (§6.1.4).
func (d *Decoder) unqualified(list *attributes, a *attribute) {
	switch string(a.local) {
	case "ID", "about", "resource", "parseType", "type":
		d.rdfAttribute(list, a)
	default:
		if !hasPrefixFold(a.local, "xml") {
			d.fail(a.at, "expected an attribute in a namespace")
		}
	}
}

// hasPrefixFold reports whether name starts with prefix in any case.
func hasPrefixFold(name []byte, prefix string) bool {
	return len(name) >= len(prefix) && strings.EqualFold(string(name[:len(prefix)]), prefix)
}

func (d *Decoder) rdfAttribute(list *attributes, a *attribute) {
	switch string(a.local) {
	case "about":
		list.about = a
	case "ID":
		list.id = a
	case "nodeID":
		list.nodeID = a
	case "resource":
		list.resource = a
	case "datatype":
		list.datatype = a
	case "parseType":
		list.parseType = a
	case "RDF", "Description", "li", "aboutEach", "aboutEachPrefix", "bagID":
		d.fail(a.at, fmt.Sprintf("rdf:%s is not allowed as an attribute", a.local))
	default:
		list.properties = append(list.properties, a)
		return
	}
	list.rdf = a
}

func (d *Decoder) xmlAttribute(a *attribute) {
	f := d.top()
	switch string(a.local) {
	case "lang":
		f.lang = d.language(a)
	case "base":
		ref := string(a.value)
		if iri.SchemeLen(ref) == 0 {
			ref = d.resolve(ref, a.at)
		} else {
			d.checkIRI(ref, a.at)
		}
		f.base = &base{withoutFragment(iri.Split(ref))}
		d.iris.Forget()
	}
}

// language returns the value of an xml:lang; "" says that there is none.
func (d *Decoder) language(a *attribute) string {
	if len(a.value) == 0 {
		return ""
	}
	known, ok := d.names.Get(a.value) // tags and expanded names have no common form
	if !ok {
		if !isLanguageTag(a.value) {
			d.fail(a.at, fmt.Sprintf("expected a language tag, found %q", a.value))
		}
		known = rdf.Literal(string(a.value))
		d.names.Put(a.value, known)
	}
	return known.Value()
}

// isLanguageTag reports whether tag has the form of Turtle's LANGTAG.
func isLanguageTag(tag []byte) bool {
	for i, sub := range bytes.Split(tag, []byte("-")) {
		for _, c := range sub {
			letter := 'a' <= c|0x20 && c|0x20 <= 'z'
			if !letter && (i == 0 || c < '0' || c > '9') {
				return false
			}
		}
		if len(sub) == 0 {
			return false
		}
	}
	return true
}

// nodeElement opens a node element and returns its node (§7.2.11).
func (d *Decoder) nodeElement(space *binding) rdf.Term {
	local := d.scanner.name.local
	described := false
	if space.uri == rdf.RDF {
		switch string(local) {
		case "Description":
			described = true
		case "RDF", "ID", "about", "parseType", "resource", "nodeID", "datatype", "li", "aboutEach", "aboutEachPrefix", "bagID":
			d.fail(0, fmt.Sprintf("rdf:%s is not allowed as a node element", local))
		}
	}
	f := d.push(inNode)
	list := d.readAttributes()
	for _, a := range []*attribute{list.resource, list.datatype, list.parseType} {
		if a != nil {
			d.fail(a.at, fmt.Sprintf("rdf:%s is not allowed on a node element", a.local))
		}
	}
	d.onlyOne(list.about, list.id, list.nodeID)
	switch {
	case list.about != nil:
		f.subject = d.reference(list.about.value, list.about.at)
	case list.id != nil:
		f.subject = d.id(list.id)
	case list.nodeID != nil:
		f.subject = d.nodeID(list.nodeID)
	default:
		f.subject = d.newBlank()
	}
	if !described {
		d.emit(f.subject, rdfTerm("type"), d.expandedName(space, local, 1))
	}
	d.propertyAttributes(f.subject, f.lang, list.properties)
	return f.subject
}

// onlyOne fails if more than one of the attributes is there.
func (d *Decoder) onlyOne(list ...*attribute) {
	var first *attribute
	for _, a := range list {
		if a != nil && first != nil {
			d.fail(a.at, fmt.Sprintf("expected rdf:%s or rdf:%s, not both", first.local, a.local))
		}
		if a != nil {
			first = a
		}
	}
}

// propertyAttributes adds the triples of property attributes (§7.2.25).
func (d *Decoder) propertyAttributes(subject rdf.Term, lang string, list []*attribute) {
	for _, a := range list {
		switch {
		case a.space == nil || a.isRDF() && string(a.local) == "type":
			d.emit(subject, rdfTerm("type"), d.reference(a.value, a.at))
		case lang != "":
			d.emit(subject, d.expandedName(a.space, a.local, a.at), rdf.LangLiteral(string(a.value), lang))
		default:
			d.emit(subject, d.expandedName(a.space, a.local, a.at), rdf.Literal(string(a.value)))
		}
	}
}

// id returns the IRI that an rdf:ID gives, which no other element may have
// (§7.2.22, §7.2.34).
func (d *Decoder) id(a *attribute) rdf.Term {
	if !isNCName(a.value) {
		d.fail(a.at, "expected a name without colon in rdf:ID")
	}
	value := d.resolve("#"+string(a.value), a.at)
	if _, used := d.ids[value]; used {
		d.fail(a.at, fmt.Sprintf("rdf:ID %s stands twice", a.value))
	}
	if len(d.ids) < maxIDs {
		d.ids[value] = struct{}{}
	}
	return rdf.IRI(value)
}

func (d *Decoder) nodeID(a *attribute) rdf.Term {
	if !isNCName(a.value) {
		d.fail(a.at, "expected a name without colon in rdf:nodeID")
	}
	return d.namedBlank(a.value)
}

// propertyElement opens a property element (§7.2.14).
func (d *Decoder) propertyElement(space *binding) {
	parent := d.top()
	subject := parent.subject
	var predicate rdf.Term
	if space.uri == rdf.RDF {
		switch local := d.scanner.name.local; string(local) {
		case "li":
			parent.members++
			predicate = rdfTerm(fmt.Sprintf("_%d", parent.members))
		case "RDF", "ID", "about", "parseType", "resource", "nodeID", "datatype", "Description", "aboutEach", "aboutEachPrefix", "bagID":
			d.fail(0, fmt.Sprintf("rdf:%s is not allowed as a property element", local))
		}
	}
	if predicate.IsZero() {
		predicate = d.expandedName(space, d.scanner.name.local, 1)
	}
	f := d.push(inProperty)
	f.subject, f.predicate = subject, predicate
	d.chars = d.chars[:0]
	if len(d.attrs) == 0 {
		return
	}
	list := d.readAttributes()
	if list.about != nil {
		d.fail(list.about.at, "rdf:about is not allowed on a property element")
	}
	if list.id != nil {
		f.statement = d.id(list.id)
	}
	d.onlyOne(list.parseType, list.datatype, list.resource, list.nodeID)
	switch {
	case list.parseType != nil:
		d.parseType(f, &list)
	case list.datatype != nil:
		d.noProperties(&list)
		f.kind, f.datatype = inLiteral, d.reference(list.datatype.value, list.datatype.at).Value()
	case list.resource != nil || list.nodeID != nil || len(list.properties) > 0:
		d.emptyProperty(f, &list)
	}
}

// noProperties fails if there is a property attribute.
func (d *Decoder) noProperties(list *attributes) {
	if len(list.properties) > 0 {
		d.fail(list.properties[0].at, "expected no property attribute beside rdf:parseType or rdf:datatype")
	}
}

// emptyProperty handles a property element whose object is in its attributes
// (§7.2.21).
func (d *Decoder) emptyProperty(f *frame, list *attributes) {
	var object rdf.Term
	switch {
	case list.resource != nil:
		object = d.reference(list.resource.value, list.resource.at)
	case list.nodeID != nil:
		object = d.nodeID(list.nodeID)
	default:
		object = d.newBlank()
	}
	f.kind = inEmpty
	d.emitProperty(*f, object)
	d.propertyAttributes(object, f.lang, list.properties)
}

// parseType handles rdf:parseType (§7.2.17 to §7.2.20).
func (d *Decoder) parseType(f *frame, list *attributes) {
	d.noProperties(list)
	switch string(list.parseType.value) {
	case "Resource":
		object := d.newBlank()
		d.emitProperty(*f, object)
		*f = frame{kind: inNode, subject: object, lang: f.lang, base: f.base}
	case "Collection":
		f.kind = inCollection
	default: // "Literal", and all others are the same as that
		property := *f
		value := d.xmlLiteral()
		d.emitProperty(property, rdf.TypedLiteral(value, rdf.RDFXMLLiteral))
		d.leave()
		d.frames = d.frames[:len(d.frames)-1]
	}
}

// collectionItem opens a node element within a collection, whose frame is the
// innermost one (§7.2.19). While the list is empty the frame has a predicate;
// later its subject is the last list node.
func (d *Decoder) collectionItem(space *binding) {
	at := len(d.frames) - 1
	cell := d.newBlank()
	if f := &d.frames[at]; f.predicate.IsZero() {
		d.emit(f.subject, rdfTerm("rest"), cell)
	} else {
		d.emitProperty(*f, cell)
	}
	d.frames[at].subject, d.frames[at].predicate = cell, rdf.Term{}
	d.emit(cell, rdfTerm("first"), d.nodeElement(space))
}

func (d *Decoder) endCollection(f *frame) {
	if f.predicate.IsZero() {
		d.emit(f.subject, rdfTerm("rest"), rdfTerm("nil"))
	} else {
		d.emitProperty(*f, rdfTerm("nil"))
	}
}
