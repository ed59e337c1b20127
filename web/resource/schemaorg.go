package resource

import (
	"encoding/json"
	"html/template"
	"slices"
	"strings"

	"qlgraph/graph/rdf"
	"qlgraph/ontology"
)

// members are a JSON object; empty values are left out of it.
type members map[string]any

// schema returns what schema.org says of the thing, for search engines: JSON-LD
// in which nothing can end the script element around it, since encoding/json
// escapes <, > and &. Things without a class there have none.
func (b *pageBuilder) schema(t Target, license string) (template.JS, error) {
	var node members
	switch t.Kind {
	case Course:
		node = b.schemaCourse(t, license)
	case Offering:
		node = b.schemaInstance(b.doc.Subject)
		node.set("@id", t.IRI)
	case Provider:
		node = b.schemaOrganization(b.doc.Subject, "CollegeOrUniversity")
	case Alliance:
		node = b.schemaOrganization(b.doc.Subject, "Organization")
	default:
		return "", nil
	}
	node["@context"] = "https://schema.org"
	encoded, err := json.Marshal(node)
	return template.JS(encoded), err
}

// schemaCourse is a https://schema.org/Course.
func (b *pageBuilder) schemaCourse(t Target, license string) members {
	s := b.doc.Subject
	node := members{"@type": "Course", "@id": t.IRI}
	node.set("url", b.homepage(s))
	node.set("name", b.schemaTexts(b.titles(s)))
	node.set("description", b.schemaTexts(b.literals(s, ontology.DCTerms+"description")))
	node.set("courseCode", b.courseCodes(s))
	node.set("identifier", b.schemaIdentifiers(s))
	node.set("inLanguage", b.languages(s, ontology.DCTerms+"language"))
	node.set("educationalLevel", b.labelsOf(s, ontology.ELM+"EQFLevel"))
	node.set("about", b.labelsOf(s, ontology.ELM+"ISCEDFCode"))
	node.set("numberOfCredits", b.credits(s))
	node.set("timeRequired", b.first(s, ontology.ELM+"volumeOfLearning"))
	node.set("teaches", b.outcomes(s))
	node.set("coursePrerequisites", b.schemaTexts(b.notes(s, ontology.ELM+"entryRequirement")))
	node.set("sameAs", b.webNames(s))
	node.set("license", license)
	if !b.doc.Changed.IsZero() {
		node["dateModified"] = b.doc.Changed.UTC().Format("2006-01-02")
	}
	if p := b.doc.publisher(); isWebAddress(p) {
		node["provider"] = b.schemaOrganization(rdf.IRI(p), "CollegeOrUniversity")
	}
	var instances []members
	for _, o := range b.doc.Offerings {
		instances = append(instances, b.schemaInstance(o))
	}
	node.set("hasCourseInstance", instances)
	return node
}

// schemaInstance is a https://schema.org/CourseInstance.
func (b *pageBuilder) schemaInstance(s rdf.Term) members {
	node := members{"@type": "CourseInstance", "@id": s.Value()}
	node.set("name", b.schemaTexts(b.titles(s)))
	node.set("description", b.schemaTexts(b.literals(s, ontology.DCTerms+"description")))
	node.set("inLanguage", b.languages(s, ontology.ELM+"defaultLanguage"))
	node.set("courseMode", b.labelsOf(s, ontology.ELM+"mode"))
	node.set("maximumAttendeeCapacity", b.first(s, ontology.QL+"enrolmentCapacity"))
	node.set("url", b.homepage(s))
	for _, period := range b.objects(s, ontology.DCTerms+"temporal") {
		node.set("startDate", b.first(period, ontology.ELM+"startDate"))
		node.set("endDate", b.first(period, ontology.ELM+"endDate"))
	}
	return node
}

// schemaOrganization is a https://schema.org/Organization of a class.
func (b *pageBuilder) schemaOrganization(s rdf.Term, class string) members {
	node := members{"@type": class, "@id": s.Value()}
	node.set("name", b.schemaTexts(b.titles(s)))
	node.set("url", b.homepage(s))
	node.set("identifier", b.schemaIdentifiers(s))
	return node
}

// set adds a value that says something.
func (m members) set(key string, value any) {
	switch v := value.(type) {
	case string:
		if v == "" {
			return
		}
	case []any:
		switch len(v) {
		case 0:
			return
		case 1:
			value = v[0]
		}
	case []members:
		if len(v) == 0 {
			return
		}
	case members:
		if len(v) == 0 {
			return
		}
	}
	m[key] = value
}

