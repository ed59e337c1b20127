package discover

import (
	"fmt"
	"math"
	"net/textproto"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode"

	"golang.org/x/net/http/httpguts"

	"qlgraph/harvesters"
)

// checker turns the tree of a manifest into a Manifest.
type checker struct {
	manifest *Manifest
	ids      []string
	bad      bool // the current source has a violation
}

func (c *checker) note(s harvesters.Severity, at string, line int, message string) {
	c.manifest.Problems = append(c.manifest.Problems, Problem{s, at, line, message})
	c.bad = c.bad || s == harvesters.Violation
}

// text reads a scalar member; numbers and booleans count as their text.
func (c *checker) text(at string, n node, key string) string {
	value, ok := n.get(key)
	if !ok {
		return ""
	}
	if value.kind != scalarNode {
		c.note(harvesters.Violation, at+"."+key, value.line, "must be text")
		return ""
	}
	text := strings.TrimSpace(value.text)
	if strings.ContainsFunc(text, unicode.IsControl) && key != "value" && key != "client_secret" {
		c.note(harvesters.Violation, at+"."+key, value.line, "holds a control character")
		return ""
	}
	return text
}

func (c *checker) meta(n node) {
	if n.kind != objectNode {
		c.note(harvesters.Warning, "meta", n.line, "must be an object; it is ignored")
		return
	}
	c.manifest.Meta = Meta{
		SCHAC: c.text("meta", n, "schac"),
		ETER:  c.text("meta", n, "eterid"),
		DEQAR: c.text("meta", n, "deqarid"),
		DID:   c.text("meta", n, "did"),
	}
}

// source checks one source and keeps it unless something makes it unusable.
func (c *checker) source(at string, n node) {
	c.bad = false
	if n.kind != objectNode {
		c.note(harvesters.Violation, at, n.line, "must be an object with type and path")
		return
	}
	e := Entry{
		ID:          c.id(at, n),
		Name:        c.text(at, n, "name"),
		Type:        c.format(at, n),
		Version:     c.text(at, n, "version"),
		Path:        c.address(at, n, "path", true),
		Refresh:     c.refresh(at, n),
		Headers:     c.headers(at, n),
		Query:       c.query(at, n),
		ContentType: c.text(at, n, "contentType"),
		PageSize:    c.pageSize(at, n),
		Auth:        Access{Kind: Open},
	}
	if auth, ok := n.get("auth"); ok {
		e.Auth = c.access(at+".auth", auth)
	}
	if !c.bad {
		c.manifest.Sources = append(c.manifest.Sources, e)
	}
}

// maxID bounds a source's id, which becomes part of IRIs.
const maxID = 100

func (c *checker) id(at string, n node) string {
	id := c.text(at, n, "id")
	switch {
	case len(id) > maxID:
		c.note(harvesters.Warning, at+".id", n.line, fmt.Sprintf("longer than %d bytes; a hash of type and path is used instead", maxID))
		return ""
	case id != "" && slices.Contains(c.ids, id):
		c.note(harvesters.Warning, at+".id", n.line, fmt.Sprintf("another source has the id %q already; a hash of type and path is used instead", id))
		return ""
	}
	c.ids = append(c.ids, id)
	return id
}

func (c *checker) format(at string, n node) harvesters.Format {
	written := c.text(at, n, "type")
	format := harvesters.Format(strings.ToLower(written))
	switch format {
	case harvesters.ELM, harvesters.OOAPI, harvesters.EduAPI, harvesters.OCCAPI:
		return format
	case "eduapi", "edu_api":
		c.note(harvesters.Warning, at+".type", n.line, fmt.Sprintf("read as edu-api; please write %q", harvesters.EduAPI))
		return harvesters.EduAPI
	case "":
		c.note(harvesters.Violation, at+".type", n.line, "is missing: one of elm, ooapi, edu-api, occapi")
	default:
		c.note(harvesters.Violation, at+".type", n.line, fmt.Sprintf("%.40q is not one of elm, ooapi, edu-api, occapi", written))
	}
	return ""
}

// maxURL is longer than any address that a server accepts.
const maxURL = 2000

func (c *checker) address(at string, n node, key string, required bool) string {
	text := c.text(at, n, key)
	u, err := url.Parse(text)
	switch {
	case text == "" && required:
		c.note(harvesters.Violation, at+"."+key, n.line, "is missing: the URL of the feed or of the API's root")
	case text == "":
	case err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Host == "" || len(text) > maxURL:
		c.note(harvesters.Violation, at+"."+key, n.line, "must be an http or https URL")
	case u.User != nil:
		c.note(harvesters.Violation, at+"."+key, n.line, "must not hold a user name or password: use auth")
	default:
		return text
	}
	return ""
}

