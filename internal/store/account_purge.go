package store

import (
	"context"
	"database/sql"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/tandem-ipaas/tandem"
)

// kept are tables that outlive the accounts they tell of: the audit log is the
// partner's, and a row less would look like a forged one.
var kept = map[string]bool{"audit": true}

// ownedTables lists the tables with an account's rows, each with the columns of
// its key. It asks the schema, so that no new table is forgotten.
var ownedTables = map[string]string{
	"sqlite": `SELECT t.name, k.name FROM sqlite_schema t JOIN pragma_table_info(t.name) a ON a.name = 'account' JOIN pragma_table_info(t.name) k ON k.pk > 0
		WHERE t.type = 'table' ORDER BY t.name, k.pk`,
	"postgres": `SELECT a.table_name, k.column_name FROM information_schema.columns a
		JOIN information_schema.table_constraints p ON p.table_schema = a.table_schema AND p.table_name = a.table_name AND p.constraint_type = 'PRIMARY KEY'
		JOIN information_schema.key_column_usage k ON k.constraint_schema = p.constraint_schema AND k.constraint_name = p.constraint_name
		WHERE a.table_schema = current_schema() AND a.column_name = 'account' ORDER BY a.table_name, k.ordinal_position`,
}

// PurgeAccounts deletes all that there is of the accounts that were deleted
// before a time, each in small commits: rows in all tables, files, and last its
// own row with the data key. What was cut off goes on the next time. It returns
// how many accounts are gone.
func (s *Store) PurgeAccounts(ctx context.Context, before time.Time) (purged int, err error) {
	// Those below were deleted first.
	ids, err := rows(ctx, s.read(), scanID[tandem.AccountID], `SELECT id FROM account WHERE deleted_at > 0 AND deleted_at <= $1 ORDER BY deleted_at, id DESC`, micros(before))
	if err != nil || len(ids) == 0 {
		return 0, err
	}
	tables, err := s.owned(ctx)
	if err != nil {
		return 0, fmt.Errorf("find the tables of accounts: %w", err)
	}
	for _, id := range ids {
		doomed, err := s.doom(ctx, id, before)
		if err == nil && doomed {
			err = s.purge(ctx, id, tables)
			purged++
		}
		if err != nil {
			return purged, fmt.Errorf("purge account %d: %w", id, err)
		}
	}
	return purged, nil
}

// doom makes sure that nobody restores an account that is deleted since before a
// time, of which parts will be gone: it was deleted at the beginning of time. It
// is false if the account was restored meanwhile.
func (s *Store) doom(ctx context.Context, id tandem.AccountID, before time.Time) (bool, error) {
	r, err := s.dialect.Writer().ExecContext(ctx, `UPDATE account SET deleted_at = 1 WHERE id = $1 AND deleted_at > 0 AND deleted_at <= $2`, id, micros(before))
	if err != nil {
		return false, err
	}
	n, err := r.RowsAffected()
	return n == 1, err
}

// owned gives the key columns of each table with accounts' rows.
func (s *Store) owned(ctx context.Context) (map[string][]string, error) {
	tables := map[string][]string{}
	_, err := rows(ctx, s.read(), func(r scanner) (struct{}, error) {
		var table, column string
		err := r.Scan(&table, &column)
		if !kept[table] {
			tables[table] = append(tables[table], column)
		}
		return struct{}{}, err
	}, ownedTables[s.dialect.Name()])
	return tables, err
}

func (s *Store) purge(ctx context.Context, id tandem.AccountID, tables map[string][]string) error {
	if err := s.purgeTransactions(ctx, id); err != nil {
		return err
	}
	if err := s.purgeUsers(ctx, id); err != nil {
		return err
	}
	if err := s.purgeCounts(ctx, id); err != nil {
		return fmt.Errorf("counts: %w", err)
	}
	for _, table := range slices.Sorted(maps.Keys(tables)) {
		key := strings.Join(tables[table], ", ")
		err := s.repeat(ctx, fmt.Sprintf(`DELETE FROM %[1]s WHERE (%[2]s) IN (SELECT %[2]s FROM %[1]s WHERE account = $1 LIMIT $2)`, table, key), id, expireBatch)
		if err != nil {
			return fmt.Errorf("table %s: %w", table, err)
		}
	}
	if err := s.purgeBlobs(ctx, id); err != nil {
		return err
	}
	if s.shared != nil {
		if err := s.shared.clear(ctx, fmt.Sprintf("%d/", id)); err != nil {
			return fmt.Errorf("delete the files: %w", err)
		}
	}
	if folder, ok := s.files.(fileFolder); ok {
		if err := folder.disk.RemoveAll(folder.account(id)); err != nil {
			return err
		}
	}
	return s.repeat(ctx, `DELETE FROM account WHERE id = $1 AND deleted_at > 0`, id)
}

// purgeBlobs deletes what no row knew of any more.
func (s *Store) purgeBlobs(ctx context.Context, id tandem.AccountID) error {
	if s.bucket != nil {
		err := s.bucket.Each(ctx, fmt.Sprintf("%d/", id), func(name string, _ time.Duration) error { return s.bucket.Delete(ctx, name) })
		if err != nil {
			return fmt.Errorf("delete the blobs: %w", err)
		}
	}
	if f, ok := s.folder.(blobFolder); ok {
		return f.disk.RemoveAll(f.path(strconv.FormatInt(int64(id), 10)))
	}
	return nil
}

// ownUsers are those that an account has made for itself.
const ownUsers = `SELECT u.id FROM membership m JOIN app_user u ON u.id = m.app_user WHERE m.account = $1 AND u.kind = 2`

// purgeUsers deletes an account's own users, each in one commit with the membership
// by which they are found: after a cut nobody would find who has none.
func (s *Store) purgeUsers(ctx context.Context, id tandem.AccountID) error {
	own, err := rows(ctx, s.read(), scanID[tandem.UserID], ownUsers, id)
	for _, user := range own {
		if err == nil {
			err = s.write(ctx, func(tx *sql.Tx) error { return purgeUser(ctx, tx, id, user) })
		}
	}
	return err
}

func purgeUser(ctx context.Context, tx *sql.Tx, id tandem.AccountID, user tandem.UserID) error {
	if _, err := tx.ExecContext(ctx, `DELETE FROM membership WHERE account = $1 AND app_user = $2`, id, user); err != nil {
		return err
	}
	for _, of := range []string{
		`app_user WHERE id = $1 AND NOT EXISTS (SELECT 1 FROM membership WHERE app_user = $1)`,
		`sign_on_subject WHERE kind = 'account' AND person = $1 AND NOT EXISTS (SELECT 1 FROM app_user WHERE id = $1)`,
	} {
		if _, err := tx.ExecContext(ctx, `DELETE FROM `+of, user); err != nil {
			return err
		}
	}
	return nil
}

// purgeTransactions deletes all of an account's, and their files.
func (s *Store) purgeTransactions(ctx context.Context, id tandem.AccountID) error {
	for {
		some, err := rows(ctx, s.read(), scanRecord, `SELECT id, next_seq - 1 FROM txn WHERE account = $1 ORDER BY id LIMIT $2`, id, expireBatch)
		if err != nil || len(some) == 0 {
			return err
		}
		if err := s.deleteTransactions(ctx, id, some); err != nil {
			return err
		}
	}
}
