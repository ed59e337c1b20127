package pipeline

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"hash"
	"strings"
	"time"

	"qlgraph/graph"
	"qlgraph/graph/rdf"
	"qlgraph/harvesters"
	"qlgraph/ontology/courseid"
)

// errTooMuch means that a source exceeds a limit of ours.
var errTooMuch = errors.New("the source is larger than the aggregator accepts")

// maxUnmapped bounds how many kinds of values that no rule looked at are counted:
// their names are the source's.
const maxUnmapped = 1000

// progressStep is after how many records a run shows that it is alive.
const progressStep = 100

func (h *harvest) progress(stage string) {
	h.run.progress(Progress{Provider: h.plan.institution.Key(), Source: h.plan.source.ID, Stage: stage, Records: h.result.Records})
}

// record takes one record of the source.
func (h *harvest) record(ctx context.Context, rec harvesters.Record) error {
	rec = published(rec, h.plan.entry.Query)
	limits := h.run.pipeline.config.Limits
	if h.result.Records++; h.result.Records%progressStep == 0 {
		h.progress("read")
	}
	if h.result.Records > limits.Records {
		return fmt.Errorf("%w: more than %d records", errTooMuch, limits.Records)
	}
	if reason := limits.exceeded(rec); reason != "" {
		h.warn(harvesters.Finding{Severity: harvesters.Violation, Code: "pipeline.parts", At: rec.Origin,
			Message: fmt.Sprintf("record %.100q left out: %s", rec.ID, reason)})
		return nil
	}
	e := h.roll.entry(idOf(recordKey(h.key, rec.Kind, rec.ID)))
	hash := contentHash(rec)
	if e.seen {
		h.repeated(rec, e, hash)
		return nil
	}
	h.roll.see(e)
	unchanged := e.known && e.hash == hash && !e.wasWithdrawn && !h.relift
	if unchanged && !e.wasWithheld {
		return nil
	}
	known, err := h.knownRow(ctx, e)
	if unchanged && !strings.HasPrefix(known.Withheld, heldBack) {
		h.withheld(known.Withheld, rec.Origin)
		return err
	}
	e.hash = hash
	return errors.Join(err, h.lift(ctx, e, known, rec))
}

// heldBack begins the reasons for which we hold a record back that could be
// published in itself. They may have gone although it is as it was: another
// institution has withdrawn what had the same id, or is known now.
const heldBack = "not published: "

// exceeded returns which limit a record exceeds, "" for none.
func (l Limits) exceeded(rec harvesters.Record) string {
	size := len(rec.Body)
	for _, part := range rec.Attached {
		size += len(part.Body)
	}
	switch {
	case len(rec.Attached) > l.Parts:
		return fmt.Sprintf("more than %d parts belong to it", l.Parts)
	case size > l.Record:
		return fmt.Sprintf("with its parts it is larger than %d KiB", l.Record>>10)
	}
	return ""
}

// knownRow returns the row of a record before the run, the zero Row where it was
// not known.
func (h *harvest) knownRow(ctx context.Context, e *entry) (row Row, err error) {
	if !e.known {
		return row, nil
	}
	err = view(ctx, h.run.pipeline.config.Dataset, func(l graph.Ledger) error {
		row, err = h.before(l, e)
		return err
	})
	return row, err
}

// repeated notes a second record under an id. The first one stands.
func (h *harvest) repeated(rec harvesters.Record, e *entry, hash [16]byte) {
	h.result.Findings["identity.repeated"]++
	if e.hash != hash {
		h.identity(IdentityFinding{Kind: "reused", Subject: courseid.Course{SCHAC: h.plan.institution.Key(), ID: rec.ID}.IRI(h.run.pipeline.config.BaseIRI), After: place(rec.Origin)})
		h.result.complain(fmt.Sprintf("the id %q is used for two different records; the first one is kept", rec.ID), place(rec.Origin))
	}
}

// lift turns a record into triples and stages it.
func (h *harvest) lift(ctx context.Context, e *entry, known Row, rec harvesters.Record) error {
	p := h.run.pipeline
	var lifted harvesters.Lifted
	err := safely(func() error {
		lifted = h.format.Lifter.Lift(rec, harvesters.Context{BaseIRI: p.config.BaseIRI, Source: h.plan.source})
		return nil
	})
	if err != nil {
		h.warn(harvesters.Finding{Severity: harvesters.Violation, Code: "pipeline.lift", At: rec.Origin,
			Message: fmt.Sprintf("record %q could not be lifted: %v", rec.ID, err)})
		h.roll.miss(e)
		return nil
	}
	for path, n := range lifted.Unmapped {
		if _, counted := h.result.Unmapped[path]; counted || len(h.result.Unmapped) < maxUnmapped {
			h.result.Unmapped[path] += n
		}
	}
	for _, f := range lifted.Findings {
		h.note(f)
	}
	row := Row{Kind: rec.Kind, ID: rec.ID, Hash: hex.EncodeToString(e.hash[:]), URL: rec.Origin.URL, Pointer: rec.Origin.Pointer, Line: rec.Origin.Line, Run: h.run.report.ID}
	c := &change{entry: e, Row: row}
	if err := h.archive(c, known, rec); err != nil {
		return err
	}
	var triples []rdf.Quad
	if reason := h.unpublishable(lifted); reason != "" {
		c.Row.Withheld = reason
		h.withheld(reason, rec.Origin)
	} else if triples, err = h.publish(c, lifted, rec.Origin); err != nil {
		return err
	}
	if h.triples > p.config.Limits.Triples {
		return fmt.Errorf("%w: more than %d triples", errTooMuch, p.config.Limits.Triples)
	}
	return h.compose(ctx, c, known, triples)
}

