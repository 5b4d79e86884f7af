package connector

import (
	"fmt"
	"maps"
	"net/http"
	"reflect"
	"regexp"
	"slices"
	"strings"
)

// Validate checks a connector, however it was made.
//
// Errors: Errors, with all the problems that were found.
func Validate(c *Connector) error { return validate(c).asError() }

func validate(c *Connector) Errors {
	v := validator{
		connector: c,
		triggers:  map[string]bool{},
		methods:   map[string]*Method{},
	}
	v.shape(reflect.ValueOf(c).Elem(), "")
	v.indexNames()
	v.identity()
	v.authentications()
	v.parameters(nil, c.Parameters, "Parameters")
	v.rateLimits()
	v.lookups()
	v.postInstall()
	if p := c.Paging; p != nil {
		v.pageNumbers(p, "Paging")
	}
	for i := range c.Methods {
		v.method(&c.Methods[i], fmt.Sprintf("Methods[%d]", i))
	}
	return v.errs
}

// validator notes the problems of one connector.
type validator struct {
	connector *Connector
	triggers  map[string]bool
	methods   map[string]*Method // by name and by GUID
	errs      Errors
}

// shape checks what the schema says: what is required is there, and what is one
// of certain values is one of them.
func (v *validator) shape(value reflect.Value, path string) {
	switch value.Kind() {
	case reflect.Pointer:
		if !value.IsNil() {
			v.shape(value.Elem(), path)
		}
	case reflect.Slice:
		for i := range value.Len() {
			v.shape(value.Index(i), fmt.Sprintf("%s[%d]", path, i))
		}
	case reflect.Struct:
		for _, m := range members(value.Type()) {
			field, at := value.Field(m.index), join(path, m.name)
			if m.required && empty(field) {
				v.errs.add(at, "is required%s", oneOf(field.Type()))
				continue
			}
			v.shape(field, at)
		}
	case reflect.String:
		allowed, ok := enums[value.Type()]
		if ok && value.String() != "" && !slices.Contains(allowed, value.String()) {
			v.errs.add(path, "%q is not known%s", value.String(), oneOf(value.Type()))
		}
	}
}

func empty(v reflect.Value) bool {
	return v.IsZero() || v.Kind() == reflect.Slice && v.Len() == 0
}

// oneOf lists the values of an enumeration.
func oneOf(t reflect.Type) string {
	if values, ok := enums[t]; ok {
		return "; it is one of " + strings.Join(values, ", ")
	}
	return ""
}

func (v *validator) indexNames() {
	for i, t := range v.connector.Triggers {
		v.unique(v.triggers, t.Name, fmt.Sprintf("Triggers[%d].Name", i))
	}
	names, guids := map[string]bool{}, map[string]bool{}
	for i := range v.connector.Methods {
		m := &v.connector.Methods[i]
		v.unique(names, m.Name, fmt.Sprintf("Methods[%d].Name", i))
		v.unique(guids, m.MethodUniqueIdentifier, fmt.Sprintf("Methods[%d].MethodUniqueIdentifier", i))
		v.methods[m.Name], v.methods[m.MethodUniqueIdentifier] = m, m
	}
}

// unique notes a name that is there already.
func (v *validator) unique(seen map[string]bool, name, field string) {
	if name != "" && seen[name] {
		v.errs.add(field, "%q is used twice", name)
	}
	seen[name] = true
}

func (v *validator) guid(s, field string) {
	if s != "" && !guidPattern.MatchString(strings.ToLower(s)) {
		v.errs.add(field, "%q is not a GUID", s)
	}
}

func (v *validator) location(s, field string) (Location, bool) {
	if s == "" {
		return Location{}, false
	}
	l, err := ParseLocation(s)
	if err != nil {
		v.errs.add(field, "%v", err)
	}
	return l, err == nil
}

