package connection

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/tandem-ipaas/tandem"
	"github.com/tandem-ipaas/tandem/connector"
	"github.com/tandem-ipaas/tandem/internal/vault"
)

// masked is what a sensitive value reads as.
const masked = "***"

// contents is what is sealed of an account connector.
type contents struct {
	AuthValue  string            `json:",omitempty"`
	Properties []tandem.Property `json:",omitempty"`
	Note       string            `json:",omitempty"`
	Tokens     *connector.Token  `json:",omitempty"`
}

func place(c *tandem.AccountConnector) vault.Place {
	return vault.Place{Account: c.Account, Record: fmt.Sprintf("account_connector %d", c.ID), Field: "sealed"}
}

func (s *Connectors) seal(ctx context.Context, c *tandem.AccountConnector) error {
	key, err := s.store.DataKey(ctx, c.Account)
	if err != nil {
		return fmt.Errorf("data key of account %d: %w", c.Account, err)
	}
	plain, err := json.Marshal(contents{string(c.AuthValue), c.Properties, c.Note, c.Tokens})
	if err != nil {
		return fmt.Errorf("seal account connector %d: %w", c.ID, err)
	}
	c.Sealed, err = s.vault.Seal(key, place(c), tandem.Secret(plain))
	return err
}

// open fills in what is sealed.
func (s *Connectors) open(ctx context.Context, c *tandem.AccountConnector) error {
	key, err := s.store.DataKey(ctx, c.Account)
	if err != nil {
		return fmt.Errorf("data key of account %d: %w", c.Account, err)
	}
	plain, err := s.vault.Open(key, place(c), c.Sealed)
	if err != nil {
		return err
	}
	var in contents
	if err := json.Unmarshal([]byte(plain), &in); err != nil {
		return fmt.Errorf("open account connector %d: %w", c.ID, err)
	}
	c.AuthValue, c.Properties, c.Note, c.Tokens = tandem.Secret(in.AuthValue), in.Properties, in.Note, in.Tokens
	return nil
}

// show opens c and leaves what may be seen of it.
func (s *Connectors) show(ctx context.Context, c *tandem.AccountConnector) error {
	if err := s.open(ctx, c); err != nil {
		return err
	}
	mask(c, tandem.ConnectorUpdate{})
	return nil
}

// lasting is when no token can be had by t any more; zero: that is not known.
func lasting(t *connector.Token) time.Time {
	switch {
	case t == nil:
		return time.Time{}
	case t.RefreshToken != "":
		return moment(t.RefreshExpires)
	}
	return moment(t.Expires)
}

// mask hides what is secret, except from who just set it; an inherited
// connector's is not even hinted at.
func mask(c *tandem.AccountConnector, set tandem.ConnectorUpdate) {
	c.Expires = lasting(c.Tokens)
	c.Sealed, c.Tokens = nil, nil
	if c.AuthValue != set.AuthValue.Value {
		c.AuthValue = ""
	}
	c.Properties = slices.Clone(c.Properties)
	if c.Inherited {
		c.Note, c.Expires = "", time.Time{}
		c.Properties = slices.DeleteFunc(c.Properties, func(p tandem.Property) bool { return p.Sensitive })
	}
	for i := range c.Properties {
		p := &c.Properties[i]
		justSet := func(s tandem.Property) bool { return strings.EqualFold(s.Name, p.Name) && s.Value == p.Value }
		if p.Sensitive && p.Value != "" && !slices.ContainsFunc(set.Properties, justSet) {
			p.Value = masked
		}
	}
}
