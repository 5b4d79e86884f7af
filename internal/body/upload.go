package body

import (
	"bytes"
	"cmp"
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"mime"
	"path"
	"strings"

	"github.com/tandem-ipaas/tandem/connector"
)

// Upload is a file to send: what it is, and its content. One may be opened again.
type Upload struct {
	File
	Open func(context.Context) (io.ReadCloser, error)
}

// withUploads copies a document, with an *Upload where a file is; a nil one is to
// be left out.
func (f *Format) withUploads(ctx context.Context, doc any, files Files) (any, error) {
	doc = connector.CloneDocument(doc)
	for _, l := range f.Files {
		v, ok := l.Get(doc)
		if !ok {
			continue
		}
		v, err := uploads(ctx, v, l.Lists(), files)
		if err == nil {
			doc, err = l.Set(doc, v)
		}
		if err != nil {
			return nil, fmt.Errorf("the file %s: %w", l, err)
		}
	}
	return doc, nil
}

// uploads makes uploads of a file, or of those in lists.
func uploads(ctx context.Context, v any, lists int, files Files) (any, error) {
	items, list := v.([]any)
	if !list || lists == 0 {
		return NewUpload(ctx, v, files)
	}
	all := make([]any, len(items))
	for i, item := range items {
		var err error
		if all[i], err = uploads(ctx, item, lists-1, files); err != nil {
			return nil, err
		}
	}
	return all, nil
}

// errNoFile is for what is no file, where one is to be.
var errNoFile = errors.New("is no file: it needs File, or FileName with Content (text) or Data (base64)")

// NewUpload finds the file that v, a value of a document, stands for, in one of
// the ways that [File] tells. For null and an empty text it is nil.
//
// Errors are about v, for people to read, or from files.
func NewUpload(ctx context.Context, v any, files Files) (*Upload, error) {
	if v == nil || v == "" {
		return nil, nil
	}
	members, err := fileMembers(v)
	if err != nil {
		return nil, err
	}
	u, err := described(ctx, members, files)
	if err != nil {
		return nil, err
	}
	name, _ := scalar(members[fileName])
	u.FileName = cmp.Or(cleanName(name), cleanName(u.FileName), "file")
	if t, _ := scalar(members[contentType]); t != "" {
		u.ContentType = t
	}
	u.ContentType = cleanType(cmp.Or(u.ContentType, mime.TypeByExtension(path.Ext(u.FileName))))
	return u, nil
}

// fileMembers are the members that say what a file is.
func fileMembers(v any) (map[string]any, error) {
	switch v := v.(type) {
	case map[string]any:
		return v, nil
	case string:
		if strings.HasPrefix(v, idPrefix) {
			return map[string]any{fileID: v}, nil
		}
		return map[string]any{fileContent: v}, nil
	}
	return nil, errNoFile
}

func described(ctx context.Context, v map[string]any, files Files) (*Upload, error) {
	if id, _ := v[fileID].(string); id != "" {
		return kept(ctx, id, files)
	}
	if data, ok := v[fileData].(string); ok {
		content, err := base64.StdEncoding.DecodeString(data)
		if err != nil {
			return nil, fmt.Errorf("its Data is not base64: %w", err)
		}
		return inMemory(content), nil
	}
	if content, ok := scalar(v[fileContent]); ok && v[fileContent] != nil {
		return inMemory([]byte(content)), nil
	}
	return nil, errNoFile
}

// kept is a file that files has. Its size is what that says; the document may
// say anything.
func kept(ctx context.Context, id string, files Files) (*Upload, error) {
	r, file, err := files.Open(ctx, id)
	if err != nil {
		return nil, err
	}
	open := func(ctx context.Context) (io.ReadCloser, error) {
		r, _, err := files.Open(ctx, id)
		return r, err
	}
	return &Upload{file, open}, r.Close()
}

func inMemory(content []byte) *Upload {
	return &Upload{File{Size: int64(len(content))}, func(context.Context) (io.ReadCloser, error) {
		return io.NopCloser(bytes.NewReader(content)), nil
	}}
}

// firstFile is where a SimpleFile has its file.
func (f *Format) firstFile() connector.Location {
	if len(f.Files) == 0 {
		return connector.Location{}
	}
	return f.Files[0]
}

func (f *Format) encodeFile(ctx context.Context, doc any, files Files) (Body, error) {
	v, _ := f.firstFile().Get(doc)
	u, err := NewUpload(ctx, v, files)
	if err != nil {
		return Body{}, fmt.Errorf("the file: %w", err)
	}
	if u == nil {
		return Body{}, nil
	}
	return Body{ContentType: u.ContentType, Length: u.Size, Open: u.Open, Record: []byte(u.record())}, nil
}

func (f *Format) decodeFile(ctx context.Context, src Source, files Files) (any, error) {
	name := dispositionName(src.Disposition)
	if name == "" {
		name = cleanName(path.Base(src.Path))
	}
	file, err := files.Create(ctx, cmp.Or(name, "file"), cleanType(src.ContentType), src.Body)
	if err != nil {
		return nil, err
	}
	return f.firstFile().Set(nil, file.Document())
}
