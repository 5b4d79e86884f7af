package store

import (
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
)

// Disk is the file system under the folders of blobs and files. A test takes its
// place, to see what a power cut would leave.
type Disk interface {
	// Mkdir makes one folder, for its owner only.
	Mkdir(path string) error
	// Create makes a file, for its owner only, or empties the one that is there.
	Create(path string) (DiskFile, error)
	Rename(from, to string) error
	Remove(path string) error
	RemoveAll(path string) error
	// SyncFolder makes the names in a folder durable.
	SyncFolder(path string) error
}

// DiskFile is a file that is written.
type DiskFile interface {
	io.WriteCloser
	// Sync makes its content durable, and not its name.
	Sync() error
}

// osDisk is the system's.
type osDisk struct{}

// Mkdir implements Disk.
func (osDisk) Mkdir(path string) error { return os.Mkdir(path, 0o700) }

// Create implements Disk.
func (osDisk) Create(path string) (DiskFile, error) {
	return os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_TRUNC, 0o600)
}

// Rename implements Disk.
func (osDisk) Rename(from, to string) error { return os.Rename(from, to) }

// Remove implements Disk.
func (osDisk) Remove(path string) error { return os.Remove(path) }

// RemoveAll implements Disk.
func (osDisk) RemoveAll(path string) error { return os.RemoveAll(path) }

// SyncFolder implements Disk.
func (osDisk) SyncFolder(path string) error { return syncFolder(path) }

// makeFolder makes a folder and those above it, all of them durable: of what is in
// a folder without a name nothing is left after a power cut.
func makeFolder(d Disk, path string) error {
	if _, err := os.Stat(path); !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	above := filepath.Dir(path)
	if err := makeFolder(d, above); err != nil {
		return err
	}
	if err := d.Mkdir(path); err != nil && !errors.Is(err, fs.ErrExist) {
		return err
	}
	return d.SyncFolder(above)
}

// unfinished ends the name of a file until it is whole and durable.
const unfinished = ".part"

// saved makes what r has durable in a file of a folder that is in root. What fails
// may leave an unfinished file; whoever called removes it.
func saved(d Disk, root, path string, r io.Reader) (size int64, err error) {
	folder := filepath.Dir(path)
	if err := makeFolder(d, folder); err != nil {
		return 0, err
	}
	to, err := d.Create(path + unfinished)
	if err != nil {
		return 0, err
	}
	size, err = io.Copy(to, r)
	if err == nil {
		err = to.Sync()
	}
	if err = errors.Join(err, to.Close()); err != nil {
		return 0, err
	}
	if err := d.Rename(path+unfinished, path); err != nil {
		return 0, err
	}
	// The names are as durable as the file: its own, and its folder's, which
	// somebody else may have made a moment ago.
	return size, errors.Join(d.SyncFolder(folder), d.SyncFolder(root))
}
