// Package conneg chooses the representation that a client asked for with the
// Accept header (RFC 9110 §12.5.1): quality values, specificity and wildcards,
// and for JSON-LD the profile parameter (JSON-LD 1.1 §8). It chooses the content
// coding by Accept-Encoding (§12.5.3) and reads the profiles of Accept-Profile.
//
// It works on strings, so that it can be tested and used without HTTP.
package conneg
