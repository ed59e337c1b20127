// Package federation reaches other servers for the engine: SPARQL endpoints for
// SERVICE, RDF documents for LOAD.
//
// A Client goes nowhere but to the addresses of its two AllowLists, and there
// only by the dialer that it is given, which is to refuse what is not public.
// Every redirect is judged like the address that was asked for. What comes back
// is read within limits of time, bytes and rows, and only where it is in a format
// of SPARQL results, or of RDF.
//
// It does not retry, keep answers, or send anything that tells who asked. A
// Client may be used from any number of goroutines.
//
// Specifications: https://www.w3.org/TR/sparql11-federated-query/ and
// https://www.w3.org/TR/sparql11-update/#load
package federation
