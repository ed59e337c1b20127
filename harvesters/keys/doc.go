// Package keys keeps the aggregator's key pairs: RSA for the secrets that
// providers encrypt for us, Ed25519 and RSA for the signatures on our requests.
//
// The noun is Ring, the keys in a directory. It makes what is missing at first
// need, keeps older keys when new ones are made, so that secrets encrypted for
// them stay readable, and publishes the public halves as a JSON Web Key Set.
//
// Decrypted secrets are returned and never stored: manifests are decrypted
// again for every harvest. Private keys are files with the mode 0600; nothing
// here writes them anywhere else.
//
// A Ring is safe for concurrent use.
//
// Specifications: RFC 8017 §7.1 (RSA-OAEP), RFC 7517 (JSON Web Key), RFC 9421
// §3.3 (signature algorithms), QualityLink data exchange.
package keys
