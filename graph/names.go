package graph

// NamedGraphs returns the IDs of the named graphs that hold a quad, ascending.
// It skips from graph to graph, so its cost grows with their number and not
// with their size.
func NamedGraphs(s Snapshot) ([]ID, error) {
	cursor, err := s.Scan(Pattern{Graphs: EachNamed()}, GSPO)
	if err != nil {
		return nil, err
	}
	defer cursor.Close()
	var names []ID
	next := Batch{G: make([]ID, 1)}
	for {
		n, err := cursor.Next(&next)
		if err != nil || n == 0 {
			return names, err
		}
		name := next.G[0]
		names = append(names, name)
		// No term has the largest ID, so this lies behind the graph's last quad.
		if err := cursor.Seek(Quad{G: name, S: ^ID(0), P: ^ID(0), O: ^ID(0)}); err != nil {
			return nil, err
		}
	}
}
