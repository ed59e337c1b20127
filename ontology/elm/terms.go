// Code generated from elm.ttl; DO NOT EDIT.

package elm

// Namespace of the terms.
const Namespace = "http://data.europa.eu/snb/model/ontology/"

// Classes.
const (
	// AccreditationClass: A decision about the quality of an organisation or a qualification, or a licence to offer it.
	AccreditationClass = Namespace + "Accreditation"
	// AddressClass: Where something is, as one writes it on an envelope, and its country.
	AddressClass = Namespace + "Address"
	// AgentClass: A person, group or organisation that acts.
	AgentClass = Namespace + "Agent"
	// AmountClass: A number with its unit, as a rule a currency.
	AmountClass = Namespace + "Amount"
	// AwardingOpportunityClass: Where and from whom the award for what was learnt can be had.
	AwardingOpportunityClass = Namespace + "AwardingOpportunity"
	// ClaimClass: Something that is said about a learner and can be proven.
	ClaimClass = Namespace + "Claim"
	// ContactPointClass: How an agent can be reached.
	ContactPointClass = Namespace + "ContactPoint"
	// CreditPointClass: A number of credits with the system they belong to.
	CreditPointClass = Namespace + "CreditPoint"
	// GradingSchemeClass: How results are expressed as grades.
	GradingSchemeClass = Namespace + "GradingScheme"
	// GrantClass: Money that helps learners to take part.
	GrantClass = Namespace + "Grant"
	// GroupClass: Several agents that act as one.
	GroupClass = Namespace + "Group"
	// IdentifierClass: A code, with the scheme that it belongs to.
	IdentifierClass = Namespace + "Identifier"
	// LearningAchievementSpecificationClass: What a learner can achieve: the outcomes, the level, the credits.
	LearningAchievementSpecificationClass = Namespace + "LearningAchievementSpecification"
	// LearningActivitySpecificationClass: What learners do in order to learn.
	LearningActivitySpecificationClass = Namespace + "LearningActivitySpecification"
	// LearningAssessmentClass: What came out when somebody's learning was assessed.
	LearningAssessmentClass = Namespace + "LearningAssessment"
	// LearningAssessmentSpecificationClass: How it is found out what learners have learnt.
	LearningAssessmentSpecificationClass = Namespace + "LearningAssessmentSpecification"
	// LearningEntitlementSpecificationClass: What a learner may do after the achievement.
	LearningEntitlementSpecificationClass = Namespace + "LearningEntitlementSpecification"
	// LearningOpportunityClass: A chance to learn: an offering with its time, place and price.
	LearningOpportunityClass = Namespace + "LearningOpportunity"
	// LearningOutcomeClass: One thing that a learner knows, understands or can do afterwards.
	LearningOutcomeClass = Namespace + "LearningOutcome"
	// LegalIdentifierClass: A code under which the law of a country knows an organisation or person.
	LegalIdentifierClass = Namespace + "LegalIdentifier"
	// MailboxClass: An e-mail address.
	MailboxClass = Namespace + "Mailbox"
	// MediaObjectClass: A file whose content is part of the data.
	MediaObjectClass = Namespace + "MediaObject"
	// NoteClass: A text that people read.
	NoteClass = Namespace + "Note"
	// OrganisationClass: An agent with a legal form: a university, an agency, a company.
	OrganisationClass = Namespace + "Organisation"
	// PhoneClass: A telephone number.
	PhoneClass = Namespace + "Phone"
	// PriceDetailClass: One part of what taking part costs.
	PriceDetailClass = Namespace + "PriceDetail"
	// QualificationClass: An achievement that an authority recognises and certifies.
	QualificationClass = Namespace + "Qualification"
	// QualificationReferenceClass: A pointer to a qualification by its identifier.
	QualificationReferenceClass = Namespace + "QualificationReference"
	// ResultCategoryClass: One grade, or range of scores, with the number of learners who got it.
	ResultCategoryClass = Namespace + "ResultCategory"
	// ResultDistributionClass: How the results of a group of learners are spread over the grades.
	ResultDistributionClass = Namespace + "ResultDistribution"
	// SpecificationClass: What is planned, as opposed to what took place.
	SpecificationClass = Namespace + "Specification"
	// WebResourceClass: A page or file on the web, by its address.
	WebResourceClass = Namespace + "WebResource"
)

