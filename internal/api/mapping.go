package api

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"github.com/tandem-ipaas/tandem"
	"github.com/tandem-ipaas/tandem/connector"
	"github.com/tandem-ipaas/tandem/internal/policy"
)

// mappingShape is how one parameter or field of a step gets its value.
type mappingShape struct {
	Parameter               *ParameterShape `json:",omitempty"`
	Field                   *FieldShape     `json:",omitempty"`
	IsEntityIdentifier      bool
	MappingType             tandem.MappingType
	SourceFieldID           *int64         `json:"SourceFieldId"`
	SourceField             string         `json:",omitempty" doc:"StepOutput: the location of a response field."`
	SourceStepID            *tandem.StepID `json:"SourceStepId"`
	Variable                string         `json:",omitempty" doc:"Variable: its SystemName."`
	CollectionKey           string         `json:",omitempty" doc:"Where the values of a list come from several lists: the location, in the list that SourceField goes through, of what is the same in items that belong together."`
	Format                  string         `json:",omitempty" doc:"How the source writes a date-time."`
	TriggerValue            *string
	TriggerValueDisplayName *string
	Value                   *string
	IsLaunchVisible         bool
	IsLaunchRequired        bool
	LaunchName              string `json:",omitempty"`
}

// target is a parameter or field that a step can map.
type target struct {
	id        int64
	name      string // as mappings call it
	parameter *ParameterShape
	field     *FieldShape
}

// side is one of the two lists of mappings of a step.
type side struct {
	targets  func(*tandem.LibraryConnector, *connector.Method, []tandem.CustomField) []target
	mappings func(*tandem.Step) *[]tandem.Mapping
}

var parameterSide = side{
	targets: func(l *tandem.LibraryConnector, m *connector.Method, _ []tandem.CustomField) (all []target) {
		for i, p := range m.Parameters {
			if p.Hidden {
				continue
			}
			shown := showParameter(&p, i+1, l.Triggers)
			all = append(all, target{id: p.ID, name: p.Name, parameter: &shown})
		}
		return all
	},
	mappings: func(s *tandem.Step) *[]tandem.Mapping { return &s.Parameters },
}

var fieldSide = side{
	targets: func(_ *tandem.LibraryConnector, m *connector.Method, custom []tandem.CustomField) (all []target) {
		for i, f := range slices.Concat(m.RequestFields, tandem.CustomOf(custom, m, true)) {
			if f.Hidden || f.ReadOnly {
				continue
			}
			shown := showField(&f, i+1)
			all = append(all, target{id: f.ID, name: f.ConnectorField, field: &shown})
		}
		return all
	},
	mappings: func(s *tandem.Step) *[]tandem.Mapping { return &s.Fields },
}

// targetsOf are those of a step; none if it calls no known method.
func (d *design) targetsOf(s *tandem.Step, on side) []target {
	m := d.method(s)
	if m == nil {
		return nil
	}
	return on.targets(d.library[s.Connector], m, d.custom[s.Connector])
}

func (d *design) showMapping(s *tandem.Step, on side, t target) mappingShape {
	shape := mappingShape{Parameter: t.parameter, Field: t.field, MappingType: tandem.MapIgnore}
	all := *on.mappings(s)
	i := slices.IndexFunc(all, func(m tandem.Mapping) bool { return m.Target == t.name })
	if i < 0 {
		return shape
	}
	m := all[i]
	shape.MappingType = cmp.Or(m.MappingType, tandem.MapIgnore)
	shape.IsLaunchVisible, shape.IsLaunchRequired, shape.LaunchName = m.IsLaunchVisible, m.IsLaunchRequired, m.LaunchName
	shape.SourceField, shape.Variable, shape.CollectionKey, shape.Format = m.SourceField, m.Variable, m.CollectionKey, m.Format
	switch m.MappingType {
	case tandem.MapIgnore, tandem.MapStep: // no value
	case tandem.MapStatic, tandem.MapList:
		shape.Value = &m.Value
	case tandem.MapVariable:
		shape.Value = &m.Variable
	case tandem.MapTrigger:
		shape.TriggerValue, shape.TriggerValueDisplayName = &m.Value, &m.ValueName
	}
	if m.SourceStepID != "" {
		shape.SourceStepID = &m.SourceStepID
		shape.SourceFieldID = d.fieldID(m.SourceStepID, m.SourceField)
	}
	return shape
}

// fieldID is the number of a step's response field; nil for a location that its
// method does not name.
func (d *design) fieldID(id tandem.StepID, location string) *int64 {
	for _, f := range d.responseFields(id) {
		if f.ConnectorField == location {
			return &f.ID
		}
	}
	return nil
}

