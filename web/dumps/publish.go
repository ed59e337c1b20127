package dumps

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"qlgraph/graph"
	"qlgraph/graph/rdf"
	"qlgraph/graph/sorted"
	"qlgraph/ontology/courseid"
)

// keptDeltas is how many deltas are kept: at one a day, two months.
const keptDeltas = 60

// Config is what a Publisher needs.
type Config struct {
	Dataset graph.Dataset
	BaseIRI string
	Dir     string // of the dumps; made where it is missing
	// License is the licence of the whole, and of providers that Licenses (by
	// SCHAC code) does not name: IRIs.
	License  string
	Licenses map[string]string
	// Describe returns what the JSON and CSV dumps say of a course, given as its
	// source's graph names it; nil where it is to be left out.
	Describe func(graph.Snapshot, rdf.Term) (*Course, error)
	Now      func() time.Time  // default time.Now
	Progress func(path string) // called before each file; may be nil
}

// errBusy says that another publication is under way.
var errBusy = errors.New("another publication writes to this directory")

// Publisher writes editions of the dumps.
type Publisher struct{ config Config }

// New returns a Publisher.
func New(c Config) *Publisher {
	if c.Now == nil {
		c.Now = time.Now
	}
	if c.Progress == nil {
		c.Progress = func(string) {}
	}
	return &Publisher{config: c}
}

// Publish writes an edition of the newest version of the dataset and makes it the
// current one. Where every file would be as it is already, the current edition
// stays, and fresh is false.
func (p *Publisher) Publish(ctx context.Context) (current *Edition, fresh bool, err error) {
	if err := os.MkdirAll(filepath.Join(p.config.Dir, deltaDir), dirMode); err != nil {
		return nil, false, err
	}
	release, err := lock(p.config.Dir)
	if err != nil {
		return nil, false, err
	}
	defer release()
	before, root, err := Current(p.config.Dir)
	if err != nil {
		return nil, false, fmt.Errorf("the edition that is published: %w", err)
	}
	if err := p.clean(before, root); err != nil {
		return nil, false, err
	}
	snap, err := p.config.Dataset.Snapshot(ctx)
	if err != nil {
		return nil, false, err
	}
	defer snap.Close()
	e := &Edition{Issued: p.issued(before), Version: snap.Version(), BaseIRI: p.config.BaseIRI}
	staged := filepath.Join(p.config.Dir, editionPrefix+stamp(e.Issued))
	if err := os.Mkdir(staged, dirMode); err != nil {
		return nil, false, err
	}
	defer func() {
		if !fresh {
			os.RemoveAll(staged)
		}
	}()
	if err := p.write(ctx, e, snap, staged); err != nil {
		return nil, false, err
	}
	if before != nil && slices.Equal(before.files(), e.files()) {
		return before, false, nil
	}
	if before != nil && before.quads() != e.quads() {
		if err := p.delta(ctx, before, root, e, staged); err != nil {
			return nil, false, err
		}
	}
	if err := p.swap(e, staged); err != nil {
		return nil, false, err
	}
	fresh = true
	return e, fresh, p.clean(e, staged)
}

// issued returns the time of the new edition, which is later than the last one's.
func (p *Publisher) issued(before *Edition) time.Time {
	now := p.config.Now().UTC().Truncate(time.Second)
	if before != nil && !now.After(before.Issued) {
		now = before.Issued.Add(time.Second)
	}
	return now
}

func stamp(t time.Time) string { return t.UTC().Format("20060102T150405Z") }

// write writes the files of an edition and their index.
func (p *Publisher) write(ctx context.Context, e *Edition, snap graph.Snapshot, root string) error {
	view, err := sorted.New(snap)
	if err != nil {
		return err
	}
	c, err := readContents(view, snap, p.config.BaseIRI)
	if err != nil {
		return err
	}
	w := &editionWriter{ctx: ctx, config: p.config, root: root, snap: snap, view: view}
	whole := Collection{Kind: Whole, License: p.config.License}
	if err := w.whole(&whole, c); err != nil {
		return err
	}
	byCode := map[string]Collection{}
	for _, code := range c.codes() {
		provider := Collection{
			Kind: Provider, ID: code, Names: c.names[courseid.Provider(p.config.BaseIRI, code)],
			License: cmp.Or(p.config.Licenses[code], p.config.License),
		}
		if err := w.provider(&provider, c.providers[code]); err != nil {
			return err
		}
		byCode[code] = provider
	}
	if err := w.join(&whole, wholeStem, c.codes(), byCode, linesEnding, tableEnding); err != nil {
		return err
	}
	e.Collections = append(e.Collections, whole)
	for _, code := range c.codes() {
		e.Collections = append(e.Collections, byCode[code])
	}
	for _, id := range slices.Sorted(maps.Keys(c.alliances)) {
		alliance := Collection{
			Kind: Alliance, ID: id, Names: c.names[courseid.Alliance(p.config.BaseIRI, id)],
			Providers: c.alliances[id], License: p.config.License,
		}
		if err := w.join(&alliance, "alliance/"+courseid.Escape(id), c.members(id), byCode, nquadsEnding, linesEnding, tableEnding); err != nil {
			return err
		}
		e.Collections = append(e.Collections, alliance)
	}
	return w.index(e)
}

// swap makes the staged edition the current one.
func (p *Publisher) swap(e *Edition, staged string) error {
	if err := syncDir(staged); err != nil {
		return err
	}
	link := filepath.Join(p.config.Dir, ".new-"+currentName)
	err := errors.Join(ignoreMissing(os.Remove(link)), os.Symlink(filepath.Base(staged), link))
	if err == nil {
		err = os.Rename(link, filepath.Join(p.config.Dir, currentName))
	}
	if err != nil {
		return err
	}
	return syncDir(p.config.Dir)
}

// clean removes what is not of the current edition: older ones, what a killed
// publication left, and deltas that lead to no published edition or are too old.
func (p *Publisher) clean(current *Edition, root string) error {
	entries, err := os.ReadDir(p.config.Dir)
	if err != nil {
		return err
	}
	for _, entry := range entries {
		if strings.HasPrefix(entry.Name(), editionPrefix) && entry.Name() != filepath.Base(root) {
			err = errors.Join(err, os.RemoveAll(filepath.Join(p.config.Dir, entry.Name())))
		}
	}
	deltas, listed := Deltas(p.config.Dir)
	for i, d := range deltas {
		if i >= keptDeltas || current == nil || d.Issued.After(current.Issued) {
			name := filepath.Join(p.config.Dir, filepath.FromSlash(d.Path))
			err = errors.Join(err, ignoreMissing(os.Remove(describing(name))), ignoreMissing(os.Remove(name)))
		}
	}
	return errors.Join(err, listed)
}

func ignoreMissing(err error) error {
	if errors.Is(err, os.ErrNotExist) {
		return nil
	}
	return err
}

// index writes the index and the list of digests, as sha256sum -c reads it.
func (w *editionWriter) index(e *Edition) error {
	var sums bytes.Buffer
	for _, f := range e.files() {
		fmt.Fprintf(&sums, "%s  %s\n", f.SHA256, f.Path)
	}
	if err := writeFile(filepath.Join(w.root, sumsName), sums.Bytes()); err != nil {
		return err
	}
	return writeJSON(filepath.Join(w.root, indexName), e)
}
