package embed

import (
	"context"
	"fmt"
	"net/url"
	"slices"
	"strconv"

	"github.com/tandem-ipaas/tandem"
)

// setup is the form by which a customer sets integrations up.
type setup struct {
	Connectors   []credentials
	Groups       []group
	Descriptions bool
	Submit       string // what the button says
	More         bool   // another form follows
	Action       string // address that the form is sent to
}

// group is the values of one integration.
type group struct {
	Title       string
	Description string
	Inputs      []input
}

// missing says that a required field was left empty.
func (s *setup) missing() bool {
	empty := func(i input) bool { return i.Missing }
	for _, c := range s.Connectors {
		if slices.ContainsFunc(c.Properties, empty) {
			return true
		}
		for _, w := range c.Ways {
			if w.Chosen && slices.ContainsFunc(w.Inputs, empty) {
				return true
			}
		}
	}
	return slices.ContainsFunc(s.Groups, func(g group) bool { return slices.ContainsFunc(g.Inputs, empty) })
}

// signsIn says that somebody has to sign in at a third party before what is set up
// can start.
func (s *setup) signsIn() bool {
	return slices.ContainsFunc(s.Connectors, func(c credentials) bool {
		return slices.ContainsFunc(c.Ways, func(w way) bool { return w.Chosen && w.SignsIn })
	})
}

var (
	errMissing = tandem.Invalidf("", "Fill in the fields that are marked.")
	errSignIn  = tandem.Invalidf("", "Sign in first.")
)

// form is the form for subjects, with what values already holds.
func (e *Embed) form(ctx context.Context, a tandem.AccountID, l tandem.Launch, values url.Values, subjects ...*subject) *setup {
	f := &setup{Descriptions: l.DisplayDescriptions, Submit: "Install"}
	if l.Start {
		f.Submit = "Install and start"
	}
	for _, s := range subjects {
		for i := range s.parts {
			p := &s.parts[i]
			if c := p.asked(values); c != nil && !slices.ContainsFunc(f.Connectors, func(k credentials) bool { return k.Key == c.Key }) {
				f.Connectors = append(f.Connectors, *c)
			}
		}
		g := group{Title: s.title, Description: s.description}
		for _, t := range s.slots() {
			e.look(ctx, a, &t)
			g.Inputs = append(g.Inputs, t.filled(values))
		}
		if s.timed() && l.Start && !l.RunOnce {
			g.Inputs = append(g.Inputs, s.every().filled(values))
		}
		if len(g.Inputs) > 0 {
			f.Groups = append(f.Groups, g)
		}
	}
	return f
}

// apply gives a cycle what a form holds, and starts it if that is wanted.
func (e *Embed) apply(ctx context.Context, v *visit, l tandem.Launch, c *tandem.Cycle, values url.Values) error {
	account := v.Who.Account
	all, err := e.services.Connectors.List(ctx, account)
	if err != nil {
		return err
	}
	s, err := e.made(ctx, v.Who.Partner, c, all)
	if err != nil {
		return err
	}
	for i := range s.parts {
		if err := e.authenticate(ctx, account, &s.parts[i], values); err != nil {
			return err
		}
	}
	if err := e.fill(ctx, account, s, c.ID, values); err != nil || !l.Start {
		return err
	}
	how := tandem.Activation{}
	if s.timed() {
		how.RunOnce = l.RunOnce
		how.Interval, _ = strconv.Atoi(values.Get(s.key + ".every")) // 0: as it is
	}
	if _, err := e.services.Control.Activate(ctx, account, c.ID, how); err != nil {
		return fmt.Errorf("start what was set up: %w", err)
	}
	return nil
}

// fill writes the values of a form into a cycle.
func (e *Embed) fill(ctx context.Context, a tandem.AccountID, s *subject, id tandem.CycleID, values url.Values) error {
	if !slices.ContainsFunc(s.slots(), func(t slot) bool { return values.Has(t.Name) }) {
		return nil
	}
	_, err := e.services.Cycles.Edit(ctx, a, id, func(c *tandem.Cycle) error {
		now := *s
		now.graph = &c.Graph
		for _, t := range now.slots() {
			if values.Has(t.Name) {
				t.set(values.Get(t.Name))
			}
		}
		return nil
	})
	return err
}
