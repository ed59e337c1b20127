package protocol

import (
	"cmp"
	"context"
	"math"
	"net/http"
	"net/netip"
	"runtime"
	"time"

	"qlgraph/graph"
	"qlgraph/graph/rdf"
	"qlgraph/sparql"
)

// Config is what an Endpoint serves and by what rules.
type Config struct {
	// Engine evaluates queries and updates.
	Engine *sparql.Engine
	// Dataset is what the Engine is over.
	Dataset graph.Dataset
	// Writer is the same dataset where it can be changed; nil refuses updates.
	Writer graph.Writer

	// BaseIRI names things: relative graph IRIs resolve against it.
	BaseIRI string
	// GraphsPath is where Graphs is mounted, "/data": a path below it names the
	// graph BaseIRI + path (Graph Store Protocol §4.1).
	GraphsPath string
	// GraphAlias resolves the names of graphs that are read; see sparql.Options.
	GraphAlias sparql.GraphAlias
	// Prefixes abbreviate IRIs in RDF that is served.
	Prefixes map[string]string
	// Description adds to the service description: triples about rdf.Blank
	// Service, the subject of the others.
	Description []rdf.Quad
	// DefaultGraphUnion and Federation say what the Engine does, for the service
	// description.
	DefaultGraphUnion, Federation bool

	// Authorizer knows access tokens; nil knows none.
	Authorizer Authorizer
	// Client tells who sends a request; nil takes the connection's address.
	Client func(*http.Request) netip.Addr
	// Page answers a browser that asks for HTML; nil has no page.
	Page http.Handler
	// Observe receives a record of each finished request; nil drops them. It is
	// called from the request's goroutine.
	Observe func(context.Context, Record)

	// Turns are taken by the queries and updates that are under way, so that not
	// all of them compute at a time; nil lets them.
	Turns  *sparql.Turns
	Limits Limits
	// Setting names the setting that changes a limit ("sparql.memory" for
	// "memory"), for the problems of those who reach it; "" where there is none.
	// Nil knows none.
	Setting func(limit string) string
}

// Limits bound what clients may use beside the Engine's limits. A zero field
// means the default beside it; a negative one that there is no such limit, and
// for Queue and CacheBytes no such thing.
type Limits struct {
	Concurrent  int           // 2 per processor: requests that are evaluated at a time
	Queue       int           // 64 requests that wait for their turn
	QueueTime   time.Duration // 5 s of waiting
	PerClient   int           // 4 requests of one client at a time
	Rate        float64       // 10 requests per second and client in the long run
	Burst       int           // 100 requests at once
	Work        time.Duration // 120 s of evaluation in advance; 1 s per second is given back
	UploadBytes int64         // 4 GiB of a graph, decompressed
	WriteTime   time.Duration // 30 s until a client must have taken a chunk
	ReadTime    time.Duration // 10 min to read or write a whole graph
	CacheBytes  int64         // 64 MiB of results kept
	CacheEntry  int64         // 1 MiB of one result
	Loopback    bool          // limit clients of this machine, too
	Tokens      bool          // limit holders of a token, too
}

// withDefaults returns l with every zero field replaced by its default.
func (l Limits) withDefaults() Limits {
	l.Concurrent = cmp.Or(l.Concurrent, 2*runtime.GOMAXPROCS(0))
	l.Queue = cmp.Or(l.Queue, 64)
	l.QueueTime = cmp.Or(l.QueueTime, 5*time.Second)
	l.PerClient = cmp.Or(l.PerClient, 4)
	l.Rate = cmp.Or(l.Rate, 10)
	l.Burst = cmp.Or(l.Burst, 100)
	l.Work = cmp.Or(l.Work, 120*time.Second)
	l.UploadBytes = cmp.Or(l.UploadBytes, 4<<30)
	l.WriteTime = cmp.Or(l.WriteTime, 30*time.Second)
	l.ReadTime = cmp.Or(l.ReadTime, 10*time.Minute)
	l.CacheBytes = cmp.Or(l.CacheBytes, 64<<20)
	l.CacheEntry = cmp.Or(l.CacheEntry, 1<<20)
	if l.UploadBytes < 0 {
		l.UploadBytes = math.MaxInt64
	}
	if l.ReadTime < 0 {
		l.ReadTime = math.MaxInt64
	}
	return l
}

// Endpoint serves one dataset.
type Endpoint struct {
	config  Config
	limits  Limits
	gate    *gate
	clients *clients
	cache   *cache
	graphs  []rdfOffer // the RDF syntaxes that can be written

	compressors *compressors
}

// New returns an Endpoint.
func New(c Config) *Endpoint {
	limits := c.Limits.withDefaults()
	return &Endpoint{
		config:  c,
		limits:  limits,
		gate:    newGate(limits),
		clients: newClients(limits),
		cache:   newCache(limits),
		graphs:  rdfOffers(),

		compressors: newCompressors(),
	}
}

// Load tells how busy the Endpoint is: requests that are evaluated, and requests
// that wait.
func (e *Endpoint) Load() (running, waiting int) { return e.gate.load() }

// Query returns the handler of SPARQL queries, which describes the service where
// it gets none.
func (e *Endpoint) Query() http.Handler {
	return e.handler("query", "GET, HEAD, OPTIONS, POST, QUERY", (*exchange).query)
}

// Update returns the handler of SPARQL updates.
func (e *Endpoint) Update() http.Handler {
	return e.handler("update", "OPTIONS, POST", (*exchange).update)
}

// Graphs returns the handler of the Graph Store HTTP Protocol.
func (e *Endpoint) Graphs() http.Handler {
	return e.handler("graph", "DELETE, GET, HEAD, OPTIONS, POST, PUT", (*exchange).graphStore)
}
