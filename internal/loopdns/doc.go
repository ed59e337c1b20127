// Package loopdns is a DNS server for names that exist on this machine only:
// those of the sample providers and of tests. It answers TXT and A questions
// over UDP from a fixed zone, everything else with "no such name" or "no data".
//
// It is no general name server: no recursion, no TCP, no other record types.
//
// Specification: RFC 1035.
package loopdns
