package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"

	"github.com/tandem-ipaas/tandem"
)

const customFieldColumns = `id, location, system_field, display_name, description, data_type, data_type_format, method, entity, for_request,
	is_optional, read_only, hidden, fallback, choices, discovered`

func scanCustomField(s scanner) (f tandem.CustomField, err error) { return f, scanFieldAfter(s, &f) }

// scanFieldAfter scans what comes before, then the columns of f.
func scanFieldAfter(s scanner, f *tandem.CustomField, before ...any) error {
	var choices string
	err := s.Scan(append(before, &f.ID, &f.ConnectorField, &f.SystemField, &f.DisplayName, &f.Description, &f.DataType, &f.DataTypeFormat,
		&f.MethodUniqueIdentifier, &f.EntityIdentifier, &f.ForRequestFormat, &f.Optional, &f.ReadOnly, &f.Hidden, &f.Default, &choices, &f.Discovered)...)
	if err == nil && choices != "" {
		err = json.Unmarshal([]byte(choices), &f.Values)
	}
	return err
}

// customFieldValues are the columns of f, but for its id.
func customFieldValues(f *tandem.CustomField) ([]any, error) {
	choices := ""
	if len(f.Values) > 0 {
		data, err := json.Marshal(f.Values)
		if err != nil {
			return nil, fmt.Errorf("write the choices of field %s: %w", f.ConnectorField, err)
		}
		choices = string(data)
	}
	return []any{
		f.ConnectorField, f.SystemField, f.DisplayName, f.Description, f.DataType, f.DataTypeFormat, f.MethodUniqueIdentifier, f.EntityIdentifier,
		f.ForRequestFormat, f.Optional, f.ReadOnly, f.Hidden, f.Default, choices, f.Discovered,
	}, nil
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
		err = scanFieldAfter(r, &f, &of)
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
	return s.AddCustomFields(ctx, a, id, most, func([]tandem.CustomField) ([]*tandem.CustomField, error) { return []*tandem.CustomField{f}, nil })
}

// AddCustomFields adds those that choose gives, which sees what there are, and sets
// their ids. Errors: as InsertCustomField, and choose's.
func (s *Store) AddCustomFields(ctx context.Context, a tandem.AccountID, id tandem.AccountConnectorID, most int,
	choose func([]tandem.CustomField) ([]*tandem.CustomField, error),
) error {
	return s.duplicateField(s.write(ctx, func(tx *sql.Tx) error {
		if err := holdAccountConnector(ctx, tx, a, id); err != nil {
			return err
		}
		was, err := rows(ctx, tx, scanCustomField, `SELECT `+customFieldColumns+` FROM custom_field WHERE account = $1 AND account_connector = $2 ORDER BY id`, a, id)
		if err != nil {
			return err
		}
		added, err := choose(was)
		if err != nil {
			return err
		}
		if len(was)+len(added) > most {
			return tandem.Invalidf("", "An account connector has %d custom fields at most.", most)
		}
		for _, f := range added {
			if err := insertCustomField(ctx, tx, a, id, f); err != nil {
				return err
			}
		}
		return nil
	}))
}

func insertCustomField(ctx context.Context, tx *sql.Tx, a tandem.AccountID, id tandem.AccountConnectorID, f *tandem.CustomField) (err error) {
	if f.ID, err = next(ctx, tx, "connector_part"); err != nil {
		return err
	}
	values, err := customFieldValues(f)
	if err != nil {
		return err
	}
	_, err = tx.ExecContext(ctx, `INSERT INTO custom_field (account, account_connector, `+customFieldColumns+`)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18)`, append([]any{a, id, f.ID}, values...)...)
	return err
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
		values, err := customFieldValues(&f)
		if err != nil {
			return err
		}
		_, err = tx.ExecContext(ctx, `UPDATE custom_field SET location = $4, system_field = $5, display_name = $6, description = $7, data_type = $8,
				data_type_format = $9, method = $10, entity = $11, for_request = $12, is_optional = $13, read_only = $14, hidden = $15, fallback = $16,
				choices = $17, discovered = $18
			WHERE account = $1 AND account_connector = $2 AND id = $3`, append([]any{a, id, field}, values...)...)
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
