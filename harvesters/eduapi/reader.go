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
	"qlgraph/internal/spill"
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
func (d Reader) Read(ctx context.Context, src harvesters.Source, get harvesters.Getter, emit func(harvesters.Record) error, warn func(harvesters.Finding)) error {
	_, err := d.ReadSince(ctx, src, harvesters.Past{}, get, emit, warn)
	return err
}

// ReadSince implements harvesters.Incremental.
func (Reader) ReadSince(ctx context.Context, src harvesters.Source, past harvesters.Past, get harvesters.Getter, emit func(harvesters.Record) error, warn func(harvesters.Finding)) (harvesters.Walk, error) {
	r := &reading{ctx: ctx, get: get, emit: emit, warn: warn, join: newJoin(), root: src.Path, limit: src.PageSize, mark: newMark()}
	r.join.Disk = spill.New(harvesters.Scratch(get))
	defer r.join.Close()
	if r.limit == 0 {
		r.limit = defaultPageSize
	}
	if err := r.findRoot(); err != nil {
		return harvesters.Walk{}, err
	}
	for _, c := range []struct{ kind, path string }{{KindSession, "academicSessions"}, {KindOrganisation, "organizations"}} {
		if err := r.optional(r.pages(c.kind, c.path, r.share), c.path); err != nil {
			return harvesters.Walk{}, err
		}
	}
	changes, err := r.changes(past)
	if err == nil && !changes {
		err = r.everything()
	}
	if err != nil {
		return harvesters.Walk{}, err
	}
	for rec := range r.join.All(KindOrganisation) {
		if err := emit(rec); err != nil {
			return harvesters.Walk{}, err
		}
	}
	return harvesters.Walk{Mark: r.mark.encode(past.Now), Changes: changes, Full: !changes}, nil
}

// everything reads all offerings, then all templates.
func (r *reading) everything() error {
	for _, c := range collections {
		if !c.offering {
			continue
		}
		if err := r.optional(r.pages(c.kind, c.path, r.hold), c.path); err != nil {
			return err
		}
	}
	for _, c := range collections {
		if c.offering {
			continue
		}
		if err := r.pages(c.kind, c.path, r.template); err != nil && !lifting.Gone(err) {
			return err
		}
	}
	return nil
}

// collections are what changes are asked for of: offerings first, which the
// templates wait for.
var collections = [...]struct {
	kind, path string
	offering   bool
}{
	{KindCourseOffering, "courseOfferings", true},
	{KindCollectionOffering, "collectionOfferings", true},
	{KindCourse, "courseTemplates", false},
	{KindCollection, "collectionTemplates", false},
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
	mark  *mark
	// filter is put to every page that is asked for, "" for all records.
	filter string
	total  int // of courseTemplates, as the server says; -1: it does not
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
		resp, err := r.get.Get(r.ctx, harvesters.Request{URL: address, Accept: accept, Series: "probe"})
		if err == nil {
			r.root, r.total = base, totalOf(resp)
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
		if _, err := r.get.Get(r.ctx, harvesters.Request{URL: address, Accept: accept, Series: "probe"}); err == nil {
			return nil
		}
	}
	return notFound
}

// share keeps a record that others refer to.
func (r *reading) share(rec harvesters.Record) error {
	r.mark.share(rec)
	r.join.Add(rec)
	return r.join.Err()
}

// hold keeps an offering for its template. One too many is emitted on its own.
func (r *reading) hold(rec harvesters.Record) error {
	r.mark.count(rec)
	if r.join.Size > lifting.MaxJoined {
		r.mark.loose = true
		return r.emit(rec)
	}
	r.join.Add(rec)
	return r.join.Err()
}

func (r *reading) template(rec harvesters.Record) error {
	r.mark.count(rec)
	offerings := r.join.Offerings(rec.ID, offeringsOf(rec.Kind))
	r.mark.Claimed += len(offerings)
	rec = r.join.Attach(rec, offerings)
	if err := r.join.Err(); err != nil {
		return err
	}
	return r.emit(rec)
}

// offeringsOf returns the kind of the offerings of a kind of template.
func offeringsOf(kind string) string {
	if kind == KindCollection {
		return KindCollectionOffering
	}
	return KindCourseOffering
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
	if r.filter != "" {
		query.Set("filter", r.filter)
	}
	return lifting.Endpoint(r.root, query, path)
}

// fetch gets a page, with the API's own limit where the server refuses a larger
// one on the first.
func (r *reading) fetch(address, path string, n int) (*harvesters.Response, error) {
	resp, err := r.get.Get(r.ctx, r.request(address))
	if status := lifting.StatusOf(err); n == 0 && r.limit > apiDefault && (status == 400 || status == 422) {
		r.limit = apiDefault
		if address, err = r.address(path, 0); err != nil {
			return nil, err
		}
		return r.get.Get(r.ctx, r.request(address))
	}
	return resp, err
}

func (r *reading) request(address string) harvesters.Request {
	return harvesters.Request{URL: address, Accept: accept, Series: r.filter}
}

// next returns the address of the page after resp, "" where there is none.
func (r *reading) next(resp *harvesters.Response, path string, offset int) (string, error) {
	if link := lifting.NextLink(resp); link != "" {
		return link, nil
	}
	if n := totalOf(resp); n >= 0 && offset >= n {
		return "", nil
	}
	return r.address(path, offset)
}

// totalOf returns how many records there are in all, -1 where the server does
// not say.
func totalOf(resp *harvesters.Response) int {
	if total := resp.Header["X-Total-Count"]; len(total) > 0 {
		if n, err := strconv.Atoi(strings.TrimSpace(total[0])); err == nil && n >= 0 {
			return n
		}
	}
	return -1
}
