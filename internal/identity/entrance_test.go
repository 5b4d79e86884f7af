package identity_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/tandem-ipaas/tandem"
	"github.com/tandem-ipaas/tandem/internal/identity"
)

func (w *world) signIn(password, address string, device tandem.Secret) (tandem.Entry, error) {
	w.Helper()
	return w.entrance.SignIn(w.Context(), tandem.SignIn{Email: " ADA@acme.test ", Password: tandem.Secret(password), Address: address, Device: device})
}

func TestSignIn(t *testing.T) {
	worlds(t, func(t *testing.T, w *world) {
		e := must[tandem.Entry](w)(w.signIn(w.made.Password, "192.0.2.1", ""))
		want := tandem.ConsoleUser{
			ID: w.ada.ConsoleUser, Partner: w.made.PartnerID, Email: "ada@acme.test", Name: "ada@acme.test", PartnerName: "Acme: Software",
			FullAccess: true, Permissions: tandem.Everything(), Passwords: 1,
		}
		if diff := cmp.Diff(want, e.User, cmpopts.IgnoreFields(want, "Created")); diff != "" || e.Next != tandem.EntryDone || e.Device == "" {
			t.Errorf("%+v: -want +got\n%s", e, diff)
		}
		_, wrong := w.signIn("wrong", "192.0.2.1", "")
		_, nobody := w.entrance.SignIn(w.Context(), tandem.SignIn{Email: "nobody@acme.test", Password: "wrong"})
		if tandem.ErrorCode(wrong) != tandem.Unauthenticated || fmt.Sprint(wrong) != fmt.Sprint(nobody) {
			t.Errorf("wrong password: %v; unknown email: %v; want the same", wrong, nobody)
		}
		_, zero := w.entrance.SignIn(w.Context(), tandem.SignIn{Email: "a\x00b", Password: "x"})
		w.fails("an email that is no text", zero, tandem.Unauthenticated)
	})
}

// Who guesses gets nowhere, from one address or from many, and does not keep the
// owner out of a browser that was let in before.
func TestGuessing(t *testing.T) {
	const guesses = 1000
	w := newWorld(t, openSQLite(t))
	device := must[tandem.Entry](w)(w.signIn(w.made.Password, "198.51.100.1", "")).Device
	other := must[tandem.Entry](w)(w.signIn(w.made.Password, "198.51.100.1", "")).Device
	for _, c := range []struct {
		name    string
		address func(i int) string
		most    int
	}{
		{"from one address", func(int) string { return "192.0.2.66" }, 15},
		{"from many addresses", func(i int) string { return fmt.Sprintf("203.0.%d.%d", i/250, i%250) }, 55}, // which leave no try to one
	} {
		through := 0
		for i := range guesses {
			if _, err := w.signIn("wrong", c.address(i), ""); tandem.ErrorCode(err) != tandem.RateLimited {
				through++
			}
		}
		if through == 0 || through > c.most {
			t.Errorf("%s: %d of %d guesses got through", c.name, through, guesses)
		}
		if e, err := w.signIn(w.made.Password, "198.51.100.1", device); err != nil || e.Device != "" {
			t.Errorf("%s: the owner, in a known browser: %v, %+v", c.name, err, e)
		}
	}
	if _, err := w.signIn(w.made.Password, "198.51.100.77", "made up"); tandem.ErrorCode(err) != tandem.RateLimited {
		t.Errorf("a browser that was never known: %v", err)
	}
	// Who has stolen a known browser's cookie has its tries and no more.
	through := 0
	for i := range guesses {
		if _, err := w.signIn("wrong", fmt.Sprintf("203.1.%d.%d", i/250, i%250), other); tandem.ErrorCode(err) != tandem.RateLimited {
			through++
		}
	}
	if through == 0 || through > 15 {
		t.Errorf("with a stolen cookie %d guesses got through", through)
	}
	if _, err := w.signIn(w.made.Password, "198.51.100.1", device); err != nil {
		t.Errorf("the owner, in another known browser: %v", err)
	}
}

// What a browser holds is good for one user's sign-in, and until the password
// changes.
func TestKnownDevice(t *testing.T) {
	worlds(t, func(t *testing.T, w *world) {
		device := must[tandem.Entry](w)(w.signIn(w.made.Password, "192.0.2.1", "")).Device
		if e := must[tandem.Entry](w)(w.signIn(w.made.Password, "192.0.2.1", device)); e.Device != "" {
			t.Error("a known browser was made known again")
		}
		if err := w.profile.SetPassword(w.Context(), w.ada, tandem.Secret(w.made.Password), "a quite new password"); err != nil {
			t.Fatal(err)
		}
		if e := must[tandem.Entry](w)(w.signIn("a quite new password", "192.0.2.1", device)); e.Device == "" {
			t.Error("known from before the change of the password")
		}
	})
}

