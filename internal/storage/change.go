package storage

import (
	"context"
	"math"
	"strconv"
	"time"

	"github.com/tandem-ipaas/tandem"
)

// Change gives an item the value that change makes of the one it has, nil if it
// has none; of nil it is deleted. The result is the first time's when the change
// was made before, under the name once. The item ends after its life; 0: never.
//
// Errors: Invalid (Key, Value, Object), Conflict (the store is full, or all of
// the account are), change's.
func (s *Storages) Change(ctx context.Context, of tandem.Storage, once, key string, life time.Duration, change func(old *string) (now *string, result string, err error)) (result string, err error) {
	if err := checkKey("Key", key); err != nil {
		return "", err
	}
	wrapped, err := s.store.DataKey(ctx, of.Account)
	if err != nil {
		return "", err
	}
	return s.store.ChangeStored(ctx, of, once, key, s.most, func(old *tandem.Stored) (*tandem.Stored, string, error) {
		var was *string
		if old != nil && !over(*old) {
			plain, err := s.vault.Open(wrapped, place(of, key), old.Sealed)
			if err != nil {
				return nil, "", err
			}
			was = (*string)(&plain)
		}
		is, result, err := change(was)
		if is == nil || err != nil {
			return nil, result, err
		}
		if err := checkValue(of.Purpose, *is); err != nil {
			return nil, "", err
		}
		now := tandem.Stored{Key: key}
		if life > 0 {
			now.Expires = time.Now().Add(life)
		}
		now.Sealed, err = s.vault.Seal(wrapped, place(of, key), tandem.Secret(*is))
		return &now, result, err
	})
}

// Set stores a value. Errors: as Change.
func (s *Storages) Set(ctx context.Context, of tandem.Storage, once, key, value string) error {
	_, err := s.Change(ctx, of, once, key, 0, func(*string) (*string, string, error) { return &value, "", nil })
	return err
}

// Append puts a text behind the value of a key, and gives the whole. Errors: as
// Change.
func (s *Storages) Append(ctx context.Context, of tandem.Storage, once, key, text string) (string, error) {
	return s.Change(ctx, of, once, key, 0, func(old *string) (*string, string, error) {
		if old != nil {
			text = *old + text
		}
		return &text, text, nil
	})
}

// Delete deletes an item, and says whether it was there. Errors: as Change.
func (s *Storages) Delete(ctx context.Context, of tandem.Storage, once, key string) (was bool, err error) {
	result, err := s.Change(ctx, of, once, key, 0, func(old *string) (*string, string, error) {
		return nil, strconv.FormatBool(old != nil), nil
	})
	return result == strconv.FormatBool(true), err
}

// Add adds n, which may be negative, to the number of a key, which begins at 0,
// and gives the sum. Errors: as Change; Conflict, when what is there is not a whole
// number, or the sum is none of 64 bits.
func (s *Storages) Add(ctx context.Context, of tandem.Storage, once, key string, n int64) (int64, error) {
	result, err := s.Change(ctx, of, once, key, 0, func(old *string) (*string, string, error) {
		var was int64
		if old != nil {
			var err error
			if was, err = strconv.ParseInt(*old, 10, 64); err != nil {
				return nil, "", tandem.Conflictf("What is stored as %q is not a whole number.", key)
			}
		}
		if n > 0 && was > math.MaxInt64-n || n < 0 && was < math.MinInt64-n {
			return nil, "", tandem.Conflictf("The number that is stored as %q cannot go any further.", key)
		}
		sum := strconv.FormatInt(was+n, 10)
		return &sum, sum, nil
	})
	if err != nil {
		return 0, err
	}
	return strconv.ParseInt(result, 10, 64)
}
