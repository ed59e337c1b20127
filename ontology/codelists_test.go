package ontology_test

import (
	"testing"

	"qlgraph/ontology"
)

func TestLanguageConcept(t *testing.T) {
	for tag, want := range map[string]string{
		"de": "DEU", "DE": "DEU", "de-AT": "DEU", "ger": "DEU", "deu": "DEU", "sr-Latn-RS": "SRP",
		"el": "ELL", "gre": "ELL", "no": "NOR", "nb": "NOB", "nn-NO": "NNO", "ga": "GLE", "mt": "MLT",
		"en_GB": "ENG", " fr ": "FRA", "iw": "HEB", "mo": "RON", "cnr": "CNR", "und": "UND", "mul": "MUL",
		"http://publications.europa.eu/resource/authority/language/SLV": "SLV",
		"sh": "", "hbs": "", "": "", "xx": "", "english": "", "-": "",
	} {
		got, ok := ontology.LanguageConcept(tag)
		if want != "" {
			want = ontology.LanguageTable + want
		}
		if got != want || ok != (want != "") {
			t.Errorf("LanguageConcept(%q) = %q, %v; want %q", tag, got, ok, want)
		}
	}
}

func TestOfficialLanguagesHaveConcepts(t *testing.T) {
	for _, tag := range []string{
		"bg", "cs", "da", "de", "el", "en", "es", "et", "fi", "fr", "ga", "hr",
		"hu", "it", "lt", "lv", "mt", "nl", "pl", "pt", "ro", "sk", "sl", "sv",
	} {
		iri, ok := ontology.LanguageConcept(tag)
		if c, _ := ontology.LookupConcept(iri); !ok || c.Label("en") == iri {
			t.Errorf("%s: %q, label %q", tag, iri, c.Label("en"))
		}
	}
}

func TestCountryAndCurrencyConcept(t *testing.T) {
	for code, want := range map[string]string{
		"AT": "AUT", "at": "AUT", "AUT": "AUT", "EL": "GRC", "GR": "GRC", "UK": "GBR", "GB": "GBR",
		"XK": "1A0", "EU": "EUR", "NL": "NLD", "XX": "", "": "",
	} {
		got, ok := ontology.CountryConcept(code)
		if ok != (want != "") || ok && got != ontology.CountryTable+want {
			t.Errorf("CountryConcept(%q) = %q, %v; want %q", code, got, ok, want)
		}
	}
	if got, ok := ontology.CurrencyConcept("eur"); !ok || got != ontology.CurrencyTable+"EUR" {
		t.Errorf("CurrencyConcept(eur) = %q, %v", got, ok)
	}
	if got, ok := ontology.CurrencyConcept("EURO"); ok {
		t.Errorf("CurrencyConcept(EURO) = %q", got)
	}
}

func TestConceptIn(t *testing.T) {
	for _, c := range []struct {
		base, code, want string
	}{
		{ontology.Mode, "c_3a90b26d", "Hybrid"},
		{ontology.Mode, ontology.Mode + "920fbb3cbe", "Online"},
		{ontology.LearningOpportunity, "05053c1cbe", "Course"},
		{ontology.Schedule, "72A0AB92FA", "Full time"},
		{ontology.Mode, "05053c1cbe", ""},
	} {
		iri, ok := ontology.ConceptIn(c.base, c.code)
		if ok != (c.want != "") {
			t.Errorf("ConceptIn(%q, %q) = %q, %v", c.base, c.code, iri, ok)
			continue
		}
		if got, _ := ontology.LookupConcept(iri); ok && got.Label("en") != c.want {
			t.Errorf("ConceptIn(%q, %q) is %q, want %q", c.base, c.code, got.Label("en"), c.want)
		}
	}
	if ontology.IsConcept(ontology.Mode + "0000000000") {
		t.Error("an unknown mode is no concept")
	}
}

func TestEQFConcept(t *testing.T) {
	for level := -1; level <= 9; level++ {
		iri, ok := ontology.EQFConcept(level)
		if ok != (level >= 1 && level <= 8) || ok != ontology.IsConcept(iri) {
			t.Errorf("EQFConcept(%d) = %q, %v", level, iri, ok)
		}
	}
}

func TestISCEDField(t *testing.T) {
	for code, want := range map[string]string{
		"06":                     "06 06 ",
		"061":                    "061 06 061",
		"0613":                   "0613 06 061",
		"061301":                 "0613 06 061",
		"0619x":                  "",
		"0699":                   "06 06 ",
		ontology.ISCEDF + "0613": "0613 06 061",
		"0188":                   "0188 01 018",
		"99":                     "99 99 ",
		"98":                     "",
		"6":                      "",
		"":                       "",
		"1234567":                "",
	} {
		f, ok := ontology.ISCEDField(code)
		got := ""
		if ok {
			cut := func(s string) string { return s[min(len(s), len(ontology.ISCEDF)):] }
			got = cut(f.Concept) + " " + cut(f.Broad) + " " + cut(f.Narrow)
		}
		if got != want {
			t.Errorf("ISCEDField(%q) = %q, want %q", code, got, want)
		}
	}
	for n, want := range map[int]string{0: "", 61: "", 611: "0611", 1011: "1011", -611: ""} {
		f, ok := ontology.ISCEDNumber(n)
		if ok != (want != "") || ok && f.Concept != ontology.ISCEDF+want {
			t.Errorf("ISCEDNumber(%d) = %v, %v; want %q", n, f, ok, want)
		}
	}
}
