package openapi

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"

	"github.com/getkin/kin-openapi/openapi2"
	"github.com/getkin/kin-openapi/openapi2conv"
	"github.com/getkin/kin-openapi/openapi3"
)

// load gives a document of any version as one of version 3, with its references
// resolved. format is its own version.
func load(data []byte, n *notes) (doc *openapi3.T, format string, err error) {
	tree, err := read(data)
	if err != nil {
		return nil, "", err
	}
	format, two, err := version(tree)
	if err != nil {
		return nil, "", err
	}
	adopt(tree)
	if err := countOperations(tree); err != nil {
		return nil, "", err
	}
	p := pruner{tree, n}
	p.prune(tree, "", false)
	clean, err := json.Marshal(tree)
	if err != nil {
		return nil, "", fmt.Errorf("write the document: %w", err)
	}
	doc, err = resolve(clean, two)
	return doc, format, err
}

// resolve has the library read a document. It was not written for the documents of
// strangers: one that it panics at cannot be read either.
func resolve(data []byte, two bool) (doc *openapi3.T, err error) {
	defer func() {
		if r := recover(); r != nil {
			doc, err = nil, fmt.Errorf("the document cannot be read: %v", r)
		}
	}()
	l := openapi3.NewLoader()
	l.IsExternalRefsAllowed = false
	if !two {
		doc, err = l.LoadFromData(data)
	} else {
		var old openapi2.T
		if err = json.Unmarshal(data, &old); err == nil {
			doc, err = openapi2conv.ToV3WithLoader(&old, l, nil)
		}
	}
	if err != nil {
		return nil, fmt.Errorf("the document is not as OpenAPI has it: %s", short(err.Error()))
	}
	return doc, nil
}

// version says which one a document is written in.
func version(tree map[string]any) (format string, two bool, err error) {
	for _, name := range []string{"openapi", "swagger"} {
		switch v := tree[name].(type) {
		case string:
			format = v
		case json.Number: // of YAML without quotes
			format = v.String()
			tree[name] = format
		}
	}
	switch {
	case format == "2.0" || format == "2":
		return format, true, nil
	case strings.HasPrefix(format, "3.0") || strings.HasPrefix(format, "3.1"):
		return format, false, nil
	case format == "":
		return "", false, errors.New("the document is no OpenAPI: it has neither openapi nor swagger")
	}
	return "", false, fmt.Errorf("OpenAPI %s is not supported; 2.0, 3.0 and 3.1 are", short(format))
}

func countOperations(tree map[string]any) error {
	n := 0
	for _, name := range []string{"paths", "webhooks"} {
		items, _ := tree[name].(map[string]any)
		for _, item := range items {
			verbs, _ := item.(map[string]any)
			for verb := range verbs {
				if operates(strings.ToUpper(verb)) {
					n++
				}
			}
		}
	}
	if n > MaxOperations {
		return fmt.Errorf("the document has %d operations, and may have %d", n, MaxOperations)
	}
	return nil
}
