package workflow_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/tandem-ipaas/tandem"
	"github.com/tandem-ipaas/tandem/connector"
	"github.com/tandem-ipaas/tandem/internal/workflow"
)

const (
	stepA = "AAAAAAAA-0000-4000-8000-000000000001"
	stepB = "bbbbbbbb-0000-4000-8000-000000000002"
	edgeA = "eeeeeeee-0000-4000-8000-000000000003"
)

// soundGraph is a webhook that leads to a decision.
func soundGraph() *tandem.Graph {
	return &tandem.Graph{
		Steps: []tandem.Step{
			{ID: stepA, Name: "Hook", ActionType: tandem.WebhookStep, Connector: "crm", Method: "hook"},
			{ID: stepB, Name: "Ask", ActionType: tandem.DecisionStep, Decision: &tandem.Decision{Groups: [][]tandem.Rule{{{
				Left: tandem.Mapping{MappingType: tandem.MapStep, SourceStepID: stepA}, Condition: tandem.Exists,
			}}}}},
		},
		Edges:      []tandem.Edge{{ID: edgeA, HeadStepID: stepA, TailStepID: stepB, EdgeType: tandem.ForwardEdge}},
		Connectors: []tandem.ConnectorRef{{Ref: "crm", Name: "CRM", Version: "1"}},
		Variables:  []tandem.Variable{{SystemName: "list"}},
	}
}

func hooks(_ tandem.ConnectorRef, method string) (*connector.Connector, *connector.Method, error) {
	if method != "hook" {
		return nil, nil, tandem.NotFoundf("There is no method %s.", method)
	}
	return &connector.Connector{}, &connector.Method{Name: "Hook", MethodType: connector.Webhook}, nil
}

