package store

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"
)

// blobFolder keeps blobs in a folder beside SQLite, one for each account in it. A
// file is durable before the commit that names it; one that no commit named is swept
// at the next start. PostgreSQL has none: its nodes share no folder.
type blobFolder struct {
	dir  string
	disk Disk
}

var _ Blobs = blobFolder{}

func (f blobFolder) path(name string) string { return filepath.Join(f.dir, filepath.FromSlash(name)) }

// Put implements Blobs.
func (f blobFolder) Put(ctx context.Context, name string, data []byte) error {
	if _, err := saved(f.disk, f.dir, f.path(name), bytes.NewReader(data)); err != nil {
		return errors.Join(fmt.Errorf("save %s: %w", name, err), f.Delete(ctx, name+unfinished))
	}
	return nil
}

// Get implements Blobs.
func (f blobFolder) Get(_ context.Context, name string) ([]byte, error) {
	return os.ReadFile(f.path(name))
}

// Delete implements Blobs.
func (f blobFolder) Delete(_ context.Context, name string) error {
	if err := f.disk.Remove(f.path(name)); !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	return nil
}

// Each implements Blobs.
func (f blobFolder) Each(_ context.Context, prefix string, do func(name string, age time.Duration) error) error {
	paths, err := filepath.Glob(filepath.Join(f.dir, "*", "*"))
	if err != nil {
		return err
	}
	for _, path := range paths {
		name, err := filepath.Rel(f.dir, path)
		if name = filepath.ToSlash(name); err != nil || !strings.HasPrefix(name, prefix) {
			continue
		}
		info, err := os.Lstat(path)
		if errors.Is(err, fs.ErrNotExist) {
			continue
		}
		if err == nil {
			err = do(name, time.Since(info.ModTime()))
		}
		if err != nil {
			return err
		}
	}
	return nil
}
