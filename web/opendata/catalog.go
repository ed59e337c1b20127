package opendata

import (
	"net/http"
	"net/url"
	"strings"
	"time"

	"qlgraph/graph/rdf"
	"qlgraph/ontology"
	"qlgraph/ontology/courseid"
	"qlgraph/web/dumps"
)

// What the dataset is called.
const (
	datasetTitle = "Course data of European universities"
	datasetAbout = "Courses and micro-credentials as universities publish them on their own domains, under the ontology of QualityLink, which extends the European Learning Model; checked with SHACL."
)

// Catalog describes the dataset, its shares and their dumps as a catalogue in
// DCAT-AP 3 (https://semiceu.github.io/DCAT-AP/releases/3.0.0/).
func (h *Handler) Catalog(w http.ResponseWriter, r *http.Request) {
	s := choose(w, r)
	if s == nil {
		return
	}
	edition, _, err := dumps.Current(h.config.Dumps)
	if err != nil {
		fail(w, r, err)
		return
	}
	c := &catalog{description: description{base: h.config.BaseIRI}, every: h.config.Every}
	if edition == nil {
		edition = &dumps.Edition{Collections: []dumps.Collection{{Kind: dumps.Whole, License: h.config.License}}}
	}
	c.describe(edition)
	send(w, r, s, "/catalog", c.quads, edition.Issued)
}

type catalog struct {
	description
	every time.Duration
}

func (c *catalog) describe(e *dumps.Edition) {
	s := rdf.IRI(c.base + "/catalog")
	c.iri(s, rdf.RDFType, ontology.DCAT+"Catalog")
	c.text(s, ontology.DCTerms+"title", datasetTitle+": catalogue")
	c.text(s, ontology.DCTerms+"description", "What can be had of the dataset: dumps of the whole and of each provider and alliance, and services to ask.")
	c.publisher(s)
	c.iri(s, ontology.FOAF+"homepage", c.base+"/")
	c.iri(s, ontology.DCTerms+"license", e.Collections[0].License)
	c.iri(s, ontology.DCTerms+"language", ontology.LanguageTable+"ENG")
	if !e.Issued.IsZero() {
		c.time(s, ontology.DCTerms+"modified", e.Issued)
	}
	for _, share := range e.Collections {
		c.iri(s, ontology.DCAT+"dataset", c.dataset(share.Kind, courseid.Escape(share.ID)).Value())
		c.share(share, e.Issued)
	}
	c.ontology(s)
	c.service(s, "/sparql", "SPARQL 1.1 endpoint", c.base+"/sparql?format=turtle")
	c.service(s, "/data", "SPARQL 1.1 Graph Store Protocol", c.base+"/openapi.json")
	c.service(s, "/resolve", "Resolver of course identifiers", c.base+"/openapi.json")
}

// publisher is who runs the aggregator. Nothing more is known of it than where it
// answers.
func (c *catalog) publisher(s rdf.Term) {
	agent := rdf.IRI(c.base + "/#aggregator")
	c.add(s, ontology.DCTerms+"publisher", agent)
	c.iri(agent, rdf.RDFType, ontology.FOAF+"Agent")
	c.text(agent, ontology.FOAF+"name", "QualityLink course data aggregator")
	c.iri(agent, ontology.FOAF+"homepage", c.base+"/")
}

// share describes the whole dataset, or what a provider or alliance has in it.
func (c *catalog) share(share dumps.Collection, issued time.Time) {
	s := c.dataset(share.Kind, courseid.Escape(share.ID))
	c.iri(s, rdf.RDFType, ontology.DCAT+"Dataset")
	c.titles(s, share)
	c.iri(s, ontology.DCTerms+"license", share.License)
	c.iri(s, ontology.DCTerms+"accessRights", euVocab+"access-right/PUBLIC")
	c.iri(s, ontology.DCAT+"theme", euVocab+"data-theme/EDUC")
	c.text(s, ontology.DCAT+"keyword", "courses")
	c.text(s, ontology.DCAT+"keyword", "micro-credentials")
	c.text(s, ontology.DCAT+"keyword", "higher education")
	c.publisher(s)
	if c.every == 24*time.Hour {
		c.iri(s, ontology.DCTerms+"accrualPeriodicity", euVocab+"frequency/DAILY")
	}
	if !issued.IsZero() {
		c.time(s, ontology.DCTerms+"modified", issued)
	}
	c.add(s, ontology.DCTerms+"identifier", rdf.Literal(s.Value()))
	id := courseid.Escape(share.ID)
	switch share.Kind {
	case dumps.Whole:
		c.iri(s, ontology.DCAT+"landingPage", c.base+"/dumps/")
	case dumps.Provider:
		c.iri(s, ontology.DCAT+"landingPage", c.base+"/provider/"+id)
		c.iri(s, ontology.DCTerms+"creator", courseid.Provider(c.base, share.ID))
	case dumps.Alliance:
		c.iri(s, ontology.DCAT+"landingPage", c.base+"/alliance/"+id)
		for _, member := range share.Providers {
			c.iri(s, ontology.DCTerms+"creator", courseid.Provider(c.base, member))
		}
	}
	for _, f := range share.Files {
		c.distribution(s, f, share.License, issued)
	}
}

