package demo

import (
	"fmt"
	"strings"
)

// How each format writes the texts of a made course.

func typed(key, languageKey, en, de string) []map[string]string {
	out := []map[string]string{{languageKey: "en", key: en}}
	if de != "" {
		out = append(out, map[string]string{languageKey: "de", key: de})
	}
	return out
}

func (t loadTexts) ooapiCourse() map[string]any {
	lts := func(en, de string) []map[string]string { return typed("value", "language", en, de) }
	outcomes := [][]map[string]string{}
	for _, o := range t.outcomes {
		outcomes = append(outcomes, lts(o, ""))
	}
	return map[string]any{
		"courseId": t.id, "primaryCode": map[string]string{"codeType": "identifier", "code": t.code},
		"name": lts(t.en, t.de), "abbreviation": t.code, "description": lts(t.description, ""),
		"teachingLanguage": "eng", "level": []string{"bachelor", "master", "doctoral"}[t.level-6],
		"fieldsOfStudy": t.isced, "studyLoad": map[string]any{"studyLoadUnit": "ects", "value": t.ects},
		"learningOutcomes": outcomes, "modeOfDelivery": []string{"on campus"}, "link": "https://load.example/" + t.code,
	}
}

func (t loadTexts) ooapiOffering() map[string]any {
	return map[string]any{
		"offeringId": t.offering, "offeringType": "course", "course": t.id, "academicSession": loadSession,
		"primaryCode": map[string]string{"codeType": "offeringCode", "code": t.code + "-1"},
		"name":        typed("value", "language", t.en, t.de), "description": typed("value", "language", t.en, ""),
		"teachingLanguage": "eng", "startDate": "2027-02-01", "endDate": "2027-07-01", "resultExpected": true, "maxNumberStudents": 30,
	}
}

func (t loadTexts) eduapiCourse() map[string]any {
	lts := func(en, de string) []map[string]string { return typed("value", "recordLanguage", en, de) }
	return map[string]any{
		"sourcedId": t.id, "courseType": "standard", "recordLanguage": "en", "recordStatus": "active",
		"title": lts(t.en, t.de), "description": lts(t.description, ""),
		"primaryCode":  map[string]string{"identifier": t.code, "identifierType": "identifier"},
		"organization": "load", "level": []string{"undergraduate", "graduate", "doctoral"}[t.level-6],
		"creditType": "credit", "creditsAwarded": fmt.Sprintf("%d ECTS", t.ects),
		"gradingScheme": map[string]string{"recordLanguage": "en", "value": "A-F"}, "teachingLanguage": "en",
		"dateLastModified": t.modified,
		"extensions":       map[string]any{"learningOutcomes": t.outcomes, "iscedF": []string{t.isced}},
	}
}

func (t loadTexts) eduapiOffering() map[string]any {
	lts := func(en, de string) []map[string]string { return typed("value", "recordLanguage", en, de) }
	return map[string]any{
		"sourcedId": t.offering, "offeringType": "standard", "course": t.id, "recordLanguage": "en", "recordStatus": "active",
		"title": lts(t.en, t.de), "description": lts(t.en, ""), "academicSession": loadSession,
		"primaryCode":  map[string]string{"identifier": t.code + "-1", "identifierType": "identifier"},
		"organization": "load", "offeringFormat": "onGround", "registrationStatus": "open",
		"startDate": "2027-02-01T00:00:00Z", "endDate": "2027-07-01T00:00:00Z", "maxNumberStudents": 30, "teachingLanguage": "en",
		"dateLastModified": t.modified,
	}
}

func (t loadTexts) occapiCourse() map[string]any {
	return map[string]any{"type": "course", "id": t.id, "attributes": map[string]any{
		"title": typed("string", "lang", t.en, t.de), "code": t.code, "ects": t.ects,
		"description":      typed("multiline", "lang", t.description, ""),
		"learningOutcomes": typed("multiline", "lang", strings.Join(t.outcomes, "\n"), ""),
		"iscedCode":        []string{t.isced}, "languageOfInstruction": []string{"en"}, "academicTerm": []string{"1/2"},
		"lastModified": "2026-02-01T00:00:00Z",
	}}
}

func (t loadTexts) occapiInstance() map[string]any {
	return map[string]any{"type": "instance", "id": t.offering, "attributes": map[string]any{
		"startDate": "2027-02-01", "endDate": "2027-07-01", "academicTermId": "2026/2027-2/2", "ects": t.ects,
		"languageOfInstruction": []string{"en"}, "lastModified": "2026-02-01T00:00:00Z",
	}, "relationships": map[string]any{"course": map[string]any{"data": map[string]string{"type": "course", "id": t.id}}}}
}

func (t loadTexts) turtle() string {
	var b strings.Builder
	fmt.Fprintf(&b, "<https://load.example/%s> a ql:LearningOpportunitySpecification ; dcterms:title %q@en, %q@de ; dcterms:description %q@en ;\n", t.code, t.en, t.de, t.description)
	fmt.Fprintf(&b, " adms:identifier <https://load.example/%s#id> ; dcterms:language <http://publications.europa.eu/resource/authority/language/ENG> ;\n", t.code)
	fmt.Fprintf(&b, " elm:ISCEDFCode <http://data.europa.eu/snb/isced-f/%s> ; elm:EQFLevel <http://data.europa.eu/snb/eqf/%d> ;\n", t.isced, t.level)
	for i := range t.outcomes {
		fmt.Fprintf(&b, " elm:learningOutcome <https://load.example/%s#o%d> ;\n", t.code, i)
	}
	fmt.Fprintf(&b, " elm:creditPoint <https://load.example/%s#ects> .\n", t.code)
	fmt.Fprintf(&b, "<https://load.example/%s#id> a elm:Identifier ; skos:notation %q .\n", t.code, t.id)
	fmt.Fprintf(&b, "<https://load.example/%s#ects> a elm:CreditPoint ; elm:framework <http://data.europa.eu/snb/education-credit/6fcec5c5af> ; elm:point \"%d\" .\n", t.code, t.ects)
	for i, o := range t.outcomes {
		fmt.Fprintf(&b, "<https://load.example/%s#o%d> a elm:LearningOutcome ; dcterms:title %q@en .\n", t.code, i, o)
	}
	return b.String()
}
