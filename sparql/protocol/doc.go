// Package protocol serves SPARQL over HTTP: the SPARQL 1.1 Protocol for queries
// and updates, the Graph Store HTTP Protocol and the Service Description.
//
// An Endpoint belongs to one dataset. Its handlers (Query, Update, Graphs) are
// plain http.Handlers, to be mounted wherever a server wants them; what they
// know of the server comes in by Config: who may write, who the client is, where
// the records of finished requests go.
//
// Three promises hold for every answer:
//
//   - It is complete or visibly broken. The first part of a result is held back,
//     so that most errors come with their own status; an error after that aborts
//     the connection without the end of the body.
//   - It is of one version of the dataset, which its ETag names.
//   - It ends: queries by the engine's limits, slow clients by a deadline for
//     each write, crowds by a bounded queue and by rates per client.
//
// An Endpoint may be used from any number of goroutines.
//
// Specifications: https://www.w3.org/TR/sparql11-protocol/,
// https://www.w3.org/TR/sparql11-http-rdf-update/,
// https://www.w3.org/TR/sparql11-service-description/ and RFC 9110, RFC 9457
package protocol
