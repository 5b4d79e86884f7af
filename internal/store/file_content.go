package store

import (
	"context"
	"database/sql"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"github.com/tandem-ipaas/tandem"
)

// fileFolder keeps files in a folder, one for each account in it.
type fileFolder struct {
	dir  string
	disk Disk
}

func (f fileFolder) account(a tandem.AccountID) string {
	return filepath.Join(f.dir, strconv.FormatInt(int64(a), 10))
}

func (f fileFolder) write(_ context.Context, a tandem.AccountID, id string, r io.Reader) (size int64, err error) {
	return saved(f.disk, f.dir, filepath.Join(f.account(a), id), r)
}

func (f fileFolder) open(_ context.Context, a tandem.AccountID, file tandem.File) (io.ReadCloser, error) {
	return os.Open(filepath.Join(f.account(a), file.ID))
}

func (f fileFolder) remove(_ context.Context, a tandem.AccountID, id string) error {
	var errs []error
	for _, name := range []string{id, id + unfinished} {
		if err := f.disk.Remove(filepath.Join(f.account(a), name)); !errors.Is(err, fs.ErrNotExist) {
			errs = append(errs, err)
		}
	}
	return errors.Join(errs...)
}

// sweep deletes the content that has no row: of a database that is older, as a
// restored one is.
func (f fileFolder) sweep(known func(a tandem.AccountID, id string) (bool, error)) error {
	paths, err := filepath.Glob(filepath.Join(f.dir, "*", "*"))
	if err != nil {
		return err
	}
	for _, path := range paths {
		account, err := strconv.ParseInt(filepath.Base(filepath.Dir(path)), 10, 64)
		if err == nil {
			has, err := known(tandem.AccountID(account), strings.TrimSuffix(filepath.Base(path), unfinished))
			if err != nil {
				return err
			}
			if has {
				continue
			}
		}
		if err := f.disk.Remove(path); err != nil {
			return err
		}
	}
	return nil
}

// chunkSize is how many bytes of a file a row has at most, and how many are in
// memory at once.
const chunkSize = 1 << 20

// fileRows keeps files in rows, which all nodes see.
type fileRows struct{ store *Store }

func (f fileRows) write(ctx context.Context, a tandem.AccountID, id string, r io.Reader) (size int64, _ error) {
	chunk := make([]byte, chunkSize)
	for seq := 0; ; seq++ {
		n, err := io.ReadFull(r, chunk)
		if err != nil && !errors.Is(err, io.EOF) && !errors.Is(err, io.ErrUnexpectedEOF) {
			return size, err
		}
		if n > 0 {
			failed := f.store.transact(ctx, nil, func(tx *sql.Tx) error {
				_, err := tx.ExecContext(ctx, `INSERT INTO file_chunk (account, file, seq, data) VALUES ($1, $2, $3, $4)`, a, id, seq, chunk[:n])
				return err
			})
			if failed != nil {
				return size, failed
			}
			size += int64(n)
		}
		if err != nil {
			return size, nil
		}
	}
}

func (f fileRows) open(ctx context.Context, a tandem.AccountID, file tandem.File) (io.ReadCloser, error) {
	return &chunkReader{ctx: ctx, rows: f, account: a, file: file}, nil
}

func (f fileRows) remove(ctx context.Context, a tandem.AccountID, id string) error {
	return f.store.repeat(ctx, `DELETE FROM file_chunk WHERE (account, file, seq) IN
		(SELECT account, file, seq FROM file_chunk WHERE account = $1 AND file = $2 LIMIT $3)`, a, id, expireBatch)
}

// chunkReader reads a file chunk by chunk.
type chunkReader struct {
	ctx     context.Context
	rows    fileRows
	account tandem.AccountID
	file    tandem.File
	seq     int
	read    int64
	rest    []byte
}

// Read implements io.Reader.
func (c *chunkReader) Read(p []byte) (int, error) {
	if len(c.rest) == 0 {
		if c.read == c.file.Size {
			return 0, io.EOF
		}
		err := c.rows.store.read().QueryRowContext(c.ctx, `SELECT data FROM file_chunk WHERE account = $1 AND file = $2 AND seq = $3`, c.account, c.file.ID, c.seq).Scan(&c.rest)
		if errors.Is(err, sql.ErrNoRows) {
			return 0, io.ErrUnexpectedEOF // it was deleted meanwhile
		}
		if err != nil {
			return 0, err
		}
		c.seq++
		c.read += int64(len(c.rest))
	}
	n := copy(p, c.rest)
	c.rest = c.rest[n:]
	return n, nil
}

// Close implements io.Closer.
func (c *chunkReader) Close() error { return nil }
