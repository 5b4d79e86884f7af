package store

import (
	"bytes"
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"io/fs"

	"github.com/tandem-ipaas/tandem"
)

// contentTable is where files are in rows, which are moved as files.
const contentTable = "file_chunk"

// movedFile is one, and whose it is.
type movedFile struct {
	account tandem.AccountID
	tandem.File
}

// filePage is how many files are listed at once.
const filePage = 1000

// files moves what files hold, and compares what arrived. What is in a bucket stays
// there.
func (m *move) files(ctx context.Context) error {
	p := Progress{Table: "contents of files"}
	if err := m.from.read().QueryRowContext(ctx, `SELECT count(*) FROM file WHERE size >= 0 AND place = 0`).Scan(&p.Of); err != nil {
		return fmt.Errorf("count files: %w", err)
	}
	for last := (movedFile{}); ; {
		page, err := rows(ctx, m.from.read(), func(r scanner) (f movedFile, err error) {
			return f, r.Scan(&f.account, &f.ID, &f.Size)
		}, `SELECT account, id, size FROM file WHERE size >= 0 AND place = 0 AND (account, id) > ($1, $2) ORDER BY account, id LIMIT $3`, last.account, last.ID, filePage)
		if err != nil {
			return fmt.Errorf("list files: %w", err)
		}
		for _, f := range page {
			if err := m.file(ctx, f); err != nil {
				return fmt.Errorf("move file %s of account %d: %w", f.ID, f.account, err)
			}
			p.Rows++
			last = f
		}
		if p.Done = len(page) < filePage; p.Done || len(page) > 0 {
			m.tell(p)
		}
		if p.Done {
			m.moved.Files = p.Rows - int64(len(m.moved.Missing))
			return nil
		}
	}
}

// file moves what one file holds. That the source has not got it, as copies of
// data folders may not, is noted.
func (m *move) file(ctx context.Context, f movedFile) error {
	sent := sha256.New()
	r, err := m.from.files.open(ctx, f.account, f.File)
	var size int64
	if err == nil {
		size, err = m.to.files.write(ctx, f.account, f.ID, io.TeeReader(r, sent))
		err = errors.Join(err, r.Close())
	}
	if errors.Is(err, fs.ErrNotExist) || errors.Is(err, io.ErrUnexpectedEOF) || err == nil && size != f.Size {
		m.moved.Missing = append(m.moved.Missing, fmt.Sprintf("files/%d/%s", f.account, f.ID))
		return m.to.files.remove(ctx, f.account, f.ID)
	}
	if err != nil {
		return err
	}
	arrived := sha256.New()
	if r, err = m.to.files.open(ctx, f.account, f.File); err != nil {
		return err
	}
	_, err = io.Copy(arrived, r)
	if err = errors.Join(err, r.Close()); err == nil && !bytes.Equal(arrived.Sum(nil), sent.Sum(nil)) {
		err = errors.New("what arrived is not the same")
	}
	return err
}
