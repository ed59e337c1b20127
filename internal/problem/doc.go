// Package problem writes errors as problem details, application/problem+json
// (RFC 9457), for every HTTP handler of the program.
package problem
