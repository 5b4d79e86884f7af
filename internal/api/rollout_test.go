package api_test

import (
	"context"
	"fmt"
	"log/slog"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/tandem-ipaas/tandem"
	"github.com/tandem-ipaas/tandem/internal/rollout"
	"github.com/tandem-ipaas/tandem/internal/store"
	"github.com/tandem-ipaas/tandem/internal/store/storetest"
)

type rolloutJSON struct {
	Id, ReleaseId, State, Reason, CreatedBy string
	Version, Total                          int
	Counts                                  map[string]int
	EndedOnUtc                              *time.Time
}

type rolledJSON struct {
	AccountId, AccountName, CycleId, CycleName, Outcome, Reason string
	Lost                                                        []tandem.Lost
}

// fleet is a template that is installed in some accounts, and has gone on.
type fleet struct {
	*upgraded
	rollouts string
	worker   *rollout.Worker
	now      time.Time
}

func newFleet(t *testing.T, db *store.Store, accounts ...string) *fleet {
	f := &fleet{upgraded: newUpgraded(t, db), now: time.Now().Add(time.Second)}
	for _, a := range accounts {
		f.installed(a)
		f.ok(call{method: "POST", path: "/v1.0/templates/" + f.template + "/install", account: a}, nil)
	}
	second := firstRelease()
	second.Variables = second.Variables[:1]
	f.release(f.template, second)
	f.rollouts = "/v1.0/templates/" + f.template + "/rollouts"
	f.worker = f.node(f.services.Designs.(rollout.Upgrader))
	return f
}

// node is another that works at rollouts.
func (f *fleet) node(by rollout.Upgrader) *rollout.Worker {
	return rollout.NewWorker(slog.New(slog.DiscardHandler), f.db, by, rollout.Options{Now: func() time.Time { return f.now }})
}

func (f *fleet) start(body string) (r rolloutJSON) {
	f.t.Helper()
	f.ok(call{method: "POST", path: f.rollouts, body: body}, &r)
	return r
}

// work works at what is due, and reads a rollout.
func (f *fleet) work(id string) rolloutJSON {
	f.t.Helper()
	if err := f.worker.Flush(f.t.Context()); err != nil {
		f.t.Fatal(err)
	}
	return f.read(id)
}

func (f *fleet) read(id string) (r rolloutJSON) {
	f.t.Helper()
	f.ok(call{method: "GET", path: f.rollouts + "/" + id}, &r)
	return r
}

// outcomes are of the cycles of a rollout, by account.
func (f *fleet) outcomes(id string) (all []string) {
	f.t.Helper()
	var rows []rolledJSON
	f.ok(call{method: "GET", path: f.rollouts + "/" + id + "/cycles"}, &rows)
	for _, r := range rows {
		all = append(all, strings.TrimSpace(r.AccountId+" "+r.Outcome+" "+r.Reason))
	}
	return all
}

// upgrades counts what the audit log tells of.
func (f *fleet) upgrades() int {
	f.t.Helper()
	var all []tandem.AuditEntry
	f.ok(call{method: "GET", path: "/v1.0/audit?action=upgradeCycle&pageSize=100"}, &all)
	for _, e := range all {
		if e.Actor == "" || e.AccountID == "" || !strings.Contains(e.Sent, "RolloutId") {
			f.t.Errorf("logged: %+v", e)
		}
	}
	return len(all)
}

func TestRollout(t *testing.T) {
	both(t, func(t *testing.T, db *store.Store) {
		f := newFleet(t, db, "asleep", "binned", "gone", "zeta")
		r := f.start(`{"MaxFailures":5}`)
		if r.State != "Running" || r.Version != 2 || r.Total != 5 || r.Counts["Pending"] != 5 || r.CreatedBy == "" {
			t.Errorf("started: %+v", r)
		}
		f.fails(call{method: "POST", path: f.rollouts, body: `{}`}, 409, "Another rollout of the template is not at its end.")
		f.ok(call{method: "POST", path: "/v1.0/accounts/asleep/suspend"}, nil)
		f.ok(call{method: "DELETE", path: "/v1.0/accounts/gone"}, nil)
		var cycles []cycleJSON
		f.ok(call{method: "GET", path: "/v1.0/cycles", account: "binned"}, &cycles)
		f.ok(call{method: "DELETE", path: "/v1.0/cycles/" + cycles[0].Id, account: "binned"}, nil)
		r = f.work(r.Id)
		want := []string{"asleep Failed The account is suspended.", "binned Gone", "books Upgraded", "gone Gone", "zeta Upgraded"}
		if diff := cmp.Diff(want, f.outcomes(r.Id)); diff != "" || r.State != "Completed" || r.EndedOnUtc == nil {
			t.Errorf("%+v, -want +got\n%s", r, diff)
		}
		var failed []rolledJSON
		f.ok(call{method: "GET", path: f.rollouts + "/" + r.Id + "/cycles?outcome=Upgraded&pageSize=1"}, &failed)
		if len(failed) != 1 || failed[0].AccountId != "books" || len(failed[0].Lost) != 1 || failed[0].Lost[0].Name != "Old" {
			t.Errorf("upgraded: %+v", failed)
		}
		f.fails(call{method: "GET", path: f.rollouts + "/" + r.Id + "/cycles?outcome=Lost"}, 400, "")
		f.ok(call{method: "POST", path: "/v1.0/accounts/asleep/resume"}, nil)
		f.ok(call{method: "POST", path: f.rollouts + "/" + r.Id + "/retry"}, nil)
		if r = f.work(r.Id); r.Counts["Upgraded"] != 3 || r.Counts["Failed"] != 0 || f.upgrades() != 3 {
			t.Errorf("retried: %+v, %d upgrades", r, f.upgrades())
		}
		f.fails(call{method: "POST", path: f.rollouts + "/" + r.Id + "/retry"}, 409, "None of its cycles failed.")
		f.fails(call{method: "POST", path: f.rollouts + "/" + r.Id + "/cancel"}, 409, "The rollout is at its end.")
		f.fails(call{method: "POST", path: f.rollouts, body: `{}`}, 400, "There is no cycle to upgrade.")
		if again := f.start(fmt.Sprintf(`{"CycleIds":[%q]}`, f.cycle.Id)); f.work(again.Id).Counts["Unchanged"] != 1 {
			t.Errorf("one that is of the release: %+v", f.read(again.Id))
		}
	})
}

