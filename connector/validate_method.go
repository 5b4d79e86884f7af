package connector

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
)

func (v *validator) method(m *Method, at string) {
	v.guid(m.MethodUniqueIdentifier, at+".MethodUniqueIdentifier")
	if m.MethodType == Webhook {
		v.webhook(m, at)
	} else {
		v.call(m, at)
	}
	v.fields(m.RequestFields, at+".RequestFields", m.RequestDataType, "RequestDataType")
	v.fields(m.ResponseFields, at+".ResponseFields", m.ResponseDataType, "ResponseDataType")
	v.parameters(m.Parameters, at+".Parameters", true)
	v.paging(m, at)
}

// webhook checks that a webhook is only received, and how it installs itself.
func (v *validator) webhook(m *Method, at string) {
	if m.Endpoint != "" {
		v.errs.add(at+".Endpoint", "a webhook is received, not called")
	}
	if m.Paging != nil {
		v.errs.add(at+".Paging", "a webhook has no pages")
	}
	v.action(m.CreateWebhookMethod, at+".CreateWebhookMethod")
	v.action(m.DeleteWebhookMethod, at+".DeleteWebhookMethod")
	if m.DeleteWebhookMethod != "" && m.CreateWebhookMethod == "" {
		v.errs.add(at+".CreateWebhookMethod", "is required with DeleteWebhookMethod")
	}
}

// call checks what is needed to call a method.
func (v *validator) call(m *Method, at string) {
	if m.CreateWebhookMethod != "" || m.DeleteWebhookMethod != "" {
		v.errs.add(at, "CreateWebhookMethod and DeleteWebhookMethod are for webhooks only")
	}
	switch {
	case m.HTTPMethod == "":
		v.errs.add(at+".HttpMethod", "is required; it is one of %s", strings.Join(httpMethods, ", "))
	case !slices.Contains(httpMethods, m.HTTPMethod):
		v.errs.add(at+".HttpMethod", "%q is not known; it is one of %s", m.HTTPMethod, strings.Join(httpMethods, ", "))
	case m.RequestDataType != NoBody && (m.HTTPMethod == "GET" || m.HTTPMethod == "HEAD"):
		v.errs.add(at+".RequestDataType", "a %s has no body", m.HTTPMethod)
	}
	if m.Endpoint == "" {
		v.errs.add(at+".Endpoint", "is required")
		return
	}
	if !endpointPattern.MatchString(m.Endpoint) {
		v.errs.add(at+".Endpoint", "must begin with https://, http:// or a merge field")
	}
	v.mergeFields(m.Endpoint, m, at+".Endpoint")
}

var endpointPattern = regexp.MustCompile(`^(https?://[^/]|\{\{)`)

// mergeFields checks that each merge field of text is known. Of a connector's
// own parameters m is nil.
func (v *validator) mergeFields(text string, m *Method, field string) {
	for rest := text; ; {
		_, after, found := strings.Cut(rest, "{{")
		if !found {
			return
		}
		inner, tail, closed := strings.Cut(after, "}}")
		if !closed {
			v.errs.add(field, "a merge field is not closed by }}")
			return
		}
		name, _, _ := strings.Cut(inner, "|")
		name, _, _ = strings.Cut(name, " format=")
		if name = strings.TrimSpace(name); !v.mergeable(name, m) {
			v.errs.add(field, "there is no merge field %q", name)
		}
		rest = tail
	}
}

var systemFields = []string{
	LastSuccessfulRunDate, AuthAPIKeyField, AuthUsernameField, AuthPasswordField,
	WebhookURLField, WebhookIDField,
}

func (v *validator) mergeable(name string, m *Method) bool {
	if slices.Contains(systemFields, name) {
		return true
	}
	named := func(p Parameter) bool { return p.Name == name || p.TargetName == name }
	return slices.ContainsFunc(v.connector.Parameters, named) || m != nil && slices.ContainsFunc(m.Parameters, named)
}

func (v *validator) parameters(ps []Parameter, at string, ofMethod bool) {
	names := map[string]bool{}
	for i := range ps {
		v.parameter(&ps[i], fmt.Sprintf("%s[%d]", at, i), ofMethod, names)
	}
}

