package api

import (
	"cmp"
	"context"
	"encoding/json"
	"reflect"
	"slices"
	"strconv"
	"strings"

	"github.com/danielgtaylor/huma/v2"

	"github.com/tandem-ipaas/tandem"
	"github.com/tandem-ipaas/tandem/connector"
	"github.com/tandem-ipaas/tandem/internal/policy"
)

// connectorShape is a connector of the library.
type connectorShape struct {
	ID             tandem.ConnectorID `json:"Id"`
	Name           string
	Version        string
	Description    string
	Status         string
	Icon           string `doc:"A PNG as a data: URL; empty if it has none."`
	Categories     []string
	AuthType       connector.AuthType
	OAuth2Type     *string
	AuthScheme     string
	Authentication []AuthenticationShape
	Parameters     []ConnectorParameter
	Triggers       []connector.Trigger
	Testable       bool `doc:"It says how credentials are tested, so that …/test can be asked of it where it is installed."`
}

// AuthenticationShape is a way to authenticate, and what it takes. It is exported
// for huma to find what is embedded.
type AuthenticationShape struct {
	connector.Authentication
	Asks    []connector.AuthField `doc:"What a person is asked for: the members of an AuthValue that is JSON."`
	SignsIn bool                  `doc:"A person signs in at the third party, at the address that …/oauth gives."`
}

func showAuthentication(all []connector.Authentication) []AuthenticationShape {
	shown := make([]AuthenticationShape, len(all))
	for i := range all {
		shown[i] = AuthenticationShape{all[i], list0(all[i].Asked()), all[i].Interactive()}
	}
	return shown
}

func showConnector(c *tandem.LibraryConnector) connectorShape {
	s := connectorShape{
		ID: c.ID, Name: c.Name, Version: c.Version, Description: c.Description, Status: string(cmp.Or(c.State, tandem.ReleaseLive)), Icon: c.Icon, AuthType: connector.AuthNone,
		Categories: list0(c.Categories), Authentication: showAuthentication(c.Authentication), Parameters: showConnectorParameters(c.Connector), Triggers: list0(c.Triggers),
		Testable: c.PostInstallTestMethod != "" || c.PostInstallLookup != nil,
	}
	if len(c.Authentication) > 0 {
		first := &c.Authentication[0]
		s.AuthType, s.AuthScheme, s.OAuth2Type = first.AuthType, first.AuthScheme, grantOf(first)
	}
	return s
}

// grantOf is the grant of OAuth 2.0; nil if it is not that.
func grantOf(a *connector.Authentication) *string {
	if a.OAuth2Type == "" {
		return nil
	}
	return new(string(a.OAuth2Type))
}

// shownTo shows connectors to a reader. What is sent without being shown is for the
// partner alone.
func shownTo(by policy.Reader) func(*tandem.LibraryConnector) connectorShape {
	return func(c *tandem.LibraryConnector) connectorShape {
		s := showConnector(c)
		for i := range s.Parameters {
			s.Parameters[i].MethodParameter = s.Parameters[i].forReader(by, s.Parameters[i].Sensitive)
		}
		return s
	}
}

// forReader is p without what is sent unseen, if by is restricted.
func (p MethodParameter) forReader(by policy.Reader, sensitive bool) MethodParameter {
	if by.Restricted() && (p.Hidden || sensitive) {
		p.Value, p.Default = "", ""
	}
	return p
}

// visible says whether by sees a connector: drafts are for the partner alone.
func visible(by policy.Reader, c *tandem.LibraryConnector) bool {
	return !by.Restricted() || c.State != tandem.ReleaseDraft
}

func (a *API) listConnectors(ctx context.Context, by policy.Reader, in *struct {
	Paging
	Query    string `query:"query" doc:"Part of the name or description."`
	Category string `query:"category"`
	Custom   bool   `query:"includeCustomConnectors" default:"true" doc:"With the partner's own."`
},
) (*list[connectorShape], error) {
	found, err := a.services.Library.List(ctx, by.Partner, tandem.ConnectorFilter{
		PageRequest: in.request(), Query: in.Query, Category: in.Category, WithoutOwn: !in.Custom, WithoutDrafts: by.Restricted(),
	})
	return page(in.request(), found, err, shownTo(by))
}

