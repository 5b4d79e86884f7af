package storetest

import (
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/tandem-ipaas/tandem"
	"github.com/tandem-ipaas/tandem/internal/journal"
	"github.com/tandem-ipaas/tandem/internal/store"
)

// lineAt is the id of the nth line of a second of 2026.
func lineAt(second, n int64) tandem.LineID {
	at := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC).Add(time.Duration(second) * time.Second)
	return tandem.LineID((at.UnixMilli()-tandem.EpochMillis)<<22 | n)
}

func calls(t *testing.T, s *store.Store) {
	acme, bolt := newPartner(t, s, "log@acme.test"), newPartner(t, s, "log@bolt.test")
	books, pub := newAccount(t, s, acme, "books", 0), newAccount(t, s, acme, "pub", 0)
	other := newAccount(t, s, bolt, "books", 0)
	all := []tandem.APICall{
		{ID: lineAt(1, 1), Partner: acme, Account: books.ID, Method: "GET", Operation: "a", Status: 200, ActorType: tandem.ActorClient, ActorID: "client of log@acme.test"},
		{ID: lineAt(2, 1), Partner: acme, Method: "POST", Operation: "b", Status: 400, RequestID: "r", ActorType: tandem.ActorConsoleUser, ActorID: "99999", Count: 7},
		{ID: lineAt(3, 1), Partner: acme, Account: pub.ID, Method: "GET", Operation: "c", Status: 503},
		{ID: lineAt(3, 1), Partner: bolt, Account: other.ID, Method: "GET", Operation: "d", Status: 200},
	}
	if err := s.AppendCalls(t.Context(), all); err != nil {
		t.Fatal(err)
	}
	find := func(p tandem.PartnerID, f tandem.TrafficFilter) (found string) {
		t.Helper()
		page, err := s.Calls(t.Context(), p, f)
		if err != nil {
			t.Fatal(err)
		}
		for _, c := range page.Rows {
			found += c.Operation
		}
		return fmt.Sprint(found, " ", page.Total)
	}
	for name, c := range map[string]struct {
		partner tandem.PartnerID
		filter  tandem.TrafficFilter
		want    string
	}{
		"newest first":     {acme, tandem.TrafficFilter{}, "cba 3"},
		"another's":        {bolt, tandem.TrafficFilter{}, "d 1"},
		"another account":  {bolt, tandem.TrafficFilter{Account: books.ID}, " 0"},
		"oldest first":     {acme, tandem.TrafficFilter{PageRequest: tandem.PageRequest{OrderBy: "CreatedOnUtc"}}, "abc 3"},
		"second page":      {acme, tandem.TrafficFilter{PageRequest: tandem.PageRequest{Page: 2, PageSize: 2}}, "a 3"},
		"an account":       {acme, tandem.TrafficFilter{Account: pub.ID}, "c 1"},
		"failed":           {acme, tandem.TrafficFilter{Status: tandem.StatusRange{First: 400, Last: 599}}, "cb 2"},
		"a status":         {acme, tandem.TrafficFilter{Status: tandem.StatusRange{First: 200, Last: 200}}, "a 1"},
		"a method":         {acme, tandem.TrafficFilter{Method: "GET"}, "ca 2"},
		"a request":        {acme, tandem.TrafficFilter{RequestID: "r"}, "b 1"},
		"a period":         {acme, tandem.TrafficFilter{After: lineAt(2, 0).Made(), Before: lineAt(3, 0).Made()}, "b 1"},
		"read on":          {acme, tandem.TrafficFilter{Past: int64(lineAt(3, 1))}, "ba 0"},
		"all, not counted": {acme, tandem.TrafficFilter{Whole: true}, "cba 0"},
	} {
		if got := find(c.partner, c.filter); got != c.want {
			t.Errorf("%s: %q, want %q", name, got, c.want)
		}
	}
	page, err := s.Calls(t.Context(), acme, tandem.TrafficFilter{Account: books.ID})
	want := all[0]
	want.Partner, want.AccountID, want.Actor, want.Created = 0, "books", "client", time.Date(2026, 1, 1, 0, 0, 1, 0, time.UTC)
	if diff := cmp.Diff([]tandem.APICall{want}, page.Rows); diff != "" || err != nil {
		t.Errorf("a line, %v:\n%s", err, diff)
	}
	if _, err := s.Calls(t.Context(), acme, tandem.TrafficFilter{PageRequest: tandem.PageRequest{OrderBy: "Path"}}); tandem.ErrorCode(err) != tandem.Invalid {
		t.Errorf("an order that there is not: %v", err)
	}

	hours := 1
	shorten := func(a *tandem.Account) error { a.StepDataErroredRetentionHours = &hours; return nil }
	if _, err := s.UpdateAccount(t.Context(), acme, "books", shorten); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		after time.Duration
		want  string
	}{{time.Hour, "cba 3"}, {time.Hour + 2*time.Second, "cb 2"}, {tandem.MaxRetentionHours*time.Hour + 2*time.Second, "c 1"}, {1000 * time.Hour, " 0"}} {
		if err := s.ExpireTraffic(t.Context(), lineAt(0, 0).Made().Add(c.after+500*time.Millisecond)); err != nil {
			t.Fatal(err)
		}
		if got := find(acme, tandem.TrafficFilter{}); got != c.want {
			t.Errorf("after %v: %q, want %q", c.after, got, c.want)
		}
	}
}

