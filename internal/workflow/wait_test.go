package workflow_test

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/tandem-ipaas/tandem"
	"github.com/tandem-ipaas/tandem/internal/workflow"
)

// waiting is a step that waits.
func waiting(kind tandem.ActionType, set func(*tandem.Step)) tandem.Step {
	s := tandem.Step{ID: "wait", Name: "Wait", ActionType: kind}
	if set != nil {
		set(&s)
	}
	return s
}

func delay(interval int, unit tandem.DelayUnit) tandem.Step {
	return waiting(tandem.DelayStep, func(s *tandem.Step) { s.Delay = &tandem.Delay{Interval: interval, Unit: unit} })
}

func until(m tandem.Mapping) tandem.Step {
	return waiting(tandem.WaitUntilStep, func(s *tandem.Step) { s.Until = &m })
}

// between is event → a step → send.
func between(s tandem.Step, fields ...tandem.Mapping) *tandem.Graph {
	fields = append(fields, static("email", "x"))
	return graph([]tandem.Step{step("in", "event"), s, step("out", "send", fields...)}, edge("in", "wait", ""), edge("wait", "out", ""))
}

func reasons(g *tandem.Graph) (all []string) {
	for _, p := range workflow.Check(g, resolve) {
		all = append(all, fmt.Sprintf("%d %s %s", p.ReasonCode, p.ObjectType, p.ObjectID))
	}
	return all
}

func TestCheckOfWaits(t *testing.T) {
	note := tandem.Step{ID: "note", Name: "Note", ActionType: tandem.AnnotationStep}
	noted := between(delay(1, tandem.Days))
	noted.Steps = append(noted.Steps, note)
	tests := []struct {
		name string
		g    *tandem.Graph
		want string
	}{
		{"delay", between(delay(3, tandem.Seconds)), ""},
		{"no delay", between(waiting(tandem.DelayStep, nil)), "32 Step wait"},
		{"no unit", between(delay(3, "")), "60 Step wait"},
		{"unknown unit", between(delay(3, "Moons")), "60 Step wait"},
		{"no interval", between(delay(0, tandem.Weeks)), "61 Step wait"},
		{"negative interval", between(delay(-1, tandem.Weeks)), "61 Step wait"},
		{"a year", between(delay(52, tandem.Weeks)), ""},
		{"too long", between(delay(53, tandem.Weeks)), "61 Step wait"},
		{"beyond counting", between(delay(1<<62, tandem.Seconds)), "61 Step wait"},
		{"no date", between(waiting(tandem.WaitUntilStep, nil)), "33 Step wait"},
		{"an empty date", between(until(static("", ""))), "33 Step wait"},
		{"ignored", between(until(tandem.Mapping{MappingType: tandem.MapIgnore})), "33 Step wait"},
		{"date", between(until(static("", "2030-01-01T09:00:00Z"))), ""},
		{"a date in a format", between(until(tandem.Mapping{MappingType: tandem.MapStatic, Value: "01/02/2030", Format: "dd/MM/yyyy"})), ""},
		{"no date at all", between(until(static("", "soon"))), "70 Step wait"},
		{"merge field", between(until(static("", "{{due | shift:-1:days}}"))), ""},
		{"field", between(until(from("", "in", "due"))), ""},
		{"field of a later step", between(until(from("", "out", "due"))), "70 Step wait"},
		{"bad format", between(until(tandem.Mapping{MappingType: tandem.MapStep, SourceStepID: "in", SourceField: "due", Format: "'"})), "70 Step wait"},
		{"wait all", between(waiting(tandem.WaitAllStep, nil)), ""},
		{"data from before a wait all", between(waiting(tandem.WaitAllStep, nil), from("age", "in", "age")), "41 Field age"},
		{"data from before a delay", between(delay(1, tandem.Hours), from("age", "in", "age")), ""},
		{"a note", noted, ""},
		{"a delay first", graph([]tandem.Step{delay(1, tandem.Hours), step("out", "send", static("email", "x"))}, edge("wait", "out", "")), "0 Cycle "},
	}
	for _, tt := range tests {
		if got := strings.Join(reasons(tt.g), ", "); got != tt.want {
			t.Errorf("%s: %s, want %s", tt.name, got, tt.want)
		}
	}
}

// A note that edges lead to is still only a note.
func TestAnnotationOnTheWayIsPassedBy(t *testing.T) {
	g := graph([]tandem.Step{step("in", "event"), {ID: "note", Name: "Note", ActionType: tandem.AnnotationStep}, step("out", "send", static("email", "x"))},
		edge("in", "out", ""), edge("in", "note", ""))
	p, err := workflow.Compile(g, resolve)
	if err != nil {
		t.Fatal(err)
	}
	if next := p.Trigger.Next(tandem.ForwardEdge); len(next) != 1 || next[0].ID != "out" || len(p.Nodes) != 2 {
		t.Errorf("%d nodes, next %v", len(p.Nodes), next)
	}
}

