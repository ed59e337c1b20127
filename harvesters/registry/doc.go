// Package registry knows the institutions and alliances: from configuration,
// from the DEQAR provider list and from the EWP Registry catalogue, merged by
// their identifiers, and as RDF for the reference graph.
//
// The nouns: an Institution with everything that is known of it, an Alliance
// with its members, a Registry that holds both. Lists may come from files or
// URLs; fetching is the caller's (a harvesters.Getter).
//
// What a person configured wins over what a list says. Names keep their
// languages; a name without one is tagged und.
package registry
