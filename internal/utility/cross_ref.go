package utility

import (
	"context"

	"github.com/tandem-ipaas/tandem"
	"github.com/tandem-ipaas/tandem/internal/invoke"
)

// Pairs keeps which id of one system is which of another. Of a pair that is asked
// for, one id is given.
type Pairs interface {
	Set(ctx context.Context, of tandem.Storage, once string, p tandem.Pair) error
	Get(ctx context.Context, of tandem.Storage, p tandem.Pair) (_ tandem.Pair, found bool, err error)
	Delete(ctx context.Context, of tandem.Storage, once string, p tandem.Pair) (was bool, err error)
	List(ctx context.Context, of tandem.Storage, after string, limit int) ([]tandem.Pair, error)
}

// crossRefs are the operations on pairs: each has the store of its entity.
func crossRefs(pairs Pairs) map[string]invoke.BuiltIn {
	of := func(do storing) invoke.BuiltIn {
		return func(ctx context.Context, o invoke.Operation) (any, error) {
			in := &input{Operation: &o}
			purpose, err := named(tandem.StoredPairs, in.written("Entity"))
			if err != nil {
				return nil, err
			}
			return answer(do(ctx, in, tandem.Storage{Account: o.Account, Purpose: purpose}))
		}
	}
	first := func(in *input) tandem.Pair { return tandem.Pair{First: in.written("FirstId")} }
	second := func(in *input) tandem.Pair { return tandem.Pair{Second: in.written("SecondId")} }
	return map[string]invoke.BuiltIn{
		"cross_ref.set": of(func(ctx context.Context, in *input, of tandem.Storage) (any, error) {
			p := tandem.Pair{First: in.written("FirstId"), Second: in.written("SecondId")}
			return pairDocument(p), pairs.Set(ctx, of, in.IdempotencyKey, p)
		}),
		"cross_ref.get_by_first": of(getPair(pairs, first)), "cross_ref.get_by_second": of(getPair(pairs, second)),
		"cross_ref.delete_by_first": of(deletePair(pairs, first)), "cross_ref.delete_by_second": of(deletePair(pairs, second)),
		"cross_ref.list": of(func(ctx context.Context, in *input, of tandem.Storage) (any, error) {
			return listPairs(ctx, pairs, in, of)
		}),
	}
}

func pairDocument(p tandem.Pair) map[string]any {
	return map[string]any{"FirstId": p.First, "SecondId": p.Second}
}

func getPair(pairs Pairs, half func(*input) tandem.Pair) storing {
	return func(ctx context.Context, in *input, of tandem.Storage) (any, error) {
		p, found, err := pairs.Get(ctx, of, half(in))
		doc := pairDocument(p)
		doc["Found"] = found
		return doc, err
	}
}

func deletePair(pairs Pairs, half func(*input) tandem.Pair) storing {
	return func(ctx context.Context, in *input, of tandem.Storage) (any, error) {
		was, err := pairs.Delete(ctx, of, in.IdempotencyKey, half(in))
		return map[string]any{"Deleted": was}, err
	}
}

func listPairs(ctx context.Context, pairs Pairs, in *input, of tandem.Storage) (any, error) {
	limit := in.number("PageSize", tandem.StoragePage, 1, tandem.StoragePage)
	if in.err != nil {
		return nil, in.err
	}
	found, err := pairs.List(ctx, of, in.text("After"), limit)
	all, next := make([]any, len(found)), ""
	for i, p := range found {
		all[i] = pairDocument(p)
	}
	if len(found) == limit {
		next = found[limit-1].First
	}
	return map[string]any{"Items": all, "Next": next}, err
}
