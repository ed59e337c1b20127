package expr_test

import (
	"testing"

	"qlgraph/sparql/expr"
)

func BenchmarkOperators(b *testing.B) {
	number, five := value(b, "12.5"), expr.Constant(term(b, "5"))
	x, y := value(b, `"Introduction to Physics"@en`), value(b, `"Introduction to Chemistry"@en`)
	date, other := value(b, `"2024-05-06T07:08:09Z"^^dateTime`), value(b, `"2024-05-06T09:08:09+02:00"^^dateTime`)
	for name, f := range map[string]func(){
		"number<constant":   func() { expr.LT(number, five) },
		"text=text":         func() { expr.EQ(x, y) },
		"dateTime=dateTime": func() { expr.EQ(date, other) },
		"order of texts":    func() { expr.Order(x, y) },
		"order of numbers":  func() { expr.Order(number, five) },
		"number+constant":   func() { expr.Add(number, five) },
		"EBV of a number":   func() { number.Bool() },
	} {
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				f()
			}
		})
	}
}
