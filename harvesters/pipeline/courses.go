package pipeline

import (
	"encoding/json"
	"fmt"
	"iter"
	"strings"
	"time"
)

// CourseState says since when a course is what it is, or is gone.
type CourseState struct {
	Provider  string // its code
	IRI       string // as its source's graph has it
	Since     time.Time
	Withdrawn bool
}

// Courses returns all courses that were ever published, in no meaningful order.
// It ends after the first error; single use.
func (a *Archive) Courses() iter.Seq2[CourseState, error] {
	return func(yield func(CourseState, error) bool) {
		for entry, err := range a.ledger.Values(tableRecord, "") {
			if err != nil {
				yield(CourseState{}, err)
				return
			}
			// Only what is needed is decoded: there are as many rows as records.
			var row struct {
				Subjects  []string   `json:"subjects"`
				Courses   int        `json:"courses"`
				Since     time.Time  `json:"since"`
				Quads     string     `json:"quads"`
				Withdrawn *time.Time `json:"withdrawn"`
			}
			if err := json.Unmarshal(entry.Value, &row); err != nil {
				yield(CourseState{}, fmt.Errorf("ledger %s %s: %w", tableRecord, entry.Key, err))
				return
			}
			provider, _, err := splitSource(entry.Key[:max(strings.LastIndexByte(entry.Key, '/'), 0)])
			if err != nil {
				yield(CourseState{}, err)
				return
			}
			for _, iri := range row.Subjects[:min(row.Courses, len(row.Subjects))] {
				state := CourseState{Provider: provider, IRI: iri, Since: row.Since}
				if row.Withdrawn != nil {
					state.Since, state.Withdrawn = *row.Withdrawn, true
				}
				if !yield(state, nil) {
					return
				}
			}
		}
	}
}
