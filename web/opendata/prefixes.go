package opendata

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"maps"
	"net/http"
	"slices"
	"strings"
	"time"

	"qlgraph/graph/rdf"
	"qlgraph/internal/conneg"
	"qlgraph/ontology"
)

// Prefixes serves the table of prefixes: as declarations of SHACL
// (https://www.w3.org/TR/shacl/#sparql-prefixes), as a JSON object and as CSV.
func (h *Handler) Prefixes(w http.ResponseWriter, r *http.Request) {
	table := ontology.Prefixes()
	kind := ending(r.URL.Path)
	if kind == "" {
		if i, ok := conneg.Choose(strings.Join(r.Header.Values("Accept"), ","), conneg.Types("text/turtle", "application/json", "text/csv")); ok {
			kind = []string{"", ".json", ".csv"}[i]
		}
	}
	switch kind {
	case ".json":
		body, err := json.MarshalIndent(table, "", "  ")
		if err != nil {
			fail(w, r, err)
			return
		}
		w.Header().Add("Vary", "Accept")
		sendBody(w, r, "application/json", append(body, '\n'), time.Time{})
		return
	case ".csv":
		w.Header().Add("Vary", "Accept")
		sendBody(w, r, "text/csv; charset=utf-8", prefixRows(table), time.Time{})
		return
	}
	s := choose(w, r)
	if s == nil {
		return
	}
	d := &description{base: h.config.BaseIRI}
	whole := d.dataset("", "")
	for _, prefix := range slices.Sorted(maps.Keys(table)) {
		node := d.node()
		d.add(whole, ontology.SHACL+"declare", node)
		d.iri(node, rdf.RDFType, ontology.SHACL+"PrefixDeclaration")
		d.add(node, ontology.SHACL+"prefix", rdf.Literal(prefix))
		d.add(node, ontology.SHACL+"namespace", rdf.TypedLiteral(table[prefix], rdf.XSDAnyURI))
	}
	send(w, r, s, "/prefixes", d.quads, time.Time{})
}

func prefixRows(table map[string]string) []byte {
	var body bytes.Buffer
	rows := csv.NewWriter(&body)
	_ = rows.Write([]string{"prefix", "namespace"}) // a buffer takes everything
	for _, prefix := range slices.Sorted(maps.Keys(table)) {
		_ = rows.Write([]string{prefix, table[prefix]})
	}
	rows.Flush()
	return body.Bytes()
}
