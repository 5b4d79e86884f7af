package trigger

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"mime"
	"net/http"
	"strings"

	"github.com/tandem-ipaas/tandem"
	"github.com/tandem-ipaas/tandem/connector"
	"github.com/tandem-ipaas/tandem/internal/body"
)

// maxPresize bounds what is set aside on the word of a Content-Length alone.
const maxPresize = 256 << 10

// read reads the body; what is too large is refused before it is read.
//
// Errors: TooLarge, Unsupported, Invalid.
func (in *Intake) read(w http.ResponseWriter, r *http.Request) (data []byte, err error) {
	if e := r.Header.Get("Content-Encoding"); e != "" && e != "identity" {
		return nil, unsupported("a body in the encoding %q cannot be read; send it without.", e)
	}
	if r.ContentLength > in.maxBody {
		return nil, in.tooLarge()
	}
	limited := http.MaxBytesReader(w, r.Body, in.maxBody)
	if r.ContentLength >= 0 && r.ContentLength <= maxPresize {
		data = make([]byte, r.ContentLength)
		_, err = io.ReadFull(limited, data)
	} else {
		data, err = io.ReadAll(limited)
	}
	var large *http.MaxBytesError
	switch {
	case errors.As(err, &large):
		return nil, in.tooLarge()
	case err != nil:
		return nil, &tandem.Error{Code: tandem.Invalid, Message: "The body could not be read to its end.", Err: err}
	}
	return data, nil
}

func (in *Intake) tooLarge() error {
	return &tandem.Error{Code: tandem.TooLarge, Message: fmt.Sprintf("The body is larger than %d bytes.", in.maxBody)}
}

func unsupported(format string, args ...any) error {
	return &tandem.Error{Code: tandem.Unsupported, Message: "The body is not supported: " + fmt.Sprintf(format, args...)}
}

// document makes JSON of what a request brings: of its body, or without one of its
// query. JSON stays as it is; text is an object with the member Text; everything
// else is as docs/bodies.md tells.
//
// Errors: Unsupported, Invalid; those of keeping files.
func (in *Intake) document(ctx context.Context, r *http.Request, h hook, raw []byte) ([]byte, error) {
	if len(raw) == 0 && !h.file() {
		query := h.shownQuery(r.URL.RawQuery)
		return in.decoded(ctx, h, connector.FormBody, body.Source{Body: strings.NewReader(query), Limit: int64(len(query))})
	}
	contentType := r.Header.Get("Content-Type")
	kind := contentType
	if kind != "application/json" && kind != "" {
		var err error
		if kind, _, err = mime.ParseMediaType(contentType); err != nil {
			return nil, unsupported("its Content-Type %q is malformed.", contentType)
		}
	}
	if kind == "application/json" || strings.HasSuffix(kind, "+json") {
		raw = bytes.TrimPrefix(raw, []byte("\xef\xbb\xbf"))
		if !json.Valid(raw) {
			return nil, tandem.Invalidf("", "The body is not valid JSON.")
		}
		return raw, nil
	}
	if kind == "" || kind == "text/plain" {
		// Senders often forget to say that it is JSON.
		if start := bytes.TrimLeft(raw, " \t\r\n"); len(start) > 0 && (start[0] == '{' || start[0] == '[') && json.Valid(raw) {
			return raw, nil
		}
	}
	t, err := h.typeOf(kind)
	if err != nil {
		return nil, err
	}
	return in.decoded(ctx, h, t, body.Source{
		Body: bytes.NewReader(raw), Limit: int64(len(raw)), ContentType: contentType, Disposition: r.Header.Get("Content-Disposition"),
	})
}

// file says that the whole body is a file, which may be empty.
func (r *Rules) file() bool { return r.Format.Type == connector.SimpleFileBody }

// typeOf is the type of a body, by its media type or, where that says nothing, by
// the definition.
func (r *Rules) typeOf(kind string) (connector.BodyType, error) {
	switch {
	case r.file():
		return connector.SimpleFileBody, nil
	case kind == "application/x-www-form-urlencoded":
		return connector.FormBody, nil
	case kind == "application/xml" || kind == "text/xml" || strings.HasSuffix(kind, "+xml") && kind != "image/svg+xml":
		return connector.XMLBody, nil
	case kind == "multipart/form-data":
		return connector.FileBody, nil
	case kind == "multipart/related" || kind == "multipart/mixed":
		return connector.MultipartRelated, nil
	case (kind == "" || kind == "text/plain") && (r.Format.Type == connector.XMLBody || r.Format.Type == connector.FormBody):
		return r.Format.Type, nil
	case kind == "" || strings.HasPrefix(kind, "text/"):
		return connector.PlainTextBody, nil
	}
	return "", unsupported("its type is %s, and JSON, XML, forms with and without files, and text can be read.", kind)
}

// textMember is where the document has a body that is text.
const textMember = "Text"

// decoded reads a body of a type.
func (in *Intake) decoded(ctx context.Context, h hook, t connector.BodyType, src body.Source) ([]byte, error) {
	format := h.Format
	format.Type = t
	doc, err := format.Decode(ctx, src, in.filesOf(h.Account))
	if known := (*tandem.Error)(nil); errors.As(err, &known) {
		in.note(ctx, h, 0, tandem.IncidentWebhookNotSaved, "A file in a request could not be kept: "+known.Message)
		return nil, err
	}
	if err != nil {
		return nil, &tandem.Error{Code: tandem.Invalid, Message: "The body cannot be read: " + err.Error() + ".", Err: err}
	}
	switch {
	case t == connector.PlainTextBody:
		doc = map[string]any{textMember: orEmpty(doc)}
	case doc == nil:
		doc = map[string]any{}
	}
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if err := e.Encode(doc); err != nil {
		return nil, fmt.Errorf("write a document: %w", err)
	}
	return bytes.TrimSuffix(b.Bytes(), []byte("\n")), nil
}

func orEmpty(text any) any {
	if text == nil {
		return ""
	}
	return text
}

// filesOf is where the files of an account's requests are kept.
func (in *Intake) filesOf(a tandem.AccountID) body.Files {
	if in.files == nil {
		return noFiles{}
	}
	return in.files(a)
}

// noFiles takes none.
type noFiles struct{}

var errNoFiles = unsupported("it has files, which are not kept here.")

// Create implements body.Files.
func (noFiles) Create(context.Context, string, string, io.Reader) (body.File, error) {
	return body.File{}, errNoFiles
}

// Open implements body.Files.
func (noFiles) Open(context.Context, string) (io.ReadCloser, body.File, error) {
	return nil, body.File{}, errNoFiles
}

// quote writes text as JSON; what is not UTF-8 is replaced.
func quote(text string) string {
	b, err := json.Marshal(text)
	if err != nil {
		panic("trigger: a string that is not JSON: " + err.Error())
	}
	return string(b)
}
