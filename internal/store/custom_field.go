package store

import (
	"context"
	"database/sql"
	"fmt"

	"github.com/tandem-ipaas/tandem"
)

const customFieldColumns = `id, location, system_field, display_name, description, data_type, data_type_format, method, entity, for_request`

func scanCustomField(s scanner) (f tandem.CustomField, err error) {
	return f, s.Scan(&f.ID, &f.ConnectorField, &f.SystemField, &f.DisplayName, &f.Description, &f.DataType, &f.DataTypeFormat,
		&f.MethodUniqueIdentifier, &f.EntityIdentifier, &f.ForRequestFormat)
}

func customFieldName(id int64) string { return fmt.Sprintf("Field %d", id) }

// CustomFields lists those of an account connector, oldest first. Account is its
// owner.
func (s *Store) CustomFields(ctx context.Context, a tandem.AccountID, id tandem.AccountConnectorID) ([]tandem.CustomField, error) {
	return rows(ctx, s.read(), scanCustomField,
		`SELECT `+customFieldColumns+` FROM custom_field WHERE account = $1 AND account_connector = $2 ORDER BY id`, a, id)
}

// AllCustomFields lists those of all account connectors of a and of the accounts
// above it, oldest first.
func (s *Store) AllCustomFields(ctx context.Context, a tandem.AccountID) (map[tandem.AccountConnectorID][]tandem.CustomField, error) {
	all := map[tandem.AccountConnectorID][]tandem.CustomField{}
	_, err := rows(ctx, s.read(), func(r scanner) (of tandem.AccountConnectorID, err error) {
		var f tandem.CustomField
		err = r.Scan(&of, &f.ID, &f.ConnectorField, &f.SystemField, &f.DisplayName, &f.Description, &f.DataType, &f.DataTypeFormat,
			&f.MethodUniqueIdentifier, &f.EntityIdentifier, &f.ForRequestFormat)
		all[of] = append(all[of], f)
		return of, err
	}, above+`SELECT account_connector, `+customFieldColumns+` FROM custom_field WHERE account IN (SELECT id FROM above) ORDER BY id`, a)
	return all, err
}

// CustomField errors: NotFound.
func (s *Store) CustomField(ctx context.Context, a tandem.AccountID, id tandem.AccountConnectorID, field int64) (tandem.CustomField, error) {
	return row(ctx, s.read(), customFieldName(field), scanCustomField,
		`SELECT `+customFieldColumns+` FROM custom_field WHERE account = $1 AND account_connector = $2 AND id = $3`, a, id, field)
}

// InsertCustomField sets f.ID. Errors: NotFound (the account connector, which
// must be a's own), Conflict (there is such a field), Invalid (there are max
// already).
func (s *Store) InsertCustomField(ctx context.Context, a tandem.AccountID, id tandem.AccountConnectorID, f *tandem.CustomField, most int) error {
	return s.duplicateField(s.write(ctx, func(tx *sql.Tx) error {
		if err := holdAccountConnector(ctx, tx, a, id); err != nil {
			return err
		}
		var n int
		err := tx.QueryRowContext(ctx, `SELECT count(*) FROM custom_field WHERE account = $1 AND account_connector = $2`, a, id).Scan(&n)
		if err != nil {
			return err
		}
		if n >= most {
			return tandem.Invalidf("", "An account connector has %d custom fields at most.", most)
		}
		if f.ID, err = next(ctx, tx, "connector_part"); err != nil {
			return err
		}
		_, err = tx.ExecContext(ctx, `INSERT INTO custom_field (account, account_connector, `+customFieldColumns+`)
			VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)`, a, id, f.ID, f.ConnectorField, f.SystemField, f.DisplayName, f.Description,
			f.DataType, f.DataTypeFormat, f.MethodUniqueIdentifier, f.EntityIdentifier, f.ForRequestFormat)
		return err
	}))
}

func (s *Store) duplicateField(err error) error {
	if s.dialect.Duplicate(err) {
		return &tandem.Error{Code: tandem.Conflict, Field: "ConnectorField", Message: "There is a field with this ConnectorField already.", Err: err}
	}
	return err
}

// holdAccountConnector takes the lock of one of a's own. Errors: NotFound.
func holdAccountConnector(ctx context.Context, tx *sql.Tx, a tandem.AccountID, id tandem.AccountConnectorID) error {
	r, err := tx.ExecContext(ctx, `UPDATE account_connector SET id = id WHERE account = $1 AND id = $2`, a, id)
	return changed(r, err, "Account connector")
}

// ChangeCustomField changes a field under change. Errors: NotFound, Conflict
// (there is such a field), and change's.
func (s *Store) ChangeCustomField(ctx context.Context, a tandem.AccountID, id tandem.AccountConnectorID, field int64, change func(*tandem.CustomField) error) (f tandem.CustomField, err error) {
	return f, s.duplicateField(s.write(ctx, func(tx *sql.Tx) error {
		if err := holdAccountConnector(ctx, tx, a, id); err != nil {
			return err
		}
		f, err = row(ctx, tx, customFieldName(field), scanCustomField,
			`SELECT `+customFieldColumns+` FROM custom_field WHERE account = $1 AND account_connector = $2 AND id = $3`, a, id, field)
		if err != nil {
			return err
		}
		if err := change(&f); err != nil {
			return err
		}
		_, err = tx.ExecContext(ctx, `UPDATE custom_field SET location = $4, system_field = $5, display_name = $6, description = $7, data_type = $8,
				data_type_format = $9, method = $10, entity = $11, for_request = $12
			WHERE account = $1 AND account_connector = $2 AND id = $3`, a, id, field, f.ConnectorField, f.SystemField, f.DisplayName, f.Description,
			f.DataType, f.DataTypeFormat, f.MethodUniqueIdentifier, f.EntityIdentifier, f.ForRequestFormat)
		return err
	}))
}

// DeleteCustomField errors: NotFound.
func (s *Store) DeleteCustomField(ctx context.Context, a tandem.AccountID, id tandem.AccountConnectorID, field int64) error {
	return s.write(ctx, func(tx *sql.Tx) error {
		r, err := tx.ExecContext(ctx, `DELETE FROM custom_field WHERE account = $1 AND account_connector = $2 AND id = $3`, a, id, field)
		return changed(r, err, customFieldName(field))
	})
}