// oneOrAll is a connector, or a list of them.
type oneOrAll struct{ connectors any }

// MarshalJSON implements json.Marshaler.
func (o oneOrAll) MarshalJSON() ([]byte, error) { return json.Marshal(o.connectors) }

// Schema implements huma.SchemaProvider.
func (oneOrAll) Schema(r huma.Registry) *huma.Schema {
	connector := r.Schema(reflect.TypeFor[connectorShape](), true, "")
	return &huma.Schema{OneOf: []*huma.Schema{connector, {Type: huma.TypeArray, Items: connector}}}
}

// connectorOrAll is an answer with one, or a page of a list.
type connectorOrAll struct {
	TotalPages   string `header:"Total-Pages" doc:"Of a list."`
	TotalRecords string `header:"Total-Records" doc:"Of a list."`
	Body         oneOrAll
}

// getConnector gives an object for an id and a list for a name, as it always has.
func (a *API) getConnector(ctx context.Context, by policy.Reader, in *struct {
	ConnectorPath
	Slicing
},
) (*connectorOrAll, error) {
	if id, err := strconv.ParseInt(in.Connector, 10, 64); err == nil {
		c, err := a.services.Library.Get(ctx, by.Partner, tandem.ConnectorID(id))
		if err == nil && !visible(by, c) {
			err = tandem.NotFoundf("Connector %d could not be found.", id)
		}
		if err != nil {
			return nil, err
		}
		return &connectorOrAll{Body: oneOrAll{shownTo(by)(c)}}, nil
	}
	shown, err := a.versions(ctx, by, in.Connector, "")
	found, err := whole(in.Slicing, shown, err)
	if err != nil {
		return nil, err
	}
	return &connectorOrAll{strconv.Itoa(found.TotalPages), strconv.Itoa(found.TotalRecords), oneOrAll{found.Body}}, nil
}

func (a *API) getConnectorVersion(ctx context.Context, by policy.Reader, in *struct {
	VersionPath
	Slicing
},
) (*list[connectorShape], error) {
	shown, err := a.versions(ctx, by, in.Connector, in.Version)
	return whole(in.Slicing, shown, err)
}

func (a *API) versions(ctx context.Context, by policy.Reader, name, version string) ([]connectorShape, error) {
	found, err := a.services.Library.ByName(ctx, by.Partner, name, version)
	shown := []connectorShape{}
	for i := range found {
		if visible(by, &found[i]) {
			shown = append(shown, shownTo(by)(&found[i]))
		}
	}
	return shown, err
}

// connector finds one by id or name; of a name's versions, the one asked for or
// else the newest that can be installed. Errors: NotFound.
func (a *API) connector(ctx context.Context, p tandem.PartnerID, name, version string) (*tandem.LibraryConnector, error) {
	if id, err := strconv.ParseInt(name, 10, 64); err == nil && version == "" {
		return a.services.Library.Get(ctx, p, tandem.ConnectorID(id))
	}
	found, err := a.services.Library.ByName(ctx, p, name, version)
	tandem.InstallableFirst(found)
	switch {
	case err != nil:
		return nil, err
	case len(found) == 0:
		return nil, noConnector(name, version)
	}
	return &found[0], nil
}

func noConnector(name, version string) error {
	return tandem.NotFoundf("Connector %q could not be found.", strings.TrimSpace(name+" "+version))
}

// methodShape is a method, with all that clients look for.
type methodShape struct {
	ID                     int64 `json:"Id"`
	MethodUniqueIdentifier string
	Name                   string
	Description            string
	Category               string
	Subcategory            string `json:",omitempty" doc:"The category within the category."`
	Hide                   bool   `json:",omitempty" doc:"It is not offered for steps, as lookups often are not."`
	Warning                string `json:",omitempty" doc:"For whoever chooses it."`
	MethodType             connector.MethodType
	HTTPMethod             string `json:"HttpMethod"`
	Endpoint               string `json:"EndPoint"`
	RequestDataType        connector.BodyType
	ResponseDataType       connector.BodyType
	Parameters             []MethodParameter
	RequestFields          []MethodField
	ResponseFields         []MethodField
	Paging                 *connector.Paging `json:",omitempty"`
	CreateWebhookMethod    string            `json:",omitempty" doc:"Of a webhook that installs itself."`
	DeleteWebhookMethod    string            `json:",omitempty" doc:"Of a webhook that installs itself."`
}

