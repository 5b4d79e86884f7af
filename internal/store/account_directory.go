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
	slot             int // of the text among the directory's
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

// edited gives an ordered list without gone and with come, which it sorts. list
// stays as it is, for those who are reading it.
func (o accountOrder) edited(list, gone, come []*listed) []*listed {
	next := make([]*listed, 0, len(list)-len(gone)+len(come))
	slices.SortFunc(gone, o.compare)
	slices.SortFunc(come, o.compare)
	for len(gone)+len(come) > 0 {
		if len(come) == 0 || len(gone) > 0 && o.compare(gone[0], come[0]) <= 0 {
			at, _ := slices.BinarySearchFunc(list, gone[0], o.compare)
			next, list, gone = append(next, list[:at]...), list[at+1:], gone[1:]
		} else {
			at, _ := slices.BinarySearchFunc(list, come[0], o.compare)
			next, list, come = append(append(next, list[:at]...), come[0]), list[at:], come[1:]
		}
	}
	return append(next, list...)
}

// directory is what lists of one partner's accounts go by, in memory: some
// 200 bytes an account. A part of a name can be anywhere in it, so that no index
// of a database helps; and counting and passing by 100,000 rows takes databases
// longer than people like to wait. Before every use it reads what changed since
// the last one, so that it is never out of date: changes of a partner's accounts
// take turns, and each gets the partner's next stamp in its own commit.
type directory struct {
	stamp   int64 // of the newest that is known; -1: nothing is
	known   map[tandem.AccountID]*listed
	ordered [len(accountOrders)][]*listed
	texts   texts
}

// directories holds those of all partners.
type directories struct {
	mu  sync.Mutex
	all map[tandem.PartnerID]*heldDirectory
}

// heldDirectory is a directory, and the right to change it.
type heldDirectory struct {
	mu sync.Mutex
	directory
	most int // texts that it may have before it is made anew
}

func (d *directories) of(p tandem.PartnerID) *heldDirectory {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.all == nil {
		d.all = map[tandem.PartnerID]*heldDirectory{}
	}
	if d.all[p] == nil {
		d.all[p] = &heldDirectory{}
	}
	return d.all[p]
}

const changedAccounts = `SELECT id, parent, api_id, name, created_at, deleted_at, enabled, stamp FROM account WHERE partner = $1 AND stamp > $2`

// accountDirectory gives a partner's accounts as they are, with those in the bin.
func (s *Store) accountDirectory(ctx context.Context, p tandem.PartnerID) (directory, error) {
	d := s.directories.of(p)
	d.mu.Lock()
	defer d.mu.Unlock()
	anew := len(d.texts.ends) >= d.most // too many of its texts may be old, or of accounts that are purged
	if anew {
		d.directory = directory{stamp: -1, known: map[tandem.AccountID]*listed{}}
	}
	changed, err := rows(ctx, s.read(), scanListed, changedAccounts, p, d.stamp)
	if err != nil {
		d.most = 0
		return directory{}, fmt.Errorf("read what changed of the accounts of partner %d: %w", p, err)
	}
	d.edit(changed)
	if anew {
		d.most = 2*len(d.texts.ends) + 1000
	}
	return d.directory, nil
}

func scanListed(r scanner) (*listed, error) {
	var l listed
	var name string
	err := r.Scan(&l.id, &l.parent, &l.apiID, &name, &l.created, &l.deleted, &l.enabled, &l.stamp)
	l.text = folded(name) + "\n" + folded(l.apiID)
	return &l, err
}

// edit puts in what changed.
func (d *directory) edit(changed []*listed) {
	var gone []*listed
	for _, l := range changed {
		was := d.known[l.id]
		if was != nil {
			gone = append(gone, was)
		}
		if was != nil && was.text == l.text {
			l.slot = was.slot
		} else {
			l.slot = d.texts.add(l.text)
		}
		d.known[l.id] = l
		d.stamp = max(d.stamp, l.stamp)
	}
	if len(changed) == 0 {
		return
	}
	for i, order := range accountOrders {
		d.ordered[i] = order.edited(d.ordered[i], gone, changed)
	}
}

// ListAccounts lists the accounts of a partner, or those right below parent.
//
// Errors: Invalid (OrderBy).
func (s *Store) ListAccounts(ctx context.Context, p tandem.PartnerID, parent tandem.AccountID, f tandem.AccountFilter) (page tandem.Page[tandem.Account], err error) {
	order, err := orderOf(f.OrderBy)
	if err != nil {
		return page, err
	}
	d, err := s.accountDirectory(ctx, p)
	if err != nil {
		return page, err
	}
	found, wanted := d.having(f.Query), matcher(parent, f)
	ids, total := pick(d.ordered[order], func(l *listed) bool { return wanted(l) && found(l) }, f.PageRequest)
	page.Total = total
	page.Rows, err = s.accountsByID(ctx, p, ids)
	return page, err
}

// orderOf is the index of an order, by the name of a property of accounts; "" is
// by their names. Errors: Invalid; it tells of others that the list has.
func orderOf(name string, others ...string) (int, error) {
	var known []string
	for i, o := range accountOrders {
		if known = append(known, o.name); o.name == cmp.Or(name, "Name") {
			return i, nil
		}
	}
	return 0, noOrder(name, append(known, others...))
}

// having says which accounts have a query in their texts. All have an empty one.
func (d *directory) having(query string) func(*listed) bool {
	if query = folded(query); query == "" {
		return func(*listed) bool { return true }
	}
	found := d.texts.having(query)
	return func(l *listed) bool { return found[l.slot] }
}

// matcher says what a list has.
func matcher(parent tandem.AccountID, f tandem.AccountFilter) func(*listed) bool {
	gone := time.Now().Add(-binTime).UnixMicro()
	return func(l *listed) bool {
		switch {
		case f.Deleted && l.deleted <= gone, !f.Deleted && l.deleted != 0:
			return false
		case parent != 0 && l.parent != parent, f.Enabled != nil && l.enabled != *f.Enabled:
			return false
		}
		return true
	}
}

// pick gives the page of what matches, and how much does.
func pick(all []*listed, match func(*listed) bool, r tandem.PageRequest) (ids []tandem.AccountID, total int) {
	walk := slices.All(all)
	if r.Descend {
		walk = slices.Backward(all)
	}
	first := r.Offset()
	for _, l := range walk {
		if !match(l) {
			continue
		}
		if total >= first && len(ids) < r.Limit() {
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
func numbers[ID ~int64](ids []ID) string {
	var b strings.Builder
	for i, id := range ids {
		if i > 0 {
			b.WriteByte(',')
		}
		fmt.Fprintf(&b, "%d", id)
	}
	return b.String()
}
