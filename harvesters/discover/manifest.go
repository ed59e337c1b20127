package discover

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/url"
	"time"

	"qlgraph/harvesters"
)

// Manifest is what an institution says about its course feeds.
type Manifest struct {
	URL      string    `json:"url,omitempty"` // it was read from, after redirects
	Meta     Meta      `json:"meta"`
	Sources  []Entry   `json:"sources"`
	Problems []Problem `json:"problems"`
}

// Meta is what a manifest says of its institution. Anybody could write anything
// here, so it is shown and compared, never believed.
type Meta struct {
	SCHAC string `json:"schac,omitempty"`
	ETER  string `json:"eterid,omitempty"`
	DEQAR string `json:"deqarid,omitempty"`
	DID   string `json:"did,omitempty"`
}

// Entry is one source of a manifest.
type Entry struct {
	ID          string            `json:"id,omitempty"` // as written
	Name        string            `json:"name,omitempty"`
	Type        harvesters.Format `json:"type"`
	Version     string            `json:"version,omitempty"`
	Path        string            `json:"path"`
	Auth        Access            `json:"auth"`
	Refresh     Hours             `json:"refresh"` // shortest wait between harvests
	Headers     map[string]string `json:"-"`       // may hold keys
	Query       url.Values        `json:"-"`
	ContentType string            `json:"contentType,omitempty"`
	PageSize    int               `json:"pageSize,omitempty"`
}

// Hours is a duration that is written in hours.
type Hours time.Duration

// MarshalJSON writes the number of hours.
func (h Hours) MarshalJSON() ([]byte, error) { return json.Marshal(time.Duration(h).Hours()) }

// UnmarshalJSON reads the number of hours.
func (h *Hours) UnmarshalJSON(text []byte) error {
	var hours float64
	if err := json.Unmarshal(text, &hours); err != nil {
		return err
	}
	*h = Hours(hours * float64(time.Hour))
	return nil
}

// DefaultRefresh is the wait between harvests for sources that name none.
const DefaultRefresh = Hours(24 * time.Hour)

// AccessKind is a way to authenticate.
type AccessKind string

// The access kinds of the data exchange specification.
const (
	Open       AccessKind = "none"
	HTTPHeader AccessKind = "httpheader"
	OAuth2     AccessKind = "oauth2.0"
	HTTPSig    AccessKind = "httpsig"
)

// Access says how a source wants to be asked. Secrets are as the manifest has
// them, encrypted, and do not appear in JSON.
type Access struct {
	Kind          AccessKind `json:"type"`
	Field         string     `json:"field,omitempty"` // httpheader
	Value         string     `json:"-"`
	TokenEndpoint string     `json:"token_endpoint,omitempty"` // oauth2.0
	Scope         string     `json:"scope,omitempty"`
	ClientID      string     `json:"client_id,omitempty"`
	ClientSecret  string     `json:"-"`
	Algorithm     string     `json:"alg,omitempty"` // httpsig
}

// Complete reports whether the manifest itself gives the credentials that the
// kind of access needs; they can come out of band instead.
func (a Access) Complete() bool {
	switch a.Kind {
	case HTTPHeader:
		return a.Field != "" && a.Value != ""
	case OAuth2:
		return a.TokenEndpoint != "" && a.ClientID != "" && a.ClientSecret != ""
	}
	return true
}

// Problem is something that the author of a manifest should know.
type Problem struct {
	Severity harvesters.Severity `json:"severity"` // Violation: the source cannot be used
	At       string              `json:"at"`       // "sources[0].path"
	Line     int                 `json:"line,omitempty"`
	Message  string              `json:"message"`
}

// String renders the problem in a line.
func (p Problem) String() string {
	if p.Line > 0 {
		return fmt.Sprintf("%s (line %d): %s", p.At, p.Line, p.Message)
	}
	return p.At + ": " + p.Message
}

// maxSources bounds the sources of a manifest; an institution has a handful.
const maxSources = 100

// Parse reads a manifest. A source with a mistake is left out and named in
// Problems, the others stand; an error means that the text is no manifest.
func Parse(body []byte) (*Manifest, error) {
	tree, err := parseTree(body)
	if err != nil {
		return nil, err
	}
	if tree.kind != objectNode {
		return nil, errors.New(`a manifest is an object with a list "sources"`)
	}
	sources, ok := tree.get("sources")
	switch {
	case !ok:
		return nil, errors.New(`the list "sources" is missing: is this a manifest?`)
	case sources.kind != listNode || len(sources.list) == 0:
		return nil, fmt.Errorf(`line %d: "sources" must be a list with at least one source`, sources.line)
	}
	c := &checker{manifest: &Manifest{Sources: []Entry{}, Problems: []Problem{}}}
	if meta, ok := tree.get("meta"); ok {
		c.meta(meta)
	}
	if len(sources.list) > maxSources {
		c.note(harvesters.Violation, "sources", sources.line, fmt.Sprintf("more than %d sources; those after are left out", maxSources))
	}
	for i, source := range sources.list[:min(len(sources.list), maxSources)] {
		c.source(fmt.Sprintf("sources[%d]", i), source)
	}
	return c.manifest, nil
}
