// Package algebra holds the operators of SPARQL 1.1 §18 and the translation
// from syntax to them.
//
// Translate turns a syntax.Query into a Query: IRIs resolved, abbreviations
// expanded, blank nodes of patterns made variables, the pattern a tree of
// Nodes. String prints a tree as an S-expression. Vars tells what a Node binds.
//
// Trees are immutable: a rewrite (Map) shares what it does not change. The
// package evaluates nothing: sparql/plan and sparql/internal/reference do.
//
// Deviations from the letter of §18, none of which changes an answer: Union has
// any number of branches; Group stands for Group, Aggregation and AggregateJoin
// together; ToMultiset and ToList are not written.
//
// Specification: https://www.w3.org/TR/sparql11-query/#sparqlDefinition
package algebra