func requests(t *testing.T, s *store.Store) {
	j := &journalTest{s: s}
	p := newPartner(t, s, "hooks@acme.test")
	books, pub := newAccount(t, s, p, "books", 0).ID, newAccount(t, s, p, "pub", 0).ID
	cycle := newCycle(t, s, books, nil)
	at := time.Now()
	step := tandem.StepItem{Seq: 1, StepID: "began", Started: at, Finished: at}
	began := j.submit(t, journal.NewTxn{Account: books, Cycle: cycle.ID, Received: 13, Items: []tandem.StepItem{step}})[0]
	j.submit(t, journal.NewTxn{Account: books, Cycle: cycle.ID, Items: []tandem.StepItem{step}}) // by a timer
	took := 5
	refused := tandem.WebhookRequest{
		ID: tandem.LineID(began) + 1, Account: books, CycleID: "gone", StepID: "refused", Method: "POST", Status: 413, Reason: "Too large.", Bytes: 99,
		Milliseconds: &took, Address: "192.0.2.1", Count: 3,
	}
	foreign := refused
	foreign.Account = pub
	if err := s.AppendRequests(t.Context(), []tandem.WebhookRequest{refused, foreign}); err != nil {
		t.Fatal(err)
	}
	refused.Account, refused.Created = 0, refused.ID.Made()
	taken := tandem.WebhookRequest{
		ID: tandem.LineID(began), Created: tandem.LineID(began).Made(), CycleID: cycle.ID, CycleName: cycle.Name, StepID: "began", Status: 200, Bytes: 12, TransactionID: began, Count: 1,
	}
	both := []tandem.WebhookRequest{refused, taken}
	for name, c := range map[string]struct {
		account tandem.AccountID
		filter  tandem.TrafficFilter
		want    []tandem.WebhookRequest
	}{
		"newest first":    {books, tandem.TrafficFilter{}, both},
		"oldest first":    {books, tandem.TrafficFilter{PageRequest: tandem.PageRequest{OrderBy: "CreatedOnUtc"}}, []tandem.WebhookRequest{taken, refused}},
		"of a cycle":      {books, tandem.TrafficFilter{Cycle: cycle.ID}, both[1:]},
		"refused":         {books, tandem.TrafficFilter{Status: tandem.StatusRange{First: 400, Last: 499}}, both[:1]},
		"taken":           {books, tandem.TrafficFilter{Status: tandem.StatusRange{First: 200, Last: 299}}, both[1:]},
		"in a period":     {books, tandem.TrafficFilter{After: taken.Created, Before: taken.Created.Add(time.Minute)}, both},
		"before":          {books, tandem.TrafficFilter{Before: taken.Created}, []tandem.WebhookRequest{}},
		"another account": {pub, tandem.TrafficFilter{Cycle: cycle.ID}, []tandem.WebhookRequest{}},
	} {
		page, err := s.Requests(t.Context(), c.account, c.filter)
		if diff := cmp.Diff(c.want, page.Rows); diff != "" || err != nil || page.Total != len(c.want) {
			t.Errorf("%s: %d, %v:\n%s", name, page.Total, err, diff)
		}
	}
	page, err := s.Requests(t.Context(), books, tandem.TrafficFilter{Past: int64(refused.ID), Whole: true})
	if diff := cmp.Diff(both[1:], page.Rows); diff != "" || err != nil {
		t.Errorf("read on, %v:\n%s", err, diff)
	}
	if err := s.ExpireTraffic(t.Context(), at.Add(1000*time.Hour)); err != nil {
		t.Fatal(err)
	}
	if page, err := s.Requests(t.Context(), books, tandem.TrafficFilter{}); err != nil || len(page.Rows) != 1 {
		t.Errorf("after their time: %+v, %v", page.Rows, err)
	}
}
