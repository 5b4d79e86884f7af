package api

import (
	"cmp"
	"context"
	"slices"
	"strconv"
	"strings"

	"github.com/tandem-ipaas/tandem"
	"github.com/tandem-ipaas/tandem/connector"
	"github.com/tandem-ipaas/tandem/internal/policy"
)

// stepBody is what may be said of a step.
type stepBody struct {
	Name                optional[string]                     `json:",omitzero"`
	Description         optional[string]                     `json:",omitzero"`
	ActionType          optional[actionType]                 `json:",omitzero" doc:"Action (1), Webhook (2), Decision (3), Delay (4), WaitUntil (5), WaitAll (6), Annotation (7) or SynchronousResponse (8)."`
	AccountConnector    mention                              `json:",omitempty" doc:"Its Id, or an object with it."`
	AccountConnectorID  mention                              `json:"AccountConnectorId,omitempty" doc:"The same."`
	Method              mention                              `json:",omitempty" doc:"Its Id or MethodUniqueIdentifier, or an object with one."`
	MethodID            mention                              `json:"MethodId,omitempty" doc:"The same."`
	Decision            optional[*tandem.Decision]           `json:",omitzero"`
	Delay               optional[*tandem.Delay]              `json:",omitzero" doc:"Of a Delay: how long it waits, 52 weeks at most."`
	Until               optional[*tandem.Mapping]            `json:",omitzero" doc:"Of a WaitUntil: the date-time that it waits for, as a StaticValue (with merge fields) or the StepOutput of an earlier step."`
	Match               optional[*tandem.Match]              `json:",omitzero" doc:"Of a Webhook that is not the first step: Field is the location in a request by which it is known for which transaction it is, Key the value of the transaction."`
	Answer              optional[*answerShape]               `json:",omitzero" doc:"Of a SynchronousResponse: what the caller of the webhook gets."`
	Script              optional[string]                     `json:",omitzero" doc:"JavaScript: handlers of events, beside those of the connector and the method; at most 65536 bytes."`
	StepErrorAction     optional[tandem.StepErrorAction]     `json:",omitzero" doc:"Ignore, Retry, StopTransaction or StopIntegration; empty: the cycle's."`
	Retries             optional[int]                        `json:",omitzero" doc:"With Retry: how often, 1 to 5; it is tried again after 5, 35, 95, 275 and 635 minutes."`
	CollectionSplitType optional[tandem.CollectionSplitType] `json:",omitzero"`
	DisplayPositionLeft optional[int]                        `json:",omitzero"`
	DisplayPositionTop  optional[int]                        `json:",omitzero"`
}

func (b *stepBody) apply(s *tandem.Step) {
	kind := actionType(s.ActionType)
	b.ActionType.Apply(&kind)
	s.ActionType = tandem.ActionType(kind)
	b.Name.Apply(&s.Name)
	b.Description.Apply(&s.Description)
	b.Decision.Apply(&s.Decision)
	spellDecision(s.Decision)
	b.applyWait(s)
	b.applyWebhook(s)
	b.Script.Apply(&s.Script)
	b.applyErrorPolicy(s)
	b.CollectionSplitType.Apply(&s.CollectionSplitType)
	s.CollectionSplitType = spelled(s.CollectionSplitType, splitTypes...)
	b.DisplayPositionLeft.Apply(&s.DisplayPositionLeft)
	b.DisplayPositionTop.Apply(&s.DisplayPositionTop)
}

// applyErrorPolicy sets what an error does. A number of retries goes with the
// policy that needs it.
func (b *stepBody) applyErrorPolicy(s *tandem.Step) {
	b.StepErrorAction.Apply(&s.StepErrorAction)
	s.StepErrorAction = spelled(s.StepErrorAction, errorActions...)
	if b.Retries.Apply(&s.Retries); s.StepErrorAction != tandem.RetryStep && !b.Retries.Set {
		s.Retries = 0
	}
}

// call is what a step shall call.
type call struct {
	installed *tandem.AccountConnector
	library   *tandem.LibraryConnector
	method    *connector.Method
}

// call finds what a body names; now is what the step has of it already.
func (a *API) call(ctx context.Context, at policy.Place, b *stepBody, now call) (call, error) {
	if id := cmp.Or(b.AccountConnector, b.AccountConnectorID); id != "" {
		n, _ := strconv.ParseInt(string(id), 10, 64) // what is no number is no id
		in, err := a.services.Connectors.Get(ctx, at.Account, tandem.AccountConnectorID(n))
		if tandem.ErrorCode(err) == tandem.NotFound {
			return now, tandem.Invalidf("AccountConnector", "AccountConnector: %s could not be found", id)
		}
		if err != nil {
			return now, err
		}
		l, err := a.services.Library.Get(ctx, at.Partner, in.Connector)
		if err != nil {
			return now, err
		}
		now.installed, now.library = in, l
	}
	if now.installed != nil && now.library != nil {
		now.library = now.library.With(now.installed.Categories)
	}
	id := cmp.Or(b.Method, b.MethodID)
	if id == "" {
		return now, nil
	}
	if now.library == nil {
		return now, tandem.Invalidf("AccountConnector", "AccountConnector: is needed with a Method")
	}
	now.method = findMethod(now.library, func(m *connector.Method) bool {
		return strconv.FormatInt(m.ID, 10) == string(id) || strings.EqualFold(m.MethodUniqueIdentifier, string(id))
	})
	if err := now.library.Usable(string(id)); err != nil {
		return now, err
	}
	if now.method == nil {
		return now, tandem.Invalidf("Method", "Method: %s could not be found in connector %s", id, now.library.Name)
	}
	return now, nil
}

// put makes s call what was found.
func (k call) put(c *tandem.Cycle, s *tandem.Step) {
	if k.installed != nil {
		s.Connector = ref(c, k.installed, k.library)
	}
	if k.method != nil {
		s.Method = k.method.MethodUniqueIdentifier
		k.copied(c, s.Connector)
	}
}

// copied notes in the graph the category that the method is copied with.
func (k call) copied(c *tandem.Cycle, ref string) {
	if k.method.Copy == nil {
		return
	}
	for i := range c.Graph.Connectors {
		if r := &c.Graph.Connectors[i]; r.Ref == ref && !slices.ContainsFunc(r.Categories, k.method.Copy.Same) {
			r.Categories = append(slices.Clip(r.Categories), *k.method.Copy)
		}
	}
}

// spellDecision writes the words in a decision as they are known.
func spellDecision(d *tandem.Decision) {
	if d == nil {
		return
	}
	for _, rules := range d.Groups {
		for i := range rules {
			r := &rules[i]
			r.Condition = spelled(r.Condition, conditions...)
			for _, m := range []*tandem.Mapping{&r.Left, &r.Right} {
				m.MappingType = spelled(m.MappingType, mappingTypes...)
			}
		}
	}
}
