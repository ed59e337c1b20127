package main

import (
	"io"
	"net/http"
	"net/url"
	"strings"
	"testing"
)

// TestServedQueries asks the whole server as clients in use do: RDFLib and
// SPARQLWrapper send their own names of formats, curl what one types.
func TestServedQueries(t *testing.T) {
	b := besiege(t)
	const (
		count     = "SELECT (COUNT(*) AS ?n) { ?s a <http://e/Thing> }"
		construct = "CONSTRUCT WHERE { <http://e/n0> <http://e/size> ?o }"
		form      = "application/x-www-form-urlencoded"
		direct    = "application/sparql-query"
	)
	for _, test := range []struct {
		name, method, path, contentType, body string
		status                                int
		answer, want                          string // content type and part of the body
	}{
		{"GET", "GET", "/sparql?query=" + url.QueryEscape(count), "", "", 200, "application/sparql-results+json", `"4000"`},
		{"POST of a form", "POST", "/sparql", form, "query=" + url.QueryEscape(count), 200, "application/sparql-results+json", `"4000"`},
		{"POST of a query", "POST", "/sparql?format=csv", direct, count, 200, "text/csv", "4000"},
		{"QUERY", "QUERY", "/sparql?format=tsv", direct, count, 200, "text/tab-separated-values", "4000"},
		{"dataset name", "POST", "/qualitylink/query?format=xml", direct, count, 200, "application/sparql-results+xml", ">4000<"},
		{"SPARQLWrapper's N3", "POST", "/sparql?format=n3", direct, construct, 200, "text/turtle", "<http://e/size> 0"},
		{"SPARQLWrapper's RDF/XML", "POST", "/sparql?format=rdf%2Bxml", direct, construct, 200, "application/rdf+xml", "rdf:RDF"},
		{"SPARQLWrapper's JSON-LD", "POST", "/sparql?format=json-ld", direct, construct, 200, "application/ld+json", "http://e/size"},
		{"service description", "GET", "/sparql", "", "", 200, "text/turtle", "sparql-service-description#"},
		{"syntax error", "POST", "/sparql", direct, "SELECT * {\n ?s ", 400, "application/problem+json", `"line":2`},
		{"text", "POST", "/sparql", "text/plain", count, 415, "application/problem+json", "text/plain"},
		{"update without a token", "POST", "/update", "application/sparql-update", "CLEAR ALL", 401, "application/problem+json", "token"},
		{"no such graph", "GET", "/data?graph=http://e/none", "", "", 404, "application/problem+json", "http://e/none"},
	} {
		t.Run(test.name, func(t *testing.T) {
			req, err := http.NewRequestWithContext(t.Context(), test.method, b.URL+test.path, strings.NewReader(test.body))
			if err != nil {
				t.Fatal(err)
			}
			if test.contentType != "" {
				req.Header.Set("Content-Type", test.contentType)
			}
			resp, err := b.Client().Do(req)
			if err != nil {
				t.Fatal(err)
			}
			defer resp.Body.Close()
			body, err := io.ReadAll(resp.Body)
			if err != nil {
				t.Fatal(err)
			}
			if resp.StatusCode != test.status || !strings.HasPrefix(resp.Header.Get("Content-Type"), test.answer) || !strings.Contains(string(body), test.want) {
				t.Errorf("%s, %s: %.300s", resp.Status, resp.Header.Get("Content-Type"), body)
			}
		})
	}
}
