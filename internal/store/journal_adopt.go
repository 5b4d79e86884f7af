package store

import (
	"context"
	"maps"
	"slices"

	"github.com/tandem-ipaas/tandem/internal/store/bulk"
)

var (
	// adoptChildren counts the children that are submitted, not made by a delta.
	adoptChildren = bulk.MustParse(`UPDATE txn SET children = children + each.made, open = open + each.made FROM each(account bigint, id bigint, made bigint)
		WHERE txn.account = each.account AND txn.id = each.id AND txn.status < 10
		RETURNING each.ordinal`)
	forgetKeys = bulk.MustParse(`DELETE FROM dedupe WHERE (account, source, key) IN
		(SELECT each.account, each.source, each.key FROM each(account bigint, source text, key text))`)
)

// adopt counts submitted children with their parents. Those of a parent that has
// ended are not made: what is final stays as it is, and has nothing open.
func (b *batch) adopt(ctx context.Context) error {
	children := map[key][]*made{}
	for _, e := range b.entries {
		for i := range e.ids {
			if m := &e.made[i]; m.Parent != 0 && e.ids[i] == m.ID {
				parent := key{m.Account, m.Parent}
				children[parent] = append(children[parent], m)
			}
		}
	}
	parents := slices.SortedFunc(maps.Keys(children), compareKeys)
	rows := make([][]any, len(parents))
	for i, k := range parents {
		rows[i] = []any{int64(k.account), int64(k.txn), int64(len(children[k]))}
	}
	err := b.tx.Each(ctx, adoptChildren, rows, func(r []int64) { delete(children, parents[r[0]-1]) })
	if err != nil || len(children) == 0 {
		return err
	}
	return b.orphan(ctx, children)
}

// orphan makes nothing of the children of parents that have ended, and forgets the
// events that they would have been of.
func (b *batch) orphan(ctx context.Context, children map[key][]*made) error {
	orphans := map[key]bool{}
	var keys [][]any
	for _, of := range children {
		for _, m := range of {
			orphans[key{m.Account, m.ID}] = true
			if m.Key != "" {
				keys = append(keys, []any{int64(m.Account), m.Trigger, m.Key})
			}
		}
	}
	for _, e := range b.entries {
		for i := range e.ids { // also those that would have been the same event
			if orphans[key{e.made[i].Account, e.ids[i]}] {
				e.ids[i] = 0
			}
		}
	}
	return b.tx.Each(ctx, forgetKeys, keys, nil)
}
