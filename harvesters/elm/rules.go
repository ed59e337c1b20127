package elm

import "qlgraph/harvesters"

// The ids of the rules.
const (
	rulePass      = "elm.pass"
	ruleType      = "elm.type"
	ruleText      = "elm.text"
	ruleRepair    = "elm.repair"
	rulePublisher = "elm.publisher"
	ruleProvider  = "elm.provider"
	ruleIdentity  = "elm.identity"
	ruleField     = "elm.field"
)

// Rules returns the format's rules.
func (Lifter) Rules() []harvesters.Rule {
	return []harvesters.Rule{
		{ID: rulePass, Source: "every triple", Target: "the same", Conversion: "ELM up to 3.2 is written under the names of 3.3, Dublin Core elements as terms, elm:legalName as rov:legalName, the European vocabularies with http. Blank nodes become {base}/.well-known/genid/{hash of their content}; a blank specification becomes its course IRI."},
		{ID: ruleType, Source: "rdf:type, or how others refer to it", Target: "rdf:type", Conversion: "A specification or qualification is also a ql:LearningOpportunitySpecification, a learning opportunity a ql:LearningOpportunityInstance. What has no type is what others take it for: the object of elm:learningAchievementSpecification is a specification, that of adms:identifier an elm:Identifier."},
		{ID: ruleText, Source: "dct:title, dct:description, skos:altLabel, skos:prefLabel, elm:noteLiteral, elm:category, rov:legalName", Target: "the same", Conversion: "Language tags in canonical case, und where there is none; HTML as plain text."},
		{ID: ruleRepair, Source: "foaf:homepage, elm:value, elm:contentUrl, elm:point, elm:volumeOfLearning, dates, codes", Target: "the same", Conversion: "An address becomes an elm:WebResource, elm:value rdf:value, a date an xsd:dateTime, \"180 ECTS\" 180, a number of hours a duration, a code or an unknown IRI of a list the concept. Each repair is reported."},
		{ID: rulePublisher, Source: "dct:publisher, elm:providedBy", Target: "dct:publisher, elm:providedBy, owl:sameAs", Conversion: "{base}/provider/{schac}, where nobody is named or the institution named is the provider: by its IRI, its SCHAC code, OrgReg or DEQAR id, or its domain. The source's own IRI for it is owl:sameAs that one."},
		{ID: ruleProvider, Target: "rdf:type, adms:identifier", Conversion: "The provider is a ql:HigherEducationInstitution with its SCHAC code and, where known, its OrgReg id."},
		{ID: ruleIdentity, Source: "adms:identifier/skos:notation", Target: "adms:identifier, owl:sameAs", Conversion: "The local id is the notation without a scheme, else the first; from it follow {base}/course/{schac}/{id}, urn:schac:uniqueCourseId:…, did:web:… and the UUID. Without an identifier it is the first 16 hex digits of SHA-256 over the IRI, and the IRI is the identifier."},
		{ID: ruleField, Source: "elm:ISCEDFCode", Target: "ql:ISCEDFBroadField, ql:ISCEDFNarrowField", Conversion: "The first two and three digits."},
	}
}
