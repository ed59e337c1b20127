// Package querygen makes random queries and random small datasets for them, so
// that two evaluators can be compared. The same source of randomness gives the
// same queries.
//
// Left out is what has no single right answer: SAMPLE, GROUP_CONCAT, BNODE,
// RAND, and LIMIT inside of queries. At the end of one, any rows will do.
package querygen
