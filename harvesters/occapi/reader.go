package occapi

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"strings"

	"qlgraph/harvesters"
	"qlgraph/harvesters/lifting"
	"qlgraph/internal/jsontree"
	"qlgraph/internal/spill"
)

// accept is JSON:API's media type, and what servers send instead.
const accept = "application/vnd.api+json, application/json;q=0.9"

// patience is how many courses in a row may answer that their resource does not
// exist before only the collections are read.
const patience = 20

// Reader walks a source of either version.
type Reader struct{}

// Read implements harvesters.Reader. The source's path is the institution's
// resource; programmes come first, because courses take their level from them.
func (d Reader) Read(ctx context.Context, src harvesters.Source, get harvesters.Getter, emit func(harvesters.Record) error, warn func(harvesters.Finding)) error {
	_, err := d.ReadSince(ctx, src, harvesters.Past{}, get, emit, warn)
	return err
}

// ReadSince implements harvesters.Incremental. The API has no filter; what is
// spared is the request for each course, where the list says that it is as it
// was, and that for courses which are known to be deprecated.
func (Reader) ReadSince(ctx context.Context, src harvesters.Source, past harvesters.Past, get harvesters.Getter, emit func(harvesters.Record) error, warn func(harvesters.Finding)) (harvesters.Walk, error) {
	r := &reading{ctx: ctx, src: src, past: past, get: get, emit: emit, warn: warn, join: newJoin(), seen: map[string]bool{}}
	r.join.Disk = spill.New(harvesters.Scratch(get))
	defer r.join.Close()
	hei, err := r.institution()
	if err != nil {
		return harvesters.Walk{}, err
	}
	if err := emit(hei.records[0]); err != nil {
		return harvesters.Walk{}, err
	}
	units, err := r.units(hei)
	if err != nil {
		return harvesters.Walk{}, err
	}
	for _, kind := range []string{KindProgramme, KindCourse} {
		if err := r.catalogue(kind, hei, units); err != nil {
			return harvesters.Walk{}, err
		}
	}
	if err := r.unlisted(hei); err != nil {
		return harvesters.Walk{}, err
	}
	return harvesters.Walk{Mark: []byte(readBefore), Full: !r.reused}, nil
}

// reading is one walk of a source.
type reading struct {
	ctx     context.Context
	src     harvesters.Source
	get     harvesters.Getter
	emit    func(harvesters.Record) error
	warn    func(harvesters.Finding)
	join    *lifting.Join
	seen    map[string]bool // kind and id
	foreign []harvesters.Record
	// programmes is where the programmes' courses are, for a server that lists
	// courses nowhere else.
	programmes []document
	missing    int // course resources in a row that do not exist
	past       harvesters.Past
	reused     bool // a record was taken as it was
}

// document is a JSON:API document.
type document struct {
	address string
	records []harvesters.Record
	links   map[string]string // by relation; of the document, and of a single resource
	single  bool              // the document is one resource, not a list
}

// fetch reads a document. One that breaks off gives the resources before.
func (r *reading) fetch(address string) (document, error) {
	resp, err := r.get.Get(r.ctx, harvesters.Request{URL: address, Accept: accept})
	if err != nil {
		return document{}, err
	}
	d := document{address: resp.URL.String(), links: map[string]string{}}
	var single jsontree.Doc
	if parseErr := single.Parse(resp.Body); parseErr == nil {
		root := single.Root()
		collectLinks(d.links, root.Get("links"))
		if data := root.Get("data"); data.Kind() == jsontree.Object {
			collectLinks(d.links, data.Get("links"))
			d.single = true
			d.records = []harvesters.Record{newRecord(lifting.Item{Raw: []byte(data.Raw()), Pointer: "/data"}, d.address)}
			return d, nil
		}
	}
	page := lifting.ReadPage(resp.Body, "data")
	for _, item := range page.Items {
		d.records = append(d.records, newRecord(item, d.address))
	}
	if page.Err != nil {
		if len(page.Items) == 0 {
			return d, fmt.Errorf("GET %s: not JSON: %w", d.address, page.Err)
		}
		r.warn(harvesters.Finding{Severity: harvesters.Violation, Code: "occapi.page.syntax",
			Message: fmt.Sprintf("The collection is not JSON: %v. The %d resources before that are read.", page.Err, len(page.Items)),
			At:      harvesters.Origin{URL: d.address}})
	}
	return d, nil
}

// collectLinks reads links, objects with a href or plain strings.
func collectLinks(links map[string]string, v jsontree.Value) {
	for link := range v.All() {
		href := link.Text()
		if link.Kind() == jsontree.Object {
			href = link.Get("href").Text()
		}
		if href != "" {
			links[strings.Clone(link.Name())] = strings.Clone(href)
		}
	}
}

