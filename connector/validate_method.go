package connector

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
)

func (v *validator) method(m *Method, at string) {
	v.guid(m.MethodUniqueIdentifier, at+".MethodUniqueIdentifier")
	switch {
	case m.MethodType == Webhook:
		v.webhook(m, at)
	case m.MethodType == ScriptMethod || m.BuiltIn != "":
		v.local(m, at)
	default:
		v.call(m, at)
	}
	v.fields(m, m.RequestFields, at+".RequestFields", m.RequestDataType, "RequestDataType")
	v.fields(m, m.ResponseFields, at+".ResponseFields", m.ResponseDataType, "ResponseDataType")
	v.parameters(m, m.Parameters, at+".Parameters")
	v.paging(m, at)
	v.pagingOut(m, at)
	v.rateLimit(m.RateLimit, at+".RateLimit")
	v.envelope(m, at)
	v.reception(m, at)
	v.fieldSource(m.RequestFieldSource, m.RequestDataType, at+".RequestFieldSource")
	v.fieldSource(m.ResponseFieldSource, m.ResponseDataType, at+".ResponseFieldSource")
}

func (v *validator) pagingOut(m *Method, at string) {
	p := m.PagingOut
	if p == nil {
		return
	}
	if p.PageSize < 1 {
		v.errs.add(at+".PagingOut.PageSize", "must be at least 1")
	}
	if m.RequestDataType == NoBody {
		v.errs.add(at+".RequestDataType", "is required with PagingOut")
	}
	if m.Paging != nil {
		v.errs.add(at+".PagingOut", "cannot be together with Paging")
	}
	v.location(p.Items, at+".PagingOut.Items")
}

// envelope checks what XML bodies are in.
func (v *validator) envelope(m *Method, at string) {
	xml := m.RequestDataType == XMLBody || m.ResponseDataType == XMLBody
	switch {
	case m.SOAPVersion != "" && m.SOAPVersion != "1.1" && m.SOAPVersion != "1.2":
		v.errs.add(at+".SoapVersion", "%q is not known; it is one of 1.1, 1.2", m.SOAPVersion)
	case m.SOAPVersion != "" && !xml:
		v.errs.add(at+".SoapVersion", "is for Xml bodies only")
	case m.SOAPVersion == "" && m.SOAPAction != "":
		v.errs.add(at+".SoapVersion", "is required with SoapAction")
	}
	if m.RequestXMLRoot != "" && m.RequestDataType != XMLBody {
		v.errs.add(at+".RequestXmlRoot", "is for Xml bodies only")
	}
	if m.RequestDataType == XMLBody && m.RequestXMLRoot == "" {
		v.errs.add(at+".RequestXmlRoot", "is required with Xml")
	}
}

func (v *validator) fieldSource(s *FieldSource, body BodyType, at string) {
	if s == nil {
		return
	}
	if body == NoBody {
		v.errs.add(at, "is for methods with a body only")
	}
	v.action(s.Method, at+".Method")
	v.location(s.Items, at+".Items")
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
	v.handsOn(m, m.CreateWebhookMethod, at+".CreateWebhookMethod")
	v.handsOn(m, m.DeleteWebhookMethod, at+".DeleteWebhookMethod")
}

// handsOn checks that a webhook has what a method needs that installs or removes it:
// nobody else is there to give it.
func (v *validator) handsOn(webhook *Method, ref, field string) {
	m := v.methods[ref]
	if m == nil {
		return
	}
	for i := range m.Parameters {
		p := &m.Parameters[i]
		given := func(w Parameter) bool { return w.Name == p.Name && (!w.Optional || w.Value != "" || w.Default != "") }
		if p.Needed() && !slices.ContainsFunc(webhook.Parameters, given) {
			v.errs.add(field, "method %q needs %s, which has to be a parameter of the webhook too, and not an optional one", ref, p.Name)
		}
	}
}

// local checks a method that sends no request of its own.
func (v *validator) local(m *Method, at string) {
	switch {
	case m.Endpoint != "" || m.HTTPMethod != "":
		v.errs.add(at+".Endpoint", "nothing is requested by a script, or by what is built in")
	case m.BuiltIn != "" && m.MethodType != Action:
		v.errs.add(at+".BuiltIn", "is for actions only")
	case m.BuiltIn == "" && m.Script == "" && v.connector.Script == "":
		v.errs.add(at+".Script", "is required of a script method")
	}
	if m.CreateWebhookMethod != "" || m.DeleteWebhookMethod != "" {
		v.errs.add(at, "CreateWebhookMethod and DeleteWebhookMethod are for webhooks only")
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
	case m.RequestDataType != NoBody && m.RequestDataType != UnknownBody && (m.HTTPMethod == "GET" || m.HTTPMethod == "HEAD"):
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
	v.mergeFieldsOf(text, field, func(name string) bool { return v.mergeable(name, m) })
}

func (v *validator) mergeFieldsOf(text, field string, known func(name string) bool) {
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
		if name = strings.TrimSpace(name); !known(name) {
			v.errs.add(field, "there is no merge field %q", name)
		}
		rest = tail
	}
}

