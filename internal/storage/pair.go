package storage

import (
	"context"
	"fmt"

	"github.com/tandem-ipaas/tandem"
)

// PairStore keeps pairs of ids. Of a pair that is asked for one id is given, the
// other is "".
type PairStore interface {
	// SetPair errors: Conflict (there would be more than most).
	SetPair(ctx context.Context, of tandem.Storage, once string, p tandem.Pair, most tandem.StorageLimits) error
	DeletePair(ctx context.Context, of tandem.Storage, once string, p tandem.Pair) (was bool, err error)
	// Pair errors: NotFound.
	Pair(ctx context.Context, of tandem.Storage, p tandem.Pair) (tandem.Pair, error)
	// Pairs are those behind a first id, in order.
	Pairs(ctx context.Context, of tandem.Storage, after string, limit int) ([]tandem.Pair, error)
}

// Pairs keeps which id in one system is which in another: each has one
// counterpart.
type Pairs struct {
	store PairStore
	most  tandem.StorageLimits
}

// NewPairs makes the service.
func NewPairs(store PairStore, o Options) *Pairs {
	return &Pairs{store: store, most: o.limits()}
}

// Set keeps a pair, in place of those that either of its ids was in.
//
// Errors: Invalid (FirstId, SecondId), Conflict (the store is full, or all of
// the account are; or Entity: there are too many kinds).
func (s *Pairs) Set(ctx context.Context, of tandem.Storage, once string, p tandem.Pair) error {
	if err := checkKey("FirstId", p.First); err != nil {
		return err
	}
	if err := checkKey("SecondId", p.Second); err != nil {
		return err
	}
	return s.store.SetPair(ctx, of, once, p, s.most)
}

// Get gives the pair of an id, of which the other is left empty; and whether there
// is one.
//
// Errors: Invalid (FirstId, SecondId).
func (s *Pairs) Get(ctx context.Context, of tandem.Storage, p tandem.Pair) (_ tandem.Pair, found bool, err error) {
	if err := checkHalf(p); err != nil {
		return p, false, err
	}
	whole, err := s.store.Pair(ctx, of, p)
	if tandem.ErrorCode(err) == tandem.NotFound {
		return p, false, nil
	}
	if err != nil {
		return p, false, fmt.Errorf("get a pair: %w", err)
	}
	return whole, true, nil
}

// Delete deletes the pair of an id, as Get finds it, and says whether there was
// one.
//
// Errors: Invalid (FirstId, SecondId).
func (s *Pairs) Delete(ctx context.Context, of tandem.Storage, once string, p tandem.Pair) (was bool, err error) {
	if err := checkHalf(p); err != nil {
		return false, err
	}
	return s.store.DeletePair(ctx, of, once, p)
}

// List lists the pairs behind a first id, as [Storages.Items] does items.
func (s *Pairs) List(ctx context.Context, of tandem.Storage, after string, limit int) ([]tandem.Pair, error) {
	if limit <= 0 || limit > tandem.StoragePage {
		limit = tandem.StoragePage
	}
	return s.store.Pairs(ctx, of, after, limit)
}

// checkHalf checks a pair that one id is given of.
func checkHalf(p tandem.Pair) error {
	if (p.First == "") == (p.Second == "") {
		return tandem.Invalidf("FirstId", "FirstId: give one of the two ids, and leave the other empty")
	}
	if p.First != "" {
		return checkKey("FirstId", p.First)
	}
	return checkKey("SecondId", p.Second)
}
