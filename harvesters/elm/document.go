package elm

import (
	"archive/zip"
	"bytes"
	"context"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"path"
	"regexp"
	"strings"

	"qlgraph/graph/jsonld"
	"qlgraph/graph/rdfio"
	"qlgraph/ontology"
)

// maxUnpacked bounds what a compressed file may become; national exports are a
// few hundred megabytes.
const maxUnpacked = 1 << 30

// formatOf finds the syntax of a document. The manifest's content type counts
// most, then the server's, unless it is one that says nothing; where the
// document contradicts it plainly, the document is right.
func formatOf(body []byte, contentType, mediaType string) (rdfio.Format, error) {
	declared := rdfio.ByMediaType(contentType)
	if declared == 0 && mediaType != "text/plain" {
		declared = rdfio.ByMediaType(mediaType)
	}
	start := bytes.TrimLeft(bytes.TrimPrefix(body, []byte("\xef\xbb\xbf")), " \t\r\n")
	switch {
	case len(start) == 0:
		return 0, errors.New("the file is empty")
	case bytes.HasPrefix(start, []byte("\xff\xfe")), bytes.HasPrefix(start, []byte("\xfe\xff")):
		return rdfio.RDFXML, nil
	case start[0] == '{', start[0] == '[' && declared != rdfio.Turtle && declared != rdfio.TriG:
		if declared == rdfio.TriG {
			return declared, nil
		}
		return rdfio.JSONLD, nil
	case start[0] == '<' && isXML(start):
		return rdfio.RDFXML, checkRoot(start)
	case declared == 0, declared == rdfio.RDFXML, declared == rdfio.JSONLD:
		return rdfio.Turtle, nil
	}
	return declared, nil
}

// isXML tells markup from the IRI with which Turtle may begin.
func isXML(start []byte) bool {
	if bytes.HasPrefix(start, []byte("<?")) || bytes.HasPrefix(start, []byte("<!")) {
		return true
	}
	end := bytes.IndexAny(start, "> \t\r\n/")
	return end > 0 && !bytes.Contains(start[:end], []byte("://")) && (bytes.Contains(start[:end], []byte("RDF")) ||
		bytes.Contains(start, []byte("xmlns")) || bytes.EqualFold(start[:end], []byte("<html")))
}

// checkRoot recognises XML that is not RDF/XML.
func checkRoot(body []byte) error {
	d := xml.NewDecoder(bytes.NewReader(body))
	d.CharsetReader = func(_ string, r io.Reader) (io.Reader, error) { return r, nil }
	d.Strict = false
	for {
		token, err := d.Token()
		if err != nil {
			return nil // its place is the RDF/XML reader's to tell
		}
		root, ok := token.(xml.StartElement)
		if !ok {
			continue
		}
		switch {
		case root.Name.Local == "Courses" || root.Name.Space == ontology.LOQ32 || root.Name.Space == ontology.LOQ:
			return fmt.Errorf("the file is XML in the upload format of the Qualification Dataset Register (root element %s), not RDF/XML: publish it as RDF/XML, Turtle or JSON-LD", root.Name.Local)
		case strings.EqualFold(root.Name.Local, "html"):
			return errors.New("the file is an HTML page, not RDF")
		}
		return nil
	}
}

// part is a document within a file: the file itself, or an entry of an archive.
type part struct {
	name string
	open func() (io.ReadCloser, error)
}

// unpack opens a file that may be compressed.
func unpack(file *io.SectionReader) ([]part, error) {
	head := make([]byte, 4)
	n, err := file.ReadAt(head, 0)
	if err != nil && err != io.EOF {
		return nil, err
	}
	whole := func() io.Reader { return io.NewSectionReader(file, 0, file.Size()) }
	switch head = head[:n]; {
	case bytes.HasPrefix(head, []byte("PK\x03\x04")), bytes.HasPrefix(head, []byte("PK\x05\x06")):
		return unzip(file)
	case bytes.HasPrefix(head, []byte{0x1f, 0x8b}):
		return []part{{open: func() (io.ReadCloser, error) { return rdfio.Decompress(whole(), rdfio.Gzip) }}}, nil
	}
	return []part{{open: func() (io.ReadCloser, error) { return io.NopCloser(whole()), nil }}}, nil
}

func unzip(file *io.SectionReader) ([]part, error) {
	archive, err := zip.NewReader(file, file.Size())
	if err != nil {
		return nil, fmt.Errorf("unzip: %w", err)
	}
	var parts []part
	for _, f := range archive.File {
		if !f.FileInfo().IsDir() && !strings.HasPrefix(path.Base(f.Name), ".") && !strings.HasPrefix(f.Name, "__MACOSX/") {
			parts = append(parts, part{name: f.Name, open: f.Open})
		}
	}
	if len(parts) == 0 {
		return nil, errors.New("the archive is empty")
	}
	return parts, nil
}

