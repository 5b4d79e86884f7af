package api

import (
	"context"
	"slices"
	"strings"
	"unicode"

	"github.com/tandem-ipaas/tandem"
	"github.com/tandem-ipaas/tandem/internal/policy"
)

type variableShape struct {
	DisplayName      string
	SystemName       string
	Value            string
	MappingType      tandem.MappingType
	IsLaunchVisible  bool
	IsLaunchRequired bool
}

func showVariable(v tandem.Variable) variableShape {
	return variableShape{
		DisplayName: v.DisplayName, SystemName: v.SystemName, Value: v.Value, MappingType: tandem.MapStatic,
		IsLaunchVisible: v.IsLaunchVisible, IsLaunchRequired: v.IsLaunchRequired,
	}
}

type variableBody struct {
	DisplayName      optional[string]  `json:",omitzero"`
	SystemName       string            `json:",omitempty" doc:"What mappings call it; made from DisplayName if you give none."`
	Value            optional[anyText] `json:",omitzero"`
	MappingType      optional[string]  `json:",omitzero" doc:"StaticValue, ValueList and Trigger take Value as text, Ignore clears it. A variable is the same in all steps, so it cannot be a StepOutput or a Variable: map the parameter or field that is to have it."`
	IsLaunchVisible  optional[bool]    `json:",omitzero"`
	IsLaunchRequired optional[bool]    `json:",omitzero" doc:"The cycle cannot start without a value."`
}

// variableTypes are the mappings that leave a variable with a text of its own.
var variableTypes = []tandem.MappingType{tandem.MapIgnore, tandem.MapStatic, tandem.MapList, tandem.MapTrigger}

func (b variableBody) apply(v *tandem.Variable) error {
	kind := spelled(tandem.MappingType(b.MappingType.Value), mappingTypes...)
	switch {
	case kind == tandem.MapStep, kind == tandem.MapVariable:
		return tandem.Invalidf("MappingType", "MappingType: a variable has one value for the whole cycle, so it cannot be a %s. Map the parameter or field that is to have it.", kind)
	case kind != "" && !slices.Contains(variableTypes, kind):
		return tandem.Invalidf("MappingType", "MappingType: %q is not known: want one of %v", kind, variableTypes)
	}
	b.DisplayName.Apply(&v.DisplayName)
	b.Value.Apply((*anyText)(&v.Value))
	if kind == tandem.MapIgnore {
		v.Value = ""
	}
	b.IsLaunchVisible.Apply(&v.IsLaunchVisible)
	b.IsLaunchRequired.Apply(&v.IsLaunchRequired)
	return nil
}

// systemName is a display name without what a merge field could not hold.
func systemName(display string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			return r
		}
		return -1
	}, display)
}

func findVariable(c *tandem.Cycle, name string) (int, error) {
	i := slices.IndexFunc(c.Graph.Variables, func(v tandem.Variable) bool { return strings.EqualFold(v.SystemName, name) })
	if i < 0 {
		return 0, tandem.NotFoundf("Variable %q could not be found.", name)
	}
	return i, nil
}

func (a *API) listVariables(ctx context.Context, at policy.Place, in *struct {
	CyclePath
	Slicing
},
) (*list[variableShape], error) {
	c, err := a.services.Cycles.Get(ctx, at.Account, in.ID.Value)
	if err != nil {
		return nil, err
	}
	return whole(in.Slicing, showVariables(c), nil)
}

func showVariables(c *tandem.Cycle) []variableShape {
	all := []variableShape{}
	for _, v := range c.Graph.Variables {
		all = append(all, showVariable(v))
	}
	return all
}

func (a *API) createVariable(ctx context.Context, at policy.Place, in *struct {
	CyclePath
	Body variableBody
},
) (*object[variableShape], error) {
	v := tandem.Variable{SystemName: strings.TrimSpace(in.Body.SystemName)}
	if err := in.Body.apply(&v); err != nil {
		return nil, err
	}
	if v.SystemName == "" {
		v.SystemName = systemName(v.DisplayName)
	}
	if v.SystemName == "" {
		return nil, tandem.Invalidf("SystemName", "SystemName is required")
	}
	if v.DisplayName == "" {
		v.DisplayName = v.SystemName
	}
	_, err := a.edit(ctx, at, in.ID.Value, func(c *tandem.Cycle) error {
		if _, err := findVariable(c, v.SystemName); err == nil {
			return tandem.Invalidf("SystemName", "SystemName: %q is already in use", v.SystemName)
		}
		c.Graph.Variables = append(c.Graph.Variables, v)
		return nil
	})
	return one(showVariable(v), err)
}

func (a *API) updateVariables(ctx context.Context, at policy.Place, in *struct {
	CyclePath
	Body several[variableBody]
},
) (*object[[]variableShape], error) {
	c, err := a.edit(ctx, at, in.ID.Value, func(c *tandem.Cycle) error {
		for _, b := range in.Body {
			i, err := findVariable(c, b.SystemName)
			if err == nil {
				err = b.apply(&c.Graph.Variables[i])
			}
			if err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	return one(showVariables(c), nil)
}

func (a *API) getVariable(ctx context.Context, at policy.Place, in *CycleVariablePath) (*object[variableShape], error) {
	c, err := a.services.Cycles.Get(ctx, at.Account, in.ID.Value)
	if err != nil {
		return nil, err
	}
	i, err := findVariable(c, in.SystemName)
	if err != nil {
		return nil, err
	}
	return one(showVariable(c.Graph.Variables[i]), nil)
}

func (a *API) updateVariable(ctx context.Context, at policy.Place, in *struct {
	CycleVariablePath
	Body variableBody
},
) (*object[variableShape], error) {
	var shown variableShape
	_, err := a.edit(ctx, at, in.ID.Value, func(c *tandem.Cycle) error {
		i, err := findVariable(c, in.SystemName)
		if err != nil {
			return err
		}
		err = in.Body.apply(&c.Graph.Variables[i])
		shown = showVariable(c.Graph.Variables[i])
		return err
	})
	return one(shown, err)
}

func (a *API) deleteVariable(ctx context.Context, at policy.Place, in *CycleVariablePath) (*empty, error) {
	_, err := a.edit(ctx, at, in.ID.Value, func(c *tandem.Cycle) error {
		i, err := findVariable(c, in.SystemName)
		if err != nil {
			return err
		}
		c.Graph.Variables = slices.Delete(c.Graph.Variables, i, i+1)
		return nil
	})
	return done(err)
}
