package server

import (
	"net/http"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promhttp"

	"qlgraph/sparql/protocol"
)

// Metrics counts what the server does, for Prometheus. Labels have few values:
// none comes from a client.
type Metrics struct {
	registry *prometheus.Registry
	requests *prometheus.CounterVec
	seconds  *prometheus.HistogramVec
	memory   *prometheus.HistogramVec
	rows     *prometheus.CounterVec
}

// NewMetrics returns Metrics with the process's and Go's own.
func NewMetrics() *Metrics {
	m := &Metrics{
		registry: prometheus.NewRegistry(),
		requests: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "qlgraph_sparql_requests_total",
			Help: "Requests to the SPARQL protocols by operation and outcome.",
		}, []string{"operation", "outcome"}),
		seconds: prometheus.NewHistogramVec(prometheus.HistogramOpts{
			Name:    "qlgraph_sparql_request_duration_seconds",
			Help:    "Time from a request to the end of its answer.",
			Buckets: prometheus.ExponentialBuckets(0.0005, 4, 10), // 0.5 ms to 131 s
		}, []string{"operation"}),
		memory: prometheus.NewHistogramVec(prometheus.HistogramOpts{
			Name:    "qlgraph_sparql_memory_bytes",
			Help:    "Memory that a query or update was charged for, at its most; those not evaluated left out.",
			Buckets: prometheus.ExponentialBuckets(64<<10, 4, 8), // 64 KiB to 1 GiB
		}, []string{"operation"}),
		rows: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "qlgraph_sparql_rows_total",
			Help: "Solutions, triples or quads sent.",
		}, []string{"operation"}),
	}
	m.registry.MustRegister(m.requests, m.seconds, m.memory, m.rows,
		collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}))
	return m
}

// Gauge adds a value that is read when the metrics are.
func (m *Metrics) Gauge(name, help string, read func() float64) {
	m.registry.MustRegister(prometheus.NewGaugeFunc(prometheus.GaugeOpts{Name: name, Help: help}, read))
}

// Counter adds a number that only grows, and is read when the metrics are.
func (m *Metrics) Counter(name, help string, read func() float64) {
	m.registry.MustRegister(prometheus.NewCounterFunc(prometheus.CounterOpts{Name: name, Help: help}, read))
}

// Observe counts a finished request.
func (m *Metrics) Observe(r protocol.Record) {
	m.requests.WithLabelValues(r.Operation, r.Outcome).Inc()
	m.seconds.WithLabelValues(r.Operation).Observe(r.Took.Seconds())
	if r.Evaluated > 0 && r.Operation != "graph" {
		m.memory.WithLabelValues(r.Operation).Observe(float64(r.Usage.Memory))
	}
	m.rows.WithLabelValues(r.Operation).Add(float64(r.Rows))
}

// Handler serves the metrics.
func (m *Metrics) Handler() http.Handler {
	return promhttp.HandlerFor(m.registry, promhttp.HandlerOpts{})
}