func (v *validator) identity() {
	v.guid(v.connector.UniqueIdentifier, "UniqueIdentifier")
	categories := map[string]bool{}
	for i, c := range v.connector.MethodCategories {
		at := fmt.Sprintf("MethodCategories[%d]", i)
		v.unique(categories, c.Name, at+".Name")
		v.trigger(c.ObjectTrigger, at+".ObjectTrigger")
	}
	if strings.ContainsAny(v.connector.Icon, `/\`) {
		v.errs.add("Icon", "must be the name of a file beside the definition, without a folder")
	}
}

// ownHeaders are those that only the HTTP client may set.
var ownHeaders = []string{"Connection", "Content-Length", "Host", "Te", "Trailer", "Transfer-Encoding", "Upgrade"}

var headerPattern = regexp.MustCompile("^[!#$%&'*+.^_`|~0-9A-Za-z-]+$")

func (v *validator) header(name, field string) {
	if name == "" {
		return
	}
	if err := CheckHeader(name); err != nil {
		v.errs.add(field, "%v", err)
	}
}

// CheckHeader says whether a method may send a header of that name.
//
// Errors: it is no name, or the header is the HTTP client's own.
func CheckHeader(name string) error {
	switch {
	case !headerPattern.MatchString(name):
		return fmt.Errorf("%q is not a header name", name)
	case slices.Contains(ownHeaders, http.CanonicalHeaderKey(name)):
		return fmt.Errorf("%s cannot be set", name)
	}
	return nil
}

// lookups checks the named lookups.
func (v *validator) lookups() {
	for i, t := range v.connector.Triggers {
		at := fmt.Sprintf("Triggers[%d]", i)
		v.location(t.IdentifierKey, at+".IdentifierKey")
		v.location(t.HumanReadableKey, at+".HumanReadableKey")
		v.action(t.Method, at+".Method")
		for j, name := range t.SubTriggers {
			v.trigger(name, fmt.Sprintf("%s.SubTriggers[%d]", at, j))
		}
	}
}

// trigger checks a reference to a lookup.
func (v *validator) trigger(name, field string) {
	if name != "" && !v.triggers[name] {
		v.errs.add(field, "there is no trigger %q", name)
	}
}

func (v *validator) rateLimits() {
	for i := range v.connector.RateLimits {
		v.rateLimit(&v.connector.RateLimits[i], fmt.Sprintf("RateLimits[%d]", i))
	}
}

func (v *validator) rateLimit(l *RateLimit, at string) {
	if l != nil && (l.Requests < 1 || l.Seconds < 1) {
		v.errs.add(at, "Requests and Seconds must be at least 1")
	}
}

// postInstall checks what happens once the connector is authenticated.
func (v *validator) postInstall() {
	v.action(v.connector.PostInstallTestMethod, "PostInstallTestMethod")
	p := v.connector.PostInstallLookup
	if p == nil {
		return
	}
	v.action(p.Method, "PostInstallLookup.Method")
	for i, value := range p.Values {
		at := fmt.Sprintf("PostInstallLookup.Values[%d]", i)
		v.location(value.Location, at+".Location")
		if !slices.ContainsFunc(v.connector.Parameters, func(p Parameter) bool { return p.Name == value.Property && p.AccountConnectorProperty }) {
			v.errs.add(at+".Property", "there is no parameter %q that is an account connector property", value.Property)
		}
	}
}

// action checks a reference to a method that can be called.
func (v *validator) action(ref, field string) {
	if ref == "" {
		return
	}
	m, ok := v.methods[ref]
	switch {
	case !ok:
		v.errs.add(field, "there is no method %q; there are %s", ref, strings.Join(v.methodNames(), ", "))
	case m.MethodType == Webhook:
		v.errs.add(field, "method %q is a webhook and cannot be called", ref)
	}
}

func (v *validator) methodNames() []string {
	names := map[string]bool{}
	for _, m := range v.connector.Methods {
		names[m.Name] = true
	}
	return slices.Sorted(maps.Keys(names))
}
