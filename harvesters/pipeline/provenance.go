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

func dateTime(t time.Time) rdf.Term {
	return rdf.TypedLiteral(t.UTC().Truncate(time.Second).Format(time.RFC3339), rdf.XSDDateTime)
}
