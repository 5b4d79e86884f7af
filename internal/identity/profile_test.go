package identity_test

import (
	"net/url"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/pquerna/otp/totp"

	"github.com/tandem-ipaas/tandem"
)

// code is that of a secret at a time.
func code(t *testing.T, secret string, at time.Time) string {
	t.Helper()
	c, err := totp.GenerateCode(secret, at)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// enrolled gives ada a second factor.
func (w *world) enrolled() (secret string, recovery []string) {
	w.Helper()
	e := must[tandem.Enrolment](w)(w.profile.Enrol(w.Context(), w.ada, tandem.Secret(w.made.Password)))
	return e.Secret, must[[]string](w)(w.profile.Confirm(w.Context(), w.ada, code(w.T, e.Secret, time.Now().Add(-30*time.Second))))
}

func TestProfile(t *testing.T) {
	worlds(t, func(t *testing.T, w *world) {
		if err := w.profile.Rename(t.Context(), w.ada, " Ada L. "); err != nil {
			t.Fatal(err)
		}
		w.fails("no name", w.profile.Rename(t.Context(), w.ada, ""), tandem.Invalid)
		if u := must[tandem.ConsoleUser](w)(w.users.Get(t.Context(), w.ada.Partner, w.ada.ConsoleUser)); u.Name != "Ada L." {
			t.Errorf("is called %q", u.Name)
		}
		here, there := w.begin(w.ada), w.begin(w.ada)
		w.ada.Session = here.ID
		w.fails("wrong password", w.profile.SetPassword(t.Context(), w.ada, "wrong", "a quite new password"), tandem.Invalid)
		w.fails("too weak", w.profile.SetPassword(t.Context(), w.ada, tandem.Secret(w.made.Password), "short"), tandem.Invalid)
		if !w.live(there) {
			t.Error("a refused change ended a session")
		}
		if err := w.profile.SetPassword(t.Context(), w.ada, tandem.Secret(w.made.Password), "a quite new password"); err != nil {
			t.Fatal(err)
		}
		if !w.live(here) || w.live(there) {
			t.Errorf("this session is live: %v; the other: %v", w.live(here), w.live(there))
		}
		if l := w.mail.sent[len(w.mail.sent)-1]; l.To != "ada@acme.test" || !strings.Contains(l.Subject, "password was changed") {
			t.Errorf("letter: %+v", l)
		}
	})
}

func TestTwoFactor(t *testing.T) {
	worlds(t, func(t *testing.T, w *world) {
		_, err := w.profile.Confirm(t.Context(), w.ada, "123456")
		w.fails("nothing to confirm", err, tandem.Conflict)
		_, err = w.profile.Enrol(t.Context(), w.ada, "wrong")
		w.fails("wrong password", err, tandem.Invalid)
		e := must[tandem.Enrolment](w)(w.profile.Enrol(t.Context(), w.ada, tandem.Secret(w.made.Password)))
		u, err := url.Parse(e.URL)
		if err != nil || u.Scheme != "otpauth" || u.Query().Get("secret") != e.Secret || u.Query().Get("issuer") != "Acme  Software" {
			t.Errorf("URL %s: %v", e.URL, err)
		}
		if entry := must[tandem.Entry](w)(w.signIn(w.made.Password, "192.0.2.1", "")); entry.Next != tandem.EntryDone {
			t.Error("a factor that is not confirmed is asked for")
		}
		_, err = w.profile.Confirm(t.Context(), w.ada, "12345")
		w.fails("a wrong code", err, tandem.Invalid)
		now := time.Now()
		recovery := must[[]string](w)(w.profile.Confirm(t.Context(), w.ada, code(t, e.Secret, now.Add(-30*time.Second))))
		if slices.Sort(recovery); len(slices.Compact(recovery)) != 10 || len(recovery[0]) != 27 {
			t.Errorf("recovery codes: %v", recovery)
		}
		_, err = w.profile.Enrol(t.Context(), w.ada, tandem.Secret(w.made.Password))
		w.fails("a second one", err, tandem.Conflict)

		entry := must[tandem.Entry](w)(w.signIn(w.made.Password, "192.0.2.1", ""))
		if entry.Next != tandem.EntryCode || entry.Device != "" || entry.Token == "" {
			t.Fatalf("after the password: %+v", entry)
		}
		_, err = w.entrance.Enrol(t.Context(), entry.Token)
		w.fails("replace the factor on the way in", err, tandem.Conflict)
		_, err = w.entrance.Confirm(t.Context(), entry.Token, code(t, e.Secret, now.Add(-30*time.Second)), "")
		w.fails("a code that was used", err, tandem.Unauthenticated)
		if done := must[tandem.Entry](w)(w.entrance.Confirm(t.Context(), entry.Token, " "+strings.ToLower(code(t, e.Secret, now)), "")); done.User.ID != w.ada.ConsoleUser || done.Device == "" {
			t.Errorf("in as %+v", done)
		}
		_, err = w.entrance.Confirm(t.Context(), entry.Token, recovery[0], "")
		w.fails("a token that was used", err, tandem.Gone)

		entry = must[tandem.Entry](w)(w.signIn(w.made.Password, "192.0.2.1", ""))
		must[tandem.Entry](w)(w.entrance.Confirm(t.Context(), entry.Token, strings.ToLower(strings.ReplaceAll(recovery[0], "-", " ")), ""))
		w.written("One of your recovery codes was used")
	})
}

// written checks the subjects of the letters written last.
func (w *world) written(subjects ...string) {
	w.Helper()
	var got []string
	for _, l := range w.mail.sent[max(0, len(w.mail.sent)-len(subjects)):] {
		if l.To != "ada@acme.test" || !l.Security {
			w.Errorf("letter: %+v", l)
		}
		got = append(got, l.Subject)
	}
	if !slices.Equal(got, subjects) {
		w.Errorf("letters %q, want %q", got, subjects)
	}
}

// A recovery code works once.
func TestRecoveryCodes(t *testing.T) {
	worlds(t, func(t *testing.T, w *world) {
		_, before := w.enrolled()
		_, err := w.profile.Recover(t.Context(), w.ada, tandem.Secret(w.made.Password), "AAAAAA-AAAAAA-AAAAAA-AAAAAA")
		w.fails("made up", err, tandem.Invalid)
		codes := must[[]string](w)(w.profile.Recover(t.Context(), w.ada, tandem.Secret(w.made.Password), before[0]))
		w.written("One of your recovery codes was used", "New recovery codes were made, and those before work no more")
		w.fails("void", w.profile.Disable(t.Context(), w.ada, tandem.Secret(w.made.Password), before[1]), tandem.Invalid)
		w.fails("wrong password", w.profile.Disable(t.Context(), w.ada, "wrong", codes[0]), tandem.Invalid)
		w.settings.Security.RequireTwoFactor = true
		w.fails("required", w.profile.Disable(t.Context(), w.ada, tandem.Secret(w.made.Password), codes[0]), tandem.Forbidden)
		w.settings.Security.RequireTwoFactor = false
		if err := w.profile.Disable(t.Context(), w.ada, tandem.Secret(w.made.Password), codes[0]); err != nil {
			t.Fatal(err)
		}
		if entry := must[tandem.Entry](w)(w.signIn(w.made.Password, "192.0.2.1", "")); entry.Next != tandem.EntryDone {
			t.Errorf("after it was switched off: %+v", entry)
		}
		w.fails("there is none", w.profile.Disable(t.Context(), w.ada, tandem.Secret(w.made.Password), codes[1]), tandem.Invalid)
	})
}

func TestRequireTwoFactor(t *testing.T) {
	worlds(t, func(t *testing.T, w *world) {
		w.settings.Security.RequireTwoFactor = true
		entry := must[tandem.Entry](w)(w.signIn(w.made.Password, "192.0.2.1", ""))
		if entry.Next != tandem.EntryEnrol || entry.Device != "" {
			t.Fatalf("after the password: %+v", entry)
		}
		_, err := w.entrance.Confirm(t.Context(), entry.Token, "123456", "")
		w.fails("a code before there is a factor", err, tandem.Conflict)
		e := must[tandem.Enrolment](w)(w.entrance.Enrol(t.Context(), entry.Token))
		done := must[tandem.Entry](w)(w.entrance.Confirm(t.Context(), entry.Token, code(t, e.Secret, time.Now()), ""))
		if len(done.RecoveryCodes) != 10 || done.Next != tandem.EntryDone {
			t.Errorf("in with %+v", done)
		}
		if entry = must[tandem.Entry](w)(w.signIn(w.made.Password, "192.0.2.1", "")); entry.Next != tandem.EntryCode {
			t.Errorf("the next time: %+v", entry)
		}
		_, err = w.entrance.Enrol(t.Context(), "made up")
		w.fails("a made-up token", err, tandem.Gone)
	})
}

// There are a million codes: who has the password may not try many.
func TestCodeGuesses(t *testing.T) {
	w := newWorld(t, openSQLite(t))
	w.enrolled()
	entry := must[tandem.Entry](w)(w.signIn(w.made.Password, "192.0.2.1", ""))
	through := 0
	for range 1000 {
		if _, err := w.entrance.Confirm(t.Context(), entry.Token, "000000", ""); tandem.ErrorCode(err) != tandem.RateLimited {
			through++
		}
	}
	if through == 0 || through > 9 {
		t.Errorf("%d of 1000 guesses got through", through)
	}
}

// The database holds neither the secret nor the codes.
func TestFactorIsSealed(t *testing.T) {
	w := newWorld(t, openSQLite(t))
	secret, recovery := w.enrolled()
	sealed, confirmed, err := w.db.Factor(t.Context(), w.ada.ConsoleUser)
	if err != nil || !confirmed || len(sealed) == 0 || strings.Contains(string(sealed), secret) {
		t.Errorf("sealed %q, confirmed %v, %v", sealed, confirmed, err)
	}
	if ok, err := w.db.UseRecoveryCode(t.Context(), w.ada.ConsoleUser, []byte(strings.ReplaceAll(recovery[0], "-", ""))); ok || err != nil {
		t.Errorf("a recovery code is kept as it is: %v", err)
	}
}

// A clock may be off by half a minute, and no more.
func TestCodeDrift(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		for off, want := range map[time.Duration]bool{-60: false, -30: true, 0: true, 30: true, 60: false} {
			w := newWorld(t, openSQLite(t))
			e := must[tandem.Enrolment](w)(w.profile.Enrol(t.Context(), w.ada, tandem.Secret(w.made.Password)))
			if _, err := w.profile.Confirm(t.Context(), w.ada, code(t, e.Secret, time.Now().Add(off*time.Second))); (err == nil) != want {
				t.Errorf("off by %d s: %v", off, err)
			}
		}
	})
}

