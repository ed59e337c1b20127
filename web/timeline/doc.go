// Package timeline tells what courses and offerings were: their versions and
// what changed between them, the document as it was at a time, and the tombstone
// of what was withdrawn.
//
// A History is the versions of one thing in one snapshot, made from what the
// pipeline's archive remembers of the records that describe it. A version is
// what the sources said: it has no labels of what the thing points to, which
// change without it. Its hash is SHA-256 over its triples as canonical N-Quads
// (RDFC-1.0), so that everybody can check a copy.
//
// A Timeline is web/resource's Past, the part "versions" of its documents, and
// the Memento resources: TimeGate, TimeMap and mementos. A memento's address has
// the second in which the version came into force; where several did in one
// second, the earlier ones have the milliseconds too.
//
// Specification: RFC 7089 (Memento), RFC 5829 (version links).
package timeline
