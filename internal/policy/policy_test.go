package policy_test

import (
	"context"
	"errors"
	"testing"

	"github.com/tandem-ipaas/tandem"
	"github.com/tandem-ipaas/tandem/internal/policy"
)

// directory holds the accounts of partner 1 by their API IDs.
type directory map[string]tandem.AccountID

var errBroken = errors.New("broken")

func (d directory) Get(_ context.Context, p tandem.PartnerID, apiID string) (*tandem.Account, error) {
	id, ok := d[apiID]
	switch {
	case apiID == "broken":
		return nil, errBroken
	case !ok || p != 1:
		return nil, tandem.NotFoundf("no such account")
	}
	return &tandem.Account{ID: id, APIID: apiID, Enabled: apiID != "asleep"}, nil
}

func TestPartner(t *testing.T) {
	if p, err := policy.Partner(tandem.Principal{Partner: 7}, tandem.Need{}); err != nil || p != 7 {
		t.Errorf("unrestricted: %d, %v", p, err)
	}
	if _, err := policy.Partner(tandem.Principal{Partner: 7, Account: 1}, tandem.Need{}); tandem.ErrorCode(err) != tandem.Forbidden {
		t.Errorf("restricted: %v", err)
	}
	need := tandem.Need{Area: tandem.AreaAccounts, Level: tandem.ViewLevel}
	if _, err := policy.Partner(tandem.Principal{Partner: 7, ConsoleUser: 1}, need); tandem.ErrorCode(err) != tandem.Forbidden {
		t.Errorf("without the permission: %v", err)
	}
}

func TestSuspendedAccount(t *testing.T) {
	accounts, who := directory{"asleep": 1, "awake": 2}, tandem.Principal{Partner: 1}
	for _, c := range []struct {
		named     string
		level     tandem.Level
		suspended bool
		code      tandem.Code
	}{
		{"awake", tandem.ManageLevel, false, ""},
		{"asleep", tandem.ViewLevel, true, ""},
		{"asleep", tandem.EditLevel, false, tandem.Conflict},
		{"asleep", tandem.ManageLevel, false, tandem.Conflict},
	} {
		got, err := policy.Account(t.Context(), accounts, who, tandem.Need{Area: tandem.AreaAccounts, Level: c.level}, []string{c.named})
		if got.Suspended != c.suspended || tandem.ErrorCode(err) != c.code {
			t.Errorf("%s, level %v: %+v, %v", c.named, c.level, got, err)
		}
	}
}

func TestAccount(t *testing.T) {
	accounts := directory{"a": 1, "b": 2}
	whole, narrow, foreign := tandem.Principal{Partner: 1}, tandem.Principal{Partner: 1, Account: 1}, tandem.Principal{Partner: 2}
	for _, c := range []struct {
		why   string
		who   tandem.Principal
		named []string
		want  tandem.AccountID
		code  tandem.Code
	}{
		{"named", whole, []string{"b"}, 2, ""},
		{"named twice, the same", whole, []string{"b", " b "}, 2, ""},
		{"not named", whole, nil, 0, tandem.Unauthenticated},
		{"empty", whole, []string{" "}, 0, tandem.Unauthenticated},
		{"unknown", whole, []string{"c"}, 0, tandem.Unauthenticated},
		{"two", whole, []string{"a", "b"}, 0, tandem.Unauthenticated},
		{"another partner's", foreign, []string{"a"}, 0, tandem.Unauthenticated},
		{"restricted, not named", narrow, nil, 1, ""},
		{"restricted, its own", narrow, []string{"a"}, 1, ""},
		{"restricted, another", narrow, []string{"b"}, 0, tandem.Forbidden},
		{"restricted, unknown", narrow, []string{"c"}, 0, tandem.Forbidden},
		{"restricted, two", narrow, []string{"a", "b"}, 0, tandem.Unauthenticated},
		{"no answer", whole, []string{"broken"}, 0, tandem.Internal},
		{"without the permission", tandem.Principal{Partner: 1, ConsoleUser: 1}, []string{"b"}, 0, tandem.Forbidden},
		{"with it", tandem.Principal{Partner: 1, ConsoleUser: 1, Permissions: tandem.Everything()}, []string{"b"}, 2, ""},
		{"a user of another", tandem.Principal{Partner: 1, Account: 1, User: 1}, []string{"b"}, 0, tandem.Forbidden},
	} {
		got, err := policy.Account(t.Context(), accounts, c.who, tandem.Need{Area: tandem.AreaAccounts, Level: tandem.ViewLevel}, c.named)
		if got.Account != c.want || tandem.ErrorCode(err) != c.code {
			t.Errorf("%s: %d, %v; want %d, %q", c.why, got.Account, err, c.want, c.code)
		}
		if err == nil && got.Restricted != (c.who.Account != 0) {
			t.Errorf("%s: restricted %t", c.why, got.Restricted)
		}
	}
}

// What is shared is read by all, and by who is restricted to an account as one who is.
func TestShared(t *testing.T) {
	accounts := directory{"a": 1, "b": 2}
	need := tandem.Need{Area: tandem.AreaAccounts, Level: tandem.ViewLevel}
	if _, err := policy.Shared(tandem.Principal{Partner: 1, ConsoleUser: 1}, need); tandem.ErrorCode(err) != tandem.Forbidden {
		t.Errorf("without the permission: %v", err)
	}
	for _, c := range []struct {
		who  tandem.Principal
		id   string
		code tandem.Code
	}{
		{tandem.Principal{Partner: 1}, "a", ""},
		{tandem.Principal{Partner: 1}, "c", tandem.NotFound},
		{tandem.Principal{Partner: 2}, "a", tandem.NotFound},
		{tandem.Principal{Partner: 1, Account: 1}, "a", ""},
		{tandem.Principal{Partner: 1, Account: 1}, "b", tandem.Forbidden},
		{tandem.Principal{Partner: 1, Account: 1}, "c", tandem.Forbidden},
		{tandem.Principal{Partner: 1, Account: 1}, "broken", tandem.Internal},
		{tandem.Principal{Partner: 1, Account: 1, User: 5}, "a", ""},
		{tandem.Principal{Partner: 1, Account: 1, User: 5}, "b", tandem.Forbidden},
	} {
		by, err := policy.Shared(c.who, need)
		if err != nil || by.Restricted() != (c.who.Account != 0) || by.User != c.who.User {
			t.Fatalf("%+v: %+v, %v", c.who, by, err)
		}
		found, err := by.Find(t.Context(), accounts, c.id)
		if tandem.ErrorCode(err) != c.code || err == nil && found.APIID != c.id {
			t.Errorf("%+v finds %s: %+v, %v; want %q", c.who, c.id, found, err, c.code)
		}
	}
}
