package disktest

import (
	"errors"
	"fmt"
	"path/filepath"
	"sync"
	"syscall"
	"unsafe"

	"modernc.org/libc"
	sqlite3 "modernc.org/sqlite/lib"
)

// What a VFS and its files are called with. SQLite is Go here, translated from C:
// its pointers are numbers, and pointers to functions those of Go's.
type (
	openFunc     = func(tls *libc.TLS, vfs, name, file uintptr, flags int32, outFlags uintptr) int32
	deleteFunc   = func(tls *libc.TLS, vfs, name uintptr, syncFolder int32) int32
	writeFunc    = func(tls *libc.TLS, file, from uintptr, n int32, at int64) int32
	truncateFunc = func(tls *libc.TLS, file uintptr, size int64) int32
	syncFunc     = func(tls *libc.TLS, file uintptr, flags int32) int32
	closeFunc    = func(tls *libc.TLS, file uintptr) int32
)

// pointer is the memory at an address.
func pointer[T any](address uintptr) *T { return *(**T)(unsafe.Pointer(&address)) }

// function is the one that an address is of, and address the reverse.
func function[F any](address uintptr) F { return *(*F)(unsafe.Pointer(&address)) }

func address[F any](f *F) uintptr { return *(*uintptr)(unsafe.Pointer(f)) }

// vfs is the default VFS with a disk in front. Its files are those of the default,
// but for their methods, so that whatever is not recorded goes on as it was.
type vfs struct {
	disk *Disk
	tls  *libc.TLS
	base uintptr // of sqlite3_vfs
	name uintptr
	own  *sqlite3.Tsqlite3_vfs

	open   openFunc
	delete deleteFunc

	mu      sync.Mutex
	files   map[uintptr]*database
	methods map[uintptr]*methods
	ended   bool
}

// database is an open file of SQLite's.
type database struct {
	path    string // as SQLite says
	node    int
	dirSync bool // with the first sync its folder's names are made durable, too
	methods *methods
}

// methods are those of the default's files, with ours in front.
type methods struct {
	own      sqlite3.Tsqlite3_io_methods
	write    writeFunc
	truncate truncateFunc
	sync     syncFunc
	close    closeFunc

	wrote      writeFunc // ours: SQLite knows their addresses, which keep nothing alive
	truncated  truncateFunc
	synced     syncFunc
	closedFile closeFunc
}

// register makes the disk's VFS the default.
func register(d *Disk) (*vfs, error) {
	v := &vfs{disk: d, tls: libc.NewTLS(), files: map[uintptr]*database{}, methods: map[uintptr]*methods{}}
	v.base = sqlite3.Xsqlite3_vfs_find(v.tls, 0)
	own := *pointer[sqlite3.Tsqlite3_vfs](v.base)
	v.own = &own
	var err error
	if v.name, err = libc.CString(fmt.Sprintf("disk%x", v.base)); err != nil {
		return nil, err
	}
	v.open, v.delete = v.opened, v.deleted
	own.FzName, own.FpNext, own.FxOpen, own.FxDelete = v.name, 0, address(&v.open), address(&v.delete)
	*v.own = own
	if rc := sqlite3.Xsqlite3_vfs_register(v.tls, v.at(), 1); rc != sqlite3.SQLITE_OK {
		return nil, fmt.Errorf("register a VFS: %d", rc)
	}
	return v, nil
}

func (v *vfs) at() uintptr { return uintptr(unsafe.Pointer(v.own)) }

func (v *vfs) unregister() {
	v.mu.Lock()
	defer v.mu.Unlock()
	if v.ended {
		return
	}
	v.ended = true
	sqlite3.Xsqlite3_vfs_unregister(v.tls, v.at())
	libc.Xfree(v.tls, v.name)
	v.tls.Close()
}

// opened is xOpen.
func (v *vfs) opened(tls *libc.TLS, _, name, at uintptr, flags int32, outFlags uintptr) int32 {
	path, below := "", false
	if name != 0 {
		path = libc.GoString(name)
		_, below = v.disk.within(real(path))
	}
	if below && flags&sqlite3.SQLITE_OPEN_CREATE != 0 {
		if _, known := v.disk.node(path); !known {
			if err := v.disk.failure(Create, path); err != nil {
				return code(err, sqlite3.SQLITE_CANTOPEN)
			}
		}
	}
	base := pointer[sqlite3.Tsqlite3_vfs](v.base)
	rc := function[openFunc](base.FxOpen)(tls, v.base, name, at, flags, outFlags)
	if rc != sqlite3.SQLITE_OK || !below {
		return rc
	}
	return v.record(path, at, flags)
}