// showMethod shows a method of c.
func showMethod(c *connector.Connector, m *connector.Method) methodShape {
	return methodShape{
		ID: m.ID, MethodUniqueIdentifier: m.MethodUniqueIdentifier, Name: m.Name, Description: m.Description, Category: m.Category, MethodType: m.MethodType,
		HTTPMethod: m.HTTPMethod, Endpoint: m.Endpoint, RequestDataType: m.RequestDataType, ResponseDataType: m.ResponseDataType,
		Parameters: showMethodParameters(m.Parameters, c.Triggers), RequestFields: showMethodFields(m.RequestFields), ResponseFields: showMethodFields(m.ResponseFields), Paging: m.Paging,
		CreateWebhookMethod: m.CreateWebhookMethod, DeleteWebhookMethod: m.DeleteWebhookMethod,
		Subcategory: m.Subcategory, Hide: m.Hide, Warning: m.Warning,
	}
}

// forReader is m without what is sent unseen, if by is restricted.
func (m methodShape) forReader(by policy.Reader) methodShape {
	for i := range m.Parameters {
		m.Parameters[i] = m.Parameters[i].forReader(by, false)
	}
	return m
}

// MethodQuery narrows a list of methods.
type MethodQuery struct {
	Query    string `query:"query" doc:"Part of the name or description."`
	Category string `query:"category"`
}

func (q MethodQuery) matches(m connector.Method) bool {
	text := strings.ToLower(m.Name + "\n" + m.Description)
	return strings.Contains(text, strings.ToLower(q.Query)) && (q.Category == "" || strings.EqualFold(q.Category, m.Category))
}

func (a *API) listMethods(ctx context.Context, by policy.Reader, in *struct {
	ConnectorPath
	Slicing
	MethodQuery
},
) (*list[methodShape], error) {
	shown, err := a.methods(ctx, by, in.Connector, "", in.MethodQuery)
	return whole(in.Slicing, shown, err)
}

func (a *API) listVersionMethods(ctx context.Context, by policy.Reader, in *struct {
	VersionPath
	Slicing
	MethodQuery
},
) (*list[methodShape], error) {
	shown, err := a.methods(ctx, by, in.Connector, in.Version, in.MethodQuery)
	return whole(in.Slicing, shown, err)
}

// methods are those of a connector that match, sorted by name.
func (a *API) methods(ctx context.Context, by policy.Reader, name, version string, q MethodQuery) ([]methodShape, error) {
	c, err := a.connector(ctx, by.Partner, name, version)
	if err == nil && !visible(by, c) {
		err = noConnector(name, version)
	}
	if err != nil {
		return nil, err
	}
	found := slices.DeleteFunc(slices.Clone(c.Methods), func(m connector.Method) bool { return !q.matches(m) })
	slices.SortFunc(found, func(x, y connector.Method) int { return strings.Compare(x.Name, y.Name) })
	shown := []methodShape{}
	for i := range found {
		shown = append(shown, showMethod(c.Connector, &found[i]).forReader(by))
	}
	return shown, nil
}

func (a *API) getMethod(ctx context.Context, by policy.Reader, in *struct {
	ID tandem.MethodID `path:"id"`
},
) (*object[methodShape], error) {
	l, m, err := a.services.Library.Method(ctx, by.Partner, in.ID)
	if err == nil && !visible(by, l) {
		err = tandem.NotFoundf("Method %d could not be found.", in.ID)
	}
	if err != nil {
		return nil, err
	}
	return one(showMethod(l.Connector, m).forReader(by), nil)
}
