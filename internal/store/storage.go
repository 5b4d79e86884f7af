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
	id           int64
	made, gone   bool // by this transaction
	items, bytes share
}

const shelfColumns = `id, items, held_items, bytes, held_bytes`

func scanShelf(r scanner) (f shelf, err error) {
	err = r.Scan(&f.id, &f.items.used, &f.items.held, &f.bytes.used, &f.bytes.held)
	return f, err
}

// lockStorage takes a store for the rest of a transaction, and makes it if it is
// not there.
func lockStorage(ctx context.Context, tx *sql.Tx, of tandem.Storage) (shelf, error) {
	f, err := scanShelf(tx.QueryRowContext(ctx, `UPDATE storage SET items = items WHERE`+storeOf+` RETURNING `+shelfColumns,
		of.Account, of.Purpose, of.Connector, of.Cycle))
	if !errors.Is(err, sql.ErrNoRows) {
		return f, err
	}
	id, err := next(ctx, tx, "storage")
	if err != nil {
		return f, err
	}
	f, err = scanShelf(tx.QueryRowContext(ctx, `INSERT INTO storage (account, purpose, connector, cycle, id, items, gone) VALUES ($1, $2, $3, $4, $5, 0, false)
		ON CONFLICT (account, purpose, connector, cycle) WHERE NOT gone DO UPDATE SET items = storage.items RETURNING `+shelfColumns,
		of.Account, of.Purpose, of.Connector, of.Cycle, id))
	f.made = f.id == id
	return f, err
}

// alter runs do in a store, alone, and keeps its result under the name once: asked
// for again, the result is that of the first time, and nothing is done. "" is no
// name. Errors: as settle; do's.
func (s *Store) alter(ctx context.Context, of tandem.Storage, once string, most tandem.StorageLimits, do func(tx *sql.Tx, in *shelf) (result string, err error)) (result string, err error) {
	err = s.write(ctx, func(tx *sql.Tx) error {
		in, err := lockStorage(ctx, tx, of)
		if err != nil {
			return err
		}
		had := in
		if result, err = onlyOnce(ctx, tx, of.Account, once, func() (string, error) { return do(tx, &in) }); err != nil {
			return err
		}
		return in.settle(ctx, tx, of, had, most)
	})
	if err != nil {
		return "", fmt.Errorf("change the store %q of account %d: %w", of.Purpose, of.Account, err)
	}
	return result, nil
}

// onlyOnce keeps the result of do, or gives the one that is kept.
func onlyOnce(ctx context.Context, tx *sql.Tx, a tandem.AccountID, once string, do func() (string, error)) (result string, err error) {
	if once == "" {
		return do()
	}
	err = tx.QueryRowContext(ctx, `SELECT result FROM storage_done WHERE account = $1 AND name = $2`, a, once).Scan(&result)
	if !errors.Is(err, sql.ErrNoRows) {
		return result, err
	}
	if result, err = do(); err != nil {
		return "", err
	}
	_, err = tx.ExecContext(ctx, `INSERT INTO storage_done (account, name, result, done_at) VALUES ($1, $2, $3, $4)`, a, once, result, micros(time.Now()))
	return result, err
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
// Errors: Conflict (there would be more than most), change's.
func (s *Store) ChangeStored(ctx context.Context, of tandem.Storage, once, key string, most tandem.StorageLimits, change func(old *tandem.Stored) (now *tandem.Stored, result string, err error)) (string, error) {
	return s.alter(ctx, of, once, most, func(tx *sql.Tx, in *shelf) (string, error) {
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
		return result, in.put(ctx, tx, of.Account, key, old, now)
	})
}

// put writes what an item has become.
func (f *shelf) put(ctx context.Context, tx *sql.Tx, a tandem.AccountID, key string, old, now *tandem.Stored) (err error) {
	if old != nil {
		f.add(-1, -len(key)-len(old.Sealed))
	}
	switch {
	case now != nil:
		f.add(1, len(key)+len(now.Sealed))
		_, err = tx.ExecContext(ctx, `INSERT INTO storage_item (account, storage, name, sealed, expires_at) VALUES ($1, $2, $3, $4, $5)
			ON CONFLICT (account, storage, name) DO UPDATE SET sealed = excluded.sealed, expires_at = excluded.expires_at`, a, f.id, key, now.Sealed, micros(now.Expires))
	case old != nil:
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
	_, err := s.alter(ctx, of, once, tandem.StorageLimits{}, func(_ *sql.Tx, in *shelf) (string, error) {
		in.items.used, in.bytes.used, in.gone = 0, 0, true
		return "", nil
	})
	return err
}
