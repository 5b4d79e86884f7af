package connector

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strings"

	"gopkg.in/yaml.v3"
)

// maxDepth is deeper than any document needs to be.
const maxDepth = 50

// jsonNodes reads JSON as the nodes that YAML gives, with their lines. The YAML
// reader takes most JSON, but not its escapes of surrogate pairs.
func jsonNodes(data []byte) (*yaml.Node, *Error) {
	r := jsonReader{data: data, line: 1, tokens: json.NewDecoder(bytes.NewReader(data))}
	r.tokens.UseNumber()
	return r.node(0)
}

type jsonReader struct {
	data   []byte
	tokens *json.Decoder
	at     int64 // how far lines are counted
	line   int
}

func (r *jsonReader) node(depth int) (*yaml.Node, *Error) {
	token, err := r.tokens.Token()
	end := r.tokens.InputOffset()
	r.line += bytes.Count(r.data[r.at:end], []byte("\n"))
	r.at = end
	if err != nil {
		return nil, &Error{Line: r.line, Message: err.Error()}
	}
	if depth > maxDepth {
		return nil, &Error{Line: r.line, Message: "is nested too deep"}
	}
	n := &yaml.Node{Kind: yaml.ScalarNode, Line: r.line}
	switch t := token.(type) {
	case json.Delim:
		n.Kind, n.Tag = yaml.SequenceNode, "!!seq"
		if t == '{' {
			n.Kind, n.Tag = yaml.MappingNode, "!!map"
		}
		return n, r.content(n, depth)
	case string:
		n.Tag, n.Value = "!!str", t
	case json.Number:
		n.Tag, n.Value = "!!int", t.String()
		if strings.ContainsAny(n.Value, ".eE") {
			n.Tag = "!!float"
		}
	case bool:
		n.Tag, n.Value = "!!bool", fmt.Sprint(t)
	case nil:
		n.Tag = "!!null"
	}
	return n, nil
}

// content reads what is between the brackets of n.
func (r *jsonReader) content(n *yaml.Node, depth int) *Error {
	for r.tokens.More() {
		child, err := r.node(depth + 1)
		if err != nil {
			return err
		}
		n.Content = append(n.Content, child)
	}
	if _, err := r.tokens.Token(); err != nil {
		return &Error{Line: r.line, Message: err.Error()}
	}
	return nil
}
