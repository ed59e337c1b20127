package ooapi

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"strconv"
	"strings"

	"qlgraph/harvesters"
	"qlgraph/harvesters/lifting"
	"qlgraph/internal/spill"
)

const (
	defaultPageSize = 250
	accept          = "application/json, application/problem+json;q=0.5"
	// maxPages ends a series whose server always has one page more: 100,000
	// pages of 10 are a million records.
	maxPages = 100_000
)

// pageSizes are the sizes that the API allows (query parameter pageSize), which
// are tried in turn when a server refuses the larger ones.
var pageSizes = []int{250, 100, 50, 20, 10}

// Reader walks a source of either version.
type Reader struct{}

// Read implements harvesters.Reader: courses and programmes with what belongs
// to them, then education specifications that none of them refers to, then
// organisations.
func (Reader) Read(ctx context.Context, src harvesters.Source, get harvesters.Getter, emit func(harvesters.Record) error, warn func(harvesters.Finding)) error {
	r := &reading{ctx: ctx, src: src, get: get, emit: emit, warn: warn, join: newJoin(), size: src.PageSize}
	r.join.Disk = spill.New(harvesters.Scratch(get))
	defer r.join.Close()
	if r.size == 0 {
		r.size = defaultPageSize
	}
	if err := r.findVersion(); err != nil {
		return err
	}
	if err := r.gather(); err != nil {
		return err
	}
	if err := r.specifications(KindCourse, "courses"); err != nil {
		return err
	}
	if err := r.specifications(KindProgramme, r.api.programmes); err != nil && !lifting.Gone(err) {
		return err
	}
	return r.rest()
}

// api is what differs between the versions.
type api struct {
	programmes, organisations string
	offerings                 map[string]string // by kind of what is offered, under its path
	sessionOfferings          map[string]string // the same under an academic session
	collections               []collection
	components                string // under a course, where there is no collection of them
}

// collection is a list of records that others refer to.
type collection struct{ kind, path string }

var version5 = api{
	programmes: "programs", organisations: "organizations",
	offerings:        map[string]string{KindCourse: "offerings", KindProgramme: "offerings"},
	sessionOfferings: map[string]string{"": "offerings"},
	components:       "components",
	collections: []collection{
		{KindSession, "academic-sessions"}, {KindOrganisation, "organizations"}, {KindSpecification, "education-specifications"},
	},
}

var version6 = api{
	programmes: "programmes", organisations: "organisations",
	offerings:        map[string]string{KindCourse: "course-offerings", KindProgramme: "programme-offerings"},
	sessionOfferings: map[string]string{KindCourse: "course-offerings", KindProgramme: "programme-offerings"},
	collections: []collection{
		{KindSession, "academic-sessions"}, {KindOrganisation, "organisations"}, {KindOutcome, "learning-outcomes"}, {KindComponent, "learning-components"},
	},
}

// reading is one walk of a source.
type reading struct {
	ctx  context.Context
	src  harvesters.Source
	get  harvesters.Getter
	emit func(harvesters.Record) error
	warn func(harvesters.Finding)
	api  api
	size int
	join *lifting.Join
	bulk bool // the join has every offering
}

// findVersion takes the version from the manifest, else from the path, else
// from what the server offers: only version 6 has /programmes.
func (r *reading) findVersion() error {
	major := strings.TrimPrefix(strings.ToLower(strings.TrimSpace(r.src.Version)), "v")
	major, _, _ = strings.Cut(major, ".")
	if major == "" {
		for _, segment := range strings.Split(strings.ToLower(r.src.Path), "/") {
			if segment == "v5" || segment == "v6" {
				major = segment[1:]
			}
		}
	}
	switch major {
	case "5":
		r.api = version5
	case "6":
		r.api = version6
	case "":
		r.api = version5
		address, err := lifting.Endpoint(r.src.Path, url.Values{"pageSize": {"10"}, "pageNumber": {"1"}}, "programmes")
		if err != nil {
			return err
		}
		if _, err := r.get.Get(r.ctx, harvesters.Request{URL: address, Accept: accept}); err == nil {
			r.api = version6
		}
	default:
		return fmt.Errorf("OOAPI version %q is not supported: expected 5 or 6", r.src.Version)
	}
	return nil
}

