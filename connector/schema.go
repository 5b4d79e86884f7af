package connector

import (
	"bytes"
	"cmp"
	"encoding/json"
	"reflect"
)

// Schema is the JSON Schema (2020-12) of connector documents.
func Schema() []byte {
	definitions := map[string]any{}
	root := schemaOf(reflect.TypeFor[Connector](), definitions)
	root["$schema"] = "https://json-schema.org/draft/2020-12/schema"
	root["title"] = "Tandem connector"
	root["$defs"] = definitions

	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	if err := e.Encode(root); err != nil {
		panic("connector: schema: " + err.Error()) // it is of maps and strings only
	}
	return b.Bytes()
}

// schemaOf writes a type's schema. Those of the structs within it go into
// definitions.
func schemaOf(t reflect.Type, definitions map[string]any) map[string]any {
	switch t.Kind() {
	case reflect.Pointer:
		return reference(t.Elem(), definitions)
	case reflect.Slice:
		items := schemaOf(t.Elem(), definitions)
		if t.Elem().Kind() == reflect.Struct {
			items = reference(t.Elem(), definitions)
		}
		return map[string]any{"type": "array", "items": items}
	case reflect.Struct:
		return objectSchema(t, definitions)
	case reflect.Bool:
		return map[string]any{"type": "boolean"}
	case reflect.Int, reflect.Int64:
		return map[string]any{"type": "integer"}
	case reflect.String:
		return stringSchema(t)
	default:
		panic("connector: a field of type " + t.String() + " has no schema")
	}
}

func objectSchema(t reflect.Type, definitions map[string]any) map[string]any {
	properties, required, describe := map[string]any{}, []string{}, Descriptions()
	for _, m := range members(t) {
		property := schemaOf(t.Field(m.index).Type, definitions)
		if m.required {
			required = append(required, m.name)
			switch property["type"] {
			case "array":
				property["minItems"] = 1
			case "string":
				property["minLength"] = 1
			}
		}
		properties[m.name] = described(property, describe[t.Name()+"."+m.name], describe[m.name])
	}
	return map[string]any{
		"type": "object", "properties": properties, "required": required, "additionalProperties": false,
	}
}

// described is a schema that says what it is for, by the first text there is.
func described(schema map[string]any, texts ...string) map[string]any {
	schema["description"] = cmp.Or(texts...)
	return schema
}

func reference(t reflect.Type, definitions map[string]any) map[string]any {
	if _, ok := definitions[t.Name()]; !ok {
		definitions[t.Name()] = nil // being written
		definitions[t.Name()] = schemaOf(t, definitions)
	}
	return map[string]any{"$ref": "#/$defs/" + t.Name()}
}

func stringSchema(t reflect.Type) map[string]any {
	s := map[string]any{"type": "string"}
	if values, ok := enums[t]; ok {
		s["enum"] = values
	}
	return s
}
