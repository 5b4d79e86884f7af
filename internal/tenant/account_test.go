package tenant_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/tandem-ipaas/tandem"
	"github.com/tandem-ipaas/tandem/internal/identity"
	"github.com/tandem-ipaas/tandem/internal/password"
	"github.com/tandem-ipaas/tandem/internal/store"
	"github.com/tandem-ipaas/tandem/internal/store/storetest"
	"github.com/tandem-ipaas/tandem/internal/tenant"
)

// keys gives each account a key that says whose it is.
type keys struct{}

func (keys) NewDataKey(id tandem.AccountID) ([]byte, error) {
	return fmt.Append(nil, "key of ", id), nil
}

// halter notes whose cycles were stopped.
type halter struct {
	halted    []tandem.AccountID
	suspended []tandem.AccountID
	resumed   []tandem.AccountID
	err       error
}

func (h *halter) Halt(_ context.Context, id tandem.AccountID) error {
	h.halted = append(h.halted, id)
	return h.err
}

func (h *halter) Suspend(_ context.Context, id tandem.AccountID) error {
	h.suspended = append(h.suspended, id)
	return h.err
}

func (h *halter) Resume(_ context.Context, id tandem.AccountID) error {
	h.resumed = append(h.resumed, id)
	return h.err
}

type fixture struct {
	*tenant.Accounts
	halter  *halter
	db      *store.Store
	partner tandem.PartnerID
	other   tandem.PartnerID
}

func open(t *testing.T) fixture {
	t.Helper()
	hasher, err := password.NewWith(password.Options{Memory: 8, Iterations: 1})
	if err != nil {
		t.Fatal(err)
	}
	db := storetest.SQLite(t)
	f := fixture{halter: &halter{}, db: db}
	f.Accounts = tenant.NewAccounts(db, tenant.NewSettings(db), keys{}, f.halter)
	who := identity.New(db, hasher, identity.NewGate(tenant.NewSettings(db)))
	for name, p := range map[string]*tandem.PartnerID{"acme": &f.partner, "bolt": &f.other} {
		made, err := who.Setup(t.Context(), name, name+"@partner.test")
		if err != nil {
			t.Fatal(err)
		}
		*p = made.PartnerID
	}
	return f
}

func (f fixture) create(t *testing.T, u tandem.AccountUpdate) *tandem.Account {
	t.Helper()
	a, err := f.Create(t.Context(), f.partner, u)
	if err != nil {
		t.Fatal(err)
	}
	return a
}

func named(id string) tandem.AccountUpdate {
	return tandem.AccountUpdate{APIID: id, Name: tandem.Some(id)}
}

func below(id, parent string) tandem.AccountUpdate {
	u := named(id)
	u.ParentAccountID = tandem.Some(parent)
	return u
}

func null[T any]() tandem.Optional[T] { return tandem.Optional[T]{Set: true, Null: true} }

func TestCreate(t *testing.T) {
	f := open(t)
	bill := time.Date(2027, 1, 2, 3, 4, 5, 0, time.UTC)
	made := f.create(t, tandem.AccountUpdate{
		Name: tandem.Some(" Page Turner Books "), Description: tandem.Some("sells books"), Timezone: tandem.Some("Europe/London"),
		AuditInfo: tandem.Some("audit"), TaskAuditInfo: tandem.Some("task"), NextBillDateUTC: tandem.Some(bill),
		StepDataSuccessRetentionHours: tandem.Some(1000), StepDataErroredRetentionHours: tandem.Some(0),
		TransactionErrorWebhookEnabled: tandem.Some(true), TransactionErrorWebhookURL: tandem.Some("example.test/hook"),
		TransactionErrorWebhookIncludeWarnings: tandem.Some(true), ConcurrentTransactionLimit: tandem.Some(8),
	})
	text := func(s string) *string { return &s }
	number := func(n int) *int { return &n }
	want := &tandem.Account{
		ID: made.ID, Partner: f.partner, APIID: made.APIID, CreatedDate: made.CreatedDate, Name: "Page Turner Books", Description: text("sells books"),
		Timezone: "Europe/London", AuditInfo: text("audit"), TaskAuditInfo: text("task"), NextBillDateUTC: &bill,
		StepDataSuccessRetentionHours: number(744), StepDataErroredRetentionHours: number(0),
		TransactionErrorWebhookEnabled: true, TransactionErrorWebhookURL: text("https://example.test/hook"),
		TransactionErrorWebhookIncludeWarnings: true, ConcurrentTransactionLimit: number(8), Enabled: true,
	}
	if diff := cmp.Diff(want, made); diff != "" {
		t.Errorf("made: -want +got\n%s", diff)
	}
	if _, err := tandem.ParseGUID("Id", made.APIID); err != nil {
		t.Errorf("id: %v", err)
	}
	got, err := f.Get(t.Context(), f.partner, made.APIID)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("read: -want +got\n%s", diff)
	}
}

