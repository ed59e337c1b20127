package main

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"os/exec"
	"strings"
	"testing"
	"time"

	"qlgraph/internal/external"
)

// endlessAnswers are queries whose answers begin soon and end never.
func endlessAnswers() map[string]string {
	const pattern = "{ ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l }"
	answers := map[string]string{}
	for _, format := range []string{"json", "xml", "csv", "tsv"} {
		answers[format] = "SELECT * " + pattern
	}
	for _, format := range []string{"turtle", "ntriples", "nquads", "trig", "rdfxml"} {
		answers[format] = "CONSTRUCT { ?a ?b [ ?e ?i ; ?h ?l ] } WHERE " + pattern
	}
	return answers
}

// overH2C is a client that speaks HTTP/2 without TLS.
func overH2C() *http.Client {
	var p http.Protocols
	p.SetUnencryptedHTTP2(true)
	return &http.Client{Transport: &http.Transport{Protocols: &p}}
}

// TestCutOffAnswersAreVisible has a limit cut off answers in each format, with
// and without compression, over each version of HTTP: the client must not take
// what it got for a whole answer.
func TestCutOffAnswersAreVisible(t *testing.T) {
	s := serveWith(t, "sparql: {time: 20s, concurrent: 100}", nil)
	s.update(chain(150))
	t.Run("each", func(t *testing.T) {
		for version, client := range map[string]*http.Client{"HTTP/1.1": http.DefaultClient, "HTTP/2.0": overH2C()} {
			for format, query := range endlessAnswers() {
				if version == "HTTP/2.0" && format != "json" && format != "turtle" && format != "csv" {
					continue // what breaks off a stream does not depend on what is in it
				}
				for _, encoding := range []string{"identity", "gzip"} {
					t.Run(version+" "+format+" "+encoding, func(t *testing.T) {
						t.Parallel()
						s.wantCutOff(t, client, version, format, encoding, query)
					})
				}
			}
		}
	})
}

func (s *served) wantCutOff(t *testing.T, client *http.Client, version, format, encoding, query string) {
	var resp *http.Response
	for timeout := 400 * time.Millisecond; resp == nil || resp.StatusCode == 503 && timeout < 20*time.Second; timeout *= 2 { // until the answer begins
		params := url.Values{"format": {format}, "query": {query}, "timeout": {timeout.String()}}
		req, err := http.NewRequestWithContext(t.Context(), "GET", s.url+"/sparql?"+params.Encode(), nil)
		if err != nil {
			t.Fatal(err)
		}
		req.Header.Set("Accept-Encoding", encoding)
		if resp, err = client.Do(req); err != nil {
			t.Fatal(err)
		}
		defer resp.Body.Close()
	}
	if resp.StatusCode != 200 || resp.Proto != version {
		t.Fatalf("%s %s", resp.Proto, resp.Status)
	}
	compressed := resp.Header.Get("Content-Encoding") == "gzip"
	if compressed != (encoding == "gzip") {
		t.Errorf("Content-Encoding %q", resp.Header.Get("Content-Encoding"))
	}
	content, err := io.ReadAll(resp.Body)
	if err == nil || len(content) == 0 {
		t.Errorf("%d bytes ended as if they were all", len(content))
	}
	if !compressed {
		return
	}
	// Whoever looks at the compressed part alone sees that it is not whole either.
	z, err := gzip.NewReader(bytes.NewReader(content))
	if err == nil {
		_, err = io.Copy(io.Discard, z)
	}
	if err == nil {
		t.Error("the compressed answer is whole")
	}
}

// TestJSONLDIsWholeOrNotThere: what cannot be streamed has an error's status.
func TestJSONLDIsWholeOrNotThere(t *testing.T) {
	s := serveWith(t, "sparql: {time: 450ms}", nil)
	s.update(chain(150))
	resp, body := s.send("GET", "/sparql?"+url.Values{"format": {"jsonld"}, "query": {endlessAnswers()["turtle"]}}.Encode(), "", "")
	if resp.StatusCode != 503 && resp.StatusCode != 406 || resp.Header.Get("Content-Type") != "application/problem+json" {
		t.Errorf("%s: %.200s", resp.Status, body)
	}
}

// TestCutOffAnswerOverHTTP10 asks by a version where a closed connection is the
// end of the answer: it has to be reset.
func TestCutOffAnswerOverHTTP10(t *testing.T) {
	s := serveWith(t, "sparql: {time: 500ms}", nil)
	s.update(chain(150))
	conn, err := net.Dial("tcp", strings.TrimPrefix(s.url, "http://"))
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	fmt.Fprintf(conn, "GET /sparql?format=csv&query=%s HTTP/1.0\r\n\r\n", url.QueryEscape(endlessAnswers()["csv"]))
	_ = conn.SetReadDeadline(time.Now().Add(20 * time.Second))
	if n, err := io.Copy(io.Discard, bufio.NewReader(conn)); err == nil || n == 0 {
		t.Errorf("%d bytes, %v", n, err)
	}
}

// TestCurlSeesCutOffAnswers: its exit status is what scripts look at.
func TestCurlSeesCutOffAnswers(t *testing.T) {
	curl := external.Program(t, "curl", "curl")
	s := serveWith(t, "sparql: {time: 500ms}", nil)
	s.update(chain(150))
	for _, option := range []string{"--http1.1", "--http1.0", "--http2-prior-knowledge", "--compressed"} {
		cmd := exec.CommandContext(t.Context(), curl, "-sS", option, "-o", "/dev/null", s.url+"/sparql?format=tsv&query="+url.QueryEscape(endlessAnswers()["tsv"]))
		out, err := cmd.CombinedOutput()
		t.Logf("%s: %v: %s", option, err, out)
		if cmd.ProcessState.ExitCode() <= 0 {
			t.Errorf("%s: exit status %d", option, cmd.ProcessState.ExitCode())
		}
	}
}
