package store

import (
	"context"
	"database/sql"
	"strconv"

	"github.com/tandem-ipaas/tandem"
)

func scanPair(r scanner) (p tandem.Pair, err error) {
	err = r.Scan(&p.First, &p.Second)
	return p, err
}

const pairsOf = ` FROM storage JOIN storage_pair p ON p.account = storage.account AND p.storage = storage.id WHERE storage.account = $1
	AND purpose = $2 AND connector = $3 AND cycle = $4 AND NOT gone`

// SetPair keeps a pair, in place of those that either of its ids was in; once
// under a name as alter says. Errors: Conflict (there would be more than most).
func (s *Store) SetPair(ctx context.Context, of tandem.Storage, once string, p tandem.Pair, most tandem.StorageLimits) error {
	_, err := s.alter(ctx, of, once, most, func(tx *sql.Tx, in *shelf) (string, error) {
		if _, err := in.unpair(ctx, tx, of.Account, `first = $3 OR second = $4`, p.First, p.Second); err != nil {
			return "", err
		}
		in.add(1, len(p.First)+len(p.Second))
		_, err := tx.ExecContext(ctx, `INSERT INTO storage_pair (account, storage, first, second) VALUES ($1, $2, $3, $4)`, of.Account, in.id, p.First, p.Second)
		return "", err
	})
	return err
}

// DeletePair deletes the pair of an id, which is the first or, if that is empty,
// the second; once under a name as alter says. It says whether there was one.
func (s *Store) DeletePair(ctx context.Context, of tandem.Storage, once string, p tandem.Pair) (was bool, err error) {
	result, err := s.alter(ctx, of, once, tandem.StorageLimits{}, func(tx *sql.Tx, in *shelf) (string, error) {
		condition, id := side(p, "$3")
		was, err := in.unpair(ctx, tx, of.Account, condition, id)
		return strconv.FormatBool(was), err
	})
	return result == strconv.FormatBool(true), err
}

// side is the condition for the id that a pair gives.
func side(p tandem.Pair, place string) (condition, id string) {
	if p.First != "" {
		return "first = " + place, p.First
	}
	return "second = " + place, p.Second
}

func (f *shelf) unpair(ctx context.Context, tx *sql.Tx, a tandem.AccountID, condition string, ids ...any) (was bool, err error) {
	gone, err := rows(ctx, tx, scanPair, `DELETE FROM storage_pair WHERE account = $1 AND storage = $2 AND (`+condition+`) RETURNING first, second`, append([]any{a, f.id}, ids...)...)
	for _, p := range gone {
		f.add(-1, -len(p.First)-len(p.Second))
	}
	return len(gone) > 0, err
}

// Pair gives the pair of an id, which is the first or, if that is empty, the
// second. Errors: NotFound.
func (s *Store) Pair(ctx context.Context, of tandem.Storage, p tandem.Pair) (tandem.Pair, error) {
	condition, id := side(p, "$5")
	return row(ctx, s.read(), "Pair", scanPair, `SELECT p.first, p.second`+pairsOf+` AND p.`+condition, of.Account, of.Purpose, of.Connector, of.Cycle, id)
}

// Pairs lists the pairs behind a first id, at most limit, in the order of these.
func (s *Store) Pairs(ctx context.Context, of tandem.Storage, after string, limit int) ([]tandem.Pair, error) {
	return rows(ctx, s.read(), scanPair, `SELECT p.first, p.second`+pairsOf+` AND p.first > $5 ORDER BY p.first LIMIT $6`,
		of.Account, of.Purpose, of.Connector, of.Cycle, after, limit)
}
