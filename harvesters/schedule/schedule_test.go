package schedule_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"testing"
	"time"

	"qlgraph/harvesters/schedule"
)

// world simulates days of harvesting: time passes when the scheduler sleeps.
type world struct {
	now      time.Time
	end      time.Time
	refresh  map[string]time.Duration // of the only source; 0: the institution has none
	broken   map[string]bool
	done     map[string]time.Time
	harvests map[string][]time.Time
}

var errEnd = errors.New("the end")

func (w *world) run(t *testing.T) {
	t.Helper()
	var keys []string
	for key := range w.refresh {
		keys = append(keys, key)
	}
	slices.Sort(keys)
	s := schedule.New(schedule.Config{
		Institutions: func() []string { return keys },
		Now:          func() time.Time { return w.now },
		Sleep: func(_ context.Context, d time.Duration) error {
			if d <= 0 {
				t.Fatalf("sleeps %v", d)
			}
			if w.now = w.now.Add(d); w.now.After(w.end) {
				return errEnd
			}
			return nil
		},
		Sources: func(context.Context) ([]schedule.Source, error) {
			var sources []schedule.Source
			for key, at := range w.done {
				sources = append(sources, schedule.Source{Provider: key, ID: "s", LastDone: at, Refresh: w.refresh[key]})
			}
			return sources, nil
		},
		Harvest: func(_ context.Context, institutions []string) (failed []string, err error) {
			for _, key := range institutions {
				w.harvests[key] = append(w.harvests[key], w.now)
				switch {
				case w.broken[key]:
					failed = append(failed, key)
				case w.refresh[key] > 0:
					w.done[key] = w.now
				}
			}
			w.now = w.now.Add(time.Second)
			return failed, nil
		},
	})
	if err := s.Run(t.Context()); !errors.Is(err, errEnd) {
		t.Fatal(err)
	}
}

func TestScheduler(t *testing.T) {
	start := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
	w := &world{now: start, end: start.Add(10 * 24 * time.Hour), done: map[string]time.Time{}, harvests: map[string][]time.Time{},
		refresh: map[string]time.Duration{"daily": 24 * time.Hour, "hourly": time.Hour, "none": 0, "broken": 6 * time.Hour},
		broken:  map[string]bool{"broken": true}}
	for i := range 100 {
		w.refresh[fmt.Sprintf("many-%03d", i)] = 24 * time.Hour
	}
	w.run(t)
	for key, interval := range map[string]time.Duration{"daily": 24 * time.Hour, "hourly": time.Hour, "none": 24 * time.Hour, "many-007": 24 * time.Hour} {
		times := w.harvests[key]
		if len(times) < 9 {
			t.Fatalf("%s was harvested %d times in ten days", key, len(times))
		}
		for i, at := range times[1:] {
			if gap := at.Sub(times[i]); gap < interval || gap > interval+interval/10+time.Minute {
				t.Errorf("%s: %v after the harvest before", key, gap)
			}
		}
	}
	var gaps []time.Duration
	times := w.harvests["broken"]
	for i, at := range times[1:] {
		gaps = append(gaps, at.Sub(times[i]).Round(time.Hour))
	}
	want := []time.Duration{1, 2, 4, 8, 16, 24, 24}
	for i := range want {
		if gaps[i] != want[i]*time.Hour {
			t.Errorf("retries of the broken source: %v", gaps)
			break
		}
	}
	// A hundred daily sources that began together have spread.
	hours := map[time.Time]bool{}
	for key, times := range w.harvests {
		if len(key) == len("many-000") {
			hours[times[5].Truncate(30*time.Minute)] = true
		}
	}
	if len(hours) < 10 {
		t.Errorf("100 sources are harvested in %d half hours", len(hours))
	}
}

func TestRestartKeepsTheSchedule(t *testing.T) {
	start := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
	w := &world{now: start, end: start.Add(20 * time.Hour), harvests: map[string][]time.Time{}, broken: map[string]bool{},
		refresh: map[string]time.Duration{"daily": 24 * time.Hour}, done: map[string]time.Time{"daily": start.Add(-time.Hour)}}
	w.run(t)
	if len(w.harvests) != 0 {
		t.Errorf("harvested an hour after the last harvest: %v", w.harvests)
	}
}
