package api

import (
	"cmp"
	"context"
	"encoding/json"
	"maps"
	"reflect"
	"strings"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"github.com/tandem-ipaas/tandem"
	"github.com/tandem-ipaas/tandem/internal/policy"
)

// CustomConnectorPath names one of the partner's own connectors.
type CustomConnectorPath struct {
	ID tandem.ConnectorID `path:"id"`
}

// customConnectorParts is what is known of a document, for its schema.
type customConnectorParts struct {
	ID               tandem.ConnectorID `json:"Id" readOnly:"true"`
	Name             string             `doc:"Required."`
	UniqueIdentifier string             `doc:"A GUID. Required. With Version, one connector of the partner has it."`
	Version          string             `doc:"1.0 if it is left out."`
	Description      string
	Status           string              `doc:"Kept for you; without one, it is the ReleaseStatus."`
	ReleaseStatus    tandem.ReleaseState `doc:"Draft, which cannot be installed, and is what a connector begins as; Live; or Deprecated, which is not installed any more and works on where it is."`
	Billable         bool
	CreatedOnUTC     time.Time `json:"CreatedOnUtc" readOnly:"true"`
	Authentication   []any     `doc:"Ways to authenticate, as in the JSON Schema of connectors."`
	Parameters       []any
	Triggers         []any
	MethodCategories []any
	Methods          []any `doc:"In a list of connectors each method has its Name, MethodUniqueIdentifier and MethodType alone, and Outline, which is true: get the connector for the rest. An outline that is written back leaves its method as it is."`
	RateLimits       []any
	Deprecations     []any
	ProductAddon     map[string]any `doc:"How it is offered: ConnectorName, Categories[], Currency, Published, and whatever else you keep there."`
	Revision         int64          `readOnly:"true" doc:"Another one after each change."`
	Unsupported      []string       `readOnly:"true" doc:"What of the document cannot be used, and why: what is said of all of it keeps it from being installed, what is said of a method keeps that from being used."`
}

// customConnectorBody is a document. Its properties are taken as they are.
type customConnectorBody map[string]json.RawMessage

// Schema implements huma.SchemaProvider.
func (customConnectorBody) Schema(r huma.Registry) *huma.Schema {
	s := r.Schema(reflect.TypeFor[customConnectorParts](), true, "")
	r.SchemaFromRef(s.Ref).AdditionalProperties = &huma.Schema{} // anything
	return s
}

// customConnectorShape is a document as it is given back: with all that is known,
// and then the rest.
type customConnectorShape struct{ *tandem.CustomConnector }

// Schema implements huma.SchemaProvider.
func (customConnectorShape) Schema(r huma.Registry) *huma.Schema {
	return customConnectorBody{}.Schema(r)
}

// MarshalJSON implements json.Marshaler.
func (s customConnectorShape) MarshalJSON() ([]byte, error) {
	c := s.CustomConnector
	all := map[string]any{"Description": "", "Status": c.State, "Billable": false}
	for _, list := range []string{"Authentication", "Parameters", "Triggers", "MethodCategories", "Methods", "RateLimits", "Deprecations"} {
		all[list] = []any{}
	}
	all["ProductAddon"] = map[string]any{"ConnectorName": c.Name, "Categories": []string{}, "Currency": nil, "Published": false}
	for name, value := range c.Document {
		all[name] = value
	}
	maps.Copy(all, map[string]any{
		"Id": c.ID, "Name": c.Name, "Version": c.Version, "UniqueIdentifier": c.UniqueIdentifier, "ReleaseStatus": c.State,
		"CreatedOnUtc": c.Created, "Revision": c.Revision, "Unsupported": list0(c.Unsupported),
	})
	return json.Marshal(all)
}

func showCustomConnector(c *tandem.CustomConnector) customConnectorShape {
	return customConnectorShape{c}
}

func (a *API) customConnector(c *tandem.CustomConnector, err error) (*object[customConnectorShape], error) {
	return one(customConnectorShape{c}, err)
}

func (a *API) listCustomConnectors(ctx context.Context, at policy.Place, in *struct {
	Paging
	Query string `query:"query" doc:"Part of the name or UniqueIdentifier."`
},
) (*list[customConnectorShape], error) {
	found, err := a.services.CustomConnectors.List(ctx, at.Partner, tandem.Search{PageRequest: in.request(), Query: in.Query})
	return page(in.request(), found, err, showCustomConnector)
}

func (a *API) createCustomConnector(ctx context.Context, at policy.Place, in *struct{ Body customConnectorBody }) (*object[customConnectorShape], error) {
	if err := mayPublishCustom(ctx, in.Body); err != nil {
		return nil, err
	}
	return a.customConnector(a.services.CustomConnectors.Create(ctx, at.Partner, in.Body))
}

func (a *API) getCustomConnector(ctx context.Context, at policy.Place, in *CustomConnectorPath) (*object[customConnectorShape], error) {
	return a.customConnector(a.services.CustomConnectors.Get(ctx, at.Partner, in.ID))
}

func (a *API) updateCustomConnector(ctx context.Context, at policy.Place, in *struct {
	CustomConnectorPath
	Revision int64 `header:"If-Match" doc:"The Revision that was looked at: if it is another by now, the answer is 409, and nothing has changed."`
	Body     customConnectorBody
},
) (*object[customConnectorShape], error) {
	if err := cmp.Or(a.mayChangeCustom(ctx, at.Partner, in.ID), mayPublishCustom(ctx, in.Body)); err != nil {
		return nil, err
	}
	return a.customConnector(a.services.CustomConnectors.Update(ctx, at.Partner, in.ID, in.Revision, in.Body))
}

func (a *API) deleteCustomConnector(ctx context.Context, at policy.Place, in *CustomConnectorPath) (*empty, error) {
	return done(a.services.CustomConnectors.Delete(ctx, at.Partner, in.ID))
}

// mayChangeCustom keeps what customers use from console users who may only edit.
//
// Errors: NotFound; Forbidden.
func (a *API) mayChangeCustom(ctx context.Context, p tandem.PartnerID, id tandem.ConnectorID) error {
	c, err := a.services.CustomConnectors.Get(ctx, p, id)
	if err != nil || c.State == tandem.ReleaseDraft {
		return err
	}
	return managesCustom(ctx)
}

// managesCustom says whether the caller decides on connectors that customers can
// install. Errors: Forbidden.
func managesCustom(ctx context.Context) error {
	return tandem.Need{Area: tandem.AreaCustomConnectors, Level: tandem.ManageLevel}.Check(by(ctx))
}

// mayPublishCustom keeps console users who may only edit from making a connector
// anything but a draft. Errors: Forbidden.
func mayPublishCustom(ctx context.Context, document map[string]json.RawMessage) error {
	for name, value := range document {
		draft := strings.EqualFold(string(value), `"draft"`) || string(value) == "null"
		if strings.EqualFold(name, "ReleaseStatus") && !draft {
			return managesCustom(ctx)
		}
	}
	return nil
}
