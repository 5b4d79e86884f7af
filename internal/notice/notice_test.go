package notice_test

import (
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/tandem-ipaas/tandem"
	"github.com/tandem-ipaas/tandem/internal/notice"
	"github.com/tandem-ipaas/tandem/internal/tenant"
)

func TestErrorWebhook(t *testing.T) {
	both(t, func(t *testing.T, w *world) {
		id := w.incident(tandem.OutcomeWarning, tandem.OutcomeError)
		s := w.sender(notice.Options{})
		got := w.tell(s, 0)
		if len(got) != 1 {
			t.Fatalf("%d messages", len(got))
		}
		var said any
		if err := json.Unmarshal(got[0].body, &said); err != nil {
			t.Fatal(err)
		}
		want := map[string]any{
			"Timestamp": w.now.UTC().Format(time.RFC3339), "AccountId": float64(w.account), "AccountExternalId": "books", "AccountName": "The Books",
			"CycleId": "c", "CycleName": "", "StepId": "s", "StepName": "s of 2", "StepType": "Action", "TransactionId": id.String(),
			"Message": "Failed to call the method", "IncidentLevel": "Error",
			"Detail": map[string]any{
				"Message": "404 Not Found 1", "Status": 404.0, "Response": map[string]any{"Body": "not here"},
				"Request": map[string]any{"Method": "POST", "URL": "https://crm.test/x", "Headers": map[string]any{"Authorization": "***"}, "Body": map[string]any{"a": 1.0}},
			},
		}
		if diff := cmp.Diff(any(want), said); diff != "" {
			t.Errorf("-want +got\n%s", diff)
		}
		if more := w.tell(s, time.Hour); len(more) != 0 {
			t.Errorf("told again: %s", more[0].body)
		}
		if all := w.list(tandem.NoticeFilter{}); len(all) != 1 || all[0].State != tandem.NoticeDelivered || all[0].Status != 200 || all[0].AccountID != "books" || all[0].TransactionID != id {
			t.Errorf("%+v", all)
		}
	})
}

// A secret signs for a day besides the one that takes its place; an account's own
// comes before the partner's.
func TestSignatures(t *testing.T) {
	both(t, func(t *testing.T, w *world) {
		rotate := func(a tandem.AccountID) tandem.Secret {
			t.Helper()
			secret, err := w.notices.RotateSecret(t.Context(), w.partner, a)
			if err != nil {
				t.Fatal(err)
			}
			return secret
		}
		s := w.sender(notice.Options{})
		signed := func(after time.Duration, by string, secrets ...tandem.Secret) {
			t.Helper()
			w.now = w.now.Add(after)
			w.incident(tandem.OutcomeError)
			got := w.tell(s, 0)
			if len(got) != 1 || got[0].header.Get("webhook-timestamp") != fmt.Sprint(w.now.Unix()) || got[0].header.Get("content-type") != "application/json" || got[0].header.Get(tandem.NoticeHeader) != "1" {
				t.Fatalf("%+v", got)
			}
			is := ""
			for _, secret := range secrets {
				is += map[bool]string{true: "1", false: "0"}[verify(string(secret), got[0].header, got[0].body, w.now)]
			}
			if is != by {
				t.Errorf("signed by %s, want %s", is, by)
			}
		}
		w.incident(tandem.OutcomeError)
		if got := w.tell(s, 0); len(got) != 1 || got[0].header.Get("webhook-signature") == "" {
			t.Fatalf("not signed: %+v", got)
		}
		first := rotate(0)
		second := rotate(0)
		signed(0, "11", first, second)
		own := rotate(w.account)
		signed(time.Minute, "001", first, second, own)
		if err := w.notices.DropSecret(t.Context(), w.partner, w.account); err != nil {
			t.Fatal(err)
		}
		signed(25*time.Hour, "010", first, second, own)
		if strings.Contains(string(first), "***") || first == second {
			t.Error("the secrets are none")
		}
	})
}

