package occapi

import (
	"fmt"
	"strings"

	"qlgraph/harvesters"
	"qlgraph/harvesters/lifting"
	"qlgraph/internal/jsontree"
)

// readBefore is the mark of a complete walk: all it says is that there was one.
const readBefore = "1"

// asBefore returns the resource of a list's entry as it was read last, where the
// entry says that it did not change since: by lastModified, and by having
// nothing in it that the resource has not.
func (r *reading) asBefore(entry harvesters.Record) (harvesters.Record, bool, error) {
	if len(r.past.Mark) == 0 || entry.ID == "" || entry.Modified.IsZero() {
		return harvesters.Record{}, false, nil
	}
	known, ok, err := r.past.Record(entry.Kind, entry.ID)
	if err != nil || !ok {
		return harvesters.Record{}, false, err
	}
	known.Attached = nil
	var listed, full jsontree.Doc
	if listed.Parse(entry.Body) != nil || full.Parse(known.Body) != nil {
		return known, false, nil
	}
	for _, part := range []string{"attributes", "meta", "relationships"} {
		for v := range listed.Root().Get(part).All() {
			if full.Root().Get(part).Get(v.Name()).Raw() != v.Raw() {
				return known, false, nil
			}
		}
	}
	r.reused = true
	return known, true, nil
}

// unlisted looks for the courses that were known and that no list has any more.
// Deprecated ones are left out of lists, and stay: each is asked for once, to
// see whether it is that, and never again when it is.
func (r *reading) unlisted(hei document) error {
	if r.past.Known == nil {
		return nil
	}
	var gone []string
	err := r.past.Known(func(kind, id string) error {
		if kind == KindCourse && id != "" && !r.seen[kind+" "+id] {
			gone = append(gone, id)
		}
		return nil
	})
	if err != nil {
		return err
	}
	missing := 0
	for _, id := range gone {
		known, ok, err := r.past.Record(KindCourse, id)
		if err != nil {
			return err
		}
		switch {
		case ok && len(r.past.Mark) > 0 && deprecated(known):
			known.Attached = nil
			r.reused = true
			err = r.attached(known, document{address: known.Origin.URL, links: map[string]string{}})
		case missing >= patience:
			return nil // the catalogue has shrunk, and whole resources are gone
		default:
			missing, err = r.lookUp(hei, id, missing)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// lookUp asks for a course that no list has.
func (r *reading) lookUp(hei document, id string, missing int) (int, error) {
	collection := r.resolve(hei, KindCourse, "")
	if collection == "" {
		collection = strings.TrimRight(hei.address, "/") + "/" + KindCourse
	}
	address, err := lifting.Endpoint(collection, nil, id)
	if err != nil {
		return missing, err
	}
	found, err := r.fetch(address)
	switch {
	case lifting.Gone(err):
		return missing + 1, nil
	case err != nil:
		return missing, r.unread(harvesters.Record{Kind: KindCourse, ID: id, Origin: harvesters.Origin{URL: address}}, err)
	case !found.single || found.records[0].ID != id:
		return missing + 1, nil // some servers answer any address
	case !deprecated(found.records[0]):
		r.warn(harvesters.Finding{Severity: harvesters.Info, Code: "occapi.unlisted", At: found.records[0].Origin,
			Message: fmt.Sprintf("The course %s is in no list, and not deprecated; it stays published.", id)})
	}
	return 0, r.attached(found.records[0], found)
}

func deprecated(rec harvesters.Record) bool {
	var d jsontree.Doc
	return d.Parse(rec.Body) == nil && d.Root().Get("attributes").Get("deprecated").Text() == "true"
}
