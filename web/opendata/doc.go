// Package opendata is the entrance for those who want all of the data: the
// descriptions of the dataset (VoID and DCAT-AP), the dumps, the feeds of changes,
// the sitemap, the prefixes and the description of the HTTP interface.
//
// The nouns: a Handler answers for all of them; Routes says where. What it tells
// of the data is derived from one snapshot and kept until the dataset changes.
//
// It publishes nothing itself: web/dumps does, on a schedule or by command.
//
// Specifications: VoID (https://www.w3.org/TR/void/), DCAT 3
// (https://www.w3.org/TR/vocab-dcat-3/) with the application profile DCAT-AP 3,
// Atom (RFC 4287) with paging (RFC 5005), the sitemap protocol
// (https://www.sitemaps.org/protocol.html), robots.txt (RFC 9309), OpenAPI 3.1.
//
// A Handler may be used from several goroutines.
package opendata
