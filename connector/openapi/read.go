package openapi

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math"
	"strconv"

	"gopkg.in/yaml.v3"
)

// What a document may have at most. Those of well-known APIs have far less.
const (
	MaxBytes      = 32 << 20
	MaxOperations = 5000
	maxDepth      = 100
	maxValues     = 3_000_000 // with what aliases repeat
	maxObjects    = 500_000
	maxWork       = 2 << 30 // bytes, each as often as it is deep: the loader reads them that often
)

// read reads JSON or YAML as encoding/json gives it with UseNumber.
//
// Errors: it is neither, or more than is read.
func read(data []byte) (map[string]any, error) {
	if len(data) > MaxBytes {
		return nil, fmt.Errorf("the document has %d MB, and may have %d", len(data)>>20, MaxBytes>>20)
	}
	var r reader
	tree, err := r.parse(bytes.TrimPrefix(data, []byte("\xef\xbb\xbf")))
	if err != nil {
		return nil, err
	}
	document, ok := tree.(map[string]any)
	if !ok {
		return nil, errors.New("the document is not an object")
	}
	return document, nil
}

// reader counts what is read.
type reader struct{ values, objects, work int }

func (r *reader) parse(data []byte) (any, error) {
	d := json.NewDecoder(bytes.NewReader(data))
	d.UseNumber()
	var tree any
	err := d.Decode(&tree)
	if err == nil {
		if _, err = d.Token(); !errors.Is(err, io.EOF) {
			return nil, errors.New("there is more after the JSON document")
		}
		return tree, r.measure(tree, 0)
	}
	if trimmed := bytes.TrimSpace(data); len(trimmed) > 0 && trimmed[0] == '{' && !json.Valid(data) && !looksLikeYAML(data) {
		return nil, fmt.Errorf("the document is not JSON: %w", err)
	}
	var document yaml.Node
	if err := yaml.Unmarshal(data, &document); err != nil {
		return nil, fmt.Errorf("the document is neither JSON nor YAML: %w", err)
	}
	if len(document.Content) == 0 {
		return nil, errors.New("the document is empty")
	}
	return r.value(document.Content[0], 0)
}

// looksLikeYAML says that text which begins as JSON does may be YAML's own form of
// it, as it has no quotes around its first name.
func looksLikeYAML(data []byte) bool {
	rest := bytes.TrimSpace(bytes.TrimSpace(data)[1:])
	return len(rest) > 0 && rest[0] != '"' && rest[0] != '}'
}

// count counts a value of so many bytes.
//
// Errors: there are more than are read.
func (r *reader) count(depth, size int, object bool) error {
	r.values++
	r.work += depth * (size + 4)
	if object {
		r.objects++
	}
	switch {
	case depth > maxDepth:
		return fmt.Errorf("the document is nested deeper than %d", maxDepth)
	case r.values > maxValues:
		return fmt.Errorf("the document has more than %d values", maxValues)
	case r.objects > maxObjects:
		return fmt.Errorf("the document has more than %d objects", maxObjects)
	case r.work > maxWork:
		return errors.New("the document is too deep for its size")
	}
	return nil
}

// measure counts what JSON has.
func (r *reader) measure(v any, depth int) error {
	switch v := v.(type) {
	case map[string]any:
		if err := r.count(depth, 0, true); err != nil {
			return err
		}
		for name, child := range v {
			r.work += depth * len(name)
			if err := r.measure(child, depth+1); err != nil {
				return err
			}
		}
		return nil
	case []any:
		for _, child := range v {
			if err := r.measure(child, depth+1); err != nil {
				return err
			}
		}
	case string:
		return r.count(depth, len(v), false)
	}
	return r.count(depth, 0, false)
}

// value gives what a node of YAML stands for; an alias, what it is one of.
func (r *reader) value(n *yaml.Node, depth int) (any, error) {
	if n.Kind == yaml.AliasNode {
		n = n.Alias
	}
	if err := r.count(depth, len(n.Value), n.Kind == yaml.MappingNode); err != nil {
		return nil, fmt.Errorf("line %d: %w", n.Line, err)
	}
	switch n.Kind {
	case yaml.MappingNode:
		return r.object(n, depth)
	case yaml.SequenceNode:
		list := make([]any, 0, len(n.Content))
		for _, child := range n.Content {
			v, err := r.value(child, depth+1)
			if err != nil {
				return nil, err
			}
			list = append(list, v)
		}
		return list, nil
	case yaml.ScalarNode, yaml.DocumentNode, yaml.AliasNode:
	}
	return scalar(n), nil
}

func (r *reader) object(n *yaml.Node, depth int) (any, error) {
	object := make(map[string]any, len(n.Content)/2)
	var merged []*yaml.Node
	for i := 0; i+1 < len(n.Content); i += 2 {
		key, child := n.Content[i], n.Content[i+1]
		if key.Kind == yaml.AliasNode {
			key = key.Alias
		}
		switch {
		case key.Kind != yaml.ScalarNode:
			return nil, fmt.Errorf("line %d: a name must be text", key.Line)
		case key.ShortTag() == "!!merge":
			merged = append(merged, child)
			continue
		}
		if _, twice := object[key.Value]; twice {
			return nil, fmt.Errorf("line %d: %q is there twice", key.Line, key.Value)
		}
		v, err := r.value(child, depth+1)
		if err != nil {
			return nil, err
		}
		object[key.Value] = v
	}
	for _, child := range merged {
		if err := r.merge(object, child, depth); err != nil {
			return nil, err
		}
	}
	return object, nil
}

// merge puts what << names into an object, where it has none of its own.
func (r *reader) merge(object map[string]any, n *yaml.Node, depth int) error {
	v, err := r.value(n, depth+1)
	if err != nil {
		return err
	}
	all, list := v.([]any)
	if !list {
		all = []any{v}
	}
	for _, one := range all {
		from, ok := one.(map[string]any)
		if !ok {
			return fmt.Errorf("line %d: << is for objects", n.Line)
		}
		for name, value := range from {
			if _, own := object[name]; !own {
				object[name] = value
			}
		}
	}
	return nil
}

func scalar(n *yaml.Node) any {
	switch n.ShortTag() {
	case "!!null":
		return nil
	case "!!bool":
		var is bool
		if n.Decode(&is) == nil {
			return is
		}
	case "!!int", "!!float":
		if json.Valid([]byte(n.Value)) {
			return json.Number(n.Value)
		}
		var f float64
		if n.Decode(&f) == nil && !math.IsInf(f, 0) && !math.IsNaN(f) {
			return json.Number(strconv.FormatFloat(f, 'g', -1, 64))
		}
	}
	return n.Value
}
