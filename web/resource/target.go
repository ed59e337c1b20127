package resource

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"qlgraph/ontology/courseid"
)

// Kind is what a thing is, as its path tells.
type Kind string

// The kinds of things that have documents.
const (
	Course   Kind = "course"
	Offering Kind = "offering"
	Provider Kind = "provider"
	Alliance Kind = "alliance"
	Source   Kind = "source"
	Run      Kind = "run"
)

// Kinds returns the first segments of the paths of things.
func Kinds() []string {
	return []string{string(Course), string(Provider), string(Alliance), string(Source), string(Run)}
}

// Target is what the path of a document names.
type Target struct {
	Kind Kind
	// IRI is the aggregator's of the thing, normalised.
	IRI string
	// Path is that of its document, without an ending: "/doc/course/uni.example/C1".
	Path string
	// Part names a further document about the thing ("lineage"); "" for the
	// document itself.
	Part string
	// Ending is ".ttl" and the like where the path fixes the syntax, "" where
	// the client's Accept does.
	Ending string
	moment string // what Path begins with where it is that of a past state
}

// Thing returns the path of the thing itself, which redirects to the document.
func (t Target) Thing() string {
	return strings.TrimPrefix(strings.TrimPrefix(t.Path, t.moment), documents)
}

// documents is what paths of documents begin with.
const documents = "/doc"

// maxPath bounds paths of things: IRIs beyond it are nobody's course.
const maxPath = 4 << 10

var errMalformed = errors.New("this is not the path of a thing")

// target reads the path of a thing, percent-encoded and without "/doc".
func target(base, path string) (Target, error) {
	t := Target{}
	if len(path) > maxPath {
		return t, fmt.Errorf("%w: it is longer than %d bytes", errMalformed, maxPath)
	}
	kind, _, _ := strings.Cut(strings.TrimPrefix(path, "/"), "/")
	var err error
	if t.Kind = Kind(kind); t.Kind == Course {
		err = t.course(base, path)
	} else {
		err = t.other(base, path)
	}
	if err != nil {
		return t, errors.Join(errMalformed, err)
	}
	t.Path = documents + strings.TrimPrefix(t.IRI, base)
	return t, nil
}

func (t *Target) course(base, path string) error {
	id, err := courseid.Parse(base, path)
	if err != nil {
		return err
	}
	if id.Offering != "" {
		t.Kind = Offering
	}
	if err := plain(id.Course.SCHAC, id.Course.ID, id.Offering); err != nil {
		return err
	}
	t.IRI = id.IRI(base)
	return nil
}

// other reads /provider/{schac}, /alliance/{id}, /source/{schac}/{id} and
// /run/{id}.
func (t *Target) other(base, path string) error {
	var ids []string
	for _, segment := range strings.Split(path, "/")[1:] {
		id, err := courseid.Unescape(segment)
		if err != nil {
			return err
		}
		ids = append(ids, id)
	}
	if err := plain(ids...); err != nil {
		return err
	}
	switch {
	case slices.Contains(ids, ""):
		return errors.New("an id is empty")
	case t.Kind == Provider && len(ids) == 2:
		t.IRI = courseid.Provider(base, strings.ToLower(ids[1]))
	case t.Kind == Alliance && len(ids) == 2:
		t.IRI = courseid.Alliance(base, ids[1])
	case t.Kind == Run && len(ids) == 2:
		t.IRI = base + "/run/" + courseid.Escape(ids[1])
	case t.Kind == Source && len(ids) == 3:
		t.IRI = courseid.Source(base, strings.ToLower(ids[1]), ids[2])
	default:
		return errors.New("expected /course/{schac}/{id}, /provider/{schac}, /alliance/{id}, /source/{schac}/{id} or /run/{id}")
	}
	return nil
}

// plain refuses ids with control characters, which no source's identifier has:
// they are somebody's attempt at a header or a log line.
func plain(ids ...string) error {
	for _, id := range ids {
		if strings.ContainsFunc(id, func(r rune) bool { return r < 0x20 || r == 0x7F }) {
			return fmt.Errorf("the id %q has control characters", id)
		}
	}
	return nil
}
