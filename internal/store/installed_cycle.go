package store

import (
	"context"

	"github.com/tandem-ipaas/tandem"
)

const (
	installedColumns = `a.api_id, a.name, c.id, c.name, c.status, c.template_release, coalesce(r.version, 0), CASE WHEN t.release <> c.template_release THEN 1 ELSE 0 END`
	installedTables  = `cycle c JOIN account a ON a.id = c.account AND a.deleted_at = 0
	JOIN template t ON t.partner = a.partner AND t.id = c.template
	LEFT JOIN template_release r ON r.partner = a.partner AND r.template = c.template AND r.id = c.template_release`
)

var installedOrders = orders{
	"":            {"lower(a.name)", "lower(c.name)", "c.id"},
	"AccountName": {"lower(a.name)", "c.id"},
	"CycleName":   {"lower(c.name)", "c.id"},
	"Version":     {"coalesce(r.version, 0)", "c.id"},
}

// InstalledCycles lists the cycles that were made of a template, in all accounts of
// its partner. Errors: NotFound (the template), Invalid (OrderBy).
func (s *Store) InstalledCycles(ctx context.Context, p tandem.PartnerID, id tandem.TemplateID, f tandem.InstalledFilter) (tandem.Page[tandem.InstalledCycle], error) {
	if _, err := s.Template(ctx, p, id); err != nil {
		return tandem.Page[tandem.InstalledCycle]{}, err
	}
	c := &conditions{all: []string{"c.deleted_at = 0", "c.template <> ''"}} // as the index has them
	c.add("a.partner = ", p)
	c.add("c.template = ", id)
	if f.Release != "" {
		c.add("c.template_release = ", f.Release)
	}
	if f.Upgradeable {
		c.all = append(c.all, "t.release <> c.template_release")
	}
	return page(ctx, s.read(), scanInstalled, installedColumns, installedTables, c, installedOrders, f.PageRequest)
}

func scanInstalled(r scanner) (c tandem.InstalledCycle, err error) {
	var upgradeable int
	err = r.Scan(&c.AccountID, &c.AccountName, &c.CycleID, &c.CycleName, &c.Status, &c.ReleaseID, &c.Version, &upgradeable)
	c.Upgradeable = upgradeable != 0
	return c, err
}
