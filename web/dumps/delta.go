package dumps

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"qlgraph/graph"
	"qlgraph/graph/ntriples"
	"qlgraph/graph/rdf"
	"qlgraph/graph/rdfio"
)

// mediaTypePatch is that of RDF Patch in its text form.
const mediaTypePatch = "application/rdf-patch"

// describing returns the name of the file that describes a delta.
func describing(name string) string { return strings.TrimSuffix(name, ".rdfp.gz") + ".json" }

// delta writes what leads from one edition to the next. Its description comes
// last: without it the patch does not count.
func (p *Publisher) delta(ctx context.Context, before *Edition, root string, after *Edition, staged string) error {
	name := deltaDir + "/" + stamp(after.Issued) + ".rdfp.gz"
	p.config.Progress(name)
	d := Delta{Path: name, Issued: after.Issued, From: before.quads(), To: after.quads()}
	os.Remove(filepath.Join(p.config.Dir, filepath.FromSlash(name))) // of a publication that was killed
	out, err := create(p.config.Dir, name, mediaTypePatch)
	if err != nil {
		return err
	}
	fmt.Fprintf(out, "H id <urn:sha256:%s> .\nH prev <urn:sha256:%s> .\nTX .\n", d.To, d.From)
	err = d.compare(ctx, filepath.Join(root, wholeName), filepath.Join(staged, wholeName), out)
	fmt.Fprint(out, "TC .\n")
	f, closed := out.close()
	if err := errors.Join(err, closed); err != nil {
		return err
	}
	d.Bytes, d.SHA256 = f.Bytes, f.SHA256
	return writeJSON(describing(filepath.Join(p.config.Dir, filepath.FromSlash(name))), d)
}

// compare writes the rows of the patch between two dumps, which are sorted.
func (d *Delta) compare(ctx context.Context, before, after string, out io.Writer) error {
	old, err := openQuads(before)
	if err != nil {
		return err
	}
	defer old.close()
	now, err := openQuads(after)
	if err != nil {
		return err
	}
	defer now.close()
	for n := 1; !old.end || !now.end; n++ {
		if n%graph.BatchSize == 0 && ctx.Err() != nil {
			return ctx.Err()
		}
		c := 0
		switch {
		case old.end:
			c = +1
		case now.end:
			c = -1
		default:
			c = rdf.CompareQuads(old.quad, now.quad)
		}
		if err := d.step(c, old, now, out); err != nil {
			return err
		}
	}
	return nil
}

// step moves forward where the quads come first; c compares them.
func (d *Delta) step(c int, old, now *quadFile, out io.Writer) (err error) {
	switch {
	case c < 0:
		d.Removed++
		err = row(out, 'D', old.quad)
	case c > 0:
		d.Added++
		err = row(out, 'A', now.quad)
	}
	if c <= 0 && err == nil {
		err = old.next()
	}
	if c >= 0 && err == nil {
		err = now.next()
	}
	return err
}

// row writes one change.
func row(out io.Writer, op byte, q rdf.Quad) error {
	_, err := out.Write(append(rdf.AppendQuad([]byte{op, ' '}, q), '\n'))
	return err
}

// quadFile reads a compressed file of quads.
type quadFile struct {
	file    *os.File
	unzip   io.ReadCloser
	decoder *ntriples.Decoder
	quad    rdf.Quad // the next one
	end     bool
}

func openQuads(name string) (*quadFile, error) {
	f, err := os.Open(name)
	if err != nil {
		return nil, err
	}
	unzip, err := rdfio.Decompress(f, rdfio.Gzip)
	if err != nil {
		f.Close()
		return nil, err
	}
	q := &quadFile{file: f, unzip: unzip, decoder: ntriples.NewDecoder(unzip, ntriples.Options{AnyIRI: true})}
	if err := q.next(); err != nil {
		q.close()
		return nil, err
	}
	return q, nil
}

func (q *quadFile) next() (err error) {
	q.quad, err = q.decoder.Next()
	if err == io.EOF {
		q.end, err = true, nil
	}
	return err
}

func (q *quadFile) close() {
	q.unzip.Close()
	q.file.Close()
}