// pages walks a paged collection. It ends when the server says so, at an empty
// page, or when a page repeats records that came before: hasNextPage alone is
// not to be trusted.
func (r *reading) pages(kind string, each func(harvesters.Record) error, segments ...string) error {
	first := ""
	for number := 1; number <= maxPages; number++ {
		page, from, err := r.page(number, segments...)
		if err != nil {
			return err
		}
		for i, item := range page.Items {
			rec := newRecord(kind, item, from)
			if i == 0 {
				if rec.ID != "" && rec.ID == first {
					return nil
				}
				if number == 1 {
					first = rec.ID
				}
			}
			if err := each(rec); err != nil {
				return err
			}
		}
		if page.Err != nil {
			r.warn(harvesters.Finding{Severity: harvesters.Violation, Code: "ooapi.page.syntax",
				Message: fmt.Sprintf("The page is not JSON: %v. The %d records before that are read.", page.Err, len(page.Items)),
				At:      harvesters.Origin{URL: from}})
		}
		if len(page.Items) == 0 || !hasNext(page, number) {
			return nil
		}
	}
	r.warn(harvesters.Finding{Severity: harvesters.Violation, Code: "ooapi.pages.endless",
		Message: fmt.Sprintf("The server still has a next page after %d.", maxPages), At: harvesters.Origin{URL: r.src.Path}})
	return nil
}

// hasNext reads the envelope; a bare array is the whole collection.
func hasNext(page lifting.Page, number int) bool {
	if total, err := strconv.Atoi(page.Envelope["totalPages"]); err == nil && number >= total && total > 0 {
		return false
	}
	return page.Envelope["hasNextPage"] == "true"
}

// page fetches one page, with a smaller size where the server refuses it.
func (r *reading) page(number int, segments ...string) (lifting.Page, string, error) {
	for {
		query := url.Values{"pageSize": {strconv.Itoa(r.size)}, "pageNumber": {strconv.Itoa(number)}}
		address, err := lifting.Endpoint(r.src.Path, query, segments...)
		if err != nil {
			return lifting.Page{}, "", err
		}
		resp, err := r.get.Get(r.ctx, harvesters.Request{URL: address, Accept: accept})
		if lifting.StatusOf(err) == 400 && number == 1 && r.smaller() {
			continue
		}
		if err != nil {
			return lifting.Page{}, address, err
		}
		return lifting.ReadPage(resp.Body, envelope), resp.URL.String(), nil
	}
}

func (r *reading) smaller() bool {
	for _, size := range pageSizes {
		if size < r.size {
			r.size = size
			return true
		}
	}
	return false
}

// gather reads the collections that courses refer to, as far as the server has
// them, and the offerings of each academic session, which are far fewer series
// of pages than those of each course.
func (r *reading) gather() error {
	sessions := []string{}
	for _, c := range r.api.collections {
		err := r.pages(c.kind, func(rec harvesters.Record) error {
			r.join.Add(rec)
			if c.kind == KindSession {
				sessions = append(sessions, rec.ID)
			}
			return r.join.Err()
		}, c.path)
		if err := r.optional(err, c.path); err != nil {
			return err
		}
	}
	if len(sessions) == 0 {
		return nil
	}
	r.bulk = true
	for _, id := range sessions {
		for _, path := range r.api.sessionOfferings {
			if err := r.sessionOfferings(id, path); err != nil {
				return err
			}
			if !r.bulk {
				r.join.Forget(KindOffering)
				return nil
			}
		}
	}
	return nil
}

// errTooLarge says that the offerings are too many to be held.
var errTooLarge = errors.New("too much to join")

func (r *reading) sessionOfferings(session, path string) error {
	if session == "" {
		return nil
	}
	err := r.pages(KindOffering, func(rec harvesters.Record) error {
		r.join.Add(rec)
		if r.join.Size > lifting.MaxJoined {
			return errTooLarge
		}
		return r.join.Err()
	}, "academic-sessions", session, path)
	if errors.Is(err, errTooLarge) || lifting.Gone(err) || refused(err) {
		r.bulk = false
		return nil
	}
	return err
}

// refused reports whether the server answers, but will not serve this.
func refused(err error) bool {
	status := lifting.StatusOf(err)
	return status == 400 || lifting.Denied(err) || status >= 500
}

// optional turns the failure of a collection that courses can do without into a
// warning, or into nothing where the server does not offer it.
func (r *reading) optional(err error, path string) error {
	switch {
	case err == nil || lifting.Gone(err):
		return nil
	case refused(err):
		severity := harvesters.Warning
		if lifting.Denied(err) {
			severity = harvesters.Info // for good, so that no run would ever be complete
		}
		r.warn(harvesters.Finding{Severity: severity, Code: "ooapi.collection",
			Message: fmt.Sprintf("/%s cannot be read, so that what courses take from there is missing: %v.", path, err),
			At:      harvesters.Origin{URL: r.src.Path}})
		return nil
	}
	return err
}
