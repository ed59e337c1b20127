// Package netguard decides which addresses a harvest may connect to.
//
// Course data come from addresses that strangers name: in DNS records, in
// manifests, in redirects, in hypermedia. A Network dials for such requests and
// refuses whatever is not public. The decision falls on the resolved address,
// in the moment of the connect call (net.Dialer.Control), because a check of a
// name before the request can be undone by the next DNS answer.
//
// The nouns: Network (resolver, policy, dialing) and RefusedError. The package
// neither speaks HTTP nor reads the environment: proxies are the business of
// nobody here.
//
// A Network is immutable and safe for concurrent use.
//
// Sources of the address classes: RFC 6890 and the IANA special-purpose address
// registries for IPv4 and IPv6.
package netguard
