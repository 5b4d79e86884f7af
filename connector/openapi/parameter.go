package openapi

import (
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/getkin/kin-openapi/openapi3"

	"github.com/tandem-ipaas/tandem/connector"
)

// maxParameters is how many a method may have.
const maxParameters = 500

// given is a parameter of the document.
type given struct {
	*openapi3.Parameter
	at place
}

// parameters takes those of the operation, and those of its path that it does not
// override.
func (b *methodBuilder) parameters() {
	var all []given
	seen := map[[2]string]bool{}
	for _, list := range []struct {
		of openapi3.Parameters
		at place
	}{{b.op.operation.Parameters, b.op.at.at("parameters")}, {b.op.item.Parameters, place("/paths").at(b.op.path, "parameters")}} {
		for i, ref := range list.of {
			at := list.at.at(strconv.Itoa(i))
			if ref == nil || ref.Value == nil || ref.Value.Name == "" {
				b.notes.add(at, "the parameter has no name")
				continue
			}
			if key := [2]string{ref.Value.In, ref.Value.Name}; !seen[key] {
				seen[key] = true
				all = append(all, given{ref.Value, at.referred(ref.Ref)})
			}
		}
	}
	b.sizes = map[string]*shape{}
	for _, p := range all {
		b.parameter(p)
	}
	for _, name := range slices.Sorted(maps.Keys(b.path)) {
		if !seen[[2]string{openapi3.ParameterInPath, name}] {
			b.notes.add(b.op.at, fmt.Sprintf("the path's parameter %q is not described: it is text", short(name)))
			b.add(connector.Parameter{Name: b.path[name], TargetType: connector.MergeField, DataType: connector.Text}, b.op.at)
		}
	}
}

// add gives the method a parameter.
func (b *methodBuilder) add(p connector.Parameter, at place) {
	if len(b.method.Parameters) >= maxParameters {
		b.notes.tally(at, fmt.Sprintf("a method has at most %d parameters", maxParameters))
		return
	}
	b.method.Parameters = append(b.method.Parameters, p)
}

// ignored are the headers that OpenAPI lets the rest of a document decide on.
var ignored = []string{"accept", "content-type", "authorization"}

func (b *methodBuilder) parameter(p given) {
	s := b.described(p)
	made := connector.Parameter{Optional: !p.Required, DataType: s.dataType()}
	switch p.In {
	case openapi3.ParameterInPath:
		name, there := b.path[p.Name]
		if !there {
			b.notes.add(p.at, fmt.Sprintf("the path has no {%s}", short(p.Name)))
			return
		}
		made.Name, made.TargetType, made.Optional = name, connector.MergeField, false
		b.styledPath(p, name)
	case openapi3.ParameterInQuery:
		made.TargetType = connector.QueryString
		if s.kind == kindObject && b.spread(p, s) {
			return
		}
		b.sizes[p.Name] = s
	case openapi3.ParameterInHeader:
		made.TargetType = connector.HTTPHeader
		if slices.Contains(ignored, strings.ToLower(p.Name)) {
			b.notes.tally(p.at, "the header "+p.Name+" is decided on by bodies and credentials")
			return
		}
		if err := connector.CheckHeader(p.Name); err != nil {
			b.notes.add(p.at, err.Error())
			return
		}
	default:
		b.notes.add(p.at, fmt.Sprintf("a parameter in a %s is not supported", short(p.In)))
		return
	}
	b.fill(&made, p.Name, s, p)
}

// described is the shape of a parameter's value.
func (b *methodBuilder) described(p given) *shape {
	if p.Schema == nil && len(p.Content) > 0 {
		b.notes.add(p.at.at("content"), "the parameter's value is a text in that type of content")
		return &shape{kind: kindText}
	}
	s := b.shape(p.Schema, p.at.at("schema"))
	if p.AllowReserved {
		b.notes.tally(p.at, "reserved characters in parameters are escaped")
	}
	return s
}

