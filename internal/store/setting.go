package store

import (
	"context"
	"database/sql"
	"errors"
)

// Setting gives a setting of the installation; nil if it is not set.
func (s *Store) Setting(ctx context.Context, name string) (value []byte, err error) {
	err = s.read().QueryRowContext(ctx, `SELECT value FROM setting WHERE name = $1`, name).Scan(&value)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, nil
	}
	return value, err
}

// InitSetting sets what is not set yet, and gives what holds then.
func (s *Store) InitSetting(ctx context.Context, name string, value []byte) (set []byte, err error) {
	err = s.dialect.Writer().QueryRowContext(ctx, `INSERT INTO setting (name, value) VALUES ($1, $2)
		ON CONFLICT (name) DO UPDATE SET value = setting.value RETURNING value`, name, value).Scan(&set)
	return set, err
}

// SetSetting sets what may be set already.
func (s *Store) SetSetting(ctx context.Context, name string, value []byte) error {
	_, err := s.dialect.Writer().ExecContext(ctx, `INSERT INTO setting (name, value) VALUES ($1, $2)
		ON CONFLICT (name) DO UPDATE SET value = excluded.value`, name, value)
	return err
}