func TestValidateTakesSoundGraphs(t *testing.T) {
	g := soundGraph()
	if err := workflow.Validate(g, hooks); err != nil {
		t.Fatal(err)
	}
	want := tandem.StepID(strings.ToLower(stepA))
	if g.Steps[0].ID != want || g.Edges[0].HeadStepID != want || g.Steps[1].Decision.Groups[0][0].Left.SourceStepID != want {
		t.Errorf("ids are not in lower case everywhere: %+v", g)
	}
	for name, g := range map[string]*tandem.Graph{
		"empty":             {},
		"one unfilled step": {Steps: []tandem.Step{{ID: stepA, ActionType: tandem.ActionStep}}},
	} {
		if err := workflow.Validate(g, hooks); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestValidateNamesTheField(t *testing.T) {
	for field, spoil := range map[string]func(*tandem.Graph){
		"Steps":                           func(g *tandem.Graph) { g.Steps = make([]tandem.Step, 1001) },
		"Edges":                           func(g *tandem.Graph) { g.Edges = make([]tandem.Edge, 10_001) },
		"Variables":                       func(g *tandem.Graph) { g.Variables = make([]tandem.Variable, 1001) },
		"Connectors":                      func(g *tandem.Graph) { g.Connectors = make([]tandem.ConnectorRef, 101) },
		"Steps[0].Match.Field":            func(g *tandem.Graph) { g.Steps[0].Match = &tandem.Match{Field: "[a"} },
		"Steps[0].Match.Key.SourceStepId": func(g *tandem.Graph) { g.Steps[0].Match = &tandem.Match{Key: tandem.Mapping{SourceStepID: edgeA}} },
		"Steps[0].Answer.Status":          func(g *tandem.Graph) { g.Steps[0].Answer = &tandem.Answer{Status: 199} },
		"Steps[1].Answer.Status":          func(g *tandem.Graph) { g.Steps[1].Answer = &tandem.Answer{Status: 600} },
		"Steps[0].Answer.ContentType":     func(g *tandem.Graph) { g.Steps[0].Answer = &tandem.Answer{ContentType: "text/html"} },
		"Steps[1].Answer.ContentType":     func(g *tandem.Graph) { g.Steps[1].Answer = &tandem.Answer{ContentType: "a;;"} },
		"Steps[0].Answer.Headers[0].Target": func(g *tandem.Graph) {
			g.Steps[0].Answer = &tandem.Answer{Headers: []tandem.Mapping{{Target: "Set-Cookie"}}}
		},
		"Steps[1].Answer.Headers[0].Target": func(g *tandem.Graph) {
			g.Steps[1].Answer = &tandem.Answer{Headers: []tandem.Mapping{{Target: "content-type"}}}
		},
		"Steps[0].Answer.Headers[1].Target": func(g *tandem.Graph) {
			g.Steps[0].Answer = &tandem.Answer{Headers: []tandem.Mapping{{Target: "X-A"}, {Target: "X-A"}}}
		},
		"Steps[0].Answer.Body.MappingType": func(g *tandem.Graph) { g.Steps[0].Answer = &tandem.Answer{Body: &tandem.Mapping{MappingType: "Guess"}} },
		"Steps[0].Id":                      func(g *tandem.Graph) { g.Steps[0].ID = "1" },
		"Steps[1].Id":                      func(g *tandem.Graph) { g.Steps[1].ID = g.Steps[0].ID },
		"Edges[0].Id":                      func(g *tandem.Graph) { g.Edges[0].ID = "" },
		"Edges[1]": func(g *tandem.Graph) {
			g.Edges = append(g.Edges, tandem.Edge{ID: tandem.EdgeID(tandem.NewGUID()), HeadStepID: stepA, TailStepID: stepB})
		},
		"Steps[0].Fields[1].Target":                func(g *tandem.Graph) { g.Steps[0].Fields = []tandem.Mapping{{Target: "a"}, {Target: "a"}} },
		"Edges[0].HeadStepId":                      func(g *tandem.Graph) { g.Edges[0].HeadStepID = edgeA },
		"Edges[0].TailStepId":                      func(g *tandem.Graph) { g.Edges[0].TailStepID = "x" },
		"Edges[0]":                                 func(g *tandem.Graph) { g.Steps[1].ActionType = tandem.AnnotationStep },
		"Edges[0].EdgeType":                        func(g *tandem.Graph) { g.Edges[0].EdgeType = tandem.TrueEdge },
		"Connectors[0].Ref":                        func(g *tandem.Graph) { g.Connectors[0].Ref = "" },
		"Variables[1].SystemName":                  func(g *tandem.Graph) { g.Variables = append(g.Variables, g.Variables[0]) },
		"StepErrorAction":                          func(g *tandem.Graph) { g.StepErrorAction = "Panic" },
		"Retries":                                  func(g *tandem.Graph) { g.StepErrorAction = tandem.RetryStep },
		"Steps[0].Retries":                         func(g *tandem.Graph) { g.Steps[0].StepErrorAction, g.Steps[0].Retries = tandem.RetryStep, 6 },
		"Steps[1].Retries":                         func(g *tandem.Graph) { g.Steps[1].Retries = -1 },
		"Steps[0].CollectionSplitType":             func(g *tandem.Graph) { g.Steps[0].CollectionSplitType = "Some" },
		"Steps[0].Connector":                       func(g *tandem.Graph) { g.Steps[0].Connector = "erp" },
		"Steps[0].Method":                          func(g *tandem.Graph) { g.Steps[0].Method = "other" },
		"Steps[0].ActionType":                      func(g *tandem.Graph) { g.Steps[0].ActionType = tandem.ActionStep },
		"Steps[1].ActionType":                      func(g *tandem.Graph) { g.Steps[1].ActionType = 9 },
		"Steps[0].Fields[0].MappingType":           func(g *tandem.Graph) { g.Steps[0].Fields = []tandem.Mapping{{MappingType: "Magic"}} },
		"Steps[0].Parameters[0].SourceStepId":      func(g *tandem.Graph) { g.Steps[0].Parameters = []tandem.Mapping{{SourceStepID: edgeA}} },
		"Steps[1].Decision.Groups[0][0].Condition": func(g *tandem.Graph) { g.Steps[1].Decision.Groups[0][0].Condition = "Sounds like" },
	} {
		t.Run(field, func(t *testing.T) {
			g := soundGraph()
			spoil(g)
			var e *tandem.Error
			if err := workflow.Validate(g, hooks); !errors.As(err, &e) || e.Code != tandem.Invalid || e.Field != field {
				t.Errorf("%v, want Invalid about %s", err, field)
			}
		})
	}
}

// Steps that wait or answer are kept for those who can run them.
func TestValidateKinds(t *testing.T) {
	for kind := range tandem.ActionTypes {
		g := &tandem.Graph{Steps: []tandem.Step{{ID: stepA, ActionType: kind}}}
		if err := workflow.Validate(g, hooks); err != nil {
			t.Errorf("%s: %v", kind, err)
		}
		g = soundGraph()
		g.Edges, g.Steps[0].ActionType = nil, kind
		err := workflow.Validate(g, hooks)
		if takes := kind == tandem.WebhookStep || kind == tandem.DecisionStep; (err == nil) != takes {
			t.Errorf("%s with a webhook's method: %v", kind, err)
		}
	}
}
