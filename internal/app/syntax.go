package app

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"time"

	"github.com/tandem-ipaas/tandem/connector"
	"github.com/tandem-ipaas/tandem/internal/cache"
	"github.com/tandem-ipaas/tandem/internal/invoke"
	"github.com/tandem-ipaas/tandem/internal/script"
)

// parser says what is wrong with the syntax of a script.
type parser interface {
	// Check errors: *script.Error, whose kind is Syntax if the script is to blame.
	Check(ctx context.Context, text string) error
}

// syntax checks methods of partners' own connectors, whose scripts nobody has
// tried yet. Those of the library that comes along have tests.
type syntax struct {
	parser parser // nil: scripts are not looked at
	known  *cache.Cache[[32]byte, error]
}

func newSyntax() *syntax { return &syntax{known: cache.New[[32]byte, error](10_000, 0)} }

// syntaxTime is how long one script may take to be parsed.
const syntaxTime = 5 * time.Second

// check is a catalog.Check.
func (s *syntax) check(c *connector.Connector, m *connector.Method) error {
	if err := invoke.Check(c, m); err != nil || s.parser == nil {
		return err
	}
	if err := s.parse(c.Script); err != nil {
		return fmt.Errorf("the connector's Script: %w", err)
	}
	if err := s.parse(m.Script); err != nil {
		return fmt.Errorf("script: %w", err)
	}
	return nil
}

// parse finds fault with a script, not with that it cannot be parsed just now.
func (s *syntax) parse(text string) error {
	if text == "" {
		return nil
	}
	fault, err := s.known.Load(sha256.Sum256([]byte(text)), func() (fault, unknown error) {
		ctx, cancel := context.WithTimeout(context.Background(), syntaxTime)
		defer cancel()
		err := s.parser.Check(ctx, text)
		var why *script.Error
		if errors.As(err, &why) && why.Kind == script.Syntax {
			return why, nil
		}
		return nil, err
	})
	if err != nil {
		return nil // it shows when the script is run
	}
	return fault
}
