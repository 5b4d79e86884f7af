package password_test

import (
	"context"
	"errors"
	"strings"
	"testing"

	"github.com/tandem-ipaas/tandem"
	"github.com/tandem-ipaas/tandem/internal/password"
)

func TestHasher(t *testing.T) {
	h, err := password.New()
	if err != nil {
		t.Fatal(err)
	}
	hash, err := h.Hash(t.Context(), "correct horse")
	if err != nil {
		t.Fatal(err)
	}
	if !strings.HasPrefix(hash, "$argon2id$v=19$m=19456,t=2,p=1$") || strings.Contains(hash, "horse") {
		t.Errorf("hash: %s", hash)
	}
	for _, c := range []struct {
		hash     string
		password tandem.Secret
		want     bool
	}{
		{hash, "correct horse", true},
		{hash, "Correct horse", false},
		{hash, "", false},
		{"", "correct horse", false},
		{"", "a password that nobody has", false}, // that of the dummy
	} {
		if got, err := h.Matches(t.Context(), c.hash, c.password); err != nil || got != c.want {
			t.Errorf("%q against %q: %v, %v", string(c.password), c.hash, got, err)
		}
	}
	for _, weak := range []tandem.Secret{"", "1234567", tandem.Secret(strings.Repeat("x", password.MaxLength+1))} {
		if _, err := h.Hash(t.Context(), weak); tandem.ErrorCode(err) != tandem.Invalid {
			t.Errorf("%d characters: %v", len(weak), err)
		}
	}
	if _, err := h.Matches(t.Context(), "no hash", "correct horse"); err == nil {
		t.Error("a broken hash is no error")
	}
}

func TestCheck(t *testing.T) {
	for _, good := range []tandem.Secret{
		"correct horse", "8 signs.", "пароль мой", "parole élève", tandem.Secret(strings.Repeat("long", 16)), "a\nb\nc\nd\n",
		"permission is hereby granted", // in the list's heading
		"my tandem has two saddles", "4711-0815-2024", "connecticut 1788",
	} {
		if err := password.Check(good); err != nil {
			t.Errorf("%q: %v", string(good), err)
		}
	}
	for _, weak := range []tandem.Secret{"password", "PassWord1", "12345678", "qwertyuiop", "aaaaaaaaaaaa", "abababababab", "ééééééé", "        ", "Tandem-2026!", "tandemtandem", "Admin_Console1", "MarketplaceUser99", "api.connector.api"} {
		if err := password.Check(weak); tandem.ErrorCode(err) != tandem.Invalid {
			t.Errorf("%q: %v", string(weak), err)
		}
	}
}

func TestHasherGivesUpWithItsContext(t *testing.T) {
	h, err := password.New()
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := h.Hash(ctx, "correct horse"); !errors.Is(err, context.Canceled) {
		t.Errorf("hashed for a caller who has gone: %v", err)
	}
}

// A hash says what it cost: whoever makes cheaper ones, as tests do, matches those
// that are dear.
func TestCheapHasher(t *testing.T) {
	dear, err := password.New()
	if err != nil {
		t.Fatal(err)
	}
	cheap, err := password.NewWith(password.Options{Memory: 8, Iterations: 1})
	if err != nil {
		t.Fatal(err)
	}
	for name, h := range map[string][2]*password.Hasher{"$m=8,t=1,": {cheap, dear}, "$m=19456,t=2,": {dear, cheap}} {
		hash, err := h[0].Hash(t.Context(), "correct horse")
		if err != nil || !strings.Contains(hash, name) {
			t.Fatalf("%s: %v, want %s", hash, err, name)
		}
		if same, err := h[1].Matches(t.Context(), hash, "correct horse"); err != nil || !same {
			t.Errorf("%s is matched by the other: %v, %v", name, same, err)
		}
	}
}
