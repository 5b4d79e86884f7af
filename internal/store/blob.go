package store

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"github.com/tandem-ipaas/tandem"
)

// blobThreshold is how many packed bytes of a step's data a row holds at most;
// more are a file.
const blobThreshold = 256 << 10

// blobs is the folder of what is too long for a row. A file is durable before
// the commit that names it; one that no commit named is swept at the next
// start. Only SQLite has one: the nodes of a PostgreSQL installation share no
// folder, and PostgreSQL keeps long values apart from the row by itself.
type blobs struct {
	dir  string
	disk Disk
}

// name is where an item's data is, within the folder. The account's folder
// makes an account's data easy to find, and folders small.
func (blobs) name(a tandem.AccountID, txn tandem.TransactionID, seq int32) string {
	return fmt.Sprintf("%d/%016x-%d", a, uint64(txn), seq)
}

// write makes data durable under name.
func (b blobs) write(name string, data []byte) error {
	path := filepath.Join(b.dir, filepath.FromSlash(name))
	if _, err := saved(b.disk, b.dir, path, bytes.NewReader(data)); err != nil {
		return errors.Join(fmt.Errorf("save %s: %w", name, err), b.remove(name+unfinished))
	}
	return nil
}

func (b blobs) read(name string) ([]byte, error) {
	return os.ReadFile(filepath.Join(b.dir, filepath.FromSlash(name)))
}

// remove deletes files; that one is not there is no error.
func (b blobs) remove(names ...string) error {
	var errs []error
	for _, name := range names {
		if err := b.disk.Remove(filepath.Join(b.dir, filepath.FromSlash(name))); !errors.Is(err, fs.ErrNotExist) {
			errs = append(errs, err)
		}
	}
	return errors.Join(errs...)
}

// sweep deletes the files that named does not know, and returns how many.
func (b blobs) sweep(named func(a tandem.AccountID, txn tandem.TransactionID, seq int32) (bool, error)) (swept int, err error) {
	files, err := filepath.Glob(filepath.Join(b.dir, "*", "*"))
	if err != nil {
		return 0, err
	}
	for _, path := range files {
		known := false
		if a, txn, seq, ok := parseBlob(path); ok {
			if known, err = named(a, txn, seq); err != nil {
				return swept, err
			}
		}
		if known {
			continue
		}
		if err := b.disk.Remove(path); err != nil {
			return swept, err
		}
		swept++
	}
	return swept, nil
}

func parseBlob(path string) (tandem.AccountID, tandem.TransactionID, int32, bool) {
	hex, number, _ := strings.Cut(filepath.Base(path), "-")
	account, err1 := strconv.ParseInt(filepath.Base(filepath.Dir(path)), 10, 64)
	txn, err2 := strconv.ParseUint(hex, 16, 64)
	seq, err3 := strconv.ParseInt(number, 10, 32)
	return tandem.AccountID(account), tandem.TransactionID(txn), int32(seq), errors.Join(err1, err2, err3) == nil
}
