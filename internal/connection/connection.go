package connection

import (
	"cmp"
	"context"
	"fmt"
	"log/slog"
	"net/http"
	"time"

	"golang.org/x/sync/singleflight"

	"github.com/tandem-ipaas/tandem"
	"github.com/tandem-ipaas/tandem/connector"
	"github.com/tandem-ipaas/tandem/internal/cache"
	"github.com/tandem-ipaas/tandem/internal/vault"
)

var _ tandem.AccountConnectors = (*Connectors)(nil)

// Store keeps account connectors, sealed.
type Store interface {
	// AccountConnectors lists an account's own, then those of the accounts
	// above it, nearest first.
	AccountConnectors(ctx context.Context, a tandem.AccountID) ([]tandem.AccountConnector, error)
	// AccountConnector errors: NotFound, unless it is the account's or of an
	// account above it.
	AccountConnector(ctx context.Context, a tandem.AccountID, id tandem.AccountConnectorID) (tandem.AccountConnector, error)
	NextAccountConnector(ctx context.Context) (tandem.AccountConnectorID, error)
	InsertAccountConnector(ctx context.Context, c tandem.AccountConnector, others ...tandem.ConnectorID) error
	// ChangeAccountConnector changes one of the account's own, alone with it.
	// Errors: NotFound, and what change returns.
	ChangeAccountConnector(ctx context.Context, a tandem.AccountID, id tandem.AccountConnectorID, change func(*tandem.AccountConnector) error) error
	// DeleteAccountConnector errors: NotFound, Conflict (in use).
	DeleteAccountConnector(ctx context.Context, a tandem.AccountID, id tandem.AccountConnectorID) error
	// CustomFields are those of one; the account is its owner.
	CustomFields(ctx context.Context, a tandem.AccountID, id tandem.AccountConnectorID) ([]tandem.CustomField, error)
	// DataKey gives an account's wrapped data key.
	DataKey(ctx context.Context, a tandem.AccountID) ([]byte, error)
}

// Library gives the connectors that an account's partner may use.
type Library interface {
	// AccountShelf errors: NotFound.
	AccountShelf(ctx context.Context, a tandem.AccountID) (tandem.Shelf, error)
}

// Options of [New].
type Options struct {
	// Shared says that other nodes use the same database.
	Shared bool
	// Lease is how long Resolve may use what it read; default 3 s.
	Lease time.Duration
	// Authenticated tries credentials that a connector was just given, and looks
	// its properties up, by [Connectors.Try]; nil: nobody does.
	Authenticated func(ctx context.Context, a tandem.AccountID, id tandem.AccountConnectorID) error
	// Scripts handle what is said for tokens; nil: nobody does.
	Scripts Scripts
}

// maxResolved bounds what Resolve keeps in memory.
const maxResolved = 20_000

// Connectors is the service. It is safe for concurrent use.
type Connectors struct {
	log      *slog.Logger
	store    Store
	tokens   TokenStore
	vault    *vault.Vault
	library  Library
	settings *Settings
	http     *http.Client
	shared   bool
	resolved *cache.Cache[use, *Resolved]
	renewals singleflight.Group

	authenticated func(ctx context.Context, a tandem.AccountID, id tandem.AccountConnectorID) error
	scripts       Scripts // may be nil
}

// New makes the service; client is a guarded one, by which tokens are got.
func New(log *slog.Logger, store Store, tokens TokenStore, v *vault.Vault, library Library, settings *Settings, client *http.Client, o Options) *Connectors {
	return &Connectors{
		log: log, store: store, tokens: tokens, vault: v, library: library, settings: settings, http: client, shared: o.Shared,
		resolved: cache.New[use, *Resolved](maxResolved, cmp.Or(o.Lease, 3*time.Second)), authenticated: o.Authenticated, scripts: o.Scripts,
	}
}