// A rollout waits after its first cycles, and ends when it is cancelled or another
// release is live.
func TestRolloutWaits(t *testing.T) {
	f := newFleet(t, storetest.SQLite(t), "a1", "a2", "c1")
	r := f.start(`{"First":2}`)
	if r = f.work(r.Id); r.State != "Waiting" || r.Reason != "The first 2 cycles were tried." || r.Counts["Upgraded"] != 2 {
		t.Errorf("after the first: %+v", r)
	}
	f.ok(call{method: "POST", path: f.rollouts + "/" + r.Id + "/cancel"}, &r)
	if r.State != "Cancelled" || r.Counts["Cancelled"] != 2 {
		t.Errorf("cancelled: %+v", r)
	}
	r = f.start(`{"First":1}`)
	f.work(r.Id)
	f.release(f.template, firstRelease())
	f.ok(call{method: "POST", path: f.rollouts + "/" + r.Id + "/continue"}, nil)
	if r = f.work(r.Id); r.State != "Cancelled" || r.Reason != "The template has another live release by now." || r.Counts["Cancelled"] != 1 {
		t.Errorf("superseded: %+v", r)
	}
	f.fails(call{method: "POST", path: f.rollouts + "/" + r.Id + "/continue"}, 409, "The rollout does not wait.")
	f.fails(call{method: "POST", path: f.rollouts, body: fmt.Sprintf(`{"ReleaseId":%q}`, r.ReleaseId)}, 400, "")
	for _, body := range []string{
		`{"First":-1}`, `{"MaxFailures":-1}`, `{"CycleIds":[]}`, fmt.Sprintf(`{"CycleIds":[%q]}`, tandem.NewGUID()), `{"CycleIds":["x"]}`,
		fmt.Sprintf(`{"CycleIds":[%q,%q]}`, f.cycle.Id, f.cycle.Id), fmt.Sprintf(`{"CycleIds":[%q],"FromReleaseId":%q}`, f.cycle.Id, f.cycle.TemplateReleaseId),
	} {
		f.fails(call{method: "POST", path: f.rollouts, body: body}, 400, "")
	}
	f.fails(call{method: "POST", path: "/v1.0/templates/" + tandem.NewGUID() + "/rollouts", body: `{}`}, 404, "")
}

// dying is a node that dies in the middle of an upgrade: before the commit, or
// after it.
type dying struct {
	rollout.Upgrader
	after bool
}

func (d dying) RollOut(ctx context.Context, r *tandem.Rollout, of tandem.RolloutCycle, end tandem.RolloutEnd) (tandem.RolloutOutcome, error) {
	if d.after {
		if _, err := d.Upgrader.RollOut(ctx, r, of, end); err != nil {
			return "", err
		}
	}
	return "", tandem.ErrAway // it notes nothing more
}

// Whoever takes over from a node that died upgrades what is left, and nothing twice.
func TestRolloutTakenOver(t *testing.T) {
	both(t, func(t *testing.T, db *store.Store) {
		f := newFleet(t, db, "a1", "c1")
		r := f.start(`{}`)
		by := f.services.Designs.(rollout.Upgrader)
		for _, after := range []bool{false, true, false} {
			if err := f.node(dying{by, after}).Flush(t.Context()); err != nil {
				t.Fatal(err)
			}
			f.now = f.now.Add(2 * time.Minute)
		}
		if got := f.read(r.Id); got.State != "Running" || got.Counts["Upgraded"] != 1 {
			t.Errorf("after three have died: %+v", got)
		}
		if r = f.work(r.Id); r.State != "Completed" || r.Counts["Upgraded"] != 3 || f.upgrades() != 3 {
			t.Errorf("taken over: %+v, %d upgrades", r, f.upgrades())
		}
	})
}

// Partners see, and take along, nothing of each other's.
func TestRolloutOfAnother(t *testing.T) {
	f := newFleet(t, storetest.SQLite(t))
	r := f.start(`{}`)
	bolt, err := f.services.Identity.Setup(t.Context(), "Bolt", "b@bolt.test")
	if err != nil {
		t.Fatal(err)
	}
	token := f.tokenFor(bolt, "")
	for path, method := range map[string]string{"": "GET", "/cycles": "GET", "/live": "GET", "/continue": "POST", "/cancel": "POST", "/retry": "POST"} {
		f.fails(call{method: method, path: f.rollouts + "/" + r.Id + path, token: token}, 404, "")
	}
	f.fails(call{method: "POST", path: f.rollouts, token: token, body: `{}`}, 404, "")
	f.fails(call{method: "GET", path: f.rollouts, token: f.tokenFor(f.partner, "account:books")}, 403, "")
	if r = f.read(r.Id); r.State != "Running" {
		t.Errorf("%+v", r)
	}
}
