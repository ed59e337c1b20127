package sparql

import "qlgraph/sparql/plan"

// WithRules returns o with a planner that follows the given rules.
func WithRules(o Options, rules func() plan.Rules) Options {
	o.rules = rules
	return o
}
