package storage

import (
	"cmp"
	"context"
	"fmt"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/tandem-ipaas/tandem"
	"github.com/tandem-ipaas/tandem/internal/vault"
)

// Store keeps items.
type Store interface {
	DataKey(ctx context.Context, a tandem.AccountID) ([]byte, error)
	// Stored errors: NotFound.
	Stored(ctx context.Context, of tandem.Storage, key string) (tandem.Stored, error)
	// StoredItems are those behind a key, in order.
	StoredItems(ctx context.Context, of tandem.Storage, after string, limit int) ([]tandem.Stored, error)
	// ChangeStored changes an item, alone in its store; under a name once.
	// Errors: Conflict (there would be more than most), change's.
	ChangeStored(ctx context.Context, of tandem.Storage, once, key string, most tandem.StorageLimits, change func(old *tandem.Stored) (now *tandem.Stored, result string, err error)) (result string, err error)
	ClearStorage(ctx context.Context, of tandem.Storage, once string) error
}

// Vault encrypts values.
type Vault interface {
	Seal(wrapped []byte, at vault.Place, plain tandem.Secret) ([]byte, error)
	Open(wrapped []byte, at vault.Place, sealed []byte) (tandem.Secret, error)
}

// Options are the most that is stored. The zero value of each is its default:
// [tandem.StorageItems], [tandem.StorageAccountItems], [tandem.StorageAccountBytes]
// and [tandem.StorageEntities].
type Options tandem.StorageLimits

func (o Options) limits() tandem.StorageLimits {
	return tandem.StorageLimits{
		Items:        cmp.Or(o.Items, tandem.StorageItems),
		AccountItems: cmp.Or(o.AccountItems, tandem.StorageAccountItems),
		AccountBytes: cmp.Or(o.AccountBytes, tandem.StorageAccountBytes),
		Entities:     cmp.Or(o.Entities, tandem.StorageEntities),
	}
}

// Storages keeps what steps and scripts store. It is safe for concurrent use.
type Storages struct {
	store Store
	vault Vault
	most  tandem.StorageLimits
}

// New makes the service.
func New(store Store, v Vault, o Options) *Storages {
	return &Storages{store: store, vault: v, most: o.limits()}
}

// Get gives the value of a key, and whether there is one.
//
// Errors: Invalid (Key).
func (s *Storages) Get(ctx context.Context, of tandem.Storage, key string) (value string, found bool, err error) {
	if err := checkKey("Key", key); err != nil {
		return "", false, err
	}
	i, err := s.store.Stored(ctx, of, key)
	if tandem.ErrorCode(err) == tandem.NotFound || err == nil && over(i) {
		return "", false, nil
	}
	if err != nil {
		return "", false, fmt.Errorf("get what is stored: %w", err)
	}
	wrapped, err := s.store.DataKey(ctx, of.Account)
	if err != nil {
		return "", false, fmt.Errorf("get what is stored: %w", err)
	}
	plain, err := s.vault.Open(wrapped, place(of, key), i.Sealed)
	return string(plain), err == nil, err
}

// Items lists the items behind a key, "" for all, in the order of keys: at most
// limit, and at most [tandem.StoragePage]; fewer are the last.
func (s *Storages) Items(ctx context.Context, of tandem.Storage, after string, limit int) ([]tandem.StorageItem, error) {
	if limit <= 0 || limit > tandem.StoragePage {
		limit = tandem.StoragePage
	}
	found, err := s.store.StoredItems(ctx, of, after, limit)
	if err != nil {
		return nil, fmt.Errorf("list what is stored: %w", err)
	}
	wrapped, err := s.store.DataKey(ctx, of.Account)
	if err != nil {
		return nil, fmt.Errorf("list what is stored: %w", err)
	}
	items := make([]tandem.StorageItem, len(found))
	for i, f := range found {
		plain, err := s.vault.Open(wrapped, place(of, f.Key), f.Sealed)
		if err != nil {
			return nil, err
		}
		items[i] = tandem.StorageItem{Key: f.Key, Value: string(plain)}
	}
	return items, nil
}

// Clear deletes all items of a store.
func (s *Storages) Clear(ctx context.Context, of tandem.Storage, once string) error {
	return s.store.ClearStorage(ctx, of, once)
}

// over says that an item's time is, which may still be there.
func over(i tandem.Stored) bool { return !i.Expires.IsZero() && !time.Now().Before(i.Expires) }

// place is the only one where a value opens.
func place(of tandem.Storage, key string) vault.Place {
	return vault.Place{Account: of.Account, Record: fmt.Sprintf("storage %q %d %s", of.Purpose, of.Connector, of.Cycle), Field: key}
}

// checkKey checks a key, or an id of a pair.
func checkKey(field, key string) error {
	switch {
	case key == "":
		return tandem.Invalidf(field, "%s is required", field)
	case !utf8.ValidString(key) || strings.ContainsFunc(key, func(r rune) bool { return r < ' ' || r == 0x7f }):
		return tandem.Invalidf(field, "%s: has a character that a key cannot have", field)
	}
	if n := utf8.RuneCountInString(key); n > tandem.StorageKey {
		return tandem.Invalidf(field, "%s: has %d characters, and may have %d at most", field, n, tandem.StorageKey)
	}
	return nil
}

// checkValue checks a value of a store for a purpose.
func checkValue(purpose, value string) error {
	if !utf8.ValidString(value) {
		return tandem.Invalidf("Value", "Value: is not text")
	}
	switch purpose {
	case tandem.StoredEchoes, tandem.StoredByScript, tandem.StoredByStep: // ours, and checked as what it stands for
	case tandem.StoredObjects:
		if len(value) > tandem.StorageObject {
			return tandem.Invalidf("Object", "Object: has %d bytes as JSON, and may have %d at most", len(value), tandem.StorageObject)
		}
	default:
		if n := utf8.RuneCountInString(value); n > tandem.StorageText {
			return tandem.Invalidf("Value", "Value: has %d characters, and may have %d at most", n, tandem.StorageText)
		}
	}
	return nil
}
