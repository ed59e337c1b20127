package courseid

import (
	"crypto/sha1"
	"encoding/hex"
	"fmt"
	"strings"
)

// Course identifies a course: the provider's SCHAC code, lower case, and the
// provider's own id, not encoded.
type Course struct {
	SCHAC string
	ID    string
}

// IRI returns {base}/course/{schac}/{id}.
func (c Course) IRI(base string) string {
	return base + coursePath + Escape(c.SCHAC) + "/" + Escape(c.ID)
}

// Offering returns {base}/course/{schac}/{id}/offerings/{offering}.
func (c Course) Offering(base, offering string) string {
	return c.IRI(base) + offeringsPath + Escape(offering)
}

// URN returns urn:schac:uniqueCourseId:{schac}:{id}.
func (c Course) URN() string { return urnPrefix + Escape(c.SCHAC) + ":" + Escape(c.ID) }

// DID returns did:web:{schac}:courseId:{id}.
func (c Course) DID() string { return didPrefix + Escape(c.SCHAC) + didInfix + Escape(c.ID) }

// UUID returns urn:uuid:…: the id itself where it is a UUID, else the UUIDv5
// (RFC 9562 §5.5) of the course's IRI in the URL namespace.
func (c Course) UUID(base string) string {
	if IsUUID(c.ID) {
		return uuidPrefix + strings.ToLower(c.ID)
	}
	return uuidPrefix + uuid5(c.IRI(base))
}

// IsUUID reports whether s is a UUID in its 8-4-4-4-12 form, in any case.
func IsUUID(s string) bool {
	if len(s) != 36 {
		return false
	}
	for i := 0; i < len(s); i++ {
		switch i {
		case 8, 13, 18, 23:
			if s[i] != '-' {
				return false
			}
		default:
			if hexValue(s[i]) < 0 {
				return false
			}
		}
	}
	return true
}

// urlNamespace is RFC 9562's namespace for names that are URLs.
var urlNamespace = [16]byte{
	0x6b, 0xa7, 0xb8, 0x11, 0x9d, 0xad, 0x11, 0xd1, 0x80, 0xb4, 0x00, 0xc0, 0x4f, 0xd4, 0x30, 0xc8}

func uuid5(name string) string {
	h := sha1.New()
	h.Write(urlNamespace[:])
	h.Write([]byte(name))
	u := h.Sum(nil)[:16]
	u[6] = u[6]&0x0f | 0x50
	u[8] = u[8]&0x3f | 0x80
	var b [36]byte
	hex.Encode(b[0:8], u[0:4])
	b[8], b[13], b[18], b[23] = '-', '-', '-', '-'
	hex.Encode(b[9:13], u[4:6])
	hex.Encode(b[14:18], u[6:8])
	hex.Encode(b[19:23], u[8:10])
	hex.Encode(b[24:], u[10:])
	return string(b[:])
}

const (
	coursePath    = "/course/"
	offeringsPath = "/offerings/"
	urnPrefix     = "urn:schac:uniqueCourseId:"
	didPrefix     = "did:web:"
	didInfix      = ":courseId:"
	uuidPrefix    = "urn:uuid:"
)

// Identifier is what Parse understood.
type Identifier struct {
	Course   Course // zero where only the UUID is known
	Offering string // id of the offering, not encoded; "" for the course itself
	UUID     string // urn:uuid:…, lower case, "" for the other forms
}

// IRI returns the aggregator's IRI of the course or offering, "" where only the
// UUID is known.
func (id Identifier) IRI(base string) string {
	switch {
	case id.UUID != "":
		return ""
	case id.Offering != "":
		return id.Course.Offering(base, id.Offering)
	}
	return id.Course.IRI(base)
}

// Parse reads an identifier in any of its forms: {base}/course/… (also with
// another scheme or host, or as a mere path), urn:schac:uniqueCourseId:…,
// did:web:…:courseId:… and urn:uuid:…. Schemes and SCHAC codes are compared
// without regard to case, ids with it.
func Parse(base, s string) (Identifier, error) {
	s = strings.TrimSpace(s)
	if rest, ok := cutFold(s, urnPrefix); ok {
		return pair(s, rest, ":")
	}
	if rest, ok := cutFold(s, uuidPrefix); ok {
		if !IsUUID(rest) {
			return Identifier{}, fmt.Errorf("identifier %q: what follows %s is not a UUID", s, uuidPrefix)
		}
		return Identifier{UUID: uuidPrefix + strings.ToLower(rest)}, nil
	}
	if rest, ok := cutFold(s, didPrefix); ok {
		return pair(s, rest, didInfix)
	}
	if rest, ok := strings.CutPrefix(s, base); ok && base != "" {
		s = rest
	}
	return parsePath(s)
}

// parsePath reads [scheme://host]/course/{schac}/{id}[/offerings/{offering}].
func parsePath(s string) (Identifier, error) {
	path := s
	if _, rest, ok := strings.Cut(path, "://"); ok {
		if i := strings.IndexByte(rest, '/'); i >= 0 {
			path = rest[i:]
		}
	}
	rest, ok := strings.CutPrefix(path, coursePath)
	if !ok {
		return Identifier{}, fmt.Errorf("identifier %q: expected a course IRI, %s…, %s…%s… or %s…",
			s, urnPrefix, didPrefix, didInfix, uuidPrefix)
	}
	course, offering, hasOffering := strings.Cut(rest, offeringsPath)
	id, err := pair(s, course, "/")
	if err != nil {
		return Identifier{}, err
	}
	if id.Offering, err = Unescape(offering); err != nil {
		return Identifier{}, err
	}
	if strings.Contains(course[strings.IndexByte(course, '/')+1:], "/") || hasOffering && id.Offering == "" ||
		strings.Contains(offering, "/") {
		return Identifier{}, fmt.Errorf("identifier %q: expected /course/{schac}/{id} or …/offerings/{id}", s)
	}
	return id, nil
}

// pair splits rest into SCHAC code and local id.
func pair(whole, rest, separator string) (Identifier, error) {
	schac, local, ok := strings.Cut(rest, separator)
	if !ok || schac == "" || local == "" {
		return Identifier{}, fmt.Errorf("identifier %q: expected a SCHAC code, %q and the course's id", whole, separator)
	}
	schac, err := Unescape(schac)
	if err != nil {
		return Identifier{}, err
	}
	local, err = Unescape(local)
	if err != nil {
		return Identifier{}, err
	}
	return Identifier{Course: Course{SCHAC: strings.ToLower(schac), ID: local}}, nil
}

func cutFold(s, prefix string) (string, bool) {
	if len(s) < len(prefix) || !strings.EqualFold(s[:len(prefix)], prefix) {
		return "", false
	}
	return s[len(prefix):], true
}
