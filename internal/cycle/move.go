package cycle

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/tandem-ipaas/tandem"
)

// Move changes a cycle's design to another release of its template, in one
// commit. A cycle that runs goes on running: what begins after the commit runs
// the new design, what began before ends on the old one. For that nothing may be
// missing that the new design needs, and what starts the cycle has to stay.
// Other changes wait for move, which may read, but must not write elsewhere.
//
// Errors: NotFound, Conflict (finishing), Invalid, and what move returns.
func (s *Cycles) Move(ctx context.Context, a tandem.AccountID, id tandem.CycleID, move func(*tandem.Cycle) error) (*tandem.Cycle, error) {
	c, err := s.store.ChangeCycle(ctx, a, id, func(c *tandem.Cycle) error { return s.moved(ctx, c, move) })
	if err != nil {
		return nil, fmt.Errorf("move cycle %s to another release: %w", id, err)
	}
	s.forget(id)
	s.changed(a, id)
	return c, nil
}

// moved changes c by move, if it may be changed so.
func (s *Cycles) moved(ctx context.Context, c *tandem.Cycle, move func(*tandem.Cycle) error) error {
	began := source(c)
	if err := move(c); err != nil {
		return err
	}
	if c.Status == tandem.CycleFinishing {
		return tandem.Conflictf("The cycle is finishing.")
	}
	if err := s.check(ctx, c); err != nil || c.Status != tandem.CycleRunning {
		return err
	}
	if source(c) != began {
		return tandem.Invalidf("", "The cycle is running, and the release is started by something else, or with other parameters: stop the cycle, upgrade it, and start it again.")
	}
	return s.refuse(ctx, c, "The cycle is running, and the release cannot run yet")
}

// TryMove tells what a cycle would lack after Move that it does not lack now, and
// why Move would refuse. Nothing changes.
//
// Errors: NotFound.
func (s *Cycles) TryMove(ctx context.Context, a tandem.AccountID, id tandem.CycleID, move func(*tandem.Cycle) error) (lacks []tandem.Prerequisite, refusal string, err error) {
	c, err := s.store.Cycle(ctx, a, id)
	if err != nil {
		return nil, "", fmt.Errorf("try to move cycle %s: %w", id, err)
	}
	before, err := s.missing(ctx, c)
	if err != nil {
		return nil, "", err
	}
	if refusal, err = said(s.moved(ctx, c, move)); err != nil {
		return nil, "", fmt.Errorf("try to move cycle %s: %w", id, err)
	}
	after, err := s.missing(ctx, c)
	if err != nil {
		return nil, "", err
	}
	return slices.DeleteFunc(after, func(p tandem.Prerequisite) bool { return slices.Contains(before, p) }), refusal, nil
}

// said is what a refusal says to people; other errors stay what they are.
func said(refusal error) (string, error) {
	var why *tandem.Error
	if errors.As(refusal, &why) && (why.Code == tandem.Invalid || why.Code == tandem.Conflict) {
		return why.Message, nil
	}
	return "", refusal
}

// start is what starts a cycle: any timer is like another, and a webhook is
// known to a third party, with its parameters.
type start struct {
	webhook    bool
	step       tandem.StepID
	method     string
	connector  tandem.AccountConnectorID
	parameters string
}

func source(c *tandem.Cycle) start {
	t := trigger(&c.Graph)
	if t == nil || t.ActionType != tandem.WebhookStep {
		return start{}
	}
	return start{true, t.ID, t.Method, c.Connectors[t.Connector], mapped(&c.Graph, t)}
}

// mapped is a text that differs when the values of a step's parameters may do so: what
// is mapped, and the variables that it is made of.
func mapped(g *tandem.Graph, s *tandem.Step) string {
	var b strings.Builder
	for _, m := range s.Parameters {
		if m.MappingType == "" || m.MappingType == tandem.MapIgnore {
			continue
		}
		fmt.Fprintf(&b, "%q %s %q %q\n", m.Target, m.MappingType, m.Value, m.Variable)
		for _, v := range g.Variables {
			if v.SystemName == m.Variable || strings.Contains(m.Value, v.SystemName) {
				fmt.Fprintf(&b, "%q %q\n", v.SystemName, v.Value)
			}
		}
	}
	return b.String()
}
