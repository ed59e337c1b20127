package protocol

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"net/http"
	"net/url"
	"strings"

	"qlgraph/graph"
	"qlgraph/graph/rdf"
	"qlgraph/graph/rdfio"
)

// graphStore is the Graph Store HTTP Protocol (§5).
func (x *exchange) graphStore() error {
	ctx, cancel := context.WithTimeout(x.r.Context(), x.limits.ReadTime)
	defer cancel()
	params, err := url.ParseQuery(x.r.URL.RawQuery)
	if err != nil {
		return badRequest("the URL's parameters are malformed: %v", err)
	}
	name, given, err := x.graphName(params)
	if err != nil {
		return err
	}
	if isRead(x.r.Method) {
		if !given {
			return badRequest("name a graph: ?default or ?graph=IRI")
		}
		return x.readGraph(ctx, name, params.Get("format"))
	}
	if err := x.mayWrite(); err != nil {
		return err
	}
	switch {
	case given && x.r.Method == http.MethodDelete:
		return x.deleteGraph(ctx, name)
	case given && x.r.Method == http.MethodPut:
		return x.putGraph(ctx, name)
	case given && x.r.Method == http.MethodPost:
		return x.postGraph(ctx, name)
	case x.r.Method == http.MethodPost:
		return x.createGraph(ctx)
	}
	return badRequest("name a graph: ?default or ?graph=IRI")
}

// graphName returns the graph that a request means, the zero Term being the
// unnamed one: directly by the request's path, or indirectly by a parameter
// (§4.1, §4.2).
func (x *exchange) graphName(params url.Values) (name rdf.Term, given bool, err error) {
	byDefault, byName := params.Has("default"), params["graph"]
	below := strings.TrimPrefix(x.r.URL.EscapedPath(), x.config.GraphsPath)
	direct := x.config.GraphsPath != "" && len(below) > 1 && below[0] == '/' && below != x.r.URL.EscapedPath()
	switch {
	case byDefault && len(byName) > 0, len(byName) > 1:
		return rdf.Term{}, false, badRequest("the request names more than one graph")
	case byDefault:
		return rdf.Term{}, true, nil
	case len(byName) == 1:
		g, err := x.resolve(byName[0])
		if err != nil {
			return rdf.Term{}, false, badRequest("graph: %v", err)
		}
		return rdf.IRI(g), true, nil
	case direct:
		g, err := x.resolve(x.r.URL.EscapedPath())
		if err != nil {
			return rdf.Term{}, false, badRequest("the path names no graph: %v", err)
		}
		return rdf.IRI(g), true, nil
	}
	return rdf.Term{}, false, nil
}

// readGraph is GET and HEAD (§5.2, §5.6).
func (x *exchange) readGraph(ctx context.Context, name rdf.Term, format string) error {
	h := x.out.w.Header()
	h.Set("Vary", "Accept, Accept-Encoding")
	syntax, content, err := x.chooseRDF(format)
	if err != nil {
		return err
	}
	s, err := x.config.Dataset.Snapshot(ctx)
	if err != nil {
		return err
	}
	defer s.Close()
	x.record.Version = s.Version()
	pattern, found, err := x.graphPattern(s, name)
	if err != nil {
		return err
	}
	if !found {
		return noGraph(name)
	}
	tag := entityTag(s.Version(), content+"\x00"+name.Value())
	x.tag(tag)
	if x.notModified(tag) {
		return nil
	}
	h.Set("Content-Type", content)
	if x.r.Method == http.MethodHead {
		return x.out.finish()
	}
	leave, err := x.enter()
	if err != nil {
		return err
	}
	defer leave()
	if err := x.writeGraph(s, pattern, syntax); err != nil {
		return err
	}
	return x.out.finish()
}

func noGraph(name rdf.Term) *failure {
	return &failure{status: http.StatusNotFound, kind: "graph", detail: "there is no graph " + name.String()}
}

// graphPattern selects the triples of a graph, or of all graphs that an alias
// stands for. A named graph without triples does not exist.
func (x *exchange) graphPattern(s graph.Snapshot, name rdf.Term) (p graph.Pattern, found bool, err error) {
	if name.IsZero() {
		return graph.Pattern{Graphs: graph.UnnamedGraph()}, true, nil
	}
	names := []rdf.Term{name}
	if x.config.GraphAlias != nil {
		members, ok, err := x.config.GraphAlias(s, name.Value())
		if err != nil {
			return p, false, err
		}
		if ok {
			names = members
		}
	}
	var ids []graph.ID
	for _, n := range names {
		id, ok, err := s.Lookup(n)
		if err != nil {
			return p, false, err
		}
		if ok {
			ids = append(ids, id)
		}
	}
	if len(ids) == 0 {
		return p, false, nil
	}
	p = graph.Pattern{Graphs: graph.UnionOf(ids...)}
	if len(ids) == 1 {
		p.Graphs = graph.OneGraph(ids[0])
	}
	found, err = holds(s, p)
	return p, found, err
}

// holds reports whether a quad matches p.
func holds(s graph.Snapshot, p graph.Pattern) (bool, error) {
	cursor, err := s.Scan(p, graph.OrderFor(p))
	if err != nil {
		return false, err
	}
	defer cursor.Close()
	n, err := cursor.Next(&graph.Batch{S: make([]graph.ID, 1)})
	return n > 0, err
}

// writeGraph streams triples; the snapshot ends with the request.
func (x *exchange) writeGraph(s graph.Snapshot, p graph.Pattern, syntax rdfio.Format) error {
	w := x.graphWriter(syntax)
	for q, err := range graph.Quads(s, p, graph.SPOG) {
		if err == nil {
			err = w.encode(q.In(rdf.Term{}))
		}
		if err != nil {
			return err
		}
		x.record.Rows++
	}
	return w.close()
}

// newGraphIRI names a graph that a client created without a name (§5.5): a path
// at which it can be read directly.
func (x *exchange) newGraphIRI() (name rdf.Term, location string, err error) {
	location = x.config.GraphsPath + "/" + randomHex(16)
	g, err := x.resolve(location)
	return rdf.IRI(g), location, err
}

// randomHex returns n random bytes as hex digits.
func randomHex(n int) string {
	random := make([]byte, n)
	rand.Read(random) // never fails
	return hex.EncodeToString(random)
}
