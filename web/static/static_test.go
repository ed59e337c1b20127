package static_test

import (
	"net/http/httptest"
	"testing"

	"qlgraph/web/static"
)

func TestHandler(t *testing.T) {
	for path, want := range map[string]int{
		"/static/style.css":    200,
		"/static/":             404,
		"/static/built/":       404,
		"/static/built/README": 404,
		"/static/../static.go": 404,
	} {
		w := httptest.NewRecorder()
		static.Handler().ServeHTTP(w, httptest.NewRequest("GET", path, nil))
		if w.Code != want {
			t.Errorf("%s: status %d, want %d", path, w.Code, want)
		}
	}
}
