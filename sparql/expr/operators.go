package expr

// Unary returns the operator "!", "-" or "+" (SPARQL 1.1 §17.3), nil for
// others.
func Unary(op string) func(Value) Value { return unaryOperators[op] }

// Binary returns the comparison or arithmetic operator (SPARQL 1.1 §17.3), nil
// for others: && and || decide on an operand alone and belong to the evaluator.
func Binary(op string) func(a, b Value) Value { return binaryOperators[op] }

var (
	unaryOperators  = map[string]func(Value) Value{"!": Not, "-": Minus, "+": Plus}
	binaryOperators = map[string]func(a, b Value) Value{
		"=": EQ, "!=": NE, "<": LT, ">": GT, "<=": LE, ">=": GE,
		"+": Add, "-": Sub, "*": Mul, "/": Div,
	}
)
