package store

import (
	"context"
	"database/sql"
	"fmt"
	"strings"

	"github.com/tandem-ipaas/tandem"
)

const accountColumns = `a.id, a.partner, a.parent, a.api_id, a.created_at, a.name, a.description, p.api_id, a.audit_info, a.task_audit_info,
	a.timezone, a.next_bill_at, a.retain_success_hours, a.retain_errored_hours, a.error_webhook_enabled, a.error_webhook_url,
	a.error_webhook_warnings, a.concurrent_limit, a.step_limit, a.enabled, a.deleted_at`

const accountTables = `account a LEFT JOIN account p ON p.id = a.parent`

func scanAccount(s scanner) (*tandem.Account, error) {
	var a tandem.Account
	var created, bill, deleted int64
	err := s.Scan(&a.ID, &a.Partner, &a.ParentID, &a.APIID, &created, &a.Name, &a.Description, &a.ParentAccountID, &a.AuditInfo, &a.TaskAuditInfo,
		&a.Timezone, &bill, &a.StepDataSuccessRetentionHours, &a.StepDataErroredRetentionHours, &a.TransactionErrorWebhookEnabled,
		&a.TransactionErrorWebhookURL, &a.TransactionErrorWebhookIncludeWarnings, &a.ConcurrentTransactionLimit, &a.StepLimit, &a.Enabled, &deleted)
	a.CreatedDate = instant(created)
	if bill != 0 {
		at := instant(bill)
		a.NextBillDateUTC = &at
	}
	if deleted != 0 {
		at := instant(deleted)
		a.DeletedDate = &at
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
		change, err := stamp(ctx, tx, a.Partner)
		if err != nil {
			return err
		}
		if err := checkParent(ctx, tx, a, 1); err != nil {
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
				concurrent_limit, step_limit, enabled, data_key, created_at, deleted_at, stamp)
			VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, 0, $21)`,
			a.ID, a.Partner, a.APIID, a.ParentID, a.Name, a.Description, a.Timezone, a.AuditInfo, a.TaskAuditInfo, bill(a),
			a.StepDataSuccessRetentionHours, a.StepDataErroredRetentionHours, a.TransactionErrorWebhookEnabled, a.TransactionErrorWebhookURL,
			a.TransactionErrorWebhookIncludeWarnings, a.ConcurrentTransactionLimit, a.StepLimit, a.Enabled, wrapped, micros(a.CreatedDate), change)
		return err
	})
	if s.dialect.Duplicate(err) {
		return &tandem.Error{Code: tandem.Conflict, Field: "Id", Message: "ID already in use", Err: err}
	}
	return err
}

// spelled finds what an API ID names: the account that spells it the same, or else
// in another case, if it is a GUID.
func spelled[T any](apiID string, find func(spelling string) (T, error)) (found T, err error) {
	for _, spelling := range tandem.SpellAPIID(apiID) {
		if found, err = find(spelling); tandem.ErrorCode(err) != tandem.NotFound {
			break
		}
	}
	return found, err
}

// Account errors: NotFound.
func (s *Store) Account(ctx context.Context, p tandem.PartnerID, apiID string) (*tandem.Account, error) {
	return spelled(apiID, func(spelling string) (*tandem.Account, error) {
		return row(ctx, s.read(), accountName(apiID), scanAccount, `SELECT `+accountColumns+` FROM `+accountTables+`
			WHERE a.partner = $1 AND a.api_id = $2 AND a.deleted_at = 0`, p, spelling)
	})
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

var likeEscapes = strings.NewReplacer(`\`, `\\`, `%`, `\%`, `_`, `\_`)

// UpdateAccount changes the settings of an account under change, which sees
// them as they are and cannot be overtaken. Another ParentID moves it, and
// another Enabled suspends it or ends that.
//
// Errors: NotFound (the account, the parent), change's, and those of checkMove.
func (s *Store) UpdateAccount(ctx context.Context, p tandem.PartnerID, apiID string, change func(*tandem.Account) error) (*tandem.Account, error) {
	var a *tandem.Account
	err := s.write(ctx, func(tx *sql.Tx) error {
		n, err := stamp(ctx, tx, p)
		if err != nil {
			return err
		}
		id, err := spelled(apiID, func(spelling string) (tandem.AccountID, error) {
			return row(ctx, tx, accountName(apiID), scanID[tandem.AccountID],
				`UPDATE account SET stamp = $3 WHERE partner = $1 AND api_id = $2 AND deleted_at = 0 RETURNING id`, p, spelling, n)
		})
		if err != nil {
			return err
		}
		a, err = row(ctx, tx, accountName(apiID), scanAccount, `SELECT `+accountColumns+` FROM `+accountTables+` WHERE a.id = $1`, id)
		if err != nil {
			return err
		}
		was := *a
		if err := change(a); err != nil {
			return err
		}
		if a.ParentID != was.ParentID {
			if err := checkMove(ctx, tx, a, was.ParentID); err != nil {
				return err
			}
		}
		if a.Enabled != was.Enabled {
			if err := setEnabled(ctx, tx, a); err != nil {
				return err
			}
		}
		if a.Timezone != was.Timezone {
			if err := rezone(ctx, tx, a); err != nil {
				return err
			}
		}
		return saveAccount(ctx, tx, a)
	})
	return a, err
}

func saveAccount(ctx context.Context, tx *sql.Tx, a *tandem.Account) error {
	_, err := tx.ExecContext(ctx, `UPDATE account SET name = $2, description = $3, timezone = $4, audit_info = $5, task_audit_info = $6,
			next_bill_at = $7, retain_success_hours = $8, retain_errored_hours = $9, error_webhook_enabled = $10, error_webhook_url = $11,
			error_webhook_warnings = $12, concurrent_limit = $13, step_limit = $14, enabled = $15, parent = $16 WHERE id = $1`,
		a.ID, a.Name, a.Description, a.Timezone, a.AuditInfo, a.TaskAuditInfo, bill(a), a.StepDataSuccessRetentionHours,
		a.StepDataErroredRetentionHours, a.TransactionErrorWebhookEnabled, a.TransactionErrorWebhookURL,
		a.TransactionErrorWebhookIncludeWarnings, a.ConcurrentTransactionLimit, a.StepLimit, a.Enabled, a.ParentID)
	return err
}

// AccountAPIID is the API ID of an account. Errors: NotFound.
func (s *Store) AccountAPIID(ctx context.Context, id tandem.AccountID) (string, error) {
	return row(ctx, s.read(), "Account", func(r scanner) (apiID string, err error) {
		err = r.Scan(&apiID)
		return apiID, err
	}, `SELECT api_id FROM account WHERE id = $1`, id)
}
