package problem_test

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"testing"

	"qlgraph/internal/problem"
)

func TestWrite(t *testing.T) {
	w := httptest.NewRecorder()
	r := httptest.NewRequest(http.MethodGet, "/sparql", nil)
	problem.Write(w, r, problem.Details{
		Status: http.StatusBadRequest,
		Detail: "expected \"}\"",
		Extra:  map[string]any{"line": 3, "column": 14, "status": 200},
	})
	if w.Code != http.StatusBadRequest || w.Header().Get("Content-Type") != problem.MediaType {
		t.Fatalf("got %d %q", w.Code, w.Header().Get("Content-Type"))
	}
	var got map[string]any
	if err := json.Unmarshal(w.Body.Bytes(), &got); err != nil {
		t.Fatal(err)
	}
	want := map[string]any{
		"type": "about:blank", "title": "Bad Request", "status": 400.0,
		"detail": "expected \"}\"", "line": 3.0, "column": 14.0,
	}
	for k, v := range want {
		if got[k] != v {
			t.Errorf("%s = %v, want %v", k, got[k], v)
		}
	}
	if len(got) != len(want) {
		t.Errorf("members %v, want %v", got, want)
	}
}

func TestHeadHasNoBody(t *testing.T) {
	w := httptest.NewRecorder()
	problem.Write(w, httptest.NewRequest(http.MethodHead, "/x", nil), problem.Details{Status: http.StatusNotFound})
	if w.Code != http.StatusNotFound || w.Body.Len() != 0 {
		t.Errorf("got %d with %d bytes", w.Code, w.Body.Len())
	}
}
