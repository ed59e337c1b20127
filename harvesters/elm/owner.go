package elm

import (
	"net/url"
	"strings"

	"qlgraph/graph/rdf"
	"qlgraph/harvesters"
	"qlgraph/harvesters/lifting/term"
)

// owner finds whose a course or offering is, by the institutions that a
// property names. It reports whether it is the source's provider's, which it is
// where nobody is named; another's name goes to Lifted.Owner.
func (l *lift) owner(subject, property rdf.Term) bool {
	named := l.values(subject, property)
	if len(named) == 0 {
		l.report(harvesters.Info, rulePublisher+".inferred", "No institution is named; the source's provider is taken.")
		return true
	}
	for _, institution := range named {
		if l.isProvider(institution) {
			if institution != l.provider() {
				l.add(rulePublisher, institution, term.SameAs, l.provider())
				l.also = institution
			}
			return true
		}
	}
	l.out.Owner = l.nameOf(named[0])
	if l.in.Source.Provider.Class == harvesters.Authoritative && isSCHAC(l.out.Owner) {
		l.key = strings.ToLower(l.out.Owner) // the course is published as its owner's
		return true
	}
	return false
}

// isSCHAC reports whether a name can be a SCHAC code, which is a domain name.
func isSCHAC(name string) bool {
	return strings.Contains(name, ".") && !strings.ContainsAny(name, ":/")
}

// described returns what the record and its attachments say about an
// institution.
func (l *lift) described(institution rdf.Term) []rdf.Quad {
	for i, a := range l.rec.Attached {
		if a.ID == institution.Value() || strings.HasPrefix(a.ID, "_:") {
			if quads := l.parse(a, i+1); len(quads) > 0 && mentions(quads, institution) {
				return quads
			}
		}
	}
	return l.about
}

func mentions(quads []rdf.Quad, subject rdf.Term) bool {
	for _, q := range quads {
		if q.S == subject {
			return true
		}
	}
	return false
}

// codes returns the notations of an institution's identifiers.
func (l *lift) codes(institution rdf.Term) []string {
	var codes []string
	quads := l.described(institution)
	for _, q := range quads {
		if q.S != institution || q.P != term.HasIdentifier {
			continue
		}
		for _, n := range quads {
			if n.S == q.O && n.P == term.Notation {
				codes = append(codes, strings.TrimSpace(n.O.Value()))
			}
		}
	}
	return codes
}

// isProvider reports whether an institution is the source's provider: by its
// IRI, by one of its identifiers, or by an IRI in the provider's domain.
func (l *lift) isProvider(institution rdf.Term) bool {
	if institution == l.provider() {
		return true
	}
	p := l.in.Source.Provider
	for _, code := range l.codes(institution) {
		for _, own := range []string{p.SCHAC, p.ETER, p.DEQAR} {
			if own != "" && strings.EqualFold(code, own) {
				return true
			}
		}
	}
	for _, own := range []string{p.SCHAC, p.DEQAR, p.ETER} {
		if own != "" && inDomain(institution.Value(), own) {
			return true
		}
	}
	return deqarIRI(institution.Value()) != "" && deqarIRI(institution.Value()) == strings.TrimLeft(strings.TrimPrefix(p.DEQAR, "DEQARINST"), "0")
}

// inDomain reports whether an IRI is in a domain, or ends in a code.
func inDomain(iri, code string) bool {
	u, err := url.Parse(iri)
	if err != nil || u.Host == "" {
		return false
	}
	host := strings.ToLower(u.Hostname())
	code = strings.ToLower(code)
	return host == code || strings.HasSuffix(host, "."+code)
}

// deqarIRI returns the number in an IRI of the DEQAR database.
func deqarIRI(iri string) string {
	number, ok := strings.CutPrefix(iri, "https://data.deqar.eu/institution/")
	if !ok {
		return ""
	}
	return number
}

// nameOf names an institution to the pipeline: by a code if it has one, else by
// its IRI.
func (l *lift) nameOf(institution rdf.Term) string {
	if codes := l.codes(institution); len(codes) > 0 {
		return codes[0]
	}
	return institution.Value()
}
