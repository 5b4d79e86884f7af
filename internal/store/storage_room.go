package store

import (
	"context"
	"database/sql"
	"fmt"
	"strings"

	"github.com/tandem-ipaas/tandem"
)

// An account has room for so many items and bytes, and one row counts what its
// stores hold of it together. If each change counted there, all stores would wait
// for that row. So a store takes more room than it needs, and counts in its own
// row until it has outgrown that: of what it uses an eighth more, between these.
const (
	leastSpareItems, mostSpareItems = 16, 1_000
	leastSpareBytes, mostSpareBytes = 4 << 10, 1 << 20
)

// share is what a store uses and holds of its account's room, in items or bytes.
type share struct{ used, held int64 }

func (s share) outgrown() bool { return s.used > s.held }

// settle takes room of what is left if there is too little of it, and gives back
// what is far too much. It is false if not enough is left.
func (s *share) settle(left, leastSpare, mostSpare int64) bool {
	spare := min(max(s.used/8, leastSpare), mostSpare)
	switch {
	case s.outgrown() && s.used > left:
		return false
	case s.outgrown():
		s.held = min(s.used+spare, left)
	case s.held > s.used+2*spare:
		s.held = s.used + spare
	}
	return true
}

// add counts what comes or, below 0, goes.
func (f *shelf) add(items, bytes int) {
	f.items.used += int64(items)
	f.bytes.used += int64(bytes)
}

// settle writes what has become of a store, and takes or gives back room. The row
// of the account is the last that a transaction locks.
//
// A store with a name that its users chose is there while something is in it, so
// that names no longer used do not count against the most of them.
//
// Errors: Conflict, naming the field and the limit.
func (f *shelf) settle(ctx context.Context, tx *sql.Tx, of tandem.Storage, had shelf, most tandem.StorageLimits) error {
	if f.items.used == 0 && f.made {
		_, err := tx.ExecContext(ctx, `DELETE FROM storage WHERE account = $1 AND id = $2`, of.Account, f.id)
		return err
	}
	if f.items.used > had.items.used && f.items.used > most.Items {
		return full(keyOf(of), "the store is full: it holds %d items at most", most.Items)
	}
	f.gone = f.gone || f.items.used == 0 && isNamed(of)
	if err := f.settleRoom(ctx, tx, of, most); err != nil || *f == had {
		return err
	}
	if err := holdRoom(ctx, tx, of.Account, f.items.held-had.items.held, f.bytes.held-had.bytes.held); err != nil {
		return err
	}
	_, err := tx.ExecContext(ctx, `UPDATE storage SET items = $3, held_items = $4, bytes = $5, held_bytes = $6, gone = $7 WHERE account = $1 AND id = $2`,
		of.Account, f.id, f.items.used, f.items.held, f.bytes.used, f.bytes.held, f.gone)
	return err
}

// settleRoom decides how much room the store holds. A new store has outgrown what
// it holds, which is nothing.
func (f *shelf) settleRoom(ctx context.Context, tx *sql.Tx, of tandem.Storage, most tandem.StorageLimits) error {
	if f.gone {
		f.items.held, f.bytes.held = 0, 0
		return nil
	}
	var leftItems, leftBytes int64
	if f.items.outgrown() || f.bytes.outgrown() {
		items, bytes, err := lockRoom(ctx, tx, of.Account)
		if err != nil {
			return err
		}
		leftItems, leftBytes = most.AccountItems-items+f.items.held, most.AccountBytes-bytes+f.bytes.held
		if err := f.checkNames(ctx, tx, of, most.Entities); err != nil {
			return err
		}
	}
	switch {
	case !f.items.settle(leftItems, leastSpareItems, mostSpareItems):
		return full(keyOf(of), "the account's stores are full: together they hold %d items at most", most.AccountItems)
	case !f.bytes.settle(leftBytes, leastSpareBytes, mostSpareBytes):
		return full(valueOf(of), "the account's stores are full: together they hold %d bytes at most", most.AccountBytes)
	}
	return nil
}

// checkNames counts the stores with names, one of which may be new, while nobody
// else can make one.
func (f *shelf) checkNames(ctx context.Context, tx *sql.Tx, of tandem.Storage, most int64) error {
	if !f.made || !isNamed(of) {
		return nil
	}
	var names int64
	err := tx.QueryRowContext(ctx, `SELECT count(*) FROM storage WHERE account = $1 AND purpose LIKE $2 AND NOT gone`, of.Account, tandem.StoredPairs+"%").Scan(&names)
	if err == nil && names > most {
		return full("Entity", "the account has cross references of %d kinds of things, and may have no more: delete all of one of them first", most)
	}
	return err
}

// lockRoom takes the row of an account's room for the rest of a transaction, and
// gives what is held of it.
func lockRoom(ctx context.Context, tx *sql.Tx, a tandem.AccountID) (items, bytes int64, err error) {
	err = tx.QueryRowContext(ctx, `INSERT INTO storage_account (account, items, bytes) VALUES ($1, 0, 0)
		ON CONFLICT (account) DO UPDATE SET items = storage_account.items RETURNING items, bytes`, a).Scan(&items, &bytes)
	return items, bytes, err
}

// holdRoom counts so much more of an account's room as held; below 0: less.
func holdRoom(ctx context.Context, tx *sql.Tx, a tandem.AccountID, items, bytes int64) error {
	if items == 0 && bytes == 0 {
		return nil
	}
	_, err := tx.ExecContext(ctx, `UPDATE storage_account SET items = items + $2, bytes = bytes + $3 WHERE account = $1`, a, items, bytes)
	return err
}

func full(field, format string, args ...any) error {
	return &tandem.Error{Code: tandem.Conflict, Field: field, Message: field + ": " + fmt.Sprintf(format, args...)}
}

func isNamed(of tandem.Storage) bool { return strings.HasPrefix(of.Purpose, tandem.StoredPairs) }

// keyOf and valueOf are what an item's parts are called where it is changed.
func keyOf(of tandem.Storage) string {
	if isNamed(of) {
		return "FirstId"
	}
	return "Key"
}

func valueOf(of tandem.Storage) string {
	switch {
	case isNamed(of):
		return "FirstId"
	case of.Purpose == tandem.StoredObjects:
		return "Object"
	}
	return "Value"
}
