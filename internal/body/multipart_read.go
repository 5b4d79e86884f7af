package body

import (
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"mime"
	"mime/multipart"
	"strings"

	"github.com/tandem-ipaas/tandem/connector"
)

// maxParts is how many parts a multipart body may have; more is an attack.
const maxParts = 1000

// filesMember is where files are that the definition has no place for.
const filesMember = "#files"

// parts reads a multipart body part by part.
func parts(src Source, each func(*multipart.Part) error) error {
	kind, params, err := mime.ParseMediaType(src.ContentType)
	if err != nil || !strings.HasPrefix(kind, "multipart/") || params["boundary"] == "" {
		return fmt.Errorf("the body is not in parts: its Content-Type is %.80q", src.ContentType)
	}
	r := multipart.NewReader(src.Body, params["boundary"])
	for n := 0; ; n++ {
		part, err := r.NextPart()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err == nil && n == maxParts {
			err = fmt.Errorf("it has more than %d", maxParts)
		}
		if err == nil {
			err = each(part)
		}
		if err != nil {
			return fmt.Errorf("the parts of the body: %w", err)
		}
	}
}

// content is what a part has, whose transfer may be encoded. Quoted-printable is
// decoded already.
func content(part *multipart.Part) io.Reader {
	if strings.EqualFold(part.Header.Get("Content-Transfer-Encoding"), "base64") {
		return base64.NewDecoder(base64.StdEncoding, part)
	}
	return part
}

func create(ctx context.Context, part *multipart.Part, files Files) (File, error) {
	name := dispositionName(part.Header.Get("Content-Disposition"))
	if name == "" {
		name = "file"
	}
	return files.Create(ctx, name, cleanType(part.Header.Get("Content-Type")), content(part))
}

// decodeMultipart reads a form with files.
func (f *Format) decodeMultipart(ctx context.Context, src Source, files Files) (any, error) {
	form := newFormTree()
	err := parts(src, func(part *multipart.Part) error {
		name := validText([]byte(part.FormName()))
		if name == "" {
			return errors.New("one has no name")
		}
		if part.FileName() != "" { // browsers send an input without a file with an empty one
			file, err := create(ctx, part, files)
			if err != nil {
				return err
			}
			return form.add(name, file)
		}
		text, err := utf8Text(content(part), part.Header.Get("Content-Type"))
		if err != nil {
			return err
		}
		return form.add(name, text)
	})
	if err != nil {
		return nil, err
	}
	return asLists(form.document(), f.Lists)
}

// decodeRelated reads a document from the first part, and puts the files that
// follow where the definition has them: each into its place, all that are left
// into a list. Those without a place are in #files.
func (f *Format) decodeRelated(ctx context.Context, src Source, files Files) (any, error) {
	var doc any
	var found []any
	first := true
	err := parts(src, func(part *multipart.Part) (err error) {
		if !first {
			file, err := create(ctx, part, files)
			found = append(found, file.Document())
			return err
		}
		first = false
		kind := part.Header.Get("Content-Type")
		inner := Format{Type: connector.JSONBody}
		if typeOf(kind) == connector.XMLBody {
			inner.Type = connector.XMLBody
		}
		doc, err = inner.decode(ctx, Source{Body: content(part), ContentType: kind}, files)
		return err
	})
	if err != nil {
		return nil, err
	}
	return f.placeFiles(doc, found)
}

func (f *Format) placeFiles(doc any, found []any) (_ any, err error) {
	for _, l := range f.Files {
		if len(found) == 0 {
			return doc, nil
		}
		var v any = found
		if l.Lists() == 0 {
			v, found = found[0], found[1:]
		} else {
			found = nil
		}
		if doc, err = l.Set(doc, v); err != nil {
			return nil, fmt.Errorf("the file %w", err)
		}
	}
	if len(found) == 0 {
		return doc, nil
	}
	members, object := doc.(map[string]any)
	if !object && doc != nil {
		return nil, errors.New("the body has files beside a document that is no object")
	}
	if members == nil {
		members = map[string]any{}
	}
	members[filesMember] = found
	return members, nil
}
