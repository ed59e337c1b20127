package protocol

import (
	"context"
	"errors"
	"io"
	"iter"
	"mime/multipart"
	"net/http"
	"strconv"
	"strings"

	"qlgraph/graph"
	"qlgraph/graph/rdf"
	"qlgraph/graph/rdfio"
)

// insertBatch is how many quads are handed to a transaction at once.
const insertBatch = 4096

// putGraph is PUT (§5.3): the body becomes the whole content of the graph.
func (x *exchange) putGraph(ctx context.Context, name rdf.Term) error {
	return x.change(ctx, name, func(tx graph.Tx, existed bool) error {
		_, err := tx.Replace(name, x.upload(name))
		return err
	})
}

// postGraph is POST (§5.5): the body is added to the graph.
func (x *exchange) postGraph(ctx context.Context, name rdf.Term) error {
	return x.change(ctx, name, func(tx graph.Tx, existed bool) error {
		return x.insert(tx, name)
	})
}

// createGraph is POST to the store itself (§5.5): a new graph, which gets a name.
func (x *exchange) createGraph(ctx context.Context) error {
	name, location, err := x.newGraphIRI()
	if err != nil {
		return badRequest("graphs cannot be named here: %v", err)
	}
	x.out.w.Header().Set("Location", location)
	return x.change(ctx, name, func(tx graph.Tx, existed bool) error {
		return x.insert(tx, name)
	})
}

// deleteGraph is DELETE (§5.4).
func (x *exchange) deleteGraph(ctx context.Context, name rdf.Term) error {
	return x.change(ctx, name, func(tx graph.Tx, existed bool) error {
		if !existed {
			return noGraph(name)
		}
		return tx.Clear(name)
	})
}

// change applies fn in a transaction and answers 201 where it made a graph that
// was not there, else 204.
func (x *exchange) change(ctx context.Context, name rdf.Term, fn func(tx graph.Tx, existed bool) error) error {
	leave, err := x.enter()
	if err != nil {
		return err
	}
	defer leave()
	created := false
	version, err := x.config.Writer.Update(ctx, func(tx graph.Tx) error {
		existed, err := x.exists(tx, name)
		if err != nil {
			return err
		}
		if err := x.precondition(tx, name, existed); err != nil {
			return err
		}
		created = !existed
		return fn(tx, existed)
	})
	if err != nil {
		return err
	}
	x.record.Version = version
	if created && x.r.Method != http.MethodDelete {
		return x.noContent(http.StatusCreated)
	}
	return x.noContent(http.StatusNoContent)
}

// exists reports whether a graph holds a triple; the unnamed graph always is.
func (x *exchange) exists(s graph.Snapshot, name rdf.Term) (bool, error) {
	if name.IsZero() {
		return true, nil
	}
	id, ok, err := s.Lookup(name)
	if err != nil || !ok {
		return false, err
	}
	return holds(s, graph.Pattern{Graphs: graph.OneGraph(id)})
}

// precondition evaluates If-Match and If-None-Match (RFC 9110 §13.1). A tag of
// any syntax of the graph will do, as long as it is of this version.
func (x *exchange) precondition(s graph.Snapshot, name rdf.Term, exists bool) error {
	failed := &failure{status: http.StatusPreconditionFailed, kind: "precondition", detail: "the graph is not in the state that the request expects"}
	if list := strings.Join(x.r.Header.Values("If-Match"), ","); list != "" {
		if !exists || strings.TrimSpace(list) != "*" && !x.namesVersion(list, s.Version(), name) {
			return failed
		}
	}
	if list := strings.Join(x.r.Header.Values("If-None-Match"), ","); list != "" && exists {
		if strings.TrimSpace(list) == "*" || x.namesVersion(list, s.Version(), name) {
			return failed
		}
	}
	return nil
}

func (x *exchange) namesVersion(list string, version uint64, name rdf.Term) bool {
	for _, offer := range x.graphs {
		if matchesTag(list, entityTag(version, rdfContentType(offer.mediaType)+"\x00"+name.Value())) {
			return true
		}
	}
	return false
}

// insert adds the uploaded triples to a graph.
func (x *exchange) insert(tx graph.Tx, name rdf.Term) error {
	batch := make([]rdf.Quad, 0, insertBatch)
	for q, err := range x.upload(name) {
		if err != nil {
			return err
		}
		if batch = append(batch, q.In(name)); len(batch) == insertBatch {
			if err := tx.Insert(batch...); err != nil {
				return err
			}
			batch = batch[:0]
		}
	}
	return tx.Insert(batch...)
}

// upload yields the triples of the request's body: one document, or several as
// parts of multipart/form-data.
func (x *exchange) upload(name rdf.Term) iter.Seq2[rdf.Quad, error] {
	return func(yield func(rdf.Quad, error) bool) {
		mediaType, params, err := contentType(x.r)
		if charset := params["charset"]; err == nil && charset != "" && !strings.EqualFold(charset, "utf-8") {
			err = unsupported("the body is to be in UTF-8", charset)
		}
		if err != nil {
			yield(rdf.Quad{}, err)
			return
		}
		body := http.MaxBytesReader(x.out.w, x.r.Body, x.limits.UploadBytes)
		if mediaType == "multipart/form-data" {
			x.parts(name, params["boundary"], body, yield)
			return
		}
		x.document(name, document{body, mediaType, x.r.Header.Get("Content-Encoding"), 0}, yield)
	}
}

