package store

import (
	"context"
	"database/sql"
	"errors"

	"github.com/tandem-ipaas/tandem"
)

// author is what people know the one by who makes a change: an email address, or
// the name of an OAuth client; "" if nobody is known. It is kept as text, so
// that it outlives who it was.
func author(ctx context.Context, tx *sql.Tx) (name string, err error) {
	act := tandem.ActOf(ctx)
	if act == nil {
		return "", nil
	}
	query, id := `SELECT name FROM oauth_client WHERE id = $1`, any(act.Who.Client)
	switch {
	case act.Who.ConsoleUser != 0:
		query, id = `SELECT email FROM console_user WHERE id = $1`, act.Who.ConsoleUser
	case act.Who.User != 0:
		query, id = `SELECT spelling FROM app_user WHERE id = $1`, act.Who.User
	}
	if err = tx.QueryRowContext(ctx, query, id).Scan(&name); errors.Is(err, sql.ErrNoRows) {
		err = nil
	}
	if err == nil && name == "" {
		name = act.Who.Client
	}
	return name, err
}
