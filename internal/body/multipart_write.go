package body

import (
	"context"
	"crypto/rand"
	"errors"
	"io"
	"maps"
	"slices"
	"strings"

	"github.com/tandem-ipaas/tandem/connector"
)

// segments are what a multipart body is made of, one after another: texts, and
// files between them.
type segments []segment

type segment struct {
	text string
	file *Upload // in place of text
}

func (f *Format) encodeMultipart(ctx context.Context, doc any, files Files) (Body, error) {
	doc, err := f.withUploads(ctx, doc, files)
	if err != nil {
		return Body{}, err
	}
	p := pairs{repeat: f.Repeat}
	if err := p.document(doc); err != nil {
		return Body{}, err
	}
	var texts, uploaded segments // some services want the file last
	boundary := rand.Text()
	for _, field := range p.fields {
		head := "--" + boundary + "\r\nContent-Disposition: form-data; name=\"" + quoted(field.name) + `"`
		if u, ok := field.value.(*Upload); ok {
			head += `; filename="` + quoted(u.FileName) + "\"\r\nContent-Type: " + u.ContentType + "\r\n\r\n"
			uploaded = append(uploaded, segment{text: head}, segment{file: u}, segment{text: "\r\n"})
			continue
		}
		text, _ := scalar(field.value)
		texts = append(texts, segment{text: head + "\r\n\r\n" + text + "\r\n"})
	}
	all := append(append(texts, uploaded...), segment{text: "--" + boundary + "--\r\n"})
	return all.body("multipart/form-data; boundary=" + boundary), nil
}

// encodeRelated writes the document without its files, and then the files.
func (f *Format) encodeRelated(ctx context.Context, doc any, files Files) (Body, error) {
	doc, err := f.withUploads(ctx, doc, files)
	if err != nil {
		return Body{}, err
	}
	doc, uploaded, _ := split(doc)
	inner := Format{Type: connector.JSONBody}
	if f.XMLRoot != "" {
		inner = Format{Type: connector.XMLBody, XMLRoot: f.XMLRoot, Order: f.Order}
	}
	data, err := inner.Encode(ctx, doc, files)
	if err != nil {
		return Body{}, err
	}
	boundary := rand.Text()
	head := "--" + boundary + "\r\nContent-Type: "
	all := segments{{text: head + data.ContentType + "\r\n\r\n" + string(data.Record) + "\r\n"}}
	for _, u := range uploaded {
		disposition := "\r\nContent-Disposition: attachment; filename=\"" + quoted(u.FileName) + `"`
		all = append(all, segment{text: head + u.ContentType + disposition + "\r\n\r\n"}, segment{file: u}, segment{text: "\r\n"})
	}
	all = append(all, segment{text: "--" + boundary + "--\r\n"})
	kind, _, _ := strings.Cut(data.ContentType, ";")
	return all.body("multipart/related; boundary=" + boundary + `; type="` + kind + `"`), nil
}

// split takes the uploads out of a document, in the order of their names. keep
// tells whether anything is left: a list of files alone goes with them.
func split(v any) (rest any, uploaded []*Upload, keep bool) {
	switch v := v.(type) {
	case *Upload:
		if v != nil {
			uploaded = append(uploaded, v)
		}
		return nil, uploaded, false
	case map[string]any:
		for _, name := range slices.Sorted(maps.Keys(v)) {
			member, inner, keep := split(v[name])
			uploaded = append(uploaded, inner...)
			if v[name] = member; !keep {
				delete(v, name)
			}
		}
	case []any:
		left := make([]any, 0, len(v))
		for _, item := range v {
			item, inner, keep := split(item)
			uploaded = append(uploaded, inner...)
			if keep {
				left = append(left, item)
			}
		}
		return left, uploaded, len(left) > 0 || len(v) == 0
	}
	return v, uploaded, true
}

// quoted is a name within quotes, as browsers write it (WHATWG HTML, multipart
// form data); a backslash as well, which some servers take for an escape.
func quoted(name string) string {
	return strings.NewReplacer("\r", "%0D", "\n", "%0A", `"`, "%22", `\`, "%5C", "\x00", "").Replace(name)
}

func (s segments) body(contentType string) Body {
	b := Body{ContentType: contentType}
	for _, each := range s {
		if each.file != nil {
			b.Length += each.file.Size
			b.Record = append(b.Record, each.file.record()...)
			continue
		}
		b.Length += int64(len(each.text))
		b.Record = append(b.Record, each.text...)
	}
	b.Open = func(ctx context.Context) (io.ReadCloser, error) { return &segmentReader{ctx: ctx, rest: s}, nil }
	return b
}

// segmentReader reads one segment after another. It opens a file when its turn
// comes.
type segmentReader struct {
	ctx  context.Context
	rest segments
	now  io.ReadCloser // nil between segments
}

// Read implements io.Reader.
func (r *segmentReader) Read(p []byte) (int, error) {
	for {
		if r.now == nil {
			if len(r.rest) == 0 {
				return 0, io.EOF
			}
			if err := r.open(); err != nil {
				return 0, err
			}
		}
		n, err := r.now.Read(p)
		if errors.Is(err, io.EOF) {
			err = r.Close()
		}
		if n > 0 || err != nil {
			return n, err
		}
	}
}

func (r *segmentReader) open() (err error) {
	next := r.rest[0]
	r.rest = r.rest[1:]
	if next.file == nil {
		r.now = io.NopCloser(strings.NewReader(next.text))
		return nil
	}
	r.now, err = next.file.Open(r.ctx)
	return err
}

// Close implements io.Closer: it ends the segment that is read.
func (r *segmentReader) Close() error {
	if r.now == nil {
		return nil
	}
	now := r.now
	r.now = nil
	return now.Close()
}
