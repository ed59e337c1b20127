package elm

import (
	"archive/zip"
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"path"
	"strings"

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
func unpack(body []byte) ([]part, error) {
	switch {
	case bytes.HasPrefix(body, []byte("PK\x03\x04")), bytes.HasPrefix(body, []byte("PK\x05\x06")):
		return unzip(body)
	case bytes.HasPrefix(body, []byte{0x1f, 0x8b}):
		return []part{{open: func() (io.ReadCloser, error) { return rdfio.Decompress(bytes.NewReader(body), rdfio.Gzip) }}}, nil
	}
	return []part{{open: func() (io.ReadCloser, error) { return io.NopCloser(bytes.NewReader(body)), nil }}}, nil
}

func unzip(body []byte) ([]part, error) {
	archive, err := zip.NewReader(bytes.NewReader(body), int64(len(body)))
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

// decode reads the documents in a file into a graph. A document that breaks off
// gives what stands before, and the error.
func decode(body []byte, contentType, mediaType, base string) (*graph, error) {
	parts, err := unpack(body)
	if err != nil {
		return nil, err
	}
	g := newGraph()
	left := int64(maxUnpacked)
	for i, p := range parts {
		if err := p.decode(g, i, contentType, mediaType, base, &left); err != nil {
			if p.name != "" {
				err = fmt.Errorf("%s: %w", p.name, err)
			}
			return g, err
		}
	}
	return g, nil
}

func (p part) decode(g *graph, n int, contentType, mediaType, base string, left *int64) error {
	r, err := p.open()
	if err != nil {
		return err
	}
	defer r.Close()
	limited := &io.LimitedReader{R: r, N: *left}
	head, err := io.ReadAll(io.LimitReader(limited, peekSize))
	if err != nil {
		return err
	}
	format, err := formatOf(head, contentType, mediaType)
	if err != nil {
		return err
	}
	if format == rdfio.RDFXML {
		head = bytes.TrimLeft(head, " \t\r\n") // XML allows nothing before its declaration; people do
	}
	d, err := rdfio.NewDecoder(io.MultiReader(bytes.NewReader(head), limited), format,
		rdfio.DecoderOptions{Base: base, LabelPrefix: fmt.Sprintf("d%d.", n), AnyIRI: true})
	if err != nil {
		return err
	}
	for q, err := range d.All() {
		if err != nil {
			return fmt.Errorf("%s: %w", format, err)
		}
		if err := g.add(q); err != nil {
			return err
		}
	}
	if *left = limited.N; *left <= 0 {
		return fmt.Errorf("unpacked, the file is larger than %d bytes", maxUnpacked)
	}
	return nil
}
