package utility

import (
	"bufio"
	"cmp"
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"io"
	"math"
	"mime"
	"path"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/tandem-ipaas/tandem/internal/body"
	"github.com/tandem-ipaas/tandem/internal/invoke"
)

// connect opens a session on a server for files.
type connect func(s *session, in *input) (remote, *invoke.Error)

// remote is the files of a server. What it returns as an error is what that said.
type remote interface {
	list(folder string) ([]entry, error)
	open(path string) (io.ReadCloser, error)
	put(path string, r io.Reader) error
	// rename gives a file another name; over: also one that another file has.
	rename(from, to string, over bool) error
	remove(path string, folder bool) error
	makeFolder(path string) error
	// failed tells what kind of error one is.
	failed(err error) *invoke.Error
	close()
}

// entry is a file or folder of a server.
type entry struct {
	name     string
	folder   bool
	size     int64
	modified time.Time     // UTC
	within   time.Duration // how far modified may be rounded down
}

// transfer is an operation at work.
type transfer struct {
	*input
	remote  remote
	session *session
	files   body.Files
	reply   int64
}

// transfers are the operations on files of servers, by name.
var transfers = map[string]func(*transfer) (any, *invoke.Error){
	"list":          (*transfer).list,
	"new_files":     (*transfer).newFiles,
	"download":      (*transfer).download,
	"upload":        (*transfer).upload,
	"rename":        (*transfer).rename,
	"delete":        (*transfer).delete,
	"make_folder":   (*transfer).makeFolder,
	"delete_folder": (*transfer).deleteFolder,
}

// fail is what became of err.
func (t *transfer) failure(err error) *invoke.Error {
	if e := t.session.unreached(err); e != nil {
		return e
	}
	return t.remote.failed(err)
}

// maxListed is how many files are listed at most.
const maxListed = 10_000

// find lists a folder: the entries that keep says true to, in order of time or of
// name.
func (t *transfer) find(keep func(entry) bool, byTime bool) (folder string, found []entry, _ *invoke.Error) {
	folder, pattern := cmp.Or(t.text("Folder"), "."), cmp.Or(t.text("Pattern"), "*")
	if _, err := path.Match(pattern, ""); err != nil {
		return "", nil, buildError("Pattern is not one such as *.csv")
	}
	if t.err != nil {
		return "", nil, t.err
	}
	all, err := t.remote.list(folder)
	if err != nil {
		return "", nil, t.failure(err)
	}
	for _, e := range all {
		if matches, _ := path.Match(pattern, e.name); matches && e.name != "." && e.name != ".." && keep(e) {
			found = append(found, e)
		}
	}
	slices.SortFunc(found, func(a, b entry) int {
		order := strings.Compare(a.name, b.name)
		if byTime {
			order = cmp.Or(a.modified.Compare(b.modified), order)
		}
		return order
	})
	return folder, found, nil
}

func (t *transfer) list() (any, *invoke.Error) {
	kinds, limit := t.choice("Kind", "Files", "Folders", "All"), t.number("Limit", 1000, 1, maxListed)
	folder, found, err := t.find(func(e entry) bool { return kinds == "All" || e.folder == (kinds == "Folders") }, false)
	if err != nil {
		return nil, err
	}
	more := len(found) > limit
	files := []any{}
	for _, e := range found[:min(limit, len(found))] {
		files = append(files, e.document(folder))
	}
	return map[string]any{"Files": files, "More": more}, nil
}

// newFiles gives the files that changed since a time, and by default their
// content. A time that a server rounds down counts as all that it may have been:
// rather the same file twice than never.
func (t *transfer) newFiles() (any, *invoke.Error) {
	since, limit, content := t.instant("Since"), t.number("Limit", 100, 1, 1000), t.yes("Download", true)
	folder, found, err := t.find(func(e entry) bool { return !e.folder && e.modified.Add(e.within).After(since) }, true)
	if err != nil {
		return nil, err
	}
	more := len(found) > limit
	files := []any{}
	for _, e := range found[:min(limit, len(found))] {
		doc := e.document(folder)
		if content {
			file, err := t.fetch(path.Join(folder, e.name))
			if err != nil {
				return nil, err
			}
			doc["Content"] = file.Document()
		}
		files = append(files, doc)
	}
	return map[string]any{"Files": files, "More": more}, nil
}

func (e entry) document(folder string) map[string]any {
	doc := map[string]any{"Name": e.name, "Path": path.Join(folder, e.name), "Folder": e.folder, "Size": json.Number(strconv.FormatInt(e.size, 10)), "Modified": nil}
	if !e.modified.IsZero() {
		doc["Modified"] = e.modified.UTC().Format(time.RFC3339)
	}
	return doc
}

