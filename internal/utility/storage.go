package utility

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/tandem-ipaas/tandem"
	"github.com/tandem-ipaas/tandem/internal/invoke"
	"github.com/tandem-ipaas/tandem/internal/merge"
)

// Storage keeps items. Once names a change, so that it happens once. Errors are
// tandem's: Invalid and Conflict are for who uses the connector.
type Storage interface {
	Get(ctx context.Context, of tandem.Storage, key string) (value string, found bool, err error)
	Items(ctx context.Context, of tandem.Storage, after string, limit int) ([]tandem.StorageItem, error)
	Set(ctx context.Context, of tandem.Storage, once, key, value string) error
	Append(ctx context.Context, of tandem.Storage, once, key, text string) (string, error)
	Delete(ctx context.Context, of tandem.Storage, once, key string) (was bool, err error)
	Clear(ctx context.Context, of tandem.Storage, once string) error
	Add(ctx context.Context, of tandem.Storage, once, key string, n int64) (int64, error)
	// Change gives an item the value that change makes of the old one.
	Change(ctx context.Context, of tandem.Storage, once, key string, life time.Duration, change func(old *string) (now *string, result string, err error)) (result string, err error)
}

// storages are the operations on what is stored.
type storages struct{ store Storage }

// storing is an operation on a store, whose answer is a document.
type storing func(ctx context.Context, in *input, of tandem.Storage) (any, error)

// Storages gives the operations of data, object and counter storage, of the pairs
// of ids in two systems, and of what stops updates from coming back.
func Storages(store Storage, pairs Pairs) map[string]invoke.BuiltIn {
	s := storages{store}
	all := map[string]invoke.BuiltIn{
		"counter.get":       s.of(tandem.StoredCounters, false, s.count(0)),
		"counter.increment": s.of(tandem.StoredCounters, false, s.count(1)), "counter.decrement": s.of(tandem.StoredCounters, false, s.count(-1)),
		"counter.set":    s.of(tandem.StoredCounters, false, s.setCount),
		"counter.delete": s.of(tandem.StoredCounters, false, s.delete), "counter.delete_all": s.of(tandem.StoredCounters, false, s.deleteAll),
		"counter.list": s.of(tandem.StoredCounters, false, s.list(asNumber)),
	}
	for scope, ofCycle := range map[string]bool{"global": false, "cycle": true} {
		for name, do := range map[string]storing{
			"get": s.get(asText), "set": s.set, "append": s.append, "delete": s.delete, "delete_all": s.deleteAll,
			"list_values": s.list(asText), "list_keys": s.list(nil),
		} {
			all[scope+"_data."+name] = s.of(tandem.StoredText, ofCycle, do)
		}
		for name, do := range map[string]storing{
			"get": s.get(asObject), "set": s.setObject, "update": s.updateObject, "delete": s.delete, "delete_all": s.deleteAll,
			"list_objects": s.list(asObject), "list_keys": s.list(nil),
		} {
			all[scope+"_object."+name] = s.of(tandem.StoredObjects, ofCycle, do)
		}
	}
	maps.Copy(all, crossRefs(pairs))
	maps.Copy(all, preventer(store))
	return all
}

// of is an operation on the store for a purpose, of the account or of its cycle.
func (s storages) of(purpose string, ofCycle bool, do storing) invoke.BuiltIn {
	return func(ctx context.Context, o invoke.Operation) (any, error) {
		of := tandem.Storage{Account: o.Account, Purpose: purpose}
		if ofCycle {
			if o.Cycle == "" {
				return nil, buildError("the storage of a cycle is for the steps of cycles: there is none here")
			}
			of.Cycle = o.Cycle
		}
		return answer(do(ctx, &input{Operation: &o}, of))
	}
}

// answer gives an error as invoke's.
func answer(doc any, err error) (any, error) {
	var ours *invoke.Error
	if err == nil || errors.As(err, &ours) {
		return doc, err
	}
	var e *tandem.Error
	if errors.As(err, &e) {
		switch e.Code {
		case tandem.Invalid:
			return nil, buildError("%s", e.Message)
		case tandem.Conflict, tandem.NotFound, tandem.Gone:
			return nil, callError(invoke.Permanent, "%s", e.Message)
		}
	}
	failed := callError(invoke.Transient, "what is stored cannot be reached at the moment")
	failed.Err = err
	return nil, failed
}

// read makes a value's members of a document.
type read func(doc map[string]any, value string) error

func asText(doc map[string]any, value string) error {
	doc["Value"] = value
	return nil
}

func asNumber(doc map[string]any, value string) error {
	n, err := strconv.ParseInt(value, 10, 64)
	doc["Value"] = whole(n)
	return err
}

func asObject(doc map[string]any, value string) (err error) {
	doc["Object"], err = readJSON(value)
	return err
}

func (s storages) get(read read) storing {
	return func(ctx context.Context, in *input, of tandem.Storage) (any, error) {
		key := in.written("Key")
		value, found, err := s.store.Get(ctx, of, key)
		doc := map[string]any{"Key": key, "Found": found}
		if err == nil && found {
			err = read(doc, value)
		}
		return doc, err
	}
}

func (s storages) set(ctx context.Context, in *input, of tandem.Storage) (any, error) {
	key, value := in.written("Key"), in.written("Value")
	return map[string]any{"Key": key, "Value": value}, s.store.Set(ctx, of, in.IdempotencyKey, key, value)
}

