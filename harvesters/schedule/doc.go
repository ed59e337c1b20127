// Package schedule decides when an institution is harvested again.
//
// Every source has a refresh interval, which is the least that its provider
// wants to wait (24 hours where it names none). A Plan gives each institution
// the time at which its next source is due, a tenth of the interval later at
// most: the delay is made from names, so that institutions spread over the day
// and stay where they are. Failures are tried again after an hour, then two,
// four, up to a day.
//
// A Scheduler runs what is due, one batch at a time. It does not harvest by
// itself and keeps nothing on disk: what it needs to know is in the pipeline's
// journal.
package schedule
