package eduapi

import (
	"bytes"
	"context"
	"fmt"
	"net/url"
	"strconv"
	"strings"

	"qlgraph/harvesters"
	"qlgraph/harvesters/lifting"
)

const (
	defaultPageSize = 500
	// apiDefault is the page size that every server has (query parameter
	// limit), tried where a larger one is refused.
	apiDefault = 100
	accept     = "application/json"
	// root is where the specification puts the API below a server's address.
	root = "/ims/eduapi/base/v1p0"
	// maxPages ends a series whose server always has one page more.
	maxPages = 100_000
)

// Reader walks a source.
type Reader struct{}

// Read implements harvesters.Reader: course templates and collection templates
// with their offerings, then organisations.
func (Reader) Read(ctx context.Context, src harvesters.Source, get harvesters.Getter, emit func(harvesters.Record) error, warn func(harvesters.Finding)) error {
	r := &reading{ctx: ctx, get: get, emit: emit, warn: warn, join: newJoin(), root: src.Path, limit: src.PageSize}
	if r.limit == 0 {
		r.limit = defaultPageSize
	}
	if err := r.findRoot(); err != nil {
		return err
	}
	for _, c := range []struct{ kind, path string }{{KindSession, "academicSessions"}, {KindOrganisation, "organizations"}} {
		if err := r.optional(r.pages(c.kind, c.path, r.hold), c.path); err != nil {
			return err
		}
	}
	for _, c := range []struct{ kind, path string }{{KindCourseOffering, "courseOfferings"}, {KindCollectionOffering, "collectionOfferings"}} {
		if err := r.optional(r.pages(c.kind, c.path, r.hold), c.path); err != nil {
			return err
		}
	}
	if err := r.pages(KindCourse, "courseTemplates", r.template); err != nil && !lifting.Gone(err) {
		return err
	}
	if err := r.pages(KindCollection, "collectionTemplates", r.template); err != nil && !lifting.Gone(err) {
		return err
	}
	for _, rec := range r.join.All(KindOrganisation) {
		if err := emit(rec); err != nil {
			return err
		}
	}
	return nil
}

// reading is one walk of a source.
type reading struct {
	ctx   context.Context
	get   harvesters.Getter
	emit  func(harvesters.Record) error
	warn  func(harvesters.Finding)
	join  *lifting.Join
	root  string
	limit int
}

// findRoot finds the API at the manifest's path, or below it where the
// specification puts it.
func (r *reading) findRoot() error {
	var first error
	for _, base := range []string{r.root, strings.TrimRight(r.root, "/") + root} {
		address, err := lifting.Endpoint(base, url.Values{"limit": {"1"}}, "courseTemplates")
		if err != nil {
			return err
		}
		_, err = r.get.Get(r.ctx, harvesters.Request{URL: address, Accept: accept})
		if err == nil {
			r.root = base
			return nil
		}
		if first == nil {
			first = err
		}
		if !lifting.Gone(err) {
			return first
		}
	}
	return r.emptyOr(first)
}

// emptyOr tells a source without courses, for which 404 is a lawful answer,
// from one that is not there: it has something else.
func (r *reading) emptyOr(notFound error) error {
	for _, path := range []string{"collectionTemplates", "organizations"} {
		address, err := lifting.Endpoint(r.root, url.Values{"limit": {"1"}}, path)
		if err != nil {
			return err
		}
		if _, err := r.get.Get(r.ctx, harvesters.Request{URL: address, Accept: accept}); err == nil {
			return nil
		}
	}
	return notFound
}

// hold keeps a record for those that refer to it. An offering too many is
// emitted on its own.
func (r *reading) hold(rec harvesters.Record) error {
	if r.join.Size > lifting.MaxJoined && (rec.Kind == KindCourseOffering || rec.Kind == KindCollectionOffering) {
		return r.emit(rec)
	}
	r.join.Add(rec)
	return nil
}

func (r *reading) template(rec harvesters.Record) error {
	kind := KindCourseOffering
	if rec.Kind == KindCollection {
		kind = KindCollectionOffering
	}
	return r.emit(r.join.Attach(rec, r.join.Offerings(rec.ID, kind)))
}

// optional turns the absence of a collection into nothing, and a refusal into a
// warning.
func (r *reading) optional(err error, path string) error {
	switch {
	case err == nil || lifting.Gone(err):
		return nil
	case lifting.Denied(err):
		r.warn(harvesters.Finding{Severity: harvesters.Info, Code: "edu-api.collection",
			Message: fmt.Sprintf("/%s may not be read, so that what courses take from there is missing: %v.", path, err),
			At:      harvesters.Origin{URL: r.root}})
		return nil
	}
	return err
}

// pages walks a collection by limit and offset. It follows the Link header
// where there is one, and ends at the total, at an empty page, or when a page
// repeats records that came before. A page shorter than the limit is no end:
// servers cap the limit.
func (r *reading) pages(kind, path string, each func(harvesters.Record) error) error {
	offset, seen := 0, map[string]bool{}
	address, err := r.address(path, 0)
	for n := 0; err == nil && address != "" && n < maxPages; n++ {
		var resp *harvesters.Response
		if resp, err = r.fetch(address, path, n); err != nil {
			return err
		}
		page := lifting.Page{}
		if len(bytes.TrimSpace(resp.Body)) > 0 {
			page = lifting.ReadPage(resp.Body)
		}
		from := resp.URL.String()
		for i, item := range page.Items {
			rec := newRecord(kind, item, from)
			if i == 0 && rec.ID != "" {
				if seen[rec.ID] {
					return nil
				}
				seen[rec.ID] = true
			}
			if err := each(rec); err != nil {
				return err
			}
		}
		if page.Err != nil {
			r.warn(harvesters.Finding{Severity: harvesters.Violation, Code: "edu-api.page.syntax",
				Message: fmt.Sprintf("The page is not JSON: %v. The %d records before that are read.", page.Err, len(page.Items)),
				At:      harvesters.Origin{URL: from}})
			// where the next page begins is not known, as the break hides how
			// many records this one has
			return nil
		}
		if len(page.Items) == 0 {
			return nil
		}
		offset += len(page.Items)
		address, err = r.next(resp, path, offset)
	}
	return err
}

func (r *reading) address(path string, offset int) (string, error) {
	query := url.Values{"limit": {strconv.Itoa(r.limit)}, "offset": {strconv.Itoa(offset)}}
	return lifting.Endpoint(r.root, query, path)
}

// fetch gets a page, with the API's own limit where the server refuses a larger
// one on the first.
func (r *reading) fetch(address, path string, n int) (*harvesters.Response, error) {
	resp, err := r.get.Get(r.ctx, harvesters.Request{URL: address, Accept: accept})
	if status := lifting.StatusOf(err); n == 0 && r.limit > apiDefault && (status == 400 || status == 422) {
		r.limit = apiDefault
		if address, err = r.address(path, 0); err != nil {
			return nil, err
		}
		return r.get.Get(r.ctx, harvesters.Request{URL: address, Accept: accept})
	}
	return resp, err
}

// next returns the address of the page after resp, "" where there is none.
func (r *reading) next(resp *harvesters.Response, path string, offset int) (string, error) {
	if link := lifting.NextLink(resp); link != "" {
		return link, nil
	}
	if total := resp.Header["X-Total-Count"]; len(total) > 0 {
		if n, err := strconv.Atoi(strings.TrimSpace(total[0])); err == nil && offset >= n {
			return "", nil
		}
	}
	return r.address(path, offset)
}
