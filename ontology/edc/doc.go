// Package edc makes of a course the block by which a European Digital Credential
// says what was learnt: an elm:LearningAchievementSpecification, as an issuer
// puts it under "specifiedBy" of the LearningAchievement that a credential
// claims.
//
// Select takes from a course's triples what the EDC application profile knows of
// such a specification: the table allowed, class by class. What it does not know
// (ql: terms, offerings, the publisher, who is the issuer's to name) is left
// out, as its shapes are closed. Concepts are described, since a credential has
// to be readable without looking anything up.
//
// Write writes that as JSON-LD under the two contexts of a credential, with the
// names of ELM 3.2, which those of EDC are.
//
// Nothing here does input or output beyond the writer.
//
// Specifications: European Learning Model 3 (EDC application profile), W3C
// Verifiable Credentials Data Model 1.1.
package edc