func TestRules(t *testing.T) {
	f := open(t)
	f.create(t, named("taken"))
	for want, change := range map[string]func(*tandem.AccountUpdate){
		"Name is required":    func(u *tandem.AccountUpdate) { u.Name = null[string]() },
		"ID already in use":   func(u *tandem.AccountUpdate) { u.APIID = "taken" },
		"cannot be part of a": func(u *tandem.AccountUpdate) { u.APIID = "a/b" },
		"StepDataSuccessRetentionHours (-10): must be non negative": func(u *tandem.AccountUpdate) {
			u.StepDataSuccessRetentionHours = tandem.Some(-10)
		},
		"StepDataErroredRetentionHours (-1): must be non negative": func(u *tandem.AccountUpdate) {
			u.StepDataErroredRetentionHours = tandem.Some(-1)
		},
		"Transaction Error Webhook enabled: Transaction Error Webhook URL must be defined": func(u *tandem.AccountUpdate) {
			u.TransactionErrorWebhookEnabled, u.TransactionErrorWebhookURL = tandem.Some(true), tandem.Some("")
		},
		"https://not a url is not a valid URL": func(u *tandem.AccountUpdate) { u.TransactionErrorWebhookURL = tandem.Some("not a url") },
		"ftp://example.test is not a valid URL": func(u *tandem.AccountUpdate) {
			u.TransactionErrorWebhookURL = tandem.Some("ftp://example.test")
		},
		`"Mars/Olympus" is not an IANA time zone`: func(u *tandem.AccountUpdate) { u.Timezone = tandem.Some("Mars/Olympus") },
		`"Local" is not an IANA time zone`:        func(u *tandem.AccountUpdate) { u.Timezone = tandem.Some("Local") },
		"there is no account":                     func(u *tandem.AccountUpdate) { u.ParentAccountID = tandem.Some("nowhere") },
	} {
		u := named("new")
		change(&u)
		_, err := f.Create(t.Context(), f.partner, u)
		if tandem.ErrorCode(err) != tandem.Invalid || !strings.Contains(err.Error(), want) {
			t.Errorf("%v, want %q", err, want)
		}
	}
}

func TestUpdateIsPartial(t *testing.T) {
	f := open(t)
	u := named("books")
	u.Description, u.StepDataErroredRetentionHours = tandem.Some("old"), tandem.Some(5)
	f.create(t, u)
	a, err := f.Update(t.Context(), f.partner, "books", tandem.AccountUpdate{StepDataErroredRetentionHours: null[int]()})
	if err != nil {
		t.Fatal(err)
	}
	if a.StepDataErroredRetentionHours != nil || a.Description == nil || *a.Description != "old" || a.Name != "books" {
		t.Errorf("after the update: %+v", a)
	}
	if _, err := f.Update(t.Context(), f.other, "books", u); tandem.ErrorCode(err) != tandem.NotFound {
		t.Errorf("another partner's account: %v", err)
	}
	if _, err := f.Update(t.Context(), f.partner, "books", tandem.AccountUpdate{ParentAccountID: tandem.Some("books")}); tandem.ErrorCode(err) != tandem.Invalid {
		t.Errorf("made its own parent: %v", err)
	}
}

