package tandem

import (
	"context"
	"strconv"
)

// MarketplaceID and PackageID number marketplaces and what is in them.
type (
	MarketplaceID int64
	PackageID     int64
)

// String is the id in paths.
func (id MarketplaceID) String() string { return strconv.FormatInt(int64(id), 10) }

// String is the id in paths.
func (id PackageID) String() string { return strconv.FormatInt(int64(id), 10) }

// Marketplace is a store of integrations that a partner offers in its accounts.
type Marketplace struct {
	ID          MarketplaceID `json:"Id"`
	Partner     PartnerID     `json:"-"`
	Name        string
	Description string
}

// Package is one thing to be had in a marketplace: templates that are installed
// together.
type Package struct {
	ID          PackageID `json:"Id"`
	Name        string
	Description string
	Templates   []TemplateID `json:"TemplateIds"`
	Order       int          // place in the marketplace; equal ones by name
}

// MarketplaceUpdate changes a marketplace, or makes one. What is not set stays.
type MarketplaceUpdate struct {
	Name        Optional[string]
	Description Optional[string]
}

// PackageUpdate changes a package, or makes one. What is not set stays.
type PackageUpdate struct {
	Name        Optional[string]
	Description Optional[string]
	Templates   Optional[[]TemplateID]
	Order       Optional[int]
}

// Marketplaces are a partner's stores, and what is in them.
type Marketplaces interface {
	// List sorts them by name, and searches that and Description.
	List(ctx context.Context, p PartnerID, f Search) (Page[Marketplace], error)
	// Get errors: NotFound.
	Get(ctx context.Context, p PartnerID, id MarketplaceID) (*Marketplace, error)
	// Put changes a marketplace, or makes one if id is 0. Errors: NotFound,
	// Invalid (Name).
	Put(ctx context.Context, p PartnerID, id MarketplaceID, u MarketplaceUpdate) (*Marketplace, error)
	// Delete takes the packages with it, and leaves what was installed of
	// them. Errors: NotFound.
	Delete(ctx context.Context, p PartnerID, id MarketplaceID) error
	// Packages are all of a marketplace's, in order. Errors: NotFound.
	Packages(ctx context.Context, p PartnerID, of MarketplaceID) ([]Package, error)
	// Package errors: NotFound.
	Package(ctx context.Context, p PartnerID, of MarketplaceID, id PackageID) (*Package, error)
	// PutPackage changes a package, or makes one if id is 0. Errors: NotFound,
	// Invalid (Name, TemplateIds).
	PutPackage(ctx context.Context, p PartnerID, of MarketplaceID, id PackageID, u PackageUpdate) (*Package, error)
	// DeletePackage errors: NotFound.
	DeletePackage(ctx context.Context, p PartnerID, of MarketplaceID, id PackageID) error
}
