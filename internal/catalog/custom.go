package catalog

import (
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"slices"
	"strings"
	"time"

	"github.com/tandem-ipaas/tandem"
	"github.com/tandem-ipaas/tandem/connector"
)

var _ tandem.CustomConnectors = (*Custom)(nil)

// CustomStore keeps partners' own connectors.
type CustomStore interface {
	CustomConnectors(ctx context.Context, p tandem.PartnerID, f tandem.Search) (tandem.Page[tandem.CustomConnector], error)
	// CustomConnector errors: NotFound.
	CustomConnector(ctx context.Context, p tandem.PartnerID, id tandem.ConnectorID) (tandem.CustomConnector, error)
	// PutCustomConnector changes one under change, alone with it, and numbers
	// the parts of what that gives; the id 0 is for a new one. Installed says
	// that some account has it.
	//
	// Errors: NotFound; Conflict (there is such a one); change's.
	PutCustomConnector(ctx context.Context, p tandem.PartnerID, id tandem.ConnectorID, change func(c *tandem.CustomConnector, installed bool) (*connector.Connector, error)) (tandem.CustomConnector, error)
	// DeleteCustomConnector errors: NotFound, Conflict (some account has it).
	DeleteCustomConnector(ctx context.Context, p tandem.PartnerID, id tandem.ConnectorID) error
}

// Custom is the service of partners' own connectors. It is safe for concurrent use.
type Custom struct {
	log     *slog.Logger
	store   CustomStore
	library *Library
}

// NewCustom makes the service; what it changes, the library gives out.
func NewCustom(log *slog.Logger, store CustomStore, library *Library) *Custom {
	return &Custom{log: log, store: store, library: library}
}

// List implements tandem.CustomConnectors.
func (s *Custom) List(ctx context.Context, p tandem.PartnerID, f tandem.Search) (tandem.Page[tandem.CustomConnector], error) {
	page, err := s.store.CustomConnectors(ctx, p, f)
	for i := range page.Rows {
		if err == nil {
			err = s.explain(&page.Rows[i])
		}
		if err == nil {
			err = outlineMethods(&page.Rows[i])
		}
	}
	return page, err
}

// Get implements tandem.CustomConnectors.
func (s *Custom) Get(ctx context.Context, p tandem.PartnerID, id tandem.ConnectorID) (*tandem.CustomConnector, error) {
	c, err := s.store.CustomConnector(ctx, p, id)
	if err != nil {
		return nil, err
	}
	return &c, s.explain(&c)
}

// explain says what of c is not supported.
func (s *Custom) explain(c *tandem.CustomConnector) error {
	custom, err := s.library.read(c)
	if err == nil {
		c.Unsupported = custom.Unsupported()
	}
	return err
}

// Create implements tandem.CustomConnectors.
func (s *Custom) Create(ctx context.Context, p tandem.PartnerID, document map[string]json.RawMessage) (*tandem.CustomConnector, error) {
	c, err := s.put(ctx, p, 0, 0, document)
	if err != nil {
		return nil, fmt.Errorf("create custom connector: %w", err)
	}
	s.log.InfoContext(ctx, "custom connector created", "partner", p, "connector", c.ID)
	return c, nil
}

// Update implements tandem.CustomConnectors.
func (s *Custom) Update(ctx context.Context, p tandem.PartnerID, id tandem.ConnectorID, looked int64, document map[string]json.RawMessage) (*tandem.CustomConnector, error) {
	c, err := s.put(ctx, p, id, looked, document)
	if err != nil {
		return nil, fmt.Errorf("update custom connector %d: %w", id, err)
	}
	s.log.InfoContext(ctx, "custom connector changed", "partner", p, "connector", id)
	return c, nil
}

func (s *Custom) put(ctx context.Context, p tandem.PartnerID, id tandem.ConnectorID, looked int64, document map[string]json.RawMessage) (*tandem.CustomConnector, error) {
	document, err := known(document)
	if err != nil {
		return nil, err
	}
	c, err := s.store.PutCustomConnector(ctx, p, id, func(c *tandem.CustomConnector, installed bool) (*connector.Connector, error) {
		if id == 0 {
			c.Created = time.Now().UTC().Truncate(time.Microsecond)
		} else if looked != 0 && looked != c.Revision {
			return nil, tandem.Conflictf("Somebody else has changed the connector meanwhile.")
		}
		return s.change(c, document, installed)
	})
	if tandem.ErrorCode(err) == tandem.Conflict && id == 0 {
		err = invalid("UniqueIdentifier", "is taken, or Name is, by another connector of the same version")
	}
	if err != nil {
		return nil, err
	}
	s.library.Forget(p)
	return &c, nil
}

// change puts a document into c, and gives what can be used of it.
func (s *Custom) change(c *tandem.CustomConnector, document map[string]json.RawMessage, installed bool) (*connector.Connector, error) {
	var was *connector.Custom
	var err error
	if installed {
		if was, err = s.library.read(c); err != nil {
			return nil, err
		}
	}
	before := *c
	if err := apply(c, document); err != nil {
		return nil, err
	}
	now, err := s.library.read(c)
	if err != nil {
		return nil, err
	}
	c.Version, c.Unsupported = now.Version, now.Unsupported()
	if installed {
		err = keeps(&before, c, was, now)
	}
	return now.Connector, err
}

// keeps refuses a change that takes away what installations use: transactions
// that have begun run on. Nor do the credentials that customers have given go
// anywhere else than they were given for.
//
// Errors: Conflict.
func keeps(before, c *tandem.CustomConnector, was, now *connector.Custom) error {
	lost := func(what string) error {
		return tandem.Conflictf("The connector is installed, and the change would take away %s.", what)
	}
	if before.UniqueIdentifier != c.UniqueIdentifier || before.Version != c.Version {
		return tandem.Conflictf("The connector is installed: its UniqueIdentifier and Version cannot change.")
	}
	for _, why := range now.Obstacles {
		if !slices.Contains(was.Obstacles, why) {
			return lost("the use of all of it: " + why)
		}
	}
	for _, m := range was.Methods {
		guid := m.MethodUniqueIdentifier
		if slices.ContainsFunc(now.Methods, func(n connector.Method) bool { return n.MethodUniqueIdentifier == guid }) {
			continue
		}
		if why, refused := now.Refused[guid]; refused {
			return lost(fmt.Sprintf("method %q: %s", m.Name, why.Reason))
		}
		return lost(fmt.Sprintf("method %q", m.Name))
	}
	for _, a := range was.Authentication {
		if !slices.ContainsFunc(now.Authentication, func(b connector.Authentication) bool { return b.Name == a.Name && b.AuthType == a.AuthType }) {
			return lost(strings.TrimSpace(fmt.Sprintf("the authentication %s %s", a.AuthType, a.Name)))
		}
	}
	if what := redirected(was.Connector, now.Connector); what != "" {
		return tandem.Conflictf("The connector is installed, and the change would send its users' credentials elsewhere: %s. Make a new version of it.", what)
	}
	return nil
}

// Delete implements tandem.CustomConnectors.
func (s *Custom) Delete(ctx context.Context, p tandem.PartnerID, id tandem.ConnectorID) error {
	if err := s.store.DeleteCustomConnector(ctx, p, id); err != nil {
		return fmt.Errorf("delete custom connector %d: %w", id, err)
	}
	s.library.Forget(p)
	s.log.InfoContext(ctx, "custom connector deleted", "partner", p, "connector", id)
	return nil
}
