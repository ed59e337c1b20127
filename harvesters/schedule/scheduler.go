package schedule

import (
	"context"
	"slices"
	"time"
)

// maxBatch is how many institutions a run takes at most, so that results appear
// while a long list is worked through.
const maxBatch = 32

// maxSleep bounds the wait between two looks: sources change by other runs too.
const maxSleep = 10 * time.Minute

// Config says what a Scheduler works with.
type Config struct {
	// Institutions returns the keys of the institutions to harvest.
	Institutions func() []string
	// Sources returns what is known of sources.
	Sources func(ctx context.Context) ([]Source, error)
	// Harvest harvests the due sources of institutions and returns the keys of
	// those that failed. An error ends the scheduler.
	Harvest func(ctx context.Context, institutions []string) (failed []string, err error)
	// Now and Sleep stand in for the clock in tests.
	Now   func() time.Time
	Sleep func(context.Context, time.Duration) error
}

// Scheduler harvests institutions when they are due.
type Scheduler struct {
	config   Config
	searched map[string]time.Time // institutions without sources: when we looked
	failures map[string]int       // in a row
	failed   map[string]time.Time // the latest of them
}

// New returns a Scheduler.
func New(c Config) *Scheduler {
	if c.Now == nil {
		c.Now = time.Now
	}
	if c.Sleep == nil {
		c.Sleep = func(ctx context.Context, d time.Duration) error {
			timer := time.NewTimer(d)
			defer timer.Stop()
			select {
			case <-timer.C:
				return nil
			case <-ctx.Done():
				return context.Cause(ctx)
			}
		}
	}
	return &Scheduler{config: c, searched: map[string]time.Time{}, failures: map[string]int{}, failed: map[string]time.Time{}}
}

// Run harvests what is due until ctx ends, and returns its error then, or that
// of a harvest.
func (s *Scheduler) Run(ctx context.Context) error {
	for {
		due, next, err := s.plan(ctx)
		if err != nil {
			return err
		}
		if len(due) == 0 {
			wait := min(max(next.Sub(s.config.Now()), time.Second), maxSleep)
			if err := s.config.Sleep(ctx, wait); err != nil {
				return err
			}
			continue
		}
		failed, err := s.config.Harvest(ctx, due)
		if err != nil {
			return err
		}
		s.note(due, failed)
	}
}

// plan returns the institutions that are due now, and when the next one is.
func (s *Scheduler) plan(ctx context.Context) (due []string, next time.Time, err error) {
	sources, err := s.config.Sources(ctx)
	if err != nil {
		return nil, next, err
	}
	earliest := map[string]time.Time{}
	for _, source := range sources {
		at := source.Due()
		if known, ok := earliest[source.Provider]; !ok || at.Before(known) {
			earliest[source.Provider] = at
		}
	}
	now := s.config.Now()
	next = now.Add(maxSleep)
	for _, key := range s.config.Institutions() {
		at, hasSources := earliest[key]
		if searched, ok := s.searched[key]; ok && !hasSources {
			at = searched.Add(defaultRefresh + spread(key, defaultRefresh))
		}
		if n := s.failures[key]; n > 0 {
			at = s.failed[key].Add(retry(n))
		}
		switch {
		case at.After(now):
			next = earlier(next, at)
		case len(due) < maxBatch:
			due = append(due, key)
		}
	}
	return due, next, nil
}

// note remembers the outcome of a harvest.
func (s *Scheduler) note(harvested, failed []string) {
	now := s.config.Now()
	for _, key := range harvested {
		s.searched[key] = now
		if slices.Contains(failed, key) {
			s.failures[key]++
			s.failed[key] = now
		} else {
			delete(s.failures, key)
		}
	}
}

func earlier(a, b time.Time) time.Time {
	if b.Before(a) {
		return b
	}
	return a
}
