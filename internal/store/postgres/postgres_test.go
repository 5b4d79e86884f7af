package postgres_test

import (
	"testing"

	"github.com/jackc/pgx/v5/pgconn"

	"github.com/tandem-ipaas/tandem/internal/store/postgres"
)

// What lies in the state of the server passes; what lies in a statement does not.
func TestUnable(t *testing.T) {
	for code, want := range map[string]bool{
		"08006": true, "53100": true, "57P01": true, "25006": true,
		"25P03": true, "25P02": true, // a transaction that was idle too long, and what came after
		"25001": false, "22001": false, "23505": false, "42P01": false,
	} {
		if got := (*postgres.DB)(nil).Unable(&pgconn.PgError{Code: code}); got != want {
			t.Errorf("%s: %v", code, got)
		}
	}
}
