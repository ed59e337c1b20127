package pipeline

import (
	"context"
	"fmt"
	"slices"
	"time"

	"qlgraph/graph"
	"qlgraph/harvesters"
	"qlgraph/harvesters/discover"
	"qlgraph/harvesters/registry"
	"qlgraph/ontology/courseid"
)

// plan is a source that a manifest names, before it is harvested.
type plan struct {
	institution registry.Institution
	entry       discover.Entry
	source      harvesters.Source
	gone        bool // the manifest does not name it any more
}

func newPlan(in registry.Institution, e discover.Entry) plan {
	return plan{institution: in, entry: e, source: harvesters.Source{
		Provider:    in.Provider,
		ID:          courseid.SourceID(e.ID, string(e.Type), e.Path),
		Name:        e.Name,
		Format:      e.Type,
		Version:     e.Version,
		Path:        e.Path,
		ContentType: e.ContentType,
		PageSize:    e.PageSize,
	}}
}

// institution finds the sources of an institution and harvests them.
func (r *Run) institution(ctx context.Context, in registry.Institution) ([]SourceResult, error) {
	r.progress(Progress{Provider: in.Key(), Stage: "discover"})
	started := r.pipeline.config.Now()
	manifest, note, err := r.manifest(ctx, in)
	if err != nil {
		return nil, err
	}
	if manifest == nil && in.Listed {
		return nil, nil // most institutions of the lists publish nothing yet
	}
	if manifest == nil {
		result := SourceResult{Provider: in.Key(), Errors: []Error{}}
		result.fail(fmt.Errorf("%s", note), "")
		result.Seconds = r.pipeline.config.Now().Sub(started).Seconds()
		r.progress(Progress{Provider: in.Key(), Stage: "done", Result: &result})
		return []SourceResult{result}, nil
	}
	results := r.unusable(in, manifest)
	for _, entry := range manifest.Sources {
		if early, err := r.early(ctx, newPlan(in, entry)); err != nil {
			return nil, err
		} else if early {
			continue
		}
		result, err := r.source(ctx, newPlan(in, entry), note)
		if err != nil {
			return nil, err
		}
		r.progress(Progress{Provider: in.Key(), Source: result.Source, Stage: "done", Result: &result})
		results = append(results, result)
	}
	vanished, err := r.vanished(ctx, in, manifest, note)
	return append(results, vanished...), err
}

// vanished withdraws the sources that the manifest does not name any more,
// with the same caution as records of a source. A manifest that is only
// remembered proves nothing.
func (r *Run) vanished(ctx context.Context, in registry.Institution, m *discover.Manifest, note string) ([]SourceResult, error) {
	if note != "" || len(m.Problems) > 0 && slices.ContainsFunc(m.Problems, func(p discover.Problem) bool { return p.Severity == harvesters.Violation }) {
		return nil, nil
	}
	named := map[string]bool{}
	for _, entry := range m.Sources {
		named[sourceKey(in.Key(), newPlan(in, entry).source.ID)] = true
	}
	var gone []plan
	err := view(ctx, r.pipeline.config.Dataset, func(l graph.Ledger) error {
		for entry, err := range l.Values(tableSource, courseid.Escape(in.Key())+"/") {
			if err != nil {
				return err
			}
			var state sourceState
			if err := decode(entry, &state); err != nil {
				return err
			}
			if named[entry.Key] || state.Gone {
				continue
			}
			source := state.Source
			source.Provider = in.Provider
			gone = append(gone, plan{institution: in, source: source, gone: true})
		}
		return nil
	})
	var results []SourceResult
	for _, p := range gone {
		if err != nil {
			break
		}
		var result SourceResult
		if result, err = r.source(ctx, p, "the manifest does not name this source any more"); err == nil {
			r.progress(Progress{Provider: in.Key(), Source: result.Source, Stage: "done", Result: &result})
			results = append(results, result)
		}
	}
	return results, err
}

