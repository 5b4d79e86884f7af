package store

import (
	"context"
	"database/sql"
	"fmt"
	"slices"
	"strings"

	"github.com/tandem-ipaas/tandem"
)

// stamp makes the caller the only one to change a partner's accounts until tx
// ends, and gives the number of the change; see directory.
func stamp(ctx context.Context, tx *sql.Tx, p tandem.PartnerID) (n int64, err error) {
	return row(ctx, tx, partnerName, scanID[int64], `UPDATE partner SET account_stamp = account_stamp + 1 WHERE id = $1 RETURNING account_stamp`, p)
}

// holdAccount keeps a live account as it is until tx ends: the row is locked by a
// write that changes nothing.
func holdAccount(ctx context.Context, tx *sql.Tx, p tandem.PartnerID, id tandem.AccountID) error {
	r, err := tx.ExecContext(ctx, `UPDATE account SET deleted_at = 0 WHERE partner = $1 AND id = $2 AND deleted_at = 0`, p, id)
	return changed(r, err, fmt.Sprintf("Account %d", id))
}

// tree is a part of the tree of accounts.
type tree struct {
	ids    []tandem.AccountID // nearest first
	levels int
}

func (t tree) has(id tandem.AccountID) bool { return slices.Contains(t.ids, id) }

// aboveAccount is an account and those above it; 0 has none.
func aboveAccount(ctx context.Context, q querier, id tandem.AccountID) (tree, error) {
	ids, err := rows(ctx, q, scanID[tandem.AccountID], above+`SELECT id FROM above ORDER BY level`, id)
	return tree{ids, len(ids)}, err
}

// belowAccount is an account and the live ones below it.
func belowAccount(ctx context.Context, q querier, id tandem.AccountID) (t tree, err error) {
	_, err = rows(ctx, q, func(r scanner) (struct{}, error) {
		var id tandem.AccountID
		var level int
		err := r.Scan(&id, &level)
		t.ids, t.levels = append(t.ids, id), max(t.levels, level)
		return struct{}{}, err
	}, `WITH RECURSIVE below (id, level) AS (
			SELECT CAST($1 AS bigint), 1
			UNION ALL SELECT a.id, below.level + 1 FROM account a JOIN below ON a.parent = below.id WHERE a.deleted_at = 0 AND below.level <= $2)
		SELECT id, level FROM below ORDER BY level, id`, id, tandem.MaxAccountDepth)
	return t, err
}

// Subtree lists an account and those below it, the lowest first.
func (s *Store) Subtree(ctx context.Context, id tandem.AccountID) ([]tandem.AccountID, error) {
	t, err := belowAccount(ctx, s.read(), id)
	slices.Reverse(t.ids)
	return t.ids, err
}

// checkParent holds a's parent, so that it stays, and measures the tree that
// would come of so many levels below it.
func checkParent(ctx context.Context, tx *sql.Tx, a *tandem.Account, levels int) error {
	if a.ParentID == 0 {
		return nil
	}
	if err := holdAccount(ctx, tx, a.Partner, a.ParentID); err != nil {
		return err
	}
	up, err := aboveAccount(ctx, tx, a.ParentID)
	if err != nil {
		return fmt.Errorf("depth of account %d: %w", a.ParentID, err)
	}
	if up.levels+levels > tandem.MaxAccountDepth {
		return tandem.Invalidf("ParentAccountId", "ParentAccountId: accounts may be at most %d levels deep", tandem.MaxAccountDepth)
	}
	return nil
}

// checkMove sees to it that a can leave was, the account above it, for
// a.ParentID, and nothing breaks.
//
// Errors: NotFound (the parent), Invalid (a loop, too deep), Conflict (cycles
// use connectors that they would lose).
func checkMove(ctx context.Context, tx *sql.Tx, a *tandem.Account, was tandem.AccountID) error {
	moved, err := belowAccount(ctx, tx, a.ID)
	if err != nil {
		return fmt.Errorf("what is below account %d: %w", a.ID, err)
	}
	if moved.has(a.ParentID) {
		return tandem.Invalidf("ParentAccountId", "ParentAccountId: an account cannot be below itself")
	}
	if err := checkParent(ctx, tx, a, moved.levels); err != nil {
		return err
	}
	left, err := aboveAccount(ctx, tx, was)
	if err != nil {
		return err
	}
	kept, err := aboveAccount(ctx, tx, a.ParentID)
	if err != nil {
		return err
	}
	var lost []tandem.AccountID
	for _, id := range left.ids {
		if !kept.has(id) {
			lost = append(lost, id)
		}
	}
	return checkLoss(ctx, tx, moved, lost)
}

// maxNamed is how many cycles a message names.
const maxNamed = 10

// checkLoss finds cycles of accounts that use connectors of accounts that they
// are to lose.
func checkLoss(ctx context.Context, tx *sql.Tx, moved tree, lost []tandem.AccountID) error {
	if len(lost) == 0 {
		return nil
	}
	using, err := rows(ctx, tx, func(r scanner) (string, error) {
		var cycle, account string
		err := r.Scan(&cycle, &account)
		return fmt.Sprintf("%q of account %q", cycle, account), err
	}, `SELECT DISTINCT c.name, a.api_id FROM account_connector ac JOIN cycle_connector u ON u.account_connector = ac.id
		JOIN cycle c ON c.account = u.account AND c.id = u.cycle JOIN account a ON a.id = u.account
		WHERE ac.account IN (`+numbers(lost)+`) AND u.account IN (`+numbers(moved.ids)+`) AND c.deleted_at = 0
		ORDER BY 2, 1`)
	if err != nil || len(using) == 0 {
		return err
	}
	more := ""
	if n := len(using) - maxNamed; n > 0 {
		using, more = using[:maxNamed], fmt.Sprintf(" and %d more", n)
	}
	return tandem.Conflictf("The account cannot be moved: cycles use connectors of accounts above it, which they would lose: %s%s.", strings.Join(using, ", "), more)
}
