package pipeline

import (
	"encoding/json"
	"fmt"
	"net/url"
	"strconv"
	"time"

	"qlgraph/graph"
	"qlgraph/graph/iri"
	"qlgraph/graph/rdf"
	"qlgraph/harvesters"
	"qlgraph/ontology"
	"qlgraph/ontology/courseid"
)

// fileFormat is the format whose sources are one resource each.
const fileFormat = harvesters.ELM

func decode(e graph.Entry, into any) error {
	if err := json.Unmarshal(e.Value, into); err != nil {
		return fmt.Errorf("ledger %s: %w", e.Key, err)
	}
	return nil
}

// provenance describes the sources of a run that changed something, as PROV
// activities that used a source and generated its graph. A run that changed
// nothing leaves no trace in the dataset.
func provenance(base string, report *RunReport) []rdf.Quad {
	var quads []rdf.Quad
	in := rdf.IRI(base + "/graph/provenance")
	for _, s := range report.Sources {
		if s.Created+s.Changed+s.Withdrawn == 0 || s.Status == Held || s.Status == Failed {
			continue
		}
		activity := rdf.IRI(base + "/run/" + courseid.Escape(report.ID) + "#" + courseid.Escape(s.Provider) + "." + courseid.Escape(s.Source))
		source := rdf.IRI(courseid.Source(base, s.Provider, s.Source))
		output := rdf.IRI(courseid.SourceGraph(base, s.Provider, s.Source))
		add := func(s rdf.Term, p string, o rdf.Term) { quads = append(quads, rdf.Triple(s, rdf.IRI(p), o).In(in)) }
		add(activity, rdf.RDFType, rdf.IRI(ontology.PROV+"Activity"))
		add(activity, ontology.PROV+"startedAtTime", dateTime(report.Started))
		add(activity, ontology.PROV+"endedAtTime", dateTime(report.Ended))
		add(activity, ontology.PROV+"used", source)
		add(activity, ontology.PROV+"generated", output)
		add(activity, ontology.DCTerms+"isPartOf", rdf.IRI(base+"/run/"+courseid.Escape(report.ID)))
		add(source, ontology.DCAT+"accessURL", address(s.Path))
		add(source, ontology.DCTerms+"publisher", rdf.IRI(courseid.Provider(base, s.Provider)))
		add(output, ontology.PROV+"wasDerivedFrom", source)
		for name, n := range map[string]int{"created": s.Created, "changed": s.Changed, "withdrawn": s.Withdrawn, "violations": s.Violations, "requests": int(s.Requests)} {
			add(activity, base+"/run#"+name, rdf.TypedLiteral(strconv.Itoa(n), rdf.XSDInteger))
		}
		describeResponses(activity, s, add)
		describeErrors(activity, base, s, add)
	}
	return quads
}

// Run describes a run for those who ask for its IRI: the run itself and, as
// activities that are parts of it, each source with what became of it, also
// where nothing did. Without such a run there is none.
func (a *Archive) Run(id string) ([]rdf.Quad, error) {
	var report RunReport
	found, err := get(a.ledger, tableRun, id, &report)
	if err != nil || !found {
		return nil, err
	}
	base := a.journal.base
	run := rdf.IRI(base + "/run/" + courseid.Escape(report.ID))
	quads := provenance(base, &report)
	add := func(s rdf.Term, p string, o rdf.Term) {
		quads = append(quads, rdf.Triple(s, rdf.IRI(p), o).In(rdf.IRI(base+"/graph/provenance")))
	}
	add(run, rdf.RDFType, rdf.IRI(ontology.PROV+"Activity"))
	add(run, ontology.PROV+"startedAtTime", dateTime(report.Started))
	add(run, ontology.PROV+"endedAtTime", dateTime(report.Ended))
	for _, s := range report.Sources {
		activity := rdf.IRI(run.Value() + "#" + courseid.Escape(s.Provider) + "." + courseid.Escape(s.Source))
		add(activity, rdf.RDFType, rdf.IRI(ontology.PROV+"Activity"))
		add(activity, ontology.DCTerms+"isPartOf", run)
		add(activity, ontology.PROV+"used", rdf.IRI(courseid.Source(base, s.Provider, s.Source)))
		add(activity, base+"/run#status", rdf.Literal(string(s.Status)))
		add(activity, base+"/run#records", rdf.TypedLiteral(strconv.Itoa(s.Records), rdf.XSDInteger))
		add(activity, base+"/run#courses", rdf.TypedLiteral(strconv.Itoa(s.Courses), rdf.XSDInteger))
		for _, e := range s.Errors[:min(len(s.Errors), maxRunErrors)] {
			add(activity, ontology.RDFS+"comment", rdf.Literal(e.Message))
		}
	}
	return quads, nil
}