// A test is sent at once, signed as all that the receiver is told, and is in no list.
func TestTry(t *testing.T) {
	both(t, func(t *testing.T, w *world) {
		s := w.sender(notice.Options{})
		secret, err := w.notices.RotateSecret(t.Context(), w.partner, 0)
		if err != nil {
			t.Fatal(err)
		}
		try := func(kind tandem.NoticeKind, of tandem.AccountID, address, message, want string) {
			t.Helper()
			got, err := s.Try(t.Context(), tandem.Receiver{Partner: w.partner, Account: of, AccountID: "books", Kind: kind}, address)
			if err != nil || got.Delivered != (want == "") || !strings.Contains(got.Reason, want) {
				t.Errorf("%+v, %v; want %s", got, err, want)
			}
			all := w.take()
			if len(all) != 1 || !strings.Contains(string(all[0].body), message) || !verify(string(secret), all[0].header, all[0].body, w.now) {
				t.Errorf("%d messages: %+v", len(all), all)
			}
		}
		try(tandem.ErrorNotice, 0, w.URL, `"IncidentLevel":"Error"`, "")
		try(tandem.ErrorNotice, w.account, w.URL, `"AccountExternalId":"books"`, "")
		try(tandem.StopNotice, 0, w.URL, `"title":"This is a test, sent by hand"`, "")
		w.answers(http.StatusBadGateway)
		try("", 0, w.URL, "This is a test", "It answered 502, Bad Gateway.")
		w.Close()
		if got, err := s.Try(t.Context(), tandem.Receiver{Partner: w.partner}, w.URL); err != nil || got.Delivered || got.Status != 0 || got.Reason == "" {
			t.Errorf("%+v, %v", got, err)
		}
		if _, err := s.Try(t.Context(), tandem.Receiver{Partner: w.partner}, "ftp://x"); tandem.ErrorCode(err) != tandem.Invalid {
			t.Error(err)
		}
		if all := w.list(tandem.NoticeFilter{}); len(all) != 0 {
			t.Errorf("%+v", all)
		}
	})
}

// A receiver that is dead is tried less and less often, all that waits for it
// waits, and when it is back it gets it, in order.
func TestDeadReceiver(t *testing.T) {
	both(t, func(t *testing.T, w *world) {
		s := w.sender(notice.Options{})
		w.answers(http.StatusBadGateway)
		for range 3 {
			w.incident(tandem.OutcomeError)
		}
		var at []time.Duration
		began := w.now
		for range 60 * 12 {
			if got := w.tell(s, time.Minute); len(got) > 0 {
				at = append(at, w.now.Sub(began))
				if len(got) > 1 {
					t.Fatalf("%d attempts at once", len(got))
				}
			}
		}
		m := time.Minute
		if want := []time.Duration{m, 2 * m, 3 * m, 5 * m, 15 * m, 45 * m, 105 * m}; !slices.Equal(at[:7], want) || len(at) != 17 {
			t.Errorf("tried %d times, at %v", len(at), at)
		}
		if r := w.state(); r.Queued != 3 || r.Failures != len(at) || r.Reason != "It answered 502, Bad Gateway." || r.Next.Before(w.now) {
			t.Errorf("%+v", r)
		}
		w.answers(http.StatusOK)
		got := w.tell(s, time.Hour)
		if len(got) != 3 || !strings.Contains(w.log.String(), "works again") {
			t.Fatalf("%d messages", len(got))
		}
		if r := w.state(); r.Queued != 0 || r.Failures != 0 || r.Reason != "" || !r.Delivered.Equal(w.now) {
			t.Errorf("%+v", r)
		}
		ids := map[string]bool{}
		for _, n := range w.list(tandem.NoticeFilter{State: tandem.NoticeDelivered}) {
			ids[n.ID] = true
		}
		for i, m := range got {
			if !ids[m.header.Get("webhook-id")] || i > 0 && string(m.body) < string(got[0].body) {
				t.Errorf("%d: %s %s", i, m.header, m.body)
			}
		}
	})
}

// What is refused is put off by itself; after a day it is given up.
func TestRefusedNotice(t *testing.T) {
	both(t, func(t *testing.T, w *world) {
		s := w.sender(notice.Options{})
		w.incident(tandem.OutcomeError)
		var refused string
		w.answer = func(rw http.ResponseWriter, r *http.Request) {
			if refused == "" || refused == r.Header.Get("webhook-id") {
				refused = r.Header.Get("webhook-id")
				rw.WriteHeader(http.StatusUnprocessableEntity)
			}
		}
		w.tell(s, 0)
		w.incident(tandem.OutcomeError)
		if got := w.tell(s, time.Second); len(got) != 1 || got[0].header.Get("webhook-id") == refused {
			t.Errorf("the other has to wait: %+v", got)
		}
		if r := w.state(); r.Queued != 1 || r.Failures != 0 {
			t.Errorf("%+v", r)
		}
		if got := w.tell(s, 4*time.Second); len(got) != 1 || got[0].header.Get("webhook-id") != refused {
			t.Errorf("not tried again: %+v", got)
		}
		for range 30 {
			w.tell(s, time.Hour)
		}
		all := w.list(tandem.NoticeFilter{State: tandem.NoticeGivenUp})
		if len(all) != 1 || all[0].ID != refused || all[0].Status != 422 || all[0].Attempts < 20 || !strings.HasPrefix(all[0].Reason, "It could not be delivered within a day. It answered 422") {
			t.Errorf("%+v", all)
		}
		if r := w.state(); r.Queued != 0 {
			t.Errorf("%+v", r)
		}
	})
}

