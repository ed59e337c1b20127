// Package demo has sample providers: universities that exist on loopback only,
// one for each source format, and seeded ones of any size for measurements.
//
// Start brings up four of them with a DNS server of their own; what it returns
// configures a harvest that finds them as it would find real ones. Their hosts
// answer on the standard ports as far as netguard.Config.Routes goes: the first
// is found by a DNS TXT record, which can name its port, the others at the
// well-known paths of http://HOST, which cannot.
//
// A Catalogue is the records of one provider; Handler serves it as a server of
// the format would. NewLoad makes catalogues of any number of courses from a
// seed and edits them on request.
//
// The data are invented: the institutions do not exist. Each feed has a few
// deliberate mistakes, so that there is something to find.
package demo
