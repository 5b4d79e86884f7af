package storetest

import (
	"testing"

	"github.com/tandem-ipaas/tandem/internal/store"
)

func schema(t *testing.T, s *store.Store) {
	t.Run("answers", func(t *testing.T) {
		if err := s.Ping(t.Context()); err != nil {
			t.Fatal(err)
		}
	})
}
