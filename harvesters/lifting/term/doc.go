// Package term holds the classes, properties and individuals that lifted
// statements are made of, as RDF terms. Nothing changes them.
package term