// objects returns the nodes that a property of s leads to.
func (b *pageBuilder) objects(s rdf.Term, property string) []rdf.Term {
	var nodes []rdf.Term
	for _, q := range b.subjects[s] {
		if q.P.Value() == property && !q.O.IsLiteral() {
			nodes = append(nodes, q.O)
		}
	}
	return nodes
}

// first returns the first literal of a property of s.
func (b *pageBuilder) first(s rdf.Term, property string) string {
	if texts := b.literals(s, property); len(texts) > 0 {
		return texts[0].Text
	}
	return ""
}

// schemaTexts are texts with their languages.
func (b *pageBuilder) schemaTexts(texts []text) []any {
	var values []any
	for _, t := range texts {
		if t.Lang == "" || t.Lang == "und" {
			values = append(values, t.Text)
		} else {
			values = append(values, members{"@language": t.Lang, "@value": t.Text})
		}
	}
	return values
}

// courseCodes are the codes by which the provider's people know the course: its
// identifiers but for the URN, which is the aggregator's.
func (b *pageBuilder) courseCodes(s rdf.Term) []any {
	var codes []any
	for _, id := range b.objects(s, ontology.ADMS+"identifier") {
		code := b.first(id, ontology.SKOS+"notation")
		if code != "" && !strings.HasPrefix(code, "urn:") && !slices.Contains(codes, any(code)) {
			codes = append(codes, code)
		}
	}
	return codes
}

func (b *pageBuilder) schemaIdentifiers(s rdf.Term) []any {
	var values []any
	for _, id := range b.objects(s, ontology.ADMS+"identifier") {
		value := members{"@type": "PropertyValue"}
		value.set("propertyID", b.first(id, ontology.ELM+"schemeName"))
		for _, scheme := range b.objects(id, ontology.ELM+"schemeId") {
			value.set("propertyID", scheme.Value())
		}
		value.set("value", b.first(id, ontology.SKOS+"notation"))
		values = append(values, value)
	}
	return values
}

// languages are the tags of the languages that a property names by concepts of
// the authority table.
func (b *pageBuilder) languages(s rdf.Term, property string) []any {
	var tags []any
	for _, o := range b.objects(s, property) {
		if tag := languageOf(o); tag != "" {
			tags = append(tags, tag)
		}
	}
	return tags
}

// labelsOf are the names of the concepts that a property leads to.
func (b *pageBuilder) labelsOf(s rdf.Term, property string) []any {
	var names []any
	for _, o := range b.objects(s, property) {
		if titles := b.titles(o); len(titles) > 0 {
			names = append(names, titles[b.best(titles)].Text)
		}
	}
	return names
}

func (b *pageBuilder) credits(s rdf.Term) []any {
	var values []any
	for _, o := range b.objects(s, ontology.ELM+"creditPoint") {
		value := members{"@type": "StructuredValue"}
		value.set("value", b.first(o, ontology.ELM+"point"))
		value.set("name", b.labelsOf(o, ontology.ELM+"framework"))
		values = append(values, value)
	}
	return values
}

func (b *pageBuilder) outcomes(s rdf.Term) []any {
	var values []any
	for _, o := range b.objects(s, ontology.ELM+"learningOutcome") {
		values = append(values, b.schemaTexts(b.titles(o))...)
	}
	return values
}

// notes are the texts of the notes that a property leads to.
func (b *pageBuilder) notes(s rdf.Term, property string) []text {
	var texts []text
	for _, o := range b.objects(s, property) {
		texts = append(texts, b.literals(o, ontology.ELM+"noteLiteral")...)
	}
	return texts
}

func (b *pageBuilder) homepage(s rdf.Term) string {
	for _, page := range b.objects(s, ontology.FOAF+"homepage") {
		if address := b.first(page, ontology.ELM+"contentUrl"); isWebAddress(address) {
			return address
		}
	}
	return ""
}

// webNames are the other names of the thing that are addresses.
func (b *pageBuilder) webNames(s rdf.Term) []any {
	var names []any
	for _, o := range b.objects(s, ontology.OWL+"sameAs") {
		if isWebAddress(o.Value()) {
			names = append(names, o.Value())
		}
	}
	return names
}
