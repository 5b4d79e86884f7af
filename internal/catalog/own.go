package catalog

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"

	"github.com/tandem-ipaas/tandem"
	"github.com/tandem-ipaas/tandem/connector"
)

// shelf is what a partner may use. It is the same one until the partner's own
// connectors change, which is seen on this node at once and on others within
// seconds.
func (l *Library) shelf(ctx context.Context, p tandem.PartnerID) (*shelf, error) {
	s, err := l.current.Load(p, func() (*shelf, error) {
		revision, err := l.store.ConnectorRevision(ctx, p)
		if err != nil || revision == 0 {
			return l.common, err
		}
		if last, ok := l.shelves.Get(p); ok && last.revision == revision {
			return last, nil
		} else if ok {
			return l.readOwn(ctx, p, revision, last)
		}
		return l.readOwn(ctx, p, revision, l.common)
	})
	if err != nil {
		return nil, fmt.Errorf("connectors of partner %d: %w", p, err)
	}
	return s, nil
}

// readOwn reads a partner's own connectors; those that have not changed since the
// shelf last was made are taken from there. They may be newer than revision, never
// older.
func (l *Library) readOwn(ctx context.Context, p tandem.PartnerID, revision int64, last *shelf) (*shelf, error) {
	var own []tandem.LibraryConnector
	known := func(id tandem.ConnectorID, at int64) bool {
		c, ok := last.byID[id]
		if ok = ok && c.Own && c.Revision == at; ok {
			own = append(own, *c)
		}
		return ok
	}
	err := l.store.OwnConnectors(ctx, p, known, func(c *tandem.CustomConnector) (*connector.Connector, error) {
		r, err := l.release(c)
		if err != nil {
			return nil, err
		}
		own = append(own, r)
		return r.Connector, nil
	})
	if err != nil {
		return nil, err
	}
	s := newShelf(l.common, revision, own)
	l.shelves.Forget(func(of tandem.PartnerID, _ *shelf) bool { return of == p })
	return l.shelves.Load(p, func() (*shelf, error) { return s, nil })
}

// Forget has a partner's shelf read again, as there is something new on it.
func (l *Library) Forget(p tandem.PartnerID) {
	l.current.Forget(func(of tandem.PartnerID, _ *shelf) bool { return of == p })
}

// release is what can be used of c, without numbers.
func (l *Library) release(c *tandem.CustomConnector) (r tandem.LibraryConnector, err error) {
	custom, err := l.read(c)
	if err != nil {
		return r, err
	}
	r = tandem.LibraryConnector{ID: c.ID, Connector: custom.Connector, Own: true, State: c.State, Revision: c.Revision, Obstacles: custom.Obstacles, Refused: custom.Refused}
	var icon string
	if json.Unmarshal(c.Document["Icon"], &icon) == nil && isIcon(icon) {
		r.Icon = icon
	}
	return r, nil
}

// isIcon says that text is a picture that can be shown.
func isIcon(text string) bool { return strings.HasPrefix(text, iconPrefix) && len(text) <= maxIconText }

// read reads a document as far as it can be used here.
func (l *Library) read(c *tandem.CustomConnector) (*connector.Custom, error) {
	data, err := json.Marshal(c.Document)
	if err != nil {
		return nil, fmt.Errorf("write connector %d: %w", c.ID, err)
	}
	custom, err := connector.ReadCustom(data)
	if err != nil {
		return nil, fmt.Errorf("connector %d: %w", c.ID, err)
	}
	if l.check != nil {
		custom.Refuse(l.check)
	}
	return custom, nil
}
