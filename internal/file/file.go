// Package file keeps the files that steps hand on, of each account its own.
//
// A file comes from a third party, or is made for one, and goes from step to step
// by its id, which only its own account knows: to any other, it does not exist. How
// long one may be, and how much all of an account may be together, is limited while
// it is written. It is kept for as long as the records of the steps may be, and
// deleted then; where, is the business of the store.
package file

import (
	"cmp"
	"context"
	"crypto/rand"
	"fmt"
	"io"
	"regexp"
	"strings"

	"github.com/tandem-ipaas/tandem"
	"github.com/tandem-ipaas/tandem/internal/body"
)

// Keeper keeps files.
type Keeper interface {
	// CreateFile keeps what r has as f, and sets its Size. Errors: TooLarge (all of
	// the account's would have more than limit bytes); r's.
	CreateFile(ctx context.Context, a tandem.AccountID, f *tandem.File, r io.Reader, limit int64) error
	// OpenFile begins to read a file. Errors: NotFound.
	OpenFile(ctx context.Context, a tandem.AccountID, id string) (io.ReadCloser, tandem.File, error)
}

// Options are limits. The zero value is the default of each.
type Options struct {
	MaxFile    int64 // bytes of a file; default 2 GiB
	MaxAccount int64 // bytes of all files of an account together; default 20 GiB
}

// Files are the files of all accounts.
type Files struct {
	keeper  Keeper
	options Options
}

// New makes Files.
func New(k Keeper, o Options) *Files {
	o.MaxFile = cmp.Or(o.MaxFile, 2<<30)
	o.MaxAccount = cmp.Or(o.MaxAccount, 20<<30)
	return &Files{k, o}
}

// Of is the files of an account.
//
// Errors of what it gives: NotFound, TooLarge.
func (f *Files) Of(a tandem.AccountID) body.Files { return &ofAccount{f, a} }

type ofAccount struct {
	*Files
	account tandem.AccountID
}

// prefix begins the id of a file in a document.
const prefix = "file:"

// plain is what ids are made of. Others are not asked for: no database and no
// folder is to make anything of them.
var plain = regexp.MustCompile(`^[0-9A-Za-z]{1,64}$`)

// Create implements body.Files.
func (o *ofAccount) Create(ctx context.Context, name, contentType string, r io.Reader) (body.File, error) {
	f := tandem.File{ID: rand.Text(), Name: clean(name), ContentType: contentType}
	if err := o.keeper.CreateFile(ctx, o.account, &f, &capped{r, o.options.MaxFile, o.options.MaxFile}, o.options.MaxAccount); err != nil {
		return body.File{}, err
	}
	return document(f), nil
}

// Open implements body.Files.
func (o *ofAccount) Open(ctx context.Context, id string) (io.ReadCloser, body.File, error) {
	random, ok := strings.CutPrefix(id, prefix)
	if !ok || !plain.MatchString(random) {
		return nil, body.File{}, tandem.NotFoundf("File could not be found.")
	}
	r, f, err := o.keeper.OpenFile(ctx, o.account, random)
	if err != nil {
		return nil, body.File{}, err
	}
	return r, document(f), nil
}

func document(f tandem.File) body.File {
	return body.File{FileName: f.Name, ContentType: f.ContentType, Size: f.Size, File: prefix + f.ID}
}

// clean is a name as any system and database takes it: without a folder, and
// without what cannot be shown.
func clean(name string) string {
	name = strings.ToValidUTF8(name, "\ufffd")
	name = name[strings.LastIndexAny(name, `/\`)+1:]
	name = strings.Map(func(r rune) rune {
		if r < ' ' || r == 0x7f {
			return -1
		}
		return r
	}, name)
	return cmp.Or(strings.Trim(name, " ."), "file")
}

// capped fails once it has read more than a file may have.
type capped struct {
	r         io.Reader
	left, max int64
}

// Read implements io.Reader.
func (c *capped) Read(p []byte) (int, error) {
	n, err := c.r.Read(p)
	if c.left -= int64(n); c.left < 0 {
		return 0, &tandem.Error{Code: tandem.TooLarge, Message: fmt.Sprintf("A file has %d bytes at most.", c.max)}
	}
	return n, err
}
