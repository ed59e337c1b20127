package xsd

import (
	"encoding/base64"
	"encoding/json"
	"encoding/xml"
	"io"
	"strings"
	"unicode/utf8"

	"qlgraph/graph/rdf"
)

// Valid reports whether lexical is in the lexical space of the datatype with
// the given IRI. Datatypes that the package does not know accept everything, as
// RDF 1.1 Semantics §7 has it. Unlike Parse it knows no limit on magnitude.
func Valid(lexical, datatype string) bool {
	switch datatype {
	case rdf.RDFXMLLiteral:
		return validXML(lexical)
	case rdf.RDFJSON:
		return json.Valid([]byte(lexical))
	}
	return TypeOf(datatype).Valid(lexical)
}

// Valid reports whether lexical is in t's lexical space; see the function Valid.
func (t Type) Valid(lexical string) bool {
	switch {
	case t.IsInteger():
		return validIntegerOf(lexical, t)
	case t == Decimal:
		return validDecimal(lexical)
	case t == Double || t == Float:
		return validFloat(lexical)
	case t == Boolean:
		_, ok := parseBoolean(lexical)
		return ok
	case t.IsTemporal():
		return validTemporal(lexical, t)
	case t.IsDuration():
		return validDuration(lexical, t)
	}
	return validString(lexical, t)
}

// validIntegerOf decides by sign alone where the number is beyond MaxDigits.
func validIntegerOf(s string, t Type) bool {
	if v, ok := parseInteger(s, Integer); ok {
		return inRange(v, t)
	}
	if !validInteger(s) {
		return false
	}
	if s[0] == '-' {
		return bounds[t].openLow
	}
	return bounds[t].openHigh && t != UnsignedLong
}

func validString(s string, t Type) bool {
	switch t {
	case String:
		return validChars(s)
	case NormalizedString:
		return validChars(s) && !strings.ContainsAny(s, "\t\r\n")
	case Token:
		return validChars(s) && isToken(s)
	case Language:
		return validLanguage(s)
	case Name:
		return isName(s, true)
	case NCName:
		return isName(s, true) && !strings.Contains(s, ":")
	case NMTOKEN:
		return isName(s, false)
	case AnyURI:
		return validChars(s) // XSD 1.1 §3.3.17.2: every string of characters
	case HexBinary:
		return len(s)%2 == 0 && strings.Trim(s, "0123456789abcdefABCDEF") == ""
	case Base64Binary:
		return validBase64(s)
	}
	return true
}

// validChars reports whether s has only characters of XML 1.0 (production 2).
func validChars(s string) bool {
	for i, r := range s {
		switch {
		case r < ' ' && r != '\t' && r != '\n' && r != '\r', r == 0xFFFE, r == 0xFFFF:
			return false
		case r == utf8.RuneError:
			if _, size := utf8.DecodeRuneInString(s[i:]); size == 1 {
				return false
			}
		}
	}
	return true
}

func isToken(s string) bool {
	return !strings.ContainsAny(s, "\t\r\n") && !strings.Contains(s, "  ") && strings.Trim(s, " ") == s
}

// validLanguage checks [a-zA-Z]{1,8}(-[a-zA-Z0-9]{1,8})* (XSD 1.1 §3.4.3).
func validLanguage(s string) bool {
	for i, part := range strings.Split(s, "-") {
		if len(part) < 1 || len(part) > 8 {
			return false
		}
		for _, c := range []byte(part) {
			letter := c|0x20 >= 'a' && c|0x20 <= 'z'
			if !letter && (i == 0 || c < '0' || c > '9') {
				return false
			}
		}
	}
	return true
}

// isName checks Name, or Nmtoken where start is false (XML 1.0 §2.3).
func isName(s string, start bool) bool {
	for _, r := range s {
		if start && !IsNameStart(r) || !IsNameChar(r) {
			return false
		}
		start = false
	}
	return s != ""
}

// IsNameStart is NameStartChar of XML 1.0 (production 4).
func IsNameStart(r rune) bool {
	for _, span := range NameStartRanges {
		if r <= span[1] {
			return r >= span[0]
		}
	}
	return false
}

// IsNameChar is NameChar of XML 1.0 (production 4a).
func IsNameChar(r rune) bool {
	switch {
	case r == '-', r == '.', r >= '0' && r <= '9', r == 0xB7,
		r >= 0x300 && r <= 0x36F, r == 0x203F, r == 0x2040:
		return true
	}
	return IsNameStart(r)
}

// NameStartRanges are the spans of NameStartChar of XML 1.0 (production 4), in
// order.
var NameStartRanges = [...][2]rune{
	{':', ':'}, {'A', 'Z'}, {'_', '_'}, {'a', 'z'}, {0xC0, 0xD6}, {0xD8, 0xF6}, {0xF8, 0x2FF},
	{0x370, 0x37D}, {0x37F, 0x1FFF}, {0x200C, 0x200D}, {0x2070, 0x218F}, {0x2C00, 0x2FEF},
	{0x3001, 0xD7FF}, {0xF900, 0xFDCF}, {0xFDF0, 0xFFFD}, {0x10000, 0xEFFFF},
}

// validBase64 allows single spaces between characters (XSD 1.1 §3.3.16.2).
func validBase64(s string) bool {
	if !isToken(s) || strings.ContainsAny(s, "\r\n") {
		return false
	}
	_, err := base64.StdEncoding.Strict().DecodeString(strings.ReplaceAll(s, " ", ""))
	return err == nil
}

// validXML reports whether s is well-formed content of an XML element.
func validXML(s string) bool {
	d := xml.NewDecoder(io.MultiReader(strings.NewReader("<x>"), strings.NewReader(s), strings.NewReader("</x>")))
	depth, roots := 0, 0
	for {
		token, err := d.Token()
		if err == io.EOF {
			return depth == 0 && roots == 1
		}
		if err != nil {
			return false
		}
		switch token.(type) {
		case xml.StartElement:
			if depth == 0 {
				roots++
			}
			depth++
		case xml.EndElement:
			depth--
		case xml.Directive:
			return false
		}
	}
}
