package api

import (
	"context"
	"errors"
	"slices"

	"github.com/tandem-ipaas/tandem"
	"github.com/tandem-ipaas/tandem/connector"
	"github.com/tandem-ipaas/tandem/internal/policy"
)

// CategoryPath names a copy of a category.
type CategoryPath struct {
	AccountConnectorPath
	CategoryID int64 `path:"categoryId"`
}

// categoryShape is a category that can be copied.
type categoryShape struct {
	Name          string        `doc:"Its name."`
	ObjectTrigger string        `doc:"The lookup of the types of objects that it can be copied for."`
	Objects       []choiceShape `doc:"The types that the third party offers."`
	ObjectsNote   string        `json:",omitempty" doc:"Why they could not be looked up."`
	Copies        []copyShape   `doc:"The types that it is copied for."`
}

// copyShape is a copy of a category.
type copyShape struct {
	ID          int64  `json:"Id"`
	Category    string `doc:"That is copied."`
	ObjectName  string `doc:"The type of objects, as the third party calls it."`
	DisplayName string
}

func showCopy(o connector.CategoryCopy) copyShape {
	return copyShape{ID: o.ID(), Category: o.Category, ObjectName: o.ObjectName, DisplayName: o.DisplayName}
}

func (a *API) listCategories(ctx context.Context, at policy.Place, in *struct {
	AccountConnectorPath
	Slicing
},
) (*list[categoryShape], error) {
	c, l, err := a.installedRelease(ctx, at, in.ID)
	if err != nil {
		return nil, err
	}
	all := []categoryShape{}
	for _, category := range l.MethodCategories {
		if category.ObjectTrigger == "" {
			continue
		}
		s := categoryShape{Name: category.Name, ObjectTrigger: category.ObjectTrigger, Objects: []choiceShape{}, Copies: []copyShape{}}
		for _, o := range c.Categories {
			if o.Category == category.Name {
				s.Copies = append(s.Copies, showCopy(o))
			}
		}
		if err := a.offer(ctx, at, c, l, &s); err != nil {
			return nil, err
		}
		all = append(all, s)
	}
	return whole(in.Slicing, all, nil)
}

// offer looks up what s can be copied for. That the third party does not say is no
// error.
func (a *API) offer(ctx context.Context, at policy.Place, c *tandem.AccountConnector, l *tandem.LibraryConnector, s *categoryShape) error {
	i := slices.IndexFunc(l.Triggers, func(t connector.Trigger) bool { return t.Name == s.ObjectTrigger })
	if i < 0 {
		s.ObjectsNote = "The connector has no such lookup."
		return nil
	}
	found, err := a.choices(ctx, at, c.ID, l.Triggers[i].ID, tandem.MethodInput{})
	var e *tandem.Error
	switch {
	case err == nil:
		s.Objects = found.Body
	case errors.As(err, &e) && e.Code != tandem.Internal:
		s.ObjectsNote = e.Message
	default:
		return err
	}
	return nil
}

// installedRelease finds an installed connector with its definition, and what is
// copied of that.
func (a *API) installedRelease(ctx context.Context, at policy.Place, id tandem.AccountConnectorID) (*tandem.AccountConnector, *tandem.LibraryConnector, error) {
	c, err := a.services.Connectors.Get(ctx, at.Account, id)
	if err != nil {
		return nil, nil, err
	}
	l, err := a.services.Library.Get(ctx, at.Partner, c.Connector)
	if err != nil {
		return nil, nil, err
	}
	return c, l.With(c.Categories), nil
}

// categoryBody says what a category is copied for.
type categoryBody struct {
	Category    string `doc:"Its name. Required."`
	ObjectName  string `doc:"One of the Objects of the category. Required."`
	DisplayName string `json:",omitempty" doc:"What the copy is called; else as the object."`
}

func (a *API) copyCategory(ctx context.Context, at policy.Place, in *struct {
	AccountConnectorPath
	Body categoryBody
},
) (*object[copyShape], error) {
	if _, err := a.openConnector(ctx, at, in.ID); err != nil {
		return nil, err
	}
	o := connector.CategoryCopy{Category: in.Body.Category, ObjectName: in.Body.ObjectName, DisplayName: in.Body.DisplayName}
	c, err := a.services.Categories.Copy(ctx, at.Account, in.ID, o)
	if err != nil {
		return nil, err
	}
	i := slices.IndexFunc(c.Categories, func(p connector.CategoryCopy) bool { return p.Same(o) })
	if i >= 0 {
		o = c.Categories[i]
	}
	return one(showCopy(o), nil)
}

func (a *API) removeCategory(ctx context.Context, at policy.Place, in *CategoryPath) (*empty, error) {
	if _, err := a.openConnector(ctx, at, in.ID); err != nil {
		return nil, err
	}
	return done(a.services.Categories.Remove(ctx, at.Account, in.ID, in.CategoryID))
}

// listInstalledMethods gives the methods of an installed connector, with those of
// copied categories.
func (a *API) listInstalledMethods(ctx context.Context, at policy.Place, in *struct {
	AccountConnectorPath
	Slicing
},
) (*list[methodShape], error) {
	_, l, err := a.installedRelease(ctx, at, in.ID)
	if err != nil {
		return nil, err
	}
	all := []methodShape{}
	for i := range l.Methods {
		m := showMethod(l.Connector, &l.Methods[i])
		if at.User != 0 {
			for j := range m.Parameters {
				if p := &m.Parameters[j]; p.Hidden {
					p.Value, p.Default = "", ""
				}
			}
		}
		all = append(all, m)
	}
	return whole(in.Slicing, all, nil)
}
