// Package archtest keeps the architecture true: which package may import which,
// who may touch storage, the network and the environment, how long files and
// functions may grow, that everything exported is documented, and that the README
// counts what the tests count. It holds tests only.
//
// An entry here is a statement of policy. A failing build is mended in the
// package that broke the rule; changing the rule is a design decision, with an
// ADR.
package archtest
