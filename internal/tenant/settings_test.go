package tenant_test

import (
	"context"
	"errors"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/tandem-ipaas/tandem"
	"github.com/tandem-ipaas/tandem/internal/tenant"
)

// document is the settings of one partner, and how often they were read.
type document struct {
	set   tandem.PartnerSettings
	name  string
	reads int
}

func (d *document) PartnerSettings(context.Context, tandem.PartnerID) (tandem.PartnerSettings, error) {
	d.reads++
	return d.set, nil
}

func (d *document) Partner(_ context.Context, p tandem.PartnerID) (tandem.Partner, error) {
	return tandem.Partner{ID: p, Name: d.name}, nil
}

func (d *document) RenamePartner(_ context.Context, _ tandem.PartnerID, name string) error {
	d.name = name
	return nil
}

func (d *document) ChangePartnerSettings(_ context.Context, _ tandem.PartnerID, change func(*tandem.PartnerSettings) error) (tandem.PartnerSettings, error) {
	set := d.set
	if err := change(&set); err != nil {
		return set, err
	}
	d.set = set
	return set, nil
}

// Settings are read once a second, and at once where they are changed.
func TestSettingsAreFresh(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := &document{}
		here, there := tenant.NewSettings(d), tenant.NewSettings(d)
		allowance := func(s *tenant.Settings, want int) {
			t.Helper()
			set, err := s.Get(t.Context(), 1)
			if err != nil || set.Task.Allowance != want {
				t.Errorf("allowance %d, %v; want %d", set.Task.Allowance, err, want)
			}
		}
		for range 5 {
			allowance(here, 0)
			allowance(there, 0)
		}
		if d.reads != 2 {
			t.Errorf("read %d times", d.reads)
		}
		_, err := here.Change(t.Context(), 1, func(set *tandem.PartnerSettings) error { set.Task.Allowance = 7; return nil })
		if err != nil {
			t.Fatal(err)
		}
		allowance(here, 7)
		allowance(there, 0)
		time.Sleep(time.Second)
		allowance(there, 7)
		refused := errors.New("refused")
		if _, err := here.Change(t.Context(), 1, func(*tandem.PartnerSettings) error { return refused }); !errors.Is(err, refused) {
			t.Error(err)
		}
	})
}

func TestLimits(t *testing.T) {
	f := open(t)
	a := f.create(t, named("a"))
	settings := tenant.NewSettings(f.db)
	if _, err := settings.Change(t.Context(), f.partner, func(set *tandem.PartnerSettings) error {
		set.Account.ConcurrentTransactionLimit = new(9)
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	limits := tenant.NewLimits(f.db, settings)
	if n, err := limits.ConcurrentLimit(t.Context(), a.ID); n != 9 || err != nil {
		t.Errorf("limit %d, %v; want the console's 9", n, err)
	}
	if _, err := limits.ConcurrentLimit(t.Context(), 99); tandem.ErrorCode(err) != tandem.NotFound {
		t.Errorf("of no account: %v", err)
	}
}

func TestStates(t *testing.T) {
	f := open(t)
	top := f.create(t, named("top"))
	sub := f.create(t, below("sub", "top"))
	for range 2 { // the first may have been cut off
		if a, err := f.Suspend(t.Context(), f.partner, "top"); err != nil || a.Enabled {
			t.Errorf("suspended: %+v, %v", a, err)
		}
	}
	if a, err := f.Resume(t.Context(), f.partner, "top"); err != nil || !a.Enabled {
		t.Errorf("resumed: %+v, %v", a, err)
	}
	if _, err := f.Suspend(t.Context(), f.other, "top"); tandem.ErrorCode(err) != tandem.NotFound {
		t.Errorf("by another partner: %v", err)
	}
	if err := f.DeleteAll(t.Context(), f.partner, "top"); err != nil {
		t.Fatal(err)
	}
	want := halter{suspended: []tandem.AccountID{top.ID, top.ID}, resumed: []tandem.AccountID{top.ID}, halted: []tandem.AccountID{sub.ID, top.ID}}
	if diff := cmp.Diff(want, *f.halter, cmp.AllowUnexported(halter{})); diff != "" {
		t.Errorf("cycles: -want +got\n%s", diff)
	}
	if a, err := f.Restore(t.Context(), f.partner, "top"); err != nil || a.ID != top.ID {
		t.Errorf("restored: %+v, %v", a, err)
	}
}

func TestMove(t *testing.T) {
	f := open(t)
	f.create(t, named("a"))
	f.create(t, named("b"))
	to := func(parent tandem.Optional[string]) (*tandem.Account, error) {
		return f.Update(t.Context(), f.partner, "b", tandem.AccountUpdate{ParentAccountID: parent})
	}
	if b, err := to(tandem.Some("a")); err != nil || *b.ParentAccountID != "a" {
		t.Errorf("below a: %+v, %v", b, err)
	}
	if _, err := f.Update(t.Context(), f.partner, "a", tandem.AccountUpdate{ParentAccountID: tandem.Some("b")}); tandem.ErrorCode(err) != tandem.Invalid {
		t.Errorf("a loop: %v", err)
	}
	if _, err := to(tandem.Some("nobody")); tandem.ErrorCode(err) != tandem.Invalid {
		t.Errorf("below nobody: %v", err)
	}
	if b, err := to(null[string]()); err != nil || b.ParentAccountID != nil {
		t.Errorf("to the top: %+v, %v", b, err)
	}
}
