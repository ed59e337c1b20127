// Package evidence is the format of evidence packs: what a course was at a time,
// the originals that it came from, the lineage of each value and the findings of
// validation, in one file that can be checked without the aggregator.
//
// A pack is a ZIP file whose members are stored, not compressed:
//
//	README.txt         what this is and how to check it
//	course.nq          the course as canonical N-Quads (RDFC-1.0)
//	course.ttl         the same as Turtle
//	lineage.json       for each value record, place and rule; lineage.ttl in RDF
//	validation.json    what the profile finds; validation.ttl in RDF
//	raw/record-N.…     the originals
//	key.pem            the public key of the signature
//	manifest.json      what the pack is about; SHA-256 and size of each of these
//	manifest.json.sig  Ed25519 signature (RFC 8032) of manifest.json, 64 bytes
//
// Write makes a pack, the same bytes for the same content. Open reads one as
// hostile input: it is a pack only if every member is listed with its hash, the
// signature is good, and writing it again gives the same bytes, so that no bit
// of it can be another.
//
// That the key is the aggregator's, Open cannot know: whoever makes a pack puts
// their key into it. Compare its id with the aggregator's published keys, or
// give these to Trust.
//
// Nothing here does network input or output.
package evidence
