package store

import (
	"context"
	"database/sql"
	"fmt"
	"strings"
	"time"

	"github.com/tandem-ipaas/tandem"
)

const accountColumns = `a.id, a.partner, a.parent, a.api_id, a.created_at, a.name, a.description, p.api_id, a.audit_info, a.task_audit_info,
	a.timezone, a.next_bill_at, a.retain_success_hours, a.retain_errored_hours, a.error_webhook_enabled, a.error_webhook_url,
	a.error_webhook_warnings, a.concurrent_limit, a.step_limit, a.enabled`

const accountTables = `account a LEFT JOIN account p ON p.id = a.parent`

func scanAccount(s scanner) (*tandem.Account, error) {
	var a tandem.Account
	var created, bill int64
	err := s.Scan(&a.ID, &a.Partner, &a.ParentID, &a.APIID, &created, &a.Name, &a.Description, &a.ParentAccountID, &a.AuditInfo, &a.TaskAuditInfo,
		&a.Timezone, &bill, &a.StepDataSuccessRetentionHours, &a.StepDataErroredRetentionHours, &a.TransactionErrorWebhookEnabled,
		&a.TransactionErrorWebhookURL, &a.TransactionErrorWebhookIncludeWarnings, &a.ConcurrentTransactionLimit, &a.StepLimit, &a.Enabled)
	a.CreatedDate = instant(created)
	if bill != 0 {
		at := instant(bill)
		a.NextBillDateUTC = &at
	}
	return &a, err
}

func accountName(apiID string) string { return fmt.Sprintf("Account %q", apiID) }

func bill(a *tandem.Account) int64 {
	if a.NextBillDateUTC == nil {
		return 0
	}
	return micros(*a.NextBillDateUTC)
}

// CreateAccount gives a its ID and keeps it with the data key that key makes.
//
// Errors: NotFound (the parent), Conflict (the API ID is in use), Invalid (the
// tree would be too deep).
func (s *Store) CreateAccount(ctx context.Context, a *tandem.Account, key func(tandem.AccountID) ([]byte, error)) error {
	err := s.write(ctx, func(tx *sql.Tx) error {
		if err := checkParent(ctx, tx, a); err != nil {
			return err
		}
		n, err := next(ctx, tx, "account")
		if err != nil {
			return err
		}
		a.ID = tandem.AccountID(n)
		wrapped, err := key(a.ID)
		if err != nil {
			return err
		}
		_, err = tx.ExecContext(ctx, `INSERT INTO account (id, partner, api_id, parent, name, description, timezone, audit_info, task_audit_info,
				next_bill_at, retain_success_hours, retain_errored_hours, error_webhook_enabled, error_webhook_url, error_webhook_warnings,
				concurrent_limit, step_limit, enabled, data_key, created_at, deleted_at)
			VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, 0)`,
			a.ID, a.Partner, a.APIID, a.ParentID, a.Name, a.Description, a.Timezone, a.AuditInfo, a.TaskAuditInfo, bill(a),
			a.StepDataSuccessRetentionHours, a.StepDataErroredRetentionHours, a.TransactionErrorWebhookEnabled, a.TransactionErrorWebhookURL,
			a.TransactionErrorWebhookIncludeWarnings, a.ConcurrentTransactionLimit, a.StepLimit, a.Enabled, wrapped, micros(a.CreatedDate))
		return err
	})
	if s.dialect.Duplicate(err) {
		return &tandem.Error{Code: tandem.Conflict, Field: "Id", Message: "ID already in use", Err: err}
	}
	return err
}

