package marketplace_test

import (
	"context"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/tandem-ipaas/tandem"
	"github.com/tandem-ipaas/tandem/internal/marketplace"
	"github.com/tandem-ipaas/tandem/internal/store"
	"github.com/tandem-ipaas/tandem/internal/store/storetest"
)

// shelf is a partner's templates.
type shelf map[tandem.TemplateID]tandem.PartnerID

func (s shelf) Get(_ context.Context, p tandem.PartnerID, id tandem.TemplateID) (*tandem.Template, error) {
	if s[id] != p {
		return nil, tandem.NotFoundf("Template %s could not be found.", id)
	}
	return &tandem.Template{ID: id}, nil
}

type fixture struct {
	*marketplace.Marketplaces
	acme, bolt tandem.PartnerID
}

func open(t *testing.T, db *store.Store) fixture {
	t.Helper()
	partner := func(email string) tandem.PartnerID {
		p, err := db.CreatePartner(t.Context(), email, tandem.ConsoleUser{Email: email}, "x", tandem.OAuthClient{ID: email, SecretHash: []byte{1}})
		if err != nil {
			t.Fatal(err)
		}
		return p
	}
	f := fixture{acme: partner("a@acme.test"), bolt: partner("b@bolt.test")}
	f.Marketplaces = marketplace.New(db, shelf{"a": f.acme, "b": f.acme, "foreign": f.bolt})
	return f
}

func both(t *testing.T, test func(t *testing.T, f fixture)) {
	t.Run("SQLite", func(t *testing.T) { test(t, open(t, storetest.SQLite(t))) })
	t.Run("Postgres", func(t *testing.T) { test(t, open(t, storetest.Postgres(t))) })
}

func (f fixture) make(t *testing.T, name string) tandem.MarketplaceID {
	t.Helper()
	m, err := f.Put(t.Context(), f.acme, 0, tandem.MarketplaceUpdate{Name: tandem.Some(name)})
	if err != nil {
		t.Fatal(err)
	}
	return m.ID
}

func (f fixture) pack(t *testing.T, of tandem.MarketplaceID, u tandem.PackageUpdate) *tandem.Package {
	t.Helper()
	k, err := f.PutPackage(t.Context(), f.acme, of, 0, u)
	if err != nil {
		t.Fatal(err)
	}
	return k
}

func packed(name string, order int, templates ...tandem.TemplateID) tandem.PackageUpdate {
	return tandem.PackageUpdate{Name: tandem.Some(name), Order: tandem.Some(order), Templates: tandem.Some(templates)}
}

func TestMarketplace(t *testing.T) {
	both(t, func(t *testing.T, f fixture) {
		id := f.make(t, " zeta ")
		f.make(t, "Alpha")
		page, err := f.List(t.Context(), f.acme, tandem.Search{PageRequest: tandem.PageRequest{Page: 2, PageSize: 1}})
		want := tandem.Page[tandem.Marketplace]{Total: 2, Rows: []tandem.Marketplace{{ID: id, Partner: f.acme, Name: "zeta"}}}
		if diff := cmp.Diff(want, page); err != nil || diff != "" {
			t.Errorf("%v, -want +got\n%s", err, diff)
		}
		for p, total := range map[tandem.PartnerID]int{f.acme: 1, f.bolt: 0} {
			if page, err := f.List(t.Context(), p, tandem.Search{Query: "ZET"}); err != nil || page.Total != total {
				t.Errorf("partner %d finds %+v, %v; want %d", p, page, err, total)
			}
		}
		got, err := f.Put(t.Context(), f.acme, id, tandem.MarketplaceUpdate{Description: tandem.Some("all of it")})
		if err != nil || got.Name != "zeta" || got.Description != "all of it" {
			t.Errorf("%+v, %v", got, err)
		}
		for want, u := range map[string]tandem.MarketplaceUpdate{
			"Name is required": {Name: tandem.Some(" ")}, "Name: at most": {Name: tandem.Some(strings.Repeat("x", 256))},
			"Description: at most": {Description: tandem.Some(strings.Repeat("x", 10_001))},
		} {
			if _, err := f.Put(t.Context(), f.acme, id, u); tandem.ErrorCode(err) != tandem.Invalid || !strings.Contains(err.Error(), want) {
				t.Errorf("%v, want %s", err, want)
			}
		}
		if err := f.Delete(t.Context(), f.acme, id); err != nil {
			t.Fatal(err)
		}
		if _, err := f.Get(t.Context(), f.acme, id); tandem.ErrorCode(err) != tandem.NotFound {
			t.Errorf("it is still there: %v", err)
		}
	})
}

