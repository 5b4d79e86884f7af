package console

import (
	"context"
	"io/fs"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/fstest"
	"testing/synctest"
	"time"

	"github.com/tandem-ipaas/tandem"
)

// mapStore keeps sessions until they expire and counts what is written.
type mapStore struct {
	rows   map[string]mapRow
	writes int
}

type mapRow struct {
	data   []byte
	expiry time.Time
}

func (s *mapStore) Delete(string) error               { panic("without a context") }
func (s *mapStore) Find(string) ([]byte, bool, error) { panic("without a context") }
func (s *mapStore) Commit(string, []byte, time.Time) error {
	panic("without a context")
}

func (s *mapStore) DeleteCtx(_ context.Context, token string) error {
	delete(s.rows, token)
	return nil
}

func (s *mapStore) FindCtx(_ context.Context, token string) ([]byte, bool, error) {
	row, ok := s.rows[token]
	return row.data, ok && time.Now().Before(row.expiry), nil
}

func (s *mapStore) CommitCtx(_ context.Context, token string, b []byte, expiry time.Time) error {
	s.rows[token] = mapRow{b, expiry}
	s.writes++
	return nil
}

type oneUser struct{ tandem.Identity }

func (oneUser) SignIn(context.Context, string, tandem.Secret, string) (tandem.ConsoleUser, error) {
	return tandem.ConsoleUser{ID: 1}, nil
}

func (oneUser) ConsoleUser(_ context.Context, id tandem.ConsoleUserID) (tandem.ConsoleUser, error) {
	return tandem.ConsoleUser{ID: id}, nil
}

func signedIn(t *testing.T) (*Console, *mapStore, *http.Request) {
	t.Helper()
	store := &mapStore{rows: map[string]mapRow{}}
	c, err := New(slog.New(slog.DiscardHandler), oneUser{}, store, fs.FS(fstest.MapFS{}), Options{})
	if err != nil {
		t.Fatal(err)
	}
	req := httptest.NewRequest("POST", sessionPath, strings.NewReader(`{"Email":"a","Password":"b"}`))
	req.Header.Set("Content-Type", "application/json")
	rec := httptest.NewRecorder()
	c.Handler().ServeHTTP(rec, req)
	if rec.Code != 200 {
		t.Fatalf("sign-in = %d %s", rec.Code, rec.Body)
	}
	later := httptest.NewRequest("GET", "/v1.0/accounts", nil)
	later.AddCookie(rec.Result().Cookies()[0])
	return c, store, later
}

func TestSessionIdle(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c, _, req := signedIn(t)
		for range 3 { // each use puts the end off
			time.Sleep(SessionIdle - time.Minute)
			if _, ok := c.Principal(req); !ok {
				t.Fatal("signed out while in use")
			}
		}
		time.Sleep(SessionIdle + time.Minute)
		if _, ok := c.Principal(req); ok {
			t.Fatal("signed in after the idle time")
		}
	})
}

func TestSessionLifetime(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c, _, req := signedIn(t)
		var lasted time.Duration
		for ; ; lasted += time.Hour {
			if _, ok := c.Principal(req); !ok {
				break
			}
			time.Sleep(time.Hour)
		}
		if lasted != SessionLifetime {
			t.Errorf("a session in use lasted %v, want %v", lasted, SessionLifetime)
		}
	})
}

func TestReadingDoesNotWrite(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c, store, req := signedIn(t)
		before := store.writes
		for range 100 {
			c.Principal(req)
		}
		if store.writes != before {
			t.Errorf("100 requests at once wrote the session %d times", store.writes-before)
		}
	})
}

func TestStoreHoldsNoToken(t *testing.T) {
	_, store, req := signedIn(t)
	cookie, err := req.Cookie(cookieName)
	if err != nil {
		t.Fatal(err)
	}
	if _, ok := store.rows[cookie.Value]; ok || len(store.rows) != 1 {
		t.Errorf("the store's %d rows are known by the cookie's token: %v", len(store.rows), ok)
	}
}
