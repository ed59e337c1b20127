package protocol

import (
	"net/http"

	"qlgraph/sparql"
)

// update is the update operation (SPARQL 1.1 Protocol §2.2). All of the request
// is applied or nothing.
func (x *exchange) update() error {
	if err := x.mayWrite(); err != nil {
		return err
	}
	o, err := updateForm(x.config.Engine.Limits()).read(x.out.w, x.r)
	if err != nil {
		return err
	}
	if !o.given {
		return badRequest("the form has no parameter %q", "update")
	}
	x.record.Hash = hashOf(o.text)
	params := sparql.UpdateParams{Usage: &x.record.Usage}
	if params.Timeout, err = o.timeout(); err != nil {
		return err
	}
	if params.UsingGraphs, err = x.graphIRIs(o, "using-graph-uri"); err != nil {
		return err
	}
	if params.UsingNamedGraphs, err = x.graphIRIs(o, "using-named-graph-uri"); err != nil {
		return err
	}
	turn, leave, err := x.compute()
	if err != nil {
		return err
	}
	defer leave()
	params.Turn = turn
	version, err := x.config.Engine.Update(x.r.Context(), o.text, params)
	leave() // before the answer: whoever has it finds the turn free
	if err != nil {
		return err
	}
	x.record.Version = version
	return x.noContent(http.StatusNoContent)
}

// noContent answers without a body.
func (x *exchange) noContent(status int) error {
	x.out.status = status
	x.out.commit()
	return x.out.finish()
}
