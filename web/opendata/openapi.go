package opendata

import (
	_ "embed"
	"encoding/json"
	"fmt"
	"net/http"
	"sync"
	"time"

	"go.yaml.in/yaml/v3"
)

//go:embed openapi.yaml
var openAPISource []byte

// openAPI is the description as JSON.
var openAPI = sync.OnceValues(func() ([]byte, error) {
	var description map[string]any
	if err := yaml.Unmarshal(openAPISource, &description); err != nil {
		return nil, fmt.Errorf("openapi.yaml: %w", err)
	}
	return json.MarshalIndent(description, "", "  ")
})

// OpenAPI serves the description of the whole HTTP interface
// (https://spec.openapis.org/oas/v3.1.1.html).
func (h *Handler) OpenAPI(w http.ResponseWriter, r *http.Request) {
	body, err := openAPI()
	if err != nil {
		fail(w, r, err)
		return
	}
	sendBody(w, r, "application/json", body, time.Time{})
}
