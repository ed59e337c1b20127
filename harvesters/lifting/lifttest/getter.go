package lifttest

import (
	"context"
	"net/url"
	"strings"

	"qlgraph/harvesters"
)

// Answers is a Getter that answers from memory: bodies by path and query, as in
// "/courses?pageNumber=1"; a key without a query answers whatever the query is.
// A body of three digits is that HTTP status; what is not there is 404. Header
// fields stand before the body, ended by an empty line, where its first line
// looks like one.
type Answers struct {
	Root      string // what stands before the keys: "https://api.uni.example"
	Bodies    map[string]string
	MediaType string
	Requests  []string // the paths and queries asked for
}

// Get implements harvesters.Getter.
func (a *Answers) Get(_ context.Context, req harvesters.Request) (*harvesters.Response, error) {
	u, err := url.Parse(req.URL)
	if err != nil {
		return nil, err
	}
	key := strings.TrimPrefix(req.URL, a.Root)
	a.Requests = append(a.Requests, key)
	body, ok := a.Bodies[key]
	if !ok {
		path, _, _ := strings.Cut(key, "?")
		if body, ok = a.Bodies[path]; !ok {
			return nil, &harvesters.StatusError{URL: req.URL, Status: 404}
		}
	}
	if len(body) == 3 && strings.Trim(body, "0123456789") == "" {
		status := int(body[0]-'0')*100 + int(body[1]-'0')*10 + int(body[2]-'0')
		return nil, &harvesters.StatusError{URL: req.URL, Status: status}
	}
	header, body := splitHeader(body)
	media := a.MediaType
	if media == "" {
		media = "application/json"
	}
	if t := header["Content-Type"]; len(t) > 0 {
		media = t[0]
	}
	return &harvesters.Response{URL: u, Status: 200, MediaType: media, Header: header, Body: []byte(body)}, nil
}

func splitHeader(body string) (map[string][]string, string) {
	header := map[string][]string{}
	head, rest, ok := strings.Cut(body, "\n\n")
	if !ok || head == "" || strings.ContainsAny(head[:1], "{[<@") {
		return header, body
	}
	for _, line := range strings.Split(head, "\n") {
		name, value, _ := strings.Cut(line, ": ")
		header[name] = append(header[name], value)
	}
	return header, rest
}

// Harvest reads a source and returns what the Reader emitted, reported and
// failed with.
func Harvest(r harvesters.Reader, src harvesters.Source, get harvesters.Getter) (records []harvesters.Record, findings []harvesters.Finding, err error) {
	err = r.Read(context.Background(), src, get,
		func(rec harvesters.Record) error { records = append(records, rec); return nil },
		func(f harvesters.Finding) { findings = append(findings, f) })
	return records, findings, err
}

// Names lists records as "kind id[attached kind id, …]".
func Names(records []harvesters.Record) []string {
	names := make([]string, len(records))
	for i, r := range records {
		names[i] = r.Kind + " " + r.ID
		if len(r.Attached) > 0 {
			names[i] += "[" + strings.Join(Names(r.Attached), ", ") + "]"
		}
	}
	return names
}

// Codes lists the codes of findings.
func Codes(findings []harvesters.Finding) []string {
	codes := make([]string, len(findings))
	for i, f := range findings {
		codes[i] = f.Code
	}
	return codes
}
