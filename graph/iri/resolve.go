package iri

import "strings"

// Ref is an IRI reference in its components, each without its delimiters. The
// Has fields tell an absent component from an empty one.
type Ref struct {
	Scheme, Authority, Path, Query, Fragment string
	HasAuthority, HasQuery, HasFragment      bool
}

// Split splits any string into components as RFC 3986 appendix B does. It never
// fails; see Check for validity.
func Split(s string) Ref {
	var r Ref
	s, r.Fragment, r.HasFragment = strings.Cut(s, "#")
	s, r.Query, r.HasQuery = strings.Cut(s, "?")
	if n := SchemeLen(s); n > 0 {
		r.Scheme, s = s[:n], s[n+1:]
	}
	if rest, ok := strings.CutPrefix(s, "//"); ok {
		r.HasAuthority = true
		end := strings.IndexByte(rest, '/')
		if end < 0 {
			end = len(rest)
		}
		r.Authority, s = rest[:end], rest[end:]
	}
	r.Path = s
	return r
}

// SchemeLen returns the length of the scheme that s starts with, without the
// colon, or 0 if s is a relative reference (RFC 3986 §3.1).
func SchemeLen[T ~string | ~[]byte](s T) int {
	for i := 0; i < len(s); i++ {
		switch c := s[i]; {
		case 'a' <= c|0x20 && c|0x20 <= 'z':
		case i > 0 && ('0' <= c && c <= '9' || c == '+' || c == '-' || c == '.'):
		case i > 0 && c == ':':
			return i
		default:
			return 0
		}
	}
	return 0
}

// String recomposes r (RFC 3986 §5.3).
func (r Ref) String() string {
	var b strings.Builder
	b.Grow(len(r.Scheme) + len(r.Authority) + len(r.Path) + len(r.Query) + len(r.Fragment) + 5)
	if r.Scheme != "" {
		b.WriteString(r.Scheme)
		b.WriteByte(':')
	}
	if r.HasAuthority {
		b.WriteString("//")
		b.WriteString(r.Authority)
	}
	b.WriteString(r.Path)
	if r.HasQuery {
		b.WriteByte('?')
		b.WriteString(r.Query)
	}
	if r.HasFragment {
		b.WriteByte('#')
		b.WriteString(r.Fragment)
	}
	return b.String()
}

// Resolve returns the target of ref relative to base, in the strict form of
// RFC 3986 §5.2.2.
func (base Ref) Resolve(ref Ref) Ref {
	t := ref
	switch {
	case ref.Scheme != "":
		t.Path = removeDotSegments(ref.Path)
		return t
	case ref.HasAuthority:
		t.Path = removeDotSegments(ref.Path)
	case ref.Path == "":
		t.Path = base.Path
		if !ref.HasQuery {
			t.Query, t.HasQuery = base.Query, base.HasQuery
		}
	case ref.Path[0] == '/':
		t.Path = removeDotSegments(ref.Path)
	default:
		t.Path = removeDotSegments(base.merge(ref.Path))
	}
	if !ref.HasAuthority {
		t.Authority, t.HasAuthority = base.Authority, base.HasAuthority
	}
	t.Scheme = base.Scheme
	return t
}

// Resolve returns the reference ref resolved against the IRI base. An empty
// base returns ref as it is.
func Resolve(base, ref string) string {
	if base == "" {
		return ref
	}
	return Split(base).Resolve(Split(ref)).String()
}

// merge implements RFC 3986 §5.2.3.
func (base Ref) merge(path string) string {
	if base.HasAuthority && base.Path == "" {
		return "/" + path
	}
	return base.Path[:strings.LastIndexByte(base.Path, '/')+1] + path
}

// removeDotSegments implements RFC 3986 §5.2.4, segment by segment instead of
// by repeated prefix replacement.
func removeDotSegments(path string) string {
	if !strings.Contains(path, ".") {
		return path
	}
	out := make([]byte, 0, len(path))
	for in := path; in != ""; {
		switch {
		case strings.HasPrefix(in, "../"):
			in = in[3:]
		case strings.HasPrefix(in, "./"):
			in = in[2:]
		case strings.HasPrefix(in, "/./"):
			in = in[2:]
		case in == "/.":
			in = "/"
		case strings.HasPrefix(in, "/../"):
			in, out = in[3:], dropSegment(out)
		case in == "/..":
			in, out = "/", dropSegment(out)
		case in == "." || in == "..":
			in = ""
		default:
			end := strings.IndexByte(in[1:], '/') + 1
			if end == 0 {
				end = len(in)
			}
			out, in = append(out, in[:end]...), in[end:]
		}
	}
	return string(out)
}

func dropSegment(out []byte) []byte {
	for i := len(out) - 1; i >= 0; i-- {
		if out[i] == '/' {
			return out[:i]
		}
	}
	return out[:0]
}