// Who has lost a second factor is helped by a colleague who may do as much.
func TestResetTwoFactor(t *testing.T) {
	worlds(t, func(t *testing.T, w *world) {
		guard := w.invite("guard@acme.test", tandem.ConsoleUserUpdate{Permissions: tandem.Some(may(t, `{"Security": "Manage"}`))})
		chief := w.invite("chief@acme.test", tandem.ConsoleUserUpdate{FullAccess: tandem.Some(true)})
		w.enrolled()
		has := func(want bool) {
			t.Helper()
			if u := must[tandem.ConsoleUser](w)(w.users.Get(t.Context(), w.ada.Partner, w.ada.ConsoleUser)); u.TwoFactor != want {
				t.Errorf("a second factor: %v", u.TwoFactor)
			}
		}
		w.fails("one's own", w.users.ResetTwoFactor(t.Context(), w.ada, w.ada.ConsoleUser), tandem.Forbidden)
		w.fails("by who may do less", w.users.ResetTwoFactor(t.Context(), guard, w.ada.ConsoleUser), tandem.Forbidden)
		w.fails("of another partner", w.users.ResetTwoFactor(t.Context(), tandem.Principal{Partner: w.ada.Partner + 1}, w.ada.ConsoleUser), tandem.NotFound)
		has(true)
		if err := w.users.ResetTwoFactor(t.Context(), chief, w.ada.ConsoleUser); err != nil {
			t.Fatal(err)
		}
		has(false)
		if l := w.mail.sent[len(w.mail.sent)-1]; l.To != "ada@acme.test" || !strings.Contains(l.Subject, "switched off by a colleague") {
			t.Errorf("letter: %+v", l)
		}
		sent := len(w.mail.sent)
		if err := w.users.ResetTwoFactor(t.Context(), chief, guard.ConsoleUser); err != nil || len(w.mail.sent) != sent {
			t.Errorf("of one who had none: %v, %d letters", err, len(w.mail.sent)-sent)
		}
	})
}
