package body

import (
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
)

func (f *Format) encodeText(doc any) (Body, error) {
	v, _ := f.Text.Get(doc)
	text, ok := scalar(v)
	if !ok {
		return Body{}, errors.New("the text is " + kindOf(v) + ": a plain text needs a text")
	}
	return whole("text/plain; charset=utf-8", []byte(text)), nil
}

func (f *Format) decodeText(src Source) (any, error) {
	text, err := utf8Text(src.Body, src.ContentType)
	if err != nil || text == "" {
		return nil, err
	}
	return f.Text.Set(nil, text)
}

// scalar is how a value is written as text, and whether it can be: objects and
// lists cannot. A null is an empty text.
func scalar(v any) (string, bool) {
	switch v := v.(type) {
	case nil:
		return "", true
	case string:
		return v, true
	case json.Number:
		return v.String(), true
	case float64:
		return strconv.FormatFloat(v, 'f', -1, 64), true
	case bool, int, int32, int64:
		return fmt.Sprint(v), true
	}
	return "", false
}

// kindOf names what a value is, for people.
func kindOf(v any) string {
	switch v.(type) {
	case map[string]any:
		return "an object"
	case []any:
		return "a list"
	case nil:
		return "null"
	}
	return "a single value"
}
