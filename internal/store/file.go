package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"time"

	"github.com/tandem-ipaas/tandem"
)

// fileContent is where the content of files is. A file that is not there is no
// error when it is deleted.
type fileContent interface {
	write(ctx context.Context, a tandem.AccountID, id string, r io.Reader) (size int64, err error)
	open(ctx context.Context, a tandem.AccountID, f tandem.File) (io.ReadCloser, error)
	remove(ctx context.Context, a tandem.AccountID, id string) error
}

// cleanTime is how long it may take to take back what failed.
const cleanTime = 10 * time.Second

// CreateFile keeps what r has, and sets f's Size and CreatedAt. The file is durable
// before it can be opened; what fails leaves none. All files of an account together
// have at most limit bytes.
//
// Errors: TooLarge; r's.
func (s *Store) CreateFile(ctx context.Context, a tandem.AccountID, f *tandem.File, r io.Reader, limit int64) (err error) {
	used := int64(0)
	err = s.read().QueryRowContext(ctx, `SELECT bytes FROM file_use WHERE account = $1`, a).Scan(&used)
	if err != nil && !errors.Is(err, sql.ErrNoRows) {
		return fmt.Errorf("create file: %w", err)
	}
	if used >= limit {
		return tooManyFiles(limit)
	}
	place := s.newPlace()
	to, err := s.filesAt(place)
	if err != nil {
		return err
	}
	err = s.transact(ctx, nil, func(tx *sql.Tx) error {
		_, err := tx.ExecContext(ctx, `INSERT INTO file (account, id, name, content_type, size, created_at, place) VALUES ($1, $2, $3, $4, -1, $5, $6)`,
			a, f.ID, f.Name, f.ContentType, micros(time.Now()), place)
		return err
	})
	if err != nil {
		return fmt.Errorf("create file %s: %w", f.ID, err)
	}
	if f.Size, err = to.write(ctx, a, f.ID, r); err == nil {
		f.CreatedAt = time.Now().UTC().Truncate(time.Microsecond)
		err = s.finishFile(ctx, a, f, limit)
	}
	if err != nil {
		clean, cancel := context.WithTimeout(context.WithoutCancel(ctx), cleanTime)
		defer cancel()
		return errors.Join(err, s.eraseFile(clean, a, f.ID))
	}
	return nil
}

func tooManyFiles(limit int64) error {
	return &tandem.Error{Code: tandem.TooLarge, Message: fmt.Sprintf("The account's files would have more than %d bytes together.", limit)}
}

// finishFile makes what was written a file. The row of what is used is the lock by
// which many at once do not go beyond the limit.
func (s *Store) finishFile(ctx context.Context, a tandem.AccountID, f *tandem.File, limit int64) error {
	return s.transact(ctx, nil, func(tx *sql.Tx) error {
		used := int64(0)
		err := tx.QueryRowContext(ctx, `INSERT INTO file_use (account, bytes) VALUES ($1, $2)
			ON CONFLICT (account) DO UPDATE SET bytes = file_use.bytes + $2 RETURNING bytes`, a, f.Size).Scan(&used)
		if err != nil {
			return fmt.Errorf("count file %s: %w", f.ID, err)
		}
		if used > limit {
			return tooManyFiles(limit)
		}
		r, err := tx.ExecContext(ctx, `UPDATE file SET size = $3, created_at = $4 WHERE account = $1 AND id = $2 AND size = -1 AND created_at > 1`, a, f.ID, f.Size, micros(f.CreatedAt))
		return changed(r, err, "File")
	})
}

// placedFile is a file, and where its content is.
type placedFile struct {
	tandem.File
	place filePlace
}

func scanFile(r scanner) (f placedFile, err error) {
	var at int64
	err = r.Scan(&f.ID, &f.Name, &f.ContentType, &f.Size, &at, &f.place)
	f.CreatedAt = instant(at)
	return f, err
}

// OpenFile begins to read a file of an account. Errors: NotFound.
func (s *Store) OpenFile(ctx context.Context, a tandem.AccountID, id string) (io.ReadCloser, tandem.File, error) {
	placed, err := row(ctx, s.read(), "File", scanFile, `SELECT id, name, content_type, size, created_at, place FROM file WHERE account = $1 AND id = $2 AND size >= 0`, a, id)
	f := placed.File
	if err != nil {
		return nil, f, err
	}
	from, err := s.filesAt(placed.place)
	if err != nil {
		return nil, f, fmt.Errorf("open file %s: %w", id, err)
	}
	r, err := from.open(ctx, a, f)
	if errors.Is(err, fs.ErrNotExist) { // it was deleted meanwhile, or a copy was made without it
		return nil, f, tandem.NotFoundf("File could not be found.")
	}
	if err != nil {
		return nil, f, fmt.Errorf("open file %s: %w", id, err)
	}
	return r, f, nil
}

// DeleteFile deletes a file, if it is there.
func (s *Store) DeleteFile(ctx context.Context, a tandem.AccountID, id string) error {
	err := s.transact(ctx, nil, func(tx *sql.Tx) error {
		size := int64(0)
		err := tx.QueryRowContext(ctx, `SELECT size FROM file WHERE account = $1 AND id = $2`, a, id).Scan(&size)
		if err != nil {
			return err
		}
		r, err := tx.ExecContext(ctx, `UPDATE file SET size = -1, created_at = 1 WHERE account = $1 AND id = $2 AND size = $3`, a, id, size)
		if err == nil {
			err = changed(r, nil, "File")
		}
		if err == nil && size > 0 {
			_, err = tx.ExecContext(ctx, `UPDATE file_use SET bytes = bytes - $2 WHERE account = $1`, a, size)
		}
		return err
	})
	switch {
	case errors.Is(err, sql.ErrNoRows), tandem.ErrorCode(err) == tandem.NotFound: // somebody else deletes it
		return nil
	case err != nil:
		return fmt.Errorf("delete file %s: %w", id, err)
	}
	return s.eraseFile(ctx, a, id)
}

// eraseFile deletes the content of what is no file (any more), and then its row.
func (s *Store) eraseFile(ctx context.Context, a tandem.AccountID, id string) error {
	var place filePlace
	switch err := s.read().QueryRowContext(ctx, `SELECT place FROM file WHERE account = $1 AND id = $2`, a, id).Scan(&place); {
	case errors.Is(err, sql.ErrNoRows): // somebody else has erased it
		return nil
	case err != nil:
		return fmt.Errorf("erase file %s: %w", id, err)
	}
	from, err := s.filesAt(place)
	if err == nil {
		err = from.remove(ctx, a, id)
	}
	if err != nil {
		return fmt.Errorf("erase file %s: %w", id, err)
	}
	return s.transact(ctx, nil, func(tx *sql.Tx) error {
		_, err := tx.ExecContext(ctx, `DELETE FROM file WHERE account = $1 AND id = $2 AND size = -1`, a, id)
		return err
	})
}