func (c *catalog) titles(s rdf.Term, share dumps.Collection) {
	if share.Kind == dumps.Whole {
		c.text(s, ontology.DCTerms+"title", datasetTitle)
		c.text(s, ontology.DCTerms+"description", datasetAbout)
		return
	}
	for _, tag := range share.Languages() {
		if tag != "en" {
			c.add(s, ontology.DCTerms+"title", rdf.LangLiteral(share.Names[tag], tag))
		}
	}
	name := share.Names["en"]
	if name == "" {
		name = share.ID
	}
	c.text(s, ontology.DCTerms+"title", "Courses of "+name)
	c.text(s, ontology.DCTerms+"description", "The courses of "+name+" in the dataset, as published by the "+strings.ReplaceAll(share.Kind, dumps.Alliance, "members of the alliance")+".")
}

// distribution describes a file.
func (c *catalog) distribution(s rdf.Term, f dumps.File, license string, issued time.Time) {
	node := rdf.IRI(c.base + "/catalog#" + f.Path)
	c.add(s, ontology.DCAT+"distribution", node)
	c.iri(node, rdf.RDFType, ontology.DCAT+"Distribution")
	c.add(node, ontology.DCTerms+"title", rdf.Literal(f.Path))
	c.iri(node, ontology.DCAT+"accessURL", c.base+"/dumps/")
	c.iri(node, ontology.DCAT+"downloadURL", c.base+dumpPath(f.Path))
	c.iri(node, ontology.DCAT+"mediaType", media+f.MediaType)
	c.iri(node, ontology.DCAT+"compressFormat", media+"application/gzip")
	if format := fileType(f.MediaType); format != "" {
		c.iri(node, ontology.DCTerms+"format", euVocab+"file-type/"+format)
	}
	c.iri(node, ontology.DCTerms+"license", license)
	c.add(node, ontology.DCAT+"byteSize", rdf.TypedLiteral(decimal(f.Bytes), rdf.XSDNonNegativeInteger))
	c.time(node, ontology.DCTerms+"issued", issued)
	sum := c.node()
	c.add(node, spdx+"checksum", sum)
	c.iri(sum, rdf.RDFType, spdx+"Checksum")
	c.iri(sum, spdx+"algorithm", spdx+"checksumAlgorithm_sha256")
	c.add(sum, spdx+"checksumValue", rdf.TypedLiteral(f.SHA256, xsdHex))
}

// fileType is the EU's code for a media type.
func fileType(mediaType string) string {
	switch mediaType {
	case "application/n-quads":
		return "N_QUADS"
	case "text/turtle":
		return "RDF_TURTLE"
	case "text/csv":
		return "CSV"
	case "application/jsonl":
		return "JSON"
	}
	return ""
}

// ontology describes the vocabulary, which is published beside the data.
func (c *catalog) ontology(s rdf.Term) {
	o := rdf.IRI(strings.TrimSuffix(ontology.QL, "#"))
	c.add(s, ontology.DCAT+"dataset", o)
	c.iri(o, rdf.RDFType, ontology.DCAT+"Dataset")
	c.text(o, ontology.DCTerms+"title", "QualityLink ontology")
	c.text(o, ontology.DCTerms+"description", "The classes and properties of the course data, an extension of the European Learning Model.")
	c.iri(o, ontology.DCAT+"landingPage", c.base+"/ontology/v1")
	for _, syntax := range syntaxes() {
		node := rdf.IRI(c.base + "/catalog#ontology" + syntax.ending)
		c.add(o, ontology.DCAT+"distribution", node)
		c.iri(node, rdf.RDFType, ontology.DCAT+"Distribution")
		c.iri(node, ontology.DCAT+"accessURL", c.base+"/ontology/v1"+syntax.ending)
		c.iri(node, ontology.DCAT+"downloadURL", c.base+"/ontology/v1"+syntax.ending)
		c.iri(node, ontology.DCAT+"mediaType", media+syntax.mediaType)
	}
}

// service describes a way to ask for the data.
func (c *catalog) service(s rdf.Term, path, title, describedBy string) {
	node := rdf.IRI(c.base + "/catalog#service-" + strings.TrimPrefix(path, "/"))
	c.add(s, ontology.DCAT+"service", node)
	c.iri(node, rdf.RDFType, ontology.DCAT+"DataService")
	c.text(node, ontology.DCTerms+"title", title)
	c.iri(node, ontology.DCAT+"endpointURL", c.base+path)
	c.iri(node, ontology.DCAT+"endpointDescription", describedBy)
	c.add(node, ontology.DCAT+"servesDataset", c.dataset("", ""))
}

// dumpPath is where a file of the edition is on the server.
func dumpPath(path string) string { return (&url.URL{Path: "/dumps/" + path}).EscapedPath() }
