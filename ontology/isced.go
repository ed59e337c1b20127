package ontology

import "strconv"

// Field is a field of education of ISCED-F 2013 with the fields above it, as
// concept IRIs.
type Field struct {
	Concept string // the field itself, with as many digits as were recognised
	Broad   string // its broad field (2 digits)
	Narrow  string // its narrow field (3 digits), "" where only the broad field is known
}

// ISCEDField returns the field for an ISCED-F code of two to six digits, or a
// concept IRI of ISCED-F. Digits beyond the fourth, which national
// classifications add, are dropped; a code that the list does not know gives
// the field above it.
func ISCEDField(code string) (Field, bool) {
	iri, code, ok := iscedConcept(code)
	if !ok {
		return Field{}, false
	}
	f := Field{Concept: iri, Broad: ISCEDF + code[:2]}
	if len(code) > 2 {
		f.Narrow = ISCEDF + code[:3]
	}
	return f, true
}

// iscedConcept finds the longest known prefix of code.
func iscedConcept(code string) (iri, known string, ok bool) {
	if len(code) > len(ISCEDF) && code[:len(ISCEDF)] == ISCEDF {
		code = code[len(ISCEDF):]
	}
	if len(code) < 2 || len(code) > 6 {
		return "", "", false
	}
	for _, c := range code {
		if c < '0' || c > '9' {
			return "", "", false
		}
	}
	for n := min(len(code), 4); n >= 2; n-- {
		if iri, ok = ConceptIn(ISCEDF, code[:n]); ok {
			return iri, code[:n], true
		}
	}
	return "", "", false
}

// ISCEDNumber is ISCEDField for a code that came as a JSON number, which has
// lost its leading zero: 611 is 0611. Numbers with fewer digits are ambiguous
// and not accepted; 0 stands for "unknown" in the wild.
func ISCEDNumber(n int) (Field, bool) {
	switch {
	case n < 100 || n > 999999:
		return Field{}, false
	case n <= 999:
		return ISCEDField("0" + strconv.Itoa(n))
	}
	return ISCEDField(strconv.Itoa(n))
}
