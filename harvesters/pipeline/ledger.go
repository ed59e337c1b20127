package pipeline

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"qlgraph/graph"
	"qlgraph/harvesters"
	"qlgraph/harvesters/discover"
	"qlgraph/harvesters/fetch"
	"qlgraph/ontology/courseid"
)

// The ledger's tables. A source's key is "{schac}/{id}", both percent-encoded;
// a record's is the source's, "/" and 32 hex digits of SHA-256 over kind and id.
const (
	tableSource     = "source"     // source → sourceState
	tableRecord     = "record"     // record → Row
	tableQuads      = "quads"      // record → compressed block of its triples
	tableReport     = "report"     // record → compressed block of its validation results
	tableRaw        = "raw"        // SHA-256 of a raw record → the record, compressed
	tableSubject    = "subject"    // IRI of a course or offering → Subject
	tablePart       = "part"       // hash of the same, hash of a record's key → key of a further record that describes it
	tableName       = "name"       // other identifier of what was withdrawn → its IRI
	tableRun        = "run"        // run id → RunReport
	tableManifest   = "manifest"   // provider → manifestState
	tableSecret     = "secret"     // SHA-256 of a ciphertext → secretState
	tableBackground = "background" // path of a graph → digest of its content
)

// sourceState is what recognises a source.
type sourceState struct {
	Source      harvesters.Source           `json:"source"`
	Path        string                      `json:"path"`
	Fingerprint string                      `json:"fingerprint"`       // of what lifted it
	Mark        []byte                      `json:"mark,omitempty"`    // harvesters.Walk.Mark of the last complete run
	LastFull    time.Time                   `json:"lastFull,omitzero"` // latest complete run that read everything
	Complete    bool                        `json:"complete"`          // the last run read everything
	Validators  map[string]fetch.Validators `json:"validators,omitempty"`
	LastRun     string                      `json:"lastRun"`
	LastDone    time.Time                   `json:"lastDone"` // latest run that was not failed
	Refresh     discover.Hours              `json:"refresh"`
	Held        *heldState                  `json:"held,omitempty"`
	Gone        bool                        `json:"gone,omitempty"` // the manifest does not name it any more
}

// heldState is a run whose outcome was implausible.
type heldState struct {
	Run       string `json:"run"`
	Outcome   string `json:"outcome"` // names what it would have made of the source
	Withdrawn int    `json:"withdrawn"`
	Changed   int    `json:"changed"`
	Released  bool   `json:"released,omitempty"`
}

// Row is what is known of a record besides its quads.
type Row struct {
	Kind       string     `json:"kind"`
	ID         string     `json:"id"`
	Hash       string     `json:"hash"`            // of what was read, parts included
	Quads      string     `json:"quads,omitempty"` // digest of the block, "" where nothing is published
	Raw        string     `json:"raw"`             // key in the archive
	Subjects   []string   `json:"subjects,omitempty"`
	Courses    int        `json:"courses,omitempty"`
	URL        string     `json:"url,omitempty"` // of the response that held it
	Pointer    string     `json:"pointer,omitempty"`
	Line       int        `json:"line,omitempty"`
	Violations int        `json:"violations,omitempty"`
	Results    int        `json:"results,omitempty"` // of validation, of all severities
	Score      int        `json:"score,omitempty"`   // of quality, 0 to 100
	Tier       string     `json:"tier,omitempty"`
	Turns      *time.Time `json:"turns,omitempty"`    // when a course becomes active or inactive
	Stale      *time.Time `json:"stale,omitempty"`    // when Score changes though the record does not
	Withheld   string     `json:"withheld,omitempty"` // reason
	Run        string     `json:"run"`                // that made this state
	Since      time.Time  `json:"since"`              // when that was committed
	Withdrawn  *time.Time `json:"withdrawn,omitempty"`
}

// published reports whether the record's quads are in the source's graph.
func (r *Row) published() bool { return r.Quads != "" && r.Withdrawn == nil }