// Install implements tandem.AccountConnectors.
func (s *Connectors) Install(ctx context.Context, a tandem.AccountID, lc *tandem.LibraryConnector, in tandem.ConnectorInstall) (*tandem.AccountConnector, error) {
	if err := lc.Installable(); err != nil {
		return nil, err
	}
	auth, err := authentication(lc.Connector, in.AuthenticationID)
	if err != nil {
		return nil, err
	}
	c := tandem.AccountConnector{
		Account: a, Connector: lc.ID, Name: cmp.Or(in.Name, lc.Name), Description: cmp.Or(in.Description, lc.Description),
		AuthenticationID: auth.ID, IsPartnerIntegrationConnector: in.IsPartnerIntegrationConnector,
	}
	if in.Undecided {
		set, err := s.settings.of(ctx, a, lc)
		if err != nil {
			return nil, fmt.Errorf("install connector %d: %w", lc.ID, err)
		}
		c.IsPartnerIntegrationConnector = set.Native
	}
	if c.Properties, err = properties(lc.Connector, in.Properties); err != nil {
		return nil, err
	}
	if err := authenticate(&c, auth, in.AuthValue); err != nil {
		return nil, err
	}
	if c.ID, err = s.store.NextAccountConnector(ctx); err != nil {
		return nil, fmt.Errorf("install connector %d: %w", lc.ID, err)
	}
	sealed := c
	sealed.AuthValue = kept(auth, c.AuthValue)
	if err := s.seal(ctx, &sealed); err != nil {
		return nil, err
	}
	if err := s.store.InsertAccountConnector(ctx, sealed, in.Unless...); err != nil {
		return nil, fmt.Errorf("install connector %d: %w", lc.ID, err)
	}
	s.log.InfoContext(ctx, "connector installed", "account", a, "account_connector", c.ID, "connector", lc.ID)
	if in.AuthValue != "" {
		err = s.obtainFirst(ctx, &c, auth)
	}
	c.Tokens = nil
	if err == nil {
		err = s.introduce(ctx, &c)
	}
	return &c, err
}

// obtainFirst gets c its first token, if that can be had at once. If it is not
// given, the note says why.
func (s *Connectors) obtainFirst(ctx context.Context, c *tandem.AccountConnector, auth *connector.Authentication) error {
	if !obtainable(c, auth) {
		return nil
	}
	u := use{c.Account, c.ID}
	err := s.renew(context.WithoutCancel(tandem.WithAct(ctx, nil)), u, func(o *opened) bool { return o.State == tandem.NotAuthenticated && o.Tokens == nil })
	if code := tandem.ErrorCode(err); err != nil && code != tandem.Unauthenticated && code != tandem.Unavailable {
		return fmt.Errorf("get a token for account connector %d: %w", c.ID, err)
	}
	now, err := s.Get(ctx, c.Account, c.ID)
	if err == nil {
		c.State, c.Note = now.State, now.Note
	}
	return err
}

// List implements tandem.AccountConnectors.
func (s *Connectors) List(ctx context.Context, a tandem.AccountID) ([]tandem.AccountConnector, error) {
	all, err := s.store.AccountConnectors(ctx, a)
	if err != nil {
		return nil, fmt.Errorf("list connectors of account %d: %w", a, err)
	}
	shelf, err := s.library.AccountShelf(ctx, a)
	if err != nil {
		return nil, fmt.Errorf("list connectors of account %d: %w", a, err)
	}
	known := all[:0]
	for _, c := range all {
		if _, err := shelf.Connector(c.Connector); err != nil {
			s.log.WarnContext(ctx, "an installed connector is not in the library", "account", a, "account_connector", c.ID, "error", err)
			continue // one folder that the operator forgot does not hide the rest
		}
		if err := s.show(ctx, &c); err != nil {
			return nil, err
		}
		known = append(known, c)
	}
	return known, nil
}

// Get implements tandem.AccountConnectors.
func (s *Connectors) Get(ctx context.Context, a tandem.AccountID, id tandem.AccountConnectorID) (*tandem.AccountConnector, error) {
	c, err := s.store.AccountConnector(ctx, a, id)
	if err != nil {
		return nil, fmt.Errorf("get account connector %d: %w", id, err)
	}
	return &c, s.show(ctx, &c)
}

