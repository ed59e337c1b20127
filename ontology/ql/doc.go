// Package ql names the terms of the QualityLink ontology, as IRIs. Constants of
// classes end in Class; the others are properties and individuals.
//
// terms.go is generated from qualitylink.ttl; go generate writes it anew, and a
// test of the package ontology fails where the two differ.
package ql

//go:generate go test qlgraph/ontology -run TestTermConstants -write