// origin is where the record was found.
func (r *Row) origin() harvesters.Origin {
	return harvesters.Origin{URL: r.URL, Pointer: r.Pointer, Line: r.Line}
}

// Subject says which record describes a course or offering.
type Subject struct {
	Source    string     `json:"source"` // key of the source
	Record    string     `json:"record"` // key of the record
	Withdrawn *time.Time `json:"withdrawn,omitempty"`
}

type manifestState struct {
	URL  string    `json:"url"`
	Body []byte    `json:"body"`
	Seen time.Time `json:"seen"` // this version first
}

type secretState struct {
	Host     string    `json:"host"`
	Provider string    `json:"provider"`
	Seen     time.Time `json:"seen"`
}

func sourceKey(schac, id string) string { return courseid.Escape(schac) + "/" + courseid.Escape(id) }

func recordKey(source, kind, id string) string {
	return source + "/" + digest([]byte(kind + "\x00" + id))[:32]
}

// maxSubjectKey is the longest IRI that is a key as it is.
const maxSubjectKey = 900

func subjectKey(iri string) string {
	if len(iri) <= maxSubjectKey {
		return iri
	}
	return "sha256:" + digest([]byte(iri))
}

// errNoLedger is the error for a dataset that cannot remember.
var errNoLedger = errors.New("the dataset keeps no ledger, which harvesting needs")

// get reads a JSON value; found is false where there is none.
func get(l graph.Ledger, table, key string, into any) (found bool, err error) {
	value, err := l.Value(table, key)
	if err != nil || value == nil {
		return false, err
	}
	if err := json.Unmarshal(value, into); err != nil {
		return false, fmt.Errorf("ledger %s %s: %w", table, key, err)
	}
	return true, nil
}

func set(l graph.LedgerTx, table, key string, value any) error {
	encoded, err := json.Marshal(value)
	if err != nil {
		return fmt.Errorf("ledger %s %s: %w", table, key, err)
	}
	return l.SetValue(table, key, encoded)
}

// entryList collects entries of the ledger, to write them in the order of their
// keys: that is many times cheaper for a B+ tree than in any other order.
type entryList struct {
	to   graph.LedgerTx // where they are not collected but written at once
	list []ledgerEntry
}

type ledgerEntry struct {
	table, key string
	value      []byte
}

func (e *entryList) add(table, key string, value []byte) error {
	if e.to != nil {
		return e.to.SetValue(table, key, value)
	}
	e.list = append(e.list, ledgerEntry{table, key, value})
	return nil
}

func (e *entryList) set(table, key string, value any) error {
	encoded, err := json.Marshal(value)
	if err != nil {
		return fmt.Errorf("ledger %s %s: %w", table, key, err)
	}
	return e.add(table, key, encoded)
}

func (e *entryList) write(l graph.LedgerTx) error {
	slices.SortStableFunc(e.list, func(a, b ledgerEntry) int {
		return cmp.Or(strings.Compare(a.table, b.table), strings.Compare(a.key, b.key))
	})
	for _, entry := range e.list {
		if err := l.SetValue(entry.table, entry.key, entry.value); err != nil {
			return err
		}
	}
	return nil
}

// view runs fn with the ledger of the newest snapshot.
func view(ctx context.Context, d graph.Dataset, fn func(graph.Ledger) error) error {
	s, err := d.Snapshot(ctx)
	if err != nil {
		return err
	}
	defer s.Close()
	l, ok := s.(graph.Ledger)
	if !ok {
		return errNoLedger
	}
	return fn(l)
}

// update runs fn in a transaction of quads and ledger.
func update(ctx context.Context, w graph.Writer, fn func(graph.Tx, graph.LedgerTx) error) error {
	_, err := w.Update(ctx, func(tx graph.Tx) error {
		l, ok := tx.(graph.LedgerTx)
		if !ok {
			return errNoLedger
		}
		return fn(tx, l)
	})
	return err
}
