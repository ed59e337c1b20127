package protocol

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"time"

	"qlgraph/graph/rdf"
	"qlgraph/sparql"
	"qlgraph/sparql/exec"
	"qlgraph/sparql/protocol/federation"
	"qlgraph/sparql/syntax"
)

// failure is an error with the answer that a client gets for it.
type failure struct {
	status int
	kind   string // last part of the problem's type, and the Record's outcome
	detail string
	extra  map[string]any
	header map[string]string
	err    error
}

func (f *failure) Error() string {
	if f.err != nil {
		return f.kind + ": " + f.err.Error()
	}
	return f.kind + ": " + f.detail
}

func (f *failure) Unwrap() error { return f.err }

func badRequest(format string, args ...any) *failure {
	return &failure{status: http.StatusBadRequest, kind: "request", detail: fmt.Sprintf(format, args...)}
}

// limited is the failure of a request that reached a limit.
func limited(status int, kind, limit string, max any, detail string) *failure {
	return &failure{status: status, kind: kind, detail: detail, extra: map[string]any{"limit": limit, "max": max}}
}

// nameSetting says in a problem about a limit which setting changes it.
func (x *exchange) nameSetting(f *failure) {
	limit, _ := f.extra["limit"].(string)
	if limit == "" || x.config.Setting == nil {
		return
	}
	if setting := x.config.Setting(limit); setting != "" {
		f.extra["setting"] = setting
		f.detail += " (the server's setting " + setting + ")"
	}
}

// asFailure gives every error its status: the one place where that is decided.
func asFailure(err error) *failure {
	var f *failure
	if errors.As(err, &f) {
		return f
	}
	f = &failure{err: err, detail: err.Error()}
	var (
		inQuery  *syntax.Error
		inData   *rdf.SyntaxError
		limit    *sparql.LimitError
		tooLarge *http.MaxBytesError
		refused  *federation.NotAllowedError
		remote   *federation.RemoteError
	)
	switch {
	case errors.As(err, &refused):
		f.status, f.kind = http.StatusForbidden, "service"
		if refused.Setting == "load_allow" {
			f.kind = "load"
		}
	case errors.As(err, &remote):
		return remoteFailure(remote, err)
	case errors.As(err, &limit):
		return limitFailure(limit)
	case errors.As(err, &inQuery):
		f.status, f.kind, f.detail = http.StatusBadRequest, "syntax", inQuery.Msg
		f.extra = map[string]any{"line": inQuery.Line, "column": inQuery.Column}
	case errors.As(err, &inData):
		f.status, f.kind, f.detail = http.StatusBadRequest, "data", inData.Msg
		f.extra = map[string]any{"line": inData.Line, "column": inData.Column}
	case errors.As(err, &tooLarge): // of an upload
		return limited(http.StatusRequestEntityTooLarge, "size", "uploadbytes", tooLarge.Limit, fmt.Sprintf("the request is larger than %d bytes", tooLarge.Limit))
	case errors.Is(err, sparql.ErrUsing):
		f.status, f.kind = http.StatusBadRequest, "request"
	case errors.Is(err, sparql.ErrReadOnly):
		f.status, f.kind = http.StatusForbidden, "readonly"
	case errors.Is(err, sparql.ErrLoad):
		f.status, f.kind = http.StatusForbidden, "load"
	case errors.Is(err, exec.ErrService):
		f.status, f.kind = http.StatusForbidden, "service"
	case errors.Is(err, sparql.ErrGraph):
		f.status, f.kind = http.StatusConflict, "graph"
	case errors.Is(err, context.DeadlineExceeded):
		f.status, f.kind, f.detail = http.StatusServiceUnavailable, "time", "the time limit was reached"
	case errors.Is(err, context.Canceled):
		f.status, f.kind = 0, "canceled"
	default:
		f.status, f.kind = http.StatusInternalServerError, "evaluation"
	}
	return f
}

// remoteFailure is for those who asked something of another server, which failed.
func remoteFailure(remote *federation.RemoteError, err error) *failure {
	f := &failure{status: http.StatusBadGateway, kind: "remote", detail: err.Error(), err: err}
	if remote.Timeout {
		f.status, f.kind = http.StatusGatewayTimeout, "remotetime"
	}
	if remote.Limit != "" {
		f.extra = map[string]any{"limit": remote.Limit, "max": remote.Max}
		if remote.Timeout {
			f.extra["max"] = time.Duration(remote.Max).Seconds()
		}
	}
	return f
}

// limitFailure tells which limit a query has reached. Size and shape are the
// client's to change; time and memory may suffice another time.
func limitFailure(limit *sparql.LimitError) *failure {
	f := limited(http.StatusServiceUnavailable, limit.Limit, limit.Limit, limit.Max, limit.Error())
	f.err = limit
	switch limit.Limit {
	case "time":
		f.extra["max"] = time.Duration(limit.Max).Seconds()
	case "querybytes", "updatebytes":
		f.status = http.StatusRequestEntityTooLarge
	case "depth", "nodes", "pattern":
		f.status = http.StatusBadRequest
	}
	var place *syntax.Error
	if errors.As(limit.Err, &place) {
		f.extra["line"], f.extra["column"] = place.Line, place.Column
		f.detail = place.Msg
	}
	return f
}
