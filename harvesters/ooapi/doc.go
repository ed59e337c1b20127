// Package ooapi reads and lifts the Open Education API, versions 5 (OOAPI) and
// 6 (OEAPI): courses and programmes with their offerings, academic sessions,
// learning outcomes, education specifications and organisations.
//
// One Lifter understands both versions, whatever mixture a server sends: the
// rows of its tables name the members of either. The Reader does differ: paths,
// and how the offerings of many courses are had without a request for each.
//
// The rules are in the tables specificationRules, offeringRules and
// organisationRules; docs/mapping/ooapi.md is made from them. Persons
// (coordinators, instructors) are never read.
//
// Specification: https://openonderwijsapi.nl/
package ooapi
