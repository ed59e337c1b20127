package schedule

import (
	"time"

	"github.com/zeebo/xxh3"
)

// Source is what is known of a source's harvests.
type Source struct {
	Provider string
	ID       string
	LastDone time.Time // of the latest run that did not fail; zero: never
	Refresh  time.Duration
}

const (
	// defaultRefresh is the interval for institutions without a source: new
	// manifests are found within a day.
	defaultRefresh = 24 * time.Hour
	// jitter is the share of the interval over which harvests are spread.
	jitter = 0.1
	// firstRetry is the wait after a failure; each further one doubles it, up
	// to defaultRefresh.
	firstRetry = time.Hour
)

// Due returns when a source may be harvested again, with its delay.
func (s Source) Due() time.Time {
	if s.LastDone.IsZero() {
		return s.LastDone
	}
	return s.LastDone.Add(s.Refresh + spread(s.Provider+"/"+s.ID, s.Refresh))
}

// spread returns a part of the tenth of an interval, made from a name.
func spread(name string, interval time.Duration) time.Duration {
	part := float64(xxh3.HashString(name)>>11) / (1 << 53)
	return time.Duration(part * jitter * float64(interval))
}

// retry returns the wait after so many failures in a row.
func retry(failures int) time.Duration {
	wait := firstRetry
	for range min(failures-1, 10) {
		wait = min(2*wait, defaultRefresh)
	}
	return wait
}
