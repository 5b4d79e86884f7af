package tandem_test

import (
	"encoding/json"
	"testing"

	"github.com/tandem-ipaas/tandem"
)

func TestPermissionsJSON(t *testing.T) {
	var p tandem.Permissions
	if err := json.Unmarshal([]byte(`{"accounts":"edit","Templates":"View","Users":"None"}`), &p); err != nil {
		t.Fatal(err)
	}
	text, err := json.Marshal(p)
	if want := `{"Accounts":"Edit","Templates":"View"}`; err != nil || string(text) != want {
		t.Errorf("%s, %v, want %s", text, err, want)
	}
	for _, bad := range []string{`{"Kitchen":"View"}`, `{"Accounts":"All"}`, `{"Accounts":3}`, `[]`, `{"":"View"}`} {
		if err := json.Unmarshal([]byte(bad), &p); tandem.ErrorCode(err) != tandem.Invalid {
			t.Errorf("%s: %v, want Invalid", bad, err)
		}
	}
	if after, _ := json.Marshal(p); string(after) != string(text) {
		t.Errorf("a refused map left %s", after)
	}
}

func TestPermissions(t *testing.T) {
	var none, some tandem.Permissions
	some[tandem.AreaAccounts] = tandem.EditLevel
	for _, c := range []struct {
		has   tandem.Permissions
		area  tandem.Area
		level tandem.Level
		want  bool
	}{
		{none, tandem.AnyArea, tandem.ManageLevel, true},
		{none, tandem.AreaReports, tandem.ViewLevel, true},
		{none, tandem.AreaReports, tandem.EditLevel, false},
		{none, tandem.AreaAccounts, tandem.ViewLevel, false},
		{some, tandem.AreaAccounts, tandem.ViewLevel, true},
		{some, tandem.AreaAccounts, tandem.EditLevel, true},
		{some, tandem.AreaAccounts, tandem.ManageLevel, false},
		{some, tandem.AreaUsers, tandem.ViewLevel, false},
		{tandem.Everything(), tandem.AreaBilling, tandem.ManageLevel, true},
	} {
		if got := c.has.Allow(c.area, c.level); got != c.want {
			t.Errorf("%v allow %s %s: %t", c.has, c.area, c.level, got)
		}
	}
	if !none.Within(some) || !some.Within(tandem.Everything()) || some.Within(none) {
		t.Error("permissions are not within those that give more")
	}
}

func TestNeed(t *testing.T) {
	need := tandem.Need{Area: tandem.AreaUsers, Level: tandem.EditLevel, Administrator: true}
	for why, c := range map[string]struct {
		who tandem.Principal
		ok  bool
	}{
		"a program":                       {tandem.Principal{Partner: 1, Client: "c"}, true},
		"a program for one account":       {tandem.Principal{Partner: 1, Client: "c", Account: 1}, true},
		"a console user with nothing":     {tandem.Principal{Partner: 1, ConsoleUser: 1}, false},
		"a console user with Full Access": {tandem.Principal{Partner: 1, ConsoleUser: 1, Permissions: tandem.Everything()}, true},
		"a standard user":                 {tandem.Principal{Partner: 1, Account: 1, User: 1}, false},
		"an administrator":                {tandem.Principal{Partner: 1, Account: 1, User: 1, Administrator: true}, true},
	} {
		if err := need.Check(c.who); (err == nil) != c.ok || err != nil && tandem.ErrorCode(err) != tandem.Forbidden {
			t.Errorf("%s: %v", why, err)
		}
	}
}

// What is done in an account with what is the partner's asks for rights in both.
func TestNeedAcross(t *testing.T) {
	need := tandem.Need{Area: tandem.AreaAccounts, Also: tandem.AreaTemplates, Level: tandem.EditLevel, Unrestricted: true}
	with := func(areas ...tandem.Area) tandem.Principal {
		p := tandem.Principal{Partner: 1, ConsoleUser: 1}
		for _, a := range areas {
			p.Permissions[a] = tandem.EditLevel
		}
		return p
	}
	for why, c := range map[string]struct {
		who tandem.Principal
		ok  bool
	}{
		"a program":                 {tandem.Principal{Partner: 1, Client: "c"}, true},
		"a program for one account": {tandem.Principal{Partner: 1, Client: "c", Account: 1}, false},
		"an administrator":          {tandem.Principal{Partner: 1, Account: 1, User: 1, Administrator: true}, false},
		"both":                      {with(tandem.AreaAccounts, tandem.AreaTemplates), true},
		"accounts alone":            {with(tandem.AreaAccounts), false},
		"templates alone":           {with(tandem.AreaTemplates), false},
	} {
		if err := need.Check(c.who); (err == nil) != c.ok || err != nil && tandem.ErrorCode(err) != tandem.Forbidden {
			t.Errorf("%s: %v", why, err)
		}
	}
}
