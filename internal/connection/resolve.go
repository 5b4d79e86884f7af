package connection

import (
	"context"
	"fmt"

	"github.com/tandem-ipaas/tandem"
	"github.com/tandem-ipaas/tandem/connector"
)

// use is the use of an account connector by an account.
type use struct {
	account   tandem.AccountID
	connector tandem.AccountConnectorID
}

// Resolved is an account connector opened for use in calls. It is shared:
// nobody changes it.
type Resolved struct {
	Connector      *connector.Connector
	Authentication *connector.Authentication
	AuthValue      tandem.Secret
	Properties     map[string]string // by parameter name
	State          tandem.AuthenticationState
}

// Resolve opens an account connector for a call by account a, which must own
// it or be below the account that does.
//
// Errors: NotFound.
func (s *Connectors) Resolve(ctx context.Context, a tandem.AccountID, id tandem.AccountConnectorID) (*Resolved, error) {
	u := use{a, id}
	if r, ok := s.resolved.Get(u); ok {
		return r, nil
	}
	r, err := s.resolved.Load(u, func() (*Resolved, error) { return s.resolve(ctx, u) })
	if err != nil {
		return nil, fmt.Errorf("resolve account connector %d: %w", id, err)
	}
	return r, nil
}

func (s *Connectors) resolve(ctx context.Context, u use) (*Resolved, error) {
	c, err := s.store.AccountConnector(ctx, u.account, u.connector)
	if err != nil {
		return nil, err
	}
	shelf, err := s.library.AccountShelf(ctx, u.account)
	if err != nil {
		return nil, err
	}
	lc, err := shelf.Connector(c.Connector)
	if err != nil {
		return nil, err
	}
	auth, err := authentication(lc.Connector, c.AuthenticationID)
	if err != nil {
		return nil, err
	}
	if err := s.open(ctx, &c); err != nil {
		return nil, err
	}
	r := &Resolved{Connector: lc.Connector, Authentication: auth, AuthValue: c.AuthValue, State: c.State, Properties: make(map[string]string, len(c.Properties))}
	for _, p := range c.Properties {
		r.Properties[p.Name] = p.Value
	}
	return r, nil
}