func (d *design) responseFields(id tandem.StepID) []connector.Field {
	s, err := d.step(id)
	if err != nil {
		return nil
	}
	if m := d.method(s); m != nil {
		return slices.Concat(m.ResponseFields, tandem.CustomOf(d.custom[s.Connector], m, false))
	}
	return nil
}

// mappingBody changes a mapping. With a MappingType it is another, of which
// nothing stays but whether customers see it.
type mappingBody struct {
	MappingType             string                        `json:",omitempty" doc:"Ignore, StaticValue, ValueList, StepOutput, Variable or Trigger; without it, the mapping stays of its type."`
	Value                   optional[anyText]             `json:",omitzero" doc:"StaticValue (with merge fields), ValueList; of a Variable, a synonym of Variable."`
	SourceStepID            optional[guid[tandem.StepID]] `json:"SourceStepId,omitzero" doc:"StepOutput."`
	SourceFieldID           optional[int64]               `json:"SourceFieldId,omitzero" doc:"StepOutput: a response field of the source step's method."`
	SourceField             optional[string]              `json:",omitzero" doc:"StepOutput: its location, instead of the id."`
	Variable                optional[string]              `json:",omitzero" doc:"Variable: its SystemName."`
	CollectionKey           optional[string]              `json:",omitzero" doc:"StepOutput: where the values of a list come from several lists, the location of what is the same in items that belong together, such as [items].sku."`
	Format                  optional[string]              `json:",omitzero" doc:"How the source writes a date-time, such as dd/MM/yyyy; default: as the source's field says, or ISO 8601."`
	TriggerValue            optional[anyText]             `json:",omitzero" doc:"Trigger: a value that the lookup gave."`
	TriggerValueDisplayName optional[string]              `json:",omitzero" doc:"Trigger: its name, to show."`
	IsLaunchVisible         optional[bool]                `json:",omitzero" doc:"The customer who installs it may choose the value."`
	IsLaunchRequired        optional[bool]                `json:",omitzero" doc:"The cycle cannot start without a value, even if the target is optional."`
	LaunchName              optional[string]              `json:",omitzero" doc:"What the customer sees it called; default: as the target is."`
}

// anyText is text; a number or boolean is taken as it is written.
type anyText string

// UnmarshalJSON implements json.Unmarshaler.
func (t *anyText) UnmarshalJSON(b []byte) error {
	switch b[0] {
	case '{', '[':
		return fmt.Errorf("wrong type: want text, a number or a boolean")
	case 'n':
		return nil
	case '"':
		return json.Unmarshal(b, (*string)(t))
	}
	*t = anyText(b)
	return nil
}

var mappingTypes = []tandem.MappingType{tandem.MapIgnore, tandem.MapStatic, tandem.MapList, tandem.MapStep, tandem.MapVariable, tandem.MapTrigger}

// change is what b makes of a mapping.
func (d *design) change(was tandem.Mapping, b *mappingBody) (tandem.Mapping, error) {
	m := was
	if b.MappingType != "" {
		i := slices.IndexFunc(mappingTypes, func(known tandem.MappingType) bool { return strings.EqualFold(string(known), b.MappingType) })
		if i < 0 {
			return m, tandem.Invalidf("MappingType", "MappingType: %q is not known: want one of %v", b.MappingType, mappingTypes)
		}
		m = tandem.Mapping{
			Target: m.Target, MappingType: mappingTypes[i],
			IsLaunchVisible: m.IsLaunchVisible, IsLaunchRequired: m.IsLaunchRequired, LaunchName: m.LaunchName,
		}
	}
	b.IsLaunchVisible.Apply(&m.IsLaunchVisible)
	b.IsLaunchRequired.Apply(&m.IsLaunchRequired)
	b.LaunchName.Apply(&m.LaunchName)
	b.Format.Apply(&m.Format)
	value := (*anyText)(&m.Value)
	switch m.MappingType {
	case "", tandem.MapIgnore: // has no source
	case tandem.MapStatic, tandem.MapList:
		b.Value.Apply(value)
	case tandem.MapTrigger:
		b.Value.Apply(value)
		b.TriggerValue.Apply(value)
		b.TriggerValueDisplayName.Apply(&m.ValueName)
	case tandem.MapVariable:
		b.Variable.Apply(&m.Variable)
		if b.Value.Value != "" && (!b.Variable.Set || m.Variable == was.Variable) { // of what was read, the one that changed
			m.Variable = string(b.Value.Value)
		}
	case tandem.MapStep:
		return d.changeSource(m, b)
	}
	return m, nil
}

