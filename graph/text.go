package graph

// TextIndex is an optional extra of a Snapshot: full-text search in its
// literals. What it finds may be in no quad of the snapshot, like any term that
// is known. Scores compare literals of one search; they come from the counts of
// the dataset's dictionary, so they can change when terms that no quad uses go.
type TextIndex interface {
	// SearchText returns the literals that match, by ascending ID. charge is
	// told of the memory that the search takes (negative: gives back), often,
	// and ends it by an error; the caller holds the result, 16 bytes a match. A
	// malformed query is an error.
	SearchText(q TextQuery, charge func(bytes int64) error) ([]TextMatch, error)
	// EstimateText returns about how many literals match, cheaply.
	EstimateText(q TextQuery) (int64, error)
}

// TextQuery is what is looked for; graph/text says how it is written and what
// it matches.
type TextQuery struct {
	Text  string
	Range string // of languages: "" is all, "none" those without; "de", "de-AT"
}

// TextMatch is a literal that a search found.
type TextMatch struct {
	ID    ID
	Score float64 // 0 or more, the more the better; four digits after the point
}
