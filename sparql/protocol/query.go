package protocol

import (
	"encoding/json"
	"errors"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/zeebo/xxh3"

	"qlgraph/graph/rdfio"
	"qlgraph/sparql"
	"qlgraph/sparql/results"
)

// prepared is a query with everything decided before it is evaluated.
type prepared struct {
	operation
	query   *sparql.Query
	params  sparql.Params
	results results.Format // of a SELECT or ASK
	rdf     rdfio.Format   // of a CONSTRUCT or DESCRIBE
	content string         // the content type
	key     string         // names the answer in the cache; "" where each evaluation gives another
}

// query is the query operation (SPARQL 1.1 Protocol §2.1).
func (x *exchange) query() error {
	x.out.w.Header().Set("Vary", "Accept, Accept-Encoding")
	o, err := queryForm(x.config.Engine.Limits()).read(x.out.w, x.r)
	if err != nil {
		return err
	}
	if !o.given {
		return x.withoutQuery(o)
	}
	if x.r.Method == http.MethodGet && o.format() == "" && !o.explain() && x.wantsPage() {
		x.config.Page.ServeHTTP(x.out.w, x.r)
		return nil
	}
	x.record.Hash = hashOf(o.text)
	p, err := x.prepare(o)
	if err != nil {
		return err
	}
	if o.explain() {
		return x.explain(p)
	}
	return x.answer(p)
}

// withoutQuery answers a request that asks nothing: with the page for people,
// else with the service description.
func (x *exchange) withoutQuery(o operation) error {
	switch {
	case o.params.Has("update"):
		return badRequest("updates are sent by POST to the update endpoint")
	case !isRead(x.r.Method):
		return badRequest("the form has no parameter %q", "query")
	case o.format() == "" && x.wantsPage():
		x.config.Page.ServeHTTP(x.out.w, x.r)
		return nil
	}
	return x.describe(o)
}

// prepare parses, and negotiates the format.
func (x *exchange) prepare(o operation) (p prepared, err error) {
	p.operation = o
	p.params.Explain = o.explain()
	p.params.Usage = &x.record.Usage
	if p.params.Timeout, err = o.timeout(); err != nil {
		return p, err
	}
	if p.params.DefaultGraphs, err = x.graphIRIs(o, "default-graph-uri"); err != nil {
		return p, err
	}
	if p.params.NamedGraphs, err = x.graphIRIs(o, "named-graph-uri"); err != nil {
		return p, err
	}
	if p.query, err = x.config.Engine.Parse(o.text); err != nil {
		return p, err
	}
	if o.explain() {
		return p, nil
	}
	switch p.query.Form() {
	case sparql.Select, sparql.Ask:
		p.results, p.content, err = x.chooseResults(o.format())
	default:
		p.rdf, p.content, err = x.chooseRDF(o.format())
	}
	if !varies(o.text) {
		p.key = p.cacheKey()
	}
	return p, err
}

// varies reports whether two evaluations of a query on the same version may
// differ: it suspects every mention of a function that does that, and every
// escape that could hide one.
func varies(text string) bool {
	upper := strings.ToUpper(text)
	for _, word := range []string{"NOW", "RAND", "UUID", "BNODE", "SERVICE", `\U`} {
		if strings.Contains(upper, word) {
			return true
		}
	}
	return false
}

// cacheKey joins what an answer depends on beside the version. NUL occurs in
// none of it but the text, which comes last.
func (p prepared) cacheKey() string {
	parts := []string{p.content, strings.Join(p.params.DefaultGraphs, " "), strings.Join(p.params.NamedGraphs, " "), p.text}
	return strings.Join(parts, "\x00")
}

// entityTag names the answer of a version. It is weak: another evaluation may
// order solutions and label blank nodes in another way.
func entityTag(version uint64, key string) string {
	return `W/"` + strconv.FormatUint(version, 36) + "-" + hashOf(key) + `"`
}

func hashOf(s string) string { return strconv.FormatUint(xxh3.HashString(s), 36) }

// version returns the dataset's newest version.
func (x *exchange) version() (uint64, error) {
	s, err := x.config.Dataset.Snapshot(x.r.Context())
	if err != nil {
		return 0, err
	}
	defer s.Close()
	return s.Version(), nil
}

// answer evaluates, unless the client or the cache has the answer already.
func (x *exchange) answer(p prepared) error {
	h := x.out.w.Header()
	read := isRead(x.r.Method)
	if p.key != "" {
		version, err := x.version()
		if err != nil {
			return err
		}
		x.record.Version = version
		if read {
			x.tag(entityTag(version, p.key))
			if x.notModified(entityTag(version, p.key)) {
				return nil
			}
		}
		if entry := x.cache.get(p.key, version); entry != nil && !x.wantsFresh() {
			return x.replay(entry)
		}
	} else {
		h.Set("Cache-Control", "no-store")
	}
	h.Set("Content-Type", p.content)
	if x.r.Method == http.MethodHead {
		return x.out.finish()
	}
	return x.evaluate(p, read)
}