// Update implements tandem.AccountConnectors.
func (s *Connectors) Update(ctx context.Context, a tandem.AccountID, id tandem.AccountConnectorID, u tandem.ConnectorUpdate) (*tandem.AccountConnector, error) {
	if u.AuthValue.Value == masked {
		u.AuthValue = tandem.Optional[tandem.Secret]{} // as it was read: no change
	}
	var way *connector.Authentication // that credentials were given for
	now, err := s.change(ctx, a, id, func(c *tandem.AccountConnector, lc *connector.Connector) error {
		u.Description.Apply(&c.Description)
		if u.Name.Set {
			c.Name = cmp.Or(u.Name.Value, lc.Name)
		}
		if err := setProperties(c, lc, u); err != nil {
			return err
		}
		if !u.AuthenticationID.Set && !u.AuthValue.Set {
			return nil
		}
		id := c.AuthenticationID
		u.AuthenticationID.Apply(&id)
		auth, err := authentication(lc, id)
		if err != nil {
			return err
		}
		if u.AuthValue.Set || auth.ID != c.AuthenticationID {
			way = auth
			// The credentials of one way in do not fit another.
			return authenticate(c, auth, u.AuthValue.Value)
		}
		return nil
	}, u)
	if err == nil && way != nil && u.AuthValue.Value != "" {
		err = s.obtainFirst(ctx, now, way)
	}
	if err == nil && way != nil {
		err = s.introduce(ctx, now)
	}
	return now, err
}

// Deauthenticate implements tandem.AccountConnectors.
func (s *Connectors) Deauthenticate(ctx context.Context, a tandem.AccountID, id tandem.AccountConnectorID) (*tandem.AccountConnector, error) {
	c, err := s.change(ctx, a, id, func(c *tandem.AccountConnector, _ *connector.Connector) error {
		c.AuthValue, c.Tokens, c.State, c.Note = "", nil, tandem.NotAuthenticated, ""
		return nil
	}, tandem.ConnectorUpdate{})
	if err != nil {
		return nil, err
	}
	s.log.InfoContext(ctx, "connector deauthenticated", "account", a, "account_connector", id)
	return c, s.outlast(ctx)
}

// Delete implements tandem.AccountConnectors.
func (s *Connectors) Delete(ctx context.Context, a tandem.AccountID, id tandem.AccountConnectorID) error {
	if err := s.store.DeleteAccountConnector(ctx, a, id); err != nil {
		return fmt.Errorf("delete account connector %d: %w", id, err)
	}
	s.forget(id)
	s.log.InfoContext(ctx, "connector deleted", "account", a, "account_connector", id)
	return s.outlast(ctx)
}

// change changes one of a's own connectors, opened, and gives it as its owner
// sees it who set what is in set.
func (s *Connectors) change(ctx context.Context, a tandem.AccountID, id tandem.AccountConnectorID,
	do func(*tandem.AccountConnector, *connector.Connector) error, set tandem.ConnectorUpdate,
) (*tandem.AccountConnector, error) {
	shelf, err := s.library.AccountShelf(ctx, a)
	if err != nil {
		return nil, fmt.Errorf("change account connector %d: %w", id, err)
	}
	var now tandem.AccountConnector
	err = s.store.ChangeAccountConnector(ctx, a, id, func(c *tandem.AccountConnector) error {
		lc, err := shelf.Connector(c.Connector)
		if err != nil {
			return err
		}
		if err := s.open(ctx, c); err != nil {
			return err
		}
		if err := do(c, lc.Connector); err != nil {
			return err
		}
		auth, err := authentication(lc.Connector, c.AuthenticationID)
		if err != nil {
			return err
		}
		now = *c
		c.AuthValue = kept(auth, c.AuthValue)
		return s.seal(ctx, c)
	})
	s.forget(id)
	if err != nil {
		return nil, fmt.Errorf("change account connector %d: %w", id, err)
	}
	mask(&now, set)
	return &now, nil
}

// forget drops what Resolve keeps of an account connector, for all accounts.
func (s *Connectors) forget(id tandem.AccountConnectorID) {
	s.resolved.Forget(func(u use, _ *Resolved) bool { return u.connector == id })
}

// outlast waits until no node uses what it read before now.
func (s *Connectors) outlast(ctx context.Context) error {
	if !s.shared {
		return nil
	}
	select {
	case <-time.After(s.resolved.Life()):
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}
