package pipeline

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"slices"

	"qlgraph/graph"
)

// Breaker says when a run is implausible: a feed that loses or changes most of
// its courses over night has more often been broken than rewritten.
type Breaker struct {
	WithdrawnShare float64 // of the published records
	WithdrawnFloor int     // fewer are never implausible
	ChangedShare   float64
	ChangedFloor   int
}

// DefaultBreaker returns the thresholds: more than 20 % withdrawn (and at least
// 10), more than 60 % changed (and at least 10).
func DefaultBreaker() Breaker {
	return Breaker{WithdrawnShare: 0.2, WithdrawnFloor: 10, ChangedShare: 0.6, ChangedFloor: 10}
}

// trips reports whether a run over so many published records is implausible.
func (b Breaker) trips(published, withdrawn, changed int) (reason string, _ bool) {
	switch {
	case withdrawn >= b.WithdrawnFloor && float64(withdrawn) > b.WithdrawnShare*float64(published):
		return fmt.Sprintf("the run would withdraw %d of %d records", withdrawn, published), true
	case changed >= b.ChangedFloor && float64(changed) > b.ChangedShare*float64(published):
		return fmt.Sprintf("the run would change %d of %d records", changed, published), true
	}
	return "", false
}

// implausible decides whether the run is held. A release, or a later run with
// the same outcome, lets it pass; what we caused ourselves by lifting
// everything anew always does.
func (h *harvest) implausible() (bool, error) {
	changed := h.result.Changed - h.aged // what only the calendar changed is as it should be
	if h.relift {
		changed = 0
	}
	reason, trips := h.run.pipeline.config.Breaker.trips(h.roll.was, h.result.Withdrawn, changed)
	now := heldState{Run: h.run.report.ID, Withdrawn: h.result.Withdrawn, Changed: changed}
	if !trips || h.state.Held.covers(now) {
		return false, nil
	}
	var err error
	if now.Outcome, err = h.outcome(); err != nil {
		return false, err
	}
	if h.state.Held != nil && h.state.Held.Outcome == now.Outcome {
		return false, nil
	}
	h.state.Held = &now
	h.result.Status = Held
	h.result.complain(reason+"; it is held until it is released or a later run confirms it", h.plan.source.Path)
	return true, nil
}

// covers reports whether the release of a held run is one of this run too: who
// released it agreed to no more than it would have withdrawn and changed.
func (s *heldState) covers(now heldState) bool {
	return s != nil && s.Released && now.Withdrawn <= s.Withdrawn && now.Changed <= s.Changed
}

// outcome names what the run would make of the source.
func (h *harvest) outcome() (string, error) {
	sum := sha256.New()
	for e := range h.roll.changed() {
		c, err := h.change(e)
		if err != nil {
			return "", err
		}
		fmt.Fprintf(sum, "%s %s\n", h.keyOf(e), c.Row.Quads)
	}
	for _, e := range h.roll.inOrder() {
		if e.known && !e.seen {
			fmt.Fprintf(sum, "%s\n", h.keyOf(e))
		}
	}
	return hex.EncodeToString(sum.Sum(nil)), nil
}

// hold keeps what was published, and remembers what was not. The source is done
// for now: were it due again at once, the next run would confirm this one before
// anybody has seen it.
func (h *harvest) hold(ctx context.Context) error {
	h.state.LastRun, h.state.LastDone = h.run.report.ID, h.run.pipeline.config.Now()
	return update(ctx, h.run.pipeline.config.Dataset, func(_ graph.Tx, l graph.LedgerTx) error {
		return set(l, tableSource, h.key, h.state)
	})
}

// Release lets the next run of a source pass whose latest run was held, unless
// that would withdraw or change more than the held one. id is the held run's. It
// returns the providers whose sources were released, to harvest them now.
func (p *Pipeline) Release(ctx context.Context, id string) ([]string, error) {
	var providers []string
	err := update(ctx, p.config.Dataset, func(_ graph.Tx, l graph.LedgerTx) error {
		var report RunReport
		if found, err := get(l, tableRun, id, &report); err != nil {
			return err
		} else if !found {
			return fmt.Errorf("no run %q", id)
		}
		for _, s := range report.Sources {
			key := sourceKey(s.Provider, s.Source)
			var state sourceState
			if found, err := get(l, tableSource, key, &state); err != nil {
				return err
			} else if !found || s.Status != Held || state.Held == nil || state.Held.Run != id {
				continue
			}
			state.Held.Released = true
			if err := set(l, tableSource, key, state); err != nil {
				return err
			}
			providers = append(providers, s.Provider)
		}
		return nil
	})
	if err == nil && len(providers) == 0 {
		err = fmt.Errorf("run %q holds nothing: it was released, confirmed or overtaken by another", id)
	}
	slices.Sort(providers)
	return slices.Compact(providers), err
}
