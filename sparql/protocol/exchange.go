package protocol

import (
	"context"
	"errors"
	"net/http"
	"os"
	"strings"
	"sync"
	"time"

	"qlgraph/internal/problem"
	"qlgraph/sparql"
)

// exchange is one request with its answer.
type exchange struct {
	*Endpoint
	r      *http.Request
	out    *response
	record Record
	token  Permission
	scope  string        // of the blank node labels that it brings; see blankScope
	worked time.Duration // time of evaluation
}

// Record is what is known of a request once it is over.
type Record struct {
	Operation string        // "query", "update" or "graph"
	Outcome   string        // "ok", "cached", "unmodified", "canceled" (the client left), "slow" (it did not take the answer), "broken" (an error after the first part), or the kind of problem: "syntax", "time", "memory", "busy", …
	Status    int           // of the answer; 0 where the client left before
	Hash      string        // of the query or update text, the same for the same text
	Rows      int64         // solutions, triples or quads
	Bytes     int64         // of the body
	Took      time.Duration // from the request to the end of the answer
	Waited    time.Duration // of it in the queue
	Evaluated time.Duration // of it in evaluation, sending included; 0 where nothing was evaluated
	Usage     sparql.Usage  // of the engine, for queries and updates
	Version   uint64        // of the dataset that was read, or written
	Err       error         // with its whole chain, for the log; nil where it went well
}

// corsMethods and corsHeaders are what pages of other origins may send. No
// cookie means anything here, so any origin may.
const (
	corsHeaders = "Accept, Authorization, Cache-Control, Content-Type, If-Match, If-None-Match"
	corsExposed = "Allow, Content-Location, ETag, Location, RateLimit, RateLimit-Policy, Retry-After"
)

// handler wraps what all operations have in common.
func (e *Endpoint) handler(operation, methods string, serve func(*exchange) error) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		h.Set("Access-Control-Allow-Origin", "*")
		h.Set("Access-Control-Expose-Headers", corsExposed)
		h.Set("X-Content-Type-Options", "nosniff")
		if r.Method == http.MethodOptions {
			h.Set("Allow", methods)
			h.Set("Access-Control-Allow-Methods", methods)
			h.Set("Access-Control-Allow-Headers", corsHeaders)
			h.Set("Access-Control-Max-Age", "86400")
			w.WriteHeader(http.StatusNoContent)
			return
		}
		start := time.Now()
		x := &exchange{Endpoint: e, r: r, out: e.newResponse(w, r)}
		x.record = Record{Operation: operation, Outcome: "ok"}
		defer func() {
			x.record.Took, x.record.Evaluated = time.Since(start), x.worked
			x.record.Bytes = x.out.sent
			if e.config.Observe != nil {
				e.config.Observe(r.Context(), x.record)
			}
		}()
		if !allows(methods, r.Method) {
			h.Set("Allow", methods)
			x.fail(&failure{status: http.StatusMethodNotAllowed, kind: "method", detail: r.Method + " means nothing here; allowed are " + methods})
			return
		}
		c, err := e.clients.enter(x)
		if err != nil {
			x.fail(err)
			return
		}
		defer func() { c.leave(x.worked) }()
		if err := serve(x); err != nil {
			x.fail(err)
			return
		}
		x.record.Status = x.out.status
	})
}

// allows reports whether method is among the comma-separated methods.
func allows(methods, method string) bool {
	for m := range strings.SplitSeq(methods, ", ") {
		if m == method {
			return true
		}
	}
	return false
}

// fail answers with a problem; where the answer has begun it breaks the
// connection off, which is the only way left to say so.
func (x *exchange) fail(err error) {
	f := asFailure(err)
	x.record.Outcome, x.record.Err, x.record.Status = f.kind, err, f.status
	gone := errors.Is(x.r.Context().Err(), context.Canceled)
	switch {
	case errors.Is(err, os.ErrDeadlineExceeded): // of a write
		x.record.Outcome, x.record.Status = "slow", x.out.status
		panic(http.ErrAbortHandler)
	case x.out.committed && !gone:
		x.record.Outcome, x.record.Status = "broken", x.out.status
		x.out.reset(x.r)
		panic(http.ErrAbortHandler)
	case gone:
		x.record.Outcome, x.record.Status = "canceled", 0
		panic(http.ErrAbortHandler)
	}
	x.out.w.Header().Del("Location")
	for name, value := range f.header {
		x.out.w.Header().Set(name, value)
	}
	x.out.setDeadline()
	x.nameSetting(f)
	problem.Write(x.out.w, x.r, problem.Details{
		Type: "urn:qlgraph:problem:" + f.kind, Status: f.status, Detail: f.detail, Extra: f.extra,
	})
	x.out.clearDeadline()
}

// notModified answers 304 where the client has what the tag names already.
func (x *exchange) notModified(tag string) bool {
	header := x.r.Header.Values("If-None-Match")
	if len(header) == 0 || !matchesTag(strings.Join(header, ","), tag) {
		return false
	}
	x.record.Outcome = "unmodified"
	x.out.status = http.StatusNotModified
	x.out.w.WriteHeader(http.StatusNotModified)
	return true
}

// matchesTag compares weakly (RFC 9110 §8.8.3.2) with a list of entity tags.
func matchesTag(list, tag string) bool {
	opaque := strings.TrimPrefix(tag, "W/")
	for candidate := range strings.SplitSeq(list, ",") {
		candidate = strings.TrimSpace(candidate)
		if candidate == "*" || strings.TrimPrefix(candidate, "W/") == opaque {
			return true
		}
	}
	return false
}

// enter waits for the request's slot. The caller calls leave when it is done
// with the engine; further calls do nothing.
func (x *exchange) enter() (leave func(), err error) {
	waited := time.Now()
	if err := x.gate.enter(x.r.Context()); err != nil {
		return nil, err
	}
	start := time.Now()
	x.record.Waited = start.Sub(waited)
	return sync.OnceFunc(func() {
		x.gate.leave()
		x.worked += time.Since(start)
	}), nil
}

// compute is enter for what the engine evaluates, which takes turns. The turn is
// not held while the client takes its time.
func (x *exchange) compute() (turn *sparql.Turn, leave func(), err error) {
	out, err := x.enter()
	if err != nil || x.config.Turns == nil {
		return nil, out, err
	}
	ctx := x.r.Context()
	turn = x.config.Turns.Enter(ctx)
	x.out.turn, x.out.ctx = turn, ctx
	return turn, func() {
		x.out.turn = nil
		turn.Pause()
		out()
	}, nil
}