func TestConsoleAddresses(t *testing.T) {
	worlds(t, func(t *testing.T, w *world) {
		w.settings.Security.ConsoleAddresses = []string{"192.0.2.0/24", "2001:db8::/32"}
		for address, want := range map[string]tandem.Code{
			"192.0.2.9": "", "::ffff:192.0.2.9": "", "2001:db8::1": "", "2001:db8::1%eth0": "",
			"198.51.100.1": tandem.Forbidden, "::1": tandem.Forbidden, "": tandem.Forbidden, "a pipe": tandem.Forbidden,
		} {
			_, err := w.signIn(w.made.Password, address, "")
			w.fails(address, err, want)
		}
		_, err := w.signIn("wrong", "198.51.100.2", "")
		w.fails("a wrong password from elsewhere does not tell", err, tandem.Unauthenticated)
	})
}

func TestForgot(t *testing.T) {
	worlds(t, func(t *testing.T, w *world) {
		session := w.begin(w.ada)
		for _, email := range []string{"nobody@acme.test", "no address", "a\x00b"} {
			if err := w.entrance.Forgot(w.Context(), email, "192.0.2.1"); err != nil || len(w.mail.sent) != 0 {
				t.Errorf("%q: %v, wrote %v", email, err, w.mail.sent)
			}
		}
		for range 2 {
			if err := w.entrance.Forgot(w.Context(), " Ada@acme.test", "192.0.2.2"); err != nil {
				t.Fatal(err)
			}
		}
		first, token := tokenIn(t, w.mail.sent[0].Link), w.mail.token(t)
		if l := w.mail.sent[1]; l.To != "ada@acme.test" || !strings.HasPrefix(l.Link, "https://tandem.test/console/reset#") {
			t.Errorf("letter: %+v", l)
		}
		reset := func(token tandem.Secret, password string) error {
			_, err := w.entrance.Reset(w.Context(), token, tandem.Secret(password))
			return err
		}
		w.fails("too short", reset(first, "short"), tandem.Invalid)
		device := must[tandem.Secret](w)(w.entrance.Reset(w.Context(), first, "a quite new password"))
		w.fails("used twice", reset(first, "another new password"), tandem.Gone)
		w.fails("after another was used", reset(token, "another new password"), tandem.Gone)
		if w.live(session) {
			t.Error("a session from before the change of the password is live")
		}
		_, err := w.signIn(w.made.Password, "192.0.2.3", "")
		w.fails("the password before", err, tandem.Unauthenticated)
		must[tandem.Entry](w)(w.signIn("a quite new password", "192.0.2.3", ""))
		for i := range 100 { // somebody guesses meanwhile
			_, _ = w.signIn("wrong", fmt.Sprintf("203.0.113.%d", i), "")
		}
		must[tandem.Entry](w)(w.signIn("a quite new password", "192.0.2.3", device))
	})
}

// Without mail nobody waits for a letter, whatever the address.
func TestForgotWithoutMail(t *testing.T) {
	w := newWorld(t, openSQLite(t))
	w.mail.off = true
	for _, email := range []string{"ada@acme.test", "nobody@acme.test"} {
		w.fails(email, w.entrance.Forgot(t.Context(), email, "192.0.2.1"), tandem.Unavailable)
	}
}

// Only wrong passwords count, and who guesses from one network does not use up
// the tries of all.
func TestOneNetworkLocksNobodyOut(t *testing.T) {
	w := newWorld(t, openSQLite(t))
	for i := range 100 {
		if _, err := w.signIn(w.made.Password, "192.0.2.1", ""); err != nil {
			t.Fatalf("right password, time %d: %v", i, err)
		}
	}
	// Letters that a network has no tries left for are not the owner's loss.
	for range 100 {
		_ = w.entrance.Forgot(cancelled(t), "ada@acme.test", "192.0.2.66")
	}
	for range 20 {
		_ = w.entrance.Forgot(cancelled(t), "somebody@acme.test", "192.0.2.66")
	}
	if err := w.entrance.Forgot(cancelled(t), "somebody@acme.test", "192.0.2.1"); tandem.ErrorCode(err) == tandem.RateLimited {
		t.Errorf("the letters of who was asked for from a network without tries: %v", err)
	}
}

