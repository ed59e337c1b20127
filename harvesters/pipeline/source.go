package pipeline

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"time"

	"qlgraph/graph"
	"qlgraph/harvesters"
	"qlgraph/harvesters/fetch"
	"qlgraph/harvesters/formats"
	"qlgraph/internal/spill"
)

// harvest is the work on one source in one run.
type harvest struct {
	run    *Run
	plan   plan
	key    string
	format formats.Format
	result *SourceResult

	session    *fetch.Session
	answers    *answers
	state      sourceState
	fresh      bool // the source was never harvested
	relift     bool // what is known does not count
	roll       *roll
	stage      stage
	now        time.Time         // of the commit, to the millisecond
	triples    int               // staged
	successors map[string]string // of courses that were superseded
	aged       int               // staged because their day has come, not because they changed
	mark       []byte            // for the next run
	full       bool              // nothing was taken as it was
	changes    bool              // only what changed was read
	complete   bool              // everything was read

	telling sync.Mutex // guards the result where records are judged side by side
}

// source harvests one source. The error is that of the dataset or of the
// context; what goes wrong with the source is in the result.
func (r *Run) source(ctx context.Context, p plan, note string) (SourceResult, error) {
	started := r.pipeline.config.Now()
	key := sourceKey(p.institution.Key(), p.source.ID)
	result := SourceResult{
		Provider: p.institution.Key(), Source: p.source.ID, Type: p.source.Format, Path: p.source.Path,
		Errors: []Error{}, Findings: map[string]int{}, Examples: map[string]Error{}, Unmapped: map[string]int{},
	}
	if note != "" {
		result.complain(note, "")
	}
	release, err := r.pipeline.config.Locks.lock(ctx, key)
	if err != nil {
		return result, err
	}
	defer release()
	h := &harvest{run: r, plan: p, key: key, result: &result, roll: newRoll(), stage: stage{spill.New(r.pipeline.config.Spool)}}
	defer h.stage.Close()
	err = h.do(ctx)
	if h.session != nil {
		result.Requests = h.session.Requests()
		if ctx.Err() == nil {
			err = errors.Join(err, h.session.Done(h.complete && result.Status != Failed))
		}
	}
	result.Seconds = r.pipeline.config.Now().Sub(started).Seconds()
	return result, err
}

// do runs the stages.
func (h *harvest) do(ctx context.Context) error {
	if err := h.load(ctx); err != nil || h.result.Status == Failed {
		return err
	}
	if h.plan.gone {
		h.complete = true
		return h.finish(ctx)
	}
	if err := h.open(ctx); err != nil {
		if errors.Is(err, errWaiting) {
			h.result.Status = Waiting
			h.result.complain(err.Error(), "")
			return nil
		}
		h.result.fail(err, "")
		return context.Cause(ctx)
	}
	if err := h.read(ctx); err != nil || h.result.Status == Failed {
		return err
	}
	return h.finish(ctx)
}

// finish makes of what was read what is published.
func (h *harvest) finish(ctx context.Context) error {
	if err := h.age(ctx); err != nil {
		return err
	}
	h.succession()
	if err := h.clashes(ctx); err != nil {
		return err
	}
	if err := h.validate(ctx); err != nil {
		return fmt.Errorf("validate %s: %w", h.key, err)
	}
	h.now = h.run.pipeline.config.Now().UTC().Truncate(time.Millisecond)
	if err := h.withdraw(ctx); err != nil {
		return fmt.Errorf("withdraw %s: %w", h.key, err)
	}
	h.count()
	if err := h.evidence(); err != nil {
		return err
	}
	if held, err := h.implausible(); err != nil || held {
		return errors.Join(err, h.hold(ctx))
	}
	h.progress("commit")
	return h.commit(ctx)
}

// load reads what is known of the source.
func (h *harvest) load(ctx context.Context) error {
	p := h.run.pipeline
	i := slices.IndexFunc(p.config.Formats, func(f formats.Format) bool { return f.Name == h.plan.source.Format })
	if i < 0 {
		h.result.fail(fmt.Errorf("sources of type %s are not supported", h.plan.source.Format), "")
		return nil
	}
	h.format = p.config.Formats[i]
	err := view(ctx, p.config.Dataset, func(l graph.Ledger) error {
		found, err := get(l, tableSource, h.key, &h.state)
		if err != nil {
			return err
		}
		h.fresh = !found
		return rows(l, h.key, func(key string, row Row) { h.roll.enter(key, &row, row.due(h.run.report.Started)) })
	})
	h.relift = h.run.options.Full || h.state.Fingerprint != p.prints[h.plan.source.Format]
	return err
}

// open makes the session with the source's credentials.
func (h *harvest) open(ctx context.Context) error {
	auth, err := h.run.auth(ctx, h.plan)
	if err != nil {
		return err
	}
	target := fetch.Target{Path: h.plan.source.Path, Auth: auth, Header: h.plan.entry.Headers, Query: h.plan.entry.Query}
	if spool := h.run.pipeline.config.Spool; spool != "" {
		target.Spool = filepath.Join(spool, digest([]byte(h.key))[:32])
		target.Keep, target.Full = h.plan.source.Format != fileFormat, h.run.options.Full
	}
	// An API's page says nothing of the pages after it; a file is the source.
	if h.plan.source.Format == harvesters.ELM && !h.relift && h.state.Complete && h.state.Path == h.plan.source.Path {
		target.Known = h.state.Validators
	}
	h.session, err = h.run.pipeline.config.Client.Session(target)
	h.answers = &answers{Getter: h.session, now: h.run.pipeline.config.Now, query: h.plan.entry.Query}
	return err
}