// maxRefresh is a year: a feed that is read less often is none.
const maxRefresh = 24 * 366

func (c *checker) refresh(at string, n node) Hours {
	text := c.text(at, n, "refresh")
	if text == "" {
		return DefaultRefresh
	}
	hours, err := strconv.ParseFloat(text, 64)
	if err != nil || math.IsNaN(hours) || hours < 0 || hours > maxRefresh {
		c.note(harvesters.Warning, at+".refresh", n.line, fmt.Sprintf("%.20q is not a number of hours; 24 are assumed", text))
		return DefaultRefresh
	}
	return Hours(hours * float64(time.Hour))
}

// maxPageSize bounds what a manifest can make us ask for.
const maxPageSize = 10_000

func (c *checker) pageSize(at string, n node) int {
	text := c.text(at, n, "pageSize")
	if text == "" {
		return 0
	}
	size, err := strconv.Atoi(text)
	if err != nil || size < 1 || size > maxPageSize {
		c.note(harvesters.Warning, at+".pageSize", n.line, "not a usable page size; the default of the type is used")
		return 0
	}
	return size
}

// forbidden are the header fields that belong to the connection, or to us.
const forbidden = " host content-length transfer-encoding connection keep-alive proxy-connection te trailer upgrade expect accept-encoding if-none-match if-modified-since if-match if-range range user-agent signature signature-input "

func (c *checker) headers(at string, n node) map[string]string {
	headers := map[string]string{}
	for name, values := range c.pairs(at, n, "headers") {
		field := textproto.CanonicalMIMEHeaderKey(name)
		value := strings.Join(values, ", ")
		switch {
		case !httpguts.ValidHeaderFieldName(name), !httpguts.ValidHeaderFieldValue(value):
			c.note(harvesters.Violation, at+".headers", n.line, fmt.Sprintf("%.40q is not a valid header", name))
		case strings.Contains(forbidden, " "+strings.ToLower(name)+" "):
			c.note(harvesters.Warning, at+".headers", n.line, fmt.Sprintf("the header %s is not the manifest's to set; it is ignored", field))
		default:
			headers[field] = value
		}
	}
	return headers
}

func (c *checker) query(at string, n node) url.Values {
	return url.Values(c.pairs(at, n, "queryParameters"))
}

// pairs reads an object of scalars, or of lists of them.
func (c *checker) pairs(at string, n node, key string) map[string][]string {
	pairs := map[string][]string{}
	object, ok := n.get(key)
	if ok && object.kind != objectNode {
		c.note(harvesters.Violation, at+"."+key, object.line, "must be an object of names and values")
	}
	for _, m := range object.object {
		values := m.value.list
		if m.value.kind == scalarNode {
			values = []node{m.value}
		}
		for _, value := range values {
			if value.kind == scalarNode {
				pairs[m.key] = append(pairs[m.key], value.text)
			}
		}
		if len(pairs[m.key]) != len(values) || m.value.kind == objectNode {
			c.note(harvesters.Violation, at+"."+key+"."+m.key, m.value.line, "must be text or a list of texts")
		}
	}
	return pairs
}

// access reads auth. What is left out may come out of band.
func (c *checker) access(at string, n node) Access {
	if n.kind != objectNode {
		c.note(harvesters.Violation, at, n.line, "must be an object with a type")
		return Access{}
	}
	a := Access{
		Kind:          AccessKind(strings.ToLower(c.text(at, n, "type"))),
		Field:         c.text(at, n, "field"),
		Value:         c.text(at, n, "value"),
		TokenEndpoint: c.address(at, n, "token_endpoint", false),
		Scope:         c.text(at, n, "scope"),
		ClientID:      c.text(at, n, "client_id"),
		ClientSecret:  c.text(at, n, "client_secret"),
		Algorithm:     strings.ToLower(c.text(at, n, "alg")),
	}
	switch a.Kind {
	case Open, HTTPSig:
	case "":
		c.note(harvesters.Violation, at+".type", n.line, "is missing: one of none, httpheader, oauth2.0, httpsig")
	case HTTPHeader:
		if a.Field != "" && !httpguts.ValidHeaderFieldName(a.Field) || strings.Contains(forbidden, " "+strings.ToLower(a.Field)+" ") {
			c.note(harvesters.Violation, at+".field", n.line, "is not the name of a header that can carry a secret")
		}
	case "oauth2", OAuth2:
		a.Kind = OAuth2
		if (a.ClientID == "") != (a.ClientSecret == "") {
			c.note(harvesters.Warning, at, n.line, "client_id and client_secret belong together: give both, or neither and send them to the aggregator's operators")
		}
	default:
		c.note(harvesters.Violation, at+".type", n.line, fmt.Sprintf("%.40q is not one of none, httpheader, oauth2.0, httpsig", a.Kind))
	}
	return a
}