// peekSize is how much of a document is looked at to find its syntax.
const peekSize = 64 << 10

// decode reads the documents in a file into a graph. Of a document that breaks
// off there is what stands before, and the error.
func decode(ctx context.Context, g *graph, file *io.SectionReader, contentType, mediaType, base string) error {
	parts, err := unpack(file)
	if err != nil {
		return err
	}
	left := int64(maxUnpacked)
	for i, p := range parts {
		if err := p.decode(ctx, g, i, contentType, mediaType, base, &left); err != nil {
			if p.name != "" {
				err = fmt.Errorf("%s: %w", p.name, err)
			}
			return err
		}
	}
	return nil
}

// maxJSON bounds a document in JSON-LD, which is in memory as a whole, and then
// some twenty times over; the other syntaxes are read bit by bit.
const maxJSON = 24 << 20

// capped reads at most so many bytes; more are an error.
type capped struct {
	r    io.Reader
	left *int64
	json int64 // what is left of maxJSON, negative for other syntaxes
}

func (c *capped) Read(p []byte) (int, error) {
	n, err := c.r.Read(p)
	*c.left -= int64(n)
	if *c.left < 0 {
		return 0, fmt.Errorf("unpacked, the file is larger than %d MiB: split it into several sources", maxUnpacked>>20)
	}
	if c.json < 0 {
		return n, err
	}
	if c.json -= int64(n); c.json < 0 {
		return 0, fmt.Errorf("a document in JSON-LD of more than %d MiB is not read, because it has to be in memory as a whole: publish Turtle, N-Triples or RDF/XML, or split it into several sources", maxJSON>>20)
	}
	return n, err
}

func (p part) decode(ctx context.Context, g *graph, n int, contentType, mediaType, base string, left *int64) error {
	r, err := p.open()
	if err != nil {
		return err
	}
	defer r.Close()
	rest := &capped{r, left, -1}
	head, err := io.ReadAll(io.LimitReader(rest, peekSize))
	if err != nil {
		return err
	}
	format, err := formatOf(head, contentType, mediaType)
	if err != nil {
		return err
	}
	switch format {
	case rdfio.RDFXML:
		head = bytes.TrimLeft(head, " \t\r\n") // XML allows nothing before its declaration; people do
	case rdfio.JSONLD:
		rest.json = maxJSON - int64(len(head))
	}
	document := io.MultiReader(bytes.NewReader(head), rest)
	places := map[string]int32{}
	if format == rdfio.JSONLD {
		text, err := io.ReadAll(document)
		if err != nil {
			return err
		}
		document, places = bytes.NewReader(text), jsonPlaces(text)
	}
	d, err := rdfio.NewDecoder(document, format, rdfio.DecoderOptions{Base: base, LabelPrefix: fmt.Sprintf("d%d.", n), AnyIRI: true, Lines: true})
	if err != nil {
		return err
	}
	for {
		q, err := d.Next()
		if err == io.EOF {
			if j, ok := d.(*jsonld.Decoder); ok {
				g.dropped += j.Dropped()
			}
			return nil
		}
		if err != nil {
			return fmt.Errorf("%s: %w", format, err)
		}
		if q.S != g.subject {
			g.line = max(int32(rdfio.Line(d)), places[q.S.Value()])
		}
		if err := g.add(q); err != nil {
			return err
		}
		if g.size%checkEvery == 0 && ctx.Err() != nil {
			return context.Cause(ctx)
		}
	}
}

// checkEvery is after how many triples it is looked whether somebody still waits.
const checkEvery = 1 << 12

// jsonID finds the members by which JSON-LD names its nodes.
var jsonID = regexp.MustCompile(`"(?:@id|id|uri)"\s*:\s*"([^"\\]*)"`)

// jsonPlaces returns the lines on which IRIs are first given as names. Relative
// and abbreviated ones, and those with escapes, are not found by the IRI.
func jsonPlaces(text []byte) map[string]int32 {
	places := map[string]int32{}
	line, counted := int32(1), 0
	for _, match := range jsonID.FindAllSubmatchIndex(text, -1) {
		line += int32(bytes.Count(text[counted:match[0]], []byte{'\n'}))
		counted = match[0]
		if iri := string(text[match[2]:match[3]]); places[iri] == 0 {
			places[iri] = line
		}
	}
	return places
}