// read walks the source. Its own failures end in the result.
func (h *harvest) read(ctx context.Context) error {
	limits := h.run.pipeline.config.Limits
	timed, cancel := context.WithTimeoutCause(ctx, limits.Time, fmt.Errorf("the source took more than %v", limits.Time))
	defer cancel()
	h.complete = true
	err := safely(func() error {
		return h.walk(timed)
	})
	for _, at := range h.session.Truncated() {
		h.complete = false
		h.result.complain("the response broke off; what had arrived was used", at)
	}
	switch {
	case ctx.Err() != nil:
		return context.Cause(ctx)
	case errors.Is(err, harvesters.ErrNotModified) || err == nil && h.session.Unchanged() && h.roll.seen == 0:
		h.keepAll()
		return nil
	case errors.Is(err, errTooMuch):
		h.result.fail(err, h.plan.source.Path)
	case err != nil && h.roll.seen == 0:
		h.result.fail(err, h.plan.source.Path)
	case err != nil:
		h.complete = false
		h.result.complain(err.Error(), h.plan.source.Path)
	case !h.complete && h.roll.seen == 0:
		// Whatever there was could not be read.
		h.result.Status = Failed
	}
	return nil
}

// fullInterval is how long a source may be read by its changes alone: what a
// source withdrew, or changed without saying so, shows after that at the latest.
const fullInterval = 7 * 24 * time.Hour

// walk reads the source with its format's reader, by its changes where the
// reader can.
func (h *harvest) walk(ctx context.Context) error {
	emit := func(rec harvesters.Record) error { return h.record(ctx, rec) }
	reader, ok := h.format.Reader.(harvesters.Incremental)
	if !ok {
		return h.format.Reader.Read(ctx, h.plan.source, h.answers, emit, h.warn)
	}
	now := h.run.report.Started
	past := harvesters.Past{Now: now, Scheduled: h.run.options.Due}
	if !h.fresh {
		past.Record = func(kind, id string) (harvesters.Record, bool, error) { return h.archived(ctx, kind, id) }
		past.Known = func(yield func(kind, id string) error) error { return h.names(ctx, yield) }
	}
	if !h.relift && h.state.Complete && h.state.Path == h.plan.source.Path && now.Sub(h.state.LastFull) < fullInterval {
		past.Mark = h.state.Mark
	}
	walk, err := reader.ReadSince(ctx, h.plan.source, past, h.answers, emit, h.warn)
	h.mark, h.full, h.changes = walk.Mark, walk.Full, err == nil && walk.Changes
	if h.changes {
		for _, e := range h.roll.entries {
			if e.known && !e.wasWithdrawn && !e.seen {
				h.roll.see(e)
			}
		}
	}
	return err
}

// archived returns a record as it was read last.
func (h *harvest) archived(ctx context.Context, kind, id string) (rec harvesters.Record, ok bool, err error) {
	e := h.roll.index[idOf(recordKey(h.key, kind, id))]
	if e == nil || !e.known || e.wasWithdrawn {
		return rec, false, nil
	}
	err = view(ctx, h.run.pipeline.config.Dataset, func(l graph.Ledger) error {
		row, err := h.before(l, e)
		if err != nil {
			return err
		}
		original, err := h.run.pipeline.Journal().raw(l, row.Raw)
		rec = original.Record()
		return err
	})
	return rec, err == nil, err
}

// names yields the records that are known, by kind and id.
func (h *harvest) names(ctx context.Context, yield func(kind, id string) error) error {
	return view(ctx, h.run.pipeline.config.Dataset, func(l graph.Ledger) error {
		var failed error
		err := rows(l, h.key, func(_ string, row Row) {
			if failed == nil && row.Withdrawn == nil {
				failed = yield(row.Kind, row.ID)
			}
		})
		return errors.Join(err, failed)
	})
}

// warn notes a page or record that could not be read. Information alone does
// not make a run incomplete.
func (h *harvest) warn(f harvesters.Finding) {
	f.At.URL = public(f.At.URL, h.plan.entry.Query)
	h.note(f)
	if f.Severity == harvesters.Info {
		return
	}
	h.complete = false
	h.result.complain(f.Message, place(f.At))
}

// note counts a finding.
func (h *harvest) note(f harvesters.Finding) {
	if h.result.Findings[f.Code]++; h.result.Findings[f.Code] == 1 {
		h.result.Examples[f.Code] = Error{f.Message, place(f.At)}
	}
}

// place renders an Origin.
func place(o harvesters.Origin) string {
	switch {
	case o.Line > 0:
		return fmt.Sprintf("%s:%d", o.URL, o.Line)
	case o.Pointer != "":
		return o.URL + "#" + o.Pointer
	}
	return o.URL
}

// keepAll takes every known record as read: the source is not modified.
func (h *harvest) keepAll() {
	for _, e := range h.roll.entries {
		if e.known && !e.wasWithdrawn {
			h.roll.see(e)
			h.result.Unchanged++
		}
	}
	h.result.Records = h.result.Unchanged
}

// safely turns a panic of a reader or lifter into an error: one format's bug is
// no reason to lose the other sources.
func safely(fn func() error) (err error) {
	defer func() {
		if r := recover(); r != nil {
			err = fmt.Errorf("internal error: %v", r)
		}
	}()
	return fn()
}

// host returns the host of a URL without port, "" where there is none.
func host(raw string) string {
	u, err := url.Parse(raw)
	if err != nil {
		return ""
	}
	return strings.ToLower(u.Hostname())
}
