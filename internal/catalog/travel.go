package catalog

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/tandem-ipaas/tandem"
	"github.com/tandem-ipaas/tandem/connector"
)

// Pack gives the releases that refs mean, each once, in the order of names; the
// partner's own with all that somebody else needs to have them too, and without
// secrets.
//
// Errors: Invalid (one is not there any more, or cannot be used as a whole, so that
// what is left of it would be another connector).
func (l *Library) Pack(ctx context.Context, p tandem.PartnerID, refs []tandem.ConnectorRef) ([]tandem.FileConnector, error) {
	s, err := l.shelf(ctx, p)
	if err != nil {
		return nil, err
	}
	var all []tandem.FileConnector
	for _, ref := range refs {
		r, err := s.Release(ref)
		if err != nil {
			return nil, tandem.Invalidf("", "Connector %s %s cannot go into a file: it is not there any more.", ref.Name, ref.Version)
		}
		if len(r.Obstacles) > 0 {
			return nil, tandem.Invalidf("", "Connector %s %s cannot go into a file: %s.", r.Name, r.Version, strings.Join(r.Obstacles, "; "))
		}
		all = append(all, packed(r))
	}
	slices.SortFunc(all, func(a, b tandem.FileConnector) int {
		return cmp.Or(cmp.Compare(a.Name, b.Name), cmp.Compare(a.Version, b.Version), cmp.Compare(a.UniqueIdentifier, b.UniqueIdentifier))
	})
	return slices.CompactFunc(all, func(a, b tandem.FileConnector) bool {
		return a.Name == b.Name && a.Version == b.Version && a.UniqueIdentifier == b.UniqueIdentifier
	}), nil
}

func packed(r *tandem.LibraryConnector) tandem.FileConnector {
	c := tandem.FileConnector{Name: r.Name, Version: r.Version, UniqueIdentifier: r.UniqueIdentifier}
	if r.Own {
		c.Icon, c.Definition = r.Icon, r.Portable()
	}
	return c
}

// Unpack gives the shelf that p has with the connectors of a file, and those that
// are to be kept for it, as p lacks them. It keeps nothing.
//
// Errors: Invalid, whose Field is such as Connectors[0] (it is missing, and the
// file does not have it; or p has another of that name, or UniqueIdentifier, and
// version) or Connectors[0].Definition.
func (l *Library) Unpack(ctx context.Context, p tandem.PartnerID, all []tandem.FileConnector) (tandem.Shelf, []tandem.NewConnector, error) {
	s, err := l.shelf(ctx, p)
	if err != nil {
		return nil, nil, err
	}
	var lacking []tandem.NewConnector
	for i := range all {
		field := fmt.Sprintf("Connectors[%d]", i)
		c, lacks, err := l.unpack(s, field, all[i])
		if err != nil {
			return nil, nil, err
		}
		if lacks {
			c.Partner, c.Created = p, time.Now().UTC()
			lacking = append(lacking, c)
			s = s.with(tandem.LibraryConnector{Connector: c.Definition, Own: true, State: c.State})
		}
	}
	return s, lacking, nil
}

// unpack finds a connector of a file in s, or else makes one of its definition.
func (l *Library) unpack(s *shelf, field string, f tandem.FileConnector) (c tandem.NewConnector, lacks bool, err error) {
	ref := tandem.ConnectorRef{Name: f.Name, Version: f.Version}
	if f.Definition != nil {
		if c, err = l.defined(field, f); err != nil {
			return c, false, err
		}
		ref.UniqueIdentifier = c.UniqueIdentifier
	}
	found, err := s.Release(ref)
	switch {
	case err != nil && f.Definition == nil:
		return c, false, tandem.Invalidf(field, "%s: connector %s %s is not in the library.", field, f.Name, f.Version)
	case err != nil && s.named(f.Name, f.Version):
		return c, false, another(field, f, "UniqueIdentifier")
	case err != nil:
		return c, true, nil
	case f.UniqueIdentifier != "" && !strings.EqualFold(f.UniqueIdentifier, found.UniqueIdentifier):
		return c, false, tandem.Invalidf(field+".UniqueIdentifier", "%s.UniqueIdentifier: connector %s %s is another one in the library, %s.", field, f.Name, f.Version, found.UniqueIdentifier)
	case f.Definition != nil && !alike(c.Definition, found.Connector):
		return c, false, another(field, f, "definition")
	}
	return c, false, nil
}

// alike says that two connectors are the same, but for what does not travel and
// for their icons.
func alike(a, b *connector.Connector) bool {
	a, b = a.Portable(), b.Portable()
	a.Icon, b.Icon = "", ""
	x, err1 := json.Marshal(a)
	y, err2 := json.Marshal(b)
	return err1 == nil && err2 == nil && bytes.Equal(x, y)
}

func another(field string, f tandem.FileConnector, what string) error {
	return tandem.Invalidf(field, "%s: there is a connector %s %s already, and it has another %s. Give one of them another version.", field, f.Name, f.Version, what)
}

// defined makes a connector, which can be installed, of the definition of f. All of
// it has to be usable here.
func (l *Library) defined(field string, f tandem.FileConnector) (c tandem.NewConnector, err error) {
	d := f.Definition
	if d.Name != f.Name || d.Version != f.Version || !strings.EqualFold(d.UniqueIdentifier, f.UniqueIdentifier) {
		return c, tandem.Invalidf(field+".Definition", "%s.Definition: Name, Version and UniqueIdentifier must be those of the connector, %s %s %s.", field, f.Name, f.Version, f.UniqueIdentifier)
	}
	if f.Icon != "" && !isIcon(f.Icon) {
		return c, tandem.Invalidf(field+".Icon", "%s.Icon: must be a PNG as a data URL, of at most %d KB.", field, maxIconSize>>10)
	}
	document, err := documentOf(d, f.Icon)
	if err != nil {
		return c, err
	}
	if err := apply(&c.CustomConnector, document); err != nil {
		return c, &tandem.Error{Code: tandem.Invalid, Field: field + ".Definition", Message: field + ".Definition: its Name or its UniqueIdentifier cannot be used.", Err: err}
	}
	custom, err := l.read(&c.CustomConnector)
	if err != nil {
		return c, err
	}
	if wrong := custom.Unsupported(); len(wrong) > 0 {
		return c, tandem.Invalidf(field+".Definition", "%s.Definition: %s.", field, strings.Join(wrong, "; "))
	}
	c.Version, c.Definition = custom.Version, custom.Connector
	return c, nil
}

// documentOf is a definition as a partner would write it of a connector that can
// be installed.
func documentOf(d *connector.Connector, icon string) (map[string]json.RawMessage, error) {
	data, err := json.Marshal(struct {
		*connector.Connector
		Icon          string `json:",omitempty"`
		ReleaseStatus tandem.ReleaseState
	}{d, icon, tandem.ReleaseLive})
	if err != nil {
		return nil, fmt.Errorf("write connector %s %s: %w", d.Name, d.Version, err)
	}
	var document map[string]json.RawMessage
	return document, json.Unmarshal(data, &document)
}