func TestTree(t *testing.T) {
	f := open(t)
	f.create(t, named("1"))
	for i := 2; i <= tandem.MaxAccountDepth; i++ {
		f.create(t, below(fmt.Sprint(i), fmt.Sprint(i-1)))
	}
	if _, err := f.Create(t.Context(), f.partner, below("6", "5")); tandem.ErrorCode(err) != tandem.Invalid {
		t.Errorf("a sixth level: %v", err)
	}
	if _, err := f.Create(t.Context(), f.other, below("x", "1")); tandem.ErrorCode(err) != tandem.Invalid {
		t.Errorf("below another partner's account: %v", err)
	}
	page, err := f.List(t.Context(), f.partner, tandem.AccountFilter{Parent: "1"})
	if err != nil {
		t.Fatal(err)
	}
	if page.Total != 1 || len(page.Rows) != 1 || page.Rows[0].APIID != "2" || *page.Rows[0].ParentAccountID != "1" {
		t.Errorf("below 1: %+v", page)
	}
}

func TestList(t *testing.T) {
	f := open(t)
	for _, id := range []string{"Beta", "alpha", "1_0", "gamma"} {
		f.create(t, named(id))
	}
	for _, c := range []struct {
		filter tandem.AccountFilter
		want   []string
		total  int
	}{
		{tandem.AccountFilter{}, []string{"1_0", "alpha", "Beta", "gamma"}, 4},
		{tandem.AccountFilter{PageRequest: tandem.PageRequest{OrderBy: "CreatedDate", Descend: true}}, []string{"gamma", "1_0", "alpha", "Beta"}, 4},
		{tandem.AccountFilter{Query: "BET"}, []string{"Beta"}, 1},
		{tandem.AccountFilter{Query: "_"}, []string{"1_0"}, 1},
		{tandem.AccountFilter{PageRequest: tandem.PageRequest{Page: 2, PageSize: 3}}, []string{"gamma"}, 4},
		{tandem.AccountFilter{PageRequest: tandem.PageRequest{Page: 9}}, nil, 4},
	} {
		page, err := f.List(t.Context(), f.partner, c.filter)
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		for _, a := range page.Rows {
			got = append(got, a.Name)
		}
		if diff := cmp.Diff(c.want, got); diff != "" || page.Total != c.total {
			t.Errorf("%+v: total %d, want %d; -want +got\n%s", c.filter, page.Total, c.total, diff)
		}
	}
	if _, err := f.List(t.Context(), f.partner, tandem.AccountFilter{PageRequest: tandem.PageRequest{OrderBy: "name; --"}}); tandem.ErrorCode(err) != tandem.Invalid {
		t.Errorf("unknown order: %v", err)
	}
}

func TestDelete(t *testing.T) {
	f := open(t)
	parent, sub := f.create(t, named("parent")), f.create(t, below("sub", "parent"))
	if err := f.Delete(t.Context(), f.partner, "parent"); tandem.ErrorCode(err) != tandem.Conflict {
		t.Errorf("with a sub-account: %v", err)
	}
	if err := f.Delete(t.Context(), f.other, "sub"); tandem.ErrorCode(err) != tandem.NotFound {
		t.Errorf("by another partner: %v", err)
	}
	f.halter.err = errors.New("still sending")
	if err := f.Delete(t.Context(), f.partner, "sub"); !errors.Is(err, f.halter.err) {
		t.Errorf("its cycles did not stop: %v", err)
	}
	if _, err := f.Get(t.Context(), f.partner, "sub"); err != nil {
		t.Errorf("gone although its cycles did not stop: %v", err)
	}
	f.halter.err, f.halter.halted = nil, nil
	for _, id := range []string{"sub", "parent"} {
		if err := f.Delete(t.Context(), f.partner, id); err != nil {
			t.Fatal(err)
		}
		if _, err := f.Get(t.Context(), f.partner, id); tandem.ErrorCode(err) != tandem.NotFound {
			t.Errorf("%s is still there: %v", id, err)
		}
	}
	if diff := cmp.Diff([]tandem.AccountID{sub.ID, parent.ID}, f.halter.halted); diff != "" {
		t.Errorf("halted: -want +got\n%s", diff)
	}
	f.create(t, named("sub")) // its id can be given again
}
