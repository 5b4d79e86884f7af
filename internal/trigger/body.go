package trigger

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"mime"
	"net/http"
	"net/url"
	"strings"

	"github.com/tandem-ipaas/tandem"
)

// body reads what a request brings, as JSON. Without a body that is its query.
//
// Errors: TooLarge, Unsupported, Invalid.
func (in *Intake) body(w http.ResponseWriter, r *http.Request) ([]byte, error) {
	if e := r.Header.Get("Content-Encoding"); e != "" && e != "identity" {
		return nil, unsupported("a body in the encoding %q cannot be read; send it without.", e)
	}
	raw, err := in.read(w, r)
	if err != nil {
		return nil, err
	}
	if len(raw) == 0 {
		values, err := url.ParseQuery(r.URL.RawQuery)
		if err != nil {
			return nil, tandem.Invalidf("", "The query is malformed.")
		}
		return form(values), nil
	}
	return document(r.Header.Get("Content-Type"), raw)
}

// maxPresize bounds what is set aside on the word of a Content-Length alone.
const maxPresize = 256 << 10

// read reads the body; what is too large is refused before it is read.
func (in *Intake) read(w http.ResponseWriter, r *http.Request) (data []byte, err error) {
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

// document makes JSON of a body: JSON stays as it is, a form becomes an object
// of its values, and text an object with the member Text. Text that is a JSON
// object or list is taken for JSON, since senders often forget to say so.
func document(contentType string, body []byte) ([]byte, error) {
	kind := contentType
	if kind != "application/json" && kind != "" {
		var err error
		if kind, _, err = mime.ParseMediaType(contentType); err != nil {
			return nil, unsupported("its Content-Type %q is malformed.", contentType)
		}
	}
	switch {
	case kind == "application/json" || strings.HasSuffix(kind, "+json"):
		body = bytes.TrimPrefix(body, []byte("\xef\xbb\xbf"))
		if !json.Valid(body) {
			return nil, tandem.Invalidf("", "The body is not valid JSON.")
		}
		return body, nil
	case kind == "application/x-www-form-urlencoded":
		values, err := url.ParseQuery(string(body))
		if err != nil {
			return nil, tandem.Invalidf("", "The body is not a valid form.")
		}
		return form(values), nil
	case kind == "" || kind == "text/plain":
		if start := bytes.TrimLeft(body, " \t\r\n"); len(start) > 0 && (start[0] == '{' || start[0] == '[') && json.Valid(body) {
			return body, nil
		}
		return []byte(`{"Text":` + quote(string(body)) + `}`), nil
	}
	return nil, unsupported("its type is %s, and JSON, forms and text can be read.", kind)
}

// form is an object of a form's values; a name with several has a list.
func form(values url.Values) []byte {
	object := make(map[string]any, len(values))
	for name, v := range values {
		if object[name] = v; len(v) == 1 {
			object[name] = v[0]
		}
	}
	doc, err := json.Marshal(object)
	if err != nil {
		panic("trigger: strings that are not JSON: " + err.Error())
	}
	return doc
}

// quote writes text as JSON; what is not UTF-8 is replaced.
func quote(text string) string {
	b, err := json.Marshal(text)
	if err != nil {
		panic("trigger: a string that is not JSON: " + err.Error())
	}
	return string(b)
}
