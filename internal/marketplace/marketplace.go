package marketplace

import (
	"context"
	"fmt"
	"slices"

	"github.com/tandem-ipaas/tandem"
)

var _ tandem.Marketplaces = (*Marketplaces)(nil)

// Store keeps marketplaces and packages.
type Store interface {
	Marketplaces(ctx context.Context, p tandem.PartnerID, f tandem.Search) (tandem.Page[tandem.Marketplace], error)
	// Marketplace errors: NotFound.
	Marketplace(ctx context.Context, p tandem.PartnerID, id tandem.MarketplaceID) (tandem.Marketplace, error)
	// PutMarketplace makes one if id is 0. Errors: NotFound, and change's.
	PutMarketplace(ctx context.Context, p tandem.PartnerID, id tandem.MarketplaceID, change func(*tandem.Marketplace) error) (tandem.Marketplace, error)
	// DeleteMarketplace deletes its packages too. Errors: NotFound.
	DeleteMarketplace(ctx context.Context, p tandem.PartnerID, id tandem.MarketplaceID) error
	Packages(ctx context.Context, p tandem.PartnerID, of tandem.MarketplaceID) ([]tandem.Package, error)
	// Package errors: NotFound.
	Package(ctx context.Context, p tandem.PartnerID, of tandem.MarketplaceID, id tandem.PackageID) (tandem.Package, error)
	// PutPackage makes one if id is 0. Errors: NotFound, and change's.
	PutPackage(ctx context.Context, p tandem.PartnerID, of tandem.MarketplaceID, id tandem.PackageID, change func(*tandem.Package) error) (tandem.Package, error)
	// DeletePackage errors: NotFound.
	DeletePackage(ctx context.Context, p tandem.PartnerID, of tandem.MarketplaceID, id tandem.PackageID) error
}

// Templates finds a partner's templates.
type Templates interface {
	// Get errors: NotFound.
	Get(ctx context.Context, p tandem.PartnerID, id tandem.TemplateID) (*tandem.Template, error)
}

// Limits on what one may hold.
const (
	maxDescription = 10_000
	maxTemplates   = 50
)

// Marketplaces is the service.
type Marketplaces struct {
	store     Store
	templates Templates
}

// New makes the service.
func New(store Store, templates Templates) *Marketplaces {
	return &Marketplaces{store: store, templates: templates}
}

// List implements tandem.Marketplaces.
func (s *Marketplaces) List(ctx context.Context, p tandem.PartnerID, f tandem.Search) (tandem.Page[tandem.Marketplace], error) {
	page, err := s.store.Marketplaces(ctx, p, f)
	if err != nil {
		return page, fmt.Errorf("list marketplaces: %w", err)
	}
	return page, nil
}

// Get implements tandem.Marketplaces.
func (s *Marketplaces) Get(ctx context.Context, p tandem.PartnerID, id tandem.MarketplaceID) (*tandem.Marketplace, error) {
	m, err := s.store.Marketplace(ctx, p, id)
	if err != nil {
		return nil, fmt.Errorf("get marketplace %d: %w", id, err)
	}
	return &m, nil
}

// Put implements tandem.Marketplaces.
func (s *Marketplaces) Put(ctx context.Context, p tandem.PartnerID, id tandem.MarketplaceID, u tandem.MarketplaceUpdate) (*tandem.Marketplace, error) {
	m, err := s.store.PutMarketplace(ctx, p, id, func(m *tandem.Marketplace) error {
		u.Name.Apply(&m.Name)
		u.Description.Apply(&m.Description)
		return checkTexts(&m.Name, m.Description)
	})
	if err != nil {
		return nil, fmt.Errorf("put marketplace %d: %w", id, err)
	}
	return &m, nil
}

func checkTexts(name *string, description string) error {
	if len(description) > maxDescription {
		return tandem.Invalidf("Description", "Description: at most %d bytes", maxDescription)
	}
	return tandem.CheckName(name)
}

// Delete implements tandem.Marketplaces.
func (s *Marketplaces) Delete(ctx context.Context, p tandem.PartnerID, id tandem.MarketplaceID) error {
	if err := s.store.DeleteMarketplace(ctx, p, id); err != nil {
		return fmt.Errorf("delete marketplace %d: %w", id, err)
	}
	return nil
}

// Packages implements tandem.Marketplaces.
func (s *Marketplaces) Packages(ctx context.Context, p tandem.PartnerID, of tandem.MarketplaceID) ([]tandem.Package, error) {
	if _, err := s.Get(ctx, p, of); err != nil {
		return nil, err
	}
	all, err := s.store.Packages(ctx, p, of)
	if err != nil {
		return nil, fmt.Errorf("list packages of marketplace %d: %w", of, err)
	}
	return all, nil
}

// Package implements tandem.Marketplaces.
func (s *Marketplaces) Package(ctx context.Context, p tandem.PartnerID, of tandem.MarketplaceID, id tandem.PackageID) (*tandem.Package, error) {
	k, err := s.store.Package(ctx, p, of, id)
	if err != nil {
		return nil, fmt.Errorf("get package %d of marketplace %d: %w", id, of, err)
	}
	return &k, nil
}

// PutPackage implements tandem.Marketplaces.
func (s *Marketplaces) PutPackage(ctx context.Context, p tandem.PartnerID, of tandem.MarketplaceID, id tandem.PackageID, u tandem.PackageUpdate) (*tandem.Package, error) {
	if _, err := s.Get(ctx, p, of); err != nil {
		return nil, err // before a word about the templates
	}
	if err := s.checkTemplates(ctx, p, u.Templates.Value); err != nil {
		return nil, err
	}
	k, err := s.store.PutPackage(ctx, p, of, id, func(k *tandem.Package) error {
		u.Name.Apply(&k.Name)
		u.Description.Apply(&k.Description)
		u.Templates.Apply(&k.Templates)
		u.Order.Apply(&k.Order)
		if len(k.Templates) == 0 {
			return tandem.Invalidf("TemplateIds", "TemplateIds: at least one template is required")
		}
		return checkTexts(&k.Name, k.Description)
	})
	if err != nil {
		return nil, fmt.Errorf("put package %d of marketplace %d: %w", id, of, err)
	}
	return &k, nil
}

// checkTemplates refuses what is not the partner's.
func (s *Marketplaces) checkTemplates(ctx context.Context, p tandem.PartnerID, all []tandem.TemplateID) error {
	if len(all) > maxTemplates {
		return tandem.Invalidf("TemplateIds", "TemplateIds: at most %d templates", maxTemplates)
	}
	for i, id := range all {
		if slices.Contains(all[:i], id) {
			return tandem.Invalidf("TemplateIds", "TemplateIds: template %s is named twice", id)
		}
		_, err := s.templates.Get(ctx, p, id)
		switch {
		case tandem.ErrorCode(err) == tandem.NotFound:
			return tandem.Invalidf("TemplateIds", "TemplateIds: there is no template %s", id)
		case err != nil:
			return fmt.Errorf("template of a package: %w", err)
		}
	}
	return nil
}

// DeletePackage implements tandem.Marketplaces.
func (s *Marketplaces) DeletePackage(ctx context.Context, p tandem.PartnerID, of tandem.MarketplaceID, id tandem.PackageID) error {
	if err := s.store.DeletePackage(ctx, p, of, id); err != nil {
		return fmt.Errorf("delete package %d of marketplace %d: %w", id, of, err)
	}
	return nil
}
