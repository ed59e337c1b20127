package demo

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"strings"
	"sync"
	"time"

	"qlgraph/harvesters"
)

// Load is a catalogue of any size that is made from a seed: the same seed, size
// and edits give the same records.
type Load struct {
	*Catalogue
	format harvesters.Format
	seed   uint64
	random *rand.Rand // of edits

	edits   sync.Mutex
	courses []loadCourse
	next    int
	edited  int // times; the records of Edu-API say by dateLastModified when
}

// loadCourse is a course's number, how often it was edited, and by which of the
// edits of the catalogue the latest time.
type loadCourse struct{ number, edits, by int }

// NewLoad returns a catalogue of so many courses. Each has one offering.
func NewLoad(format harvesters.Format, seed uint64, courses int) *Load {
	l := &Load{Catalogue: NewCatalogue(), format: format, seed: seed, random: rand.New(rand.NewPCG(seed, 1))}
	l.frame()
	l.Add(courses)
	return l
}

// Add appends new courses.
func (l *Load) Add(n int) {
	l.edits.Lock()
	defer l.edits.Unlock()
	l.edited++
	for range n {
		c := loadCourse{number: l.next, by: l.edited}
		l.next++
		l.courses = append(l.courses, c)
		l.put(c)
	}
	l.render()
}

// Change gives so many courses, chosen by the seed, another description.
func (l *Load) Change(n int) {
	l.edits.Lock()
	defer l.edits.Unlock()
	l.edited++
	for _, i := range l.random.Perm(len(l.courses))[:min(n, len(l.courses))] {
		l.courses[i].edits++
		l.courses[i].by = l.edited
		l.put(l.courses[i])
	}
	l.render()
}

// Remove takes so many courses away, chosen by the seed.
func (l *Load) Remove(n int) {
	l.edits.Lock()
	defer l.edits.Unlock()
	for range min(n, len(l.courses)) {
		i := l.random.IntN(len(l.courses))
		l.drop(l.courses[i])
		l.courses = append(l.courses[:i:i], l.courses[i+1:]...)
	}
	l.render()
}

// Courses returns the number of courses.
func (l *Load) Courses() int {
	l.edits.Lock()
	defer l.edits.Unlock()
	return len(l.courses)
}

func loadID(c loadCourse) string { return fmt.Sprintf("5eed0000-0000-4000-8000-%012d", c.number) }

func loadOffering(c loadCourse) string {
	return fmt.Sprintf("0ffe0000-0000-4000-8000-%012d", c.number)
}

const loadSession = "5e550000-0000-4000-8000-000000000001"

// collections names, by format, where courses and offerings are served.
func (l *Load) collections() (courses, offerings string) {
	switch l.format {
	case harvesters.OOAPI:
		return "courses", "offerings"
	case harvesters.EduAPI:
		return "courseTemplates", "courseOfferings"
	}
	return "course", "instance"
}

// frame adds what the format's server has besides courses.
func (l *Load) frame() {
	text := func(s string) []map[string]string {
		return []map[string]string{{"language": "en", "recordLanguage": "en", "string": s, "lang": "en", "value": s}}
	}
	switch l.format {
	case harvesters.OOAPI:
		l.must("academic-sessions", map[string]any{"academicSessionId": loadSession, "academicSessionType": "semester", "name": text("Spring"), "startDate": "2027-02-01", "endDate": "2027-07-01"})
	case harvesters.EduAPI:
		l.must("academicSessions", map[string]any{"sourcedId": loadSession, "sessionType": "semester", "recordLanguage": "en", "recordStatus": "active", "title": text("Spring")})
	case harvesters.OCCAPI:
		l.must("hei", map[string]any{"type": "hei", "id": "load.example", "attributes": map[string]any{"heiId": "load.example", "title": text("Load University")}})
	}
}

func (l *Load) must(collection string, record any) {
	text, err := json.Marshal(record)
	if err == nil {
		err = l.Catalogue.Put(collection, text)
	}
	if err != nil {
		panic(err) // made of strings and numbers
	}
}

