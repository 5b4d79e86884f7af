package api_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/tandem-ipaas/tandem"
	"github.com/tandem-ipaas/tandem/internal/api"
	"github.com/tandem-ipaas/tandem/internal/store"
	"github.com/tandem-ipaas/tandem/internal/store/storetest"
)

func (u *upgraded) preview() (p tandem.UpgradePreview) {
	u.t.Helper()
	u.ok(call{method: "GET", path: u.path + "/upgrade", account: "books"}, &p)
	return p
}

// made are the template's cycles, of an address.
func (u *upgraded) made(query string) (all []tandem.InstalledCycle) {
	u.t.Helper()
	u.ok(call{method: "GET", path: "/v1.0/templates/" + u.template + "/cycles" + query}, &all)
	return all
}

// A preview tells what the upgrade then does, and changes nothing.
func TestUpgradePreview(t *testing.T) {
	both(t, func(t *testing.T, db *store.Store) {
		u := newUpgraded(t, db)
		u.ok(call{method: "PATCH", path: u.path + "/variables", account: "books", body: `[{"SystemName":"Old","Value":"Mine"}]`}, nil)
		none := tandem.UpgradePreview{Lost: []tandem.Lost{}, Prerequisites: []tandem.Prerequisite{}}
		if diff := cmp.Diff(none, u.preview()); diff != "" {
			t.Errorf("on the live release: %s", diff)
		}
		second := withSubscriber(firstRelease(), tandem.Mapping{Target: "email", MappingType: tandem.MapStep, SourceStepID: newContact, SourceField: "email"})
		second.Variables = second.Variables[:1]
		u.release(u.template, second)
		p := u.preview()
		if diff := cmp.Diff([]string{"/Old"}, names(p.Lost)); diff != "" || p.Refusal != "" || len(p.Prerequisites) != 1 || p.Prerequisites[0].Reason != "Connector Postbag is not installed." {
			t.Errorf("paused: %+v %s", p, diff)
		}
		var connectors []map[string]any
		u.ok(call{method: "GET", path: "/v1.0/account/connectors", account: "books"}, &connectors)
		if len(connectors) != 1 || len(u.steps()) != 2 || len(u.waiting()) != 1 {
			t.Errorf("looking changed it: %d connectors, steps %v", len(connectors), u.steps())
		}
		u.ok(call{method: "PUT", path: u.path + "/activate", account: "books", body: `{}`}, nil)
		if p := u.preview(); !strings.Contains(p.Refusal, "cannot run yet") || len(p.Prerequisites) == 0 {
			t.Errorf("running: %+v", p)
		}
		u.fails(call{method: "GET", path: "/v1.0/cycles/" + tandem.NewGUID() + "/upgrade", account: "books"}, 404, "")
	})
}

// What was made of a template is found in whichever account it is.
func TestInstalledCycles(t *testing.T) {
	both(t, func(t *testing.T, db *store.Store) {
		u := newUpgraded(t, db)
		u.ok(call{method: "POST", path: "/v1.0/accounts", body: `{"Id":"atlas","Name":"Atlas"}`}, nil)
		u.release(u.template, firstRelease())
		var other cycleJSON
		u.ok(call{method: "POST", path: "/v1.0/templates/" + u.template + "/install", account: "atlas"}, &other)
		all := u.made("")
		if len(all) != 2 || all[0].AccountID != "atlas" || all[0].Version != 2 || all[0].Upgradeable || all[1].AccountID != "books" || all[1].Version != 1 || !all[1].Upgradeable || all[1].Status != tandem.CyclePaused {
			t.Errorf("all: %+v", all)
		}
		if old := u.made("?upgradeable=true"); len(old) != 1 || string(old[0].CycleID) != u.cycle.Id || old[0].CycleName != "Hook" {
			t.Errorf("to be upgraded: %+v", old)
		}
		if now := u.made("?releaseId=" + other.TemplateReleaseId); len(now) != 1 || string(now[0].CycleID) != other.Id {
			t.Errorf("of the live release: %+v", now)
		}
		u.upgrade()
		u.ok(call{method: "DELETE", path: "/v1.0/accounts/atlas"}, nil)
		if all := u.made(""); len(all) != 1 || all[0].Upgradeable {
			t.Errorf("after: %+v", all)
		}
		u.fails(call{method: "GET", path: "/v1.0/templates/" + tandem.NewGUID() + "/cycles"}, 404, "")
	})
}

// A transaction is found by its id alone, by who is of its partner.
func TestFindTransaction(t *testing.T) {
	u := newWorldOn(t, storetest.SQLite(t), api.Options{})
	cycle, hook, _ := u.built("books")
	id := u.transaction("books", tandem.CycleID(cycle), tandem.StepID(hook.ID))
	var at tandem.TransactionPlace
	u.ok(call{method: "GET", path: "/v1.0/transactions/" + id.String() + "/place"}, &at)
	if at.AccountID != "books" || string(at.CycleID) != cycle || at.AccountName == "" {
		t.Errorf("it is at %+v", at)
	}
	u.fails(call{method: "GET", path: "/v1.0/transactions/" + (id + 1).String() + "/place"}, 404, "")
}
