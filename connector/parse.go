package connector

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"reflect"
	"regexp"
	"strconv"
	"strings"

	"gopkg.in/yaml.v3"
)

// maxNodes bounds a document, with what its aliases repeat.
const maxNodes = 500_000

// Parse reads a connector from YAML or JSON and validates it. name is that of
// the file, for errors. Names are matched exactly, and unknown ones are
// problems. A method without MethodUniqueIdentifier is given a GUID made of the
// connector's and its own name, the same each time.
//
// Errors: Errors, with all the problems that were found.
func Parse(name string, data []byte) (*Connector, error) {
	root, err := parseNodes(data)
	if err != nil {
		err.File = name
		return nil, Errors{err}
	}
	var c Connector
	d := decoder{lines: map[string]int{}}
	d.value(root, reflect.ValueOf(&c).Elem(), "")
	if d.nodes > maxNodes {
		return nil, Errors{{File: name, Message: "the document is too large"}}
	}
	c.fillGUIDs()

	found, unread := d.errs, map[string]bool{}
	for _, e := range found {
		unread[e.Field] = true
	}
	for _, e := range validate(&c) {
		if !unread[e.Field] {
			e.Line = d.line(e.Field)
			found = append(found, e)
		}
	}
	for _, e := range found {
		e.File = name
	}
	if err := found.asError(); err != nil {
		return nil, err
	}
	return &c, nil
}

var yamlLine = regexp.MustCompile(`^yaml: (?:line (\d+): )?(.*)`)

func parseNodes(data []byte) (*yaml.Node, *Error) {
	if json.Valid(data) {
		return jsonNodes(data)
	}
	var doc, more yaml.Node
	d := yaml.NewDecoder(bytes.NewReader(data))
	err := d.Decode(&doc)
	if errors.Is(err, io.EOF) {
		return nil, &Error{Line: 1, Message: "the document is empty"}
	}
	if err == nil {
		if err = d.Decode(&more); errors.Is(err, io.EOF) {
			return doc.Content[0], nil
		}
	}
	if err == nil {
		return nil, &Error{Line: more.Line, Message: "there is more than one document"}
	}
	e := &Error{Message: err.Error()}
	if m := yamlLine.FindStringSubmatch(e.Message); m != nil {
		e.Line, _ = strconv.Atoi(m[1])
		e.Message = m[2]
	}
	return nil, e
}

// decoder fills Go values from nodes, noting problems and the line of each
// field that it meets.
type decoder struct {
	lines map[string]int
	errs  Errors
	nodes int
}

// line is that of the field, or of the nearest one around it that is there.
func (d *decoder) line(field string) int {
	for {
		if line, ok := d.lines[field]; ok || field == "" {
			return line
		}
		field = field[:max(0, strings.LastIndexAny(field, ".["))]
	}
}

func (d *decoder) fail(n *yaml.Node, field, format string, args ...any) {
	d.errs = append(d.errs, &Error{Line: n.Line, Field: field, Message: fmt.Sprintf(format, args...)})
}

func (d *decoder) value(n *yaml.Node, v reflect.Value, path string) {
	if d.nodes++; d.nodes > maxNodes {
		return
	}
	line := n.Line
	if n.Kind == yaml.AliasNode {
		n = n.Alias
	}
	if _, ok := d.lines[path]; !ok {
		d.lines[path] = line
	}
	if n.ShortTag() == "!!null" {
		return
	}
	switch v.Kind() {
	case reflect.Pointer:
		v.Set(reflect.New(v.Type().Elem()))
		d.value(n, v.Elem(), path)
	case reflect.Struct:
		d.object(n, v, path)
	case reflect.Slice:
		if n.Kind != yaml.SequenceNode {
			d.fail(n, path, "must be a list")
			return
		}
		v.Set(reflect.MakeSlice(v.Type(), len(n.Content), len(n.Content)))
		for i, item := range n.Content {
			d.value(item, v.Index(i), path+"["+strconv.Itoa(i)+"]")
		}
	default:
		d.scalar(n, v, path)
	}
}

func (d *decoder) object(n *yaml.Node, v reflect.Value, path string) {
	if n.Kind != yaml.MappingNode {
		d.fail(n, path, "must be an object")
		return
	}
	known := members(v.Type())
	seen := map[string]bool{}
	for i := 0; i+1 < len(n.Content); i += 2 {
		key := n.Content[i]
		field := join(path, key.Value)
		m, ok := lookup(known, key.Value)
		switch {
		case !ok:
			d.fail(key, field, "unknown field%s", suggest(known, key.Value))
			continue
		case seen[key.Value]:
			d.fail(key, field, "is there twice")
			continue
		}
		seen[key.Value] = true
		d.lines[field] = key.Line
		d.value(n.Content[i+1], v.Field(m.index), field)
	}
}

func lookup(known []member, name string) (member, bool) {
	for _, m := range known {
		if m.name == name {
			return m, true
		}
	}
	return member{}, false
}

// suggest names the field that was meant when only its case is wrong, or else
// all that there are.
func suggest(known []member, name string) string {
	names := make([]string, len(known))
	for i, m := range known {
		if strings.EqualFold(m.name, name) {
			return "; it is written " + m.name
		}
		names[i] = m.name
	}
	return "; there are " + strings.Join(names, ", ")
}

func (d *decoder) scalar(n *yaml.Node, v reflect.Value, path string) {
	tag := ""
	if n.Kind == yaml.ScalarNode {
		tag = n.ShortTag()
	}
	switch v.Kind() {
	case reflect.String:
		if tag != "!!str" {
			d.fail(n, path, "must be text%s", quoted(n))
			return
		}
		v.SetString(n.Value)
	case reflect.Bool:
		if tag != "!!bool" {
			d.fail(n, path, "must be true or false")
			return
		}
		v.SetBool(strings.EqualFold(n.Value, "true"))
	case reflect.Int, reflect.Int64:
		number, err := strconv.ParseInt(n.Value, 10, 32)
		if tag != "!!int" || err != nil {
			d.fail(n, path, "must be a whole number")
			return
		}
		v.SetInt(number)
	default:
		panic("connector: a field of type " + v.Type().String() + " has no reader")
	}
}

// quoted tells how to make text of a YAML scalar such as 1.0.
func quoted(n *yaml.Node) string {
	if n.Kind != yaml.ScalarNode {
		return ""
	}
	return fmt.Sprintf("; write it in quotes: %q", n.Value)
}

func join(path, name string) string {
	if path == "" {
		return name
	}
	return path + "." + name
}
