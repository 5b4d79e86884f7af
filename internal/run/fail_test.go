package run_test

import (
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/tandem-ipaas/tandem"
)

// What a third party sent is in no message in a form that a database refuses:
// the transaction would never end.
func TestMessagesAreText(t *testing.T) {
	w := newWorld(t, graph("in>out", step("in", "event", ""), step("out", "send", "x")), methods...)
	w.answer = func(string, string) reply {
		return reply{status: 500, message: "no \x00 such \xff host" + strings.Repeat("é", 1<<20)}
	}
	txn := w.webhook(`{}`)
	w.run(t.Context())
	if txn.Status != tandem.TransactionFailed || len(w.incidents) != 1 {
		t.Fatal(txn.Status, w.incidents)
	}
	for _, m := range []string{w.incidents[0].FullMessage, txn.items[len(txn.items)-1].Message} {
		if !strings.HasPrefix(m, "no \ufffd such \ufffd hosté") || !utf8.ValidString(m) || len(m) > 5<<10 {
			t.Errorf("%.60q of %d bytes", m, len(m))
		}
	}
}

func TestErrorActions(t *testing.T) {
	tests := []struct {
		action  tandem.StepErrorAction
		status  int
		value   string // of send2's field, an integer
		effects string
		end     tandem.TransactionStatus
		level   tandem.Outcome
		short   string
		stops   int
	}{
		{"", 500, "1", `send2 {"v":1}`, tandem.TransactionFailed, tandem.OutcomeError, "Failed to call the method", 0},
		{tandem.StopTransaction, 401, "1", `send2 {"v":1}`, tandem.TransactionFailed, tandem.OutcomeError, "Failed to authenticate the connector", 0},
		{tandem.IgnoreError, 500, "1", `send2 {"v":1}; send {"v":"after 1"}; send {"v":"b"}`, tandem.TransactionCompleted, tandem.OutcomeWarning, "Failed to call the method", 0},
		{tandem.StopIntegration, 400, "1", `send2 {"v":1}`, tandem.TransactionFailed, tandem.OutcomeError, "Failed to call the method", 1},
		{tandem.IgnoreError, 200, "x", `send {"v":"after 1"}; send {"v":"b"}`, tandem.TransactionCompleted, tandem.OutcomeWarning, "Failed to build the request", 0},
		{tandem.StopTransaction, 200, "{{gone}}", ``, tandem.TransactionFailed, tandem.OutcomeError, "Required source is empty", 0},
	}
	for _, tt := range tests {
		g := graph("in>bad bad>after in>b", step("in", "plain", ""), step("bad", "send2", tt.value), step("after", "send", "after {{id}}"), step("b", "send", "b"))
		g.Steps[1].StepErrorAction = tt.action
		w := newWorld(t, g, methods...)
		w.answer = func(path, _ string) reply {
			if path == "/send2" {
				return reply{status: tt.status, body: `{"id":"of an error"}`}
			}
			return reply{}
		}
		txn := w.webhook(`{"id":1}`)
		w.run(t.Context())
		if w.bodies() != tt.effects || txn.Status != tt.end || len(w.stopped) != tt.stops || len(w.held) != tt.stops || tt.stops > 0 && w.held[0] != w.commits || w.meter["send2"].Failed != 1 {
			t.Errorf("%+v: %s, %s, stopped %v, meter %v", tt, w.bodies(), txn.Status, w.stopped, w.meter)
		}
		if len(w.incidents) != 1 || w.incidents[0].ShortMessage != tt.short || w.incidents[0].IncidentLevel != tt.level || w.incidents[0].StepName != "bad" || w.incidents[0].TransactionID != txn.ID {
			t.Errorf("%+v: %+v", tt, w.incidents)
		}
	}
}
