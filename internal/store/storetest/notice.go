package storetest

import (
	"context"
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/tandem-ipaas/tandem"
	"github.com/tandem-ipaas/tandem/internal/journal"
	"github.com/tandem-ipaas/tandem/internal/store"
)

// noticeOf is one for a receiver of partner 1.
func noticeOf(id string, receiver tandem.AccountID, at time.Time) tandem.Notice {
	return tandem.Notice{ID: id, Partner: 1, Account: 7, Receiver: receiver, Kind: tandem.ErrorNotice, CycleID: "c", TransactionID: 5, Message: "m", Created: at, Payload: []byte(`{"of":"` + id + `"}`)}
}

// notices are told of once, whoever else looks, and each receiver's wait for it
// alone.
func notices(t *testing.T, s *store.Store) {
	ctx, now := t.Context(), time.Now().Truncate(time.Microsecond)
	id := tandem.TransactionID(1) << 22
	if _, err := s.Submit(ctx, []journal.NewTxn{{ID: id, Account: 7, Cycle: "c", Version: 3}}); err != nil {
		t.Fatal(err)
	}
	_, err := s.Commit(ctx, journal.Delta{
		Account: 7, Txn: id, Cycle: "c", Status: tandem.TransactionFailed, Items: []tandem.StepItem{{Seq: 1, StepID: "s", Outcome: tandem.OutcomeError, Message: "why"}},
		Incidents: []tandem.Incident{{StepID: "s", IncidentLevel: tandem.OutcomeError, ShortMessage: "short", FullMessage: "full", Item: 1}, {ShortMessage: "other"}},
	})
	if err != nil {
		t.Fatal(err)
	}
	all, from, to, err := s.Untold(ctx, 10)
	if err != nil || len(all) != 2 || all[0].Account != 7 || all[0].Item != 1 || all[0].Version != 3 || all[0].ShortMessage != "short" || all[1].Item != 0 || to != from+2 {
		t.Fatalf("%+v from %d to %d, %v", all, from, to, err)
	}
	item, err := s.Item(ctx, 7, id, 1)
	if err != nil || item.Message != "why" {
		t.Errorf("%+v, %v", item, err)
	}
	var won int
	var mu sync.Mutex
	var wg sync.WaitGroup
	for range 4 { // nodes that have read the same
		wg.Go(func() {
			done, err := s.Tell(ctx, from, to, []tandem.Notice{noticeOf("a", 0, now), noticeOf("b", 7, now.Add(-time.Second)), noticeOf("c", 0, now.Add(-time.Minute))})
			mu.Lock()
			defer mu.Unlock()
			if err != nil {
				t.Error(err)
			}
			if done {
				won++
			}
		})
	}
	wg.Wait()
	if all, _, _, err := s.Untold(ctx, 10); won != 1 || len(all) != 0 || err != nil {
		t.Fatalf("told %d times, %d are left, %v", won, len(all), err)
	}
	delivered(t, s, now)
}

// delivered has one of three notices delivered, and another put off.
func delivered(t *testing.T, s *store.Store, now time.Time) {
	ctx := t.Context()
	claim := func(at time.Time) []tandem.Receiver {
		t.Helper()
		all, err := s.ClaimReceivers(ctx, at, at.Add(time.Minute), 10)
		if err != nil {
			t.Fatal(err)
		}
		return all
	}
	mine := claim(now)
	if len(mine) != 2 || len(claim(now)) != 0 {
		t.Fatalf("claimed %+v", mine)
	}
	if again := claim(now.Add(2 * time.Minute)); len(again) != 2 {
		t.Errorf("after the lease: %+v", again)
	}
	partners := tandem.Receiver{Partner: 1, Kind: tandem.ErrorNotice}
	due := func() (ids []string) {
		t.Helper()
		all, err := s.DueNotices(ctx, partners, now.Add(time.Second), 10)
		if err != nil {
			t.Fatal(err)
		}
		for _, n := range all {
			if string(n.Payload) != `{"of":"`+n.ID+`"}` {
				t.Errorf("%s says %s", n.ID, n.Payload)
			}
			ids = append(ids, n.ID)
		}
		return ids
	}
	if diff := cmp.Diff([]string{"c", "a"}, due()); diff != "" {
		t.Error(diff)
	}
	put := noticeOf("c", 0, now)
	put.Attempts, put.Status, put.Reason, put.Next = 1, 400, "no", now.Add(time.Hour)
	end := noticeOf("a", 0, now)
	end.Attempts, end.Status, end.State, end.Ended = 1, 200, tandem.NoticeDelivered, now
	for _, err := range []error{s.DeferNotice(ctx, put), s.EndNotice(ctx, end), s.EndNotice(ctx, end), s.ReleaseReceiver(ctx, partners)} {
		if err != nil {
			t.Fatal(err)
		}
	}
	if got := due(); len(got) != 0 {
		t.Errorf("still due: %v", got)
	}
	receivers, err := s.Receivers(ctx, 1, tandem.PageRequest{})
	if err != nil || receivers.Total != 2 || receivers.Rows[0].Queued != 1 || !receivers.Rows[0].Next.Equal(put.Next) || !receivers.Rows[0].Delivered.Equal(now) {
		t.Errorf("%+v, %v", receivers, err)
	}
	listed, err := s.Notices(ctx, 1, tandem.NoticeFilter{State: tandem.NoticeDelivered, Account: 7, Kind: tandem.ErrorNotice})
	if err != nil || listed.Total != 1 || listed.Rows[0].ID != "a" || listed.Rows[0].Status != 200 || listed.Rows[0].TransactionID != 5 {
		t.Errorf("%+v, %v", listed, err)
	}
	if foreign, err := s.Notices(ctx, 2, tandem.NoticeFilter{}); err != nil || foreign.Total != 0 {
		t.Errorf("%+v, %v", foreign, err)
	}
	if err := s.ForgetNotices(ctx, now.Add(time.Second)); err != nil {
		t.Fatal(err)
	}
	if left, err := s.Notices(ctx, 1, tandem.NoticeFilter{}); err != nil || left.Total != 2 {
		t.Errorf("%+v, %v", left, err)
	}
}

