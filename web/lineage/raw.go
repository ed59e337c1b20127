package lineage

import (
	"bytes"
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"net/http"
	"strconv"
	"strings"

	"qlgraph/internal/problem"
	"qlgraph/web/resource"
	"qlgraph/web/timeline"
)

// Raw is the part "raw" of a document: an original, byte for byte. The parameter
// record chooses another than the first.
type Raw struct{ past *timeline.Timeline }

// NewRaw returns the part.
func NewRaw(past *timeline.Timeline) Raw { return Raw{past} }

// ServePart implements resource.Part.
func (p Raw) ServePart(w http.ResponseWriter, r *http.Request, t resource.Target) {
	p.past.Serve(w, r, t, func(h *timeline.History, v *timeline.Version) {
		a, err := tell(h, v, t.Path)
		if err != nil {
			fail(w, r, err)
			return
		}
		number := 0
		if text := r.URL.Query().Get("record"); text != "" {
			if number, err = strconv.Atoi(text); err != nil || number < 0 || number >= len(a.records) {
				problem.Write(w, r, problem.Details{Status: http.StatusNotFound, Detail: fmt.Sprintf("this version comes from %d records, 0 to %d", len(a.records), len(a.records)-1)})
				return
			}
		}
		if len(a.records) == 0 || t.Ending != "" && t.Ending != a.records[number].ending {
			problem.Write(w, r, problem.Details{Status: http.StatusNotFound, Detail: "the original is as it is: " + t.Path + "/raw"})
			return
		}
		a.send(w, r, t, number)
	})
}

// send answers with an original. Its bytes are a stranger's: nothing in them may
// be run, framed or taken for another type.
func (a *account) send(w http.ResponseWriter, r *http.Request, t resource.Target, number int) {
	rec := a.records[number]
	sum, err := hex.DecodeString(rec.SHA256)
	if err != nil {
		fail(w, r, err)
		return
	}
	header := w.Header()
	header.Set("Content-Type", rec.MediaType)
	header.Set("Content-Security-Policy", "sandbox; default-src 'none'")
	header.Set("X-Content-Type-Options", "nosniff")
	header.Set("Content-Disposition", disposition(rec))
	header.Set("Access-Control-Allow-Origin", "*")
	header.Set("Cache-Control", "public, max-age=300")
	header.Set("ETag", `"`+rec.SHA256+`"`)
	header.Set("Repr-Digest", "sha-256=:"+base64.StdEncoding.EncodeToString(sum)+":") // RFC 9530
	header.Add("Link", resource.Link{Href: t.Path + "/lineage?" + a.version.AsOf(), Rel: "describedby"}.String())
	for _, other := range a.records {
		if other.Number != number {
			header.Add("Link", resource.Link{Href: other.Raw, Rel: "related", Type: other.MediaType}.String())
		}
	}
	http.ServeContent(w, r, "", rec.Fetched, bytes.NewReader([]byte(rec.body)))
}

// disposition shows JSON and text in a browser and has others saved.
func disposition(rec record) string {
	kind := "attachment"
	if rec.MediaType == "application/json" || strings.HasPrefix(rec.MediaType, "text/") {
		kind = "inline"
	}
	return kind + `; filename="` + fileName(rec) + `"`
}

// fileName names an original by its kind and number: what a source calls it may
// be anything.
func fileName(rec record) string { return fmt.Sprintf("record-%d%s", rec.Number, rec.ending) }
