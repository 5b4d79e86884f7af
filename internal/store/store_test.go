package store_test

import (
	"testing"

	"github.com/tandem-ipaas/tandem/internal/store"
)

func TestOpenTwiceRefuses(t *testing.T) {
	dir := t.TempDir()
	s, err := store.Open(t.Context(), "", dir)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := store.Open(t.Context(), "", dir); err == nil {
		t.Fatal("a second open of the same folder was not refused")
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	s, err = store.Open(t.Context(), "", dir)
	if err != nil {
		t.Fatalf("open again after close: %v", err)
	}
	if err := s.Ping(t.Context()); err != nil {
		t.Fatal(err)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
}
