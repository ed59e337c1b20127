package jsonld

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"unicode/utf16"
)

// appendCanonical appends a value in the form of the JSON Canonicalization
// Scheme (RFC 8785), which JSON literals have (JSON-LD API §8.6, rdf:JSON).
func appendCanonical(b []byte, v any) ([]byte, error) {
	switch v := v.(type) {
	case object:
		return appendObject(b, v)
	case []any:
		return appendArray(b, v)
	case string:
		return appendString(b, v), nil
	case float64, bool, nil:
		if f, ok := v.(float64); ok && f == 0 {
			return append(b, '0'), nil // -0 too (§3.2.2.3)
		}
		text, err := json.Marshal(v) // floats as ECMAScript has them, as the scheme asks
		return append(b, text...), err
	}
	return nil, fmt.Errorf("a JSON literal cannot hold a %T", v)
}

func appendObject(b []byte, o object) (_ []byte, err error) {
	b = append(b, '{')
	for i, name := range slices.SortedFunc(maps.Keys(o), compareUTF16) {
		if i > 0 {
			b = append(b, ',')
		}
		b = append(appendString(b, name), ':')
		if b, err = appendCanonical(b, o[name]); err != nil {
			return nil, err
		}
	}
	return append(b, '}'), nil
}

func appendArray(b []byte, a []any) (_ []byte, err error) {
	b = append(b, '[')
	for i, item := range a {
		if i > 0 {
			b = append(b, ',')
		}
		if b, err = appendCanonical(b, item); err != nil {
			return nil, err
		}
	}
	return append(b, ']'), nil
}

// compareUTF16 orders names as the scheme does (§3.2.3).
func compareUTF16(a, b string) int {
	return slices.Compare(utf16.Encode([]rune(a)), utf16.Encode([]rune(b)))
}

// appendString writes a string with the escapes of §3.2.2.2 only.
func appendString(b []byte, s string) []byte {
	b = append(b, '"')
	begin := 0 // of what needs no escape and is not written yet
	for i := range len(s) {
		c := s[i]
		if c >= ' ' && c != '"' && c != '\\' {
			continue
		}
		b = append(b, s[begin:i]...)
		begin = i + 1
		switch c {
		case '"', '\\':
			b = append(b, '\\', c)
		case '\b':
			b = append(b, `\b`...)
		case '\t':
			b = append(b, `\t`...)
		case '\n':
			b = append(b, `\n`...)
		case '\f':
			b = append(b, `\f`...)
		case '\r':
			b = append(b, `\r`...)
		default:
			b = fmt.Appendf(b, `\u%04x`, c)
		}
	}
	return append(append(b, s[begin:]...), '"')
}
