package ooapi_test

import (
	"strings"
	"testing"

	"qlgraph/harvesters"
	"qlgraph/harvesters/lifting/lifttest"
	"qlgraph/harvesters/ooapi"
)

// benchCourse is a course of about 3 kB as OSIRIS sends them: two languages,
// outcomes as one text with a list, empty members.
func benchCourse() harvesters.Record {
	lorem := strings.Repeat("Students learn to analyse, design and evaluate systems in which people and technology work together. ", 5)
	body := `{"abbreviation": "0HM130", "addresses": [], "assessment": [],
 "admissionRequirements": [{"language": "nl-NL", "value": "Je moet voldoen aan één van de eisen"}, {"language": "en-GB", "value": "You must meet one of the requirements\n- Completed Final examination Bsc program\n- Completed Pre-Master"}],
 "consumers": [{"alliances": [{"name": "EWUU", "selection": false, "theme": "", "type": "broadening", "visibleForOwnStudents": false}], "consumerKey": "eduxchange"}],
 "courseId": "2b0e22fb-3c19-48a0-a48c-046c7211e9e9",
 "description": [{"language": "nl-NL", "value": "` + lorem + `Nederlands."}, {"language": "en-GB", "value": "` + lorem + `"}],
 "duration": "", "enrollment": [], "ext": {}, "fieldsOfStudy": "0613", "firstStartDate": "",
 "learningOutcomes": [[{"language": "nl-NL", "value": "\nNa het vak kan de student:\n- bevindingen interpreteren,\n- paradigma's verklaren,\n- kennis toepassen,\n- onderzoek beoordelen.\n"},
   {"language": "en-GB", "value": "\nAfter the course, students will be able to:\n- interpret empirical findings,\n- explain classical paradigms,\n- apply scientific knowledge,\n- critically evaluate research.\n"}]],
 "level": "master", "link": "https://uni.example/onderwijscatalogus/extern/cursus?cursusid=1642484&taal=nl", "modeOfDelivery": ["on campus"],
 "name": [{"language": "nl-NL", "value": "Geavanceerde cognitie"}, {"language": "en-GB", "value": "Advanced cognition"}],
 "otherCodes": [{"codeType": "systemId", "code": "1642484"}], "primaryCode": {"code": "0HM130", "codeType": "identifier"}, "qualificationRequirements": [],
 "resources": ["No book. Articles and chapters are provided by the lecturer."], "studyLoad": {"studyLoadUnit": "ects", "value": 5}, "teachingLanguage": "eng", "validFrom": "", "validTo": ""}`
	offering := `{"offeringId": "f1", "offeringType": "course", "course": "2b0e22fb-3c19-48a0-a48c-046c7211e9e9", "primaryCode": {"codeType": "offeringCode", "code": "0HM130-1"},
 "name": [{"language": "en-GB", "value": "Advanced cognition, quarter 1"}], "teachingLanguage": "eng", "startDate": "2026-09-01", "endDate": "2026-11-08", "enrollEndDate": "2026-08-01", "maxNumberStudents": 60, "enrolledNumberStudents": 12, "resultExpected": true}`
	return harvesters.Record{Kind: ooapi.KindCourse, ID: "2b0e22fb-3c19-48a0-a48c-046c7211e9e9", Body: []byte(body),
		Attached: []harvesters.Record{{Kind: ooapi.KindOffering, ID: "f1", Body: []byte(offering)}}}
}

// BenchmarkLift measures courses from JSON bytes to statements, on one core.
func BenchmarkLift(b *testing.B) {
	rec, in := benchCourse(), format().Context()
	lifttest.Invariants(b, format(), rec, ooapi.Lifter{}.Lift(rec, in))
	b.SetBytes(int64(len(rec.Body) + len(rec.Attached[0].Body)))
	b.ReportAllocs()
	var n int
	for b.Loop() {
		n = len(ooapi.Lifter{}.Lift(rec, in).Statements)
	}
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "courses/s")
	b.ReportMetric(float64(n), "statements/course")
}
