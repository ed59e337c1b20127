package registry

import (
	"bytes"
	"context"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"strings"

	"qlgraph/harvesters"
)

// maxXMLDepth bounds the nesting of a catalogue, which needs a dozen levels.
const maxXMLDepth = 64

// ewpHEI is an institution of the EWP Registry catalogue.
type ewpHEI struct {
	ID    string `xml:"id,attr"`
	Other []struct {
		Type  string `xml:"type,attr"`
		Value string `xml:",chardata"`
	} `xml:"other-id"`
	Names []struct {
		Lang  string `xml:"http://www.w3.org/XML/1998/namespace lang,attr"`
		Value string `xml:",chardata"`
	} `xml:"name"`
}

// EWP reads the institutions of the EWP Registry catalogue, of which only the
// element institutions is looked at, from a file or URL.
func EWP(ctx context.Context, read Reader, location string) ([]Institution, error) {
	body, err := read(ctx, location)
	if err != nil {
		return nil, fmt.Errorf("EWP catalogue: %w", err)
	}
	list, err := ewpInstitutions(body)
	if err != nil {
		return nil, fmt.Errorf("EWP catalogue %s: %w", location, err)
	}
	return list, nil
}

func ewpInstitutions(body []byte) ([]Institution, error) {
	d := xml.NewDecoder(bytes.NewReader(body))
	var list []Institution
	depth, inside, found := 0, 0, false
	for {
		token, err := d.Token()
		if err == io.EOF {
			if !found {
				return nil, errors.New("there is no element institutions: is this a catalogue?")
			}
			return list, nil
		}
		if err != nil {
			return nil, err
		}
		switch token := token.(type) {
		case xml.Directive:
			return nil, errors.New("a document type declaration is not accepted")
		case xml.StartElement:
			if depth++; depth > maxXMLDepth {
				return nil, fmt.Errorf("nested more than %d levels deep", maxXMLDepth)
			}
			switch {
			case token.Name.Local == "institutions":
				inside, found = depth, true
			case token.Name.Local == "hei" && inside > 0 && depth == inside+1:
				var hei ewpHEI
				if err := d.DecodeElement(&hei, &token); err != nil {
					return nil, err
				}
				depth-- // DecodeElement took the end
				if in, ok := hei.institution(); ok {
					list = append(list, in)
				}
			}
		case xml.EndElement:
			if depth == inside {
				inside = 0
			}
			depth--
		}
	}
}

func (h ewpHEI) institution() (Institution, bool) {
	in := Institution{Provider: harvesters.Provider{SCHAC: strings.ToLower(strings.TrimSpace(h.ID)), Names: map[string]string{}}, Listed: true}
	for _, name := range h.Names {
		tag := name.Lang
		if tag == "" {
			tag = "und"
		}
		in.name(tag, name.Value)
	}
	for _, other := range h.Other {
		value := strings.TrimSpace(other.Value)
		if other.Type == "previous-schac" && value != "" {
			in.Previous = append(in.Previous, strings.ToLower(value))
		}
	}
	return in, in.SCHAC != ""
}
