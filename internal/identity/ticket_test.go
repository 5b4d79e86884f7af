package identity_test

import (
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/tandem-ipaas/tandem"
	"github.com/tandem-ipaas/tandem/internal/identity"
)

func TestTicket(t *testing.T) {
	_, db, made := open(t)
	books := account(t, db, made.PartnerID, "books")
	s := identity.NewTickets(db)
	token, issued, err := s.Issue(t.Context(), tandem.Ticket{Purpose: tandem.SignInTicket, Partner: made.PartnerID, Account: books.ID, User: 7, Email: " Amy@X.test"})
	if err != nil {
		t.Fatal(err)
	}
	if len(token) < 43 || issued.Expires.Sub(issued.Created) != 5*time.Minute || issued.Email != "amy@x.test" {
		t.Errorf("token of %d characters, ticket %+v", len(token), issued)
	}
	for _, wrong := range []tandem.Secret{"", token + "x", token[:42], "\x00"} {
		if _, err := s.Use(t.Context(), tandem.SignInTicket, wrong); tandem.ErrorCode(err) != tandem.Gone {
			t.Errorf("a wrong token: %v", err)
		}
	}
	if _, err := s.Use(t.Context(), tandem.PasswordTicket, token); tandem.ErrorCode(err) != tandem.Gone {
		t.Errorf("for another purpose: %v", err)
	}
	for what, read := range map[string]func() (tandem.Ticket, error){
		"look":       func() (tandem.Ticket, error) { return s.Look(t.Context(), tandem.SignInTicket, token) },
		"look again": func() (tandem.Ticket, error) { return s.Look(t.Context(), tandem.SignInTicket, token) },
	} {
		if got, err := read(); err != nil || !cmp.Equal(issued, got) {
			t.Errorf("%s: %v, %s", what, err, cmp.Diff(issued, got))
		}
	}
	var used, refused atomic.Int32
	var wg sync.WaitGroup
	for range 50 {
		wg.Go(func() {
			switch _, err := s.Use(t.Context(), tandem.SignInTicket, token); tandem.ErrorCode(err) {
			case "":
				used.Add(1)
			case tandem.Gone:
				refused.Add(1)
			default:
				t.Error(err)
			}
		})
	}
	wg.Wait()
	if used.Load() != 1 || refused.Load() != 49 {
		t.Errorf("%d uses, %d refusals", used.Load(), refused.Load())
	}
}

func TestTicketExpires(t *testing.T) {
	_, db, made := open(t)
	s := identity.NewTickets(db)
	token, _, err := s.Issue(t.Context(), tandem.Ticket{Purpose: tandem.PasswordTicket, Partner: made.PartnerID, User: 1, Expires: time.Now().Add(-time.Microsecond)})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := s.Use(t.Context(), tandem.PasswordTicket, token); tandem.ErrorCode(err) != tandem.Gone {
		t.Errorf("%v, want gone", err)
	}
}

func TestTicketRevoke(t *testing.T) {
	_, db, made := open(t)
	s := identity.NewTickets(db)
	issue := func(user tandem.UserID) tandem.Secret {
		token, _, err := s.Issue(t.Context(), tandem.Ticket{Purpose: tandem.PasswordTicket, Partner: made.PartnerID, User: user, Expires: time.Now().Add(time.Hour)})
		if err != nil {
			t.Fatal(err)
		}
		return token
	}
	first, second, kept := issue(1), issue(1), issue(2)
	of := tandem.Ticket{Purpose: tandem.PasswordTicket, Partner: made.PartnerID, User: 1}
	if err := s.Revoke(t.Context(), of); err != nil {
		t.Fatal(err)
	}
	if err := s.Revoke(t.Context(), of); tandem.ErrorCode(err) != tandem.NotFound {
		t.Errorf("twice: %v", err)
	}
	for _, token := range []tandem.Secret{first, second} {
		if _, err := s.Look(t.Context(), tandem.PasswordTicket, token); tandem.ErrorCode(err) != tandem.Gone {
			t.Errorf("revoked: %v", err)
		}
	}
	all, err := s.List(t.Context(), made.PartnerID, 0, tandem.PasswordTicket)
	if err != nil || len(all) != 1 || all[0].User != 2 {
		t.Errorf("left: %+v, %v", all, err)
	}
	if _, err := s.Use(t.Context(), tandem.PasswordTicket, kept); err != nil {
		t.Error(err)
	}
}
