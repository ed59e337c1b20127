// Package discover finds the manifest in which an institution names its course
// feeds, and reads it.
//
// A Finder probes hosts in the order of the QualityLink discovery
// specification: for each host the DNS TXT record, then three well-known paths.
// Every Probe is kept in the Report with its outcome, found or not, because the
// people who publish a manifest need to see what we saw. The first manifest
// that can be read ends the search; a page that a content management system
// serves for any path does not.
//
// Parse reads a manifest, JSON or YAML whatever its content type says, into a
// Manifest with Problems that name the place and what to do. Nothing in a
// manifest is trusted: what it says of its institution (Meta) is for diagnosis,
// its secrets stay encrypted here.
//
// The package stores nothing and decrypts nothing.
//
// Specification: https://specs.quality-link.eu/discovery.html
package discover