func TestPackages(t *testing.T) {
	both(t, func(t *testing.T, f fixture) {
		id := f.make(t, "shop")
		last := f.pack(t, id, packed("last", 2, "a"))
		first := f.pack(t, id, packed("first", 1, "b", "a"))
		moved, err := f.PutPackage(t.Context(), f.acme, id, last.ID, tandem.PackageUpdate{Order: tandem.Some(0), Description: tandem.Some("now first")})
		if err != nil {
			t.Fatal(err)
		}
		got, err := f.Packages(t.Context(), f.acme, id)
		if diff := cmp.Diff([]tandem.Package{*moved, *first}, got); err != nil || diff != "" {
			t.Errorf("%v, -want +got\n%s", err, diff)
		}
		for want, u := range map[string]tandem.PackageUpdate{
			"Name is required": packed("", 0, "a"), "at least one": packed("x", 0), "named twice": packed("x", 0, "a", "a"),
			"there is no template foreign": packed("x", 0, "foreign"), "at most 50": packed("x", 0, make([]tandem.TemplateID, 51)...),
		} {
			if _, err := f.PutPackage(t.Context(), f.acme, id, 0, u); tandem.ErrorCode(err) != tandem.Invalid || !strings.Contains(err.Error(), want) {
				t.Errorf("%v, want %s", err, want)
			}
		}
		if err := f.DeletePackage(t.Context(), f.acme, id, first.ID); err != nil {
			t.Fatal(err)
		}
		if err := f.Delete(t.Context(), f.acme, id); err != nil {
			t.Fatal(err)
		}
		if _, err := f.Package(t.Context(), f.acme, id, moved.ID); tandem.ErrorCode(err) != tandem.NotFound {
			t.Errorf("a package outlived its marketplace: %v", err)
		}
	})
}

// What is another's, or of another marketplace, is not there.
func TestApart(t *testing.T) {
	both(t, func(t *testing.T, f fixture) {
		id, beside := f.make(t, "shop"), f.make(t, "beside")
		k := f.pack(t, id, packed("x", 0, "a"))
		try := func(p tandem.PartnerID, of tandem.MarketplaceID) map[string]error {
			errs := map[string]error{}
			_, errs["get"] = f.Package(t.Context(), p, of, k.ID)
			_, errs["put"] = f.PutPackage(t.Context(), p, of, k.ID, tandem.PackageUpdate{Order: tandem.Some(9)})
			errs["delete"] = f.DeletePackage(t.Context(), p, of, k.ID)
			if p == f.acme {
				return errs
			}
			_, errs["marketplace"] = f.Get(t.Context(), p, of)
			_, errs["packages"] = f.Packages(t.Context(), p, of)
			_, errs["change"] = f.Put(t.Context(), p, of, tandem.MarketplaceUpdate{Name: tandem.Some("mine")})
			_, errs["add"] = f.PutPackage(t.Context(), p, of, 0, packed("x", 0, "foreign"))
			errs["close"] = f.Delete(t.Context(), p, of)
			return errs
		}
		for why, err := range try(f.bolt, id) {
			if tandem.ErrorCode(err) != tandem.NotFound {
				t.Errorf("%s by another partner: %v", why, err)
			}
		}
		for why, err := range try(f.acme, beside) {
			if tandem.ErrorCode(err) != tandem.NotFound {
				t.Errorf("%s in another marketplace: %v", why, err)
			}
		}
		got, err := f.Packages(t.Context(), f.acme, id)
		if diff := cmp.Diff([]tandem.Package{*k}, got); err != nil || diff != "" {
			t.Errorf("%v, -want +got\n%s", err, diff)
		}
	})
}
