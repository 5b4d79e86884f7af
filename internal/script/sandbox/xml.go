package sandbox

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"strings"

	"github.com/tandem-ipaas/tandem/connector"
	"github.com/tandem-ipaas/tandem/internal/body"
)

// serializeXML is the XML of a document, as in the bodies of methods, without a
// declaration. Elements are in the order of the members.
func serializeXML(document []byte) (string, error) {
	r := &orderedReader{json: json.NewDecoder(strings.NewReader(string(document))), seen: map[string]bool{}}
	r.json.UseNumber()
	doc, err := r.value(connector.Location{}, "", 0)
	if err != nil {
		return "", err
	}
	format := body.Format{Type: connector.XMLBody, Order: r.order}
	written, err := format.Encode(context.Background(), doc, nil)
	if err != nil || written.Open == nil {
		return "", err
	}
	in, err := written.Open(context.Background())
	if err != nil {
		return "", err
	}
	defer in.Close()
	text, err := io.ReadAll(in)
	_, root, _ := strings.Cut(string(text), "?>\n")
	return root, err
}

// deserializeXML is the document of XML.
func deserializeXML(text string) (any, error) {
	format := body.Format{Type: connector.XMLBody}
	return format.Decode(context.Background(), body.Source{Body: strings.NewReader(text), Limit: maxResult, ContentType: "application/xml; charset=utf-8"}, nil)
}

// orderedReader reads JSON as encoding/json does, and notes in which order members
// came.
type orderedReader struct {
	json  *json.Decoder
	order []connector.Location
	seen  map[string]bool
}

var errTooDeep = errors.New("the document is nested too deeply")

// value reads a value, which stands at a place: as a Location, and as a text.
func (r *orderedReader) value(at connector.Location, key string, depth int) (any, error) {
	const deepest = 500
	token, err := r.json.Token()
	switch {
	case err != nil:
		return nil, err
	case depth > deepest:
		return nil, errTooDeep
	case token == json.Delim('['):
		list := []any{}
		for r.json.More() {
			item, err := r.value(at, key, depth+1)
			if err != nil {
				return nil, err
			}
			list = append(list, item)
		}
		_, err := r.json.Token()
		return list, err
	case token == json.Delim('{'):
		return r.object(at, key, depth)
	}
	return token, nil
}

func (r *orderedReader) object(at connector.Location, key string, depth int) (any, error) {
	object := map[string]any{}
	for r.json.More() {
		token, err := r.json.Token()
		if err != nil {
			return nil, err
		}
		name, _ := token.(string)
		place, below := at.Member(name), key+"\x00"+name
		if !r.seen[below] {
			r.seen[below] = true
			r.order = append(r.order, place)
		}
		if object[name], err = r.value(place, below, depth+1); err != nil {
			return nil, err
		}
	}
	_, err := r.json.Token()
	return object, err
}
