// Package eduapi reads and lifts 1EdTech Edu-API 1.0: course and collection
// templates with their offerings, academic sessions and organisations.
//
// The API has no fields for learning outcomes, fields of education, EQF levels
// or web pages. Providers put them into extensions, otherCodes or ext: values;
// the tables templateRules and offeringRules name the spellings that are read.
// docs/mapping/edu-api.md is made from the tables. Persons are never read.
//
// Specification: https://www.imsglobal.org/spec/eduapi/v1p0
package eduapi