// archive stages the original of the change, unless it is that of what is known:
// then it is kept with when and where it was read first.
func (h *harvest) archive(c *change, known Row, rec harvesters.Record) error {
	if c.known && known.Hash == c.Row.Hash && known.Withdrawn == nil {
		c.Row.Raw = known.Raw
		return nil
	}
	a := archived(rec)
	a.Fetched = h.run.pipeline.config.Now().UTC().Truncate(time.Second)
	a.Status = h.answers.status(rec.Origin.URL)
	raw, err := json.Marshal(a)
	if err != nil {
		return fmt.Errorf("archive %q: %w", rec.ID, err)
	}
	c.Row.Raw = digest(raw)
	c.raw, err = h.stage.write(h.run.pipeline.zip.pack(raw))
	return err
}

// publish makes the record's block of its triples, which it returns.
func (h *harvest) publish(c *change, lifted harvesters.Lifted, at harvesters.Origin) ([]rdf.Quad, error) {
	triples := h.admit(lifted, at)
	triples = h.run.pipeline.alliances.enrich(enrich(triples, lifted.Subjects), h.plan.institution.Key())
	if len(triples) == 0 {
		return nil, nil // the lifter says that there is nothing to publish
	}
	h.triples += len(triples)
	offerings := 0
	for _, s := range lifted.Subjects {
		c.Row.Subjects = append(c.Row.Subjects, s.Value())
		if isOffering(triples, s) {
			offerings++
		}
	}
	c.Row.Courses = len(lifted.Subjects) - offerings
	if c.Row.Courses == 0 {
		c.Of = coursesOf(triples, lifted.Subjects)
	}
	return triples, h.enact(c, triples, c.Row.courses(), h.run.report.Started)
}

// isOffering reports whether s is typed as an offering.
func isOffering(triples []rdf.Quad, s rdf.Term) bool {
	for _, q := range triples {
		if q.S == s && q.P == typeTerm && q.O == instanceClass {
			return true
		}
	}
	return false
}

// compose stages a change against what is known.
func (h *harvest) compose(ctx context.Context, c *change, known Row, triples []rdf.Quad) error {
	c.same = c.known && known.Withdrawn == nil && known.Quads == c.Row.Quads
	if c.same {
		// Lifted again, or only unmapped parts changed: the state of the
		// triples is as old as it was.
		c.Row.Run = known.Run
		c.Row.Violations, c.Row.Results, c.Row.Score, c.Row.Tier, c.Row.Stale = known.Violations, known.Results, known.Score, known.Tier, known.Stale
	}
	if c.Row.published() {
		if err := h.identify(ctx, c, known, triples); err != nil {
			return err
		}
	}
	if c.Row.published() {
		h.roll.claim(c.entry, &c.Row, false)
	}
	return h.put(c)
}

// withheld counts a record that is not published, with the reason.
func (h *harvest) withheld(reason string, at harvesters.Origin) {
	h.telling.Lock()
	defer h.telling.Unlock()
	h.result.Withheld++
	h.result.complain(reason, place(at))
}

// unpublishable returns why nothing of the record is published, "" where it is.
func (h *harvest) unpublishable(lifted harvesters.Lifted) string {
	if len(lifted.Statements) == 0 {
		for _, f := range lifted.Findings {
			if f.Severity == harvesters.Violation {
				return f.Message
			}
		}
		return ""
	}
	return h.foreign(lifted)
}

// ArchivedRecord is a raw record as the archive keeps it.
type ArchivedRecord struct {
	Kind     string           `json:"kind"`
	ID       string           `json:"id"`
	Body     string           `json:"body"` // UTF-8: readers make it so
	URL      string           `json:"url,omitempty"`
	Pointer  string           `json:"pointer,omitempty"`
	Line     int              `json:"line,omitempty"`
	Attached []ArchivedRecord `json:"attached,omitempty"`
	Fetched  time.Time        `json:"fetched,omitzero"` // when it was read first; zero for what is attached
	Status   int              `json:"status,omitempty"` // of the HTTP response that held it
}

func archived(rec harvesters.Record) ArchivedRecord {
	a := ArchivedRecord{Kind: rec.Kind, ID: rec.ID, Body: string(rec.Body), URL: rec.Origin.URL, Pointer: rec.Origin.Pointer, Line: rec.Origin.Line}
	for _, part := range rec.Attached {
		a.Attached = append(a.Attached, archived(part))
	}
	return a
}

// Record returns the record that was archived.
func (a ArchivedRecord) Record() harvesters.Record {
	rec := harvesters.Record{Kind: a.Kind, ID: a.ID, Body: []byte(a.Body), Origin: harvesters.Origin{URL: a.URL, Pointer: a.Pointer, Line: a.Line}}
	for _, part := range a.Attached {
		rec.Attached = append(rec.Attached, part.Record())
	}
	return rec
}

// contentHash is over what a lifter sees; where a record was found does not
// count, so that a new course at the top of a list changes no other.
func contentHash(rec harvesters.Record) [16]byte {
	h := sha256.New()
	writeRecord(h, rec)
	return [16]byte(h.Sum(nil)[:16])
}

func writeRecord(h hash.Hash, rec harvesters.Record) {
	fmt.Fprintf(h, "%s\x00%s\x00%d\x00%d\x00", rec.Kind, rec.ID, len(rec.Body), len(rec.Attached))
	h.Write(rec.Body)
	for _, part := range rec.Attached {
		writeRecord(h, part)
	}
}

// under reports whether an IRI begins with another.
func under(iri, base string) bool { return strings.HasPrefix(iri, base) }
