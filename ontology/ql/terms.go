// Code generated from qualitylink.ttl; DO NOT EDIT.

package ql

// Namespace of the terms.
const Namespace = "http://data.quality-link.eu/ontology/v1#"

// Classes.
const (
	// EuropeanUniversityAllianceClass: A group of institutions that the European Universities initiative of the EU funds.
	EuropeanUniversityAllianceClass = Namespace + "EuropeanUniversityAlliance"
	// GroupOfHEIsClass: Several institutions that act together, such as an alliance.
	GroupOfHEIsClass = Namespace + "GroupOfHEIs"
	// HigherEducationInstitutionClass: An organisation that may award degrees of at least one cycle of higher education (EQF levels 5 to 8) and is recognised for it by a national authority.
	HigherEducationInstitutionClass = Namespace + "HigherEducationInstitution"
	// LearnerGroupClass: The learners that an offering is open to or a statistic is about, described by where and what they study.
	LearnerGroupClass = Namespace + "LearnerGroup"
	// LearnerGroupConditionsClass: What applies to some learners only: their fees, places, deadlines, or where they register.
	LearnerGroupConditionsClass = Namespace + "LearnerGroupConditions"
	// LearningOpportunityInstanceClass: One offering of a course, module or programme: in a term, at a place, in a language.
	LearningOpportunityInstanceClass = Namespace + "LearningOpportunityInstance"
	// LearningOpportunityInstanceReferenceClass: A pointer to an offering by its provider and the provider's identifier for it.
	LearningOpportunityInstanceReferenceClass = Namespace + "LearningOpportunityInstanceReference"
	// LearningOpportunitySpecificationClass: A course, module or programme as such: what a learner can learn there, whenever and wherever it is taught.
	LearningOpportunitySpecificationClass = Namespace + "LearningOpportunitySpecification"
	// LearningOpportunitySpecificationReferenceClass: A pointer to a course by its provider and the provider's identifier for it, where its IRI is not known.
	LearningOpportunitySpecificationReferenceClass = Namespace + "LearningOpportunitySpecificationReference"
	// OrgRegIdentifierClass: An institution's number in OrgReg, the register behind ETER: a country code or INT and four digits.
	OrgRegIdentifierClass = Namespace + "OrgRegIdentifier"
	// SchacIdentifierClass: The domain name that stands for an institution as its members' home (schacHomeOrganization).
	SchacIdentifierClass = Namespace + "SchacIdentifier"
)

// Properties and individuals.
const (
	// ISCEDFBroadField: The broad field of ISCED-F 2013, two digits, that the course's field lies in.
	ISCEDFBroadField = Namespace + "ISCEDFBroadField"
	// ISCEDFNarrowField: The narrow field of ISCED-F 2013, three digits, that the course's field lies in.
	ISCEDFNarrowField = Namespace + "ISCEDFNarrowField"
	// OrgReg: The numbers that OrgReg gives to institutions.
	OrgReg = Namespace + "OrgReg"
	// Schac: The domain names that stand for institutions in the Schema for Academia.
	Schac = Namespace + "Schac"
	// Absorbed: The organisation took in the other one, which no longer exists.
	Absorbed = Namespace + "absorbed"
	// EnrolledLearnerCount: How many places are taken.
	EnrolledLearnerCount = Namespace + "enrolledLearnerCount"
	// EnrolmentCapacity: How many places there are.
	EnrolmentCapacity = Namespace + "enrolmentCapacity"
	// EnrolmentMinimum: With how many learners the offering takes place.
	EnrolmentMinimum = Namespace + "enrolmentMinimum"
	// EntryRequirementLearningOpportunity: A course that must be completed before this one is begun.
	EntryRequirementLearningOpportunity = Namespace + "entryRequirementLearningOpportunity"
	// EntryRequirementLearningOutcome: Something that a learner must know or be able to do before the course begins.
	EntryRequirementLearningOutcome = Namespace + "entryRequirementLearningOutcome"
	// GradeOrder: The grade's rank within its scheme; the best grade has the highest number.
	GradeOrder = Namespace + "gradeOrder"
	// GradePercentage: Of a hundred learners, how many get the grade.
	GradePercentage = Namespace + "gradePercentage"
	// IngestedAt: When the aggregator last took in the description.
	IngestedAt = Namespace + "ingestedAt"
	// IngestedDate: The day on which the aggregator last took in the description.
	IngestedDate = Namespace + "ingestedDate"
	// InstanceCount: How many offerings of the course the aggregator holds.
	InstanceCount = Namespace + "instanceCount"
	// IsActive: Whether the course is offered now or is meant to be offered again.
	IsActive = Namespace + "isActive"
	// IsMemberOf: An alliance, consortium or association that the organisation belongs to.
	IsMemberOf = Namespace + "isMemberOf"
	// IsOpenToNonEnrolled: Whether people who are not regular students anywhere may take part.
	IsOpenToNonEnrolled = Namespace + "isOpenToNonEnrolled"
	// LearnerGroup: The learners whom the conditions concern.
	LearnerGroup = Namespace + "learnerGroup"
	// LearnerGroupConditions: Conditions of the offering that hold for a group of learners only.
	LearnerGroupConditions = Namespace + "learnerGroupConditions"
	// LimitLearningOpportunity: A course or programme whose students belong to the group.
	LimitLearningOpportunity = Namespace + "limitLearningOpportunity"
	// MinimumEQFLevel: The lowest level, a concept of the EQF list, at which the group's learners study elsewhere.
	MinimumEQFLevel = Namespace + "minimumEQFLevel"
	// PassingRate: Of a hundred learners, how many pass.
	PassingRate = Namespace + "passingRate"
	// ReferenceGroup: The learners whose results the distribution counts.
	ReferenceGroup = Namespace + "referenceGroup"
	// RegistrationPortal: The address of the page where learners sign up.
	RegistrationPortal = Namespace + "registrationPortal"
	// RelatedTo: Some relation between two courses or two organisations; use one of the more specific properties.
	RelatedTo = Namespace + "relatedTo"
	// SpunOffFrom: The organisation came into being as a part that left the other one; both exist now.
	SpunOffFrom = Namespace + "spunOffFrom"
	// StudentsOf: An institution or alliance whose students belong to the group.
	StudentsOf = Namespace + "studentsOf"
	// Succeeded: The organisation was founded in the place of the other one, which no longer exists.
	Succeeded = Namespace + "succeeded"
	// Superseded: The course replaces the other one, which is not offered now.
	Superseded = Namespace + "superseded"
	// SupersededBy: The course was replaced by the other one and is, as a rule, no longer offered.
	SupersededBy = Namespace + "supersededBy"
	// Version: How the provider names this version of the course's description.
	Version = Namespace + "version"
	// VirtualLearningEnvironment: The online platform on which the offering is taught.
	VirtualLearningEnvironment = Namespace + "virtualLearningEnvironment"
)