// record puts the disk in front of an open file.
func (v *vfs) record(path string, at uintptr, flags int32) int32 {
	node, known := v.disk.node(path)
	if !known {
		below, _ := v.disk.within(real(path))
		if err := v.disk.adopt(below, false); err != nil {
			return sqlite3.SQLITE_IOERR
		}
		node, _ = v.disk.node(path)
	}
	f := &database{path: path, node: node}
	const journals = sqlite3.SQLITE_OPEN_WAL | sqlite3.SQLITE_OPEN_MAIN_JOURNAL | sqlite3.SQLITE_OPEN_SUPER_JOURNAL
	f.dirSync = flags&sqlite3.SQLITE_OPEN_CREATE != 0 && flags&journals != 0 // as os_unix.c has it
	v.mu.Lock()
	defer v.mu.Unlock()
	of := pointer[sqlite3.Tsqlite3_file](at)
	f.methods = v.methods[of.FpMethods]
	if f.methods == nil {
		f.methods = v.inFrontOf(of.FpMethods)
		v.methods[of.FpMethods] = f.methods
	}
	v.files[at] = f
	of.FpMethods = uintptr(unsafe.Pointer(&f.methods.own))
	return sqlite3.SQLITE_OK
}

func (v *vfs) inFrontOf(base uintptr) *methods {
	m := &methods{own: *pointer[sqlite3.Tsqlite3_io_methods](base)}
	m.write, m.truncate = function[writeFunc](m.own.FxWrite), function[truncateFunc](m.own.FxTruncate)
	m.sync, m.close = function[syncFunc](m.own.FxSync), function[closeFunc](m.own.FxClose)
	m.wrote, m.truncated, m.synced, m.closedFile = v.wrote, v.truncated, v.synced, v.closed
	m.own.FxWrite, m.own.FxTruncate = address(&m.wrote), address(&m.truncated)
	m.own.FxSync, m.own.FxClose = address(&m.synced), address(&m.closedFile)
	return m
}

func (v *vfs) file(at uintptr) *database {
	v.mu.Lock()
	defer v.mu.Unlock()
	return v.files[at]
}

// wrote is xWrite.
func (v *vfs) wrote(tls *libc.TLS, at, from uintptr, n int32, offset int64) int32 {
	f := v.file(at)
	if err := v.disk.failure(Write, f.path); err != nil {
		return code(err, sqlite3.SQLITE_IOERR_WRITE)
	}
	rc := f.methods.write(tls, at, from, n, offset)
	if rc == sqlite3.SQLITE_OK {
		data := append([]byte(nil), unsafe.Slice(pointer[byte](from), n)...)
		v.disk.add(op{kind: write, node: f.node, at: offset, data: data})
	}
	return rc
}

// truncated is xTruncate.
func (v *vfs) truncated(tls *libc.TLS, at uintptr, size int64) int32 {
	f := v.file(at)
	rc := f.methods.truncate(tls, at, size)
	if rc == sqlite3.SQLITE_OK {
		v.disk.add(op{kind: truncate, node: f.node, at: size})
	}
	return rc
}

// synced is xSync. The real disk is not asked: nobody cuts its power.
func (v *vfs) synced(_ *libc.TLS, at uintptr, _ int32) int32 {
	f := v.file(at)
	if err := v.disk.failure(Sync, f.path); err != nil {
		return code(err, sqlite3.SQLITE_IOERR_FSYNC)
	}
	v.disk.add(op{kind: syncFile, node: f.node, at: int64(v.disk.Now())})
	if f.dirSync {
		v.disk.add(op{kind: syncDir, path: v.disk.must(filepath.Dir(f.path))})
		f.dirSync = false
	}
	return sqlite3.SQLITE_OK
}

// closed is xClose.
func (v *vfs) closed(tls *libc.TLS, at uintptr) int32 {
	f := v.file(at)
	v.mu.Lock()
	delete(v.files, at)
	v.mu.Unlock()
	return f.methods.close(tls, at)
}

// deleted is xDelete.
func (v *vfs) deleted(tls *libc.TLS, _, name uintptr, syncFolder int32) int32 {
	base := pointer[sqlite3.Tsqlite3_vfs](v.base)
	rc := function[deleteFunc](base.FxDelete)(tls, v.base, name, syncFolder)
	path := libc.GoString(name)
	if below, ok := v.disk.within(real(path)); rc == sqlite3.SQLITE_OK && ok {
		v.disk.forget(below)
		if syncFolder != 0 {
			v.disk.add(op{kind: syncDir, path: v.disk.must(filepath.Dir(path))})
		}
	}
	return rc
}

// node is a file's, if it is known.
func (d *Disk) node(path string) (int, bool) {
	name, _ := d.within(real(path))
	d.mu.Lock()
	defer d.mu.Unlock()
	n, ok := d.names[name]
	return n, ok
}

// real is a path without links in its folders.
func real(path string) string {
	if folder, err := filepath.EvalSymlinks(filepath.Dir(path)); err == nil {
		return filepath.Join(folder, filepath.Base(path))
	}
	return path
}

// code is what SQLite is told of an error.
func code(err error, otherwise int32) int32 {
	switch {
	case errors.Is(err, syscall.ENOSPC):
		return sqlite3.SQLITE_FULL
	case errors.Is(err, syscall.EROFS):
		return sqlite3.SQLITE_READONLY
	}
	return otherwise
}
