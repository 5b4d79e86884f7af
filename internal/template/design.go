package template

import (
	"errors"
	"fmt"
	"slices"

	"github.com/tandem-ipaas/tandem"
	"github.com/tandem-ipaas/tandem/internal/workflow"
)

var installations = []tandem.Installation{"", tandem.ExistingConnector, tandem.FreshConnector}

// check refuses a design that is not sound, and writes a sound one as it is kept.
// What is left to fill in is for the prerequisites of the cycles made of it.
//
// Errors: Invalid, whose Field is such as Graph.Steps[2].Method.
func check(shelf tandem.Shelf, d *tandem.Design) error {
	if err := d.Retention.Check(); err != nil {
		return err
	}
	g := &d.Graph
	if g.Steps == nil {
		g.Steps = []tandem.Step{}
	}
	if g.Edges == nil {
		g.Edges = []tandem.Edge{}
	}
	for i := range g.Connectors {
		if err := settleRef(shelf, fmt.Sprintf("Graph.Connectors[%d]", i), &g.Connectors[i]); err != nil {
			return err
		}
	}
	for i := range g.Steps {
		g.Steps[i].Origin = "" // is for cycles
	}
	err := workflow.Validate(g, shelf.Resolve)
	if e := (*tandem.Error)(nil); errors.As(err, &e) && e.Field != "" {
		return tandem.Invalidf("Graph."+e.Field, "Graph.%s", e.Message)
	}
	return err
}

// settleRef checks a ref, and has it say whether it is to the partner's own, so that
// nothing that comes into the library later is taken for it.
func settleRef(shelf tandem.Shelf, field string, ref *tandem.ConnectorRef) error {
	if !slices.Contains(installations, ref.Installation) {
		return tandem.Invalidf(field+".Installation", "%s.Installation: want Existing or Fresh, not %q.", field, ref.Installation)
	}
	l, err := shelf.Release(*ref)
	if err != nil {
		return notThere(field, ref.Name, ref.Version, ref.UniqueIdentifier)
	}
	ref.UniqueIdentifier = l.Ref().UniqueIdentifier
	return nil
}

// notThere says that a release is missing; one with a GUID is a partner's own.
func notThere(field, name, version, guid string) error {
	if guid != "" {
		return tandem.Invalidf(field, "%s: connector %s %s is not in the library, and there is no custom connector with its UniqueIdentifier, %s.", field, name, version, guid)
	}
	return tandem.Invalidf(field, "%s: connector %s %s is not in the library.", field, name, version)
}
