package catalog

import (
	"cmp"
	"context"
	"slices"
	"strings"
	"time"

	"github.com/tandem-ipaas/tandem"
	"github.com/tandem-ipaas/tandem/connector"
	"github.com/tandem-ipaas/tandem/internal/cache"
)

var _ tandem.Library = (*Library)(nil)

// What is kept in memory: whose accounts are, which never changes; partners'
// shelves; and for how long those need not be looked at again.
const (
	maxAccounts = 100_000
	maxShelves  = 2_000
	fresh       = 2 * time.Second
)

// Library is the connectors of an installation, with those that are partners' own.
// It is safe for concurrent use.
type Library struct {
	store  Store
	check  Check
	common *shelf // the same for all partners

	partners *cache.Cache[tandem.AccountID, tandem.PartnerID]
	shelves  *cache.Cache[tandem.PartnerID, *shelf] // as they were last
	current  *cache.Cache[tandem.PartnerID, *shelf]
}

func newLibrary(store Store, check Check, releases []tandem.LibraryConnector) *Library {
	return &Library{
		store: store, check: check, common: newShelf(nil, 0, releases),
		partners: cache.New[tandem.AccountID, tandem.PartnerID](maxAccounts, 0),
		shelves:  cache.New[tandem.PartnerID, *shelf](maxShelves, 0),
		current:  cache.New[tandem.PartnerID, *shelf](maxShelves, fresh),
	}
}

// Shelf implements tandem.Library.
func (l *Library) Shelf(ctx context.Context, p tandem.PartnerID) (tandem.Shelf, error) {
	return l.shelf(ctx, p)
}

// AccountShelf gives the shelf of an account's partner. Errors: NotFound.
func (l *Library) AccountShelf(ctx context.Context, a tandem.AccountID) (tandem.Shelf, error) {
	p, err := l.partners.Load(a, func() (tandem.PartnerID, error) { return l.store.AccountPartner(ctx, a) })
	if err != nil {
		return nil, err
	}
	return l.shelf(ctx, p)
}

// List implements tandem.Library.
func (l *Library) List(ctx context.Context, p tandem.PartnerID, f tandem.ConnectorFilter) (page tandem.Page[tandem.LibraryConnector], err error) {
	s, err := l.shelf(ctx, p)
	if err != nil {
		return page, err
	}
	query := strings.ToLower(f.Query)
	found := []tandem.LibraryConnector{}
	for r := range s.all() {
		if f.WithoutOwn && r.Own || f.WithoutDrafts && r.State == tandem.ReleaseDraft || f.Category != "" && !slices.ContainsFunc(r.Categories, func(c string) bool { return strings.EqualFold(c, f.Category) }) {
			continue
		}
		if strings.Contains(strings.ToLower(r.Name), query) || strings.Contains(strings.ToLower(r.Description), query) {
			found = append(found, *r)
		}
	}
	if err := put(found, f.PageRequest); err != nil {
		return page, err
	}
	page.Total = len(found)
	from := min(f.Offset(), len(found))
	page.Rows = found[from:min(from+f.Limit(), len(found))]
	return page, nil
}

// put puts connectors in the order that r asks for: by name, or by id. Errors:
// Invalid (OrderBy).
func put(all []tandem.LibraryConnector, r tandem.PageRequest) error {
	slices.SortStableFunc(all, byName)
	switch r.OrderBy {
	case "", "Name":
	case "Id":
		slices.SortFunc(all, func(a, b tandem.LibraryConnector) int { return cmp.Compare(a.ID, b.ID) })
	default:
		return tandem.Invalidf("orderBy", "orderBy: there is no order by %q here: want Name or Id", r.OrderBy)
	}
	if r.OrderBy != "" && r.Descend {
		slices.Reverse(all)
	}
	return nil
}

// Get implements tandem.Library.
func (l *Library) Get(ctx context.Context, p tandem.PartnerID, id tandem.ConnectorID) (*tandem.LibraryConnector, error) {
	s, err := l.shelf(ctx, p)
	if err != nil {
		return nil, err
	}
	return s.Connector(id)
}

// ByName implements tandem.Library.
func (l *Library) ByName(ctx context.Context, p tandem.PartnerID, name, version string) ([]tandem.LibraryConnector, error) {
	s, err := l.shelf(ctx, p)
	if err != nil {
		return nil, err
	}
	found := []tandem.LibraryConnector{}
	for r := range s.all() {
		if strings.EqualFold(r.Name, name) && (version == "" || r.Version == version) {
			found = append(found, *r)
		}
	}
	return found, nil
}

// Method implements tandem.Library.
func (l *Library) Method(ctx context.Context, p tandem.PartnerID, id tandem.MethodID) (*tandem.LibraryConnector, *connector.Method, error) {
	s, err := l.shelf(ctx, p)
	if err != nil {
		return nil, nil, err
	}
	return s.Method(id)
}
