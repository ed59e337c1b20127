package expr

import (
	"maps"
	"math"
	"slices"

	"qlgraph/graph/rdf"
	"qlgraph/graph/xsd"
)

// Function is a function that a query can call.
type Function struct {
	// Name is the keyword in upper case, or the IRI.
	Name string
	// Min and Max bound the number of arguments; Max is AnyNumber where nothing
	// does.
	Min, Max int
	// Volatile functions return another value at each call: such a call can be
	// neither folded into a constant nor left out nor repeated.
	Volatile bool

	call func(env *Env, args []Value) Value
}

// AnyNumber is the Max of functions that take any number of arguments.
const AnyNumber = math.MaxInt32

// Call returns the function's value. The number of args is within Min and Max.
// Only COALESCE, IF and BOUND have a value where an argument is an error.
func (f Function) Call(env *Env, args []Value) Value { return f.call(env, args) }

// Builtin returns the built-in function (SPARQL 1.1 §19.8 [121] BuiltInCall,
// aggregates and EXISTS apart) with the given keyword in upper case.
func Builtin(keyword string) (Function, bool) {
	f, ok := builtins[keyword]
	return f, ok
}

// ByIRI returns the function with the given IRI: a cast (SPARQL 1.1 §17.5).
func ByIRI(iri string) (Function, bool) {
	f, ok := castFunctions[iri]
	return f, ok
}

// ExtensionIRIs returns the IRIs of the functions that SPARQL 1.1 does not
// define, in code-point order.
func ExtensionIRIs() []string {
	var iris []string
	for iri := range castFunctions {
		switch iri {
		case rdf.XSDBoolean, rdf.XSDDouble, rdf.XSDFloat, rdf.XSDDecimal, rdf.XSDInteger, rdf.XSDDateTime, rdf.XSDString:
		default:
			iris = append(iris, iri)
		}
	}
	slices.Sort(iris)
	return iris
}

// builtins are the functions in the order of SPARQL 1.1 §17.4.
var builtins = func() map[string]Function {
	m := functionalForms()
	maps.Copy(m, termFunctions())
	maps.Copy(m, stringFunctions())
	maps.Copy(m, numberFunctions())
	maps.Copy(m, timeFunctions())
	maps.Copy(m, hashFunctions())
	for name, f := range m {
		f.Name = name
		m[name] = f
	}
	return m
}()

// The shapes of functions, by how many arguments they take and whether they
// need an Env.

func function0(f func(*Env) Value) Function {
	return Function{call: func(env *Env, _ []Value) Value { return f(env) }}
}

func function1(f func(Value) Value) Function {
	return Function{Min: 1, Max: 1, call: func(_ *Env, args []Value) Value { return f(args[0]) }}
}

func function2(f func(a, b Value) Value) Function {
	return Function{Min: 2, Max: 2, call: func(_ *Env, args []Value) Value { return f(args[0], args[1]) }}
}

func functionN(low, high int, f func(env *Env, args []Value) Value) Function {
	return Function{Min: low, Max: high, call: f}
}

func volatile(f Function) Function {
	f.Volatile = true
	return f
}

// functionalForms are those of §17.4.1. Errors are values, so that even the
// lazy ones can be called with arguments that are computed already.
func functionalForms() map[string]Function {
	return map[string]Function{
		"BOUND": function1(func(v Value) Value { return Boolean(!v.IsError()) }),
		"IF": functionN(3, 3, func(_ *Env, args []Value) Value {
			truth, ok := args[0].Bool()
			switch {
			case !ok:
				return Value{}
			case truth:
				return args[1]
			}
			return args[2]
		}),
		"COALESCE": functionN(0, AnyNumber, func(_ *Env, args []Value) Value {
			for _, v := range args {
				if !v.IsError() {
					return v
				}
			}
			return Value{}
		}),
		"SAMETERM": function2(SameTerm),
	}
}

// numberFunctions are those of §17.4.4.
func numberFunctions() map[string]Function {
	return map[string]Function{
		"ABS":   function1(func(v Value) Value { return unary(v, xsd.Abs) }),
		"ROUND": function1(func(v Value) Value { return unary(v, xsd.Round) }),
		"CEIL":  function1(func(v Value) Value { return unary(v, xsd.Ceil) }),
		"FLOOR": function1(func(v Value) Value { return unary(v, xsd.Floor) }),
		"RAND":  volatile(function0(func(env *Env) Value { return OfXSD(xsd.NewDouble(env.Rand.Float64())) })),
	}
}

// castFunctions are the constructor functions of §17.5, for every type that has
// values and for xsd:string.
var castFunctions = func() map[string]Function {
	m := map[string]Function{}
	for t := xsd.Integer; t <= xsd.YearMonthDuration; t++ {
		f := function1(func(v Value) Value { return cast(v, t) })
		f.Name = t.IRI()
		m[t.IRI()] = f
	}
	f := function1(castToString)
	f.Name = rdf.XSDString
	m[rdf.XSDString] = f
	return m
}()

func cast(v Value, t xsd.Type) Value {
	if s, ok := v.simple(); ok {
		return computed(t.Parse(xsd.Collapse(s)))
	}
	data, ok := v.XSD()
	if !ok {
		return Value{}
	}
	return computed(xsd.Cast(data, t))
}

func castToString(v Value) Value {
	switch v.Kind() {
	case rdf.KindIRI:
		return String(v.term.Value())
	case rdf.KindLiteral:
		if data, ok := v.XSD(); ok {
			return String(xsd.CastToString(data))
		}
		return String(v.term.Value())
	}
	return Value{}
}
