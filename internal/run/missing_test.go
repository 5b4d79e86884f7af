package run_test

import (
	"testing"

	"github.com/tandem-ipaas/tandem"
)

// A field that a definition promises and an answer lacks is the third party's
// fault; one that is there and empty, or was never promised, is not.
func TestResponseFieldMissing(t *testing.T) {
	for _, tt := range []struct{ field, body, want string }{
		{"id", `{"other":1}`, tandem.IncidentFieldsMissing},
		{"id", `{"id":null}`, tandem.IncidentSourceEmpty},
		{"other", `{"id":1}`, tandem.IncidentSourceEmpty},
		{"id", ``, tandem.IncidentSourceEmpty},
	} {
		g := graph("in>out", step("in", "plain", ""), step("out", "send2", ""))
		g.Steps[1].Fields = []tandem.Mapping{{Target: "v", MappingType: tandem.MapStep, SourceStepID: "in", SourceField: tt.field}}
		w := newWorld(t, g, methods...)
		txn := w.webhook(tt.body)
		w.run(t.Context())
		if txn.Status != tandem.TransactionFailed || len(w.incidents) != 1 || w.incidents[0].ShortMessage != tt.want {
			t.Errorf("%s of %s: %s, %+v", tt.field, tt.body, txn.Status, w.incidents)
		}
	}
}
