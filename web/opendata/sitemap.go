package opendata

import (
	"bufio"
	"bytes"
	"encoding/xml"
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"qlgraph/graph"
	"qlgraph/harvesters/pipeline"
)

// sitemapSize is how many addresses one sitemap may have (sitemaps.org).
const sitemapSize = 50_000

const sitemapNamespace = "http://www.sitemaps.org/schemas/sitemap/0.9"

// Sitemap serves the index at /sitemap.xml, and the sitemaps that it names at
// /sitemap/{n}.xml: the published courses with the time of their last change.
func (h *Handler) Sitemap(w http.ResponseWriter, r *http.Request) {
	if r.URL.Path == "/sitemap.xml" {
		h.sitemapIndex(w, r)
		return
	}
	number, isXML := strings.CutSuffix(strings.TrimPrefix(r.URL.Path, "/sitemap/"), ".xml")
	n, err := strconv.Atoi(number)
	if err != nil || n < 1 || !isXML {
		notFound(w, r, "the sitemaps are listed in /sitemap.xml")
		return
	}
	err = h.view(r.Context(), func(snap graph.Snapshot) error {
		archive, err := h.config.Journal.Archive(snap)
		if err != nil {
			return err
		}
		return h.sitemap(w, r, archive, n, snap.Version())
	})
	if err != nil {
		fail(w, r, err)
	}
}

func (h *Handler) sitemapIndex(w http.ResponseWriter, r *http.Request) {
	latest, err := h.latest(r.Context())
	if err != nil {
		fail(w, r, err)
		return
	}
	var body bytes.Buffer
	fmt.Fprintf(&body, "%s<sitemapindex xmlns=%q>\n", xml.Header, sitemapNamespace)
	for n := 1; n == 1 || (n-1)*sitemapSize < latest.courses; n++ {
		fmt.Fprintf(&body, " <sitemap><loc>%s/sitemap/%d.xml</loc></sitemap>\n", escape(h.config.BaseIRI), n)
	}
	body.WriteString("</sitemapindex>\n")
	sendBody(w, r, "application/xml; charset=utf-8", body.Bytes(), time.Time{})
}

// sitemap writes the n-th sitemap. The courses come in the order of the ledger,
// which changes with none of them.
func (h *Handler) sitemap(w http.ResponseWriter, r *http.Request, archive *pipeline.Archive, n int, version uint64) error {
	w.Header().Set("ETag", fmt.Sprintf(`W/"%d.%d"`, version, n))
	if r.Header.Get("If-None-Match") == w.Header().Get("ETag") {
		w.WriteHeader(http.StatusNotModified)
		return nil
	}
	w.Header().Set("Content-Type", "application/xml; charset=utf-8")
	w.Header().Set("Cache-Control", "public, max-age=3600")
	if r.Method == http.MethodHead {
		return nil
	}
	out := bufio.NewWriter(w)
	fmt.Fprintf(out, "%s<urlset xmlns=%q>\n", xml.Header, sitemapNamespace)
	i := 0
	for s, err := range archive.Courses() {
		if err != nil {
			return err
		}
		if s.Withdrawn {
			continue
		}
		if i++; i <= (n-1)*sitemapSize {
			continue
		}
		if i > n*sitemapSize {
			break
		}
		fmt.Fprintf(out, " <url><loc>%s</loc><lastmod>%s</lastmod></url>\n", escape(h.address(s.IRI)), s.Since.UTC().Format(time.RFC3339))
	}
	out.WriteString("</urlset>\n")
	return out.Flush()
}

// address is where the document of a course is: under its own name, or for one
// that has the IRI of its provider through the resolver.
func (h *Handler) address(iri string) string {
	if path, ours := strings.CutPrefix(iri, h.config.BaseIRI+"/course/"); ours {
		return h.config.BaseIRI + "/doc/course/" + path
	}
	return h.config.BaseIRI + "/resolve?" + url.Values{"id": {iri}}.Encode()
}

func escape(s string) string {
	var b bytes.Buffer
	_ = xml.EscapeText(&b, []byte(s)) // a buffer takes everything
	return b.String()
}

// Robots says what crawlers may fetch: documents and dumps, and not what is
// computed for each request.
func (h *Handler) Robots(w http.ResponseWriter, r *http.Request) {
	body := "User-agent: *\nDisallow: /sparql?\nDisallow: /update\nDisallow: /data\nDisallow: /qualitylink/\nDisallow: /timegate/\nDisallow: /timemap/\nDisallow: /memento/\nDisallow: /resolve\nDisallow: /*?asOf=\n" +
		"Sitemap: " + h.config.BaseIRI + "/sitemap.xml\n"
	sendBody(w, r, "text/plain; charset=utf-8", []byte(body), time.Time{})
}
