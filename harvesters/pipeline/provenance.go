package pipeline

import (
	"encoding/json"
	"fmt"
	"strconv"
	"time"

	"qlgraph/graph"
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
		add(source, ontology.DCAT+"accessURL", rdf.IRI(s.Path))
		add(source, ontology.DCTerms+"publisher", rdf.IRI(courseid.Provider(base, s.Provider)))
		add(output, ontology.PROV+"wasDerivedFrom", source)
		for name, n := range map[string]int{"created": s.Created, "changed": s.Changed, "withdrawn": s.Withdrawn, "violations": s.Violations} {
			add(activity, base+"/run#"+name, rdf.TypedLiteral(strconv.Itoa(n), rdf.XSDInteger))
		}
		for i, f := range s.Identity {
			finding := rdf.IRI(activity.Value() + ".identity" + strconv.Itoa(i))
			add(finding, ontology.PROV+"wasGeneratedBy", activity)
			add(finding, ontology.DCTerms+"type", rdf.Literal("identity "+f.Kind))
			add(finding, ontology.DCTerms+"subject", rdf.IRI(f.Subject))
			add(finding, ontology.RDFS+"comment", rdf.Literal(f.Before+" → "+f.After))
		}
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

func dateTime(t time.Time) rdf.Term {
	return rdf.TypedLiteral(t.UTC().Truncate(time.Second).Format(time.RFC3339), rdf.XSDDateTime)
}
