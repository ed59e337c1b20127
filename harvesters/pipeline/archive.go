package pipeline

import (
	"encoding/hex"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"qlgraph/graph"
	"qlgraph/graph/rdf"
	"qlgraph/harvesters"
	"qlgraph/harvesters/formats"
	"qlgraph/ontology/courseid"
)

// Archive reads what one snapshot remembers of courses and offerings: the
// records that describe them, the states that these had, and the originals. It
// is valid as long as its snapshot and, like that, for one goroutine.
type Archive struct {
	journal *Journal
	ledger  graph.Ledger
	history graph.History // nil: the dataset forgets states
}

// Archive returns the archive of a snapshot of the journal's dataset.
func (j *Journal) Archive(s graph.Snapshot) (*Archive, error) {
	l, ok := s.(graph.Ledger)
	if !ok {
		return nil, errNoLedger
	}
	history, _ := s.(graph.History)
	return &Archive{j, l, history}, nil
}

// Part is a record that describes a course, or one of its offerings, now or in
// the past.
type Part struct {
	Source harvesters.Source // as it was harvested last
	Graph  rdf.Term          // of the source
	Row    Row               // as it is now, or was when it was withdrawn
	States []State           // oldest first
	key    string
}

// State is what a record was from some time on, until the next state.
type State struct {
	At     time.Time // to the millisecond
	Run    string    // that made it
	Gone   bool      // nothing is published
	Record string    // SHA-256 of the archived record, in hex
	number uint32    // in the history, 0 for the present state
}

// Parts returns the records that describe the course or offering with the given
// IRI, the one that stands for it first; none where no source ever described it.
func (a *Archive) Parts(iri string) ([]Part, error) {
	var subject Subject
	found, err := get(a.ledger, tableSubject, subjectKey(iri), &subject)
	if err != nil {
		return nil, err
	}
	var keys []string
	if found {
		keys = append(keys, subject.Record)
	}
	for entry, err := range a.ledger.Values(tablePart, partKey(iri)) {
		if err != nil {
			return nil, err
		}
		if key := string(entry.Value); !slices.Contains(keys, key) {
			keys = append(keys, key)
		}
	}
	var parts []Part
	for _, key := range keys {
		part, err := a.part(key)
		if err != nil {
			return nil, err
		}
		parts = append(parts, part)
	}
	return parts, nil
}

// part reads a record with its states.
func (a *Archive) part(key string) (Part, error) {
	p := Part{key: key}
	found, err := get(a.ledger, tableRecord, key, &p.Row)
	if err != nil || !found {
		return p, errors.Join(err, fmt.Errorf("ledger: the record %s is missing", key))
	}
	source := key[:max(strings.LastIndexByte(key, '/'), 0)]
	if p.Source, err = sourceOf(a.ledger, source); err != nil {
		return p, err
	}
	provider, id, err := splitSource(source)
	if err != nil {
		return p, err
	}
	p.Graph = rdf.IRI(courseid.SourceGraph(a.journal.base, provider, id))
	if a.history != nil {
		revisions, err := a.history.Revisions(key)
		if err != nil {
			return p, err
		}
		for _, r := range revisions {
			p.States = append(p.States, State{At: r.At, Run: r.Run, Gone: r.Gone, Record: hex.EncodeToString(r.Record[:]), number: r.Number})
		}
	}
	if p.Row.published() {
		p.States = append(p.States, State{At: p.Row.Since, Run: p.Row.Run, Record: p.Row.Raw})
	}
	return p, nil
}

// Quads returns what the part's state publishes, in the source's graph.
func (a *Archive) Quads(p Part, s State) ([]rdf.Quad, error) {
	if s.Gone {
		return nil, nil
	}
	var block []byte
	var err error
	if s.number > 0 {
		block, err = a.history.RevisionState(p.key, s.number)
	} else if block, err = a.ledger.Value(tableQuads, p.key); err == nil && block != nil {
		block, err = a.journal.zip.unpack(block)
	}
	if err == nil && block == nil {
		err = errors.New("it is not kept any more")
	}
	if err != nil {
		return nil, fmt.Errorf("state of %s since %s: %w", p.key, s.At.Format(time.RFC3339), err)
	}
	quads, err := decodeQuads(nil, block)
	for i := range quads {
		quads[i].G = p.Graph
	}
	return quads, err
}

// Raw returns the record that a state came from.
func (a *Archive) Raw(s State) (ArchivedRecord, error) { return a.journal.raw(a.ledger, s.Record) }

// Statements returns what the part's state publishes, each triple with the rule
// and the place in the original that it comes from, and that original. The
// record is lifted once more for it, by the rules of today: a triple that these
// do not give any more has no rule.
func (a *Archive) Statements(p Part, s State) ([]harvesters.Statement, ArchivedRecord, error) {
	quads, err := a.Quads(p, s)
	if err != nil {
		return nil, ArchivedRecord{}, err
	}
	record, err := a.Raw(s)
	if err != nil {
		return nil, record, err
	}
	lifted, err := a.journal.lift(p.Source, record)
	if err != nil {
		return nil, record, err
	}
	origin := make(map[rdf.Quad]harvesters.Statement, len(lifted.Statements))
	for _, st := range lifted.Statements {
		origin[st.Quad] = st
	}
	statements := make([]harvesters.Statement, len(quads))
	for i, q := range quads {
		st, ok := origin[rdf.Triple(q.S, q.P, q.O)]
		if !ok {
			st.Rule = addition(q.P)
		}
		st.Quad, statements[i] = q, st
	}
	return statements, record, nil
}

// Rules returns the mapping table of a format and what the pipeline adds to it.
func (a *Archive) Rules(f harvesters.Format) []harvesters.Rule {
	rules := Rules()
	if i := slices.IndexFunc(a.journal.formats, func(known formats.Format) bool { return known.Name == f }); i >= 0 {
		rules = append(rules, a.journal.formats[i].Rules...)
	}
	return rules
}

// Withdrawn returns the IRI of the course or offering that an identifier named
// before it was withdrawn, "" where none is known.
func (a *Archive) Withdrawn(identifier string) (string, error) {
	var subject Subject
	found, err := get(a.ledger, tableSubject, subjectKey(identifier), &subject)
	if err != nil || found {
		return identifier, err
	}
	iri, err := a.ledger.Value(tableName, subjectKey(identifier))
	return string(iri), err
}

// Changed returns when the records that describe a course or offering got the
// state that they have, the zero Time where none ever did. It is Parts without
// the past, for those who ask at every request.
func (a *Archive) Changed(iri string) (time.Time, error) {
	var latest time.Time
	var subject Subject
	found, err := get(a.ledger, tableSubject, subjectKey(iri), &subject)
	if err != nil {
		return latest, err
	}
	keys := []string{}
	if found {
		keys = append(keys, subject.Record)
	}
	for entry, err := range a.ledger.Values(tablePart, partKey(iri)) {
		if err != nil {
			return latest, err
		}
		keys = append(keys, string(entry.Value))
	}
	for _, key := range keys {
		var row Row
		if _, err := get(a.ledger, tableRecord, key, &row); err != nil {
			return latest, err
		}
		for _, at := range []time.Time{row.Since, pointed(row.Withdrawn)} {
			if at.After(latest) {
				latest = at
			}
		}
	}
	return latest, nil
}
