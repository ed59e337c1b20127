package pipeline

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"hash"
	"strings"
	"time"

	"qlgraph/graph/rdf"
	"qlgraph/harvesters"
)

// errTooMuch means that a source exceeds a limit of ours.
var errTooMuch = errors.New("the source is larger than the aggregator accepts")

// change is a record whose state differs from what is known.
type change struct {
	row    Row
	block  []byte // compressed triples; nil: nothing is published
	report []byte // compressed validation results
	raw    []byte // compressed record, nil where the archive has it
	same   bool   // the triples are those of before

	of        []string // courses of other records whose offerings it describes
	affected  bool     // validated again for what it refers to
	validated bool     // report is new
}

// progressStep is after how many records a run shows that it is alive.
const progressStep = 100

func (h *harvest) progress(stage string) {
	h.run.progress(Progress{Provider: h.plan.institution.Key(), Source: h.plan.source.ID, Stage: stage, Records: h.result.Records})
}

// record takes one record of the source.
func (h *harvest) record(rec harvesters.Record) error {
	rec = published(rec, h.plan.entry.Query)
	limits := h.run.pipeline.config.Limits
	if h.result.Records++; h.result.Records%progressStep == 0 {
		h.progress("read")
	}
	if h.result.Records > limits.Records {
		return fmt.Errorf("%w: more than %d records", errTooMuch, limits.Records)
	}
	if len(rec.Attached) > limits.Parts {
		h.warn(harvesters.Finding{Severity: harvesters.Violation, Code: "pipeline.parts", At: rec.Origin,
			Message: fmt.Sprintf("record %q left out: more than %d parts belong to it", rec.ID, limits.Parts)})
		return nil
	}
	key := recordKey(h.key, rec.Kind, rec.ID)
	hash := contentHash(rec)
	known, isKnown := h.known[key]
	if h.seen[key] {
		h.repeated(rec, key, hash)
		return nil
	}
	h.seen[key] = true
	if isKnown && known.Hash == hash && known.Withdrawn == nil && !h.relift {
		if known.Withheld != "" {
			h.withheld(known.Withheld, rec.Origin)
		}
		return nil
	}
	return h.lift(key, hash, rec)
}

// repeated notes a second record under an id. The first one stands.
func (h *harvest) repeated(rec harvesters.Record, key, hash string) {
	first := h.known[key].Hash
	if staged := h.staged[key]; staged != nil {
		first = staged.row.Hash
	}
	h.result.Findings["identity.repeated"]++
	if first != hash {
		h.result.Findings["identity.reused"]++
		h.result.complain(fmt.Sprintf("the id %q is used for two different records; the first one is kept", rec.ID), place(rec.Origin))
	}
}

// lift turns a record into triples and stages it.
func (h *harvest) lift(key, hash string, rec harvesters.Record) error {
	p := h.run.pipeline
	var lifted harvesters.Lifted
	err := safely(func() error {
		lifted = h.format.Lifter.Lift(rec, harvesters.Context{BaseIRI: p.config.BaseIRI, Source: h.plan.source})
		return nil
	})
	if err != nil {
		h.warn(harvesters.Finding{Severity: harvesters.Violation, Code: "pipeline.lift", At: rec.Origin,
			Message: fmt.Sprintf("record %q could not be lifted: %v", rec.ID, err)})
		delete(h.seen, key)
		return nil
	}
	for path, n := range lifted.Unmapped {
		h.result.Unmapped[path] += n
	}
	for _, f := range lifted.Findings {
		h.note(f)
	}
	row := Row{Kind: rec.Kind, ID: rec.ID, Hash: hash, URL: rec.Origin.URL, Pointer: rec.Origin.Pointer, Line: rec.Origin.Line, Run: h.run.report.ID,
		Fetched: p.config.Now().UTC().Truncate(time.Second), Answer: h.answers.status(rec.Origin.URL)}
	raw, err := json.Marshal(archived(rec))
	if err != nil {
		return fmt.Errorf("archive %q: %w", rec.ID, err)
	}
	row.Raw = digest(raw)
	c := &change{row: row}
	if known, ok := h.known[key]; !ok || known.Raw != row.Raw {
		c.raw = p.zip.pack(raw)
	}
	if reason := h.unpublishable(lifted); reason != "" {
		c.row.Withheld = reason
		h.withheld(reason, rec.Origin)
	} else {
		h.publish(c, lifted, rec.Origin)
	}
	if h.triples > p.config.Limits.Triples {
		return fmt.Errorf("%w: more than %d triples", errTooMuch, p.config.Limits.Triples)
	}
	h.stage(key, c)
	return nil
}

// publish makes the record's block.
func (h *harvest) publish(c *change, lifted harvesters.Lifted, at harvesters.Origin) {
	triples := h.admit(lifted, at)
	triples = enrich(triples, lifted.Subjects)
	if len(triples) == 0 {
		return // the lifter says that there is nothing to publish
	}
	h.triples += len(triples)
	offerings := 0
	for _, s := range lifted.Subjects {
		c.row.Subjects = append(c.row.Subjects, s.Value())
		if isOffering(triples, s) {
			offerings++
		}
	}
	c.row.Courses = len(lifted.Subjects) - offerings
	h.enact(c, triples, c.row.courses(), h.run.report.Started)
	if c.row.Courses == 0 {
		c.of = coursesOf(triples, lifted.Subjects)
	}
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

// stage notes a change against what is known.
func (h *harvest) stage(key string, c *change) {
	known, isKnown := h.known[key]
	c.same = isKnown && known.Withdrawn == nil && known.Quads == c.row.Quads
	if c.same {
		// Lifted again, or only unmapped parts changed: the state of the
		// triples is as old as it was.
		c.row.Run = known.Run
		c.row.Violations, c.row.Results, c.row.Score, c.row.Tier, c.row.Stale = known.Violations, known.Results, known.Score, known.Tier, known.Stale
	}
	h.staged[key] = c
}

// withheld counts a record that is not published, with the reason.
func (h *harvest) withheld(reason string, at harvesters.Origin) {
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
func contentHash(rec harvesters.Record) string {
	h := sha256.New()
	writeRecord(h, rec)
	return hex.EncodeToString(h.Sum(nil)[:16])
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
