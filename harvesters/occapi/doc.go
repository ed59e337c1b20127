// Package occapi reads and lifts the Online Course Catalogue API, versions 1
// and 2: programmes, courses with their instances, and the institution with its
// units, as JSON:API resources that lead to each other by links.
//
// One Lifter understands both versions. The Reader follows what the server
// offers: a link that is absent is an endpoint that does not exist.
//
// The rules are in the tables resourceRules, instanceRules and
// institutionRules; docs/mapping/occapi.md is made from them.
//
// Specification: https://github.com/EuropeanUniversityFoundation/occapi-openapi
package occapi
