package storetest

import (
	"fmt"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/tandem-ipaas/tandem"
	"github.com/tandem-ipaas/tandem/internal/store"
)

func put(t *testing.T, s *store.Store, p tandem.PartnerID, at time.Time, paces ...tandem.Pace) (tandem.Mailing, error) {
	t.Helper()
	m := tandem.Mailing{
		ID: tandem.NewGUID(), Partner: p, To: "amy@x.test", Subject: "Hello", Sealed: []byte{1, 2}, State: tandem.MailQueued,
		Created: at, Due: at, PartnerName: "mail@acme.test",
	}
	return m, s.PutMail(t.Context(), m, paces)
}

func claim(t *testing.T, s *store.Store, now time.Time, n int) []tandem.Mailing {
	t.Helper()
	all, err := s.ClaimMail(t.Context(), now, now.Add(time.Minute), n)
	if err != nil {
		t.Fatal(err)
	}
	return all
}

func mail(t *testing.T, s *store.Store) {
	p := newPartner(t, s, "mail@acme.test")
	start := time.Date(2027, 1, 1, 0, 0, 0, 0, time.UTC)

	t.Run("the same again", func(t *testing.T) {
		again := newPartner(t, s, "again@acme.test")
		m, err := put(t, s, again, start)
		if err != nil {
			t.Fatal(err)
		}
		m.Subject = "Changed"
		pace := tandem.Pace{Name: "again", Every: time.Minute, Burst: 1, Longest: time.Minute}
		for range 5 {
			if err := s.PutMail(t.Context(), m, []tandem.Pace{pace}); err != nil {
				t.Fatal(err)
			}
		}
		if got := claim(t, s, start, 9); len(got) != 1 || got[0].Subject != "Hello" {
			t.Errorf("queued %+v", got)
		}
		if err := s.EndMail(t.Context(), m.ID, tandem.MailSent, "", start); err != nil {
			t.Fatal(err)
		}
	})
	t.Run("a life", func(t *testing.T) { mailLife(t, s, p, start) })
	t.Run("paces", func(t *testing.T) { mailPaces(t, s, p, start) })
	t.Run("many nodes", func(t *testing.T) { mailNodes(t, s, p, start) })
}

// mailLife follows a mail from the queue to its end, and beyond.
func mailLife(t *testing.T, s *store.Store, p tandem.PartnerID, start time.Time) {
	m, err := put(t, s, p, start)
	if err != nil {
		t.Fatal(err)
	}
	if early := claim(t, s, start.Add(-time.Second), 9); len(early) != 0 {
		t.Errorf("claimed before it was due: %+v", early)
	}
	want := m
	want.Attempts = 1
	if diff := cmp.Diff([]tandem.Mailing{want}, claim(t, s, start, 9)); diff != "" {
		t.Errorf("-want +got\n%s", diff)
	}
	if again := claim(t, s, start.Add(59*time.Second), 9); len(again) != 0 {
		t.Errorf("claimed twice: %+v", again)
	}
	if after := claim(t, s, start.Add(time.Minute), 9); len(after) != 1 || after[0].Attempts != 2 {
		t.Errorf("when the lease had ended: %+v", after)
	}
	if err := s.DeferMail(t.Context(), m.ID, "busy", start.Add(time.Hour)); err != nil {
		t.Fatal(err)
	}
	if late := claim(t, s, start.Add(time.Hour), 9); len(late) != 1 || late[0].Reason != "busy" {
		t.Errorf("put off: %+v", late)
	}
	if err := s.EndMail(t.Context(), m.ID, tandem.MailGivenUp, "no such person", start.Add(time.Hour)); err != nil {
		t.Fatal(err)
	}
	if err := s.EndMail(t.Context(), m.ID, tandem.MailSent, "", start.Add(time.Hour)); err != nil {
		t.Fatal(err) // too late, and changes nothing
	}
	got, err := s.Mailing(t.Context(), p, m.ID)
	if err != nil || got.Sealed != nil || got.State != tandem.MailGivenUp || got.Reason != "no such person" {
		t.Errorf("at its end: %+v, %v", got, err)
	}
	if left := claim(t, s, start.Add(24*time.Hour), 9); len(left) != 0 {
		t.Errorf("claimed after its end: %+v", left)
	}
	if err := s.ForgetMail(t.Context(), start.Add(2*time.Hour)); err != nil {
		t.Fatal(err)
	}
	if _, err := s.Mailing(t.Context(), p, m.ID); tandem.ErrorCode(err) != tandem.NotFound {
		t.Errorf("forgotten: %v", err)
	}
}

// mailPaces has two paces hold for the same mails.
func mailPaces(t *testing.T, s *store.Store, p tandem.PartnerID, start time.Time) {
	slow := tandem.Pace{Name: "slow", Every: time.Minute, Burst: 2, Longest: 3 * time.Minute, Refusal: "Enough."}
	fast := tandem.Pace{Name: "fast", Every: time.Second, Burst: 1}
	var due []time.Duration
	for {
		m, err := put(t, s, p, start, fast, slow)
		if err != nil {
			if tandem.ErrorCode(err) != tandem.RateLimited {
				t.Fatal(err)
			}
			break
		}
		got, err := s.Mailing(t.Context(), p, m.ID)
		if err != nil {
			t.Fatal(err)
		}
		due = append(due, got.Due.Sub(start))
	}
	// Two at once for the slow, of which the second waits for the fast.
	if diff := cmp.Diff([]time.Duration{0, time.Second, time.Minute, 2 * time.Minute, 3 * time.Minute}, due); diff != "" {
		t.Errorf("-want +got\n%s", diff)
	}
	// The one that was refused has used nothing up, and an hour frees all.
	for _, after := range []time.Duration{time.Minute, time.Hour} {
		if _, err := put(t, s, p, start.Add(after), fast, slow); err != nil {
			t.Errorf("after %s: %v", after, err)
		}
	}
	claim(t, s, start.Add(24*time.Hour), 99)
}

// mailNodes has many claim at once.
func mailNodes(t *testing.T, s *store.Store, p tandem.PartnerID, start time.Time) {
	const mails = 40
	for range mails {
		if _, err := put(t, s, p, start.Add(48*time.Hour)); err != nil {
			t.Fatal(err)
		}
	}
	claimed := make([][]tandem.Mailing, 4)
	var all sync.WaitGroup
	for i := range claimed {
		all.Go(func() {
			for {
				got, err := s.ClaimMail(t.Context(), start.Add(48*time.Hour), start.Add(96*time.Hour), 3)
				if err != nil {
					t.Error(err)
					return
				}
				if claimed[i] = append(claimed[i], got...); len(got) == 0 {
					return
				}
			}
		})
	}
	all.Wait()
	var ids []string
	for _, m := range slices.Concat(claimed...) {
		if m.Created.Equal(start.Add(48 * time.Hour)) {
			ids = append(ids, m.ID)
		}
	}
	slices.Sort(ids)
	if n := len(slices.Compact(slices.Clone(ids))); n != mails || len(ids) != mails {
		t.Errorf("%s", fmt.Sprint("of ", mails, " mails ", n, " were claimed, ", len(ids), " times"))
	}
}
