// Package fetch gets resources from servers that nobody vouches for: politely
// towards them and guarded against them.
//
// A Client is what all harvests share: the guarded network, at most two
// connections per host, the waits that hosts asked for, cached access tokens. A
// Session is the harvesters.Getter of one source: its credentials, headers and
// query parameters, its stored validators, its count of requests.
//
// Manners: a User-Agent that names us, conditional requests, Retry-After,
// exponential backoff with jitter, bounded retries. Guards: addresses
// (internal/netguard), redirects, sizes, compression ratios, time and rate, all
// of them named in Limits. A source's secrets go to the origin of its path and
// nowhere else: not along redirects or links to other origins, not into errors.
//
// The package does not know formats, manifests or stores. On disk it keeps the
// responses of a run that is under way, where a Target names a directory. HTTP/2 is not spoken: two connections need no multiplexing, and its
// attack surface is saved.
//
// A Client is safe for concurrent use, a Session too.
//
// Specifications: RFC 9110 (HTTP), RFC 6749 §4.4 (client credentials), RFC 9421
// (message signatures), QualityLink data exchange.
package fetch
