package term

import (
	"qlgraph/graph/rdf"
	"qlgraph/ontology"
)

func ql(name string) rdf.Term   { return rdf.IRI(ontology.QL + name) }
func elm(name string) rdf.Term  { return rdf.IRI(ontology.ELM + name) }
func dct(name string) rdf.Term  { return rdf.IRI(ontology.DCTerms + name) }
func skos(name string) rdf.Term { return rdf.IRI(ontology.SKOS + name) }

// Type is rdf:type.
var Type = rdf.IRI(rdf.RDFType)

// Classes.
var (
	Specification          = ql("LearningOpportunitySpecification")
	Instance               = ql("LearningOpportunityInstance")
	SpecificationReference = ql("LearningOpportunitySpecificationReference")
	Institution            = ql("HigherEducationInstitution")
	SchacIdentifier        = ql("SchacIdentifier")
	OrgRegIdentifier       = ql("OrgRegIdentifier")
	LearnerGroup           = ql("LearnerGroup")
	LearnerGroupConditions = ql("LearnerGroupConditions")

	Address                 = elm("Address")
	Amount                  = elm("Amount")
	AssessmentSpecification = elm("LearningAssessmentSpecification")
	ActivitySpecification   = elm("LearningActivitySpecification")
	CreditPointClass        = elm("CreditPoint")
	GradingSchemeClass      = elm("GradingScheme")
	Identifier              = elm("Identifier")
	Outcome                 = elm("LearningOutcome")
	Note                    = elm("Note")
	Organisation            = elm("Organisation")
	PriceDetailClass        = elm("PriceDetail")
	ResultCategoryClass     = elm("ResultCategory")
	ResultDistributionClass = elm("ResultDistribution")
	WebResource             = elm("WebResource")

	Location = dct("Location")
	Period   = dct("PeriodOfTime")
	Concept  = skos("Concept")
	Geometry = rdf.IRI(ontology.LOCN + "Geometry")
)

// Properties of the QualityLink ontology.
var (
	BroadField             = ql("ISCEDFBroadField")
	NarrowField            = ql("ISCEDFNarrowField")
	IsActive               = ql("isActive")
	IsOpenToNonEnrolled    = ql("isOpenToNonEnrolled")
	EnrolmentCapacity      = ql("enrolmentCapacity")
	EnrolledLearnerCount   = ql("enrolledLearnerCount")
	EnrolmentMinimum       = ql("enrolmentMinimum")
	EntryRequirementCourse = ql("entryRequirementLearningOpportunity")
	GradeOrder             = ql("gradeOrder")
	GradePercentage        = ql("gradePercentage")
	GroupConditions        = ql("learnerGroupConditions")
	Group                  = ql("learnerGroup")
	RegistrationPortal     = ql("registrationPortal")
	StudentsOf             = ql("studentsOf")
	OrgReg                 = ql("OrgReg")
	Schac                  = ql("Schac")
)

// Properties of the European Learning Model.
var (
	AdditionalNote         = elm("additionalNote")
	AddressOf              = elm("address")
	AdmissionProcedure     = elm("admissionProcedure")
	AmountOf               = elm("amount")
	ApplicationDeadline    = elm("applicationDeadline")
	Category               = elm("category")
	ContactHour            = elm("contactHour")
	ContentURL             = elm("contentUrl")
	CountryCode            = elm("countryCode")
	CreditPoint            = elm("creditPoint")
	DefaultLanguage        = elm("defaultLanguage")
	Duration               = elm("duration")
	EducationSubject       = elm("educationSubject")
	EndDate                = elm("endDate")
	EntryRequirement       = elm("entryRequirement")
	EQFLevel               = elm("EQFLevel")
	Framework              = elm("framework")
	FullAddress            = elm("fullAddress")
	GradingScheme          = elm("gradingScheme")
	HasPart                = elm("hasPart")
	InfluencedBy           = elm("influencedBy")
	IsPartOf               = elm("isPartOf")
	ISCEDFCode             = elm("ISCEDFCode")
	Label                  = elm("label")
	LearningActivity       = elm("learningActivitySpecification")
	LearningOutcome        = elm("learningOutcome")
	LearningOutcomeSummary = elm("learningOutcomeSummary")
	LearningSchedule       = elm("learningSchedule")
	LocationOf             = elm("location")
	Logo                   = elm("logo")
	MaximumDuration        = elm("maximumDuration")
	Mode                   = elm("mode")
	NoteLiteral            = elm("noteLiteral")
	Point                  = elm("point")
	PriceDetail            = elm("priceDetail")
	ProvenBy               = elm("provenBy")
	ProvidedBy             = elm("providedBy")
	ResultCategory         = elm("resultCategory")
	ResultDistribution     = elm("resultDistribution")
	ScheduleInformation    = elm("scheduleInformation")
	SchemeID               = elm("schemeId")
	SchemeName             = elm("schemeName")
	SpecialisationOf       = elm("specialisationOf")
	SpecificationOf        = elm("learningAchievementSpecification")
	StartDate              = elm("startDate")
	SupplementaryDocument  = elm("supplementaryDocument")
	Unit                   = elm("unit")
	VolumeOfLearning       = elm("volumeOfLearning")
)

