package pipeline

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"qlgraph/graph"
	"qlgraph/harvesters"
	"qlgraph/harvesters/formats"
	"qlgraph/ontology/courseid"
)

// Journal reads what harvesting remembers: runs, sources, records and their
// originals. It is safe for concurrent use.
type Journal struct {
	dataset graph.Dataset
	base    string
	formats []formats.Format
	zip     *compressor
}

// NewJournal returns the journal of what was harvested into a dataset under the
// aggregator's base IRI.
func NewJournal(d graph.Dataset, base string) (*Journal, error) {
	zip, err := newCompressor()
	if err != nil {
		return nil, err
	}
	return &Journal{dataset: d, base: base, formats: formats.All(), zip: zip}, nil
}

// Journal returns the pipeline's journal.
func (p *Pipeline) Journal() *Journal {
	return &Journal{dataset: p.config.Dataset, base: p.config.BaseIRI, formats: p.config.Formats, zip: p.zip}
}

// Runs returns the latest runs, newest first, at most limit of them.
func (j *Journal) Runs(ctx context.Context, limit int) ([]RunReport, error) {
	var keys []string
	var reports []RunReport
	err := view(ctx, j.dataset, func(l graph.Ledger) error {
		for entry, err := range l.Values(tableRun, "") {
			if err != nil {
				return err
			}
			keys = append(keys, entry.Key) // ids begin with the time
		}
		for _, key := range slices.Backward(keys[max(0, len(keys)-limit):]) {
			var report RunReport
			if _, err := get(l, tableRun, key, &report); err != nil {
				return err
			}
			reports = append(reports, report)
		}
		// Ids tell the second; within one, the time of the report does.
		slices.SortStableFunc(reports, func(a, b RunReport) int { return b.Started.Compare(a.Started) })
		return nil
	})
	return reports, err
}

// Run returns a run, nil where there is none with the id.
func (j *Journal) Run(ctx context.Context, id string) (*RunReport, error) {
	var report RunReport
	found := false
	err := view(ctx, j.dataset, func(l graph.Ledger) (err error) {
		found, err = get(l, tableRun, id, &report)
		return err
	})
	if err != nil || !found {
		return nil, err
	}
	return &report, nil
}

// SourceStatus is a source as its latest run left it.
type SourceStatus struct {
	Provider string    `json:"provider"`
	Source   string    `json:"source"`
	Path     string    `json:"path"`
	LastRun  string    `json:"lastRun"`
	LastDone time.Time `json:"lastDone"`
	// Refresh is the least wait between harvests, as the manifest has it.
	Refresh time.Duration `json:"refresh"`
	Held    string        `json:"held,omitempty"` // run that is held
}

// Sources returns all sources that were ever harvested, by provider and id.
func (j *Journal) Sources(ctx context.Context) ([]SourceStatus, error) {
	var sources []SourceStatus
	err := view(ctx, j.dataset, func(l graph.Ledger) error {
		for entry, err := range l.Values(tableSource, "") {
			if err != nil {
				return err
			}
			var state sourceState
			if err := decode(entry, &state); err != nil {
				return err
			}
			provider, id, err := splitSource(entry.Key)
			if err != nil {
				return err
			}
			status := SourceStatus{Provider: provider, Source: id, Path: state.Path, LastRun: state.LastRun, LastDone: state.LastDone, Refresh: time.Duration(state.Refresh)}
			if state.Held != nil {
				status.Held = state.Held.Run
			}
			sources = append(sources, status)
		}
		return nil
	})
	return sources, err
}

// Records walks the records of a source, in no meaningful order.
func (j *Journal) Records(ctx context.Context, provider, source string, fn func(Row)) error {
	return view(ctx, j.dataset, func(l graph.Ledger) error {
		return rows(l, sourceKey(provider, source), func(_ string, row Row) { fn(row) })
	})
}

// ManifestVersion is a manifest as it was for some time.
type ManifestVersion struct {
	URL   string
	Body  []byte
	Since time.Time
}

// Manifests returns the versions of an institution's manifest that were seen,
// the newest first.
func (j *Journal) Manifests(ctx context.Context, provider string) ([]ManifestVersion, error) {
	var versions []ManifestVersion
	key := courseid.Escape(provider)
	err := view(ctx, j.dataset, func(l graph.Ledger) error {
		for entry, err := range l.Values(tableManifest, key) {
			if err != nil {
				return err
			}
			if entry.Key != key && !strings.HasPrefix(entry.Key, key+"/") {
				continue // another provider whose key begins so
			}
			var m manifestState
			if err := decode(entry, &m); err != nil {
				return err
			}
			versions = append(versions, ManifestVersion{m.URL, m.Body, m.Seen})
		}
		return nil
	})
	slices.SortStableFunc(versions, func(a, b ManifestVersion) int { return b.Since.Compare(a.Since) })
	return versions, err
}

// raw reads a record from the archive.
func (j *Journal) raw(l graph.Ledger, name string) (ArchivedRecord, error) {
	var record ArchivedRecord
	packed, err := l.Value(tableRaw, name)
	if err != nil || packed == nil {
		return record, errors.Join(err, fmt.Errorf("archive: the record %s is missing", name))
	}
	text, err := j.zip.unpack(packed)
	if err != nil {
		return record, err
	}
	if err := json.Unmarshal(text, &record); err != nil {
		return record, fmt.Errorf("archive: %w", err)
	}
	return record, nil
}

// lift lifts an archived record once more.
func (j *Journal) lift(source harvesters.Source, record ArchivedRecord) (lifted harvesters.Lifted, err error) {
	i := slices.IndexFunc(j.formats, func(f formats.Format) bool { return f.Name == source.Format })
	if i < 0 {
		return lifted, fmt.Errorf("records of type %q cannot be lifted any more", source.Format)
	}
	err = safely(func() error {
		lifted = j.formats[i].Lifter.Lift(record.Record(), harvesters.Context{BaseIRI: j.base, Source: source})
		return nil
	})
	return lifted, err
}

// sourceOf rebuilds the source with the given key as it was when it was
// harvested last.
func sourceOf(l graph.Ledger, key string) (harvesters.Source, error) {
	var state sourceState
	_, err := get(l, tableSource, key, &state)
	return state.Source, err
}

// splitSource takes the key of a source apart.
func splitSource(key string) (provider, id string, err error) {
	first, second, ok := strings.Cut(key, "/")
	if !ok {
		return "", "", fmt.Errorf("ledger: %q is not the key of a source", key)
	}
	if provider, err = courseid.Unescape(first); err != nil {
		return "", "", err
	}
	id, err = courseid.Unescape(second)
	return provider, id, err
}