// institution finds the institution's resource, from wherever in the API the
// manifest's path leads to.
func (r *reading) institution() (document, error) {
	d, err := r.fetch(r.src.Path)
	for hops := 0; err == nil && hops < 3; hops++ {
		switch {
		case d.single && d.records[0].Kind == KindInstitution:
			return d, r.ownership(d.records[0])
		case d.links["hei"] != "":
			d, err = r.fetch(r.resolve(d, "hei", ""))
		default:
			id := r.chosen(d)
			if id == "" {
				return d, fmt.Errorf("%s: expected an institution (a resource of type \"hei\")", d.address)
			}
			var address string
			if address, err = lifting.Endpoint(d.address, nil, id); err == nil {
				d, err = r.fetch(address)
			}
		}
	}
	if err == nil {
		err = fmt.Errorf("%s: the links do not lead to an institution", r.src.Path)
	}
	return d, err
}

// chosen returns the SCHAC code of the provider in a list of institutions, or
// of the only one.
func (r *reading) chosen(d document) string {
	last := ""
	for _, rec := range d.records {
		if rec.Kind != KindInstitution {
			return ""
		}
		last = schacOf(rec)
		if strings.EqualFold(last, r.src.Provider.Key()) {
			return last
		}
	}
	if len(d.records) > 1 {
		return ""
	}
	return last
}

func schacOf(rec harvesters.Record) string {
	var d jsontree.Doc
	if d.Parse(rec.Body) != nil {
		return ""
	}
	return strings.Clone(d.Root().Get("attributes").Get("heiId").Text())
}

// ownership keeps a foreign institution to be attached to its courses, so that
// they say whose they are.
func (r *reading) ownership(hei harvesters.Record) error {
	if schac := schacOf(hei); schac != "" && !strings.EqualFold(schac, r.src.Provider.Key()) {
		r.foreign = []harvesters.Record{hei}
	}
	return nil
}

// resolve returns the address of a link. Links may name the server that the
// data were made on: the part from /hei/ on is then looked for beside the
// document's own path. Without a link it is the path that the API prescribes.
func (r *reading) resolve(d document, relation, otherwise string) string {
	href := d.links[relation]
	base, err := url.Parse(d.address)
	if href == "" || err != nil {
		return otherwise
	}
	u, err := base.Parse(href)
	if err != nil {
		return otherwise
	}
	if u.Scheme == base.Scheme && u.Host == base.Host {
		return u.String()
	}
	own, _, ok := strings.Cut(d.address, "/hei/")
	_, rest, hasRest := strings.Cut(u.EscapedPath(), "/hei/")
	if !ok || !hasRest {
		return u.String()
	}
	return own + "/hei/" + rest
}

// units emits the institution's units and returns their documents.
func (r *reading) units(hei document) ([]document, error) {
	address := r.resolve(hei, "ounit", "")
	if address == "" {
		return nil, nil
	}
	list, err := r.fetch(address)
	if err != nil {
		return nil, r.optional(err, "units")
	}
	var units []document
	for _, rec := range list.records {
		if err := r.emit(rec); err != nil {
			return nil, err
		}
		if hei.links[KindCourse] != "" && hei.links[KindProgramme] != "" {
			continue
		}
		unit, err := r.details(rec, address)
		if err != nil {
			if err := r.optional(err, "unit "+rec.ID); err != nil {
				return nil, err
			}
			continue
		}
		units = append(units, unit)
	}
	return units, nil
}

// details fetches the resource of a record of a collection.
func (r *reading) details(rec harvesters.Record, collection string) (document, error) {
	self := document{address: rec.Origin.URL, links: map[string]string{}}
	var d jsontree.Doc
	if d.Parse(rec.Body) == nil {
		collectLinks(self.links, d.Root().Get("links"))
	}
	canonical, err := lifting.Endpoint(collection, nil, rec.ID)
	if err != nil {
		return self, err
	}
	address := r.resolve(self, "self", canonical)
	found, err := r.fetch(address)
	if err != nil && lifting.StatusOf(err) != 0 && address != canonical {
		found, err = r.fetch(canonical)
	}
	return found, err
}

// catalogue emits the programmes or courses: from the institution's list where
// it has one, else from its units', else from its programmes'.
func (r *reading) catalogue(kind string, hei document, units []document) error {
	sources := []document{hei}
	if hei.links[kind] == "" {
		sources = units
		if kind == KindCourse && !anyLink(units, kind) {
			sources = r.programmes
		}
	}
	for _, d := range sources {
		address := r.resolve(d, kind, "")
		if address == "" {
			continue
		}
		err := r.list(address)
		var own *emitError
		if errors.As(err, &own) {
			return own.error
		}
		if err != nil {
			if err := r.listFailed(err, kind, address, d.address == hei.address); err != nil {
				return err
			}
		}
	}
	return nil
}

// maxResource bounds a resource in a list.
const maxResource = 8 << 20

// emitError is an error of what is done with a resource, not of its list.
type emitError struct{ error }

