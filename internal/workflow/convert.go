package workflow

import (
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"strconv"
	"strings"
	"time"

	"github.com/tandem-ipaas/tandem/connector"
	"github.com/tandem-ipaas/tandem/internal/merge"
)

// Kinds of mapping errors, for errors.Is.
var (
	ErrRequired = errors.New("a required value is empty")
	ErrDateTime = errors.New("the value is not a date-time")
)

// MapError says which target of a step could not be filled.
type MapError struct {
	Target string // a parameter's name, a field's location, or an operand
	Err    error
}

func (e *MapError) Error() string { return e.Target + ": " + e.Err.Error() }

func (e *MapError) Unwrap() error { return e.Err }

// convert makes values of one type. The value is not nil and not a list.
type convert func(v any) (any, error)

// converter finds the conversion to a type; nil when values stay as they are.
func converter(t connector.DataType, format string) (convert, error) {
	switch t {
	case "", connector.Undefined:
		return nil, nil
	case connector.Text:
		return toText, nil
	case connector.File:
		return toFile, nil
	case connector.Integer:
		return toInteger, nil
	case connector.Float:
		return toFloat, nil
	case connector.Decimal:
		return toDecimal, nil
	case connector.Boolean:
		return toBoolean, nil
	case connector.DateTime:
		return toDateTime(format)
	}
	return nil, fmt.Errorf("there is no data type %q", t)
}

// Convert makes a value, or each item of a list, what a field of a type holds.
func Convert(v any, t connector.DataType, format string) (any, error) {
	c, err := converter(t, format)
	if err != nil {
		return nil, err
	}
	return c.to(v)
}

// to converts a value, or each item of a list.
func (c convert) to(v any) (any, error) {
	if v == nil || c == nil {
		return v, nil
	}
	list, ok := v.([]any)
	if !ok {
		return c(v)
	}
	out := make([]any, len(list))
	for i, item := range list {
		var err error
		if out[i], err = c.to(item); err != nil {
			return nil, fmt.Errorf("item %d: %w", i+1, err)
		}
	}
	return out, nil
}

func toText(v any) (any, error) {
	if _, ok := v.(map[string]any); ok {
		return nil, errors.New("an object cannot be text")
	}
	return merge.Text(v), nil
}

// toFile leaves the object that names a file in a document as it is; all else is the
// file's id, or what is in it, as text.
func toFile(v any) (any, error) {
	if _, ok := v.(map[string]any); ok {
		return v, nil
	}
	return toText(v)
}

// empty is the text that stands for no value where the type is not text.
func empty(v any) bool {
	s, ok := v.(string)
	return ok && strings.TrimSpace(s) == ""
}

func toInteger(v any) (any, error) {
	if empty(v) {
		return nil, nil
	}
	if n, ok := v.(json.Number); ok {
		if _, err := n.Int64(); err == nil {
			return n, nil
		}
	}
	r, ok := merge.Number(v)
	if !ok || !r.IsInt() {
		return nil, fmt.Errorf("%s is not a whole number", quote(v))
	}
	return json.Number(r.Num().String()), nil
}

func toFloat(v any) (any, error) {
	if empty(v) {
		return nil, nil
	}
	r, ok := merge.Number(v)
	if !ok {
		return nil, fmt.Errorf("%s is not a number", quote(v))
	}
	f, _ := r.Float64()
	if math.IsInf(f, 0) {
		return nil, fmt.Errorf("%s is too large", quote(v))
	}
	return json.Number(strconv.FormatFloat(f, 'g', -1, 64)), nil
}

func toDecimal(v any) (any, error) {
	if empty(v) {
		return nil, nil
	}
	if n, ok := v.(json.Number); ok {
		return n, nil
	}
	s := strings.TrimSpace(merge.Text(v))
	if _, ok := merge.Number(v); !ok {
		return nil, fmt.Errorf("%s is not a number", quote(v))
	}
	if json.Valid([]byte(s)) {
		return json.Number(s), nil
	}
	// A number, but not as JSON writes it: +1, 01, .5.
	r, _ := merge.Number(v)
	places, _ := r.FloatPrec()
	return json.Number(r.FloatString(places)), nil
}

var booleans = map[string]bool{
	"true": true, "1": true, "yes": true, "y": true, "on": true,
	"false": false, "0": false, "no": false, "n": false, "off": false,
}

func toBoolean(v any) (any, error) {
	if empty(v) {
		return nil, nil
	}
	b, ok := booleans[strings.ToLower(strings.TrimSpace(merge.Text(v)))]
	if !ok {
		return nil, fmt.Errorf("%s is neither true nor false", quote(v))
	}
	return b, nil
}

func toDateTime(format string) (convert, error) {
	write := func(t time.Time) string { return t.Format(time.RFC3339Nano) }
	if format != "" {
		f, err := merge.ParseDateFormat(format)
		if err != nil {
			return nil, fmt.Errorf("format %q: %w", format, err)
		}
		write = f.Format
	}
	return func(v any) (any, error) {
		if empty(v) {
			return nil, nil
		}
		t, ok := merge.Date(v)
		if !ok {
			return nil, fmt.Errorf("%w: %s", ErrDateTime, quote(v))
		}
		return write(t), nil
	}, nil
}

// quote shows the beginning of a value.
func quote(v any) string {
	const most = 60
	r := []rune(merge.Text(v))
	if len(r) > most {
		r = append(r[:most], '…')
	}
	return strconv.Quote(string(r))
}
