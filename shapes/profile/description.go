package profile

import (
	"slices"
	"strings"
	"time"

	"qlgraph/graph"
	"qlgraph/graph/rdf"
	"qlgraph/ontology"
)

// has reports whether the predicate has a value.
func (d *description) has(predicate string) bool { return len(d.values[predicate]) > 0 }

// hasText reports whether the predicate has a value that is not blank.
func (d *description) hasText(predicate string) bool {
	return slices.ContainsFunc(d.values[predicate], func(t rdf.Term) bool {
		return t.IsLiteral() && strings.TrimSpace(t.Value()) != ""
	})
}

// identified reports whether the subject has an identifier, its own IRI
// counting as one.
func (d *description) identified() bool {
	return d.subject.term.IsIRI() || d.has(ontology.ADMS+"identifier")
}

// concepts reports whether the predicate has values and all of them are
// concepts of the bundled lists.
func (d *description) concepts(predicate string) bool {
	for _, v := range d.values[predicate] {
		if !v.IsIRI() || !ontology.IsConcept(v.Value()) {
			return false
		}
	}
	return d.has(predicate)
}

// undetermined is the language tag of texts in a language that nobody named.
const undetermined = "und"

// languages returns the distinct language tags of the predicate's values,
// without und.
func (d *description) languages(predicate string) []string {
	var tags []string
	for _, v := range d.values[predicate] {
		if tag := strings.ToLower(v.Lang()); tag != "" && tag != undetermined && !slices.Contains(tags, tag) {
			tags = append(tags, tag)
		}
	}
	return tags
}

// tagged reports whether every title and description names its language.
func (d *description) tagged() bool {
	for _, predicate := range []string{title, ontology.DCTerms + "description"} {
		for _, v := range d.values[predicate] {
			if tag := strings.ToLower(v.Lang()); tag == "" || tag == undetermined {
				return false
			}
		}
	}
	return d.has(title)
}

// translated reports whether there is a description in every language that has
// a title.
func (d *description) translated() bool {
	described := d.languages(ontology.DCTerms + "description")
	for _, tag := range d.languages(title) {
		if !slices.Contains(described, tag) {
			return false
		}
	}
	return len(described) > 0
}

// offered reports whether the data hold an offering of the course.
func (d *description) offered() bool { return d.offers > 0 || d.has(opportunity) }

// recent reports whether the course changed or was offered lately, or will be.
func (d *description) recent() bool { return d.facts.now.Before(d.recentUntil()) }

// recentUntil returns when the course stops being recent; zero where it is not
// known what time it is, or when anything happened.
func (d *description) recentUntil() time.Time {
	if d.facts.now.IsZero() || len(d.dates) == 0 {
		return time.Time{}
	}
	return slices.MaxFunc(d.dates, time.Time.Compare).Add(recentDays)
}

// maxOfferings is how many offerings of a course are looked at for its dates:
// some sources keep every year's.
const maxOfferings = 100

// readOfferings gathers the dates of the course and its offerings.
func (d *description) readOfferings() error {
	d.addDates(d.values, ontology.DCTerms+"modified")
	f := d.facts
	predicate, ok, err := f.snap.Lookup(rdf.IRI(specification))
	if err != nil || !ok {
		return err
	}
	offerings, err := f.scan(graph.Pattern{P: predicate, O: d.subject.id, Graphs: f.data})
	if err != nil {
		return err
	}
	d.offers = len(offerings)
	for _, o := range offerings[:min(len(offerings), maxOfferings)] {
		if err := d.readPeriods(o); err != nil {
			return err
		}
	}
	return nil
}

// readPeriods gathers the dates of an offering and of its periods of time.
func (d *description) readPeriods(offering graph.ID) error {
	values, err := d.facts.statements(offering)
	if err != nil {
		return err
	}
	d.addDates(values, ontology.DCTerms+"modified", ontology.ELM+"applicationDeadline")
	for _, period := range values[ontology.DCTerms+"temporal"] {
		id, ok, err := d.facts.snap.Lookup(period)
		if err != nil {
			return err
		}
		if !ok {
			continue
		}
		values, err := d.facts.statements(id)
		if err != nil {
			return err
		}
		d.addDates(values, ontology.ELM+"startDate", ontology.ELM+"endDate")
	}
	return nil
}

// addDates adds the values of the predicates that are dates or dateTimes.
func (d *description) addDates(values map[string][]rdf.Term, predicates ...string) {
	for _, p := range predicates {
		for _, v := range values[p] {
			for _, layout := range []string{time.RFC3339, "2006-01-02T15:04:05", time.DateOnly} {
				if t, err := time.Parse(layout, v.Value()); err == nil {
					d.dates = append(d.dates, t)
					break
				}
			}
		}
	}
}
