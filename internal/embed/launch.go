package embed

import (
	"cmp"
	"context"
	"fmt"
	"net/http"
	"slices"
	"strings"

	"github.com/tandem-ipaas/tandem"
)

// all reads a list to its end.
func all[T any](fetch func(tandem.PageRequest) (tandem.Page[T], error)) ([]T, error) {
	var rows []T
	for page := 1; ; page++ {
		found, err := fetch(tandem.PageRequest{Page: page, PageSize: tandem.MaxPageSize})
		if err != nil {
			return nil, err
		}
		if rows = append(rows, found.Rows...); len(found.Rows) < tandem.MaxPageSize {
			return rows, nil
		}
	}
}

// offers are the templates that LAUNCH offers, by name.
func (e *Embed) offers(ctx context.Context, v *visit, l tandem.Launch) ([]tandem.Template, error) {
	tags := l.Tags
	if len(tags) == 0 {
		tags = []string{""} // any
	}
	var offered []tandem.Template
	for _, tag := range tags {
		found, err := all(func(r tandem.PageRequest) (tandem.Page[tandem.Template], error) {
			return e.services.Templates.List(ctx, v.Who.Partner, tandem.TemplateFilter{PageRequest: r, Tag: tag})
		})
		if err != nil {
			return nil, err
		}
		offered = append(offered, found...)
	}
	slices.SortFunc(offered, func(a, b tandem.Template) int {
		return cmp.Or(strings.Compare(strings.ToLower(a.Name), strings.ToLower(b.Name)), strings.Compare(string(a.ID), string(b.ID)))
	})
	offered = slices.CompactFunc(offered, func(a, b tandem.Template) bool { return a.ID == b.ID })
	if !l.SingleInstall {
		return offered, nil
	}
	cycles, err := e.cycles(ctx, v)
	return slices.DeleteFunc(offered, func(t tandem.Template) bool {
		return slices.ContainsFunc(cycles, func(c tandem.Cycle) bool { return c.TemplateID == t.ID })
	}), err
}

// cycles are all that the account has.
func (e *Embed) cycles(ctx context.Context, v *visit) ([]tandem.Cycle, error) {
	return all(func(r tandem.PageRequest) (tandem.Page[tandem.Cycle], error) {
		return e.services.Cycles.List(ctx, v.Who.Account, tandem.CycleFilter{PageRequest: r})
	})
}

// offer is the one of the templates on offer that a path names. Errors:
// NotFound.
func (e *Embed) offer(r *http.Request, v *visit, l tandem.Launch) (*tandem.Template, error) {
	all, err := e.offers(r.Context(), v, l)
	if err != nil {
		return nil, err
	}
	for i := range all {
		if strings.EqualFold(string(all[i].ID), r.PathValue("template")) {
			return &all[i], nil
		}
	}
	return nil, tandem.NotFoundf("This integration is not on offer.")
}

// shelf is the choice of a template.
type shelf struct {
	Templates    []tandem.Template
	Descriptions bool
}

func (e *Embed) showLaunch(w http.ResponseWriter, r *http.Request, v *visit) error {
	l := tandem.ParseLaunch(v.query)
	all, err := e.offers(r.Context(), v, l)
	switch {
	case err != nil:
		return err
	case len(all) == 1 && l.AutoInstall:
		return v.see(w, r, "/launch/"+string(all[0].ID))
	}
	e.show(w, r, v, page{Name: "launch", Title: "Add an integration", Body: shelf{all, l.DisplayDescriptions}})
	return nil
}

// wizard leaves in a form the first step of those that there are.
func (s *setup) wizard(l tandem.Launch) {
	if l.Wizard && len(s.Connectors) > 0 && len(s.Groups) > 0 {
		s.Groups, s.Submit, s.More = nil, "Next", true
	}
}

func (e *Embed) showTemplate(w http.ResponseWriter, r *http.Request, v *visit) error {
	l := tandem.ParseLaunch(v.query)
	t, err := e.offer(r, v, l)
	if err != nil {
		return err
	}
	return e.showTemplateForm(w, r, v, l, t, nil)
}

func (e *Embed) showTemplateForm(w http.ResponseWriter, r *http.Request, v *visit, l tandem.Launch, t *tandem.Template, refused error) error {
	f, err := e.templateForm(r, v, l, t)
	if err != nil {
		return err
	}
	e.show(w, r, v, page{Name: "setup", Title: t.Name, Err: refused, Body: f})
	return nil
}