var systemFields = []string{
	LastSuccessfulRunDate, AuthAPIKeyField, AuthUsernameField, AuthPasswordField,
	WebhookURLField, WebhookIDField, ObjectNameField,
}

func (v *validator) mergeable(name string, m *Method) bool {
	if slices.Contains(systemFields, name) {
		return true
	}
	named := func(p Parameter) bool { return p.Name == name || p.TargetName == name }
	return slices.ContainsFunc(v.connector.Parameters, named) || m != nil && slices.ContainsFunc(m.Parameters, named)
}

// parameters checks those of m; of a connector's own m is nil.
func (v *validator) parameters(m *Method, ps []Parameter, at string) {
	names := map[string]bool{}
	for i := range ps {
		v.parameter(m, &ps[i], fmt.Sprintf("%s[%d]", at, i), names)
	}
}

func (v *validator) parameter(m *Method, p *Parameter, at string, names map[string]bool) {
	v.unique(names, p.Name, at+".Name")
	target := p.TargetName
	if target == "" {
		target = p.Name
	}
	switch p.TargetType {
	case HTTPHeader:
		v.header(target, at+".TargetName")
	case ResponseField:
		v.responseField(p, target, at, m != nil)
	case FilterField:
		v.location(target, at+".TargetName")
	case RequestField:
		v.errs.add(at+".TargetType", "RequestField is for ApiKey only")
	case QueryString, MergeField, Script, Index: // may have any name
	}
	if m != nil && (p.Sensitive || p.Multiline || p.AccountConnectorProperty || p.PartnerConnectorProperty) {
		v.errs.add(at, "Sensitive, Multiline, AccountConnectorProperty and PartnerConnectorProperty are for the connector's parameters only")
	}
	if p.AccountConnectorProperty && p.PartnerConnectorProperty {
		v.errs.add(at+".PartnerConnectorProperty", "is set by the partner, so it is not an AccountConnectorProperty")
	}
	v.trigger(p.Trigger, at+".Trigger")
	if p.Hidden && p.Value == "" {
		v.errs.add(at+".Value", "is required of a hidden parameter")
	}
	v.choices(p.Values, at+".Values")
	v.mergeFields(p.Value, m, at+".Value")
	v.mergeFields(p.Default, m, at+".Default")
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

func (v *validator) fields(m *Method, fs []Field, at string, body BodyType, typeName string) {
	if len(fs) > 0 && body == NoBody {
		v.errs.add(at, "%s is required with fields; it is Json", typeName)
	}
	seen := map[string]bool{}
	for i, f := range fs {
		field := fmt.Sprintf("%s[%d]", at, i)
		if l, ok := v.location(f.ConnectorField, field+".ConnectorField"); ok {
			v.unique(seen, l.String(), field+".ConnectorField")
		}
		if f.SystemField != "" && f.SystemField != WebhookIDField && f.SystemField != WebhookSecretField {
			v.errs.add(field+".SystemField", "%q is not known; there are %s and %s", f.SystemField, WebhookIDField, WebhookSecretField)
		}
		v.choices(f.Values, field+".Values")
		v.mergeFields(f.Default, m, field+".Default")
	}
}

var pageVariables = []string{PageNumber, PageOffset, PageSize, PageNextURL, PageToken}

// paging checks a method's paging and the parameters that drive it.
func (v *validator) paging(m *Method, at string) {
	driven, paging := false, m.Pages(v.connector)
	for i, p := range m.Parameters {
		if !strings.HasPrefix(p.Value, "CYCLR_") || p.Value == IgnoreParameter {
			continue
		}
		field := fmt.Sprintf("%s.Parameters[%d].Value", at, i)
		switch {
		case !slices.Contains(pageVariables, p.Value) && !isToken(p.Value):
			v.errs.add(field, "%q is not known; there are %s", p.Value, strings.Join(pageVariables, ", "))
		case paging == nil:
			v.errs.add(field, "%s needs Paging", p.Value)
		case p.Value == PageSize && paging.PageSize == 0:
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
	v.pageNumbers(m.Paging, at+".Paging")
}

func (v *validator) pageNumbers(p *Paging, at string) {
	if p.PageSize < 0 || p.MaxPages < 0 {
		v.errs.add(at, "PageSize and MaxPages cannot be negative")
	}
	v.location(p.Items, at+".Items")
}
