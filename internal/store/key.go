package store

import (
	"context"
	"database/sql"
	"fmt"

	"github.com/tandem-ipaas/tandem"
	"github.com/tandem-ipaas/tandem/internal/vault"
)

// DataKey gives an account's data key, as the master key has wrapped it.
// Errors: NotFound.
func (s *Store) DataKey(ctx context.Context, a tandem.AccountID) ([]byte, error) {
	return row(ctx, s.read(), "Account", scanID[[]byte], `SELECT data_key FROM account WHERE id = $1`, a)
}

// PartnerKey gives a partner's data key, as the master key has wrapped it; the
// first time, one that key makes. Errors: NotFound.
func (s *Store) PartnerKey(ctx context.Context, p tandem.PartnerID, key func(tandem.PartnerID) ([]byte, error)) ([]byte, error) {
	const query = `SELECT data_key FROM partner WHERE id = $1`
	if wrapped, err := row(ctx, s.read(), "Partner", scanID[[]byte], query, p); err != nil || wrapped != nil {
		return wrapped, err
	}
	var wrapped []byte
	err := s.write(ctx, func(tx *sql.Tx) error {
		made, err := key(p)
		if err != nil {
			return err
		}
		// Another may have been first.
		wrapped, err = row(ctx, tx, "Partner", scanID[[]byte],
			`UPDATE partner SET data_key = COALESCE(data_key, $2) WHERE id = $1 RETURNING data_key`, p, made)
		return err
	})
	return wrapped, err
}

// keysAtOnce is how many data keys one commit replaces.
const keysAtOnce = 500

// RewrapKeys goes over all data keys: where rewrap gives another text, that takes
// the key's place. It says how many were replaced. What was done when it fails
// stays done.
func (s *Store) RewrapKeys(ctx context.Context, rewrap func(wrapped []byte, of vault.Owner) ([]byte, error)) (replaced int, err error) {
	for _, kind := range []struct {
		table string
		owner func(id int64) vault.Owner
	}{
		{"partner", func(id int64) vault.Owner { return vault.Owner{Partner: tandem.PartnerID(id)} }},
		{"account", func(id int64) vault.Owner { return vault.Owner{Account: tandem.AccountID(id)} }},
	} {
		for after := int64(0); ; {
			some, err := s.wrappedKeys(ctx, kind.table, after)
			if err != nil {
				return replaced, fmt.Errorf("read data keys: %w", err)
			}
			if len(some) == 0 {
				break
			}
			after = some[len(some)-1].id
			n, err := s.replaceKeys(ctx, kind.table, some, func(k wrappedKey) ([]byte, error) { return rewrap(k.text, kind.owner(k.id)) })
			if replaced += n; err != nil {
				return replaced, err
			}
		}
	}
	return replaced, nil
}

type wrappedKey struct {
	id   int64
	text []byte
}

func (s *Store) wrappedKeys(ctx context.Context, table string, after int64) ([]wrappedKey, error) {
	return rows(ctx, s.read(), func(r scanner) (k wrappedKey, err error) { return k, r.Scan(&k.id, &k.text) },
		fmt.Sprintf(`SELECT id, data_key FROM %s WHERE id > $1 AND data_key IS NOT NULL ORDER BY id LIMIT %d`, table, keysAtOnce), after)
}

// replaceKeys leaves alone what another has replaced meanwhile.
func (s *Store) replaceKeys(ctx context.Context, table string, keys []wrappedKey, rewrap func(wrappedKey) ([]byte, error)) (n int, err error) {
	fresh := make([][]byte, len(keys))
	for i, k := range keys {
		if fresh[i], err = rewrap(k); err != nil {
			return 0, err
		}
	}
	err = s.write(ctx, func(tx *sql.Tx) error {
		for i, k := range keys {
			if fresh[i] == nil {
				continue
			}
			_, err := tx.ExecContext(ctx, `UPDATE `+table+` SET data_key = $3 WHERE id = $1 AND data_key = $2`, k.id, k.text, fresh[i])
			if err != nil {
				return fmt.Errorf("replace data key of %s %d: %w", table, k.id, err)
			}
			n++
		}
		return nil
	})
	return n, err
}