func (t *transfer) download() (any, *invoke.Error) {
	from := t.required("Path")
	if t.err != nil {
		return nil, t.err
	}
	file, err := t.fetch(from)
	if err != nil {
		return nil, err
	}
	if t.yes("Delete", false) {
		if err := t.remote.remove(from, false); err != nil {
			return nil, t.failure(err)
		}
	}
	return map[string]any{"File": file.Document(), "Path": from}, nil
}

// fetch keeps a file of the server. How long it may be is for files to say.
func (t *transfer) fetch(from string) (body.File, *invoke.Error) {
	r, err := t.remote.open(from)
	if err != nil {
		return body.File{}, t.failure(err)
	}
	defer r.Close()
	t.session.allow(math.MaxInt64)
	defer t.session.allow(t.reply)
	name := path.Base(strings.ReplaceAll(from, `\`, "/"))
	read := &reading{r: bufio.NewReaderSize(r, 1<<20)}
	file, err := t.files.Create(t.session.ctx, name, cmp.Or(mime.TypeByExtension(path.Ext(name)), "application/octet-stream"), read)
	switch {
	case read.err != nil:
		return file, t.failure(read.err)
	case err != nil:
		return file, notKept(t.session.ctx, err)
	}
	return file, nil
}

// reading notes the error that a reader ends with, to tell whose it was.
type reading struct {
	r   io.Reader
	err error
}

// Read implements io.Reader.
func (r *reading) Read(p []byte) (int, error) {
	n, err := r.r.Read(p)
	if err != nil && err != io.EOF {
		r.err = err
	}
	return n, err
}

func (t *transfer) upload() (any, *invoke.Error) {
	over := t.yes("Overwrite", true)
	content, err := attached(t.session.ctx, t.files, t.member("File"))
	if err != nil {
		return nil, err
	}
	if content == nil {
		return nil, buildError("File is required")
	}
	name := cmp.Or(t.written("FileName"), content.FileName)
	if t.err != nil {
		return nil, t.err
	}
	if name == "." || name == ".." || strings.ContainsAny(name, "/\\\x00\r\n") {
		return nil, buildError("FileName must be the name of a file, without a folder")
	}
	to := path.Join(t.text("Folder"), name)
	part := path.Join(t.text("Folder"), t.partName())
	if err := t.store(part, to, content, over); err != nil {
		return nil, err
	}
	return map[string]any{"Path": to, "Name": name, "Size": json.Number(strconv.FormatInt(content.Size, 10))}, nil
}

// store sends a file under another name first, so that nobody there takes half of
// it for the whole.
func (t *transfer) store(part, to string, content *body.Upload, over bool) *invoke.Error {
	r, err := content.Open(t.session.ctx)
	if err != nil {
		return notKept(t.session.ctx, err)
	}
	defer r.Close()
	read := &reading{r: r}
	if err = t.remote.put(part, read); err == nil {
		err = t.remote.rename(part, to, over)
	}
	if err == nil {
		return nil
	}
	failed := t.failure(err)
	if read.err != nil {
		failed = notKept(t.session.ctx, read.err)
	}
	_ = t.remote.remove(part, false) // it may not be there
	return failed
}

// partName is the same when a step is tried again, so that what was left of the
// first try is written over.
func (t *transfer) partName() string {
	id := rand.Text()
	if t.IdempotencyKey != "" {
		sum := sha256.Sum256([]byte(t.IdempotencyKey))
		id = hex.EncodeToString(sum[:12])
	}
	return ".tandem-" + id + ".part"
}

func (t *transfer) rename() (any, *invoke.Error) {
	from, to, over := t.required("Path"), t.required("NewPath"), t.yes("Overwrite", false)
	return t.changed(to, func() error { return t.remote.rename(from, to, over) })
}

func (t *transfer) delete() (any, *invoke.Error) {
	at := t.required("Path")
	return t.changed(at, func() error { return t.remote.remove(at, false) })
}

func (t *transfer) makeFolder() (any, *invoke.Error) {
	at := t.required("Path")
	return t.changed(at, func() error { return t.remote.makeFolder(at) })
}

func (t *transfer) deleteFolder() (any, *invoke.Error) {
	at := t.required("Path")
	return t.changed(at, func() error { return t.remote.remove(at, true) })
}

func (t *transfer) changed(path string, do func() error) (any, *invoke.Error) {
	if t.err != nil {
		return nil, t.err
	}
	if err := do(); err != nil {
		return nil, t.failure(err)
	}
	return map[string]any{"Path": path}, nil
}

// notKept is for a file of ours that cannot be read or kept.
func notKept(ctx context.Context, err error) *invoke.Error {
	if e := unreached(ctx, err); e != nil {
		return e
	}
	e := buildError("the file: %v", err)
	e.Err = err
	return e
}
