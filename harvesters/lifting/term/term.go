package term

import (
	"qlgraph/graph/rdf"
	"qlgraph/ontology"
	"qlgraph/ontology/elm"
	"qlgraph/ontology/ql"
)

func dct(name string) rdf.Term  { return rdf.IRI(ontology.DCTerms + name) }
func skos(name string) rdf.Term { return rdf.IRI(ontology.SKOS + name) }

// Type is rdf:type.
var Type = rdf.IRI(rdf.RDFType)

// Classes.
var (
	Specification          = rdf.IRI(ql.LearningOpportunitySpecificationClass)
	Instance               = rdf.IRI(ql.LearningOpportunityInstanceClass)
	SpecificationReference = rdf.IRI(ql.LearningOpportunitySpecificationReferenceClass)
	Institution            = rdf.IRI(ql.HigherEducationInstitutionClass)
	SchacIdentifier        = rdf.IRI(ql.SchacIdentifierClass)
	OrgRegIdentifier       = rdf.IRI(ql.OrgRegIdentifierClass)
	LearnerGroup           = rdf.IRI(ql.LearnerGroupClass)
	LearnerGroupConditions = rdf.IRI(ql.LearnerGroupConditionsClass)

	Address                 = rdf.IRI(elm.AddressClass)
	Amount                  = rdf.IRI(elm.AmountClass)
	AssessmentSpecification = rdf.IRI(elm.LearningAssessmentSpecificationClass)
	ActivitySpecification   = rdf.IRI(elm.LearningActivitySpecificationClass)
	CreditPointClass        = rdf.IRI(elm.CreditPointClass)
	GradingSchemeClass      = rdf.IRI(elm.GradingSchemeClass)
	Identifier              = rdf.IRI(elm.IdentifierClass)
	Outcome                 = rdf.IRI(elm.LearningOutcomeClass)
	Note                    = rdf.IRI(elm.NoteClass)
	Organisation            = rdf.IRI(elm.OrganisationClass)
	PriceDetailClass        = rdf.IRI(elm.PriceDetailClass)
	ResultCategoryClass     = rdf.IRI(elm.ResultCategoryClass)
	ResultDistributionClass = rdf.IRI(elm.ResultDistributionClass)
	WebResource             = rdf.IRI(elm.WebResourceClass)

	Location = dct("Location")
	Period   = dct("PeriodOfTime")
	Concept  = skos("Concept")
	Geometry = rdf.IRI(ontology.LOCN + "Geometry")
)

// Properties of the QualityLink ontology.
var (
	BroadField             = rdf.IRI(ql.ISCEDFBroadField)
	NarrowField            = rdf.IRI(ql.ISCEDFNarrowField)
	IsActive               = rdf.IRI(ql.IsActive)
	IsOpenToNonEnrolled    = rdf.IRI(ql.IsOpenToNonEnrolled)
	EnrolmentCapacity      = rdf.IRI(ql.EnrolmentCapacity)
	EnrolledLearnerCount   = rdf.IRI(ql.EnrolledLearnerCount)
	EnrolmentMinimum       = rdf.IRI(ql.EnrolmentMinimum)
	EntryRequirementCourse = rdf.IRI(ql.EntryRequirementLearningOpportunity)
	GradeOrder             = rdf.IRI(ql.GradeOrder)
	GradePercentage        = rdf.IRI(ql.GradePercentage)
	GroupConditions        = rdf.IRI(ql.LearnerGroupConditions)
	Group                  = rdf.IRI(ql.LearnerGroup)
	RegistrationPortal     = rdf.IRI(ql.RegistrationPortal)
	StudentsOf             = rdf.IRI(ql.StudentsOf)
	OrgReg                 = rdf.IRI(ql.OrgReg)
	Schac                  = rdf.IRI(ql.Schac)
)

// Properties of the European Learning Model.
var (
	AdditionalNote         = rdf.IRI(elm.AdditionalNote)
	AddressOf              = rdf.IRI(elm.Address)
	AdmissionProcedure     = rdf.IRI(elm.AdmissionProcedure)
	AmountOf               = rdf.IRI(elm.Amount)
	ApplicationDeadline    = rdf.IRI(elm.ApplicationDeadline)
	Category               = rdf.IRI(elm.Category)
	ContactHour            = rdf.IRI(elm.ContactHour)
	ContentURL             = rdf.IRI(elm.ContentUrl)
	CountryCode            = rdf.IRI(elm.CountryCode)
	CreditPoint            = rdf.IRI(elm.CreditPoint)
	DefaultLanguage        = rdf.IRI(elm.DefaultLanguage)
	Duration               = rdf.IRI(elm.Duration)
	EducationSubject       = rdf.IRI(elm.EducationSubject)
	EndDate                = rdf.IRI(elm.EndDate)
	EntryRequirement       = rdf.IRI(elm.EntryRequirement)
	EQFLevel               = rdf.IRI(elm.EQFLevel)
	Framework              = rdf.IRI(elm.Framework)
	FullAddress            = rdf.IRI(elm.FullAddress)
	GradingScheme          = rdf.IRI(elm.GradingScheme)
	HasPart                = rdf.IRI(elm.HasPart)
	InfluencedBy           = rdf.IRI(elm.InfluencedBy)
	IsPartOf               = rdf.IRI(elm.IsPartOf)
	ISCEDFCode             = rdf.IRI(elm.ISCEDFCode)
	Label                  = rdf.IRI(elm.Label)
	LearningActivity       = rdf.IRI(elm.LearningActivitySpecification)
	LearningOutcome        = rdf.IRI(elm.LearningOutcome)
	LearningOutcomeSummary = rdf.IRI(elm.LearningOutcomeSummary)
	LearningSchedule       = rdf.IRI(elm.LearningSchedule)
	LocationOf             = rdf.IRI(elm.Location)
	MaximumDuration        = rdf.IRI(elm.MaximumDuration)
	Mode                   = rdf.IRI(elm.Mode)
	NoteLiteral            = rdf.IRI(elm.NoteLiteral)
	Point                  = rdf.IRI(elm.Point)
	PriceDetail            = rdf.IRI(elm.PriceDetail)
	ProvenBy               = rdf.IRI(elm.ProvenBy)
	ProvidedBy             = rdf.IRI(elm.ProvidedBy)
	ResultCategory         = rdf.IRI(elm.ResultCategory)
	ResultDistribution     = rdf.IRI(elm.ResultDistribution)
	ScheduleInformation    = rdf.IRI(elm.ScheduleInformation)
	SchemeID               = rdf.IRI(elm.SchemeId)
	SchemeName             = rdf.IRI(elm.SchemeName)
	SpecialisationOf       = rdf.IRI(elm.SpecialisationOf)
	SpecificationOf        = rdf.IRI(elm.LearningAchievementSpecification)
	StartDate              = rdf.IRI(elm.StartDate)
	SupplementaryDocument  = rdf.IRI(elm.SupplementaryDocument)
	Unit                   = rdf.IRI(elm.Unit)
	VolumeOfLearning       = rdf.IRI(elm.VolumeOfLearning)
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
