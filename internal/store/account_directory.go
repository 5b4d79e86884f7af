package store

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/tandem-ipaas/tandem"
)

// binTime is how long a deleted account can be restored.
const binTime = tandem.AccountBinTime

// listed is what lists go by of an account. It is never changed.
type listed struct {
	id, parent       tandem.AccountID
	apiID            string
	text             string // name, line feed, API ID: folded
	created, deleted int64
	enabled          bool
	stamp            int64
	slot             int // of the directory's text
}

// accountOrder is an order of a list.
type accountOrder struct {
	name    string
	compare func(a, b *listed) int
}

// accountOrders are those that lists may have. No two accounts are equal in any.
var accountOrders = [...]accountOrder{
	{"Name", func(a, b *listed) int { return cmp.Or(strings.Compare(a.text, b.text), cmp.Compare(a.id, b.id)) }},
	{"Id", func(a, b *listed) int { return cmp.Or(strings.Compare(a.apiID, b.apiID), cmp.Compare(a.id, b.id)) }},
	{"CreatedDate", func(a, b *listed) int { return cmp.Or(cmp.Compare(a.created, b.created), cmp.Compare(a.id, b.id)) }},
}

// directory is what lists of one partner's accounts go by, in memory: some
// 200 bytes an account. A part of a name can be anywhere in it, so that no index
// of a database helps; and counting and passing by 100,000 rows takes databases
// longer than people like to wait. Before every use it reads what changed since
// the last one, so that it is never out of date: changes of a partner's accounts
// take turns, and each gets the partner's next stamp in its own commit.
type directory struct {
	mu      sync.Mutex
	stamp   int64 // of the newest that is known; -1: nothing is
	ordered [len(accountOrders)][]*listed
	slots   map[tandem.AccountID]int
	current []*listed // by slot

	// All texts one behind another, each with a line feed behind it, and where
	// they end: memory is searched fastest from one end to the other.
	text string
	ends []int
}

// directories holds those of all partners.
type directories struct {
	mu  sync.Mutex
	all map[tandem.PartnerID]*directory
}

func (d *directories) of(p tandem.PartnerID) *directory {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.all == nil {
		d.all = map[tandem.PartnerID]*directory{}
	}
	if d.all[p] == nil {
		d.all[p] = &directory{stamp: -1, slots: map[tandem.AccountID]int{}}
	}
	return d.all[p]
}

const changedAccounts = `SELECT id, parent, api_id, name, created_at, deleted_at, enabled, stamp FROM account WHERE partner = $1 AND stamp > $2`

// inOrder gives all of a partner's accounts, in the bin too, in one of
// accountOrders; and by slot which have part of their text in common with a folded
// query. Nobody changes what it gives.
func (s *Store) inOrder(ctx context.Context, p tandem.PartnerID, order int, query string) (all []*listed, found []bool, err error) {
	d := s.directories.of(p)
	d.mu.Lock()
	defer d.mu.Unlock()
	changed, err := rows(ctx, s.read(), scanListed, changedAccounts, p, d.stamp)
	if err != nil {
		return nil, nil, fmt.Errorf("read what changed of the accounts of partner %d: %w", p, err)
	}
	if len(changed) > 0 {
		d.merge(changed)
	}
	if query != "" {
		found = d.search(query)
	}
	return d.ordered[order], found, nil
}

// search says by slot which texts have query in them.
func (d *directory) search(query string) []bool {
	found := make([]bool, len(d.ends))
	for slot, at := 0, 0; ; slot, at = slot+1, d.ends[slot] {
		i := strings.Index(d.text[at:], query)
		if i < 0 {
			return found
		}
		for at += i; d.ends[slot] <= at; {
			slot++
		}
		found[slot] = true
	}
}

// index makes the text anew.
func (d *directory) index() {
	var b strings.Builder
	b.Grow(len(d.text))
	d.ends = make([]int, len(d.current))
	for slot, l := range d.current {
		b.WriteString(l.text)
		b.WriteByte('\n')
		d.ends[slot] = b.Len()
	}
	d.text = b.String()
}

func scanListed(r scanner) (*listed, error) {
	var l listed
	var name string
	err := r.Scan(&l.id, &l.parent, &l.apiID, &name, &l.created, &l.deleted, &l.enabled, &l.stamp)
	l.text = folded(name) + "\n" + folded(l.apiID)
	return &l, err
}

