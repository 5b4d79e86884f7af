// Package disktest is a disk whose power can be cut, and that can fail.
//
// A [Disk] stands between a folder and whoever writes there: SQLite, whose default
// VFS it becomes for that folder, and those who write files themselves, to whom it
// gives what package store asks of a disk. Everything goes through to the real
// folder at once; beside that the Disk keeps a journal of each write, truncation,
// sync, and change of a name, in their order.
//
// From any place in the journal [Disk.Image] makes the folder as a power cut at that
// moment might have left it. What was synced by then is there. What was not is kept,
// dropped, torn at sectors, or mixed, as a seed decides; so are names that were made
// or taken away since their folder was last synced. One run has as many places where
// it can be cut as it has operations, and each of them many images.
//
// [Disk.Fail] has it refuse what writes, as a full or a read-only disk does.
package disktest

import (
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"sort"
	"strings"
	"sync"
	"testing"
)

// kind is what an operation does.
type kind int

const (
	link     kind = iota // path is a new name of node
	unlink               // path is no name any more
	rename               // what was named from is named path
	mkdir                // path is a folder
	syncDir              // the names in the folder path are durable
	write                // data is in node, at at
	truncate             // node has at bytes
	syncFile             // what happened to node before the operation at is durable
)

// op is an operation. Paths are below the folder.
type op struct {
	kind       kind
	path, from string
	node       int // a file, whatever it is named
	at         int64
	data       []byte
}

// Disk is a folder's.
type Disk struct {
	dir string
	vfs *vfs

	mu    sync.Mutex
	ops   []op
	names map[string]int // node by path, of files that are there
	nodes int
	fail  func(Operation, string) error
	fired int
}

// Operation is one that can fail.
type Operation string

// The operations that can fail. A failing Create makes no new file.
const (
	Create Operation = "create"
	Write  Operation = "write"
	Sync   Operation = "sync"
)

// New makes the disk of a folder that is there. What is in it counts as durable.
// Until [Disk.Close], at the latest at t's end, databases beneath it are recorded;
// disks are closed in the reverse order of their making.
func New(t testing.TB, dir string) *Disk {
	t.Helper()
	dir, err := filepath.EvalSymlinks(dir)
	if err != nil {
		t.Fatal(err)
	}
	d := &Disk{dir: dir, names: map[string]int{}}
	if err := d.load(); err != nil {
		t.Fatal(err)
	}
	if d.vfs, err = register(d); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(d.Close)
	return d
}

// Close ends the recording.
func (d *Disk) Close() { d.vfs.unregister() }

// Now is the place in the journal after all that has happened.
func (d *Disk) Now() int {
	d.mu.Lock()
	defer d.mu.Unlock()
	return len(d.ops)
}

// Syncs is how many times anything was made durable.
func (d *Disk) Syncs() (n int) {
	d.mu.Lock()
	defer d.mu.Unlock()
	for i := range d.ops {
		if d.ops[i].kind == syncFile || d.ops[i].kind == syncDir {
			n++
		}
	}
	return n
}

// Fail has operations fail for which why gives an error, from now on; nil ends it.
// SQLite is told of ENOSPC that the disk is full, of EROFS that it is read-only, and
// of anything else that it does not work. Fired says how many have failed.
func (d *Disk) Fail(why func(what Operation, path string) error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.fail = why
}

// Fired is how many operations have failed because of [Disk.Fail].
func (d *Disk) Fired() int {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.fired
}

func (d *Disk) failure(what Operation, path string) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.fail == nil {
		return nil
	}
	err := d.fail(what, path)
	if err != nil {
		d.fired++
	}
	return err
}

// load takes what is in the folder for durable.
func (d *Disk) load() error {
	folders := []string{"."}
	err := filepath.WalkDir(d.dir, func(path string, e fs.DirEntry, err error) error {
		if err != nil || path == d.dir {
			return err
		}
		name, _ := d.within(path)
		if e.IsDir() {
			folders = append(folders, name)
			d.add(op{kind: mkdir, path: name})
			return nil
		}
		return d.adopt(name, true)
	})
	for _, f := range folders {
		d.add(op{kind: syncDir, path: f})
	}
	return err
}

// adopt takes note of a file that somebody made, durable or not.
func (d *Disk) adopt(name string, durable bool) error {
	data, err := os.ReadFile(filepath.Join(d.dir, filepath.FromSlash(name)))
	if err != nil {
		return err
	}
	n := d.file(name)
	d.add(op{kind: write, node: n, data: data})
	if durable {
		d.add(op{kind: syncFile, node: n, at: int64(d.Now())})
	}
	return nil
}

// file is the node of a file, new if there is none of that name.
func (d *Disk) file(name string) int {
	d.mu.Lock()
	defer d.mu.Unlock()
	if n, ok := d.names[name]; ok {
		return n
	}
	d.nodes++
	d.names[name] = d.nodes
	d.ops = append(d.ops, op{kind: link, path: name, node: d.nodes})
	return d.nodes
}

func (d *Disk) add(o op) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.ops = append(d.ops, o)
}

// within is a path below the folder, with slashes.
func (d *Disk) within(path string) (string, bool) {
	if name, err := filepath.Rel(d.dir, path); err == nil && name != ".." && !strings.HasPrefix(name, ".."+string(filepath.Separator)) {
		return filepath.ToSlash(name), true
	}
	return "", false
}

// must is within, of a path that has to be.
func (d *Disk) must(path string) string {
	abs, err := filepath.Abs(path)
	if err == nil {
		if real, e := filepath.EvalSymlinks(filepath.Dir(abs)); e == nil {
			abs = filepath.Join(real, filepath.Base(abs))
		}
	}
	name, ok := d.within(abs)
	if !ok {
		panic(fmt.Sprintf("disktest: %s is not in %s", path, d.dir))
	}
	return name
}

// beneath lists the files in a folder, in order. The caller holds d.mu.
func (d *Disk) beneath(folder string) (all []string) {
	for name := range d.names {
		if strings.HasPrefix(name, folder+"/") {
			all = append(all, name)
		}
	}
	sort.Strings(all)
	return all
}
