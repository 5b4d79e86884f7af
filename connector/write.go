package connector

import (
	"bytes"
	"fmt"
	"reflect"
	"strconv"

	"gopkg.in/yaml.v3"
)

// Write writes c as a file, in YAML, which [Parse] reads again. What is empty, and
// the ids that a library gives, are left out.
func Write(c *Connector) []byte {
	var b bytes.Buffer
	e := yaml.NewEncoder(&b)
	e.SetIndent(2)
	if err := e.Encode(written(reflect.ValueOf(c).Elem())); err != nil {
		panic("connector: write: " + err.Error()) // it is of texts, numbers, lists and objects only
	}
	return b.Bytes()
}

// written is a value as a node of YAML.
func written(v reflect.Value) *yaml.Node {
	switch v.Kind() {
	case reflect.Pointer:
		return written(v.Elem())
	case reflect.Slice:
		list := &yaml.Node{Kind: yaml.SequenceNode}
		for i := range v.Len() {
			list.Content = append(list.Content, written(v.Index(i)))
		}
		return list
	case reflect.Struct:
		object := &yaml.Node{Kind: yaml.MappingNode}
		for _, m := range members(v.Type()) {
			if f := v.Field(m.index); !empty(f) {
				object.Content = append(object.Content, text(m.name), written(f))
			}
		}
		return object
	case reflect.Bool:
		return &yaml.Node{Kind: yaml.ScalarNode, Tag: "!!bool", Value: strconv.FormatBool(v.Bool())}
	case reflect.Int, reflect.Int64:
		return &yaml.Node{Kind: yaml.ScalarNode, Tag: "!!int", Value: fmt.Sprint(v.Int())}
	case reflect.String:
		return text(v.String())
	default:
		panic("connector: a field of type " + v.Type().String() + " cannot be written")
	}
}

func text(s string) *yaml.Node {
	n := &yaml.Node{}
	n.SetString(s)
	if (&yaml.Node{Kind: yaml.ScalarNode, Value: s}).ShortTag() != "!!str" || s == "<<" { // such as 1.0 and true
		n.Style = yaml.DoubleQuotedStyle
	}
	return n
}