// tag sets the entity tag: caches may keep the answer if they ask each time
// whether it still holds.
func (x *exchange) tag(tag string) {
	x.out.w.Header().Set("ETag", tag)
	x.out.w.Header().Set("Cache-Control", "no-cache")
}

// wantsFresh reports whether the client refuses stored answers (RFC 9111
// §5.2.1.4).
func (x *exchange) wantsFresh() bool {
	for _, header := range append(x.r.Header.Values("Cache-Control"), x.r.Header.Values("Pragma")...) {
		header = strings.ToLower(header)
		if strings.Contains(header, "no-cache") || strings.Contains(header, "no-store") {
			return true
		}
	}
	return false
}

func (x *exchange) replay(entry *cached) error {
	x.record.Outcome, x.record.Rows = "cached", entry.rows
	x.out.w.Header().Set("Content-Type", entry.contentType)
	if _, err := x.out.Write(entry.body); err != nil {
		return err
	}
	return x.out.finish()
}

// open waits for the request's turn and starts the query; done ends both.
func (x *exchange) open(p prepared) (result *sparql.Result, done func(), err error) {
	turn, leave, err := x.compute()
	if err != nil {
		return nil, nil, err
	}
	defer func() {
		if result == nil { // even if the engine panics
			leave()
		}
	}()
	p.params.Turn = turn
	if result, err = x.config.Engine.Query(x.r.Context(), p.query, p.params); err != nil {
		return nil, nil, err
	}
	x.record.Version = result.Version
	return result, func() {
		result.Close()
		leave()
	}, nil
}

// evaluate runs the query and streams its answer.
func (x *exchange) evaluate(p prepared, read bool) error {
	result, done, err := x.open(p)
	if err != nil {
		return err
	}
	defer done()
	if p.key != "" {
		if read {
			x.tag(entityTag(result.Version, p.key))
		}
		if x.cache.maxEntry > 0 {
			x.out.keep(x.cache.maxEntry)
		}
	}
	if err := x.write(p, result); err != nil {
		return err
	}
	if err := x.out.finish(); err != nil {
		return err
	}
	if x.out.kept != nil {
		x.cache.put(&cached{
			key: p.key, version: result.Version, contentType: p.content,
			body: x.out.kept.Bytes(), rows: x.record.Rows,
		})
	}
	return nil
}

func (x *exchange) write(p prepared, result *sparql.Result) error {
	switch result.Form {
	case sparql.Ask:
		return results.WriteBoolean(x.out, p.results, result.Bool)
	case sparql.Select:
		return x.writeRows(p, result)
	}
	return x.writeQuads(p, result)
}

// flushInterval bounds how long solutions of a slow query wait in a buffer.
const flushInterval = time.Second

func (x *exchange) writeRows(p prepared, result *sparql.Result) error {
	e := results.NewEncoder(x.out, p.results, result.Vars)
	flushed := time.Now()
	for row, err := range result.Rows() {
		if err != nil {
			return err
		}
		if err := e.Encode(row); err != nil {
			return err
		}
		x.record.Rows++
		if x.record.Rows%256 == 0 && time.Since(flushed) > flushInterval {
			flushed = time.Now()
			if err := errors.Join(e.Flush(), x.out.flush()); err != nil {
				return err
			}
		}
	}
	return e.Close()
}

func (x *exchange) writeQuads(p prepared, result *sparql.Result) error {
	w := x.graphWriter(p.rdf)
	for q, err := range result.Quads() {
		if err != nil {
			return err
		}
		if err := w.encode(q); err != nil {
			return err
		}
		x.record.Rows++
	}
	return w.close()
}

// explain evaluates the query for its plan and drops the answer.
func (x *exchange) explain(p prepared) error {
	asJSON := p.format() == "json"
	if p.format() == "" {
		accept := x.accept()
		asJSON = strings.Contains(accept, "application/json") && !strings.Contains(accept, "text/plain")
	}
	x.out.w.Header().Set("Cache-Control", "no-store")
	result, done, err := x.open(p)
	if err != nil {
		return err
	}
	defer done()
	if err := x.drain(result); err != nil {
		return err
	}
	body := []byte(result.Explain().String())
	x.out.w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	if asJSON {
		x.out.w.Header().Set("Content-Type", "application/json")
		if body, err = json.Marshal(result.Explain()); err != nil {
			return err
		}
	}
	if _, err := x.out.Write(body); err != nil {
		return err
	}
	return x.out.finish()
}

func (x *exchange) drain(result *sparql.Result) error {
	switch result.Form {
	case sparql.Select:
		for _, err := range result.Rows() {
			if err != nil {
				return err
			}
			x.record.Rows++
		}
	case sparql.Construct, sparql.Describe:
		for _, err := range result.Quads() {
			if err != nil {
				return err
			}
			x.record.Rows++
		}
	}
	return nil
}