// list emits the resources of a list. The API has no pages, so that the list may
// be larger than memory; one that breaks off gives the resources before.
func (r *reading) list(address string) error {
	file, err := harvesters.Fetch(r.ctx, r.get, harvesters.Request{URL: address, Accept: accept})
	if err != nil {
		return err
	}
	defer file.Close()
	from, read := file.URL.String(), 0
	err = jsontree.Scan(file.Content, maxResource, func(member string, i int, v jsontree.Value) error {
		if i < 0 && (member != "data" || v.Kind() != jsontree.Object) || i >= 0 && member != "data" && member != "" {
			return nil
		}
		pointer := "/data"
		if i >= 0 {
			pointer = strings.TrimSuffix("/"+member, "/") + fmt.Sprintf("/%d", i)
		}
		read++
		if err := r.resource(newRecord(lifting.Item{Raw: []byte(v.Raw()), Pointer: pointer}, from), address); err != nil {
			return &emitError{err}
		}
		return nil
	})
	var syntax *jsontree.Error
	if errors.As(err, &syntax) && read > 0 {
		r.warn(harvesters.Finding{Severity: harvesters.Violation, Code: "occapi.page.syntax",
			Message: fmt.Sprintf("The collection is not JSON: %v. The %d resources before that are read.", syntax, read),
			At:      harvesters.Origin{URL: from}})
		return nil
	}
	if err != nil && syntax != nil {
		return fmt.Errorf("GET %s: not JSON: %w", from, err)
	}
	return err
}

func anyLink(documents []document, relation string) bool {
	for _, d := range documents {
		if d.links[relation] != "" {
			return true
		}
	}
	return false
}

// listFailed reports a list that cannot be read: that of the institution fails
// the source, that of a unit is missed.
func (r *reading) listFailed(err error, kind, address string, whole bool) error {
	if lifting.Gone(err) {
		return nil
	}
	if whole || lifting.StatusOf(err) == 0 && !errors.As(err, new(*jsontree.Error)) {
		return err
	}
	r.warn(harvesters.Finding{Severity: harvesters.Violation, Code: "occapi.collection",
		Message: fmt.Sprintf("A list of %ss cannot be read: %v.", kind, err), At: harvesters.Origin{URL: address}})
	return nil
}

// resource emits a programme or a course with what belongs to it, once.
func (r *reading) resource(rec harvesters.Record, collection string) error {
	if key := rec.Kind + " " + rec.ID; r.seen[key] {
		return nil
	} else if rec.ID != "" {
		r.seen[key] = true
	}
	links := document{address: rec.Origin.URL, links: map[string]string{}}
	if known, ok, err := r.asBefore(rec); err != nil {
		return err
	} else if ok {
		rec = known
	} else if rec.ID != "" && r.missing < patience {
		full, err := r.details(rec, collection)
		switch {
		case err == nil && len(full.records) == 1 && full.records[0].ID == rec.ID:
			rec, links, r.missing = full.records[0], full, 0
		case lifting.Gone(err):
			r.missing++
		case err != nil:
			return r.unread(rec, err)
		}
	}
	if rec.Kind == KindProgramme {
		r.join.Add(rec)
		r.programmes = append(r.programmes, document{address: links.address, links: links.links})
		rec.Attached = r.foreign
		if err := r.join.Err(); err != nil {
			return err
		}
		return r.emit(rec)
	}
	return r.attached(rec, links)
}

// attached emits a course with its instances and programmes.
func (r *reading) attached(rec harvesters.Record, links document) error {
	instances, err := r.instances(rec, links)
	if err != nil {
		return r.unread(rec, err)
	}
	rec = r.join.Attach(rec, instances)
	rec.Attached = append(rec.Attached, r.foreign...)
	return r.emit(rec)
}

// instances fetches the instances of a course, where it has a link to them.
func (r *reading) instances(rec harvesters.Record, links document) ([]harvesters.Record, error) {
	if links.links["instance"] == "" {
		var d jsontree.Doc
		if d.Parse(rec.Body) == nil {
			collectLinks(links.links, d.Root().Get("links"))
		}
	}
	address := r.resolve(links, "instance", "")
	if address == "" {
		return nil, nil
	}
	list, err := r.fetch(address)
	if lifting.Gone(err) {
		return nil, nil
	}
	return list.records, err
}

// unread reports a course that cannot be read whole. Published in part it would
// look as if the rest were withdrawn.
func (r *reading) unread(rec harvesters.Record, err error) error {
	if lifting.StatusOf(err) == 0 && !errors.As(err, new(*jsontree.Error)) {
		return err
	}
	r.warn(harvesters.Finding{Severity: harvesters.Violation, Code: "occapi.resource",
		Message: fmt.Sprintf("The %s %s cannot be read, so it is left as it was: %v.", rec.Kind, rec.ID, err), At: rec.Origin})
	return nil
}

// optional turns the absence of a resource into nothing, and its failure into a
// warning.
func (r *reading) optional(err error, what string) error {
	if lifting.Gone(err) {
		return nil
	}
	if lifting.StatusOf(err) == 0 && !errors.As(err, new(*jsontree.Error)) {
		return err
	}
	r.warn(harvesters.Finding{Severity: harvesters.Violation, Code: "occapi.units",
		Message: fmt.Sprintf("The %s cannot be read: %v.", what, err), At: harvesters.Origin{URL: r.src.Path}})
	return nil
}
