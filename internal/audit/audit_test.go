package audit

import (
	"context"
	"fmt"
	"log/slog"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/tandem-ipaas/tandem"
)

// book keeps entries in memory.
type book struct {
	Store
	mu      sync.Mutex
	entries []string
	heads   []tandem.AuditHead
}

func (b *book) AppendAudit(_ context.Context, e tandem.AuditEntry, who tandem.Principal) error {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.entries = append(b.entries, fmt.Sprintf("%d/%d %s %s ×%d", who.Partner, who.ConsoleUser, e.Action, e.Address, e.Count))
	return nil
}

func (b *book) AuditHeads(context.Context) ([]tandem.AuditHead, error) { return b.heads, nil }

// take gives what was written since.
func (b *book) take() []string {
	synctest.Wait()
	b.mu.Lock()
	defer b.mu.Unlock()
	all := b.entries
	b.entries = nil
	slices.Sort(all)
	return all
}

func amy(id tandem.ConsoleUserID) tandem.Principal {
	return tandem.Principal{Partner: 1, ConsoleUser: id, Permissions: tandem.Everything()}
}

func refusal(address string) tandem.AuditEntry {
	return tandem.AuditEntry{Action: "signIn", Outcome: tandem.ActRefused, Address: address}
}

func TestRecord(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := &book{}
		l := New(slog.New(slog.DiscardHandler), b)
		ctx, cancel := context.WithCancel(t.Context())
		ended := make(chan error)
		go func() { ended <- l.Run(ctx) }()
		check := func(why string, want ...string) {
			t.Helper()
			if diff := cmp.Diff(want, b.take()); diff != "" {
				t.Errorf("%s: -want +got\n%s", why, diff)
			}
		}
		l.Record(ctx, refusal("192.0.2.1"), amy(1))
		l.Record(ctx, refusal("2001:db8::"), amy(2))
		check("the first of each is written at once", "1/1 signIn 192.0.2.1 ×1", "1/2 signIn 2001:db8:: ×1")
		for i := range 500 {
			l.Record(ctx, refusal("192.0.2.1"), amy(1))
			l.Record(ctx, refusal(fmt.Sprintf("2001:db8::%x", i)), amy(2))
		}
		l.Record(ctx, refusal("192.0.2.1"), tandem.Principal{}) // of no partner
		time.Sleep(window - time.Second)
		check("the rest waits")
		time.Sleep(beat + time.Second)
		check("and becomes one", "1/1 signIn 192.0.2.1 ×500", "1/2 signIn 2001:db8:: ×500")
		l.Record(ctx, refusal("192.0.2.1"), amy(1))
		check("then it begins anew", "1/1 signIn 192.0.2.1 ×1")
		l.Record(ctx, refusal("192.0.2.1"), amy(1))
		cancel()
		if err := <-ended; err != nil {
			t.Error(err)
		}
		check("the end loses none", "1/1 signIn 192.0.2.1 ×1")
	})
}

// Who has many addresses, or names, does not fill the log.
func TestFlood(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := &book{}
		l := New(slog.New(slog.DiscardHandler), b)
		for i := range 100_000 {
			l.Record(t.Context(), refusal(fmt.Sprintf("10.%d.%d.%d", i>>16, i>>8&255, i&255)), amy(1))
		}
		l.Record(t.Context(), refusal("192.0.2.1"), tandem.Principal{Partner: 2})
		l.Flush(t.Context())
		got := b.take()
		if len(got) != kindsEach+2 || !slices.Contains(got, fmt.Sprintf("1/0 several  ×%d", 100_000-kindsEach)) || !slices.Contains(got, "2/0 signIn 192.0.2.1 ×1") {
			t.Errorf("%d entries, such as %v", len(got), got[:3])
		}
		if len(l.tallies)+len(l.kinds) != 0 {
			t.Errorf("remembers %d and %d", len(l.tallies), len(l.kinds))
		}
	})
}

// However much is refused, what was done is told: each act with what it was done
// to, and not as one of several.
func TestDoneAmongRefusals(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := &book{}
		l := New(slog.New(slog.DiscardHandler), b)
		flood := func(from int) {
			for i := range 2 * kindsEach {
				l.Record(t.Context(), refusal(fmt.Sprintf("10.0.%d.%d", from, i)), amy(1))
			}
		}
		flood(0)
		var want []string
		for i := range 3 * kindsEach {
			did := tandem.AuditEntry{Action: "suspend", Outcome: tandem.ActDone, Object: fmt.Sprint("/accounts/", i), Address: "192.0.2.1"}
			l.Record(t.Context(), did, amy(2))
			want = append(want, "1/2 suspend 192.0.2.1 ×1")
		}
		flood(1)
		l.Flush(t.Context())
		all := b.take()
		done := slices.DeleteFunc(slices.Clone(all), func(e string) bool { return !strings.Contains(e, "suspend") })
		if diff := cmp.Diff(want, done); diff != "" {
			t.Errorf("done: -want +got\n%s", diff)
		}
		if refused := len(all) - len(done); refused != kindsEach+1 || !slices.Contains(all, fmt.Sprintf("1/0 several  ×%d", 3*kindsEach)) {
			t.Errorf("%d entries of refusals", refused)
		}
		if len(l.tallies)+len(l.kinds) != 0 {
			t.Errorf("remembers %d and %d", len(l.tallies), len(l.kinds))
		}
	})
}

// Why somebody was not let in is not told of attempts that failed for another reason.
func TestReasonsApart(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := &book{}
		l := New(slog.New(slog.DiscardHandler), b)
		for _, reason := range []string{"Wrong address.", "Wrong password.", "Wrong password."} {
			e := refusal("192.0.2.1")
			e.Reason = reason
			l.Record(t.Context(), e, tandem.Principal{Partner: 1, ConsoleUser: 2})
		}
		l.Flush(t.Context())
		want := []string{"1/2 signIn 192.0.2.1 ×1", "1/2 signIn 192.0.2.1 ×2"}
		if diff := cmp.Diff(want, slices.Sorted(slices.Values(b.take()))); diff != "" {
			t.Errorf("-want +got\n%s", diff)
		}
	})
}

func TestHeads(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var text strings.Builder
		b := &book{heads: []tandem.AuditHead{{Partner: 1, ID: 7, Hash: "abc"}}}
		l := New(slog.New(slog.NewTextHandler(&text, nil)), b)
		ctx, cancel := context.WithCancel(t.Context())
		ended := make(chan error)
		go func() { ended <- l.Run(ctx) }()
		time.Sleep(3*time.Hour + time.Minute)
		b.heads = []tandem.AuditHead{{Partner: 1, ID: 8, Hash: "def"}}
		time.Sleep(time.Hour)
		cancel()
		if err := <-ended; err != nil {
			t.Error(err)
		}
		if n := strings.Count(text.String(), "audit log"); n != 2 || !strings.Contains(text.String(), "partner=1 entry=7 hash=abc") || !strings.Contains(text.String(), "hash=def") {
			t.Errorf("%d notes:\n%s", n, &text)
		}
	})
}
