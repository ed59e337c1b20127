// Package lineage tells where what stands in a course's document comes from:
// for each value the original record, the place in it and the rule that made it
// (part "lineage"), the originals themselves ("raw"), and what validation found
// ("validation"). It also puts these together as evidence that can be checked
// without the server ("evidence"), and as the block of a European Digital
// Credential ("edc").
//
// Each is a resource.Part and answers for the present version or, with asOf, for
// the one that was in force then. A record is lifted once more to learn by which
// rule each of its statements came to be; nothing of this is stored.
//
// Originals are what a provider published: they hold no credentials, and
// addresses have lost the parameters of the manifest when they were archived.
package lineage
