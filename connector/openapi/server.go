package openapi

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/url"
	"regexp"
	"strconv"
	"strings"

	"github.com/getkin/kin-openapi/openapi3"

	"github.com/tandem-ipaas/tandem/connector"
)

// baseURL is the parameter with the API's address, where the document leaves that
// open.
const baseURL = "BaseUrl"

// servers gives what endpoints begin with. One address stands in each endpoint; of
// several the account connector has one.
func (im *importer) servers() string {
	var found []string
	for i, s := range im.doc.Servers {
		at := place("/servers").at(strconv.Itoa(i))
		switch base, err := im.server(s, at, len(im.doc.Servers) == 1); {
		case err != nil:
			im.notes.add(at, err.Error())
		default:
			found = append(found, base)
		}
	}
	switch len(found) {
	case 0:
		return im.openBase("", "", nil)
	case 1:
		return found[0]
	}
	var values []connector.Choice
	seen := map[string]bool{}
	for i, base := range found {
		if !seen[base] {
			seen[base] = true
			values = append(values, connector.Choice{Value: base, Label: im.serverName(i)})
		}
	}
	return im.openBase("", found[0], values)
}

// serverName is the description of a server, if that belongs to it for sure.
func (im *importer) serverName(i int) string {
	if s := im.doc.Servers[i]; s != nil && len(s.Description) <= maxName {
		return line(s.Description)
	}
	return ""
}

// override is what an operation's endpoint begins with that has servers of its own.
func (im *importer) override(servers openapi3.Servers, at place) string {
	for i, s := range servers {
		here := at.at(strconv.Itoa(i))
		base, err := im.server(s, here, true)
		if err != nil {
			im.notes.add(here, err.Error())
			continue
		}
		if i+1 < len(servers) {
			im.notes.tally(at, "of several servers of an operation the first one is called")
		}
		return base
	}
	return im.base
}

// openBase is for addresses that are set when the connector is installed: path is
// what follows.
func (im *importer) openBase(path, fallback string, values []connector.Choice) string {
	if !im.own[baseURL] {
		im.own[baseURL] = true
		im.connector.Parameters = append(im.connector.Parameters, connector.Parameter{
			Name: baseURL, DisplayName: "Address", Description: "Where the API is, such as https://api.example.com", TargetType: connector.MergeField,
			DataType: connector.Text, AccountConnectorProperty: true, Default: fallback, Optional: fallback != "", Values: values,
		})
	}
	return "{{" + baseURL + "}}" + strings.TrimSuffix(path, "/")
}

// server gives a server's address; with variables as parameters of the connector
// if open, else as their defaults.
func (im *importer) server(s *openapi3.Server, at place, open bool) (string, error) {
	if s == nil {
		return "", errors.New("the server has no address")
	}
	key, err := json.Marshal(s)
	if err != nil {
		return "", fmt.Errorf("the server's address cannot be read: %w", err)
	}
	if base, ok := im.bases[string(key)]; ok {
		return base, nil
	}
	vars := map[string]variable{}
	for name, v := range s.Variables {
		if v != nil {
			vars[name] = variable{v.Default, v.Description, v.Enum}
		}
	}
	base, err := im.address(s.URL, vars, open, at)
	if err != nil {
		return "", err
	}
	base = strings.TrimSuffix(base, "/")
	if open {
		im.bases[string(key)] = base
	}
	return base, nil
}

// variable is a part of an address that is open.
type variable struct {
	fallback, description string
	values                []string
}

var (
	variables = regexp.MustCompile(`\{([^{}]*)\}`)
	hostPart  = regexp.MustCompile(`^[0-9A-Za-z.-]*$`)
)

