package openapi

import (
	"maps"
	"slices"
	"strconv"
	"strings"
)

// pruner takes out of a document what is not used, and what the loader would
// refuse all of it for: references that lead out of it, or nowhere.
type pruner struct {
	root  map[string]any
	notes *notes
}

// named are the members whose own members have names that the document's author
// chose.
var named = []string{
	"properties", "patternProperties", "dependentSchemas", "$defs", "definitions", "schemas", "parameters", "responses", "securitySchemes",
	"securityDefinitions", "headers", "requestBodies", "pathItems", "paths", "webhooks", "content", "variables", "callbacks", "encoding",
}

// literal are the members that hold data of the API, not parts of the document.
var literal = []string{"default", "enum", "const", "mapping", "scopes", "security"}

// texts are the members that are text. In YAML without quotes they are often
// something else.
var texts = []string{"description", "operationId", "summary", "title", "version"}

// unused are the members that a connector has no place for.
var unused = map[string]string{
	"example": "examples are not kept", "examples": "examples are not kept",
	"externalDocs": "links to other documentation are not kept", "links": "links between responses are not kept",
}

// known are the extensions that something is made of.
var known = []string{pageable}

// prune goes through an object; in names its members are called as the author
// likes.
func (p *pruner) prune(object map[string]any, at place, names bool) {
	for _, name := range slices.Sorted(maps.Keys(object)) {
		child := at.at(name)
		if object[name] == nil && !slices.Contains(literal, name) {
			if delete(object, name); names { // in YAML, a schema of which nothing is said
				object[name] = map[string]any{}
			}
			continue
		}
		_, within := object[name].(map[string]any)
		switch {
		case names && strings.HasPrefix(name, "x-") && !within: // an extension, and no name
			p.notes.tally(child, "extension "+name+" is not known")
			delete(object, name)
			continue
		case names:
		case strings.HasPrefix(name, "x-") && !slices.Contains(known, name):
			p.notes.tally(child, "extension "+name+" is not known")
			delete(object, name)
			continue
		case unused[name] != "":
			p.notes.tally(child, unused[name])
			delete(object, name)
			continue
		case slices.Contains(texts, name):
			p.text(object, name, child)
			continue
		case name == "required":
			p.required(object, child)
			continue
		case slices.Contains(lists, name):
			object[name] = withoutNull(object[name])
		case slices.Contains(literal, name):
			continue
		case name == "variables":
			asTexts(object[name])
		case name == "content" && object["schema"] != nil && object["in"] != nil:
			p.notes.add(child, "a parameter has a schema or content, and not both: it has its schema")
			delete(object, name)
			continue
		}
		p.value(object[name], child, !names && slices.Contains(named, name))
	}
	if ref, ok := object["$ref"].(string); ok && !names {
		if why := p.lost(ref); why != "" {
			p.notes.add(at, why)
			delete(object, "$ref")
		}
	}
}

// lists are the members that are lists of objects.
var lists = []string{"allOf", "anyOf", "oneOf", "parameters", "prefixItems", "servers", "tags"}

func withoutNull(v any) any {
	if list, ok := v.([]any); ok {
		return slices.DeleteFunc(list, func(item any) bool { return item == nil })
	}
	return v
}

// text makes text of a member.
func (p *pruner) text(object map[string]any, name string, at place) {
	if text, ok := plain(object[name]); ok {
		object[name] = text
		return
	}
	p.notes.add(at, "is not text")
	delete(object, name)
}

// required takes what parameters have out of schemas, where it is a mistake: they
// list the names of those that are required.
func (p *pruner) required(object map[string]any, at place) {
	is, mistaken := object["required"].(bool)
	if mistaken && object["in"] == nil && object["content"] == nil {
		delete(object, "required")
		if is {
			p.notes.add(at, "a schema lists what is required by name")
		}
	}
}

// asTexts makes texts of what the variables of a server can be.
func asTexts(variables any) {
	all, _ := variables.(map[string]any)
	for _, v := range all {
		v, ok := v.(map[string]any)
		if !ok {
			continue
		}
		if text, ok := plain(v["default"]); ok && v["default"] != nil {
			v["default"] = text
		}
		values, _ := v["enum"].([]any)
		for i := range values {
			if text, ok := plain(values[i]); ok {
				values[i] = text
			}
		}
	}
}

func (p *pruner) value(v any, at place, names bool) {
	switch v := v.(type) {
	case map[string]any:
		p.prune(v, at, names)
	case []any:
		for i, item := range v {
			p.value(item, at.at(strconv.Itoa(i)), false)
		}
	}
}

// maxChain is how many references may lead to the next one.
const maxChain = 50

// lost says why nothing can be made of a reference; "" if it leads somewhere.
func (p *pruner) lost(ref string) string {
	for first, seen := ref, 0; seen < maxChain; seen++ {
		pointer, local := strings.CutPrefix(ref, "#/")
		if !local {
			return "$ref " + strconv.Quote(short(first)) + " leads out of the document and is not followed"
		}
		target, ok := p.find(pointer)
		if !ok {
			return "$ref " + strconv.Quote(short(first)) + " leads nowhere"
		}
		if ref, ok = target["$ref"].(string); !ok {
			return ""
		}
	}
	return "$ref " + strconv.Quote(short(ref)) + " leads to itself"
}

// find is the object that a pointer names.
func (p *pruner) find(pointer string) (map[string]any, bool) {
	var at any = p.root
	for name := range strings.SplitSeq(pointer, "/") {
		name = unescapePointer.Replace(unescapePercent(name))
		switch within := at.(type) {
		case map[string]any:
			at = within[name]
		case []any:
			i, err := strconv.Atoi(name)
			if err != nil || i < 0 || i >= len(within) {
				return nil, false
			}
			at = within[i]
		default:
			return nil, false
		}
	}
	object, ok := at.(map[string]any)
	return object, ok
}

// adopt gives what version 3.1 calls webhooks that name, where an extension of
// older documents has them.
func adopt(document map[string]any) {
	if hooks, ok := document["x-webhooks"].(map[string]any); ok && document["webhooks"] == nil {
		document["webhooks"] = hooks
		delete(document, "x-webhooks")
	}
}