// merge puts in what changed, and leaves out what is in the bin no more.
func (d *directory) merge(changed []*listed) {
	gone := time.Now().Add(-binTime).UnixMicro()
	for _, l := range changed {
		slot, known := d.slots[l.id]
		if !known {
			slot, d.current = len(d.current), append(d.current, nil)
			d.slots[l.id] = slot
		}
		l.slot, d.current[slot] = slot, l
		d.stamp = max(d.stamp, l.stamp)
	}
	for i, order := range accountOrders {
		slices.SortFunc(changed, order.compare)
		merged := make([]*listed, 0, len(d.ordered[i])+len(changed))
		left := changed
		for _, l := range d.ordered[i] {
			if d.current[l.slot] != l || l.deleted != 0 && l.deleted < gone {
				continue
			}
			for len(left) > 0 && order.compare(left[0], l) < 0 {
				merged, left = append(merged, left[0]), left[1:]
			}
			merged = append(merged, l)
		}
		d.ordered[i] = append(merged, left...)
	}
	d.index()
}

// ListAccounts lists the accounts of a partner, or those right below parent.
//
// Errors: Invalid (OrderBy).
func (s *Store) ListAccounts(ctx context.Context, p tandem.PartnerID, parent tandem.AccountID, f tandem.AccountFilter) (page tandem.Page[tandem.Account], err error) {
	order := slices.IndexFunc(accountOrders[:], func(o accountOrder) bool { return o.name == cmp.Or(f.OrderBy, "Name") })
	if order < 0 {
		return page, tandem.Invalidf("orderBy", "orderBy: want Name, Id or CreatedDate")
	}
	all, found, err := s.inOrder(ctx, p, order, folded(f.Query))
	if err != nil {
		return page, err
	}
	ids, total := pick(all, matcher(parent, f, found), f)
	page.Total = total
	page.Rows, err = s.accountsByID(ctx, p, ids)
	return page, err
}

// matcher says what a list has; found are the slots that its query gave, nil
// without one.
func matcher(parent tandem.AccountID, f tandem.AccountFilter, found []bool) func(*listed) bool {
	gone := time.Now().Add(-binTime).UnixMicro()
	return func(l *listed) bool {
		switch {
		case f.Deleted && l.deleted <= gone, !f.Deleted && l.deleted != 0:
			return false
		case parent != 0 && l.parent != parent, f.Enabled != nil && l.enabled != *f.Enabled:
			return false
		}
		return found == nil || found[l.slot]
	}
}

// pick gives the page of what matches, and how much does.
func pick(all []*listed, match func(*listed) bool, f tandem.AccountFilter) (ids []tandem.AccountID, total int) {
	walk := slices.All(all)
	if f.Descend {
		walk = slices.Backward(all)
	}
	first := f.Offset()
	for _, l := range walk {
		if !match(l) {
			continue
		}
		if total >= first && len(ids) < f.Limit() {
			ids = append(ids, l.id)
		}
		total++
	}
	return ids, total
}

// accountsByID reads accounts of a partner in the order of ids, without those
// that have gone meanwhile. The statement leaves the partner out, by which SQLite
// would rather look for them.
func (s *Store) accountsByID(ctx context.Context, p tandem.PartnerID, ids []tandem.AccountID) ([]tandem.Account, error) {
	list := make([]tandem.Account, 0, len(ids))
	if len(ids) == 0 {
		return list, nil
	}
	found, err := rows(ctx, s.read(), scanAccount, `SELECT `+accountColumns+` FROM `+accountTables+` WHERE a.id IN (`+numbers(ids)+`)`)
	if err != nil {
		return nil, fmt.Errorf("list accounts of partner %d: %w", p, err)
	}
	byID := make(map[tandem.AccountID]*tandem.Account, len(found))
	for _, a := range found {
		byID[a.ID] = a
	}
	for _, id := range ids {
		if a := byID[id]; a != nil && a.Partner == p {
			list = append(list, *a)
		}
	}
	return list, nil
}

// numbers are ids as SQL has them in a list.
func numbers(ids []tandem.AccountID) string {
	var b strings.Builder
	for i, id := range ids {
		if i > 0 {
			b.WriteByte(',')
		}
		fmt.Fprintf(&b, "%d", id)
	}
	return b.String()
}