// checkParent holds a's parent, so that it stays, and measures the tree.
func checkParent(ctx context.Context, tx *sql.Tx, a *tandem.Account) error {
	if a.ParentID == 0 {
		return nil
	}
	if err := holdAccount(ctx, tx, a.Partner, a.ParentID); err != nil {
		return err
	}
	var depth int
	err := tx.QueryRowContext(ctx, `WITH RECURSIVE above (id, parent) AS (
			SELECT id, parent FROM account WHERE id = $1
			UNION ALL SELECT u.id, u.parent FROM account u JOIN above ON u.id = above.parent)
		SELECT count(*) FROM above`, a.ParentID).Scan(&depth)
	if err != nil {
		return fmt.Errorf("depth of account %d: %w", a.ParentID, err)
	}
	if depth >= tandem.MaxAccountDepth {
		return tandem.Invalidf("ParentAccountId", "ParentAccountId: accounts may be at most %d levels deep", tandem.MaxAccountDepth)
	}
	return nil
}

// holdAccount keeps a live account as it is until tx ends: the row is locked by
// a write that changes nothing.
func holdAccount(ctx context.Context, tx *sql.Tx, p tandem.PartnerID, id tandem.AccountID) error {
	r, err := tx.ExecContext(ctx, `UPDATE account SET deleted_at = 0 WHERE partner = $1 AND id = $2 AND deleted_at = 0`, p, id)
	return changed(r, err, fmt.Sprintf("Account %d", id))
}

// Account errors: NotFound.
func (s *Store) Account(ctx context.Context, p tandem.PartnerID, apiID string) (*tandem.Account, error) {
	return row(ctx, s.read(), accountName(apiID), scanAccount, `SELECT `+accountColumns+` FROM `+accountTables+`
		WHERE a.partner = $1 AND a.api_id = $2 AND a.deleted_at = 0`, p, apiID)
}

// AccountByID errors: NotFound.
func (s *Store) AccountByID(ctx context.Context, p tandem.PartnerID, id tandem.AccountID) (*tandem.Account, error) {
	return row(ctx, s.read(), fmt.Sprintf("Account %d", id), scanAccount, `SELECT `+accountColumns+` FROM `+accountTables+`
		WHERE a.partner = $1 AND a.id = $2 AND a.deleted_at = 0`, p, id)
}

// AnyAccount finds an account of any partner. Errors: NotFound.
func (s *Store) AnyAccount(ctx context.Context, id tandem.AccountID) (*tandem.Account, error) {
	return row(ctx, s.read(), fmt.Sprintf("Account %d", id), scanAccount, `SELECT `+accountColumns+` FROM `+accountTables+`
		WHERE a.id = $1 AND a.deleted_at = 0`, id)
}

// accountOrders are by indexes of the table.
var accountOrders = map[string][]string{"": {"lower(a.name)", "a.id"}, "Name": {"lower(a.name)", "a.id"}, "Id": {"a.api_id"}, "CreatedDate": {"a.created_at", "a.id"}}

var likeEscapes = strings.NewReplacer(`\`, `\\`, `%`, `\%`, `_`, `\_`)

// ListAccounts lists the accounts of a partner, or those right below parent.
//
// Errors: Invalid (OrderBy).
func (s *Store) ListAccounts(ctx context.Context, p tandem.PartnerID, parent tandem.AccountID, f tandem.AccountFilter) (tandem.Page[tandem.Account], error) {
	var page tandem.Page[tandem.Account]
	order, ok := accountOrders[f.OrderBy]
	if !ok {
		return page, tandem.Invalidf("orderBy", "orderBy: want Name, Id or CreatedDate")
	}
	direction := ""
	if f.Descend {
		direction = " DESC"
	}
	by := strings.Join(order, direction+", ") + direction
	c := accountsOf(p, parent, f.Query)
	if err := s.read().QueryRowContext(ctx, `SELECT count(*) FROM account a`+c.where(), c.args...).Scan(&page.Total); err != nil {
		return page, fmt.Errorf("count accounts: %w", err)
	}
	// The rows before the page are passed by in the index alone.
	found, err := rows(ctx, s.read(), scanAccount, fmt.Sprintf(`SELECT %s FROM %s WHERE a.id IN (SELECT a.id FROM account a%s ORDER BY %s LIMIT %d OFFSET %d) ORDER BY %s`,
		accountColumns, accountTables, c.where(), by, f.Limit(), f.Offset(), by), c.args...)
	if err != nil {
		return page, fmt.Errorf("list accounts: %w", err)
	}
	page.Rows = make([]tandem.Account, len(found))
	for i, a := range found {
		page.Rows[i] = *a
	}
	return page, nil
}

// accountsOf are the conditions of a list of accounts.
func accountsOf(p tandem.PartnerID, parent tandem.AccountID, query string) *conditions {
	c := &conditions{all: []string{"a.deleted_at = 0"}}
	c.add("a.partner = ", p)
	if parent != 0 {
		c.add("a.parent = ", parent)
	}
	if query != "" {
		c.args = append(c.args, "%"+likeEscapes.Replace(strings.ToLower(query))+"%")
		c.all = append(c.all, fmt.Sprintf(`(lower(a.name) LIKE $%[1]d ESCAPE '\' OR lower(a.api_id) LIKE $%[1]d ESCAPE '\')`, len(c.args)))
	}
	return c
}