// maxRunErrors bounds the messages of a source in the description of a run.
const maxRunErrors = 10

// describeResponses says what was fetched: each response is an entity that the
// activity used, with its address, its status, the hash of its body and the time.
func describeResponses(activity rdf.Term, s SourceResult, add func(rdf.Term, string, rdf.Term)) {
	const http = "http://www.w3.org/2011/http#" // W3C, HTTP Vocabulary in RDF 1.0
	add(activity, ontology.RDFS+"label", rdf.LangLiteral("Harvest of "+s.Provider+" "+s.Source, "en"))
	for i, r := range s.Responses {
		response := rdf.IRI(activity.Value() + ".response" + strconv.Itoa(i))
		add(activity, ontology.PROV+"used", response)
		add(response, rdf.RDFType, rdf.IRI(ontology.PROV+"Entity"))
		add(response, ontology.PROV+"atLocation", address(r.URL))
		add(response, ontology.PROV+"generatedAtTime", dateTime(r.At))
		add(response, http+"statusCodeValue", rdf.TypedLiteral(strconv.Itoa(r.Status), rdf.XSDInteger))
		if r.SHA256 != "" {
			add(response, ontology.DCTerms+"identifier", rdf.Literal("sha256:"+r.SHA256))
		}
	}
}

// describeErrors adds what went wrong, with the place in the source, and what the
// identity guard found.
func describeErrors(activity rdf.Term, base string, s SourceResult, add func(rdf.Term, string, rdf.Term)) {
	for i, e := range s.Errors {
		problem := rdf.IRI(activity.Value() + ".error" + strconv.Itoa(i))
		add(problem, ontology.PROV+"wasGeneratedBy", activity)
		add(problem, ontology.DCTerms+"type", rdf.Literal("error"))
		add(problem, ontology.RDFS+"comment", rdf.Literal(e.Message))
		if e.At != "" {
			add(problem, base+"/run#at", rdf.Literal(e.At))
		}
	}
	for i, f := range s.Identity {
		finding := rdf.IRI(activity.Value() + ".identity" + strconv.Itoa(i))
		add(finding, ontology.PROV+"wasGeneratedBy", activity)
		add(finding, ontology.DCTerms+"type", rdf.Literal("identity "+f.Kind))
		add(finding, ontology.DCTerms+"subject", rdf.IRI(f.Subject))
		add(finding, ontology.RDFS+"comment", rdf.Literal(f.Before+" → "+f.After))
	}
}

// address returns an address as an IRI; one that is none, which only a manifest
// can make up, as a literal.
func address(raw string) rdf.Term {
	if u, err := url.Parse(raw); err == nil && iri.Check(u.String()) == nil {
		return rdf.IRI(u.String())
	}
	return rdf.TypedLiteral(raw, rdf.XSDAnyURI)
}

func dateTime(t time.Time) rdf.Term {
	return rdf.TypedLiteral(t.UTC().Truncate(time.Second).Format(time.RFC3339), rdf.XSDDateTime)
}

// evidence lists the responses that the run's result rests on. Of a run that
// changed nothing there is none.
func (h *harvest) evidence() error {
	r := h.result
	if h.answers == nil || r.Created+r.Changed+r.Withdrawn == 0 && r.Status != Failed {
		return nil
	}
	changed := map[string]int{}
	for e := range h.roll.changed() {
		if e.same || !e.seen {
			continue
		}
		c, err := h.change(e)
		if err != nil {
			return err
		}
		changed[c.Row.URL]++
	}
	r.Responses = h.answers.responses(changed, h.session.Validators())
	return nil
}
