package storetest

import (
	"testing"
	"time"

	"github.com/tandem-ipaas/tandem/internal/store"
)

func session(t *testing.T, s *store.Store) {
	sessions := s.Sessions()
	now := time.Now()
	later := now.Add(time.Hour)
	find := func(want string, there bool) {
		t.Helper()
		if data, ok, err := sessions.Find("token"); err != nil || ok != there || string(data) != want {
			t.Errorf("%q, %v, %v", data, ok, err)
		}
	}
	find("", false)
	for _, data := range []string{"one", "two"} {
		if err := sessions.Commit("token", []byte(data), later); err != nil {
			t.Fatal(err)
		}
		find(data, true)
	}
	if err := sessions.Commit("token", []byte("two"), now.Add(-time.Second)); err != nil {
		t.Fatal(err)
	}
	find("", false)
	if err := sessions.Commit("token", []byte("three"), later); err != nil {
		t.Fatal(err)
	}
	if err := sessions.Delete("token"); err != nil {
		t.Fatal(err)
	}
	find("", false)
}