// A receiver that asks to be left alone is, and one that says that it is gone gets
// the notice no more.
func TestReceiverSaysWhen(t *testing.T) {
	both(t, func(t *testing.T, w *world) {
		s := w.sender(notice.Options{})
		w.answer = func(rw http.ResponseWriter, _ *http.Request) {
			rw.Header().Set("Retry-After", "3600")
			rw.WriteHeader(http.StatusTooManyRequests)
		}
		w.incident(tandem.OutcomeError)
		if n := len(w.tell(s, 0)) + len(w.tell(s, 59*time.Minute)); n != 1 {
			t.Errorf("tried %d times", n)
		}
		w.answers(http.StatusGone)
		if got := w.tell(s, time.Minute); len(got) != 1 {
			t.Errorf("%d", len(got))
		}
		if all := w.list(tandem.NoticeFilter{}); all[0].State != tandem.NoticeGivenUp || all[0].Reason != "It answered 410, Gone." {
			t.Errorf("%+v", all)
		}
	})
}

// One that never answers keeps its place, and the others have theirs.
func TestSlowReceiverHoldsNobodyBack(t *testing.T) {
	both(t, func(t *testing.T, w *world) {
		slow, quick := newReceiver(t), newReceiver(t)
		entered, release := make(chan bool), make(chan bool)
		slow.answer = func(http.ResponseWriter, *http.Request) {
			entered <- true
			<-release
		}
		addresses := func(_ context.Context, to tandem.Receiver) (string, error) {
			if to.Account == 0 {
				return slow.URL, nil
			}
			return quick.URL, nil
		}
		s := notice.NewSender(slog.New(slog.DiscardHandler), w.db, w.db, w.keys, addresses, http.DefaultClient, notice.Options{AtOnce: 2, Now: func() time.Time { return w.now }})
		_, from, to, err := w.db.Untold(t.Context(), 1)
		if err != nil {
			t.Fatal(err)
		}
		dead := tandem.Notice{ID: tandem.NewGUID(), Partner: w.partner, Account: w.account, Kind: tandem.ErrorNotice, Created: w.now.Add(-time.Minute), Payload: []byte("{}")}
		if done, err := w.db.Tell(t.Context(), from, to, []tandem.Notice{dead}); !done || err != nil {
			t.Fatal(done, err)
		}
		var wg sync.WaitGroup
		wg.Go(func() {
			if err := s.Flush(t.Context()); err != nil {
				t.Error(err)
			}
		})
		<-entered
		for range 3 {
			w.incident(tandem.OutcomeError)
		}
		w.tell(s, time.Second)
		if got := quick.take(); len(got) != 3 {
			t.Errorf("%d of 3 came while another was slow", len(got))
		}
		close(release)
		wg.Wait()
	})
}

// Warnings are told where they are wanted; where nobody is to be told, nothing is
// queued, and nothing is told later.
func TestWhoIsTold(t *testing.T) {
	both(t, func(t *testing.T, w *world) {
		accounts := tenant.NewAccounts(w.db, tenant.NewSettings(w.db), w.keys, nil)
		set := func(u tandem.AccountUpdate) {
			t.Helper()
			if _, err := accounts.Update(t.Context(), w.partner, "books", u); err != nil {
				t.Fatal(err)
			}
			// What holds for an account may be a second old, so another looks.
			settings := tenant.NewSettings(w.db)
			w.teller = notice.NewTeller(slog.New(slog.DiscardHandler), w.db, w.db, tenant.NewLimits(w.db, settings), func(context.Context, tandem.AccountID, tandem.CycleID, int64) (map[tandem.StepID]notice.Step, error) {
				return nil, nil
			})
		}
		s := w.sender(notice.Options{})
		set(tandem.AccountUpdate{TransactionErrorWebhookIncludeWarnings: tandem.Some(true)})
		w.incident(tandem.OutcomeWarning, tandem.OutcomeError)
		if got := w.tell(s, 0); len(got) != 2 || !strings.Contains(string(got[0].body), `"IncidentLevel":"Warning"`) {
			t.Errorf("%d told, with warnings", len(got))
		}
		set(tandem.AccountUpdate{TransactionErrorWebhookEnabled: tandem.Some(false)})
		w.incident(tandem.OutcomeError)
		if got := w.tell(s, 0); len(got) != 0 {
			t.Errorf("%d told, with none wanted", len(got))
		}
		_, err := tenant.NewSettings(w.db).Change(t.Context(), w.partner, func(set *tandem.PartnerSettings) error {
			set.Account.TransactionErrorWebhookEnabled, set.Account.TransactionErrorWebhookURL = true, new(w.URL)
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
		set(tandem.AccountUpdate{})
		w.incident(tandem.OutcomeWarning, tandem.OutcomeError)
		if got := w.tell(s, 0); len(got) != 1 {
			t.Errorf("%d told of the partner's", len(got))
		}
		p, err := w.notices.Receivers(t.Context(), w.partner, tandem.PageRequest{})
		if err != nil || p.Total != 2 || p.Rows[0].AccountID != "" || p.Rows[1].AccountID != "books" {
			t.Errorf("%+v, %v", p, err)
		}
	})
}
