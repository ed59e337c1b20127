package registry

import (
	"context"
	"fmt"
	"os"
	"strings"

	"qlgraph/harvesters"
)

// Reader reads a file or URL.
type Reader func(ctx context.Context, location string) ([]byte, error)

// maxFile bounds a list in a file.
const maxFile = 256 << 20

// FileOrURL returns a Reader that gets URLs through get.
func FileOrURL(get harvesters.Getter) Reader {
	return func(ctx context.Context, location string) ([]byte, error) {
		if strings.HasPrefix(location, "http://") || strings.HasPrefix(location, "https://") {
			resp, err := get.Get(ctx, harvesters.Request{URL: location, Accept: "application/json, application/xml;q=0.9, text/xml;q=0.9"})
			if err != nil {
				return nil, err
			}
			return resp.Body, nil
		}
		info, err := os.Stat(location)
		if err != nil {
			return nil, err
		}
		if info.Size() > maxFile {
			return nil, fmt.Errorf("%s is larger than %d MiB", location, maxFile>>20)
		}
		return os.ReadFile(location)
	}
}

// Lists says where the lists of institutions are; both may be "".
type Lists struct {
	DEQAR string `yaml:"deqar"`
	EWP   string `yaml:"ewp"`
}

// Load adds the institutions of the lists to a registry that was made by hand.
// A list that cannot be read is a problem, and the others count.
func Load(ctx context.Context, byHand Registry, lists Lists, read Reader) (Registry, []string) {
	var problems []string
	merged := byHand
	if lists.EWP != "" {
		list, err := EWP(ctx, read, lists.EWP)
		if err != nil {
			problems = append(problems, err.Error())
		}
		merged = Merge(merged, list)
	}
	if lists.DEQAR != "" {
		list, notes, err := DEQAR(ctx, read, lists.DEQAR)
		if err != nil {
			problems = append(problems, err.Error())
		}
		problems = append(problems, notes...)
		merged = Merge(merged, list)
	}
	return merged, problems
}

// Merge adds a list to a registry. An entry that shares a SCHAC code, an ETER
// or a DEQAR id with an institution completes it; what is known stays. An entry
// that shares them with several shows that these are one: those that lists only
// have are folded into the first.
func Merge(r Registry, list []Institution) Registry {
	m := merging{index: map[string]int{}}
	for _, in := range r.Institutions {
		m.add(in)
	}
	for _, in := range list {
		m.add(in)
	}
	merged := Registry{Alliances: r.Alliances}
	for i := range m.all {
		if !m.folded[i] {
			merged.Institutions = append(merged.Institutions, m.all[i])
		}
	}
	return merged
}

// merging is a registry that is put together.
type merging struct {
	all    []Institution
	folded map[int]bool
	index  map[string]int // kind of id and id → institution
}

func (m *merging) add(in Institution) {
	at := -1
	for _, id := range in.ids() {
		i, known := m.index[id]
		switch {
		case !known || i == at:
		case at < 0:
			at = i
		default:
			at = m.fold(at, i)
		}
	}
	if at < 0 {
		at = len(m.all)
		m.all = append(m.all, in)
	} else {
		m.all[at].complete(in)
	}
	m.name(at)
}

// fold makes one of two institutions, if one of them is known from lists only,
// and returns it.
func (m *merging) fold(a, b int) int {
	keep, drop := min(a, b), max(a, b)
	if !m.all[drop].Listed {
		return a // both are configured: a list does not overrule that
	}
	m.all[keep].complete(m.all[drop])
	if m.folded == nil {
		m.folded = map[int]bool{}
	}
	m.folded[drop] = true
	for _, id := range m.all[drop].ids() {
		m.index[id] = keep
	}
	return keep
}

// name enters the ids of an institution that no other has.
func (m *merging) name(at int) {
	for _, id := range m.all[at].ids() {
		if _, taken := m.index[id]; !taken {
			m.index[id] = at
		}
	}
}

// ids returns what identifies an institution across lists, surest first.
func (in *Institution) ids() []string {
	var ids []string
	for _, id := range []struct{ kind, value string }{{"schac", in.SCHAC}, {"eter", in.ETER}, {"deqar", in.DEQAR}} {
		if id.value != "" {
			ids = append(ids, id.kind+":"+strings.ToLower(id.value))
		}
	}
	for _, code := range in.Previous {
		ids = append(ids, "schac:"+strings.ToLower(code))
	}
	if len(ids) == 0 && in.Key() != "" {
		ids = append(ids, "host:"+in.Key())
	}
	return ids
}

// complete takes over what in does not have.
func (in *Institution) complete(from Institution) {
	for _, field := range []struct {
		to   *string
		from string
	}{
		{&in.SCHAC, from.SCHAC}, {&in.ETER, from.ETER}, {&in.DEQAR, from.DEQAR}, {&in.Website, from.Website},
		{&in.Country, from.Country}, {&in.City, from.City}, {&in.Latitude, from.Latitude}, {&in.Longitude, from.Longitude},
	} {
		if *field.to == "" {
			*field.to = field.from
		}
	}
	names := map[string]string{}
	for tag, name := range in.Names {
		names[tag] = name
	}
	in.Names = names
	for tag, name := range from.Names {
		if tag == "und" && len(in.Names) > 0 {
			continue // the same name again, of which somebody knew the language
		}
		in.name(tag, name)
	}
	in.Previous = append(in.Previous, from.Previous...)
	in.Listed = in.Listed && from.Listed
}