func (s storages) append(ctx context.Context, in *input, of tandem.Storage) (any, error) {
	key := in.written("Key")
	whole, err := s.store.Append(ctx, of, in.IdempotencyKey, key, in.written("Value"))
	return map[string]any{"Key": key, "Value": whole}, err
}

func (s storages) delete(ctx context.Context, in *input, of tandem.Storage) (any, error) {
	key := in.written("Key")
	was, err := s.store.Delete(ctx, of, in.IdempotencyKey, key)
	return map[string]any{"Key": key, "Deleted": was}, err
}

func (s storages) deleteAll(ctx context.Context, in *input, of tandem.Storage) (any, error) {
	return map[string]any{"Deleted": true}, s.store.Clear(ctx, of, in.IdempotencyKey)
}

// list gives a page of items; of keys alone when there is nothing to read.
func (s storages) list(read read) storing {
	return func(ctx context.Context, in *input, of tandem.Storage) (any, error) {
		limit := in.number("PageSize", tandem.StoragePage, 1, tandem.StoragePage)
		if in.err != nil {
			return nil, in.err
		}
		items, err := s.store.Items(ctx, of, in.text("After"), limit)
		if err != nil {
			return nil, err
		}
		all, next := make([]any, len(items)), ""
		for i, item := range items {
			doc := map[string]any{"Key": item.Key}
			if read != nil {
				if err := read(doc, item.Value); err != nil {
					return nil, err
				}
			}
			all[i] = doc
		}
		if len(items) == limit {
			next = items[limit-1].Key
		}
		return map[string]any{"Items": all, "Next": next}, nil
	}
}

// object is the one that the request has.
func (in *input) object() (map[string]any, error) {
	switch o := in.member("Object").(type) {
	case map[string]any:
		return o, nil
	case string:
		v, err := readJSON(o)
		if o, ok := v.(map[string]any); ok && err == nil {
			return o, nil
		}
	}
	return nil, buildError("Object is required, and is an object: map its fields, or a text that is one in JSON")
}

func (s storages) setObject(ctx context.Context, in *input, of tandem.Storage) (any, error) {
	object, err := in.object()
	if err != nil {
		return nil, err
	}
	key := in.written("Key")
	text, err := writeJSON(object)
	if err != nil {
		return nil, err
	}
	return map[string]any{"Key": key, "Object": object}, s.store.Set(ctx, of, in.IdempotencyKey, key, text)
}

// updateObject sets the members that it is given, and leaves the others.
func (s storages) updateObject(ctx context.Context, in *input, of tandem.Storage) (any, error) {
	members, err := in.object()
	if err != nil {
		return nil, err
	}
	key := in.written("Key")
	_, err = s.store.Change(ctx, of, in.IdempotencyKey, key, 0, func(old *string) (*string, string, error) {
		whole := map[string]any{}
		if old != nil {
			v, err := readJSON(*old)
			if err != nil {
				return nil, "", err
			}
			whole, _ = v.(map[string]any)
		}
		maps.Copy(whole, members)
		text, err := writeJSON(whole)
		return &text, "", err
	})
	if err != nil {
		return nil, err
	}
	return s.get(asObject)(ctx, in, of)
}

// count adds the request's number, or one, in a direction; 0 adds nothing.
func (s storages) count(direction int64) storing {
	return func(ctx context.Context, in *input, of tandem.Storage) (any, error) {
		key := in.written("Key")
		if direction == 0 {
			value, found, err := s.store.Get(ctx, of, key)
			doc := map[string]any{"Key": key, "Found": found, "Value": whole(0)}
			if err == nil && found {
				err = asNumber(doc, value)
			}
			return doc, err
		}
		by, err := in.whole("By", 1)
		if err != nil {
			return nil, err
		}
		sum, err := s.store.Add(ctx, of, in.IdempotencyKey, key, direction*by)
		return map[string]any{"Key": key, "Value": whole(sum)}, err
	}
}

func (s storages) setCount(ctx context.Context, in *input, of tandem.Storage) (any, error) {
	key := in.written("Key")
	n, err := in.whole("Value", 0)
	if err != nil {
		return nil, err
	}
	return map[string]any{"Key": key, "Value": whole(n)}, s.store.Set(ctx, of, in.IdempotencyKey, key, strconv.FormatInt(n, 10))
}

// whole is a whole number that is written, in which both its signs can be counted.
func (in *input) whole(name string, otherwise int64) (int64, error) {
	text := strings.TrimSpace(in.written(name))
	if text == "" {
		return otherwise, nil
	}
	x, ok := merge.Number(text)
	if !ok || !x.IsInt() || !x.Num().IsInt64() || x.Num().BitLen() > 62 {
		return 0, buildError("%s must be a whole number", name)
	}
	return x.Num().Int64(), nil
}

// named is the purpose of a store with a name that its users choose, such as that
// of a kind of entity.
func named(purpose, name string) (string, error) {
	name = strings.TrimSpace(name)
	if len([]rune(name)) > tandem.StorageKey || slices.ContainsFunc([]rune(name), func(r rune) bool { return r < ' ' || r == 0x7f || r == '\ufffd' }) {
		return "", buildError("Entity must be the name of a kind of thing, such as Contact, of at most %d characters", tandem.StorageKey)
	}
	return fmt.Sprint(purpose, name), nil
}
