package disktest

import (
	"os"

	"github.com/tandem-ipaas/tandem/internal/store"
)

// files is the disk for those who write files themselves.
type files struct{ disk *Disk }

// Files is the disk for the store's options.
func (d *Disk) Files() store.Disk { return files{d} }

// Mkdir implements store.Disk.
func (f files) Mkdir(path string) error {
	if err := f.disk.failure(Create, path); err != nil {
		return err
	}
	err := os.Mkdir(path, 0o700)
	if err == nil {
		f.disk.add(op{kind: mkdir, path: f.disk.must(path)})
	}
	return err
}

// Create implements store.Disk.
func (f files) Create(path string) (store.DiskFile, error) {
	if err := f.disk.failure(Create, path); err != nil {
		return nil, err
	}
	to, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_TRUNC, 0o600)
	if err != nil {
		return nil, err
	}
	node := f.disk.file(f.disk.must(path))
	f.disk.add(op{kind: truncate, node: node})
	return &file{disk: f.disk, to: to, node: node}, nil
}

// Rename implements store.Disk.
func (f files) Rename(from, to string) error {
	d := f.disk
	if err := os.Rename(from, to); err != nil {
		return err
	}
	was, is := d.must(from), d.must(to)
	d.mu.Lock()
	defer d.mu.Unlock()
	d.names[is] = d.names[was]
	delete(d.names, was)
	d.ops = append(d.ops, op{kind: rename, from: was, path: is})
	return nil
}

// Remove implements store.Disk.
func (f files) Remove(path string) error {
	err := os.Remove(path)
	if err == nil {
		f.disk.forget(f.disk.must(path))
	}
	return err
}

// RemoveAll implements store.Disk.
func (f files) RemoveAll(path string) error {
	d, name := f.disk, f.disk.must(path)
	d.mu.Lock()
	all := d.beneath(name)
	d.mu.Unlock()
	err := os.RemoveAll(path)
	if err == nil {
		for _, n := range append(all, name) {
			d.forget(n)
		}
	}
	return err
}

// SyncFolder implements store.Disk.
func (f files) SyncFolder(path string) error {
	if err := f.disk.failure(Sync, path); err != nil {
		return err
	}
	f.disk.add(op{kind: syncDir, path: f.disk.must(path)})
	return nil
}

func (d *Disk) forget(name string) {
	d.mu.Lock()
	defer d.mu.Unlock()
	delete(d.names, name)
	d.ops = append(d.ops, op{kind: unlink, path: name})
}

// file is one that is written from its beginning on.
type file struct {
	disk *Disk
	to   *os.File
	node int
	size int64
}

// Write implements io.Writer.
func (f *file) Write(p []byte) (int, error) {
	if err := f.disk.failure(Write, f.to.Name()); err != nil {
		return 0, err
	}
	n, err := f.to.Write(p)
	f.disk.add(op{kind: write, node: f.node, at: f.size, data: append([]byte(nil), p[:n]...)})
	f.size += int64(n)
	return n, err
}

// Sync makes what was written durable. The real disk is not asked: nobody cuts its
// power.
func (f *file) Sync() error {
	if err := f.disk.failure(Sync, f.to.Name()); err != nil {
		return err
	}
	f.disk.add(op{kind: syncFile, node: f.node, at: int64(f.disk.Now())})
	return nil
}

// Close implements io.Closer.
func (f *file) Close() error { return f.to.Close() }