// parts yields the triples of each part.
func (x *exchange) parts(name rdf.Term, boundary string, body io.Reader, yield func(rdf.Quad, error) bool) {
	end := &lastBytes{Reader: body}
	reader := multipart.NewReader(end, boundary)
	for n := 0; ; n++ {
		part, err := reader.NextPart()
		if err == io.EOF && !strings.Contains(string(end.tail), "--"+boundary+"--") {
			err = io.ErrUnexpectedEOF // within a part's header the reader takes it for an end
		}
		if err == io.EOF {
			return
		}
		if err != nil {
			yield(rdf.Quad{}, malformedUpload(err))
			return
		}
		mediaType := partType(part)
		if mediaType == "" {
			yield(rdf.Quad{}, unsupported("part "+strconv.Quote(part.FormName())+" tells no RDF syntax", ""))
			return
		}
		if !x.document(name, document{part, mediaType, part.Header.Get("Content-Encoding"), n}, yield) {
			return
		}
	}
}

// lastBytes remembers the end of what was read.
type lastBytes struct {
	io.Reader
	tail []byte
}

func (l *lastBytes) Read(b []byte) (int, error) {
	const enough = 256 // a boundary has 70 characters at most (RFC 2046 §5.1.1)
	n, err := l.Reader.Read(b)
	l.tail = append(l.tail, b[max(0, n-enough):n]...)
	l.tail = append(l.tail[:0], l.tail[max(0, len(l.tail)-enough):]...)
	return n, err
}

// partType returns a part's media type; a browser that does not know it calls
// the file a stream of bytes, and then the file's name tells.
func partType(part *multipart.Part) string {
	header := part.Header.Get("Content-Type")
	if f := rdfio.ByMediaType(header); f != 0 {
		return f.MediaType()
	}
	if f, _ := rdfio.ByPath(part.FileName()); f != 0 {
		return f.MediaType()
	}
	return ""
}

// document is one RDF document of an upload.
type document struct {
	io.Reader
	mediaType, encoding string
	number              int
}

// document yields the triples of d and returns false where the caller is to
// stop.
func (x *exchange) document(name rdf.Term, d document, yield func(rdf.Quad, error) bool) bool {
	format := rdfio.ByMediaType(d.mediaType)
	if format == 0 {
		return yield(rdf.Quad{}, unsupported("the body is to be RDF", d.mediaType)) && false
	}
	body, err := decompressed(d.Reader, d.encoding)
	if err != nil {
		return yield(rdf.Quad{}, err) && false
	}
	defer body.Close()
	limited := http.MaxBytesReader(nil, body, x.limits.UploadBytes)
	base := name.Value()
	if base == "" {
		base = x.config.BaseIRI
	}
	decoder, err := rdfio.NewDecoder(limited, format, rdfio.DecoderOptions{
		Base: base, LabelPrefix: x.blankScope() + strconv.Itoa(d.number) + "x",
	})
	if err != nil {
		return yield(rdf.Quad{}, unsupported(err.Error(), d.mediaType)) && false
	}
	for q, err := range decoder.All() {
		if err != nil {
			return yield(rdf.Quad{}, malformedUpload(err)) && false
		}
		x.record.Rows++
		if !yield(q, nil) {
			return false
		}
	}
	return true
}

// blankScope returns a prefix that no other request's labels have.
func (x *exchange) blankScope() string {
	if x.scope == "" {
		x.scope = "u" + randomHex(8) + "x"
	}
	return x.scope
}

// malformedUpload takes what a reader of RDF complains about for the client's
// fault, unless it is the connection's or a limit's.
func malformedUpload(err error) error {
	var syntax *rdf.SyntaxError
	var tooLarge *http.MaxBytesError
	if errors.As(err, &syntax) || errors.As(err, &tooLarge) || errors.Is(err, context.Canceled) {
		return err
	}
	return &failure{status: http.StatusBadRequest, kind: "data", detail: err.Error(), err: err}
}

// decompressed undoes a Content-Encoding (RFC 9110 §8.4.1).
func decompressed(r io.Reader, encoding string) (io.ReadCloser, error) {
	compression := rdfio.Plain
	switch strings.ToLower(strings.TrimSpace(encoding)) {
	case "", "identity":
	case "gzip", "x-gzip":
		compression = rdfio.Gzip
	case "zstd":
		compression = rdfio.Zstd
	default:
		f := unsupported("the body is to be encoded as gzip, zstd or not at all", encoding)
		f.header = map[string]string{"Accept-Encoding": "gzip, zstd"}
		return nil, f
	}
	body, err := rdfio.Decompress(r, compression)
	if err != nil {
		return nil, malformedUpload(err)
	}
	return body, nil
}
