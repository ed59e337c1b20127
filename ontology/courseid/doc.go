// Package courseid names things: courses, their offerings, the institutions
// that provide them, and the graphs that hold what is known of them.
//
// A course is identified by the SCHAC code of its provider and an id that is
// unique there. From the pair follow its IRI, its URN
// (urn:schac:uniqueCourseId:…), its DID (did:web:…:courseId:…) and its UUID;
// Parse goes the other way. Local ids are percent-encoded: every UTF-8 byte
// outside RFC 3986 §2.3 "unreserved", in upper-case hex.
//
// The package knows nothing of stores: whether a course exists is not asked
// here. All functions are pure.
//
// Specification: https://specs.quality-link.eu/course_identifier.html
package courseid
