// Package text reads literals as words, and finds literals by words: what a
// full-text index is made of, without the index's storage.
//
// The nouns:
//
//   - Lexicon cuts texts into Words. A Word has a form, in which case and
//     diacritics do not count, and a stem, which the forms of one word share in
//     its language. Stop words of a language are known as such.
//   - Query is what somebody looks for: words, prefixes and phrases, joined by
//     AND, OR and NOT (Parse).
//   - Index holds postings: for each word the literals that have it. Memory is
//     one; graph/store keeps another in its file.
//   - Search finds the literals that match a Query and scores them (BM25).
//
// Postings are by form, and a stem is a list of forms. So a prefix means what is
// written, a search for a word finds its other forms, and each occurrence is
// stored once.
//
// Stop words and stemmers are those of bleve's analysis packages; a language
// that they do not know has neither. Texts in scripts without spaces between
// words are not cut at words.
//
// A Lexicon belongs to one goroutine; Queries and everything else that is
// exported may be shared.
package text
