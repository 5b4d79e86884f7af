package storage

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"unicode/utf8"

	"github.com/tandem-ipaas/tandem"
)

// scriptList is how many items a script gets of one list.
const scriptList = 10_000

// Do does one of a script's operations, list_values to decrement, in its store.
// Values are any that JSON has: a text of at most [tandem.StorageText] characters,
// or something else with as many as JSON.
//
// Errors: those of Change and Add; Invalid (operation, Value).
func (s *Storages) Do(ctx context.Context, of tandem.Storage, once, operation, key string, value any) (any, error) {
	switch operation {
	case "list_values", "list_keys":
		return s.scriptItems(ctx, of, operation == "list_keys")
	case "get":
		text, found, err := s.Get(ctx, of, key)
		if err != nil || !found {
			return nil, err
		}
		return decode(text)
	case "set":
		text, err := encode(value)
		if err != nil {
			return nil, err
		}
		return nil, s.Set(ctx, of, once, key, text)
	case "append":
		return s.scriptAppend(ctx, of, once, key, value)
	case "delete":
		return s.Delete(ctx, of, once, key)
	case "delete_all":
		return nil, s.Clear(ctx, of, once)
	case "increment", "decrement":
		n, err := amount(value)
		if operation == "decrement" {
			n = -n
		}
		if err != nil {
			return nil, err
		}
		return s.Add(ctx, of, once, key, n)
	}
	return nil, tandem.Invalidf("operation", "There is no operation %q of stores.", operation)
}

func (s *Storages) scriptItems(ctx context.Context, of tandem.Storage, keys bool) ([]any, error) {
	all := []any{}
	for after := ""; ; {
		items, err := s.Items(ctx, of, after, tandem.StoragePage)
		if err != nil {
			return nil, err
		}
		for _, i := range items {
			var v any = i.Key
			if !keys {
				if v, err = decode(i.Value); err != nil {
					return nil, err
				}
			}
			all = append(all, v)
		}
		switch {
		case len(all) > scriptList:
			return nil, tandem.Invalidf("", "The store holds more than %d items, which is more than a script can list: get them by their keys.", scriptList)
		case len(items) < tandem.StoragePage:
			return all, nil
		}
		after = items[len(items)-1].Key
	}
}

// scriptAppend puts a text behind a text, and anything behind the items of a list.
func (s *Storages) scriptAppend(ctx context.Context, of tandem.Storage, once, key string, value any) (any, error) {
	text, err := s.Change(ctx, of, once, key, 0, func(old *string) (*string, string, error) {
		whole := value
		if old != nil {
			was, err := decode(*old)
			if err != nil {
				return nil, "", err
			}
			if whole, err = appended(was, value); err != nil {
				return nil, "", err
			}
		}
		text, err := encode(whole)
		return &text, text, err
	})
	if err != nil {
		return nil, err
	}
	return decode(text)
}

func appended(was, value any) (any, error) {
	switch was := was.(type) {
	case []any:
		return append(was, value), nil
	case string:
		return was + fmt.Sprint(value), nil
	}
	return nil, tandem.Conflictf("Only a text or a list can be appended to.")
}

func encode(v any) (string, error) {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if err := e.Encode(v); err != nil {
		return "", tandem.Invalidf("Value", "Value: cannot be written as JSON")
	}
	text := string(bytes.TrimSuffix(b.Bytes(), []byte("\n")))
	n := utf8.RuneCountInString(text)
	if s, ok := v.(string); ok {
		n = utf8.RuneCountInString(s)
	}
	if n > tandem.StorageText {
		return "", tandem.Invalidf("Value", "Value: has %d characters, and may have %d at most", n, tandem.StorageText)
	}
	return text, nil
}

func decode(text string) (v any, err error) {
	d := json.NewDecoder(bytes.NewReader([]byte(text)))
	d.UseNumber()
	if err := d.Decode(&v); err != nil {
		return nil, fmt.Errorf("read what a script stored: %w", err)
	}
	return v, nil
}

// amount is by how much to count; 1 when nothing is said.
func amount(v any) (int64, error) {
	switch v := v.(type) {
	case nil:
		return 1, nil
	case json.Number:
		if n, err := v.Int64(); err == nil && n > -1<<53 && n < 1<<53 {
			return n, nil
		}
	}
	return 0, tandem.Invalidf("Value", "Value: is not a whole number")
}
