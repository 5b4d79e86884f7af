package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"github.com/tandem-ipaas/tandem"
)

// storageDoneDays is for how long it is known that a change was made. Who asks
// again is a transaction whose server has just ended.
const storageDoneDays = 7

// storageKey names a store by its number.
type storageKey struct {
	account tandem.AccountID
	id      int64
}

func scanStorageKey(r scanner) (k storageKey, err error) {
	err = r.Scan(&k.account, &k.id)
	return k, err
}

// SweepStorage deletes at now, in small commits, what is in stores that are gone,
// items whose time is over, and what is known of changes of long ago.
func (s *Store) SweepStorage(ctx context.Context, now time.Time) error {
	gone, err := rows(ctx, s.read(), scanStorageKey, `SELECT account, id FROM storage WHERE gone LIMIT $1`, expireBatch)
	for _, k := range gone {
		if err == nil {
			err = s.deleteStorage(ctx, k)
		}
	}
	if err != nil {
		return fmt.Errorf("delete stores: %w", err)
	}
	old, err := rows(ctx, s.read(), scanStorageKey, `SELECT DISTINCT account, storage FROM
		(SELECT account, storage FROM storage_item WHERE expires_at > 0 AND expires_at <= $1 ORDER BY expires_at LIMIT $2) AS ended`, micros(now), expireBatch)
	for _, k := range old {
		if err == nil {
			err = s.expireItems(ctx, k, now)
		}
	}
	if err != nil {
		return fmt.Errorf("delete items whose time is over: %w", err)
	}
	return s.repeat(ctx, `DELETE FROM storage_done WHERE (account, name) IN
		(SELECT account, name FROM storage_done WHERE done_at <= $1 ORDER BY done_at LIMIT $2)`, micros(now.AddDate(0, 0, -storageDoneDays)), expireBatch)
}

// deleteStorage deletes a store that is gone, after what is in it.
func (s *Store) deleteStorage(ctx context.Context, k storageKey) error {
	for _, statement := range []string{
		`DELETE FROM storage_item WHERE account = $1 AND storage = $2 AND name IN (SELECT name FROM storage_item WHERE account = $1 AND storage = $2 LIMIT $3)`,
		`DELETE FROM storage_pair WHERE account = $1 AND storage = $2 AND first IN (SELECT first FROM storage_pair WHERE account = $1 AND storage = $2 LIMIT $3)`,
	} {
		if err := s.repeat(ctx, statement, k.account, k.id, expireBatch); err != nil {
			return err
		}
	}
	return s.write(ctx, func(tx *sql.Tx) error {
		f, err := scanShelf(tx.QueryRowContext(ctx, `DELETE FROM storage WHERE account = $1 AND id = $2 RETURNING `+shelfColumns, k.account, k.id))
		if errors.Is(err, sql.ErrNoRows) { // another node was first
			return nil
		}
		if err != nil {
			return err
		}
		return holdRoom(ctx, tx, k.account, -f.items.held, -f.bytes.held)
	})
}

// expireItems deletes a store's items whose time is over. It locks the store
// first, as all do who change it.
func (s *Store) expireItems(ctx context.Context, k storageKey, now time.Time) error {
	for more := true; more; {
		err := s.write(ctx, func(tx *sql.Tx) error {
			f, err := scanShelf(tx.QueryRowContext(ctx, `UPDATE storage SET items = items WHERE account = $1 AND id = $2 AND NOT gone RETURNING `+shelfColumns, k.account, k.id))
			if err != nil {
				return err
			}
			had := f
			old, err := rows(ctx, tx, scanID[int], `DELETE FROM storage_item WHERE account = $1 AND storage = $2 AND name IN (SELECT name FROM storage_item
				WHERE account = $1 AND storage = $2 AND expires_at > 0 AND expires_at <= $3 LIMIT $4) RETURNING octet_length(name) + octet_length(sealed)`, k.account, k.id, micros(now), expireBatch)
			if more = len(old) == expireBatch; err != nil {
				return err
			}
			for _, bytes := range old {
				f.add(-1, -bytes)
			}
			return f.settle(ctx, tx, tandem.Storage{Account: k.account}, had, tandem.StorageLimits{})
		})
		if errors.Is(err, sql.ErrNoRows) { // deleted meanwhile
			return nil
		}
		if err != nil {
			return err
		}
	}
	return nil
}
