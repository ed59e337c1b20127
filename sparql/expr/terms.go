package expr

import (
	"encoding/hex"
	"fmt"
	"strconv"
	"strings"

	"qlgraph/graph/rdf"
)

// termFunctions are those of §17.4.2.
func termFunctions() map[string]Function {
	iri := functionN(1, 1, func(env *Env, args []Value) Value { return toIRI(env, args[0]) })
	isIRI := function1(kindTest(rdf.KindIRI))
	return map[string]Function{
		"ISIRI":     isIRI,
		"ISURI":     isIRI,
		"ISBLANK":   function1(kindTest(rdf.KindBlank)),
		"ISLITERAL": function1(kindTest(rdf.KindLiteral)),
		"ISNUMERIC": function1(isNumeric),
		"STR":       function1(str),
		"LANG":      function1(lang),
		"DATATYPE":  function1(datatype),
		"IRI":       iri,
		"URI":       iri,
		"BNODE":     volatile(functionN(0, 1, bnode)),
		"STRDT":     function2(strdt),
		"STRLANG":   function2(strlang),
		"UUID":      volatile(function0(func(env *Env) Value { return OfTerm(rdf.IRI("urn:uuid:" + uuid(env))) })),
		"STRUUID":   volatile(function0(func(env *Env) Value { return String(uuid(env)) })),
	}
}

func kindTest(kind rdf.Kind) func(Value) Value {
	return func(v Value) Value {
		if v.IsError() {
			return Value{}
		}
		return Boolean(v.Kind() == kind)
	}
}

func isNumeric(v Value) Value {
	if v.IsError() {
		return Value{}
	}
	_, ok := v.numeric()
	return Boolean(ok)
}

func str(v Value) Value {
	switch v.Kind() {
	case rdf.KindIRI, rdf.KindLiteral:
		return String(v.lexical())
	}
	return Value{}
}

func lang(v Value) Value {
	if v.Kind() != rdf.KindLiteral {
		return Value{}
	}
	return String(v.term.Lang())
}

func datatype(v Value) Value {
	if v.Kind() != rdf.KindLiteral {
		return Value{}
	}
	return OfTerm(rdf.IRI(v.datatype()))
}

func toIRI(env *Env, v Value) Value {
	if v.Kind() == rdf.KindIRI {
		return v
	}
	s, ok := v.simple()
	if !ok || strings.ContainsAny(s, "<>\"{}|^`\\") || strings.ContainsFunc(s, func(r rune) bool { return r <= ' ' }) {
		return Value{}
	}
	if env.Resolve != nil {
		if s, ok = env.Resolve(s); !ok {
			return Value{}
		}
	}
	return OfTerm(rdf.IRI(s))
}

// bnode is BNODE (§17.4.2.9). Labels hold a random part of the Env's, so that
// they meet no blank node of the data.
func bnode(env *Env, args []Value) Value {
	if env.blankScope == "" {
		env.blankScope = "f" + strconv.FormatUint(env.Rand.Uint64(), 36) + "x"
	}
	if len(args) == 0 {
		return OfTerm(rdf.Blank(env.blankScope + strconv.FormatUint(env.Rand.Uint64(), 36)))
	}
	label, ok := args[0].simple()
	if !ok || !env.fits(2*len(label)) {
		return Value{}
	}
	solution := strconv.FormatUint(env.Solution, 36)
	return OfTerm(rdf.Blank(env.blankScope + solution + "x" + hex.EncodeToString([]byte(label))))
}

func strdt(s, dt Value) Value {
	lexical, ok := s.simple()
	if !ok || dt.Kind() != rdf.KindIRI || dt.term.Value() == rdf.RDFLangString {
		return Value{}
	}
	return OfTerm(rdf.TypedLiteral(lexical, dt.term.Value()))
}

func strlang(s, tag Value) Value {
	lexical, ok := s.simple()
	t, okTag := tag.simple()
	if !ok || !okTag || !isLanguageTag(t) {
		return Value{}
	}
	return OfTerm(rdf.LangLiteral(lexical, t))
}

// isLanguageTag checks the production LANGTAG without its "@" (§19.8 [145]).
func isLanguageTag(tag string) bool {
	for i, part := range strings.Split(tag, "-") {
		if part == "" {
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

// uuid returns a UUID of version 4 (RFC 9562 §5.4).
func uuid(env *Env) string {
	high, low := env.Rand.Uint64(), env.Rand.Uint64()
	high = high&^0xF000 | 0x4000
	low = low&^(3<<62) | 2<<62
	return fmt.Sprintf("%08x-%04x-%04x-%04x-%012x", high>>32, high>>16&0xFFFF, high&0xFFFF, low>>48, low&(1<<48-1))
}