func (v *validator) parameter(p *Parameter, at string, ofMethod bool, names map[string]bool) {
	v.unique(names, p.Name, at+".Name")
	target := p.TargetName
	if target == "" {
		target = p.Name
	}
	switch p.TargetType {
	case HTTPHeader:
		v.header(target, at+".TargetName")
	case ResponseField:
		v.responseField(p, target, at, ofMethod)
	case QueryString, MergeField: // may have any name
	}
	if ofMethod && (p.Sensitive || p.AccountConnectorProperty) {
		v.errs.add(at, "Sensitive and AccountConnectorProperty are for the connector's parameters only")
	}
	if p.Trigger != "" && !v.triggers[p.Trigger] {
		v.errs.add(at+".Trigger", "there is no trigger %q", p.Trigger)
	}
	if p.Hidden && p.Value == "" {
		v.errs.add(at+".Value", "is required of a hidden parameter")
	}
	v.choices(p.Values, at+".Values")
	v.mergeFields(p.Value, nil, at+".Value")
	v.mergeFields(p.Default, nil, at+".Default")
}

func (v *validator) responseField(p *Parameter, target, at string, ofMethod bool) {
	if !ofMethod {
		v.errs.add(at+".TargetType", "ResponseField is for the parameters of methods only")
		return
	}
	if p.Value != PageNextURL && !isToken(p.Value) {
		v.errs.add(at+".Value", "%q is not filled from a response; that are %s and %s", p.Value, PageNextURL, PageToken)
	}
	v.location(target, at+".TargetName")
}

func isToken(value string) bool { return value == PageToken || strings.HasPrefix(value, PageToken+"_") }

func (v *validator) choices(values []Choice, at string) {
	seen := map[string]bool{}
	for i, c := range values {
		v.unique(seen, c.Value, fmt.Sprintf("%s[%d].Value", at, i))
	}
}

func (v *validator) fields(fs []Field, at string, body BodyType, typeName string) {
	if len(fs) > 0 && body == NoBody {
		v.errs.add(at, "%s is required with fields; it is Json", typeName)
	}
	seen := map[string]bool{}
	for i, f := range fs {
		field := fmt.Sprintf("%s[%d]", at, i)
		if l, ok := v.location(f.ConnectorField, field+".ConnectorField"); ok {
			v.unique(seen, l.String(), field+".ConnectorField")
		}
		if f.SystemField != "" && f.SystemField != WebhookIDField {
			v.errs.add(field+".SystemField", "%q is not known; there is %s", f.SystemField, WebhookIDField)
		}
		v.choices(f.Values, field+".Values")
		v.mergeFields(f.Default, nil, field+".Default")
	}
}

var pageVariables = []string{PageNumber, PageOffset, PageSize, PageNextURL, PageToken}

// paging checks a method's paging and the parameters that drive it.
func (v *validator) paging(m *Method, at string) {
	driven := false
	for i, p := range m.Parameters {
		if !strings.HasPrefix(p.Value, "CYCLR_") {
			continue
		}
		field := fmt.Sprintf("%s.Parameters[%d].Value", at, i)
		switch {
		case !slices.Contains(pageVariables, p.Value) && !isToken(p.Value):
			v.errs.add(field, "%q is not known; there are %s", p.Value, strings.Join(pageVariables, ", "))
		case m.Paging == nil:
			v.errs.add(field, "%s needs Paging", p.Value)
		case p.Value == PageSize && m.Paging.PageSize == 0:
			v.errs.add(field, "%s needs Paging.PageSize", p.Value)
		}
		driven = driven || p.Value != PageSize
	}
	if m.Paging == nil {
		return
	}
	if !driven {
		v.errs.add(at+".Paging", "no parameter has a Value that leads to the next page, such as %s", PageNumber)
	}
	if m.ResponseDataType == NoBody {
		v.errs.add(at+".ResponseDataType", "is required with Paging; it is Json")
	}
	if m.Paging.PageSize < 0 || m.Paging.MaxPages < 0 {
		v.errs.add(at+".Paging", "PageSize and MaxPages cannot be negative")
	}
	v.location(m.Paging.Items, at+".Paging.Items")
}
