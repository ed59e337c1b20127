// Package elm names the terms of the European Learning Model 3.3 that course
// data use, as IRIs. Constants of classes end in Class; the others are
// properties.
//
// terms.go is generated from elm.ttl; go generate writes it anew, and a test of
// the package ontology fails where the two differ.
package elm

//go:generate go test qlgraph/ontology -run TestTermConstants -write