// UpdateAccount changes the settings of an account under change, which sees
// them as they are and cannot be overtaken. Errors: NotFound, and change's.
func (s *Store) UpdateAccount(ctx context.Context, p tandem.PartnerID, apiID string, change func(*tandem.Account) error) (*tandem.Account, error) {
	var a *tandem.Account
	err := s.write(ctx, func(tx *sql.Tx) error {
		id, err := row(ctx, tx, accountName(apiID), scanAccountID,
			`UPDATE account SET deleted_at = 0 WHERE partner = $1 AND api_id = $2 AND deleted_at = 0 RETURNING id`, p, apiID)
		if err != nil {
			return err
		}
		a, err = row(ctx, tx, accountName(apiID), scanAccount, `SELECT `+accountColumns+` FROM `+accountTables+` WHERE a.id = $1`, id)
		if err != nil {
			return err
		}
		if err := change(a); err != nil {
			return err
		}
		_, err = tx.ExecContext(ctx, `UPDATE account SET name = $2, description = $3, timezone = $4, audit_info = $5, task_audit_info = $6,
				next_bill_at = $7, retain_success_hours = $8, retain_errored_hours = $9, error_webhook_enabled = $10, error_webhook_url = $11,
				error_webhook_warnings = $12, concurrent_limit = $13, step_limit = $14, enabled = $15 WHERE id = $1`,
			id, a.Name, a.Description, a.Timezone, a.AuditInfo, a.TaskAuditInfo, bill(a), a.StepDataSuccessRetentionHours,
			a.StepDataErroredRetentionHours, a.TransactionErrorWebhookEnabled, a.TransactionErrorWebhookURL,
			a.TransactionErrorWebhookIncludeWarnings, a.ConcurrentTransactionLimit, a.StepLimit, a.Enabled)
		return err
	})
	return a, err
}

func scanAccountID(s scanner) (id tandem.AccountID, err error) { return id, s.Scan(&id) }

// DeleteAccount marks an account as deleted and forgets its tokens.
//
// Errors: NotFound, Conflict (it has sub-accounts).
func (s *Store) DeleteAccount(ctx context.Context, p tandem.PartnerID, id tandem.AccountID, at time.Time) error {
	return s.write(ctx, func(tx *sql.Tx) error {
		if err := holdAccount(ctx, tx, p, id); err != nil {
			return err
		}
		var below int
		err := tx.QueryRowContext(ctx, `SELECT count(*) FROM account WHERE parent = $1 AND deleted_at = 0`, id).Scan(&below)
		if err != nil {
			return err
		}
		if below > 0 {
			return tandem.Conflictf("The account has sub-accounts. Delete them first.")
		}
		if _, err := tx.ExecContext(ctx, `DELETE FROM access_token WHERE account = $1`, id); err != nil {
			return err
		}
		_, err = tx.ExecContext(ctx, `UPDATE account SET deleted_at = $2 WHERE id = $1`, id, micros(at))
		return err
	})
}