// Properties of the shared vocabularies.
var (
	AltLabel        = skos("altLabel")
	PrefLabel       = skos("prefLabel")
	Notation        = skos("notation")
	Description     = dct("description")
	Language        = dct("language")
	Modified        = dct("modified")
	Publisher       = dct("publisher")
	Subject         = dct("subject")
	Temporal        = dct("temporal")
	Title           = dct("title")
	Valid           = dct("valid")
	AsWKT           = rdf.IRI("http://www.opengis.net/ont/geosparql#asWKT")
	TypeOf          = dct("type") // dcterms:type, the kind of a learning opportunity
	Depiction       = rdf.IRI(ontology.FOAF + "depiction")
	Homepage        = rdf.IRI(ontology.FOAF + "homepage")
	GeometryOf      = rdf.IRI(ontology.LOCN + "geometry")
	HasIdentifier   = rdf.IRI(ontology.ADMS + "identifier")
	LegalName       = rdf.IRI(ontology.ROV + "legalName")
	SubOrganization = rdf.IRI(ontology.ORG + "subOrganizationOf")
	HasUnit         = rdf.IRI(ontology.ORG + "hasSubOrganization")
	SameAs          = rdf.IRI(ontology.OWL + "sameAs")
	SeeAlso         = rdf.IRI(ontology.RDFS + "seeAlso")
	Value           = rdf.IRI(rdf.RDF + "value")
)

// WKT is the datatype of geometries as text (OGC GeoSPARQL 1.0 §8.5).
const WKT = "http://www.opengis.net/ont/geosparql#wktLiteral"

// ECTS is the credit framework.
var ECTS = rdf.IRI(ontology.EducationCredit + "6fcec5c5af")

// Types of learning opportunity.
var (
	Course         = rdf.IRI(ontology.LearningOpportunity + "05053c1cbe")
	Module         = rdf.IRI(ontology.LearningOpportunity + "0f7dac46ca")
	Programme      = rdf.IRI(ontology.LearningOpportunity + "79343569f3")
	ShortProgramme = rdf.IRI(ontology.LearningOpportunity + "74a4a268e8")
	Internship     = rdf.IRI(ontology.LearningOpportunity + "77b99de990")
	Thesis         = rdf.IRI(ontology.LearningOpportunity + "b2434ca358")
)

// Modes of learning.
var (
	Online       = rdf.IRI(ontology.Mode + "920fbb3cbe")
	Presential   = rdf.IRI(ontology.Mode + "9191af2ed9")
	Blended      = rdf.IRI(ontology.Mode + "e92d221e4d")
	Hybrid       = rdf.IRI(ontology.Mode + "c_3a90b26d")
	ProjectBased = rdf.IRI(ontology.Mode + "7813801c77")
	LabBased     = rdf.IRI(ontology.Mode + "ed4c557045")
	WorkBased    = rdf.IRI(ontology.Mode + "729f3bed4b")
)

// Learning schedules.
var (
	FullTime          = rdf.IRI(ontology.Schedule + "72a0ab92fa")
	PartTimeIntensive = rdf.IRI(ontology.Schedule + "f230bae523")
	PartTimeLight     = rdf.IRI(ontology.Schedule + "67395e6b5a")
)