// early reports whether a scheduled run comes before the source's refresh.
func (r *Run) early(ctx context.Context, p plan) (bool, error) {
	if !r.options.Due {
		return false, nil
	}
	var state sourceState
	err := view(ctx, r.pipeline.config.Dataset, func(l graph.Ledger) error {
		_, err := get(l, tableSource, sourceKey(p.institution.Key(), p.source.ID), &state)
		return err
	})
	return r.pipeline.config.Now().Before(state.LastDone.Add(time.Duration(p.entry.Refresh))), err
}

// unusable reports the manifest's sources that cannot be harvested.
func (r *Run) unusable(in registry.Institution, m *discover.Manifest) []SourceResult {
	var results []SourceResult
	for _, problem := range m.Problems {
		if problem.Severity == harvesters.Violation {
			result := SourceResult{Provider: in.Key(), Errors: []Error{}}
			result.fail(fmt.Errorf("manifest: %s", problem), m.URL)
			results = append(results, result)
		}
	}
	return results
}

// manifest finds the manifest, or takes the one that is known where the search
// shows nothing: a DNS server that is down has not withdrawn anything. Without
// either, note says why.
func (r *Run) manifest(ctx context.Context, in registry.Institution) (_ *discover.Manifest, note string, err error) {
	if r.options.Manifest != nil {
		return r.options.Manifest, "", nil
	}
	report, err := r.pipeline.config.Finder.Discover(ctx, discover.Institution{SCHAC: in.SCHAC, Website: in.Website, Manifest: in.Manifest})
	if err != nil {
		return nil, "", err
	}
	if report.Manifest != nil {
		return report.Manifest, "", r.rememberManifest(ctx, in, report)
	}
	note = report.Reason()
	if in.Manifest == "" && report.Conclusive() {
		return nil, note, nil
	}
	var known manifestState
	err = view(ctx, r.pipeline.config.Dataset, func(l graph.Ledger) error {
		_, err := get(l, tableManifest, courseid.Escape(in.Key()), &known)
		return err
	})
	if err != nil || known.Body == nil {
		return nil, note, err
	}
	manifest := known.parse()
	if manifest == nil {
		return nil, note, nil
	}
	return manifest, note + "; the manifest of " + known.Seen.UTC().Format(time.DateOnly) + " is used", nil
}

// rememberManifest keeps a manifest that is new or changed.
func (r *Run) rememberManifest(ctx context.Context, in registry.Institution, report *discover.Report) error {
	key := courseid.Escape(in.Key())
	var known manifestState
	err := view(ctx, r.pipeline.config.Dataset, func(l graph.Ledger) error {
		_, err := get(l, tableManifest, key, &known)
		return err
	})
	if err != nil || string(known.Body) == string(report.Body) && known.URL == report.Manifest.URL {
		return err
	}
	if before := known.parse(); before != nil {
		r.manifestChanged(in.Key(), before, report.Manifest)
	}
	return update(ctx, r.pipeline.config.Dataset, func(_ graph.Tx, l graph.LedgerTx) error {
		now := r.pipeline.config.Now()
		if known.Body != nil {
			if err := set(l, tableManifest, key+"/"+now.UTC().Format(time.RFC3339), known); err != nil {
				return err
			}
		}
		return set(l, tableManifest, key, manifestState{URL: report.Manifest.URL, Body: report.Body, Seen: now})
	})
}

// parse returns the manifest, nil where there is none, or where a version wrote
// it that understood it otherwise.
func (m *manifestState) parse() *discover.Manifest {
	manifest, err := discover.Parse(m.Body)
	if err != nil {
		return nil
	}
	manifest.URL = m.URL
	return manifest
}

// manifestChanged puts a change of a manifest into the run's report.
func (r *Run) manifestChanged(provider string, before, after *discover.Manifest) {
	changes := discover.Changes(before, after)
	if len(changes) == 0 {
		return // spelt otherwise
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	r.report.Manifests = append(r.report.Manifests, ManifestChange{provider, after.URL, changes})
}
