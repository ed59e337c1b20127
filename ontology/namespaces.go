package ontology

// Namespaces of the vocabularies that course data use.
const (
	QL = "http://data.quality-link.eu/ontology/v1#"
	// ELM is the European Learning Model's namespace since version 3.3, under
	// which data are stored.
	ELM = "http://data.europa.eu/snb/model/ontology/"
	// ELM32 is the same model's namespace up to version 3.2.
	ELM32 = "http://data.europa.eu/snb/model/elm/"
	LOQ   = "http://data.europa.eu/snb/model/application-profile/loq-constraints/"
	LOQ32 = "http://data.europa.eu/snb/model/ap/loq-constraints/"

	ADMS    = "http://www.w3.org/ns/adms#"
	DCAT    = "http://www.w3.org/ns/dcat#"
	DCTerms = "http://purl.org/dc/terms/"
	FOAF    = "http://xmlns.com/foaf/0.1/"
	LOCN    = "http://www.w3.org/ns/locn#"
	ORG     = "http://www.w3.org/ns/org#"
	OWL     = "http://www.w3.org/2002/07/owl#"
	PROV    = "http://www.w3.org/ns/prov#"
	RDFS    = "http://www.w3.org/2000/01/rdf-schema#"
	ROV     = "http://www.w3.org/ns/regorg#"
	SCHEMA  = "https://schema.org/"
	SHACL   = "http://www.w3.org/ns/shacl#"
	// Text is the namespace of Apache Jena's full-text search.
	Text = "http://jena.apache.org/text#"
	SKOS = "http://www.w3.org/2004/02/skos/core#"
	VOID = "http://rdfs.org/ns/void#"
)

// Bases of the controlled vocabularies' concepts: append the code.
const (
	EQF                 = "http://data.europa.eu/snb/eqf/"
	ISCEDF              = "http://data.europa.eu/snb/isced-f/"
	LearningOpportunity = "http://data.europa.eu/snb/learning-opportunity/"
	// Mode is the base of the modes of learning, although it is named for the
	// assessment.
	Mode            = "http://data.europa.eu/snb/learning-assessment/"
	Schedule        = "http://data.europa.eu/snb/learning-schedule/"
	AssessmentType  = "http://data.europa.eu/snb/assessment/"
	ActivityType    = "http://data.europa.eu/snb/learning-activity/"
	EducationCredit = "http://data.europa.eu/snb/education-credit/"
	LanguageTable   = "http://publications.europa.eu/resource/authority/language/"
	CountryTable    = "http://publications.europa.eu/resource/authority/country/"
	CurrencyTable   = "http://publications.europa.eu/resource/authority/currency/"
)
