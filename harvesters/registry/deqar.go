package registry

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"

	"qlgraph/harvesters"
)

// maxPages ends a list whose server always names a next page: DEQAR has some
// 4,000 institutions, in pages of ten at the least.
const maxPages = 2000

// deqarPage is a page of the DEQAR provider list; a bare array is one as well.
type deqarPage struct {
	Next    string            `json:"next"`
	Results []json.RawMessage `json:"results"`
}

// deqarProvider is what is read of an entry. Whatever has another type than
// expected counts as missing, so that one bad entry is one bad entry.
type deqarProvider struct {
	DEQAR       string          `json:"deqar_id"`
	ETER        json.RawMessage `json:"eter_id"` // text, null, or an object with the text
	SCHAC       string          `json:"schac"`
	Name        string          `json:"name_primary"`
	Website     string          `json:"website_link"`
	Names       []deqarName     `json:"names"`
	Identifiers []deqarCode     `json:"identifiers"`
	Locations   []deqarLocation `json:"locations"`
}

type deqarName struct {
	Official string `json:"name_official"`
	English  string `json:"name_english"`
	ValidTo  string `json:"name_valid_to"`
}

type deqarCode struct {
	Identifier string `json:"identifier"`
	Resource   string `json:"resource"`
}

type deqarLocation struct {
	Country struct {
		Alpha2 string `json:"iso_3166_alpha2"`
	} `json:"country"`
	City      string      `json:"city"`
	Latitude  json.Number `json:"lat"`
	Longitude json.Number `json:"long"`
}

// DEQAR reads the DEQAR provider list from a file or URL, page after page. Read
// fetches one. Entries that cannot be used are named in the problems.
func DEQAR(ctx context.Context, read Reader, location string) ([]Institution, []string, error) {
	var list []Institution
	var problems []string
	seen := map[string]bool{}
	for page := 0; location != "" && page < maxPages; page++ {
		if seen[location] {
			problems = append(problems, "DEQAR list: the page "+location+" names itself, or an earlier one, as the next")
			break
		}
		seen[location] = true
		body, err := read(ctx, location)
		if err != nil {
			return list, problems, fmt.Errorf("DEQAR list: %w", err)
		}
		next, entries, err := deqarEntries(body)
		if err != nil {
			return list, problems, fmt.Errorf("DEQAR list %s: %w", location, err)
		}
		for i, entry := range entries {
			in, err := deqarInstitution(entry)
			if err != nil {
				problems = append(problems, fmt.Sprintf("DEQAR list %s, entry %d: %v", location, i, err))
				continue
			}
			list = append(list, in)
		}
		location = next
	}
	return list, problems, nil
}

func deqarEntries(body []byte) (next string, entries []json.RawMessage, err error) {
	if err := json.Unmarshal(body, &entries); err == nil {
		return "", entries, nil
	}
	var page deqarPage
	if err := json.Unmarshal(body, &page); err != nil {
		return "", nil, err
	}
	if page.Results == nil {
		return "", nil, fmt.Errorf("no list %q", "results")
	}
	return page.Next, page.Results, nil
}

func deqarInstitution(entry json.RawMessage) (Institution, error) {
	var p deqarProvider
	if err := json.Unmarshal(entry, &p); err != nil {
		return Institution{}, err
	}
	in := Institution{Provider: harvesters.Provider{
		DEQAR: p.DEQAR, ETER: textOrMember(p.ETER, "eter_id"), SCHAC: strings.ToLower(p.SCHAC),
		Website: p.Website, Names: map[string]string{},
	}, Listed: true}
	for _, code := range p.Identifiers {
		if strings.Contains(strings.ToLower(code.Resource), "schac") && in.SCHAC == "" {
			in.SCHAC = strings.ToLower(strings.TrimSpace(code.Identifier))
		}
	}
	// The list does not say in which language an official name is.
	in.name("und", p.Name)
	for _, name := range p.Names {
		if name.ValidTo == "" {
			in.name("und", name.Official)
			in.name("en", name.English)
		}
	}
	for _, l := range p.Locations {
		in.Country, in.City = strings.ToUpper(l.Country.Alpha2), l.City
		in.Latitude, in.Longitude = l.Latitude.String(), l.Longitude.String()
		break
	}
	if in.Key() == "" && in.DEQAR == "" {
		return in, fmt.Errorf("it has neither an identifier nor a website")
	}
	return in, nil
}

// textOrMember reads a JSON string, or the member of an object that is one.
func textOrMember(raw json.RawMessage, member string) string {
	var text string
	if json.Unmarshal(raw, &text) == nil {
		return text
	}
	var object map[string]json.RawMessage
	if json.Unmarshal(raw, &object) != nil {
		return ""
	}
	if json.Unmarshal(object[member], &text) != nil {
		return ""
	}
	return text
}

// name adds a name in a language, unless there is one.
func (in *Institution) name(tag, name string) {
	name = strings.TrimSpace(name)
	if name != "" && in.Names[tag] == "" {
		in.Names[tag] = name
	}
}
