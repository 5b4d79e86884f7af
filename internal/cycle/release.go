package cycle

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/tandem-ipaas/tandem"
	"github.com/tandem-ipaas/tandem/internal/workflow"
)

var _ tandem.ConnectorMoves = (*ConnectorMoves)(nil)

// MoveStore finds what uses an account connector.
type MoveStore interface {
	// CyclesOfConnector lists the cycles, of an account and those below it, that
	// use an account connector.
	CyclesOfConnector(ctx context.Context, id tandem.AccountConnectorID) ([]tandem.Cycle, error)
}

// MovedConnections are account connectors that move to other releases.
type MovedConnections interface {
	// Get errors: NotFound.
	Get(ctx context.Context, a tandem.AccountID, id tandem.AccountConnectorID) (*tandem.AccountConnector, error)
	// Move errors: NotFound, Invalid.
	Move(ctx context.Context, a tandem.AccountID, id tandem.AccountConnectorID, to tandem.ConnectorID) (*tandem.AccountConnector, error)
}

// ConnectorMoves moves installed connectors to other releases, with the cycles that
// use them. It is safe for concurrent use.
type ConnectorMoves struct {
	cycles      *Cycles
	store       MoveStore
	connections MovedConnections
}

// NewConnectorMoves makes the service.
func NewConnectorMoves(cycles *Cycles, store MoveStore, connections MovedConnections) *ConnectorMoves {
	return &ConnectorMoves{cycles, store, connections}
}

// Move implements tandem.ConnectorMoves. A crash in the middle of it leaves cycles of
// the former release with a connector of the next; they run on the former's
// methods, and follow when it is moved again.
func (s *ConnectorMoves) Move(ctx context.Context, a tandem.AccountID, id tandem.AccountConnectorID, to tandem.ConnectorID) (*tandem.AccountConnector, error) {
	c, err := s.connections.Get(ctx, a, id)
	if err != nil {
		return nil, err
	}
	if c.Inherited {
		return nil, tandem.NotFoundf("Account connector could not be found.")
	}
	shelf, err := s.cycles.library.AccountShelf(ctx, a)
	if err != nil {
		return nil, err
	}
	next, err := shelf.Connector(to)
	if err != nil {
		return nil, err
	}
	users, err := s.store.CyclesOfConnector(ctx, id)
	if err != nil {
		return nil, err
	}
	if was, err := shelf.Connector(c.Connector); err == nil && next.SameAs(was) { // else Move says why not
		if err := refuseMoves(shelf, users, id, next); err != nil {
			return nil, err
		}
	}
	if c, err = s.connections.Move(ctx, a, id, to); err != nil {
		return nil, err
	}
	for i := range users {
		u := &users[i]
		_, err := s.cycles.Move(ctx, u.Account, u.ID, func(c *tandem.Cycle) error { repoint(c, id, next); return nil })
		if err != nil && tandem.ErrorCode(err) != tandem.NotFound { // it is gone by now
			return nil, err
		}
	}
	return c, nil
}

// refuseMoves says what keeps cycles from a release: all of it, before anything is
// moved.
//
// Errors: Conflict.
func refuseMoves(shelf tandem.Shelf, users []tandem.Cycle, id tandem.AccountConnectorID, next *tandem.LibraryConnector) error {
	var why []string
	for _, u := range users {
		u.Graph.Connectors = slices.Clone(u.Graph.Connectors)
		repoint(&u, id, next)
		switch u.Status {
		case tandem.CycleFinishing:
			why = append(why, fmt.Sprintf("cycle %q is finishing", u.Name))
		case tandem.CycleRunning:
			for _, missing := range workflow.Check(&u.Graph, shelf.Resolve) {
				why = append(why, fmt.Sprintf("cycle %q is running: %s", u.Name, strings.TrimSuffix(missing.Reason, ".")))
			}
		case tandem.CyclePaused:
			var e *tandem.Error
			if err := workflow.Validate(&u.Graph, shelf.Resolve); errors.As(err, &e) {
				why = append(why, fmt.Sprintf("cycle %q: %s", u.Name, strings.TrimSuffix(e.Message, ".")))
			}
		}
	}
	if len(why) == 0 {
		return nil
	}
	return tandem.Conflictf("The connector cannot move to %s %s: %s.", next.Name, next.Version, strings.Join(why, "; "))
}

// repoint has the steps of c that use an account connector call next.
func repoint(c *tandem.Cycle, id tandem.AccountConnectorID, next *tandem.LibraryConnector) {
	for i, ref := range c.Graph.Connectors {
		if c.Connectors[ref.Ref] == id {
			moved := next.Ref()
			moved.Ref, moved.Installation, moved.Categories = ref.Ref, ref.Installation, ref.Categories
			c.Graph.Connectors[i] = moved
		}
	}
}