func (l *Load) drop(c loadCourse) {
	if l.format == harvesters.ELM {
		return
	}
	courses, offerings := l.collections()
	l.Catalogue.Remove(courses, loadID(c))
	l.Catalogue.Remove(offerings, loadOffering(c))
}

func (l *Load) put(c loadCourse) {
	t := l.texts(c)
	courses, offerings := l.collections()
	switch l.format {
	case harvesters.OOAPI:
		l.must(courses, t.ooapiCourse())
		l.must(offerings, t.ooapiOffering())
	case harvesters.EduAPI:
		l.must(courses, t.eduapiCourse())
		l.must(offerings, t.eduapiOffering())
	case harvesters.OCCAPI:
		l.must(courses, t.occapiCourse())
		l.must(offerings, t.occapiInstance())
	}
}

// render writes the file of a format that is one.
func (l *Load) render() {
	if l.format != harvesters.ELM {
		return
	}
	var b strings.Builder
	b.WriteString(loadPrefixes)
	for _, c := range l.courses {
		b.WriteString(l.texts(c).turtle())
	}
	l.Catalogue.PutFile([]byte(b.String()))
}

const loadPrefixes = `@prefix elm: <http://data.europa.eu/snb/model/ontology/> .
@prefix ql: <http://data.quality-link.eu/ontology/v1#> .
@prefix dcterms: <http://purl.org/dc/terms/> .
@prefix adms: <http://www.w3.org/ns/adms#> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
`

// loadTexts is what a made course says.
type loadTexts struct {
	id, offering, code string
	en, de             string // titles
	description        string
	outcomes           []string
	isced              string
	ects               int
	level              int // EQF
	modified           string
}

// texts makes a course's texts from its number, and only the description from
// its edits as well.
func (l *Load) texts(c loadCourse) loadTexts {
	r := rand.New(rand.NewPCG(l.seed, uint64(c.number)+2))
	topic, thema := pick(r, loadTopics), pick(r, loadThemen)
	t := loadTexts{
		id: loadID(c), offering: loadOffering(c), code: fmt.Sprintf("C%06d", c.number),
		en: fmt.Sprintf("%s %d", topic, c.number), de: fmt.Sprintf("%s %d", thema, c.number),
		isced: pick(r, []string{"0532", "0611", "0421", "0732", "0222", "0913"}), ects: 1 + r.IntN(12), level: 6 + r.IntN(3),
		modified: time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC).Add(time.Duration(c.by) * 2 * time.Hour).Format(time.RFC3339),
	}
	for range 2 + r.IntN(3) {
		t.outcomes = append(t.outcomes, fmt.Sprintf("can %s %s", pick(r, loadVerbs), strings.ToLower(pick(r, loadTopics))))
	}
	r = rand.New(rand.NewPCG(l.seed+uint64(c.edits)<<32, uint64(c.number)))
	words := make([]string, 60)
	for i := range words {
		words[i] = pick(r, loadWords)
	}
	t.description = fmt.Sprintf("Edition %d: %s.", c.edits, strings.Join(words, " "))
	return t
}

func pick(r *rand.Rand, from []string) string { return from[r.IntN(len(from))] }

var (
	loadTopics = []string{"Rivers", "Glaciers", "Contracts", "Compilers", "Sagas", "Proteins", "Bridges", "Ports", "Forests", "Bees", "Tides", "Violins"}
	loadThemen = []string{"Flüsse", "Gletscher", "Verträge", "Übersetzerbau", "Sagen", "Eiweiße", "Brücken", "Häfen", "Wälder", "Bienen", "Gezeiten", "Geigen"}
	loadVerbs  = []string{"describe", "measure", "design", "compare", "judge", "repair"}
	loadWords  = []string{"theory", "practice", "field", "model", "history", "method", "group", "project", "essay", "data", "analysis", "lecture", "seminar", "and", "of", "with"}
)
