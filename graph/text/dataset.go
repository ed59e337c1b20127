package text

import "qlgraph/graph"

// SearchText answers graph.TextIndex's method of that name from an index whose
// literals are numbered by the payloads of their IDs.
func SearchText(q graph.TextQuery, parts []Index, charge func(int64) error) ([]graph.TextMatch, error) {
	s, err := NewSearch(q.Text, q.Range)
	if err != nil {
		return nil, err
	}
	return s.Find(parts, charge)
}

// EstimateText answers graph.TextIndex's method of that name.
func EstimateText(q graph.TextQuery, parts []Index) (int64, error) {
	s, err := NewSearch(q.Text, q.Range)
	if err != nil {
		return 0, err
	}
	return s.Estimate(parts)
}
