package store

import (
	"context"
	"database/sql"
	"time"

	"github.com/tandem-ipaas/tandem"
)

// maxDevices is how many browsers of a console user are known at once.
const maxDevices = 20

// KnowDevice keeps the hash of what a browser of a console user holds. Of many,
// the ones that end first are forgotten.
func (s *Store) KnowDevice(ctx context.Context, id tandem.ConsoleUserID, hash []byte, expires time.Time) error {
	return s.write(ctx, func(tx *sql.Tx) error {
		_, err := tx.ExecContext(ctx, `DELETE FROM known_device WHERE hash IN
			(SELECT hash FROM known_device WHERE console_user = $1 ORDER BY expires_at DESC, hash LIMIT $2 OFFSET $3)`, id, maxDevices, maxDevices-1)
		if err != nil {
			return err
		}
		_, err = tx.ExecContext(ctx, `INSERT INTO known_device (hash, console_user, expires_at) VALUES ($1, $2, $3)`, hash, id, micros(expires))
		return err
	})
}

// DeviceKnown says whether a browser is one of a console user's.
func (s *Store) DeviceKnown(ctx context.Context, id tandem.ConsoleUserID, hash []byte, now time.Time) (known bool, err error) {
	err = s.read().QueryRowContext(ctx, `SELECT EXISTS (SELECT 1 FROM known_device WHERE hash = $1 AND console_user = $2 AND expires_at > $3)`,
		hash, id, micros(now)).Scan(&known)
	return known, err
}
