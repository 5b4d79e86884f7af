package embed

import (
	"cmp"
	"context"
	"net/url"
	"slices"
	"strconv"
	"time"

	"github.com/tandem-ipaas/tandem"
	"github.com/tandem-ipaas/tandem/connector"
)

// input is a field of a form.
type input struct {
	Name        string
	Label       string
	Description string
	Value       string
	Required    bool
	Secret      bool
	Long        bool               // of several lines
	Choices     []connector.Choice // none: any text
	Missing     bool               // it was required, and not given
}

// filled takes what a form already held, unless it is a secret.
func (i input) filled(values url.Values) input {
	if given, ok := values[i.Name]; ok {
		i.Missing = i.Required && given[0] == ""
		if !i.Secret {
			i.Value = given[0]
		}
	}
	return i
}

// slot is a value of a graph that the customer chooses.
type slot struct {
	input
	mapping  *tandem.Mapping  // one of these two
	variable *tandem.Variable //
	trigger  string           // lookup that gives the choices
	part     *part            // whose lookup
}

// slots are the values of s that are for the customer to choose, and can be
// chosen by typing.
func (s *subject) slots() []slot {
	var all []slot
	for i := range s.graph.Variables {
		v := &s.graph.Variables[i]
		if v.IsLaunchVisible {
			all = append(all, slot{variable: v, input: input{
				Name: s.key + ".variable." + v.SystemName, Label: cmp.Or(v.DisplayName, v.SystemName), Value: v.Value, Required: v.IsLaunchRequired,
			}})
		}
	}
	for i := range s.graph.Steps {
		step := &s.graph.Steps[i]
		m := s.method(step)
		if m == nil {
			continue
		}
		for j := range step.Parameters {
			if p := find(m.Parameters, func(p *connector.Parameter) bool { return p.Name == step.Parameters[j].Target }); p != nil && !p.Hidden {
				all = s.add(all, step, &step.Parameters[j], input{Label: p.Label(), Description: p.Description, Choices: p.Values, Required: !p.Optional, Secret: p.Sensitive}, p.Trigger)
			}
		}
		for j := range step.Fields {
			f := find(m.RequestFields, func(f *connector.Field) bool { return f.ConnectorField == step.Fields[j].Target })
			if f == nil {
				f = &connector.Field{ConnectorField: step.Fields[j].Target, Optional: true}
			}
			all = s.add(all, step, &step.Fields[j], input{Label: f.Label(), Description: f.Description, Choices: f.Values, Required: !f.Optional}, "")
		}
	}
	return all
}

func find[T any](all []T, is func(*T) bool) *T {
	for i := range all {
		if is(&all[i]) {
			return &all[i]
		}
	}
	return nil
}

func (s *subject) method(step *tandem.Step) *connector.Method {
	p := s.part(step)
	if p == nil {
		return nil
	}
	return find(p.library.Methods, func(m *connector.Method) bool { return m.MethodUniqueIdentifier == step.Method })
}

// typed are the kinds of mappings whose value can be typed or picked.
var typed = []tandem.MappingType{"", tandem.MapIgnore, tandem.MapStatic, tandem.MapList, tandem.MapTrigger}

func (s *subject) add(all []slot, step *tandem.Step, m *tandem.Mapping, in input, trigger string) []slot {
	if !m.IsLaunchVisible || !slices.Contains(typed, m.MappingType) {
		return all
	}
	// A step of a cycle remembers the template's that it was made of.
	in.Name = s.key + ".step." + string(cmp.Or(step.Origin, step.ID)) + "." + m.Target
	in.Label, in.Value, in.Required = cmp.Or(m.LaunchName, in.Label), m.Value, in.Required || m.IsLaunchRequired
	if in.Secret {
		in.Value, in.Required = "", in.Required && m.Value == "" // what is there stays where nothing is given
	}
	return append(all, slot{input: in, mapping: m, trigger: trigger, part: s.part(step)})
}

// set writes a chosen value into the graph.
func (t *slot) set(value string) {
	if t.variable != nil {
		t.variable.Value = value
		return
	}
	m := t.mapping
	switch {
	case t.Secret && value == "":
		return // it is not shown, and so not sent again
	case value == m.Value:
		return // as it was, with its name
	case value == "":
		m.MappingType = tandem.MapIgnore
	case m.MappingType == "" || m.MappingType == tandem.MapIgnore:
		m.MappingType = tandem.MapStatic
	}
	m.Value, m.ValueName = value, ""
}

// lookupTime is how long a third party may take to offer its choices.
const lookupTime = 5 * time.Second

// look asks the third party what there is to choose, if it can be asked by now.
// Where it does not answer, the customer types.
func (e *Embed) look(ctx context.Context, a tandem.AccountID, t *slot) {
	if t.trigger == "" || len(t.Choices) > 0 || t.part == nil || t.part.installed == nil || t.part.installed.State != tandem.Authenticated {
		return
	}
	trigger := find(t.part.library.Triggers, func(g *connector.Trigger) bool { return g.Name == t.trigger })
	if trigger == nil {
		return
	}
	ctx, cancel := context.WithTimeout(ctx, lookupTime)
	defer cancel()
	choices, err := e.services.Demand.Lookup(ctx, a, t.part.installed.ID, trigger.ID, tandem.MethodInput{})
	if err != nil {
		e.log.InfoContext(ctx, "a lookup gave no choices", "account", a, "account_connector", t.part.installed.ID, "error", err)
		return
	}
	if t.Value != "" && find(choices, func(c *connector.Choice) bool { return c.Value == t.Value }) == nil {
		choices = append(choices, connector.Choice{Value: t.Value})
	}
	t.Choices = choices
}

// every is the field for how often s runs.
func (s *subject) every() input {
	i := input{Name: s.key + ".every", Label: "Runs every", Value: strconv.Itoa(cmp.Or(s.interval, tandem.UsualInterval)), Required: true}
	for _, minutes := range tandem.Intervals {
		i.Choices = append(i.Choices, connector.Choice{Value: strconv.Itoa(minutes), Label: duration(minutes)})
	}
	return i
}

func duration(minutes int) string {
	count := func(n int, unit string) string {
		if n == 1 {
			return unit
		}
		return strconv.Itoa(n) + " " + unit + "s"
	}
	switch {
	case minutes%10080 == 0:
		return count(minutes/10080, "week")
	case minutes%1440 == 0:
		return count(minutes/1440, "day")
	case minutes%60 == 0:
		return count(minutes/60, "hour")
	}
	return count(minutes, "minute")
}
