package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"github.com/tandem-ipaas/tandem"
)

// storeOf is the condition for a store by its name.
const storeOf = ` account = $1 AND purpose = $2 AND connector = $3 AND cycle = $4 AND NOT gone`

// shelf is a store that one transaction has to itself.
type shelf struct {
	id    int64
	items int64
}

func scanShelf(r scanner) (f shelf, err error) {
	err = r.Scan(&f.id, &f.items)
	return f, err
}

// lockStorage takes a store for the rest of a transaction, and makes it if it is
// not there.
func lockStorage(ctx context.Context, tx *sql.Tx, of tandem.Storage) (shelf, error) {
	f, err := scanShelf(tx.QueryRowContext(ctx, `UPDATE storage SET items = items WHERE`+storeOf+` RETURNING id, items`,
		of.Account, of.Purpose, of.Connector, of.Cycle))
	if !errors.Is(err, sql.ErrNoRows) {
		return f, err
	}
	id, err := next(ctx, tx, "storage")
	if err != nil {
		return f, err
	}
	return scanShelf(tx.QueryRowContext(ctx, `INSERT INTO storage (account, purpose, connector, cycle, id, items, gone) VALUES ($1, $2, $3, $4, $5, 0, false)
		ON CONFLICT (account, purpose, connector, cycle) WHERE NOT gone DO UPDATE SET items = storage.items RETURNING id, items`,
		of.Account, of.Purpose, of.Connector, of.Cycle, id))
}

// alter runs do in a store, alone, and keeps its result under the name once: asked
// for again, the result is that of the first time, and nothing is done. "" is no
// name.
func (s *Store) alter(ctx context.Context, of tandem.Storage, once string, do func(tx *sql.Tx, in *shelf) (result string, err error)) (result string, err error) {
	err = s.write(ctx, func(tx *sql.Tx) error {
		in, err := lockStorage(ctx, tx, of)
		if err != nil {
			return err
		}
		err = tx.QueryRowContext(ctx, `SELECT result FROM storage_done WHERE account = $1 AND name = $2`, of.Account, once).Scan(&result)
		if !errors.Is(err, sql.ErrNoRows) {
			return err
		}
		had := in.items
		if result, err = do(tx, &in); err != nil {
			return err
		}
		if in.items != had {
			if _, err := tx.ExecContext(ctx, `UPDATE storage SET items = $3 WHERE account = $1 AND id = $2`, of.Account, in.id, in.items); err != nil {
				return err
			}
		}
		if once == "" {
			return nil
		}
		_, err = tx.ExecContext(ctx, `INSERT INTO storage_done (account, name, result, done_at) VALUES ($1, $2, $3, $4)`,
			of.Account, once, result, micros(time.Now()))
		return err
	})
	if err != nil {
		return "", fmt.Errorf("change the store %q of account %d: %w", of.Purpose, of.Account, err)
	}
	return result, nil
}

// grow counts n more items. Errors: Conflict, naming the limit.
func (f *shelf) grow(n, most int64) error {
	if f.items += n; f.items > most {
		return tandem.Conflictf("The store is full: it holds %d items at most.", most)
	}
	return nil
}

func scanStored(r scanner) (i tandem.Stored, err error) {
	var expires int64
	err = r.Scan(&i.Key, &i.Sealed, &expires)
	i.Expires = instant(expires)
	return i, err
}

// ChangeStored changes an item under change, alone in its store: it is given the
// item, nil if there is none, and gives what it is to be, nil to delete it. The
// result is kept under the name once, as alter says.
//
// Errors: Conflict (there would be more than most items), change's.
func (s *Store) ChangeStored(ctx context.Context, of tandem.Storage, once, key string, most int64, change func(old *tandem.Stored) (now *tandem.Stored, result string, err error)) (string, error) {
	return s.alter(ctx, of, once, func(tx *sql.Tx, in *shelf) (string, error) {
		var old *tandem.Stored
		is, err := scanStored(tx.QueryRowContext(ctx, `SELECT name, sealed, expires_at FROM storage_item WHERE account = $1 AND storage = $2 AND name = $3`, of.Account, in.id, key))
		switch {
		case err == nil:
			old = &is
		case !errors.Is(err, sql.ErrNoRows):
			return "", err
		}
		now, result, err := change(old)
		if err != nil {
			return "", err
		}
		return result, in.put(ctx, tx, of.Account, key, old, now, most)
	})
}

// put writes what an item has become.
func (f *shelf) put(ctx context.Context, tx *sql.Tx, a tandem.AccountID, key string, old, now *tandem.Stored, most int64) (err error) {
	switch {
	case now != nil:
		if old == nil {
			err = f.grow(1, most)
		}
		if err == nil {
			_, err = tx.ExecContext(ctx, `INSERT INTO storage_item (account, storage, name, sealed, expires_at) VALUES ($1, $2, $3, $4, $5)
				ON CONFLICT (account, storage, name) DO UPDATE SET sealed = excluded.sealed, expires_at = excluded.expires_at`, a, f.id, key, now.Sealed, micros(now.Expires))
		}
	case old != nil:
		f.items--
		_, err = tx.ExecContext(ctx, `DELETE FROM storage_item WHERE account = $1 AND storage = $2 AND name = $3`, a, f.id, key)
	}
	return err
}

// itemsOf joins the items of a store that has the conditions of storeOf.
const itemsOf = ` FROM storage JOIN storage_item i ON i.account = storage.account AND i.storage = storage.id WHERE storage.account = $1
	AND purpose = $2 AND connector = $3 AND cycle = $4 AND NOT gone`

// Stored gives an item. Errors: NotFound.
func (s *Store) Stored(ctx context.Context, of tandem.Storage, key string) (tandem.Stored, error) {
	return row(ctx, s.read(), "Item", scanStored, `SELECT i.name, i.sealed, i.expires_at`+itemsOf+` AND i.name = $5`,
		of.Account, of.Purpose, of.Connector, of.Cycle, key)
}

// StoredItems lists the items behind a key, at most limit, in the order of keys.
func (s *Store) StoredItems(ctx context.Context, of tandem.Storage, after string, limit int) ([]tandem.Stored, error) {
	return rows(ctx, s.read(), scanStored, `SELECT i.name, i.sealed, i.expires_at`+itemsOf+` AND i.name > $5 ORDER BY i.name LIMIT $6`,
		of.Account, of.Purpose, of.Connector, of.Cycle, after, limit)
}

// endConnectorStorage ends the stores of an account connector, in all accounts that
// may use it.
const endConnectorStorage = `UPDATE storage SET gone = true WHERE connector = $1 AND connector > 0`

// ClearStorage empties a store, once under a name as alter says, however much it
// holds, in an instant: what is in it is deleted later.
func (s *Store) ClearStorage(ctx context.Context, of tandem.Storage, once string) error {
	_, err := s.alter(ctx, of, once, func(tx *sql.Tx, in *shelf) (string, error) {
		_, err := tx.ExecContext(ctx, `UPDATE storage SET gone = true WHERE account = $1 AND id = $2`, of.Account, in.id)
		return "", err
	})
	return err
}