func (e *Embed) templateForm(r *http.Request, v *visit, l tandem.Launch, templates ...*tandem.Template) (*setup, error) {
	installed, err := e.services.Connectors.List(r.Context(), v.Who.Account)
	if err != nil {
		return nil, err
	}
	var all []*subject
	for _, t := range templates {
		s, err := e.offered(r.Context(), t, installed)
		if err != nil {
			return nil, err
		}
		all = append(all, s)
	}
	f := e.form(r.Context(), v.Who.Account, l, r.PostForm, all...)
	f.Action = v.link(r.URL.Path)
	f.wizard(l)
	return f, nil
}

func (e *Embed) installTemplate(w http.ResponseWriter, r *http.Request, v *visit) error {
	l := tandem.ParseLaunch(v.query)
	t, err := e.offer(r, v, l)
	if err != nil {
		return err
	}
	f, err := e.templateForm(r, v, l, t)
	if err != nil {
		return err
	}
	if f.missing() {
		return e.showTemplateForm(w, r, v, l, t, errMissing)
	}
	c, err := e.services.Templates.Install(r.Context(), v.Who.Partner, v.Who.Account, t.ID)
	if err != nil {
		return e.showTemplateForm(w, r, v, l, t, err)
	}
	more, step := f.More || f.signsIn(), l
	step.Start = l.Start && !more
	if err := e.apply(r.Context(), v, step, c, r.PostForm); err != nil {
		return e.showCycleForm(w, r, v, l, c.ID, err) // it is there: what is wrong can be put right
	}
	if more {
		return v.see(w, r, "/launch/cycle/"+string(c.ID))
	}
	return v.see(w, r, "/launch/complete/"+string(c.ID))
}

func cycleID(r *http.Request) (tandem.CycleID, error) {
	id, err := tandem.ParseGUID("cycle", r.PathValue("cycle"))
	if err != nil {
		return "", tandem.NotFoundf("There is no such integration.")
	}
	return tandem.CycleID(id), nil
}

func (e *Embed) showCycle(w http.ResponseWriter, r *http.Request, v *visit) error {
	id, err := cycleID(r)
	if err != nil {
		return err
	}
	return e.showCycleForm(w, r, v, tandem.ParseLaunch(v.query), id, nil)
}

// showCycleForm shows the form of a cycle. It leads to setUpCycle, wherever the
// cycle was made.
func (e *Embed) showCycleForm(w http.ResponseWriter, r *http.Request, v *visit, l tandem.Launch, id tandem.CycleID, refused error) error {
	c, f, err := e.cycleForm(r, v, l, id)
	if err == nil {
		err = e.linkSignIns(r, v, l, f)
	}
	if err != nil {
		return err
	}
	p := page{Name: "setup", Title: c.Name, Err: refused, Body: f}
	if f.signsIn() && !l.InlineOAuth {
		p.nonce = scripted(w, v)
	}
	e.show(w, r, v, p)
	return nil
}

func (e *Embed) cycleForm(r *http.Request, v *visit, l tandem.Launch, id tandem.CycleID) (*tandem.Cycle, *setup, error) {
	ctx := r.Context()
	c, err := e.services.Cycles.Get(ctx, v.Who.Account, id)
	if err != nil {
		return nil, nil, err
	}
	if c.Status != tandem.CyclePaused {
		return nil, nil, tandem.Conflictf("Pause the integration before you change how it is set up.")
	}
	installed, err := e.services.Connectors.List(ctx, v.Who.Account)
	if err != nil {
		return nil, nil, err
	}
	s, err := e.made(ctx, v.Who.Partner, c, installed)
	if err != nil {
		return nil, nil, err
	}
	f := e.form(ctx, v.Who.Account, l, r.PostForm, s)
	f.Action = v.link("/launch/cycle/" + string(id))
	if f.Submit = "Save"; l.Start {
		f.Submit = "Save and start"
	}
	return c, f, nil
}

func (e *Embed) setUpCycle(w http.ResponseWriter, r *http.Request, v *visit) error {
	l := tandem.ParseLaunch(v.query)
	id, err := cycleID(r)
	if err != nil {
		return err
	}
	c, f, err := e.cycleForm(r, v, l, id)
	switch {
	case err != nil:
		return err
	case f.missing():
		return e.showCycleForm(w, r, v, l, id, errMissing)
	}
	step, waits := l, f.signsIn()
	step.Start = l.Start && !waits
	if err := e.apply(r.Context(), v, step, c, r.PostForm); err != nil {
		return e.showCycleForm(w, r, v, l, id, fmt.Errorf("set up cycle %s: %w", id, err))
	}
	if waits {
		return e.showCycleForm(w, r, v, l, id, errSignIn)
	}
	return v.see(w, r, "/launch/complete/"+string(id))
}