func TestCompileWaits(t *testing.T) {
	for unit, want := range map[tandem.DelayUnit]time.Duration{tandem.Seconds: 7 * time.Second, tandem.Minutes: 7 * time.Minute, tandem.Hours: 7 * time.Hour, tandem.Days: 7 * 24 * time.Hour, tandem.Weeks: 49 * 24 * time.Hour} {
		p, err := workflow.Compile(between(delay(7, unit)), resolve)
		if err != nil || p.Node("wait").Delay != want {
			t.Errorf("7 %s: %v", unit, err)
		}
	}
	for _, s := range []tandem.Step{waiting(tandem.DelayStep, nil), delay(0, tandem.Days), waiting(tandem.WaitUntilStep, nil)} {
		if _, err := workflow.Compile(between(s), resolve); tandem.ErrorCode(err) != tandem.Invalid {
			t.Errorf("%s: %v", s.ActionType, err)
		}
	}
	p, err := workflow.Compile(between(waiting(tandem.WaitAllStep, nil)), resolve)
	if err != nil || len(p.Barriers) != 1 || p.Barriers[0].ID != "wait" {
		t.Errorf("%v, %v", p.Barriers, err)
	}
	if got := workflow.Renew(*between(until(from("", "in", "due"))), map[tandem.StepID]tandem.StepID{"in": "new"}); got.Steps[1].Until.SourceStepID != "new" {
		t.Errorf("a copy waits for a field of %q", got.Steps[1].Until.SourceStepID)
	}
}

func TestUntil(t *testing.T) {
	body := `{"due":"2030-01-02T03:04:05+01:00","day":"31/12/2030","seconds":1893456000,"word":"soon","none":null,"list":["2030-01-01"]}`
	for _, tt := range []struct {
		m    tandem.Mapping
		want string
		err  error
	}{
		{static("", "2030-01-01"), "2030-01-01T00:00:00Z", nil},
		{from("", "in", "due"), "2030-01-02T02:04:05Z", nil},
		{from("", "in", "seconds"), "2030-01-01T00:00:00Z", nil},
		{static("", "{{due | shift:1:days}}"), "2030-01-03T02:04:05Z", nil},
		{tandem.Mapping{MappingType: tandem.MapStep, SourceStepID: "in", SourceField: "day", Format: "dd/MM/yyyy"}, "2030-12-31T00:00:00Z", nil},
		{tandem.Mapping{MappingType: tandem.MapStatic, Value: "{{day}}", Format: "dd/MM/yyyy"}, "2030-12-31T00:00:00Z", nil},
		{from("", "in", "day"), "", workflow.ErrDateTime},
		{from("", "in", "word"), "", workflow.ErrDateTime},
		{from("", "in", "list"), "", workflow.ErrDateTime},
		{from("", "in", "none"), "", workflow.ErrRequired},
		{from("", "in", "gone"), "", workflow.ErrRequired},
	} {
		p, err := workflow.Compile(between(until(tt.m)), resolve)
		if err != nil {
			t.Fatal(err)
		}
		at, err := p.Node("wait").Until(data(body))
		if got := at.UTC().Format(time.RFC3339); !errors.Is(err, tt.err) || err == nil && got != tt.want {
			t.Errorf("%+v: %s, %v", tt.m, got, err)
		}
		var named *workflow.MapError
		if err != nil && (!errors.As(err, &named) || named.Target != "Until") {
			t.Errorf("%v does not name the field", err)
		}
	}
}

// Date-times are read as their source writes them, and written as their target does.
func TestDateFormats(t *testing.T) {
	was := shop.Methods[4].ResponseFields
	t.Cleanup(func() { shop.Methods[4].ResponseFields = was })
	declared := slices.Clone(was)
	declared = append(declared, declaredDate)
	shop.Methods[4].ResponseFields = declared
	g := graph([]tandem.Step{step("in", "event"), step("get", "none"), step("out", "send", static("email", "x"), from("at", "get", "born"))}, edge("in", "get", ""), edge("get", "out", ""))
	p, err := workflow.Compile(g, resolve)
	if err != nil {
		t.Fatal(err)
	}
	in, err := p.Node("out").Input(&workflow.Data{Outputs: []*workflow.Output{workflow.NewOutput("get", []byte(`{"born":"12-31-1999"}`))}})
	if diff := cmp.Diff(map[string]any{"email": "x", "at": "31/12/1999"}, in.Body); err != nil || diff != "" {
		t.Error(err, diff)
	}
}