// Nothing tells whether there is somebody with an email: neither the answer nor
// the time it takes.
func TestForgotTakesAsLong(t *testing.T) {
	w := newWorld(t, openSQLite(t))
	for email, letters := range map[string]int{"ada@acme.test": 1, "nobody@acme.test": 0} {
		w.mail.sent = nil
		began := time.Now()
		if err := w.entrance.Forgot(t.Context(), email, "192.0.2.1"); err != nil || len(w.mail.sent) != letters {
			t.Errorf("%s: %v, %d letters", email, err, len(w.mail.sent))
		}
		if took := time.Since(began); took < 500*time.Millisecond || took > 20*time.Second {
			t.Errorf("%s: took %v", email, took)
		}
	}
	limited := 0
	for range 20 {
		if err := w.entrance.Forgot(cancelled(t), "ada@acme.test", "192.0.2.1"); tandem.ErrorCode(err) == tandem.RateLimited {
			limited++
		}
	}
	if limited < 8 {
		t.Errorf("%d of 20 were refused", limited)
	}
}

// Somebody may be of the teams of several partners, of which none learns of the
// others. The password says where they come in, and if it is the same, they do.
func TestSeveralPartners(t *testing.T) {
	worlds(t, func(t *testing.T, w *world) {
		who := identity.New(w.db, w.hasher, identity.NewGate(w.settings))
		bolt := must[tandem.NewPartner](w)(who.Setup(t.Context(), "Bolt", "bob@bolt.test"))
		bob := tandem.Principal{Partner: bolt.PartnerID}
		u, _, err := w.users.Invite(t.Context(), bob, tandem.ConsoleUserUpdate{Email: "ada@acme.test"})
		if err != nil {
			t.Fatalf("invite who is of another partner's team: %v", err)
		}
		signIn := func(password string, p tandem.PartnerID) (tandem.Entry, error) {
			return w.entrance.SignIn(t.Context(), tandem.SignIn{Email: "ada@acme.test", Password: tandem.Secret(password), Partner: p, Address: "192.0.2.1"})
		}
		is := func(what string, e tandem.Entry, err error, want tandem.ConsoleUserID) {
			t.Helper()
			if err != nil || e.Next != tandem.EntryDone || e.User.ID != want {
				t.Errorf("%s: %+v, %v", what, e, err)
			}
		}
		e, err := signIn(w.made.Password, 0)
		is("while only invited elsewhere", e, err, w.ada.ConsoleUser)
		must[tandem.Entry](w)(w.entrance.Accept(t.Context(), w.mail.token(t), "Ada", "of bolt alone", "192.0.2.1"))
		e, err = signIn("of bolt alone", 0)
		is("by the second password", e, err, u.ID)
		e, err = signIn(w.made.Password, 0)
		is("by the first", e, err, w.ada.ConsoleUser)
		_, err = signIn(w.made.Password, bolt.PartnerID)
		w.fails("by one partner's password at the other", err, tandem.Unauthenticated)
		_, err = signIn("of neither", 0)
		w.fails("by none", err, tandem.Unauthenticated)

		if err := w.profile.SetPassword(t.Context(), w.ada, tandem.Secret(w.made.Password), "of bolt alone"); err != nil {
			t.Fatal(err)
		}
		if e, err = signIn("of bolt alone", 0); err != nil || e.Next != tandem.EntryChoose || e.User.ID != 0 || len(e.Partners) != 2 || e.Partners[0].PartnerName != "Acme: Software" || e.Partners[1].PartnerName != "Bolt" {
			t.Errorf("by the password of both: %+v, %v", e, err)
		}
		e, err = signIn("of bolt alone", w.ada.Partner)
		is("at the first", e, err, w.ada.ConsoleUser)
		e, err = signIn("of bolt alone", bolt.PartnerID)
		is("at the second", e, err, u.ID)

		before := len(w.mail.sent)
		if err := w.entrance.Forgot(t.Context(), "ada@acme.test", "192.0.2.1"); err != nil {
			t.Fatal(err)
		}
		if n := len(w.mail.sent) - before; n != 2 {
			t.Errorf("%d letters about a forgotten password, want one for each partner", n)
		}
		// A partner may set a password, by a link that it is shown; that gives it no more guesses.
		for range 12 {
			_, err = signIn("of bolt alone", 77)
		}
		w.fails("right passwords for nobody", err, tandem.RateLimited)
	})
}