// fill completes a parameter, and adds it.
func (b *methodBuilder) fill(made *connector.Parameter, name string, s *shape, p given) {
	if made.Name == "" {
		shown := line(name)
		if shown == "" || shown != name && made.TargetType == connector.QueryString && len(name) > maxName {
			b.notes.add(p.at, "the parameter has no name that can be shown")
			return
		}
		made.Name = unique(b.names, shown, shown+" ("+p.In+")")
	}
	if made.Name != name && made.TargetType != connector.MergeField {
		made.TargetName = name
	}
	made.Description = b.prose(p.Description, p.at.at("description"), maxHint)
	if made.Description == "" {
		made.Description = b.prose(s.description, s.at.at("description"), maxHint)
	}
	values := s
	if s.kind == kindList {
		values = b.listed(made, s, p)
	} else if s.kind == kindObject {
		b.notes.add(p.at, "the parameter is an object, which cannot be written: its value is a text")
	}
	if p.Deprecated || s.deprecated {
		made.Description = sentence(made.Description, "Deprecated.")
	}
	made.Values = b.choices(values)
	made.Default = b.fallback(s, made.Values, p.Required)
	b.add(*made, p.at)
}

// listed describes how a list is written into one value.
func (b *methodBuilder) listed(made *connector.Parameter, s *shape, p given) *shape {
	made.DataType = connector.Text
	items := b.shape(s.items, s.itemsAt)
	divider := map[string]string{"spaceDelimited": "spaces", "pipeDelimited": "|"}[p.Style]
	switch {
	case p.In == openapi3.ParameterInQuery && divider == "" && (p.Explode == nil || *p.Explode):
		b.notes.tally(p.at, "a parameter that is repeated for a list has one value only")
		return items
	case divider == "":
		divider = "commas"
	}
	made.Description = sentence(made.Description, "Several values are divided by "+divider+".")
	if values := b.choices(items); len(values) > 0 {
		made.Description = sentence(made.Description, "Values: "+joined(values))
	}
	return &shape{kind: kindText}
}

// joined lists values for people.
func joined(values []connector.Choice) string {
	all := make([]string, len(values))
	for i, v := range values {
		all[i] = v.Value
	}
	return cut(strings.Join(all, ", "), maxHint)
}

// styledPath writes what a style puts before a value in the path.
func (b *methodBuilder) styledPath(p given, name string) {
	before := ""
	switch p.Style {
	case "", "simple":
		return
	case "label":
		before = "."
	case "matrix":
		before = ";" + escapePath(p.Name) + "="
	default:
		b.notes.add(p.at.at("style"), fmt.Sprintf("the style %q is not known", short(p.Style)))
	}
	field := "{{" + name + "}}"
	b.method.Endpoint = strings.ReplaceAll(b.method.Endpoint, field, before+field)
}

// spread makes a parameter of each property of an object, if that is how it is
// written.
func (b *methodBuilder) spread(p given, s *shape) bool {
	deep := p.Style == "deepObject"
	if len(s.names) == 0 || !deep && (p.Style != "" && p.Style != "form" || p.Explode != nil && !*p.Explode) {
		return false
	}
	b.spreadInto(p, s, p.Name, deep, p.Required, 0)
	if s.open {
		b.notes.tally(s.at, "properties with names that are not given")
	}
	return true
}

const maxSpread = 4 // objects within each other in a query

func (b *methodBuilder) spreadInto(p given, s *shape, prefix string, deep, required bool, depth int) {
	for _, name := range s.names {
		if len(b.method.Parameters) >= maxParameters {
			b.notes.tally(p.at, fmt.Sprintf("a method has at most %d parameters", maxParameters))
			return
		}
		property := s.properties[name]
		child := b.shape(property.ref, property.at)
		one := given{&openapi3.Parameter{In: p.In, Description: child.description, Required: required && property.required}, property.at}
		target := name
		if deep {
			target = prefix + "[" + name + "]"
		}
		if deep && child.kind == kindObject && len(child.names) > 0 && depth < maxSpread {
			b.spreadInto(p, child, target, deep, one.Required, depth+1)
			continue
		}
		b.fill(&connector.Parameter{TargetType: connector.QueryString, Optional: !one.Required, DataType: child.dataType()}, target, child, one)
	}
}