// incidentVersion is the cycle's of now where no transaction has one.
func incidentVersion(t *testing.T, s *store.Store) {
	c := newCycle(t, s, newAccount(t, s, newPartner(t, s, "incident@acme.test"), "incident", 0).ID, nil)
	_, from, _, err := s.Untold(t.Context(), 1)
	if err == nil {
		err = s.NoteIncident(t.Context(), c.Account, tandem.Incident{CycleID: c.ID, StepID: c.Graph.Steps[0].ID, Created: time.Now()})
	}
	if err != nil {
		t.Fatal(err)
	}
	all, _, to, err := s.Untold(t.Context(), 10)
	if err != nil || len(all) != 1 || to <= from || all[0].Version != c.Version {
		t.Errorf("%+v from %d to %d of version %d, %v", all, from, to, c.Version, err)
	}
}

// noticeBacklog is bounded, and what does not fit is counted, also after what
// waits has gone with its account.
func noticeBacklog(t *testing.T, s *store.Store) {
	ctx, now := t.Context(), time.Now()
	_, from, to, err := s.Untold(ctx, 1)
	if err != nil {
		t.Fatal(err)
	}
	tell := func(n int) tandem.Receiver {
		t.Helper()
		all := make([]tandem.Notice, n)
		for i := range all {
			all[i] = noticeOf(fmt.Sprintf("%d-%d", from, i), 0, now)
		}
		if done, err := s.Tell(ctx, from, to+1, all); err != nil || !done {
			t.Fatal(done, err)
		}
		from, to = to+1, to+1
		p, err := s.Receivers(ctx, 1, tandem.PageRequest{})
		if err != nil || p.Total != 1 {
			t.Fatal(p, err)
		}
		return p.Rows[0]
	}
	if r := tell(tandem.NoticeBacklog - 1); r.Queued != tandem.NoticeBacklog-1 || r.Skipped != 0 {
		t.Errorf("%+v", r)
	}
	if r := tell(3); r.Queued != tandem.NoticeBacklog || r.Skipped != 2 {
		t.Errorf("%+v", r)
	}
	if r := tell(2); r.Queued != tandem.NoticeBacklog || r.Skipped != 4 {
		t.Errorf("%+v", r)
	}
	// A receiver that failed is left alone, whatever comes for it.
	r := tandem.Receiver{Partner: 1, Kind: tandem.ErrorNotice, Failures: 3, Reason: "dead", Next: now.Add(time.Hour)}
	if err := s.ReleaseReceiver(ctx, r); err != nil {
		t.Fatal(err)
	}
	if r := tell(1); r.Failures != 3 || r.Reason != "dead" || r.Skipped != 5 {
		t.Errorf("%+v", r)
	}
	if all, err := s.ClaimReceivers(ctx, now.Add(time.Minute), now.Add(time.Hour), 1); err != nil || len(all) != 0 {
		t.Errorf("%+v, %v", all, err)
	}
}

// noticeSecrets are replaced, and the one before is known for a while.
func noticeSecrets(t *testing.T, s *store.Store) {
	ctx, now := t.Context(), time.Now()
	set := func(sealed string, until time.Time, first bool) {
		t.Helper()
		if err := s.SetNoticeSecret(ctx, 1, 0, []byte(sealed), until, first); err != nil {
			t.Fatal(err)
		}
	}
	is := func(at time.Time, want, wantFormer string) {
		t.Helper()
		sealed, former, err := s.NoticeSecret(context.WithoutCancel(ctx), 1, 0, at)
		if err != nil || string(sealed) != want || string(former) != wantFormer {
			t.Errorf("%s, %s, %v; want %s, %s", sealed, former, err, want, wantFormer)
		}
	}
	is(now, "", "")
	set("a", now, true)
	set("b", now, true)
	is(now, "a", "")
	set("c", now.Add(time.Hour), false)
	is(now, "c", "a")
	is(now.Add(2*time.Hour), "c", "")
	for _, a := range []tandem.AccountID{8, 0, 0} {
		if err := s.DeleteNoticeSecret(ctx, 1, a); err != nil {
			t.Error(err)
		}
	}
	is(now, "", "")
}
