package lifting

import (
	"bytes"
	"errors"
	"fmt"
	"net/url"
	"strings"

	"qlgraph/harvesters"
	"qlgraph/internal/jsontree"
)

// Page is a response of an API: the records in it, as far as it could be read,
// and the other members of its envelope.
type Page struct {
	Items    []Item
	Envelope map[string]string // scalar members as text
	Err      error             // what stopped the reading, nil for a whole page
}

// Item is a record of a page.
type Item struct {
	Raw     []byte
	Pointer string // in the page
}

// Limits of a page: how many records are read from it, and how many members of
// its envelope. Servers page by hundreds; those that do not page at all send some
// ten thousand.
const (
	maxItems    = 200_000
	maxEnvelope = 1000
)

// ReadPage finds the records of a page: the elements of a bare array, or of an
// envelope's member with one of the names, else of its first array. A page that
// breaks off gives the records before the break and an Err.
func ReadPage(body []byte, names ...string) Page {
	page := Page{Envelope: map[string]string{}}
	lists := map[string][]Item{}
	chosen, rank := "", len(names)+1
	items := 0
	page.Err = jsontree.Elements(body, func(member string, i int, v jsontree.Value) error {
		if i < 0 {
			if v.Kind() != jsontree.Object && len(page.Envelope) < maxEnvelope {
				page.Envelope[member] = v.Text()
			}
			return nil
		}
		if r := rankOf(member, names); r < rank {
			chosen, rank = member, r
		}
		if items++; items > maxItems {
			return fmt.Errorf("more than %d records in one page", maxItems)
		}
		pointer := fmt.Sprintf("/%d", i)
		if member != "" {
			pointer = "/" + member + pointer
		}
		lists[member] = append(lists[member], Item{[]byte(v.Raw()), pointer})
		return nil
	})
	page.Items = lists[chosen]
	return page
}

func rankOf(name string, names []string) int {
	for i, n := range names {
		if n == name {
			return i
		}
	}
	return len(names)
}

// SplitFile finds the records in a file: a page as the API sends it, a bare
// array, or a single record, which known recognises.
func SplitFile(body []byte, known func(v jsontree.Value) bool, names ...string) ([]Item, error) {
	var d jsontree.Doc
	if err := d.Parse(body); err == nil && d.Root().Kind() == jsontree.Object && known(d.Root()) {
		return []Item{{Raw: bytes.TrimSpace(body)}}, nil
	}
	page := ReadPage(body, names...)
	if page.Err == nil && len(page.Items) == 0 {
		page.Err = errors.New("there is no record in it: expected a record, an array of records, or a page as the API sends it")
	}
	return page.Items, page.Err
}

// Endpoint appends path segments, which it escapes, to the path of an API's root,
// and query parameters to its query.
func Endpoint(root string, query url.Values, segments ...string) (string, error) {
	u, err := url.Parse(root)
	if err != nil {
		return "", fmt.Errorf("the source's path: %w", err)
	}
	path := strings.TrimRight(u.EscapedPath(), "/")
	for _, s := range segments {
		path += "/" + url.PathEscape(s)
	}
	if u.Path, err = url.PathUnescape(path); err != nil {
		return "", fmt.Errorf("the source's path: %w", err)
	}
	u.RawPath = path
	if len(query) > 0 {
		q := u.Query()
		for name, values := range query {
			q[name] = values
		}
		u.RawQuery = q.Encode()
	}
	return u.String(), nil
}

// Gone reports whether err says that a resource does not exist, or is not
// offered by the server.
func Gone(err error) bool {
	var status *harvesters.StatusError
	if !errors.As(err, &status) {
		return false
	}
	switch status.Status {
	case 404, 405, 410, 501:
		return true
	}
	return false
}

// Denied reports whether err says that the source's credentials do not suffice
// for a resource.
func Denied(err error) bool {
	status := StatusOf(err)
	return status == 401 || status == 403
}

// StatusOf returns the HTTP status that err reports, 0 for other errors.
func StatusOf(err error) int {
	var status *harvesters.StatusError
	if errors.As(err, &status) {
		return status.Status
	}
	return 0
}

// NextLink returns the target of a response's Link with rel=next (RFC 8288),
// resolved, or "".
func NextLink(resp *harvesters.Response) string {
	for _, header := range resp.Header["Link"] {
		for _, link := range strings.Split(header, ",") {
			target, parameters, ok := strings.Cut(strings.TrimSpace(link), ">")
			if !ok || !strings.HasPrefix(target, "<") {
				continue
			}
			for _, parameter := range strings.Split(parameters, ";") {
				name, value, _ := strings.Cut(strings.TrimSpace(parameter), "=")
				if !strings.EqualFold(strings.TrimSpace(name), "rel") || !strings.EqualFold(strings.Trim(strings.TrimSpace(value), `"`), "next") {
					continue
				}
				if u, err := resp.URL.Parse(target[1:]); err == nil {
					return u.String()
				}
			}
		}
	}
	return ""
}