// address makes an absolute URL, with merge fields for variables, of one that may
// be relative to the document.
//
// Errors: it cannot be one.
func (im *importer) address(raw string, vars map[string]variable, open bool, at place) (string, error) {
	raw = strings.TrimSpace(raw)
	if m := variables.FindStringSubmatchIndex(raw); m != nil && m[0] == 0 && strings.HasPrefix(raw[m[1]:], "://") { // {scheme}://
		raw = "https" + raw[m[1]:]
		im.notes.add(at, "the scheme of the address is https")
	}
	fixed := variables.ReplaceAllStringFunc(raw, func(v string) string { return vars[v[1:len(v)-1]].fallback })
	if !open || fixed == raw {
		return im.absolute(fixed, at)
	}
	var fields []string
	marked := variables.ReplaceAllStringFunc(raw, func(v string) string {
		fields = append(fields, v[1:len(v)-1])
		return fmt.Sprintf("zz%dzz", len(fields)-1)
	})
	if strings.HasPrefix(raw, "{") || !standing(fields, vars) { // they are not within a host or a segment
		return im.together(fixed, at), nil
	}
	u, err := im.absolute(marked, at)
	if err != nil {
		return im.together(fixed, at), nil
	}
	for i, name := range fields {
		u = strings.Replace(u, fmt.Sprintf("zz%dzz", i), "{{"+im.property(name, vars[name])+"}}", 1)
	}
	return u, nil
}

// together is for an address whose variables can only be set as one.
func (im *importer) together(fixed string, at place) string {
	im.notes.add(at, "the address has variables that can only be set together, as "+baseURL)
	fallback, err := im.absolute(fixed, at)
	if err != nil {
		fallback = ""
	}
	return im.openBase("", fallback, nil)
}

// standing says that variables have values that fit between dots or slashes.
func standing(fields []string, vars map[string]variable) bool {
	for _, name := range fields {
		for _, value := range append(vars[name].values, vars[name].fallback) {
			if !hostPart.MatchString(value) {
				return false
			}
		}
	}
	return true
}

// property makes a variable a parameter of the connector, once, and gives its name.
func (im *importer) property(name string, v variable) string {
	name = mergeName(name)
	if im.own[name] {
		return name
	}
	im.own[name] = true
	p := connector.Parameter{Name: name, Description: line(v.description), TargetType: connector.MergeField, DataType: connector.Text,
		AccountConnectorProperty: true, Default: v.fallback, Optional: v.fallback != ""}
	seen := map[string]bool{}
	for _, value := range v.values {
		if !seen[value] {
			seen[value] = true
			p.Values = append(p.Values, connector.Choice{Value: value})
		}
	}
	im.connector.Parameters = append(im.connector.Parameters, p)
	return name
}

var beyondName = regexp.MustCompile(`[^0-9A-Za-z_.-]+`)

// mergeName is a name that a merge field can have.
func mergeName(s string) string {
	if s = cut(beyondName.ReplaceAllString(s, "_"), maxName); s == "" {
		return "_"
	}
	return s
}

// absolute checks a URL, and resolves one that is relative.
func (im *importer) absolute(raw string, at place) (string, error) {
	u, err := url.Parse(raw)
	if err != nil || u.Opaque != "" {
		return "", fmt.Errorf("%q is no address", short(raw))
	}
	if api, err := url.Parse(im.base); u.Scheme == "" && im.url == nil && err == nil && api.Host != "" {
		u = api.ResolveReference(u)
	}
	switch {
	case u.Scheme == "" && im.url != nil:
		u = im.url.ResolveReference(u)
	case u.Scheme == "" && u.Host != "":
		u.Scheme = "https"
	case u.Scheme == "" && strings.ContainsAny(u.EscapedPath(), "{}"):
		return "", fmt.Errorf("%q is no address", short(raw))
	case u.Scheme == "":
		im.notes.add(at, fmt.Sprintf("the address %q is relative, and where the document is from is not known: it is set when the connector is installed", short(raw)))
		return im.openBase("/"+strings.TrimPrefix(u.EscapedPath(), "/"), "", nil), nil
	}
	if u.Scheme != "http" && u.Scheme != "https" || u.Hostname() == "" {
		return "", fmt.Errorf("%q cannot be called: it is not of http or https", short(raw))
	}
	if u.User != nil {
		im.notes.add(at, "the user and password in the address are left out")
	}
	if u.RawQuery != "" || u.Fragment != "" {
		im.notes.add(at, "the query and fragment of the address are left out")
	}
	u = &url.URL{Scheme: u.Scheme, Host: u.Host, Path: u.Path, RawPath: u.RawPath}
	return strings.NewReplacer("{", "%7B", "}", "%7D").Replace(u.String()), nil
}
