package api

import (
	"context"
	"encoding/json"
	"strings"

	"github.com/tandem-ipaas/tandem"
	"github.com/tandem-ipaas/tandem/internal/policy"
)

// FieldTargetBody says of what custom fields are looked for.
type FieldTargetBody struct {
	Method           anyText        `doc:"The method's id or MethodUniqueIdentifier. Required."`
	ForRequestFormat optional[bool] `json:",omitzero" doc:"The fields of its requests; else of its responses."`
}

func (b *FieldTargetBody) target() tandem.FieldTarget {
	return tandem.FieldTarget{Method: string(b.Method), ForRequestFormat: b.ForRequestFormat.Value}
}

// discoverBody asks the third party.
type discoverBody struct {
	FieldTargetBody
	Parameters map[string]anyText `json:",omitempty" doc:"Values by name, for parameters of the method that tells of the fields."`
}

// sampleBody has a document of the kind.
type sampleBody struct {
	FieldTargetBody
	Sample any `doc:"A JSON document such as the method takes, or gives; as JSON, or as text that is JSON. Required."`
}

// document is the sample, from whichever it was.
func (b *sampleBody) document() (any, error) {
	text, ok := b.Sample.(string)
	if !ok {
		if b.Sample == nil {
			return nil, tandem.Invalidf("Sample", "Sample is required")
		}
		return b.Sample, nil
	}
	sound, err := strict([]byte(text))
	if err != nil {
		return nil, tandem.Invalidf("Sample", "Sample: it is not JSON.")
	}
	d := json.NewDecoder(strings.NewReader(string(sound)))
	d.UseNumber()
	var doc any
	return doc, d.Decode(&doc)
}

// discoveryShape is what became of the fields that were found.
type discoveryShape struct {
	New     []tandem.CustomField `doc:"Were not there; now they are."`
	Kept    []tandem.CustomField `doc:"Were there, and stay as they are, whatever was found."`
	Gone    []tandem.CustomField `doc:"Were discovered before, and not this time. They are still there: delete those that nothing uses."`
	LeftOut []string             `doc:"What of the answer was no field, and why."`
}

func showDiscovery(d *tandem.FieldDiscovery, err error) (*object[discoveryShape], error) {
	if err != nil {
		return nil, err
	}
	return one(discoveryShape{list0(d.New), list0(d.Kept), list0(d.Gone), list0(d.LeftOut)}, nil)
}

func (a *API) discoverFields(ctx context.Context, at policy.Place, in *struct {
	AccountConnectorPath
	Body discoverBody
},
) (*object[discoveryShape], error) {
	if _, err := a.openConnector(ctx, at, in.ID); err != nil {
		return nil, err
	}
	given := map[string]string{}
	for name, v := range in.Body.Parameters {
		given[name] = string(v)
	}
	return showDiscovery(a.services.Demand.Discover(ctx, at.Account, in.ID, in.Body.target(), given))
}

func (a *API) sampleFields(ctx context.Context, at policy.Place, in *struct {
	AccountConnectorPath
	Body sampleBody
},
) (*object[discoveryShape], error) {
	if _, err := a.openConnector(ctx, at, in.ID); err != nil {
		return nil, err
	}
	doc, err := in.Body.document()
	if err != nil {
		return nil, err
	}
	return showDiscovery(a.services.Demand.Sample(ctx, at.Account, in.ID, in.Body.target(), doc))
}

// lookUpFields gives the fields of a step, after it has discovered what custom ones
// its method says how to. Of what the caller may not change, what is known is all.
func (a *API) lookUpFields(ctx context.Context, at policy.Place, in *mappingQuery) (*list[mappingShape], error) {
	d, s, err := a.designOfStep(ctx, at, in.ID.Value)
	if err != nil {
		return nil, err
	}
	id, m := d.Connectors[s.Connector], d.method(s)
	if m == nil || id == 0 {
		return a.listFields(ctx, at, in)
	}
	if c, err := a.openConnector(ctx, at, id); err != nil || c.Inherited {
		return a.listFields(ctx, at, in)
	}
	given := map[string]string{}
	for _, p := range s.Parameters {
		if chosen(p.MappingType) {
			given[p.Target] = p.Value
		}
	}
	for _, request := range []bool{true, false} {
		if source := m.ResponseFieldSource; request && m.RequestFieldSource == nil || !request && source == nil {
			continue
		}
		target := tandem.FieldTarget{Method: m.MethodUniqueIdentifier, ForRequestFormat: request}
		if _, err := a.services.Demand.Discover(ctx, at.Account, id, target, given); err != nil {
			return nil, err
		}
	}
	return a.listFields(ctx, at, in)
}

// chosen says that a mapping has its value in itself.
func chosen(t tandem.MappingType) bool {
	return t == tandem.MapStatic || t == tandem.MapList || t == tandem.MapTrigger
}
