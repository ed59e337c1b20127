package jsonld

import (
	"encoding/json"
	"fmt"
	"maps"
	"math/rand/v2"
	"reflect"
	"slices"
	"strings"
	"testing"
)

// frames that a Frame knows.
var frames = []string{
	`{"@context": CONTEXT, "type": "LearningOpportunitySpecification"}`,
	`{"@context": CONTEXT, "type": ["LearningOpportunitySpecification", "Identifier"], "dcterms:title": {}, "temporal": {}}`,
	`{"@context": CONTEXT, "type": "LearningOpportunitySpecification", "@explicit": true, "dcterms:title": {}, "identifier": {"@explicit": true, "dcterms:title": {}}}`,
	`{"@context": CONTEXT, "type": "LearningOpportunitySpecification", "@embed": "@always", "owl:sameAs": {"@embed": "@always"}}`,
	`{"@context": CONTEXT, "type": "LearningOpportunitySpecification", "@embed": "@never", "elm:unheard": {"@omitDefault": true}}`,
	`{"@context": CONTEXT, "type": "LearningOpportunitySpecification", "identifier": {"type": "Identifier"}, "elm:point": {"@default": "many"}}`,
	`{"@context": {"@vocab": "http://data.quality-link.eu/ontology/v1#", "id": "@id", "type": "@type",
		"dcterms": "http://purl.org/dc/terms/", "elm": "http://data.europa.eu/snb/model/ontology/", "adms": "http://www.w3.org/ns/adms#",
		"dcterms:title": {"@language": "en"}, "dcterms:language": {"@type": "@id"}, "adms:identifier": {"@container": "@set"}},
	  "@type": ["LearningOpportunitySpecification", "elm:Identifier"], "adms:identifier": {"@explicit": true, "dcterms:title": {}},
	  "dcterms:language": {"@embed": "@always", "@explicit": true, "dcterms:title": {}}}`,
}

// TestFrameEqualsGeneral frames random quads by a Frame and by json-gold.
func TestFrameEqualsGeneral(t *testing.T) {
	contexts := NewContexts()
	project, _ := contexts.document(ProjectContext)
	context, err := json.Marshal(project.(object)["@context"])
	if err != nil {
		t.Fatal(err)
	}
	framed := 0
	for _, text := range frames {
		text = replaceContext(text, string(context))
		frame, err := NewFrame([]byte(text), contexts)
		if err != nil {
			t.Fatalf("%v: %s", err, text[len(text)-100:])
		}
		var parsed object
		if err := json.Unmarshal([]byte(text), &parsed); err != nil {
			t.Fatal(err)
		}
		for seed := range uint64(40) {
			quads := randomQuads(rand.New(rand.NewPCG(seed, 2)))
			got, err := frame.Document(quads, "")
			if err != nil {
				t.Fatal(err)
			}
			e := NewEncoder(nil, EncoderOptions{Form: Framed, Frame: parsed, Contexts: contexts})
			e.quads = quads
			general, err := e.document()
			if err != nil {
				t.Fatal(err)
			}
			want, _ := json.Marshal(general)
			compareFramed(t, seed, text, got, want)
			framed += len(got)
		}
	}
	if framed < 50_000 {
		t.Errorf("only %d bytes were framed: the frames match nothing", framed)
	}
}

func replaceContext(frame, context string) string {
	const mark = "CONTEXT"
	for i := 0; i+len(mark) <= len(frame); i++ {
		if frame[i:i+len(mark)] == mark {
			return frame[:i] + context + frame[i+len(mark):]
		}
	}
	return frame
}

// compareFramed compares but for the contexts, and for where a single node
// stands: json-gold puts it into a graph where the frame names none.
func compareFramed(t *testing.T, seed uint64, frame string, got, want []byte) {
	t.Helper()
	var a, b map[string]any
	if err := json.Unmarshal(got, &a); err != nil {
		t.Fatalf("%v in\n%s", err, got)
	}
	_ = json.Unmarshal(want, &b)
	delete(a, "@context")
	delete(b, "@context")
	for _, v := range []map[string]any{a, b} {
		if list, ok := v["@graph"].([]any); ok && len(list) == 1 && len(v) == 1 {
			delete(v, "@graph")
			for key, value := range list[0].(map[string]any) {
				v[key] = value
			}
		}
	}
	if _, empty := a["@graph"]; empty && len(a) == 1 && len(b) == 0 {
		return
	}
	relabel(a, map[string]string{})
	relabel(b, map[string]string{})
	if !reflect.DeepEqual(a, b) {
		x, _ := json.MarshalIndent(a, "", " ")
		y, _ := json.MarshalIndent(b, "", " ")
		t.Fatalf("seed %d, frame …%s: got\n%s\nwant\n%s", seed, frame[max(0, len(frame)-150):], x, y)
	}
}

// relabel names blank nodes in the order in which they are mentioned.
func relabel(v any, labels map[string]string) any {
	switch v := v.(type) {
	case string:
		if !strings.HasPrefix(v, "_:") {
			return v
		}
		if labels[v] == "" {
			labels[v] = fmt.Sprintf("_:n%d", len(labels))
		}
		return labels[v]
	case []any:
		for i := range v {
			v[i] = relabel(v[i], labels)
		}
	case map[string]any:
		if id, _ := v["id"].(string); len(v) == 1 && strings.HasPrefix(id, "_:") {
			delete(v, "id") // json-gold drops the label of a bare reference here, but not elsewhere
		}
		for _, key := range slices.Sorted(maps.Keys(v)) {
			v[key] = relabel(v[key], labels)
		}
	}
	return v
}

// A frame that needs more than a Frame knows is refused when it is read.
func TestNewFrameDeclines(t *testing.T) {
	contexts := NewContexts()
	for _, text := range []string{
		`{"@context": {"p": "http://e/p"}, "p": {"@value": "x"}}`,
		`{"@context": {"p": "http://e/p"}, "@reverse": {"p": {}}}`,
		`{"@context": {"p": "http://e/p"}, "@requireAll": true, "p": {}}`,
		`{"@context": {"p": {"@id": "http://e/p", "@container": "@list"}}, "p": {}}`,
		`[]`,
	} {
		if _, err := NewFrame([]byte(text), contexts); err == nil {
			t.Errorf("accepted: %s", text)
		}
	}
}
