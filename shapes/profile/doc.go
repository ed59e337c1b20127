// Package profile validates course data against the bundled QualityLink
// application profile and decides what becomes of each course.
//
// The nouns: a Profile is the compiled shapes; a Validation is the outcome for
// a graph, with one Outcome for each course and offering: its findings, whether
// it is held back, its score and its quality Tier. The rules of both decisions
// stand in two tables, Policy and Scores.
//
// A course is published with its findings unless nothing names it; most data
// of today cannot satisfy the whole profile. What a provider may not say about
// others is not decided here but where sources are known (harvesters/pipeline).
//
// A Profile may be used from several goroutines.
//
// Specification: https://specs.quality-link.eu/
package profile
