package store

import (
	"context"
	"fmt"

	"github.com/tandem-ipaas/tandem"
	"github.com/tandem-ipaas/tandem/internal/journal"
)

// Columns of a step item; where its data is, and that; or, of what is not to be shown,
// that it is not kept.
const (
	itemColumns = `seq, prev, step, attempt, outcome, exit, message, tasks, started_at, finished_at, `
	itemData    = `blob, data`
	noData      = `2, NULL`
)

// itemRow is a step item as its row has it.
type itemRow struct {
	tandem.StepItem
	place blobPlace
	data  []byte
}

func scanItem(r scanner) (it itemRow, err error) {
	var started, finished int64
	err = r.Scan(&it.Seq, &it.Prev, &it.StepID, &it.Attempt, &it.Outcome, &it.Exit, &it.Message, &it.Tasks, &started, &finished, &it.place, &it.data)
	it.Started, it.Finished = instant(started), instant(finished)
	return it, err
}

// Items are a transaction's step items in order of Seq, with all that whoever runs it
// needs to know: also what is shown to nobody.
func (s *Store) Items(ctx context.Context, a tandem.AccountID, id tandem.TransactionID) ([]tandem.StepItem, error) {
	return s.items(ctx, a, id, itemColumns+itemData)
}

func (s *Store) items(ctx context.Context, a tandem.AccountID, id tandem.TransactionID, columns string) ([]tandem.StepItem, error) {
	found, err := rows(ctx, s.read(), scanItem, `SELECT `+columns+` FROM step_item WHERE account = $1 AND txn = $2 ORDER BY seq`, a, id)
	items := make([]tandem.StepItem, len(found))
	for i := range found {
		if err == nil {
			items[i], err = s.whole(ctx, a, id, found[i])
		}
	}
	if err != nil {
		return nil, fmt.Errorf("read the step items of transaction %s: %w", id, err)
	}
	return items, nil
}

// fewItems is how many step items a transaction has at most that come with it.
const fewItems = 16

// addItems adds their step items to transactions that have few, by one statement; but not
// to those that have some elsewhere than in a row.
func (s *Store) addItems(ctx context.Context, a tandem.AccountID, all []journal.Txn) error {
	few := map[tandem.TransactionID]*journal.Txn{}
	var ids []tandem.TransactionID
	for i := range all {
		if t := &all[i]; t.NextSeq > 1 && t.NextSeq <= fewItems+1 {
			few[t.ID], ids = t, append(ids, t.ID)
		}
	}
	if len(ids) == 0 {
		return nil
	}
	type owned struct {
		txn tandem.TransactionID
		itemRow
	}
	found, err := rows(ctx, s.read(), func(r scanner) (o owned, err error) {
		o.itemRow, err = scanItem(prefixed{r, []any{&o.txn}})
		return o, err
	}, `SELECT txn, `+itemColumns+itemData+` FROM `+eachID+`
		CROSS JOIN LATERAL (SELECT * FROM step_item WHERE account = $1 AND txn = own.txn_id::bigint ORDER BY seq LIMIT $3) i
		ORDER BY txn, seq`, a, idsText(ids), fewItems)
	if err != nil {
		return err
	}
	for _, o := range found {
		t := few[o.txn]
		switch {
		case t == nil: // it has one elsewhere
		case o.place != inRow:
			t.Items = nil
			delete(few, o.txn)
		default:
			it, err := s.whole(ctx, a, o.txn, o.itemRow)
			if err != nil {
				return err
			}
			t.Items = append(t.Items, it)
		}
	}
	return nil
}

// Item reads one step item, as it is shown. Errors: NotFound.
func (s *Store) Item(ctx context.Context, a tandem.AccountID, id tandem.TransactionID, seq int32) (tandem.StepItem, error) {
	it, err := row(ctx, s.read(), fmt.Sprintf("Item %d of transaction %s", seq, id), scanItem, `SELECT `+itemColumns+`
		CASE WHEN EXISTS (SELECT 1 FROM txn WHERE txn.account = $1 AND txn.id = $2 AND txn.unlogged = 1) THEN 2 ELSE blob END, data
		FROM step_item WHERE account = $1 AND txn = $2 AND seq = $3`, a, id, seq)
	if err != nil {
		return tandem.StepItem{}, err
	}
	return s.whole(ctx, a, id, it)
}

// whole is a row with its data.
func (s *Store) whole(ctx context.Context, a tandem.AccountID, id tandem.TransactionID, it itemRow) (_ tandem.StepItem, err error) {
	switch {
	case it.place == notKept, it.place < 0:
		it.Unlogged = true
		return it.StepItem, nil
	case it.place != inRow:
		it.data, err = s.getBlob(ctx, blob{a, id, it.Seq, it.place, string(it.data)})
	}
	if err == nil {
		it.data, err = s.packer.unpack(it.data)
	}
	if err == nil {
		it.Request, it.Response, err = parseExchanges(it.data)
	}
	return it.StepItem, err
}