// changeSource is what b makes of a mapping from a field of another step.
func (d *design) changeSource(m tandem.Mapping, b *mappingBody) (tandem.Mapping, error) {
	if b.SourceStepID.Set {
		m.SourceStepID = b.SourceStepID.Value.Value
	}
	b.SourceField.Apply(&m.SourceField)
	b.CollectionKey.Apply(&m.CollectionKey)
	if !b.SourceFieldID.Set || b.SourceFieldID.Null {
		return m, nil
	}
	fields := d.responseFields(m.SourceStepID)
	i := slices.IndexFunc(fields, func(f connector.Field) bool { return f.ID == b.SourceFieldID.Value })
	if i < 0 {
		return m, tandem.Invalidf("SourceFieldId", "SourceFieldId: %d is not a response field of the source step", b.SourceFieldID.Value)
	}
	m.SourceField = fields[i].ConnectorField
	return m, nil
}

func (a *API) listMappings(ctx context.Context, at policy.Place, id tandem.StepID, in Slicing, on side) (*list[mappingShape], error) {
	d, s, err := a.designOfStep(ctx, at, id)
	if err != nil {
		return nil, err
	}
	all := []mappingShape{}
	for _, t := range d.targetsOf(s, on) {
		all = append(all, d.showMapping(s, on, t))
	}
	return whole(in, all, nil)
}

// findTarget gives a step and what path names of it. Errors: NotFound.
func (a *API) findTarget(ctx context.Context, at policy.Place, path StepTargetPath, on side) (*design, *tandem.Step, target, error) {
	d, s, err := a.designOfStep(ctx, at, path.ID.Value)
	if err != nil {
		return nil, nil, target{}, err
	}
	for _, t := range d.targetsOf(s, on) {
		if t.id == path.TargetID {
			return d, s, t, nil
		}
	}
	return nil, nil, target{}, tandem.NotFoundf("Step %s has no parameter or field with the ID %d.", s.ID, path.TargetID)
}

func (a *API) getMapping(ctx context.Context, at policy.Place, path StepTargetPath, on side) (*object[mappingShape], error) {
	d, s, t, err := a.findTarget(ctx, at, path, on)
	if err != nil {
		return nil, err
	}
	return one(d.showMapping(s, on, t), nil)
}

func (a *API) updateMapping(ctx context.Context, at policy.Place, in *mappingInput, on side) (*object[mappingShape], error) {
	d, s, t, err := a.findTarget(ctx, at, in.StepTargetPath, on)
	if err != nil {
		return nil, err
	}
	d.Cycle, err = a.edit(ctx, at, d.ID, func(c *tandem.Cycle) error {
		s, err := findStep(c, s.ID)
		if err != nil {
			return err
		}
		all := on.mappings(s)
		was := tandem.Mapping{Target: t.name}
		if i := slices.IndexFunc(*all, func(m tandem.Mapping) bool { return m.Target == t.name }); i >= 0 {
			was = (*all)[i]
		}
		m, err := d.change(was, &in.Body)
		if err != nil {
			return err
		}
		*all = slices.DeleteFunc(*all, func(m tandem.Mapping) bool { return m.Target == t.name })
		*all = append(*all, m)
		return nil
	})
	if err != nil {
		return nil, err
	}
	if s, err = d.step(s.ID); err != nil {
		return nil, err
	}
	return one(d.showMapping(s, on, t), nil)
}

type mappingQuery struct {
	StepPath
	Slicing
}

type mappingInput struct {
	StepTargetPath
	Body mappingBody
}

func (a *API) listParameters(ctx context.Context, at policy.Place, in *mappingQuery) (*list[mappingShape], error) {
	return a.listMappings(ctx, at, in.ID.Value, in.Slicing, parameterSide)
}

func (a *API) getParameter(ctx context.Context, at policy.Place, in *StepTargetPath) (*object[mappingShape], error) {
	return a.getMapping(ctx, at, *in, parameterSide)
}

func (a *API) updateParameter(ctx context.Context, at policy.Place, in *mappingInput) (*object[mappingShape], error) {
	return a.updateMapping(ctx, at, in, parameterSide)
}

func (a *API) listFields(ctx context.Context, at policy.Place, in *mappingQuery) (*list[mappingShape], error) {
	return a.listMappings(ctx, at, in.ID.Value, in.Slicing, fieldSide)
}

func (a *API) getField(ctx context.Context, at policy.Place, in *StepTargetPath) (*object[mappingShape], error) {
	return a.getMapping(ctx, at, *in, fieldSide)
}

func (a *API) updateField(ctx context.Context, at policy.Place, in *mappingInput) (*object[mappingShape], error) {
	return a.updateMapping(ctx, at, in, fieldSide)
}