// Properties and individuals.
const (
	// EQFLevel: The level in the European Qualifications Framework.
	EQFLevel = Namespace + "EQFLevel"
	// ISCEDFCode: The field of study, from ISCED-F 2013.
	ISCEDFCode = Namespace + "ISCEDFCode"
	// NQFLevel: The level in a national framework.
	NQFLevel = Namespace + "NQFLevel"
	// Accreditation: Accreditations of an organisation or qualification.
	Accreditation = Namespace + "accreditation"
	// AccreditingAgent: Who decided.
	AccreditingAgent = Namespace + "accreditingAgent"
	// AdditionalNote: A text for which there is no property of its own.
	AdditionalNote = Namespace + "additionalNote"
	// Address: The postal address of a place.
	Address = Namespace + "address"
	// AdmissionProcedure: How one applies.
	AdmissionProcedure = Namespace + "admissionProcedure"
	// Amount: How much it is.
	Amount = Namespace + "amount"
	// ApplicationDeadline: Until when one can apply.
	ApplicationDeadline = Namespace + "applicationDeadline"
	// AreaDialing: The part of the number for the area.
	AreaDialing = Namespace + "areaDialing"
	// AttachmentType: What the file is attached for.
	AttachmentType = Namespace + "attachmentType"
	// AwardingBody: Who awards.
	AwardingBody = Namespace + "awardingBody"
	// AwardingOpportunity: Where the award can be had.
	AwardingOpportunity = Namespace + "awardingOpportunity"
	// BannerImage: A picture to show with the description.
	BannerImage = Namespace + "bannerImage"
	// Category: The kind of thing in the publisher's own words.
	Category = Namespace + "category"
	// ContactForm: A page on which one can write to the agent.
	ContactForm = Namespace + "contactForm"
	// ContactHour: Hours with a teacher.
	ContactHour = Namespace + "contactHour"
	// ContactPoint: How the agent can be reached.
	ContactPoint = Namespace + "contactPoint"
	// Content: The content itself, encoded.
	Content = Namespace + "content"
	// ContentEncoding: How the content is encoded.
	ContentEncoding = Namespace + "contentEncoding"
	// ContentSize: The content's length in bytes.
	ContentSize = Namespace + "contentSize"
	// ContentType: The kind of file.
	ContentType = Namespace + "contentType"
	// ContentUrl: The address of a page or file.
	ContentUrl = Namespace + "contentUrl"
	// CountryCode: The country, from the EU's table.
	CountryCode = Namespace + "countryCode"
	// CountryDialing: The part of the number for the country.
	CountryDialing = Namespace + "countryDialing"
	// CreditPoint: How many credits there are.
	CreditPoint = Namespace + "creditPoint"
	// Decision: What was decided.
	Decision = Namespace + "decision"
	// DefaultLanguage: The language of teaching, from the EU's table.
	DefaultLanguage = Namespace + "defaultLanguage"
	// DescriptionHtml: The description with markup.
	DescriptionHtml = Namespace + "descriptionHtml"
	// DialNumber: The number without its codes.
	DialNumber = Namespace + "dialNumber"
	// Duration: From begin to end.
	Duration = Namespace + "duration"
	// EducationLevel: A level in a classification other than EQF.
	EducationLevel = Namespace + "educationLevel"
	// EducationSubject: A field in a classification other than ISCED-F.
	EducationSubject = Namespace + "educationSubject"
	// EidasLegalIdentifier: The organisation's number under eIDAS.
	EidasLegalIdentifier = Namespace + "eidasLegalIdentifier"
	// EmailAddress: A mailbox of the agent.
	EmailAddress = Namespace + "emailAddress"
	// EndDate: The last moment of the period.
	EndDate = Namespace + "endDate"
	// EntitledBy: The achievement that gives the right.
	EntitledBy = Namespace + "entitledBy"
	// EntitlementStatus: Whether the right is actual or prospective.
	EntitlementStatus = Namespace + "entitlementStatus"
	// EntitlesTo: What the achievement gives a right to.
	EntitlesTo = Namespace + "entitlesTo"
	// EntryRequirement: What learners must bring along.
	EntryRequirement = Namespace + "entryRequirement"
	// ExpiryDate: When it ceases to hold.
	ExpiryDate = Namespace + "expiryDate"
	// Framework: The credit system.
	Framework = Namespace + "framework"
	// FullAddress: The address as one text.
	FullAddress = Namespace + "fullAddress"
	// GeneralisationOf: A specification that implements this one.
	GeneralisationOf = Namespace + "generalisationOf"
	// GeographicName: What a place is called.
	GeographicName = Namespace + "geographicName"
	// GradingScheme: How results are graded.
	GradingScheme = Namespace + "gradingScheme"
	// Grant: Which grants there are.
	Grant = Namespace + "grant"
	// HasPart: A part of this.
	HasPart = Namespace + "hasPart"
	// InfluencedBy: What learners do to achieve it.
	InfluencedBy = Namespace + "influencedBy"
	// Influences: The achievement that the activity contributes to.
	Influences = Namespace + "influences"
	// IsPartOf: What this is a part of.
	IsPartOf = Namespace + "isPartOf"
	// IsPartialQualification: Whether it is a part of a qualification only.
	IsPartialQualification = Namespace + "isPartialQualification"
	// Label: What a grade is called.
	Label = Namespace + "label"
	// LandingPage: The page about the decision.
	LandingPage = Namespace + "landingPage"
	// LearningAchievementSpecification: What can be achieved.
	LearningAchievementSpecification = Namespace + "learningAchievementSpecification"
	// LearningActivitySpecification: What learners do.
	LearningActivitySpecification = Namespace + "learningActivitySpecification"
	// LearningOpportunity: An offering of what is specified.
	LearningOpportunity = Namespace + "learningOpportunity"
	// LearningOutcome: What learners know or can do afterwards.
	LearningOutcome = Namespace + "learningOutcome"
	// LearningOutcomeSummary: The outcomes in one text.
	LearningOutcomeSummary = Namespace + "learningOutcomeSummary"
	// LearningSchedule: Full or part time.
	LearningSchedule = Namespace + "learningSchedule"
	// LearningSetting: Formal or non-formal learning.
	LearningSetting = Namespace + "learningSetting"
	// LimitEQFLevel: The level that the decision is about.
	LimitEQFLevel = Namespace + "limitEQFLevel"
	// LimitField: The field of study that something is limited to.
	LimitField = Namespace + "limitField"
	// LimitJurisdiction: Where it holds.
	LimitJurisdiction = Namespace + "limitJurisdiction"
	// LimitNationalOccupation: The occupation, in a national classification.
	LimitNationalOccupation = Namespace + "limitNationalOccupation"
	// LimitOccupation: The occupation, in ESCO.
	LimitOccupation = Namespace + "limitOccupation"
	// LimitOrganisation: The organisation with which it holds.
	LimitOrganisation = Namespace + "limitOrganisation"
	// LimitQualification: The qualification that the decision is about.
	LimitQualification = Namespace + "limitQualification"
	// Location: Where it is.
	Location = Namespace + "location"
	// Logo: The organisation's emblem.
	Logo = Namespace + "logo"
	// MaximumDuration: The longest time it may take.
	MaximumDuration = Namespace + "maximumDuration"
	// Mode: Online, presential, blended ….
	Mode = Namespace + "mode"
	// NoteFormat: The format of the text.
	NoteFormat = Namespace + "noteFormat"
	// NoteLiteral: The text, once per language.
	NoteLiteral = Namespace + "noteLiteral"
	// Organisation: The organisation that the decision is about.
	Organisation = Namespace + "organisation"
	// Phone: A telephone of the agent.
	Phone = Namespace + "phone"
	// PhoneNumber: The number with its country code.
	PhoneNumber = Namespace + "phoneNumber"
	// Point: The number of credits.
	Point = Namespace + "point"
	// PriceDetail: What it costs.
	PriceDetail = Namespace + "priceDetail"
	// ProvenBy: How it is found out whether learners have achieved it.
	ProvenBy = Namespace + "provenBy"
	// Proves: The achievement that the assessment is about.
	Proves = Namespace + "proves"
	// ProvidedBy: Who offers it.
	ProvidedBy = Namespace + "providedBy"
	// QualificationCode: A code that an authority gave to the qualification.
	QualificationCode = Namespace + "qualificationCode"
	// RelatedESCOSkill: A skill of ESCO.
	RelatedESCOSkill = Namespace + "relatedESCOSkill"
	// RelatedSkill: A skill of another framework.
	RelatedSkill = Namespace + "relatedSkill"
	// Report: The report behind the decision.
	Report = Namespace + "report"
	// ResultCategory: A grade of the distribution.
	ResultCategory = Namespace + "resultCategory"
	// ResultDistribution: How often each grade is given.
	ResultDistribution = Namespace + "resultDistribution"
	// ReusabilityLevel: How far beyond its subject an outcome is of use.
	ReusabilityLevel = Namespace + "reusabilityLevel"
	// ReviewDate: When the decision is looked at again.
	ReviewDate = Namespace + "reviewDate"
	// ScheduleInformation: The timetable in words.
	ScheduleInformation = Namespace + "scheduleInformation"
	// SchemeId: The scheme that the code belongs to.
	SchemeId = Namespace + "schemeId"
	// SchemeName: What the scheme is called.
	SchemeName = Namespace + "schemeName"
	// SchemeVersion: The version of the scheme.
	SchemeVersion = Namespace + "schemeVersion"
	// SpatialCode: A code of the place, from a table of places.
	SpatialCode = Namespace + "spatialCode"
	// SpecialisationOf: A more general specification that this one implements.
	SpecialisationOf = Namespace + "specialisationOf"
	// StartDate: The first moment of the period.
	StartDate = Namespace + "startDate"
	// Status: The state of the publication.
	Status = Namespace + "status"
	// SupplementaryDocument: A page or file with more about it.
	SupplementaryDocument = Namespace + "supplementaryDocument"
	// TargetGroup: Whom it is made for.
	TargetGroup = Namespace + "targetGroup"
	// TaxIdentifier: The organisation's number at the tax office.
	TaxIdentifier = Namespace + "taxIdentifier"
	// Unit: What the amount is counted in.
	Unit = Namespace + "unit"
	// Value: The number, in older data; rdf:value is used now.
	Value = Namespace + "value"
	// VatIdentifier: The organisation's number for value added tax.
	VatIdentifier = Namespace + "vatIdentifier"
	// VolumeOfLearning: All hours of work together.
	VolumeOfLearning = Namespace + "volumeOfLearning"
)
